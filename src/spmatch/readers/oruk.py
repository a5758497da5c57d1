"""Open Referral UK 3.0: HSDS 3.0 with a few facts more and many fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.readers.hsds import files_of_hsds, marks_of, read_hsds
from spmatch.readers.hsds_activity import Usage
from spmatch.readers.hsds_costs import ASSUMED
from spmatch.readers.hsds_tables import HSDS_TABLES

# The profile names its files in the singular. Some publishers keep those of HSDS beside them, with
# what the profile has dropped.
_DIALECT = replace(HSDS_TABLES, names={k: v[::-1] for k, v in HSDS_TABLES.names.items()})
# Prices are in pounds: the profile has no field for a currency.
POUNDS = Usage(source="Open Referral UK", currency="GBP")


class OrukReader:
    """Reads Open Referral UK 3.0 in each layout of HSDS 3.0."""

    name = "Open Referral UK 3.0"

    def recognises(self, path: Path) -> bool:
        """HSDS with what only this profile has, and nothing that it leaves out."""
        marks = marks_of(path)
        return marks is not None and marks.dialect == "ORUK"

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        yield from assumed_once(read_hsds(path, _DIALECT, POUNDS))

    def files(self, path: Path) -> list[Path]:
        return files_of_hsds(path)


def assumed_once(items: Iterator[Activity | Problem]) -> Iterator[Activity | Problem]:
    """The same, but that a currency was assumed is told at the first price only: it holds for all."""
    told = False
    note = ASSUMED.format(currency=POUNDS.currency)
    for item in items:
        if isinstance(item, Problem) and item.reason == note:
            if not told:
                yield replace(item, reason=f"{note} So were all others without one in this source.")
            told = True
        else:
            yield item
