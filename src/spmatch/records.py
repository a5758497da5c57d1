"""Records that stay on disk: a file of lines, each found by where it begins, read when it is asked for.

The file is mapped: what was never asked for takes no memory, and processes share what was.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar, overload

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError
from pydantic_core import from_json

from spmatch.activity import Activity
from spmatch.errors import SnapshotError
from spmatch.splicing import Splice

Places = npt.NDArray[np.int64]
"""(lines + 1,): where each line begins, in bytes; last the size of the file."""

REMEMBERED = 1024
"""Records that were asked for are kept at hand; a plan asks for the same ones again and again."""

_Place = npt.NDArray[np.uint32]

_ID = re.compile(rb'\{"id":"([^"\\\n]*)"')
"""Of a line; an id that is written with escapes is read otherwise."""

_Item = TypeVar("_Item")


def write_lines(file: Path, lines: Iterable[str]) -> Places:
    """Write texts that hold no line break, one a line; where each begins."""
    places = [0]
    with file.open("wb") as out:
        for line in lines:
            places.append(places[-1] + out.write(line.encode()) + out.write(b"\n"))
    return np.array(places, dtype=np.int64)


class Lines:
    """The lines of a file as bytes, without what ends them."""

    def __init__(self, file: Path, places: Places) -> None:
        """Raises ``ValueError`` when these are not the places of this file, ``OSError`` as usual."""
        self._places = places
        with file.open("rb") as content:
            size = content.seek(0, 2)
            if places.ndim != 1 or not len(places) or (places[0], places[-1]) != (0, size):
                raise ValueError("these are the places of another file")
            # What is empty cannot be mapped.
            self._content: mmap.mmap | bytes = b""
            if size:
                self._content = mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._places) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._content[self._places[number] : self._places[number + 1] - 1]

    def begins(self, number: int, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """What a pattern finds at the beginning of a line: the rest of it is not read."""
        return pattern.match(self._content, self._places.item(number))

    def __iter__(self) -> Iterator[bytes]:
        for begin, end in pairwise(self._places):
            yield self._content[begin : end - 1]


class _Kept(Sequence[_Item], Generic[_Item]):
    """A sequence that gives what a tuple would give, and compares as one."""

    def _item(self, number: int) -> _Item:
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_Item, ...]: ...
    def __getitem__(self, index: int | slice) -> _Item | tuple[_Item, ...]:
        places = range(len(self))[index]
        return self._item(places) if isinstance(places, int) else tuple(map(self._item, places))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (tuple, _Kept)):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} on disk)"


class Records(_Kept[Activity]):
    """Activities, one a line. Safe to read from many threads."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        # Not a method of its own object: that would keep it from being freed at once.
        self._remembered = lru_cache(maxsize=REMEMBERED)(partial(_activity_of, lines))

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Activity]:
        return map(_read, self._lines)

    def _item(self, number: int) -> Activity:
        return self._remembered(number)

    def read(self, number: int) -> Activity:
        """One that is looked at once: it is not kept at hand."""
        return _read(self._lines[number])

    def id(self, number: int) -> str:
        """The id of one of them, without the rest of it."""
        # It is written first, and looked for a hundred thousand times when ten thousand activities change.
        if written := self._lines.begins(number, _ID):
            return written[1].decode()
        found: str = from_json(self._lines[number])["id"]
        return found

    def lines(self) -> Iterator[str]:
        """The records as they stand in the file."""
        return (line.decode() for line in self._lines)

    def spliced(self, splice: Splice, added: Sequence[Activity]) -> Records:
        """These with some added and some gone, those that were added kept in memory."""
        place = np.arange(len(self), dtype=np.uint32)
        return _AmendedRecords(self, *_amended(len(self), place, (), splice, added))


class _AmendedRecords(Records):
    """Records of a file, and some in memory."""

    def __init__(self, base: Records, place: _Place, extra: tuple[Activity, ...]) -> None:
        """``place`` is the number of each in the base, else so much further in ``extra``."""
        self._base, self._place, self._extra = base, place, extra

    def __len__(self) -> int:
        return len(self._place)

    def __iter__(self) -> Iterator[Activity]:
        return map(self._item, range(len(self)))

    def _item(self, number: int) -> Activity:
        place = int(self._place[number])
        beside = place - len(self._base)
        return self._base[place] if beside < 0 else self._extra[beside]

    def read(self, number: int) -> Activity:
        place = int(self._place[number])
        beside = place - len(self._base)
        return self._base.read(place) if beside < 0 else self._extra[beside]

    def id(self, number: int) -> str:
        place = int(self._place[number])
        beside = place - len(self._base)
        return self._base.id(place) if beside < 0 else self._extra[beside].id

    def lines(self) -> Iterator[str]:
        for place in self._place.tolist():
            beside = place - len(self._base)
            if beside < 0:
                yield self._base._lines[place].decode()
            else:
                yield self._extra[beside].model_dump_json(exclude_defaults=True)

    def spliced(self, splice: Splice, added: Sequence[Activity]) -> Records:
        amended = _amended(len(self._base), self._place, self._extra, splice, added)
        return _AmendedRecords(self._base, *amended)


