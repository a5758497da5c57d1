"""What a text is about, and which activities answer it: the themes of needs and of activities.

Four parts, learned from a written corpus (``models/corpus``) on the vectors of one encoder:

- the themes of a need, each with a probability;
- the themes of an activity, likewise;
- the activities that a link worker would suggest on a text, read from the text as a whole;
- the table of answers: how well an activity theme answers a theme of need, 0 to 1, which an
  organisation may edit.

What a person wants is the geometric mean of the last two: the text says what it says only as a whole,
the table says what is known of its parts and can be read, discussed and changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.contracts import EncoderIdentity, Rows
from spmatch.errors import ThemesError
from spmatch.material import material
from spmatch.meaning import WrittenText
from spmatch.stacked import AnyVectors, Stacked
from spmatch.vocabulary import Table, Theme, load_answers, load_themes

Probabilities = npt.NDArray[np.float64]
"""(texts, themes) or (themes,), 0 to 1."""

Offers = npt.NDArray[np.float32]
"""(activities, themes): their probabilities, to single precision."""

Weights = npt.NDArray[np.floating[Any]]
"""(dimensions + 1, themes): logistic regressions side by side, the intercepts last."""

_Doubles = npt.NDArray[np.float64]

CHUNK_ROWS = 1024
"""Activities looked at together: their themes stay in the processor's cache."""

_WEIGHTS = ("need", "activity", "answer")


SAID_FROM = 0.25
"""Probability from which a theme counts as something that was written about."""
FOR_WHOM = 0.25
"""How much of the affinity is for whom an activity is; the rest is what it is."""
ANSWER_FROM = 0.02
"""Probability of need, answer and offer together from which an answer is put into words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A theme that was written about, and the theme of an activity that answers it (codes)."""

    theme: str
    by: str


@dataclass(frozen=True, slots=True)
class Wants:
    """What a person is after: the themes of the text, and how much each activity theme is wanted."""

    themes: Probabilities
    """(themes,): what was written is about, needs and wishes."""
    wanted: Probabilities
    """(activity themes,): how likely a link worker is to suggest it."""


class ThemeModel:
    """Reads themes off vectors. Made for one encoder; safe to call from many threads."""

    def __init__(
        self,
        themes: Sequence[Theme],
        need: Weights,
        activity: Weights,
        answer: Weights,
        table: Table,
    ) -> None:
        """``need`` and ``activity`` read all themes, ``answer`` the activity themes alone."""
        self.themes = tuple(themes)
        self.offered = tuple(i for i, theme in enumerate(themes) if theme.kind == "activity")
        self._offered = np.array(self.offered, dtype=np.intp)
        is_offer = np.isin(np.arange(len(self.themes)), self._offered)
        self._of_side = np.stack([is_offer, ~is_offer], axis=1).astype(np.float64)
        # In double precision, so that neither the number of threads nor what else is read with a text
        # can turn a decimal of an answer.
        self._need, self._activity, self._answer = (
            one.astype(np.float64) for one in (need, activity, answer)
        )
        self._stated = activity.tobytes()
        # Every part of a need answers a little: the chance that none of them asks for it.
        self._silence = np.log1p(-np.clip(table, 0.0, 0.99))
        self.table = table

    @property
    def reads(self) -> str:
        """Names how it reads activities: the same for two models that read the same off each."""
        digest = hashlib.sha256(self._stated)
        digest.update("\n".join(theme.code for theme in self.themes).encode())
        return digest.hexdigest()

    def themes_of_need(self, text: WrittenText) -> Probabilities:
        """(themes,): of the whole text or of a sentence of it, whichever is surer."""
        return np.asarray(_read(self._need, _pieces(text)).max(axis=0))

    def themes_of_activities(self, vectors: AnyVectors) -> Offers:
        """(texts, themes). What an activity gets does not depend on which others are read with it."""
        found = np.empty((len(vectors), len(self.themes)), dtype=np.float32)
        for begin in range(0, len(vectors), CHUNK_ROWS):
            some = vectors[begin : begin + CHUNK_ROWS].astype(np.float64)
            found[begin : begin + CHUNK_ROWS] = _read(self._activity, some)
        return found

    def wants(self, text: WrittenText) -> Wants:
        """What one text of a person asks for."""
        themes = self.themes_of_need(text)
        read = _read(self._answer, _pieces(text)).max(axis=0)
        known = -np.expm1(themes @ self._silence)
        return Wants(themes, np.sqrt(read * known))

    def wants_of(self, texts: Sequence[WrittenText]) -> Wants | None:
        """What all texts of a person together ask for; ``None`` without a text."""
        if not texts:
            return None
        each = [self.wants(text) for text in texts]
        return Wants(
            np.max([one.themes for one in each], axis=0),
            np.max([one.wanted for one in each], axis=0),
        )

    def affinity(self, wants: Wants, offers: Offers) -> Probabilities:
        """(texts,): how far activities are what is wanted, and for whom they are, 0 to 1.

        The cosine of what is wanted with what each activity (texts, themes) is, and of the person's
        needs with those that it suits, the second for a quarter.
        """
        wanted = np.zeros(len(self.themes))
        wanted[self._offered] = wants.wanted
        needed = wants.themes.copy()
        needed[self._offered] = 0.0
        sides = np.stack([wanted, needed], axis=1)
        length = np.linalg.norm(sides, axis=0)
        some = offers.astype(np.float64)
        alike = some @ sides
        lengths = np.sqrt(np.square(some, out=some) @ self._of_side)
        cosines = alike / np.maximum(length * lengths, 1e-12)
        found: Probabilities = np.round(cosines @ (1 - FOR_WHOM, FOR_WHOM), 9)
        return found

    def covered(self, wants: Wants, offers: Offers) -> Probabilities:
        """(texts, themes): how far each activity answers each theme of the person, 0 to 1.

        Only themes that count as written about (``SAID_FROM``); the others are 0.
        """
        found = np.zeros((len(offers), len(self.themes)))
        offered = offers[:, self._offered]
        for theme in np.flatnonzero(wants.themes >= SAID_FROM):
            answers = (offered * self.table[theme]).max(axis=1)
            found[:, theme] = wants.themes[theme] * answers
        return found

    def best_answers(self, wants: Wants, offers: Offers) -> list[Answer | None]:
        """The theme of the person that each activity (texts, themes) answers best, and with what.

        ``None`` when neither was clearly written about.
        """
        about = np.flatnonzero(wants.themes >= SAID_FROM)
        asked = wants.themes[about, None] * self.table[about]

        def best(offered: Offers) -> Answer | None:
            by = np.flatnonzero(offered >= SAID_FROM)
            if not len(about) or not len(by):
                return None
            strength = asked[:, by] * offered[by]
            theme, column = divmod(int(strength.argmax()), len(by))
            if strength[theme, column] < ANSWER_FROM:
                return None
            return Answer(
                self.themes[about[theme]].code, self.themes[self.offered[by[column]]].code
            )

        return [best(offered) for offered in offers[:, self._offered]]


