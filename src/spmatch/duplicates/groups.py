"""Which records belong together: pairs that the rule joins, grown to groups that never contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spmatch.duplicates.candidates import Pair, pairs
from spmatch.duplicates.features import Features
from spmatch.duplicates.rule import contradict, likeness

TOO_CLOSE = 5.0
"""When two records of a source fit a third by so nearly the same likeness, neither is taken."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows that tell of one activity, two or more in each; and rows that fit two of one source."""

    joined: tuple[tuple[int, ...], ...]
    undecided: tuple[tuple[int, tuple[int, ...]], ...]
    """A row, and those of one source between which nothing decides."""


def groups_of(features: Sequence[Features], sources: Sequence[frozenset[str]]) -> Groups:
    """The groups among records, each given by its features and the sources that it stands in."""
    alike = {}
    for one, other in pairs(features, sources):
        value = likeness(features[one], features[other])
        if value is not None:
            alike[one, other] = value
    undecided = _undecided(alike, sources)
    dropped = {(min(row, other), max(row, other)) for row, others in undecided for other in others}
    group_of = _Union(features, sources)
    # The surest first; between equals the order of the records decides, which is that of their ids.
    for pair in sorted(alike.keys() - dropped, key=lambda pair: (-alike[pair], pair)):
        group_of.join(*pair)
    return Groups(group_of.groups(), undecided)


def _undecided(
    alike: dict[Pair, float], sources: Sequence[frozenset[str]]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    fitting: dict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)
    for (one, other), value in alike.items():
        for row, fits in ((one, other), (other, one)):
            for source in sources[fits]:
                fitting[row, source].append((value, fits))
    found: dict[tuple[int, tuple[int, ...]], None] = {}
    for (row, _), those in sorted(fitting.items()):
        best = max(value for value, _ in those)
        if sum(best - value < TOO_CLOSE for value, _ in those) > 1:
            found[row, tuple(sorted(other for _, other in those))] = None
    return tuple(found)


class _Union:
    """Groups that grow; two are joined only if no source and no contradiction is in both."""

    def __init__(self, features: Sequence[Features], sources: Sequence[frozenset[str]]) -> None:
        self._features = features
        self._sources = sources
        self._group: dict[int, list[int]] = {}

    def join(self, one: int, other: int) -> None:
        mine, theirs = self._group.get(one, [one]), self._group.get(other, [other])
        if mine is theirs:
            return
        if self._sources_of(mine) & self._sources_of(theirs):
            return
        if any(contradict(self._features[a], self._features[b]) for a in mine for b in theirs):
            return
        together = sorted([*mine, *theirs])
        for row in together:
            self._group[row] = together

    def groups(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted({tuple(rows) for rows in self._group.values()}))

    def _sources_of(self, rows: Iterable[int]) -> set[str]:
        return {source for row in rows for source in self._sources[row]}
