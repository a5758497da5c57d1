"""The options of a weekly plan on the command line."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spmatch.profile import Budget

_BUDGET = re.compile(r"(\d+(?:[.,]\d+)?)\s*([A-Za-z]{3})?\s*(?:/\s*(week|month))?")


def add_plan_options(command: argparse.ArgumentParser) -> None:
    """``--plan`` and ``--budget``."""
    command.add_argument(
        "--plan", action="store_true", help="also a week of a few activities that go together"
    )
    command.add_argument(
        "--budget",
        type=read_budget,
        metavar="AMOUNT[/month]",
        help="of the plan in all, a week or a month: 100, 100/week, 300DKK/month",
    )


def read_budget(text: str) -> Budget:
    """``100``, ``100/week``, ``300 DKK/month``: an amount, a currency if any, by the week if not said.

    Raises ``argparse.ArgumentTypeError`` for anything else.
    """
    found = _BUDGET.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError("give an amount, as 100, 100/week or 300DKK/month")
    # Imported only now: help answers without it.
    from spmatch.profile import Budget

    amount, currency, per = found.groups()
    return Budget(
        amount=float(amount.replace(",", ".")),
        currency=currency.upper() if currency else None,
        per="month" if per == "month" else "week",
    )
