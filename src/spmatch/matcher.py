"""Wires the stages of a match. Holds no rules of its own and no state of any request."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from spmatch.activity import Activity
from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.contracts import Encoder, EncoderIdentity, Progress, Rows
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.indexes import IndexKind
from spmatch.judging import Judge
from spmatch.meaning import EncodedCatalogue
from spmatch.plan_record import Plan
from spmatch.planner import plan_week
from spmatch.presentation import Presenter
from spmatch.profile import Budget, Profile
from spmatch.query import Query, build_query, reader_language
from spmatch.ranking import Likeness, Ranked, as_they_stand, nothing_alike, rank
from spmatch.relaxation import loosen
from spmatch.safety import load_contacts, notices_of
from spmatch.scoring import Scored, confidence_of, score_rows
from spmatch.selecting import Sieve
from spmatch.snapshot import Snapshot, load_made, save_snapshot
from spmatch.stock import Stock, build_stock, merge_stock, shelve
from spmatch.suggestion import (
    CatalogueSummary,
    Notice,
    Relaxation,
    Response,
    Search,
    Suggestion,
    WhyNot,
)
from spmatch.updating import update_stock
from spmatch.wording import ReaderLanguage, Wording, wording

UnknownRule = Literal["keep", "exclude"]


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
        self._gazetteer = gazetteer or shipped_gazetteer()
        self._contacts = load_contacts(self._config.safety.contacts)
        self._take(build_stock(snapshot, self._config, self._gazetteer, index))

    def _take(self, stock: Stock) -> None:
        self._stock, self._snapshot, self._facts = stock, stock.snapshot, stock.facts
        self._judge = Judge(self._facts, self._config)
        self._shelf = shelve(stock, self._config)
        self._presenter = Presenter(
            stock.snapshot.catalogue, self._shelf, stock.snapshot.sentences, self._config
        )

    def _with(self, stock: Stock) -> Matcher:
        if stock is self._stock:
            return self
        other = copy(self)
        other._take(stock)
        return other

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
            gazetteer=gazetteer,
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
        make = partial(cls, config=config, gazetteer=gazetteer, index=index)
        return load_made(Path(directory), config, make, threads)

    def save(self, directory: Path | str) -> None:
        """Write the snapshot that ``load`` reads; it takes over from an older one atomically."""
        save_snapshot(self._snapshot, Path(directory), self._config)

    def updated(
        self,
        changed: Iterable[Activity] | EncodedCatalogue,
        withdrawn: Iterable[str] = (),
        *,
        catalogue_id: str | None = None,
        progress: Progress | None = None,
    ) -> Matcher:
        """A matcher of the catalogue with some activities added or replaced, and others withdrawn.

        This one goes on answering as before, to the end of whatever is asked of it; what both hold is
        in memory once. Of the texts only those are encoded that are other than before; none, when
        ``changed`` comes with its vectors (by the same encoder). Of an id that is changed twice the
        last holds; one to withdraw that is not there is passed over. Raises ``CatalogueError`` when an
        id is changed and withdrawn at once.
        """
        now = update_stock(
            self._stock, changed, withdrawn, self._config, catalogue_id, progress=progress
        )
        return self._with(now)

    def merged(self, *, beyond: float = 0.0) -> Matcher:
        """The same with its vectors in one array; this very one unless more of them than this part
        (0 to 1) stand beside it, or are of nothing any more, after updates."""
        return self._with(merge_stock(self._stock)) if self._stock.beside > beyond else self

    @property
    def catalogue(self) -> Catalogue:
        return self._snapshot.catalogue

    @property
    def config(self) -> Config:
        return self._config

    @property
    def encoder(self) -> EncoderIdentity:
        """Which encoder made the vectors that are compared."""
        return self._snapshot.encoder.identity

    def match(
        self,
        profile: Profile | Mapping[str, object],
        *,
        k: int = 5,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
        plan: bool = False,
        budget: Budget | None = None,
    ) -> Response:
        """The ``k`` activities that suit a person best, with reasons, questions and relaxations.

        ``language`` is that of the explanations (the profile's when not given, else English);
        ``unknown="exclude"`` leaves out activities that do not state what a limit of the person
        asks; ``on`` is the day to match for (today when not given). With ``plan`` the response also holds
        a small week of activities that go together, within ``budget`` (that of the profile when not
        given). Raises ``ProfileError`` or ``PlaceError``.
        """
        if k < 1:
            raise ValueError("k is at least 1")
        profile = profile if isinstance(profile, Profile) else Profile.read(profile)
        words = wording(language or self.reader_language(profile))
        started = time.perf_counter()
        query = self._query(profile, on or date.today())
        encoded = time.perf_counter()

        sieve = self._sieve(query, unknown)
        scored = self._score(query, sieve.rows())
        suitable = self._suitable(scored)
        excluded = sieve.excluded()
        if misfits := len(scored.rows) - len(suitable.rows):
            excluded["meaning"] = misfits

        ranked = self._rank(suitable, query, k)
        searched = time.perf_counter()

        suggestions = self._presenter.suggestions(ranked, suitable, query, words)
        lacking = k - len(ranked)
        relaxations = self._relaxations(query, sieve, lacking, words) if lacking else ()
        notices = self._notices(profile, words)
        week = self._plan(query, suitable, budget, words) if plan else None
        finished = time.perf_counter()
        return Response(
            profile_id=profile.id,
            suggestions=suggestions,
            excluded=excluded,
            relaxations=relaxations,
            notices=notices,
            plan=week,
            confidence=confidence_of([one.fit for one in suggestions]),
            search=Search(scan=sieve.scan, candidates=sieve.candidates(), scored=len(scored.rows)),
            timing_ms={
                "encode": round((encoded - started) * 1000, 3),
                "search": round((searched - encoded) * 1000, 3),
                "explain": round((finished - searched) * 1000, 3),
            },
            catalogue=CatalogueSummary(
                id=self.catalogue.id, hash=self.catalogue.hash, activities=len(self.catalogue)
            ),
            config_hash=self._config.hash,
            encoder=self.encoder.name,
        )

    def match_many(
        self,
        profiles: Iterable[Profile],
        *,
        k: int = 5,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
        plan: bool = False,
        budget: Budget | None = None,
    ) -> Iterator[Response]:
        """One response for each profile, in order, as they are ready."""
        for profile in profiles:
            yield self.match(
                profile,
                k=k,
                language=language,
                unknown=unknown,
                on=on,
                plan=plan,
                budget=budget,
            )

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
        sieve = self._sieve(query, unknown)
        one = self._score(query, np.array([row]))
        failed = sieve.falls_to(row)
        standing = None
        if not failed and one.suits(self._config.confidence.floor)[0]:
            others = self._suitable(self._score(query, sieve.rows()))
            order = [place.row for place in self._rank(others, query, len(others.rows))]
            standing = order.index(row) + 1
        (alone,) = as_they_stand(one.rows, one.parts)
        return self._presenter.why_not(alone, one, query, failed, standing, words)

    def chosen(
        self,
        activity_ids: Sequence[str],
        profile: Profile | Mapping[str, object],
        *,
        language: ReaderLanguage | None = None,
        on: date | None = None,
    ) -> tuple[Suggestion, ...]:
        """The activities that somebody chose, in their order, as suggestions for this person.

        They are told as ``match`` tells them, whether they suit or not, and nothing is taken off for
        variety. Raises ``UnknownActivityError`` besides what ``match`` raises.
        """
        profile = profile if isinstance(profile, Profile) else Profile.read(profile)
        words = wording(language or self.reader_language(profile))
        rows = np.array([self.catalogue.row(one) for one in dict.fromkeys(activity_ids)], np.intp)
        query = self._query(profile, on or date.today())
        scored = self._score(query, np.sort(rows))
        told = {one.row: one for one in as_they_stand(scored.rows, scored.parts)}
        return self._presenter.suggestions(
            [told[row] for row in rows.tolist()], scored, query, words
        )

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that are known to this matcher."""
        return self._gazetteer

    def reader_language(self, profile: Profile) -> ReaderLanguage:
        """The language that answers are explained in when none is asked for: that of the profile."""
        return reader_language(profile, self._snapshot.encoder)

    def _query(self, profile: Profile, today: date) -> Query:
        return build_query(
            profile,
            self._facts,
            self._judge,
            self._snapshot.encoder,
            self._shelf.themes.model if self._shelf.themes else None,
            self._gazetteer,
            self._config,
            today,
        )

    def _sieve(self, query: Query, unknown: UnknownRule) -> Sieve:
        return Sieve.of(self._facts, query.judgements, exclude_unknown=unknown == "exclude")

    def _score(self, query: Query, rows: Rows) -> Scored:
        return score_rows(query, rows, self._shelf, self._config)

    def _rank(self, suitable: Scored, query: Query, k: int) -> list[Ranked]:
        vectors = self._snapshot.vectors
        repeats: Likeness = nothing_alike
        if self._shelf.themes and query.wants:
            repeats = self._shelf.themes.repeats(query.wants)
        return rank(
            suitable.rows,
            suitable.parts,
            k,
            self._facts,
            self._config.variety,
            lambda row, rows: self._shelf.texts.likeness(vectors[row : row + 1], rows),
            repeats,
        )

    def _suitable(self, scored: Scored) -> Scored:
        return scored.at(scored.suits(self._config.confidence.floor))

    def _notices(self, profile: Profile, words: Wording) -> tuple[Notice, ...]:
        texts = {
            name: text
            for name in ("needs", "interests", "avoid")
            if (text := getattr(profile, name))
        }
        return notices_of(texts, profile.text_language, self._contacts, words)

    def _plan(self, query: Query, suitable: Scored, budget: Budget | None, words: Wording) -> Plan:
        return plan_week(
            query,
            suitable,
            self.catalogue.activities,
            self._shelf.themes,
            budget=budget,
            settings=self._config.plan,
            limits=self._config.limits,
            needs_share=self._config.meaning.needs_share,
            words=words,
        )

    def _relaxations(
        self, query: Query, sieve: Sieve, wanted: int, words: Wording
    ) -> tuple[Relaxation, ...]:
        def suits(rows: Rows) -> Rows:
            return self._suitable(self._score(query, rows)).rows

        return tuple(
            self._presenter.relaxation(option, self._score(query, option.rows), words)
            for option in loosen(
                sieve,
                query.person,
                query.profile.must,
                self._judge,
                query.prices,
                self._config.limits,
                wanted=wanted,
                suits=suits,
            )
        )
