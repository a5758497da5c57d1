"""The facts of a catalogue, made ready to be asked: where everything is, and what kinds of it there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from spmatch.columns import Columns, Flags, Integers
from spmatch.factors import comes_home
from spmatch.ground import Ground
from spmatch.kinds import Kinds, build_kinds, splice_kinds
from spmatch.marks import Marks, build_marks
from spmatch.splicing import Splice
from spmatch.weeks import Pairs, Weeks, build_weeks, splice_weeks


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """By row, in the order of the catalogue, unless said otherwise."""

    ground: Ground
    kinds: Mapping[str, Kinds]
    kinds_in_order: Mapping[str, npt.NDArray[Any]]
    """The kind of each subject by position (``ground.order``): neighbours lie together."""
    marks: Marks
    weeks: Weeks
    pairs_in_order: Pairs
    """The sessions of the activity at each position."""
    comes_home: Flags
    provider: Integers
    has_theme: Flags

    def __len__(self) -> int:
        return len(self.provider)


def build_facts(columns: Columns) -> Facts:
    return _facts(columns, Ground(columns), build_kinds(columns), build_weeks(columns.sessions))


def splice_facts(before: Facts, columns: Columns, added: Columns, splice: Splice) -> Facts:
    """The facts of ``columns``, from those before some activities went and others were ``added``."""
    _, of_sessions = splice.pieces(before.weeks.offsets, added.sessions.offsets)
    return _facts(
        columns,
        before.ground.spliced(columns, splice),
        splice_kinds(before.kinds, columns, splice),
        splice_weeks(before.weeks, columns.sessions, added.sessions, of_sessions),
    )


def _facts(columns: Columns, ground: Ground, kinds: Mapping[str, Kinds], weeks: Weeks) -> Facts:
    return Facts(
        ground=ground,
        kinds=kinds,
        kinds_in_order={name: one.of_row[ground.order] for name, one in kinds.items()},
        marks=build_marks(kinds, ground.order),
        weeks=weeks,
        pairs_in_order=weeks.pairs.take(ground.order),
        comes_home=comes_home(columns),
        provider=columns.provider,
        has_theme=columns.has_theme,
    )
