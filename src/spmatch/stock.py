"""What a matcher answers from: a snapshot, and what is made of it so that it can be searched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spmatch.calibration import Fit
from spmatch.config import Config
from spmatch.contracts import Index
from spmatch.facts import Facts, build_facts
from spmatch.geography import Gazetteer
from spmatch.indexes import IndexKind, build_index
from spmatch.meaning import TextIndex
from spmatch.scoring import Shelf
from spmatch.snapshot import Snapshot
from spmatch.stacked import Stacked, merge
from spmatch.themes import ThemeIndex, ThemeModel, load_theme_model
from spmatch.weighing import Weigher


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """All of it is of one state of a catalogue, and never changes."""

    snapshot: Snapshot
    """Its addresses are placed by ``gazetteer``."""
    gazetteer: Gazetteer
    facts: Facts
    whole: Index
    """Of the texts of activities ..."""
    pieces: Index
    """... and of their sentences."""
    kind: IndexKind
    themes: ThemeModel | None

    @property
    def beside(self) -> float:
        """The part of the vectors in memory that stands beside the rest, or is of nothing any more."""
        held = (self.snapshot.vectors, self.snapshot.sentence_vectors)
        return max((one.beside for one in held if isinstance(one, Stacked)), default=0.0)


def build_stock(
    snapshot: Snapshot, config: Config, gazetteer: Gazetteer, kind: IndexKind = "exact"
) -> Stock:
    """Raises ``MissingExtraError`` for an index that is not installed."""
    snapshot = snapshot.placed_by(gazetteer)
    return Stock(
        snapshot,
        gazetteer,
        build_facts(snapshot.columns),
        build_index(snapshot.vectors, kind),
        build_index(snapshot.sentence_vectors, kind),
        kind,
        load_theme_model(snapshot.encoder.identity, config.themes.answers),
    )


def merge_stock(stock: Stock) -> Stock:
    """The same with every vector in one array again. The other one answers as before meanwhile.

    Until nobody holds the other one, the vectors are in memory twice.
    """
    snapshot = stock.snapshot
    snapshot = replace(
        snapshot,
        vectors=merge(snapshot.vectors),
        sentence_vectors=merge(snapshot.sentence_vectors),
        offers=None if snapshot.offers is None else merge(snapshot.offers),
    )
    return replace(
        stock,
        snapshot=snapshot,
        whole=build_index(snapshot.vectors, stock.kind),
        pieces=build_index(snapshot.sentence_vectors, stock.kind),
    )


def shelve(stock: Stock, config: Config) -> Shelf:
    """A stock as it is scored with these settings."""
    snapshot, model = stock.snapshot, stock.themes
    share = config.meaning.sentence_share
    themes = None
    if model:
        themes = ThemeIndex(model, snapshot.vectors, snapshot.offers_by(model))
    return Shelf(
        TextIndex(stock.whole, stock.pieces, snapshot.sentences.offsets, share),
        Fit(snapshot.calibration, snapshot.columns, share, config.text.sentence_characters_min),
        themes,
        snapshot.remarks,
        Weigher(stock.facts, config),
    )
