"""Wires the stages of a match. Holds no rules of its own and no state of any request."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from spmatch.activity import Activity
from spmatch.building import build_snapshot
from spmatch.calibration import Fit
from spmatch.catalogue import Catalogue
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.contracts import DetectsLanguage, Encoder, Progress, Rows
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.explanation import (
    Quote,
    cautions_of,
    contributions_of,
    questions_of,
    reasons_of,
    verdicts_of,
)
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.indexes import IndexKind, build_index
from spmatch.meaning import TextIndex
from spmatch.messages import Message, Terms
from spmatch.profile import Profile
from spmatch.query import Query, build_query
from spmatch.ranking import Ranked, rank, total
from spmatch.relaxation import fails, loosen
from spmatch.scoring import Scored, confidence_of, score_rows
from spmatch.sessions import next_session
from spmatch.snapshot import Snapshot, load_snapshot, save_snapshot
from spmatch.suggestion import CatalogueSummary, Relaxation, Response, Suggestion, WhyNot
from spmatch.wording import READER_LANGUAGES, ReaderLanguage, Wording, wording

UnknownRule = Literal["keep", "exclude"]

EXAMPLES = 5
"""How many activities a relaxation names."""


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
        self._gazetteer = gazetteer or shipped_gazetteer()
        self._columns = build_columns(snapshot.catalogue.activities, self._gazetteer.place)
        activities = snapshot.catalogue.activities
        characters_min = self._config.text.sentence_characters_min
        sentence_share = self._config.meaning.sentence_share
        self._texts = TextIndex(
            build_index(snapshot.vectors, index),
            build_index(snapshot.sentence_vectors, index),
            snapshot.sentences.offsets,
            sentence_share,
        )
        self._fit = Fit(snapshot.calibration, activities, sentence_share, characters_min)

    @classmethod
    def build(
        cls,
        catalogue: Catalogue | Iterable[Activity],
        *,
        encoder: str | Encoder = DEFAULT_ENCODER,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        index: IndexKind = "exact",
        threads: int | None = None,
        reuse: Matcher | None = None,
        progress: Progress | None = None,
    ) -> Matcher:
        """Encode a catalogue. ``encoder`` is a name, a folder, a hub name, or an encoder.

        ``threads`` is for the encoders that take a number of them. Texts that ``reuse`` encoded
        with the same encoder are not encoded again. Raises ``EncoderError`` or
        ``MissingExtraError`` when the encoder cannot be made.
        """
        config = config or Config.default()
        if not isinstance(catalogue, Catalogue):
            catalogue = Catalogue(catalogue)
        snapshot = build_snapshot(
            catalogue,
            encoder,
            config,
            threads=threads,
            reuse=reuse._snapshot if reuse else None,
            progress=progress,
        )
        return cls(snapshot, config, gazetteer=gazetteer, index=index)

    @classmethod
    def load(
        cls,
        directory: Path | str,
        *,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        index: IndexKind = "exact",
        threads: int | None = None,
    ) -> Matcher:
        """Read a snapshot. Raises ``SnapshotError`` when it is missing, damaged or does not fit."""
        config = config or Config.default()
        snapshot = load_snapshot(Path(directory), config, threads=threads)
        return cls(snapshot, config, gazetteer=gazetteer, index=index)

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
        words = wording(language or self.reader_language(profile))
        started = time.perf_counter()
        query = self._query(profile, on or date.today())
        encoded = time.perf_counter()

        failing = fails(query.judgements, exclude_unknown=unknown == "exclude")
        broken = np.sum([one for _, one in failing], axis=0)
        scored = self._score(query, np.flatnonzero(broken == 0))
        suitable = self._suitable(scored)
        excluded = {one.limit: int(codes.sum()) for one, codes in failing if codes.any()}
        if misfits := len(scored.rows) - len(suitable.rows):
            excluded["meaning"] = misfits

        ranked = self._rank(suitable, k)
        searched = time.perf_counter()

        suggestions = tuple(
            self._suggestion(number, one, suitable, query, words)
            for number, one in enumerate(ranked, start=1)
        )
        relaxations: tuple[Relaxation, ...] = ()
        if len(ranked) < k:
            relaxations = self._relaxations(query, k - len(ranked), unknown, words)
        finished = time.perf_counter()
        return Response(
            profile_id=profile.id,
            suggestions=suggestions,
            excluded=excluded,
            relaxations=relaxations,
            confidence=confidence_of(
                [float(suitable.best_fit[suitable.place(one.row)]) for one in ranked],
                query,
                self._config.confidence.good,
            ),
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
        words = wording(language or self.reader_language(profile))
        row = self.catalogue.row(activity_id)
        query = self._query(profile, on or date.today())
        failing = fails(query.judgements, exclude_unknown=unknown == "exclude")
        one = self._score(query, np.array([row]))
        fits_text = bool(one.suits(self._config.confidence.floor)[0])
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
            others = self._suitable(self._score(query, np.flatnonzero(broken == 0)))
            order = [place.row for place in self._rank(others, len(others.rows))]
            standing = order.index(row) + 1
        factors = one.factors_with_texts(query)
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

    def reader_language(self, profile: Profile) -> ReaderLanguage:
        """The language that answers are explained in when none is asked for: that of the profile."""
        stated = profile.text_language
        text = " ".join(filter(None, [profile.needs, profile.interests]))
        if stated in READER_LANGUAGES:
            return "da" if stated == "da" else "en"
        encoder = self._snapshot.encoder
        if text and stated is None and isinstance(encoder, DetectsLanguage):
            return encoder.language(text)
        return "en"

    def _query(self, profile: Profile, today: date) -> Query:
        return build_query(
            profile,
            self._columns,
            self._snapshot.encoder,
            self._gazetteer,
            self._config,
            today,
        )

    def _score(self, query: Query, rows: Rows) -> Scored:
        return score_rows(query, rows, self._texts, self._fit, self._config)

    def _rank(self, suitable: Scored, k: int) -> list[Ranked]:
        vectors = self._snapshot.vectors
        return rank(
            suitable.rows,
            suitable.parts,
            k,
            self._columns,
            self._config.variety,
            lambda row, rows: self._texts.likeness(vectors[row : row + 1], rows),
        )

    def _suitable(self, scored: Scored) -> Scored:
        return scored.at(scored.suits(self._config.confidence.floor))

    def _suggestion(
        self, number: int, ranked: Ranked, suitable: Scored, query: Query, words: Wording
    ) -> Suggestion:
        row, person = ranked.row, query.person
        activity = self.catalogue.activities[row]
        # The next one that the person can come to; where none fits, the next one there is.
        when = next_session(self._columns, row, query.fitting_days, person.today)
        when = when or next_session(self._columns, row, query.days, person.today)
        distance_km = None
        if person.distances_km is not None and not np.isnan(person.distances_km[row]):
            distance_km = round(float(person.distances_km[row]), 2)
        return Suggestion(
            rank=number,
            activity=activity,
            score=ranked.score,
            contributions=contributions_of(
                row,
                ranked.contributions,
                suitable.factors_with_texts(query),
                query.judgements,
                words,
            ),
            verdicts=verdicts_of(row, query.judgements, words),
            reasons=reasons_of(
                row,
                activity,
                self._columns,
                person,
                query.judgements,
                self._config.limits,
                (query.profile.must, query.profile.prefer),
                self._quote(row, suitable, query),
                when,
                words,
            ),
            cautions=cautions_of(
                row,
                activity,
                person,
                query.judgements,
                float(suitable.avoid_share[suitable.place(row)]),
                words,
            ),
            ask=questions_of(row, query.judgements, words),
            distance_km=distance_km,
            next_session=when,
        )

    def _quote(self, row: int, suitable: Scored, query: Query) -> Quote | None:
        """The best sentence for the text of the profile that the activity answers best, if not its title."""
        if not suitable.fits:
            return None
        at = suitable.place(row)
        answers = max(suitable.fits, key=lambda name: float(suitable.fits[name][at]))
        number, _ = self._texts.best_sentence(query.answers[answers], row)
        fits = float(suitable.fits[answers][at]) >= self._config.confidence.floor
        is_title = number == self._snapshot.sentences.offsets[row]
        sentence = "" if is_title else self._snapshot.sentences.texts[number]
        return Quote(answers=answers, sentence=sentence, fits=fits)

    def _relaxations(
        self, query: Query, wanted: int, unknown: UnknownRule, words: Wording
    ) -> tuple[Relaxation, ...]:
        def suits(rows: Rows) -> Rows:
            return self._suitable(self._score(query, rows)).rows

        found = []
        for option in loosen(
            self._columns,
            query.person,
            query.profile.must,
            query.judgements,
            self._config.limits,
            wanted=wanted,
            exclude_unknown=unknown == "exclude",
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
