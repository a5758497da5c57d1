"""Columns of a catalogue when some activities went and others came: those that a build would come to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain, compress
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from spmatch.columns import NOT_STATED, Columns, Flags, Floats, Integers, SessionColumns
from spmatch.splicing import Splice

_Name = TypeVar("_Name", str, tuple[str, str])

_CODES = {
    "currency": "currencies",
    "provider": "providers",
    "text_language": "text_languages",
}
_FLAGS = {"speaks": "languages", "has_theme": "themes"}
"""Columns of which the numbers stand for names, and where the names are: in order, each once."""

_CHUNK_ROWS = 16_384


def join_columns(before: Columns, added: Columns, splice: Splice) -> Columns:
    """The facts before, of the rows that stay, and those of added ones.

    Names that nobody states any more are left out, as if they had never been stated.
    """
    found: dict[str, Any] = {
        one.name: splice.rows(getattr(before, one.name), getattr(added, one.name))
        for one in fields(Columns)
        if isinstance(getattr(before, one.name), np.ndarray)
        and one.name not in _CODES
        and one.name not in _FLAGS
    }
    for joined, names_of in ((_joined_codes, _CODES), (_joined_flags, _FLAGS)):
        for name, of in names_of.items():
            sides = [(getattr(one, name), getattr(one, of)) for one in (before, added)]
            found[name], found[of] = joined(*sides[0], *sides[1], splice)
    return replace(
        before,
        **found,
        concessions=_joined_concessions(before.concessions, added.concessions, splice),
        sessions=join_sessions(before.sessions, added.sessions, splice),
    )


def join_sessions(before: SessionColumns, added: SessionColumns, splice: Splice) -> SessionColumns:
    """The sessions of the activities that stay, and those of added ones."""
    offsets, of_sessions = splice.pieces(before.offsets, added.offsets)
    return SessionColumns(
        offsets=offsets,
        activity=np.repeat(np.arange(len(splice), dtype=np.int32), np.diff(offsets)),
        **{
            one.name: of_sessions.rows(getattr(before, one.name), getattr(added, one.name))
            for one in fields(SessionColumns)
            if one.name not in ("offsets", "activity")
        },
    )


def both_sessions(one: SessionColumns, other: SessionColumns) -> SessionColumns:
    """The sessions of some activities, then those of others."""
    count = len(one.offsets) - 1
    everyone = np.arange(count + len(other.offsets) - 1)
    return join_sessions(one, other, Splice(count, everyone, everyone[count:]))


def _joined_codes(
    before: Integers,
    names: Sequence[_Name],
    added: Integers,
    added_names: Sequence[_Name],
    splice: Splice,
) -> tuple[Integers, tuple[_Name, ...]]:
    """Numbers of names, from 0 in the order of the names; ``NOT_STATED`` for none."""
    every, number, number_added = _both_names(names, added_names)
    codes = splice.rows(_of(number, before), _of(number_added, added))
    # The last is for those that state none: ``NOT_STATED`` is -1.
    stated = np.zeros(len(every) + 1, dtype=np.bool_)
    stated[codes] = True
    if stated[:-1].all():
        return codes, tuple(every)
    return _of(np.cumsum(stated[:-1]) - 1, codes), _chosen(every, stated[:-1])


def _joined_flags(
    before: Flags,
    names: Sequence[_Name],
    added: Flags,
    added_names: Sequence[_Name],
    splice: Splice,
) -> tuple[Flags, tuple[_Name, ...]]:
    """A column for each name, in their order."""
    every, number, number_added = _both_names(names, added_names)
    wide, wide_added = (
        _widened(side, at, len(every)) for side, at in ((before, number), (added, number_added))
    )
    flags = splice.rows(wide, wide_added)
    stated = np.zeros(len(every), dtype=np.bool_)
    for begin in range(0, len(flags), _CHUNK_ROWS):
        stated |= flags[begin : begin + _CHUNK_ROWS].any(axis=0)
        if stated.all():
            return flags, tuple(every)
    return np.ascontiguousarray(flags[:, stated]), _chosen(every, stated)


def _both_names(
    names: Sequence[_Name], added: Sequence[_Name]
) -> tuple[Sequence[_Name], npt.NDArray[np.intp] | None, npt.NDArray[np.intp]]:
    """All names in order, and the number there of each of both; ``None`` where it is what it was.

    Few are added to many, so that those are looked for, and not gone through.
    """
    every, before = names, None
    new = [name for name in added if not _is_among(name, names)]
    if new:
        begins = np.array([_place(name, names) for name in new], dtype=np.intp)
        numbers = np.arange(len(names))
        before = numbers + np.searchsorted(begins, numbers, side="right")
        every = sorted(chain(names, new))
    return every, before, np.array([_place(name, every) for name in added], dtype=np.intp)


def _place(name: _Name, names: Sequence[_Name]) -> int:
    return bisect_left(names, name)


def _is_among(name: _Name, names: Sequence[_Name]) -> bool:
    place = _place(name, names)
    return place < len(names) and names[place] == name


def _of(number: npt.NDArray[np.intp] | None, codes: Integers) -> Integers:
    if number is None:
        return codes
    return np.append(number, NOT_STATED).astype(np.int32)[codes]


def _widened(flags: Flags, at: npt.NDArray[np.intp] | None, count: int) -> Flags:
    if at is None:
        return flags
    found = np.zeros((len(flags), count), dtype=np.bool_)
    found[:, at] = flags
    return found


def _chosen(names: Sequence[_Name], keep: Flags) -> tuple[_Name, ...]:
    return tuple(compress(names, keep.tolist()))


def _joined_concessions(
    before: Mapping[str, tuple[Integers, Floats]],
    added: Mapping[str, tuple[Integers, Floats]],
    splice: Splice,
) -> dict[str, tuple[Integers, Floats]]:
    now_at = splice.now_at()
    none = (np.empty(0, dtype=np.int32), np.empty(0))
    found = {}
    for for_whom in sorted({*before, *added}):
        rows, amounts = before.get(for_whom, none)
        rows_added, amounts_added = added.get(for_whom, none)
        stays = now_at[rows] >= 0
        every = np.concatenate([now_at[rows][stays], splice.added_at[rows_added]])
        order = np.argsort(every, kind="stable")
        if len(every):
            amounts = np.concatenate([amounts[stays], amounts_added])[order]
            found[for_whom] = (every[order].astype(np.int32), amounts)
    return found
