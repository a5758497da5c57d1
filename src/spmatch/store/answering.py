"""Answers inside the database, exactly, for a catalogue that is not held in memory.

The database applies the hard limits and counts; what survives comes here, with its vectors, and is judged,
scored, ranked and explained by the engine itself. No text of a profile, and no vector of one, is sent.
"""

from __future__ import annotations

import heapq
import math
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from spmatch.activity import Activity
from spmatch.config import Config
from spmatch.contracts import Encoder, EncoderIdentity
from spmatch.errors import StoreError, UnknownActivityError
from spmatch.geography import Gazetteer, shipped_gazetteer
from spmatch.matcher import Matcher, UnknownRule
from spmatch.profile import Budget, Profile
from spmatch.relaxation import LIFT_AT_MOST
from spmatch.store.assembling import assemble
from spmatch.store.collecting import collector_paused
from spmatch.store.connecting import Store, reading
from spmatch.store.limits import HardLimits, edge_excludes, hard_limits
from spmatch.store.line import Line
from spmatch.store.reading import (
    EMPTY,
    Edition,
    Revision,
    Stored,
    latest_revision,
    read_edition,
    read_rows,
)
from spmatch.suggestion import CatalogueSummary, Response
from spmatch.wording import ReaderLanguage

if TYPE_CHECKING:
    import psycopg

AT_ONCE = 20_000
"""How many activities are held in memory at a time."""

_FARTHEST_KM = 20_100.0
_FARTHER = 4.0
_ROUNDING_KM = 10.0
"""A loosened distance is rounded up by less than this."""


