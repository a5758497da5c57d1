"""How a record system asks spmatch: from its own table of referrals to suggestions on a screen.

Start a service, then run this beside it::

    spmatch serve --snapshot snapshot
    python examples/record_system.py http://127.0.0.1:8000

The table, the persons in it and the names of its columns are made up. Yours look different: what you
write anew is ``profile_of``, and nothing else has to know both sides.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterator
from io import StringIO
from typing import TextIO

from spmatch import Profile, Response
from spmatch.client import Client, ServiceError, ServiceProblem

REFERRALS = """\
case;language;written;likes;dislikes;postcode;year_of_birth;max_km;step_free
A-17;da;Enlig efter en skilsmisse og kommer ikke ud.;Skak, gamle biler;Store forsamlinger;9000;1961;8;
A-18;en;Sleeps badly, lost a job in spring.;Gardening;;8000;;;yes
A-19;da;Har svært ved at gå langt efter en hofteoperation.;Sang;;5000;1949;5;yes
"""


def referrals(table: TextIO) -> Iterator[dict[str, str]]:
    """The rows of the table: one referral each."""
    yield from csv.DictReader(table, delimiter=";")


def profile_of(row: dict[str, str]) -> Profile:
    """A referral in the words of spmatch. An empty cell is not stated: it is left out, never guessed.

    A year of birth leaves two ages open, so no age is stated; the case number stays at home.
    """
    must: dict[str, object] = {}
    if row["max_km"]:
        must["distance_km"] = float(row["max_km"])
    if row["step_free"] == "yes":
        must["access"] = ["step_free"]
    return Profile.model_validate(
        {
            "needs": row["written"] or None,
            "interests": row["likes"] or None,
            "avoid": row["dislikes"] or None,
            "text_language": row["language"],
            "origin": {"postcode": row["postcode"]} if row["postcode"] else None,
            "must": must,
        }
    )


def show(case: str, answer: Response | ServiceProblem, out: TextIO) -> None:
    """One answer: dangers and whom to call before anything else, then each suggestion with why."""
    out.write(f"\n{case}\n")
    if isinstance(answer, ServiceProblem):
        out.write(f"  not matched: {answer.title}. {answer.detail}".rstrip() + "\n")
        for mistake in answer.errors:
            out.write(f"       {mistake.field}: {mistake.reason} {mistake.remedy}\n")
        return
    for notice in answer.notices:
        out.write(f"  !! {notice.title} {notice.first}\n")
        for contact in notice.contacts:
            way = contact.phone or contact.url or ""
            out.write(f"     {contact.name}: {way} ({contact.hours})\n")
    for suggestion in answer.suggestions:
        out.write(f"  {suggestion.rank}. {suggestion.activity.title}\n")
        for line in (*suggestion.reasons, *suggestion.cautions, *suggestion.ask):
            out.write(f"       {line}\n")
    for relaxation in answer.relaxations:
        out.write(f"  -> {relaxation.text}\n")


def run(client: Client, table: TextIO, out: TextIO) -> None:
    """Match every referral of the table and show the answers in its order."""
    rows = list(referrals(table))
    answers = client.match_many((profile_of(row) for row in rows), k=3)
    for row, answer in zip(rows, answers, strict=True):
        show(row["case"], answer, out)


def main() -> int:
    parser = argparse.ArgumentParser(description="Match the referrals of a made-up record system.")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    address = parser.parse_args().address
    # A key belongs into the environment, not into a command that others on the machine can see.
    client = Client(address, os.environ.get("SPMATCH_KEY"))
    try:
        run(client, StringIO(REFERRALS), sys.stdout)
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