@dataclass(frozen=True, slots=True)
class ThemeIndex:
    """The theme model beside the vectors of a catalogue."""

    model: ThemeModel
    vectors: AnyVectors
    known: Offers | Stacked | None = None
    """Of all activities, as ``model`` reads them; ``None``: read of those that are asked about."""

    def offers(self, rows: Rows) -> Offers:
        """(rows, themes): the themes of activities."""
        if self.known is not None:
            return self.known[rows]
        return self.model.themes_of_activities(self.vectors[rows])

    def affinity(self, wants: Wants, rows: Rows) -> Probabilities:
        """(rows,): how far each activity is what is wanted, 0 to 1."""
        found = np.empty(len(rows))
        # Few at a time: the themes of a whole country would fill the memory.
        for begin in range(0, len(rows), CHUNK_ROWS):
            some = rows[begin : begin + CHUNK_ROWS]
            found[begin : begin + len(some)] = self.model.affinity(wants, self.offers(some))
        return found

    def covered(self, wants: Wants, rows: Rows) -> Probabilities:
        """(rows, themes): how far each activity answers each theme of the person, 0 to 1."""
        return self.model.covered(wants, self.offers(rows))

    def repeats(self, wants: Wants) -> Callable[[int, Rows], Probabilities]:
        """How far activities repeat what one among them answers, 0 to 1.

        The share of what an activity answers that the one answers as well, times the share of the
        person's needs that the one leaves open: where it leaves none, nothing is lost by repeating.
        """
        about = np.flatnonzero(wants.themes >= SAID_FROM)
        asked = max(float(wants.themes[about].sum()), 1e-12)
        # The same few are asked about for each one that is chosen.
        looked_at: list[tuple[Rows, Probabilities, Probabilities]] = []

        def repeated(to: int, others: Rows) -> Probabilities:
            if not looked_at or looked_at[0][0] is not others:
                covered = self.covered(wants, others)[:, about]
                answered = np.maximum(covered.sum(axis=1), 1e-12)
                looked_at[:] = [(others, covered, answered)]
            _, covered, answered = looked_at[0]
            one = covered[int(np.flatnonzero(others == to)[0])]
            again = np.minimum(covered, one).sum(axis=1) / answered
            left_open = 1 - one.sum() / asked
            found: Probabilities = np.round(again * left_open, 9)
            return found

        return repeated

    def best_answers(self, wants: Wants, rows: Rows) -> list[Answer | None]:
        """What each activity answers best of what was written; ``None`` when nothing clearly."""
        return self.model.best_answers(wants, self.offers(rows))


def _pieces(text: WrittenText) -> _Doubles:
    return np.concatenate([text.whole, text.sentences], dtype=np.float64)


def _read(weights: _Doubles, vectors: _Doubles) -> Probabilities:
    logits = vectors @ weights[:-1] + weights[-1]
    found: Probabilities = 1.0 / (1.0 + np.exp(-logits))
    # A text without content is about nothing.
    found[~vectors.any(axis=1)] = 0.0
    return found


def load_theme_model(
    identity: EncoderIdentity, overrides: Mapping[str, Mapping[str, float]] | None = None
) -> ThemeModel | None:
    """The shipped theme model, if it was made for this encoder.

    ``overrides`` replace single answers of the table: theme → activity theme → 0 to 1. Raises
    ``ThemesError`` when a part is damaged, or an override names what is no theme.
    """
    folder = material("models", "themes")
    stated = _manifest(folder)
    if stated["encoder"] != identity.sha256:
        return None
    themes = load_themes()
    if stated["themes"] != [theme.code for theme in themes]:
        raise ThemesError(
            "The theme model was made for other themes than catalogue/vocabularies/themes.toml holds. "
            "Run models/themes/build.py."
        )
    need, activity, answer = (_weights(folder, name, stated["files"]) for name in _WEIGHTS)
    return ThemeModel(themes, need, activity, answer, load_answers(overrides))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        stated: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ThemesError(
            f"The theme model in {folder} is not complete. Install spmatch again."
        ) from None
    return stated


def _weights(folder: Path, name: str, hashes: Mapping[str, str]) -> Weights:
    path = folder / f"{name}.npy"
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found == hashes.get(path.name):
            weights: Weights = np.load(path, allow_pickle=False)
            return weights
    except OSError:
        pass
    raise ThemesError(f"{path} is missing or was altered. Install spmatch again.")