class Texts(_Kept[str]):
    """Texts in groups, a list of them on each line; numbered through."""

    def __init__(self, lines: Lines, offsets: Places) -> None:
        """Those of line ``i`` have the numbers ``offsets[i]:offsets[i+1]``.

        Raises ``ValueError`` when there are not as many groups as lines.
        """
        if len(offsets) != len(lines) + 1:
            raise ValueError("these are the offsets of other texts")
        self._lines, self._offsets = lines, offsets

    def __len__(self) -> int:
        return int(self._offsets[-1])

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            yield from _texts_in(line)

    def _item(self, number: int) -> str:
        group = int(np.searchsorted(self._offsets, number, side="right")) - 1
        return _texts_in(self._lines[group])[number - int(self._offsets[group])]

    def group(self, number: int) -> tuple[str, ...]:
        """The texts of one line."""
        return tuple(_texts_in(self._lines[number]))

    def lines(self) -> Iterator[str]:
        """The groups as they stand in the file."""
        return (line.decode() for line in self._lines)

    def spliced(self, splice: Splice, added: Sequence[Sequence[str]], offsets: Places) -> Texts:
        """These with some groups added and some gone, and the offsets of what is then there."""
        place = np.arange(len(self._lines), dtype=np.uint32)
        return _AmendedTexts(self, *_amended(len(place), place, (), splice, added), offsets)


class _AmendedTexts(Texts):
    """Texts of a file, and some in memory."""

    def __init__(
        self, base: Texts, place: _Place, extra: tuple[Sequence[str], ...], offsets: Places
    ) -> None:
        """``place`` is the group of each in the base, else so much further in ``extra``."""
        super().__init__(base._lines, base._offsets)
        self._base, self._place, self._extra, self._offsets = base, place, extra, offsets

    def __iter__(self) -> Iterator[str]:
        for number in range(len(self._place)):
            yield from self.group(number)

    def _item(self, number: int) -> str:
        group = int(np.searchsorted(self._offsets, number, side="right")) - 1
        return self.group(group)[number - int(self._offsets[group])]

    def group(self, number: int) -> tuple[str, ...]:
        place = int(self._place[number])
        beside = place - len(self._lines)
        return self._base.group(place) if beside < 0 else tuple(self._extra[beside])

    def lines(self) -> Iterator[str]:
        for place in self._place.tolist():
            beside = place - len(self._lines)
            if beside < 0:
                yield self._lines[place].decode()
            else:
                yield json.dumps(self._extra[beside], ensure_ascii=False)

    def spliced(self, splice: Splice, added: Sequence[Sequence[str]], offsets: Places) -> Texts:
        amended = _amended(len(self._lines), self._place, self._extra, splice, added)
        return _AmendedTexts(self._base, *amended, offsets)


def _amended(
    base: int, place: _Place, extra: tuple[_Item, ...], splice: Splice, added: Sequence[_Item]
) -> tuple[_Place, tuple[_Item, ...]]:
    """Where each is now, and what is in memory; what is there for nobody any more is let go of."""
    first = base + len(extra)
    place = splice.rows(place, np.arange(first, first + len(added), dtype=np.uint32))
    in_memory = place >= base
    kept, number = np.unique(place[in_memory] - base, return_inverse=True)
    place[in_memory] = (base + number).astype(np.uint32)
    everything = (*extra, *added)
    return place, tuple(everything[one] for one in kept.tolist())


def _activity_of(lines: Lines, number: int) -> Activity:
    return _read(lines[number])


def _read(line: bytes) -> Activity:
    try:
        return Activity.model_validate_json(line)
    except ValidationError:
        raise _damaged() from None


def _texts_in(line: bytes) -> list[str]:
    try:
        found: list[str] = json.loads(line)
    except ValueError:
        raise _damaged() from None
    return found


def _damaged() -> SnapshotError:
    return SnapshotError(
        "The records in the snapshot cannot be read. Build it again with: spmatch build"
    )
