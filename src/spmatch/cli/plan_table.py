"""A weekly plan as a table for a terminal of 80 columns."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from spmatch.cli.tables import open_console, print_wrapped
from spmatch.messages import Message, Money
from spmatch.plan_record import Plan, PlannedActivity, WeeklyPrice
from spmatch.wording import Wording


def print_plan(plan: Plan, words: Wording) -> None:
    """The week, one activity a row, then what it costs, what to know and what to ask."""
    console = open_console()
    console.print(Text(words.say(Message("plan.heading")), style="bold"))
    if plan.items:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, expand=True)
        for name in ("day", "time", "activity", "price", "covers"):
            table.add_column(
                Text(words.say(Message(f"plan.column_{name}"))),
                no_wrap=name in ("day", "time", "price"),
                overflow="fold",
                ratio={"activity": 5, "covers": 4}.get(name),
                justify="right" if name == "price" else "left",
            )
        for item in plan.items:
            table.add_row(*(Text(_plain(cell)) for cell in _cells(item, words)))
        console.print(table, soft_wrap=False)
        if line := _total(plan, words):
            print_wrapped(console, line, "", style="bold")
    for note in plan.notes:
        print_wrapped(console, f"- {note}", "  ")
    for item in plan.items:
        for line in item.unknown:
            print_wrapped(console, f"? {item.title}: {line}", "  ", style="yellow")


def _cells(item: PlannedActivity, words: Wording) -> tuple[str, str, str, str, str]:
    one = item.session
    day, time = words.say(Message("plan.no_day")), ""
    if one is not None:
        day = words.term("day", one.day)
        time = "–".join(filter(None, [one.start, one.end])) or words.say(Message("plan.no_time"))
        if one.every != "week":
            time += f"\n{words.say(Message(f'plan.{one.every}'))}"
    title = f"{item.title} ({item.provider})" if item.provider else item.title
    return day, time, title, _price(item.price, words), ", ".join(item.covers)


def _price(price: WeeklyPrice | None, words: Wording) -> str:
    if price is None:
        return words.say(Message("plan.no_price"))
    if price.amount == 0:
        return words.say(Message("plan.free"))
    about = "_about" if price.estimate else ""
    money = Money(price.amount, price.currency, None)
    return words.say(Message(f"plan.price{about}", {"price": money}))


def _total(plan: Plan, words: Wording) -> str:
    """What it costs in all; nothing where no price is known, which a note says."""
    total = plan.total
    if total.amount == 0:
        return "" if total.at_least else words.say(Message("plan.total_free"))
    how = "_at_least" if total.at_least else "_about" if total.estimate else ""
    money = Money(total.amount, total.currency, total.per)
    return words.say(Message(f"plan.total{how}", {"total": money}))


def _plain(text: str) -> str:
    """Without the escape codes that a feed may hold: a terminal must not obey them."""
    return "".join(mark if mark.isprintable() or mark == "\n" else " " for mark in text)
