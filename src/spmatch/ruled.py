"""The limits of a request over a catalogue: which activities each keeps, and how many fall to it.

One judged by kinds knows both before any activity is looked at. One that is judged by activity (when
they meet) is asked last, of the few that are left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.bands import Spans
from spmatch.columns import Flags
from spmatch.constraints import NOT_MET, UNKNOWN, Codes, Judgement, Kind, Ruling
from spmatch.contracts import Rows
from spmatch.kinds import Kinds
from spmatch.marks import bits_of
from spmatch.messages import Message
from spmatch.weeks import Weeks


def excluding(codes: Codes, ruling: Ruling, exclude_unknown: bool) -> Flags:
    """Which verdicts exclude an activity; with ``exclude_unknown`` also what a person asks in vain."""
    broken: Flags = codes == NOT_MET
    if exclude_unknown and ruling.set_by_person:
        broken |= codes == UNKNOWN
    return broken


class KindLimit:
    """A limit that was judged for the kinds of a catalogue."""

    def __init__(
        self, judgement: Judgement, subject: str, kinds: Kinds, in_order: npt.NDArray[Any]
    ) -> None:
        """``in_order`` is the kind at each position of the ground."""
        self.subject = subject
        self.limit: str = judgement.limit
        self.kind: Kind = judgement.kind
        self.from_activity: bool = judgement.from_activity
        self.set_by_person: bool = judgement.set_by_person
        self.in_order = in_order
        self.codes = judgement.codes
        """By kind."""
        self._judgement = judgement
        self._of_row = kinds.of_row
        self._kept_runs: list[Spans | None] = [None, None]
        self._broken = [excluding(judgement.codes, judgement, strict) for strict in (False, True)]
        self.may_be_unknown = bool((judgement.codes == UNKNOWN).any())
        self.keeps = [~broken for broken in self._broken]
        """By kind: which a request keeps, and which one that excludes what is not stated."""
        self.bits = [bits_of(broken) for broken in self._broken]
        """The kinds that they do not keep."""
        self.falls = [int(kinds.counts[broken].sum()) for broken in self._broken]
        """How many activities of the whole catalogue they do not keep."""

    def kept_runs(self, runs: Spans, exclude_unknown: bool) -> Spans:
        """Of the runs of a catalogue that are each of one kind, those that it keeps."""
        kept = self._kept_runs[exclude_unknown]
        if kept is None:
            kept = runs.only(self.keeps[exclude_unknown][self.in_order[runs.starts]])
            self._kept_runs[exclude_unknown] = kept
        return kept

    def at(self, rows: Rows) -> Codes:
        return self._judgement.codes[self._of_row[rows]]

    def among(self, rows: Rows) -> Judgement:
        return self._judgement.among(self._of_row[rows])

    def code(self, row: int) -> int:
        return int(self._judgement.codes[self._of_row[row]])

    def explain(self, row: int) -> Message:
        return self._judgement.explain(int(self._of_row[row]))

    def ask(self, row: int) -> tuple[Message, ...]:
        return self._judgement.ask(int(self._of_row[row]))

    def estimated(self, row: int) -> bool:
        return self._judgement.estimated(int(self._of_row[row]))


@dataclass(eq=False)
class RowLimit:
    """A limit of when activities meet, judged for each where it is asked for.

    The best of its sessions decides: ``codes`` says what each different one does, ``without`` is the
    code where none is stated.
    """

    ruling: Ruling
    weeks: Weeks
    codes: Codes
    without: int

    def __post_init__(self) -> None:
        self.ready = codes = np.append(self.codes, [np.int8(self.without), np.int8(NOT_MET)])
        """Likewise, ready to be looked up by ``Pairs``."""
        self.keeps = [~excluding(codes, self.ruling, strict) for strict in (False, True)]
        """Which different sessions a request keeps, as ``Pairs`` looks them up."""
        self.may_be_unknown = bool((codes == UNKNOWN).any())
        self.excludes_some = [not keeps[: len(self.codes) + 1].all() for keeps in self.keeps]
        self.limit: str = self.ruling.limit
        self.kind: Kind = self.ruling.kind
        self.from_activity: bool = self.ruling.from_activity
        self.set_by_person: bool = self.ruling.set_by_person
        self.at: Callable[[Rows], Codes] = self.ruling.at
        self.among: Callable[[Rows], Judgement] = self.ruling.among
        self.code: Callable[[int], int] = self.ruling.code
        self.explain: Callable[[int], Message] = self.ruling.explain
        self.ask: Callable[[int], tuple[Message, ...]] = self.ruling.ask
        self.estimated: Callable[[int], bool] = self.ruling.estimated

    def falls_at(self, rows: Rows, exclude_unknown: bool) -> Flags:
        """Which of these rows fall to it."""
        return excluding(self.at(rows), self.ruling, exclude_unknown)

    @cached_property
    def falls(self) -> list[int]:
        """As of ``KindLimit``. Every activity is looked at for it, once."""
        codes = self.at(np.arange(len(self.weeks)))
        return [int(excluding(codes, self.ruling, strict).sum()) for strict in (False, True)]
