"""A catalogue that changes while it answers: what is other is read and encoded, the rest stays where it is.

An update makes a new state of everything and leaves the old one as it is: who is searching goes on in the
old one to the end, and no search ever sees a half of each. The vectors, which are nearly all of the
memory, are not copied for that: new ones stand beside them (``stacked``). The facts of the new state,
its order and its hash are those that a build of the same activities would come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue, Digests, digests_of
from spmatch.columns import build_columns
from spmatch.columns_joining import join_columns
from spmatch.config import Config
from spmatch.contracts import Progress, Vectors
from spmatch.errors import CatalogueError, Problem
from spmatch.facts import splice_facts
from spmatch.indexes import index_again
from spmatch.meaning import (
    EncodedCatalogue,
    Sentences,
    Stated,
    activity_sentences,
    encode_catalogue,
    gather_sentences,
    stated_text,
    vectors_by_text,
)
from spmatch.records import Records, Texts
from spmatch.remarks import reads_same
from spmatch.snapshot import Snapshot
from spmatch.splicing import Splice
from spmatch.stacked import AnyVectors, Stacked, merge
from spmatch.stock import Stock

_TEXT = ("title", "description", "themes", "text_language")
"""Fields that vectors come from."""


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is other, by id, ascending."""

    activities: tuple[Activity, ...]
    digests: Digests
    replaced: tuple[int, ...]
    """The row before of each activity; -1 of one that is new."""
    read_as: tuple[int, ...]
    """The row before that the same remarks are read of; -1 where there is none."""
    fresh: tuple[int, ...]
    """The numbers of those whose texts are other; the rest keep their sentences and vectors."""
    texts_before: tuple[Stated | None, ...]
    """The texts of these before."""
    splice: Splice


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of what is other."""

    groups: tuple[tuple[str, ...], ...]
    """The sentences of each."""
    encoded: EncodedCatalogue
    """The fresh ones, in their order."""


def update_stock(
    stock: Stock,
    changed: Iterable[Activity] | EncodedCatalogue,
    withdrawn: Iterable[str],
    config: Config,
    catalogue_id: str | None = None,
    *,
    progress: Progress | None = None,
) -> Stock:
    """The state after a change; this very one when nothing is other. See ``Matcher.updated``."""
    given = changed.activities if isinstance(changed, EncodedCatalogue) else changed
    snapshot = stock.snapshot
    changes = _changes(snapshot.catalogue, given, withdrawn)
    if changes is None:
        if catalogue_id in (None, snapshot.catalogue.id):
            return stock
        changes = _nothing(snapshot.catalogue)
    splice = changes.splice
    known = changed if isinstance(changed, EncodedCatalogue) else None
    texts = _texts(snapshot, changes, known, config, progress)
    catalogue = snapshot.catalogue.spliced(
        splice, changes.activities, changes.digests, catalogue_id
    )
    added = build_columns(changes.activities, stock.gazetteer.place)
    columns = join_columns(snapshot.columns, added, splice)
    sentences, of_sentences = _sentences(snapshot.sentences, texts.groups, splice)
    vectors = _spliced(snapshot.vectors, texts.encoded.vectors, changes)
    sentence_vectors = _spliced_pieces(snapshot, changes, texts, of_sentences)
    now = replace(
        snapshot,
        catalogue=catalogue,
        sentences=sentences,
        vectors=vectors,
        sentence_vectors=sentence_vectors,
        columns=columns,
        remarks=snapshot.remarks.spliced(splice, catalogue.activities, changes.read_as),
        **_offers(stock, changes, texts),
    )
    return replace(
        stock,
        snapshot=now,
        facts=splice_facts(stock.facts, columns, added, splice),
        whole=index_again(stock.whole, vectors),
        pieces=index_again(stock.pieces, sentence_vectors),
    )


def _changes(
    catalogue: Catalogue, changed: Iterable[Activity], withdrawn: Iterable[str]
) -> _Changes | None:
    """What is other than before; ``None`` when nothing is. Raises ``CatalogueError``."""
    given = {one.id: one for one in changed}
    leaving = sorted(set(withdrawn))
    if both := [one for one in leaving if one in given]:
        raise CatalogueError(
            "Activities are changed and withdrawn at once:",
            [
                Problem("update", "id", f"{one} is in both.", "Say which of the two holds.")
                for one in both
            ],
        )
    activities = sorted(given.values(), key=lambda one: one.id)
    digests = digests_of(activities)
    found = catalogue.find([one.id for one in activities])
    rows = np.array([row if there else -1 for row, there in found], dtype=np.intp)
    # A row that is not there is compared with any other: what comes of it is not asked.
    same = (
        (rows >= 0) & (catalogue.digests[rows] == digests).all(axis=1)
        if len(catalogue)
        else rows >= 0
    )
    other = np.flatnonzero(~same).tolist()
    gone = [row for row, there in catalogue.find(leaving) if there]
    if not other and not gone:
        return None
    replaced = tuple(row if there else -1 for row, there in (found[one] for one in other))
    splice = Splice.of(
        len(catalogue),
        sorted([*gone, *(row for row in replaced if row >= 0)]),
        [found[one][0] for one in other],
    )
    changes = tuple(activities[one] for one in other)
    read_as: list[int] = []
    fresh: list[tuple[int, Stated | None]] = []
    for number, (one, row) in enumerate(zip(changes, replaced, strict=True)):
        # Compared one by one and let go of: ten thousand at once are much to look after.
        old = _read(catalogue.activities, row) if row >= 0 else None
        read_as.append(row if old is not None and reads_same(one, old) else -1)
        if old is None or any(getattr(one, name) != getattr(old, name) for name in _TEXT):
            fresh.append((number, stated_text(old) if old is not None else None))
    numbers, before = tuple(zip(*fresh, strict=True)) or ((), ())
    return _Changes(changes, digests[other], replaced, tuple(read_as), numbers, before, splice)


def _read(activities: Sequence[Activity], row: int) -> Activity:
    return activities.read(row) if isinstance(activities, Records) else activities[row]


def _nothing(catalogue: Catalogue) -> _Changes:
    return _Changes((), digests_of(()), (), (), (), (), Splice.of(len(catalogue), (), ()))


def _texts(
    snapshot: Snapshot,
    changes: _Changes,
    given: EncodedCatalogue | None,
    config: Config,
    progress: Progress | None,
) -> _Texts:
    """A text that is as it was keeps its sentences and vectors; the others are encoded, or given."""
    fresh = changes.fresh
    wanted = [changes.activities[number] for number in fresh]
    if given is None:
        before = zip(fresh, changes.texts_before, strict=True)
        old = [(changes.replaced[number], text) for number, text in before if text is not None]
        encoded = encode_catalogue(
            snapshot.encoder,
            wanted,
            activity_sentences(wanted, config.text.sentence_characters_min),
            # Sentences that stayed in a text that changed.
            known=vectors_by_text(
                [text for _, text in old], *_some(snapshot, [row for row, _ in old])
            ),
            progress=progress,
        )
    else:
        row_of = {one.id: row for row, one in enumerate(given.activities)}
        rows = [row_of[one.id] for one in wanted]
        encoded = EncodedCatalogue(wanted, *_some(given, rows))
    place_of = {number: place for place, number in enumerate(fresh)}
    groups = tuple(
        _group(encoded.sentences, place_of[number])
        if number in place_of
        else _group(snapshot.sentences, row)
        for number, row in enumerate(changes.replaced)
    )
    return _Texts(groups, encoded)


def _some(
    of: Snapshot | EncodedCatalogue, rows: Sequence[int]
) -> tuple[Sentences, Vectors, Vectors]:
    """Of encoded texts those of some rows."""
    offsets = of.sentences.offsets
    pieces = [np.arange(offsets[row], offsets[row + 1]) for row in rows]
    return (
        gather_sentences([_group(of.sentences, row) for row in rows]),
        of.vectors[np.array(rows, dtype=np.intp)],
        of.sentence_vectors[np.concatenate([np.empty(0, dtype=np.intp), *pieces])],
    )


def _spliced(before: AnyVectors, fresh_rows: AnyVectors, changes: _Changes) -> Stacked:
    """What is kept of each text as a row, of all activities now."""
    rows, fresh_at = Stacked.of(before).with_added(merge(fresh_rows))
    at = np.zeros(len(changes.activities), dtype=np.uint32)
    same = np.setdiff1d(np.arange(len(at)), changes.fresh)
    at[same] = rows.place[np.array(changes.replaced, dtype=np.intp)[same]]
    at[list(changes.fresh)] = fresh_at
    return rows.spliced(changes.splice, at)


def _spliced_pieces(
    snapshot: Snapshot, changes: _Changes, texts: _Texts, of_sentences: Splice
) -> Stacked:
    """The vectors of the sentences of all activities now."""
    rows, fresh_at = Stacked.of(snapshot.sentence_vectors).with_added(
        merge(texts.encoded.sentence_vectors)
    )
    before, now = snapshot.sentences.offsets, texts.encoded.sentences.offsets
    place_of = {number: place for place, number in enumerate(changes.fresh)}
    at = [fresh_at[:0]]
    for number, row in enumerate(changes.replaced):
        if (place := place_of.get(number)) is None:
            at.append(rows.place[before[row] : before[row + 1]])
        else:
            at.append(fresh_at[now[place] : now[place + 1]])
    return rows.spliced(of_sentences, np.concatenate(at))


def _offers(stock: Stock, changes: _Changes, texts: _Texts) -> dict[str, Any]:
    """The themes of all activities now, where those before are known."""
    model = stock.themes
    known = stock.snapshot.offers_by(model) if model else None
    if model is None or known is None:
        return {"offers": None, "themes": ""}
    read = model.themes_of_activities(texts.encoded.vectors)
    return {"offers": _spliced(known, read, changes)}


def _sentences(
    before: Sentences, groups: Sequence[tuple[str, ...]], splice: Splice
) -> tuple[Sentences, Splice]:
    """The sentences of all activities, and the splice of the single ones."""
    added = gather_sentences(groups)
    offsets, of_sentences = splice.pieces(before.offsets, added.offsets)
    if isinstance(before.texts, Texts):
        return Sentences(before.texts.spliced(splice, groups, offsets), offsets), of_sentences
    assert isinstance(added.texts, tuple)
    return Sentences(of_sentences.items(before.texts, added.texts), offsets), of_sentences


def _group(sentences: Sentences, number: int) -> tuple[str, ...]:
    """The sentences of one text."""
    if isinstance(sentences.texts, Texts):
        return sentences.texts.group(number)
    begin, end = sentences.offsets[number : number + 2].tolist()
    return sentences.texts[begin:end]