class DatabaseMatcher:
    """Matches against the newest revision of a store. One request at a time; others wait.

    ``match`` answers as a ``Matcher`` of the whole catalogue would, with the same settings, gazetteer
    and encoder as it was published with. Raises ``StoreError`` when they are others.
    """

    def __init__(
        self,
        store: Store,
        *,
        config: Config | None = None,
        gazetteer: Gazetteer | None = None,
        encoder: Encoder | None = None,
        threads: int | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._line = Line(store)
        self._config = config or Config.default()
        self._gazetteer = gazetteer or shipped_gazetteer()
        self._places = self._gazetteer.digest
        self._encoder = encoder
        self._threads = threads
        self._at_once = at_once
        self._alone = threading.RLock()
        self._edition: Edition | None = None
        self._concessions: tuple[Revision, list[str]] | None = None
        try:
            self._seen = self._line.ask(self._now)
        except BaseException:
            self._line.close()
            raise

    def close(self) -> None:
        with self._alone:
            self._line.close()

    @property
    def config(self) -> Config:
        return self._config

    @property
    def encoder(self) -> EncoderIdentity:
        with self._alone:
            return self._known_edition().encoder.identity

    def __len__(self) -> int:
        """How many activities the newest revision that was seen has."""
        return self._seen.activities

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
        """As ``Matcher.match``. Raises ``StoreError`` besides what that raises.

        Where more than ``at_once`` activities keep every limit they are scored in pieces, the best of
        each together: a ``plan``, which weighs all of them against each other, is then refused.
        """
        if k < 1:
            raise ValueError("k is at least 1")
        profile = profile if isinstance(profile, Profile) else Profile.read(profile)
        request: dict[str, Any] = {
            "language": language,
            "unknown": unknown,
            "on": on or date.today(),
            "plan": plan,
            "budget": budget,
        }
        started = time.perf_counter()
        with self._alone:
            response = self._line.ask(
                lambda connection: self._answer(connection, profile, k, request)
            )
        spent = round((time.perf_counter() - started) * 1000, 3)
        timing = response.timing_ms or {}
        timing = {**timing, "database": round(max(spent - sum(timing.values()), 0.0), 3)}
        # What was looked at here is what the database left.
        return response.model_copy(update={"timing_ms": timing, "search": None})

    def match_many(self, profiles: Iterable[Profile], **request: Any) -> Iterator[Response]:
        """One response for each profile, in order, as they are ready; arguments as of ``match``."""
        for profile in profiles:
            yield self.match(profile, **request)

    @property
    def catalogue(self) -> StoredCatalogue:
        """What may be asked of the catalogue besides a match."""
        return StoredCatalogue(self)

    def activity(self, id: str) -> Activity:
        """One activity. Raises ``UnknownActivityError``, or ``StoreError``."""
        with self._alone:
            found = self._line.ask(
                lambda connection: connection.execute(
                    "SELECT record::text FROM activity WHERE id = %s", [id]
                ).fetchone()
            )
        if found is None:
            raise UnknownActivityError(f"No activity {id!r} in the database.")
        return Activity.model_validate_json(found[0])

    def reader_language(self, profile: Profile) -> ReaderLanguage:
        """The language that answers are explained in when none is asked for: that of the profile."""
        with self._alone:
            return self._matcher({}, self._known_edition(), self._config).reader_language(profile)

    def _now(self, connection: psycopg.Connection[tuple[Any, ...]]) -> Revision:
        revision = latest_revision(connection)
        if revision is None:
            raise StoreError(EMPTY)
        if self._edition is None or self._edition.number != revision.edition:
            edition = read_edition(
                connection, revision.edition, encoder=self._encoder, threads=self._threads
            )
            if (edition.build_hash, edition.places) != (self._config.build_hash, self._places):
                raise StoreError(
                    "The catalogue in the database was published with other build settings or places. "
                    "Match with the same, or publish again."
                )
            self._edition = edition
        self._seen = revision
        return revision

    def _known_edition(self) -> Edition:
        assert self._edition is not None
        return self._edition

    def _answer(
        self,
        connection: psycopg.Connection[tuple[Any, ...]],
        profile: Profile,
        k: int,
        request: dict[str, Any],
    ) -> Response:
        with collector_paused(), reading(connection):
            revision = self._now(connection)
            limits = hard_limits(
                profile,
                self._gazetteer,
                self._config.limits,
                request["on"],
                self._known_concessions(connection, revision) if profile.must.cost else (),
                exclude_unknown=request["unknown"] == "exclude",
            )
            excluded, surviving = self._count(connection, limits)
            if surviving <= self._at_once:
                rows = _by_id(read_rows(connection, limits.keeps, limits.given))
                response = self._match(rows, profile, k, request)
                misfits = response.excluded.get("meaning", 0)
            else:
                rows, misfits, response = self._best(connection, limits, profile, k, request)
            if len(response.suggestions) < k:
                response = self._loosened(connection, limits, rows, response, profile, request, k)
        if misfits:
            excluded["meaning"] = misfits
        summary = CatalogueSummary(
            id=revision.catalogue_id,
            hash=revision.catalogue_hash or f"{revision.number}-{revision.checksum:x}",
            activities=revision.activities,
        )
        return response.model_copy(update={"excluded": excluded, "catalogue": summary})

    def _count(
        self, connection: psycopg.Connection[tuple[Any, ...]], limits: HardLimits
    ) -> tuple[dict[str, int], int]:
        """How many activities each limit excludes, and how many the database lets through."""
        excluding = limits.excluding()
        counts = ", ".join(f"count(*) FILTER (WHERE {one})" for one in excluding.values())
        *found, surviving = _only(
            connection.execute(
                f"SELECT {counts}, count(*) FILTER (WHERE {limits.keeps}) FROM activity",  # noqa: S608
                limits.given,
            ).fetchone()
        )
        excluded = dict(zip(excluding, found, strict=True))
        if limits.circle is not None:
            edge = connection.execute(
                f"SELECT lat, lon, margin_km FROM activity WHERE {limits.edge}",  # noqa: S608
                limits.given,
            ).fetchall()
            if edge:
                lat, lon, margin_km = zip(*edge, strict=True)
                excluded["distance"] += edge_excludes(
                    limits.circle, lat, lon, margin_km, limits.exclude_unknown
                )
        return {limit: count for limit, count in excluded.items() if count}, int(surviving)

    def _best(
        self,
        connection: psycopg.Connection[tuple[Any, ...]],
        limits: HardLimits,
        profile: Profile,
        k: int,
        request: dict[str, Any],
    ) -> tuple[dict[str, Stored], int, Response]:
        """The answer from more survivors than are held at a time.

        Of each piece those of the highest scores are kept, variety left out; it only takes off. Who was
        not kept scores no more than the last that was: once the last suggestion scores more than that,
        nobody who was not kept could have been suggested. Until then more are kept. A part of the score
        that is nothing for all that were kept is not told, though others may have had something of it.
        """
        if request["plan"]:
            raise StoreError(
                f"More than {self._at_once} activities keep every limit: a plan weighs all of them, and "
                "is made in memory only. Add a limit, such as a distance, or match with --snapshot."
            )
        same = ("same_provider", "same_theme", "same_need", "same_text")
        variety = self._config.variety.model_copy(update=dict.fromkeys(same, 0.0))
        flat = self._config.model_copy(update={"variety": variety})
        keep = max(64, 4 * k, 4 * self._config.variety.among)
        while True:
            best: list[tuple[float, str]] = []
            rows: dict[str, Stored] = {}
            misfits = 0
            bound = -math.inf
            for piece in _pieces(read_rows(connection, limits.keeps, limits.given), self._at_once):
                found = self._match(piece, profile, keep, {**request, "plan": False}, flat)
                misfits += found.excluded.get("meaning", 0)
                for one in found.suggestions:
                    rows[one.activity.id] = piece[one.activity.id]
                    best.append((one.score, one.activity.id))
                if len(found.suggestions) == keep:
                    bound = max(bound, found.suggestions[-1].score)
                if len(best) > keep:
                    kept = heapq.nlargest(keep, best)
                    bound = max(bound, *(score for score, _ in set(best) - set(kept)))
                    best = kept
                    rows = {known: rows[known] for _, known in best}
            response = self._match(rows, profile, k, request)
            full = len(response.suggestions) == k
            if not math.isfinite(bound) or (full and response.suggestions[-1].score > bound):
                return rows, misfits, response
            keep *= 4

    def _loosened(
        self,
        connection: psycopg.Connection[tuple[Any, ...]],
        limits: HardLimits,
        rows: dict[str, Stored],
        response: Response,
        profile: Profile,
        request: dict[str, Any],
        k: int,
    ) -> Response:
        """The same answer with relaxations: also what one looser limit would let through is looked at.

        A looser distance is sought nearby first, then farther. It is right once everything within it is
        in hand. Where more than ``at_once`` activities would have to be, what was found before stays.
        """
        reach_km = _FARTHEST_KM
        if limits.circle is not None:
            reach_km = limits.circle.limit_km * LIFT_AT_MOST + _ROUNDING_KM
        response = response.model_copy(update={"relaxations": ()})
        while True:
            which, given = limits.beyond(reach_km)
            others = f"{which} AND NOT ({limits.keeps})"
            (count,) = _only(
                connection.execute(
                    f"SELECT count(*) FROM activity WHERE {others}",  # noqa: S608
                    given,
                ).fetchone()
            )
            if count > self._at_once:
                return response
            near = _by_id(read_rows(connection, others, given))
            response = self._match({**rows, **near}, profile, k, request)
            farther = [one.to_value for one in response.relaxations if one.limit == "distance"]
            if limits.circle is None or reach_km >= _FARTHEST_KM:
                return response
            if farther and farther[0] <= reach_km:
                return response
            reach_km = min(reach_km * _FARTHER, _FARTHEST_KM)

    def _match(
        self,
        rows: dict[str, Stored],
        profile: Profile,
        k: int,
        request: dict[str, Any],
        config: Config | None = None,
    ) -> Response:
        matcher = self._matcher(rows, self._known_edition(), config or self._config)
        return matcher.match(profile, k=k, **request)

    def _matcher(self, rows: dict[str, Stored], edition: Edition, config: Config) -> Matcher:
        in_order = [rows[known] for known in sorted(rows)]
        snapshot = assemble(in_order, edition, self._seen.catalogue_id)
        return Matcher(snapshot, config, gazetteer=self._gazetteer)

    def _known_concessions(
        self, connection: psycopg.Connection[tuple[Any, ...]], revision: Revision
    ) -> list[str]:
        """For whom prices are reduced anywhere in the catalogue."""
        if self._concessions is None or self._concessions[0] != revision:
            words = connection.execute("SELECT DISTINCT unnest(concession_for) FROM activity")
            self._concessions = (revision, [word for (word,) in words])
        return self._concessions[1]


class StoredCatalogue:
    """A catalogue that stays in its database: an activity is fetched when it is asked for."""

    def __init__(self, matcher: DatabaseMatcher) -> None:
        self._matcher = matcher

    def __len__(self) -> int:
        return len(self._matcher)

    def __getitem__(self, id: str) -> Activity:
        return self._matcher.activity(id)


def _by_id(rows: Iterable[Stored]) -> dict[str, Stored]:
    return {one.activity.id: one for one in rows}


def _pieces(rows: Iterator[Stored], size: int) -> Iterator[dict[str, Stored]]:
    piece: dict[str, Stored] = {}
    for one in rows:
        piece[one.activity.id] = one
        if len(piece) == size:
            yield piece
            piece = {}
    if piece:
        yield piece


def _only(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """The row of a statement that always gives one."""
    assert row is not None
    return row
