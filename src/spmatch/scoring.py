"""The parts of the score of any rows: meaning, factors, what should be avoided, what is not kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spmatch.calibration import Fit
from spmatch.columns import Flags, Floats
from spmatch.config import Config
from spmatch.contracts import Rows, Similarities
from spmatch.factors import Factor
from spmatch.meaning import TextIndex
from spmatch.messages import Message, Terms
from spmatch.query import Query
from spmatch.ranking import DECIMALS, PENALTIES
from spmatch.remarks import Remarks
from spmatch.safety import ASK_GENDER
from spmatch.suggestion import Confidence, FitWord
from spmatch.themes import ThemeIndex
from spmatch.weighing import Weigher


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows with their fit to the texts and the parts of their scores, variety excepted."""

    rows: Rows
    fits: Mapping[str, Similarities]
    """By text of the profile: 0 unrelated to 1 closely related."""
    affinity: Similarities | None
    """How far each activity is what the themes of the person ask for; ``None`` without any."""
    best_fit: Similarities
    """Of the fits; 1 where nothing is written to compare with."""
    avoid_share: Similarities
    """How far it is what should be avoided, 0 to 1: 1 where it has a trait of it, else likeness."""
    parts: Mapping[str, Floats]
    """Contributions by name; a score is their sum."""
    traits: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """What should be avoided and an activity has, by row; those that have nothing are left out."""
    harms: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """The risks of the person that an activity touches, likewise."""

    def at(self, keep: Flags | Rows) -> Scored:
        """The rows where ``keep`` is true, or those at the places that it names."""
        return Scored(
            self.rows[keep],
            {name: fit[keep] for name, fit in self.fits.items()},
            None if self.affinity is None else self.affinity[keep],
            self.best_fit[keep],
            self.avoid_share[keep],
            {name: part[keep] for name, part in self.parts.items()},
            self.traits,
            self.harms,
        )

    def suits(self, floor: float) -> Flags:
        """Whether the text of each activity fits at all what was written."""
        return np.asarray(self.best_fit >= floor)

    def among(self, rows: Rows) -> Scored:
        """Some of ``rows``, which ascend, in the order given."""
        return self.at(np.searchsorted(self.rows, rows))

    def factors_with_texts(self, query: Query) -> tuple[Factor, ...]:
        """All factors of these rows, by place, with meaning and ``avoid``: each says what it came from."""

        def meaning(place: int) -> Message:
            if not self.fits:
                return Message("factor.meaning_none")
            each = {name: float(fit[place]) for name, fit in self.fits.items()}
            return Message(f"factor.meaning_{'_'.join(each)}", each)

        def themes(place: int) -> Message:
            affinity = 0.0 if self.affinity is None else float(self.affinity[place])
            return Message("factor.themes", {"fit": affinity})

        def avoid(place: int) -> Message:
            if traits := self.traits.get(int(self.rows[place])):
                return Message("factor.traits", {"traits": Terms("trait", traits)})
            return Message("factor.avoid", {"fit": float(self.avoid_share[place])})

        def harm(place: int) -> Message:
            harms = self.harms.get(int(self.rows[place]), ())
            known = [name for name in harms if name != ASK_GENDER]
            return Message(f"harm.{known[0]}") if known else Message("factor.none")

        asked = [*query.factors, *([query.far] if query.far else [])]
        return (
            Factor("meaning", self.best_fit, meaning),
            Factor("themes", self.best_fit, themes),
            *(one.among(self.rows) for one in asked),
            Factor("avoid", self.avoid_share, avoid),
            Factor("harm", self.avoid_share, harm),
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue as it is scored: its texts compared, its themes, and what it says of traits and risks."""

    texts: TextIndex
    fit: Fit
    themes: ThemeIndex | None
    remarks: Remarks
    weigher: Weigher


def score_rows(query: Query, rows: Rows, shelf: Shelf, config: Config) -> Scored:
    """Score ``rows`` (ascending) of the catalogue for one request; limits are not applied here."""
    settings = config.meaning
    texts = dict(query.answers)
    if query.avoid is not None:
        texts["avoid"] = query.avoid
    written = list(texts.values())
    fitting = shelf.fit(written, shelf.texts.similarities(written, rows), rows)
    fits = dict(zip(texts, fitting, strict=True))
    avoided = fits.pop("avoid", None)
    values: dict[str, Floats] = {}
    best_fit = np.ones(len(rows))
    if fits:
        best_fit = np.max(list(fits.values()), axis=0)
        shares = {"needs": settings.needs_share, "interests": 1 - settings.needs_share}
        whole = sum(shares[name] for name in fits) or 1.0
        values["meaning"] = np.sum(
            [shares[name] / whole * fit for name, fit in fits.items()], axis=0
        )
    affinity = None
    if shelf.themes and query.wants:
        affinity = values["themes"] = shelf.themes.affinity(query.wants, rows)
    parts = shelf.weigher.weigh(values, query.factors, query.judgements, rows, query.reach)
    # What is not stated or not kept is told last.
    penalties = {name: parts.pop(name) for name in PENALTIES if name in parts}
    if query.far is not None and (share := query.far.at(rows)).any():
        parts["far"] = np.round(-config.nearness.far_weight * share, DECIMALS) + 0.0
    avoid_share = np.zeros(len(rows))
    if avoided is not None:
        avoid_share = np.clip((avoided - settings.avoid_from) / (1 - settings.avoid_from), 0, 1)
    traits = shelf.remarks.traits(rows, query.aversions.traits)
    if traits:
        avoid_share = np.where(np.isin(rows, list(traits)), 1.0, avoid_share)
    if avoid_share.any():
        parts["avoid"] = np.round(-settings.avoid_weight * avoid_share, DECIMALS) + 0.0
    harms = shelf.remarks.harms(rows, query.risks)
    # What is to be asked first is said, and takes nothing off.
    if harmful_rows := [row for row, names in harms.items() if set(names) - {ASK_GENDER}]:
        could_harm = np.isin(rows, harmful_rows)
        parts["harm"] = np.round(-config.penalties.could_harm * could_harm, DECIMALS) + 0.0
    parts.update(penalties)
    return Scored(rows, fits, affinity, best_fit, avoid_share, parts, traits, harms)


def fit_of(best_fit: float, query: Query, good: float) -> FitWord | None:
    """How well one activity meets what was written; ``None`` where nothing was."""
    if not query.answers:
        return None
    return "good" if best_fit >= good else "weak"


def confidence_of(fits: Sequence[FitWord | None]) -> Confidence:
    """None without a suggestion; good when one of the first three fits what was written well."""
    if not fits:
        return "none"
    return "good" if "good" in fits[:3] else "weak"
