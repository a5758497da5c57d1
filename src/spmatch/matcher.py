"""Wires the stages of a match. Holds no rules of its own and no state of any request."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.columns import Floats, build_columns
from spmatch.config import Config
from spmatch.constraints import Judgement, Person, judge, judge_from_activity
from spmatch.contracts import Encoder, Progress, Rows, Similarities
from spmatch.encoders import DEFAULT_ENCODER, build_encoder
from spmatch.explanation import (
    Quote,
    contributions_of,
    questions_of,
    reasons_of,
    verdicts_of,
)
from spmatch.factors import Factor, build_factors
from spmatch.geography import Gazetteer, great_circle_km, shipped_gazetteer
from spmatch.indexes import IndexKind, build_index
from spmatch.meaning import (
    MeaningIndex,
    WrittenText,
    activity_sentences,
    activity_text,
    calibrate,
    encode_catalogue,
    write_texts,
)
from spmatch.messages import Message, Terms
from spmatch.profile import Profile
from spmatch.ranking import contribute, penalise, rank, total
from spmatch.relaxation import fails, loosen
from spmatch.sessions import days_until, next_session
from spmatch.snapshot import Snapshot, load_snapshot, save_snapshot
from spmatch.suggestion import (
    CatalogueSummary,
    Confidence,
    Relaxation,
    Response,
    Suggestion,
    WhyNot,
)
from spmatch.wording import ReaderLanguage, Wording, wording

UnknownRule = Literal["keep", "exclude"]

EXAMPLES = 5
"""How many activities a relaxation names."""


@dataclass(frozen=True, slots=True)
class _Query:
    """A profile, resolved: the person's facts, the written texts as vectors, the judged limits."""

    profile: Profile
    person: Person
    days: Floats
    answers: Mapping[str, WrittenText]
    avoid: WrittenText | None
    judgements: tuple[Judgement, ...]
    factors: tuple[Factor, ...]
    exclude_unknown: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    """Rows with their fit to the texts and the parts of their scores, variety excepted."""

    rows: Rows
    fits: Mapping[str, Similarities]
    best_fit: Similarities
    avoid_share: Similarities
    parts: Mapping[str, Floats]

    def at(self, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> _Scored:
        return _Scored(
            self.rows[keep],
            {name: fit[keep] for name, fit in self.fits.items()},
            self.best_fit[keep],
            self.avoid_share[keep],
            {name: part[keep] for name, part in self.parts.items()},
        )


class Matcher:
    """Finds the activities of one catalogue that suit a person. Safe to call from many threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        config: Config | None = None,
        *,
        gazetteer: Gazetteer | None = None,
        index: IndexKind = "exact",
    ) -> None:
        self._config = config or Config.default()
        self._snapshot = snapshot
        self._gazetteer = gazetteer
        self._columns = build_columns(snapshot.catalogue.activities)
        self._sentences = activity_sentences(
            snapshot.catalogue.activities, self._config.text.sentence_characters_min
        )
        self._meaning = MeaningIndex(
            build_index(snapshot.vectors, index),
            build_index(snapshot.sentence_vectors, index),
            self._sentences.offsets,
            snapshot.calibration,
            self._config.meaning.sentence_share,
        )

    @classmethod
    def build(
        cls,
        catalogue: Catalogue | Iterable[Activity],
        *,
        encoder: str | Encoder = DEFAULT_ENCODER,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        index: IndexKind = "exact",
        progress: Progress | None = None,
    ) -> Matcher:
        """Encode a catalogue. ``encoder`` is a name, a folder, a hub name, or an encoder.

        Raises ``EncoderError`` or ``MissingExtraError`` when the encoder cannot be made.
        """
        config = config or Config.default()
        if not isinstance(catalogue, Catalogue):
            catalogue = Catalogue(catalogue)
        activities = catalogue.activities
        if isinstance(encoder, str):
            encoder = build_encoder(encoder, [activity_text(activity) for activity in activities])
        characters_min = config.text.sentence_characters_min
        sentences = activity_sentences(activities, characters_min)
        vectors, sentence_vectors = encode_catalogue(encoder, activities, sentences, progress)
        calibration = calibrate(encoder, config.meaning.sentence_share, characters_min)
        snapshot = Snapshot(catalogue, vectors, sentence_vectors, encoder, calibration)
        return cls(snapshot, config, gazetteer=gazetteer, index=index)

    @classmethod
    def load(
        cls,
        directory: Path | str,
        *,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        index: IndexKind = "exact",
    ) -> Matcher:
        """Read a snapshot. Raises ``SnapshotError`` when it is missing, damaged or does not fit."""
        config = config or Config.default()
        return cls(load_snapshot(Path(directory), config), config, gazetteer=gazetteer, index=index)

    def save(self, directory: Path | str) -> None:
        """Write the snapshot that ``load`` reads; it takes over from an older one atomically."""
        save_snapshot(self._snapshot, Path(directory), self._config)

    @property
    def catalogue(self) -> Catalogue:
        return self._snapshot.catalogue

    @property
    def config(self) -> Config:
        return self._config

    def match(
        self,
        profile: Profile | Mapping[str, object],
        *,
        k: int = 5,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
    ) -> Response:
        """The ``k`` activities that suit a person best, with reasons, questions and relaxations.

        ``language`` is that of the explanations (the profile's when not given, else English);
        ``unknown="exclude"`` leaves out activities that do not state what a limit of the person
        asks; ``on`` is the day to match for (today when not given). Raises ``ProfileError`` or
        ``PlaceError``.
        """
        if k < 1:
            raise ValueError("k is at least 1")
        profile = profile if isinstance(profile, Profile) else Profile.read(profile)
        words = wording(language or _reader_language(profile))
        started = time.perf_counter()
        query = self._query(profile, on or date.today(), unknown)
        encoded = time.perf_counter()

        failing = fails(query.judgements, exclude_unknown=query.exclude_unknown)
        broken = np.sum([one for _, one in failing], axis=0)
        scored = self._score(query, np.flatnonzero(broken == 0))
        suitable = scored.at(self._suits(query, scored))
        excluded = {one.limit: int(codes.sum()) for one, codes in failing if codes.any()}
        if misfits := len(scored.rows) - len(suitable.rows):
            excluded["meaning"] = misfits

        vectors = self._snapshot.vectors
        ranked = rank(
            suitable.rows,
            suitable.parts,
            k,
            self._columns,
            self._config.variety,
            lambda row, rows: self._meaning.likeness(row, rows, vectors),
        )
        searched = time.perf_counter()

        place = {int(row): i for i, row in enumerate(suitable.rows)}
        suggestions = tuple(
            self._suggestion(
                number, one.row, one.score, one.contributions, suitable, place, query, words
            )
            for number, one in enumerate(ranked, start=1)
        )
        relaxations = self._relaxations(query, k - len(ranked), words) if len(ranked) < k else ()
        finished = time.perf_counter()
        return Response(
            profile_id=profile.id,
            suggestions=suggestions,
            excluded=excluded,
            relaxations=relaxations,
            confidence=self._confidence([place[one.row] for one in ranked], suitable, query),
            notices=query.notices,
            timing_ms={
                "encode": round((encoded - started) * 1000, 3),
                "search": round((searched - encoded) * 1000, 3),
                "explain": round((finished - searched) * 1000, 3),
            },
            catalogue=CatalogueSummary(
                id=self.catalogue.id, hash=self.catalogue.hash, activities=len(self.catalogue)
            ),
            config_hash=self._config.hash,
            encoder=self._snapshot.encoder.identity.name,
        )

    def match_many(
        self,
        profiles: Iterable[Profile],
        *,
        k: int = 5,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
    ) -> Iterator[Response]:
        """One response for each profile, in order, as they are ready."""
        for profile in profiles:
            yield self.match(profile, k=k, language=language, unknown=unknown, on=on)

    def why(
        self,
        activity_id: str,
        profile: Profile | Mapping[str, object],
        *,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
    ) -> WhyNot:
        """Every limit that an activity fails for a person, and where it stands otherwise.

        Raises ``UnknownActivityError`` besides what ``match`` raises.
        """
        profile = profile if isinstance(profile, Profile) else Profile.read(profile)
        words = wording(language or _reader_language(profile))
        row = self.catalogue.row(activity_id)
        query = self._query(profile, on or date.today(), unknown)
        failing = fails(query.judgements, exclude_unknown=query.exclude_unknown)
        one = self._score(query, np.array([row]))
        fits_text = bool(self._suits(query, one)[0])
        failed = {judgement.limit for judgement, codes in failing if codes[row]}
        verdicts = verdicts_of(row, query.judgements, words)
        against = tuple(v for v in verdicts if v.kind == "must" and v.limit in failed)
        said = [
            words.say(
                Message("why.fails", {"limit": Terms("limit", (v.limit,)), "detail": v.detail})
            )
            for v in against
        ]
        if not fits_text:
            said.append(words.say(Message("why.meaning")))
        suits = not failed and fits_text
        parts = {name: float(part[0]) for name, part in one.parts.items()}
        score = float(total(one.parts)[0])
        standing = None
        if suits:
            said.append(words.say(Message("why.suits")))
            broken = np.sum([codes for _, codes in failing], axis=0)
            others = self._score(query, np.flatnonzero(broken == 0))
            others = others.at(self._suits(query, others))
            scores = total(others.parts)
            ahead = (scores > score) | ((scores == score) & (others.rows < row))
            standing = int(ahead.sum()) + 1
        factors = self._all_factors(query, one)
        return WhyNot(
            activity=self.catalogue.activities[row],
            suits=suits,
            fails=against,
            verdicts=verdicts,
            reasons=tuple(said),
            rank=standing,
            score=score,
            contributions=contributions_of(row, parts, factors, query.judgements, words),
        )

    def _query(self, profile: Profile, today: date, unknown: UnknownRule) -> _Query:
        config = self._config
        distances_km, radius_km = None, 0.0
        if profile.origin is not None:
            origin = (self._gazetteer or shipped_gazetteer()).locate(profile.origin)
            distances_km = great_circle_km(origin, self._columns.lat, self._columns.lon)
            radius_km = origin.radius_km
        person = Person(
            today=today,
            distances_km=distances_km,
            radius_km=radius_km,
            age=profile.age,
            gender=profile.gender,
            languages=profile.languages,
            concessions=profile.concessions,
        )
        texts = {
            name: text
            for name in ("needs", "interests", "avoid")
            if (text := (getattr(profile, name) or "").strip())
        }
        written = write_texts(
            self._snapshot.encoder,
            list(texts.values()),
            [profile.text_language] * len(texts),
            config.text.sentence_characters_min,
        )
        by_name = dict(zip(texts, written, strict=True))
        avoid = by_name.pop("avoid", None)
        days = days_until(self._columns.sessions, today)
        judgements = (
            *judge(self._columns, person, profile.must, "must", config.limits),
            *judge_from_activity(self._columns, person),
            *judge(self._columns, person, profile.prefer, "prefer", config.limits),
        )
        factors = build_factors(self._columns, person, profile.must, profile.prefer, days, config)
        return _Query(
            profile=profile,
            person=person,
            days=days,
            answers=by_name,
            avoid=avoid,
            judgements=judgements,
            factors=tuple(factors),
            exclude_unknown=unknown == "exclude",
            notices=(),
        )

    def _score(self, query: _Query, rows: Rows) -> _Scored:
        settings = self._config.meaning
        fits = {name: self._meaning.fit(text, rows) for name, text in query.answers.items()}
        values: dict[str, Floats] = {}
        best_fit = np.ones(len(rows))
        if fits:
            best_fit = np.max(list(fits.values()), axis=0)
            shares = {"needs": settings.needs_share, "interests": 1 - settings.needs_share}
            whole = sum(shares[name] for name in fits) or 1.0
            values["meaning"] = sum(
                (shares[name] / whole * fit for name, fit in fits.items()), np.zeros(len(rows))
            )
        for factor in query.factors:
            values[factor.name] = factor.values[rows]
        parts = contribute(values, self._config.weights)
        avoid_share = np.zeros(len(rows))
        if query.avoid is not None:
            likeness = self._meaning.fit(query.avoid, rows)
            avoid_share = np.clip(
                (likeness - settings.avoid_from) / (1 - settings.avoid_from), 0, 1
            )
            parts["avoid"] = np.round(-settings.avoid_weight * avoid_share, 6) + 0.0
        parts.update(penalise(query.judgements, rows, self._config.penalties))
        return _Scored(rows, fits, best_fit, avoid_share, parts)

    def _suits(self, query: _Query, scored: _Scored) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the text of an activity fits at all what was written."""
        return np.asarray(scored.best_fit >= self._config.confidence.floor)

    def _confidence(self, places: Sequence[int], suitable: _Scored, query: _Query) -> Confidence:
        """None without a suggestion; good when one of the first three fits what was written well."""
        if not places:
            return "none"
        best = max(float(suitable.best_fit[i]) for i in places[:3])
        return "good" if query.answers and best >= self._config.confidence.good else "weak"

    def _all_factors(self, query: _Query, scored: _Scored) -> tuple[Factor, ...]:
        """The factors with meaning and ``avoid``, whose details tell the fit of these rows."""
        place = {int(row): i for i, row in enumerate(scored.rows)}

        def meaning(row: int) -> Message:
            best = float(scored.best_fit[place[row]])
            parts = Terms("profile", tuple(scored.fits))
            return Message("factor.meaning", {"fit": best, "parts": parts})

        def avoid(row: int) -> Message:
            return Message("factor.avoid", {"fit": float(scored.avoid_share[place[row]])})

        no_values = np.empty(0)
        return (
            Factor("meaning", no_values, meaning),
            *query.factors,
            Factor("avoid", no_values, avoid),
        )

    def _suggestion(
        self,
        number: int,
        row: int,
        score: float,
        parts: Mapping[str, float],
        suitable: _Scored,
        place: Mapping[int, int],
        query: _Query,
        words: Wording,
    ) -> Suggestion:
        activity = self.catalogue.activities[row]
        profile, person = query.profile, query.person
        when = next_session(self._columns, row, query.days, person.today)
        distances = person.distances_km
        near = distances is not None and not np.isnan(distances[row])
        at = place[row]
        return Suggestion(
            rank=number,
            activity=activity,
            score=score,
            contributions=contributions_of(
                row, parts, self._all_factors(query, suitable), query.judgements, words
            ),
            verdicts=verdicts_of(row, query.judgements, words),
            reasons=reasons_of(
                row,
                activity,
                self._columns,
                person,
                query.judgements,
                self._config.limits,
                (profile.must, profile.prefer),
                self._quote(row, at, suitable, query),
                float(suitable.avoid_share[at]),
                when,
                words,
            ),
            ask=questions_of(row, query.judgements, words),
            distance_km=round(float(distances[row]), 2) if near and distances is not None else None,
            next_session=when,
        )

    def _quote(self, row: int, at: int, suitable: _Scored, query: _Query) -> Quote | None:
        """The best sentence for the text of the profile that the activity answers best."""
        if not suitable.fits:
            return None
        answers = max(suitable.fits, key=lambda name: float(suitable.fits[name][at]))
        number, _ = self._meaning.best_sentence(query.answers[answers], row)
        fits = float(suitable.fits[answers][at]) >= self._config.confidence.floor
        activity = self.catalogue.activities[row]
        sentence = self._sentences.texts[number] if activity.description else ""
        return Quote(answers=answers, sentence=sentence, fits=fits)

    def _relaxations(self, query: _Query, wanted: int, words: Wording) -> tuple[Relaxation, ...]:
        def suits(rows: Rows) -> Rows:
            return rows[self._suits(query, self._score(query, rows))]

        found = []
        for option in loosen(
            self._columns,
            query.person,
            query.profile.must,
            query.judgements,
            self._config.limits,
            wanted=wanted,
            exclude_unknown=query.exclude_unknown,
            suits=suits,
        ):
            gained = self._score(query, option.rows)
            order = np.lexsort((option.rows, -total(gained.parts)))[:EXAMPLES]
            found.append(
                Relaxation(
                    limit=option.limit,
                    from_value=option.from_value,
                    to_value=option.to_value,
                    gains=len(option.rows),
                    examples=tuple(self.catalogue.activities[option.rows[i]].id for i in order),
                    text=words.say(option.message(len(option.rows))),
                )
            )
        return tuple(found)


def _reader_language(profile: Profile) -> ReaderLanguage:
    return "da" if profile.text_language == "da" else "en"
