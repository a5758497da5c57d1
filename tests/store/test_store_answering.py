"""Inside the database the answer is that of a matcher in memory, and nothing personal goes there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from stores import Make, emptied, psycopg, town

from making import HOME, TODAY, WordEncoder, make_activity, make_profile, north
from spmatch import Activity, Matcher, PlaceError, Profile, Response
from spmatch.activity import Session
from spmatch.columns import build_columns
from spmatch.config import Config
from spmatch.geography import Gazetteer, Point, great_circle_km
from spmatch.sessions import still_meets
from spmatch.snapshot import Snapshot
from spmatch.store import DatabaseMatcher, Store, StoreError, amend, publish
from spmatch.store.line import Line
from spmatch.store.rows import around, last_date
from test_properties import PEOPLE, Draw, holds, profile_of

WORDS = WordEncoder()


def drawn() -> list[Activity]:
    """Activities that state about three facts of four; some placed by a postcode or a town."""
    draw = Draw(7)
    places = [{"postcode": "9000"}, {"postcode": "9400"}, {"town": "Aalborg"}, {"name": "Huset"}]
    found = [draw.activity(f"a{i:03}") for i in range(110)]
    return [
        *found,
        *(
            draw.activity(f"p{i:02}").model_copy(update={"place": place_of(places[i % 4])})
            for i in range(24)
        ),
        make_activity("free", title="Sang", cost={"amount": 0}),
        make_activity("month", cost={"amount": 100, "currency": "DKK", "per": "month"}),
        make_activity("ended", sessions=[{"day": "mon", "until": "2026-11-22"}]),
        make_activity("full", capacity={"places_left": 0, "waiting_list": False}),
    ]


def place_of(place: dict[str, str]) -> Any:
    return make_activity(place=place).place


@pytest.fixture(scope="module")
def snapshot(snapshot_of: Make) -> Snapshot:
    return snapshot_of(drawn(), id="drawn")


@pytest.fixture(scope="module")
def memory(snapshot: Snapshot) -> Matcher:
    return Matcher(snapshot)


@pytest.fixture(scope="module")
def filled(any_schema: Store, snapshot: Snapshot) -> Store:
    publish(emptied(any_schema), snapshot)
    return any_schema


@pytest.fixture(scope="module")
def database(filled: Store) -> Iterator[DatabaseMatcher]:
    matcher = DatabaseMatcher(filled, encoder=WORDS)
    yield matcher
    matcher.close()


def plain(response: Response) -> Response:
    """All but how it was found, and the time that it took."""
    return response.model_copy(update={"timing_ms": None, "search": None})


def without_nothings(response: Response) -> Response:
    """Without the parts of scores that are nothing."""
    told = [
        one.model_copy(update={"contributions": tuple(c for c in one.contributions if c.value)})
        for one in response.suggestions
    ]
    return plain(response.model_copy(update={"suggestions": tuple(told)}))


UNKNOWN = st.sampled_from(["keep", "exclude"])
KS = st.sampled_from([1, 5, 30])


def test_what_a_database_searched_is_not_told_as_if_memory_had(database: DatabaseMatcher) -> None:
    assert database.match(profile_of(1), on=TODAY).search is None


def test_any_answer_is_that_of_a_matcher_in_memory(
    memory: Matcher, database: DatabaseMatcher
) -> None:
    @holds(PEOPLE, UNKNOWN, KS, examples=60)
    def holds_for(person: int, unknown: Any, k: int) -> None:
        profile = profile_of(person)
        request = {"k": k, "unknown": unknown, "on": TODAY}
        assert plain(database.match(profile, **request)) == plain(memory.match(profile, **request))

    holds_for()


def test_the_database_drops_nothing_that_a_limit_would_keep(
    memory: Matcher, database: DatabaseMatcher
) -> None:
    """Without a text nothing but limits decides who is suggested: everybody whom they keep is."""

    @holds(PEOPLE, UNKNOWN, examples=50)
    def holds_for(person: int, unknown: Any) -> None:
        profile = profile_of(person, written=False)
        request = {"k": 500, "unknown": unknown, "on": TODAY}
        kept, told = memory.match(profile, **request), database.match(profile, **request)
        assert told.suggestions == kept.suggestions
        assert told.excluded == kept.excluded

    holds_for()


@pytest.mark.parametrize("km", [0, 0.4, 1, 2.0, 2.0000000001, 3, 40, 120, 20_000])
@pytest.mark.parametrize("unknown", ["keep", "exclude"])
def test_a_limit_at_an_activity_itself_decides_alike(
    memory: Matcher, database: DatabaseMatcher, km: float, unknown: Any
) -> None:
    profile = make_profile(origin=HOME, must={"distance_km": km})
    request = {"k": 500, "unknown": unknown, "on": TODAY}
    assert plain(database.match(profile, **request)) == plain(memory.match(profile, **request))


def test_an_activity_just_on_the_edge_is_kept(memory: Matcher, database: DatabaseMatcher) -> None:
    there = north(13)
    at = (np.array([there["lat"]]), np.array([there["lon"]]))
    km = float(great_circle_km(Point(HOME["lat"], HOME["lon"]), *at)[0])
    on_it = {one.id for one in memory.catalogue if one.coordinates == tuple(there.values())}
    kept = []
    for limit_km in (km, float(np.nextafter(km, 0))):
        profile = make_profile(origin=HOME, must={"distance_km": limit_km})
        one, other = (m.match(profile, k=500, on=TODAY) for m in (database, memory))
        assert plain(one) == plain(other)
        kept.append(on_it & {suggestion.activity.id for suggestion in one.suggestions})
    assert kept[0]
    # Those that come home are no matter of distance.
    assert {memory.catalogue[one].delivery for one in kept[1]} <= {"online", "phone"}


@pytest.mark.parametrize(
    "must",
    [
        {"distance_km": 0.2, "delivery": ["in_person"]},
        {"distance_km": 0.2, "delivery": ["in_person"], "access": ["wheelchair"]},
        {"cost": {"amount": 1, "per": "month"}, "distance_km": 0.2, "delivery": ["in_person"]},
    ],
)
@pytest.mark.parametrize("unknown", ["keep", "exclude"])
def test_relaxations_reach_as_far_as_in_memory(
    memory: Matcher, database: DatabaseMatcher, must: dict[str, Any], unknown: Any
) -> None:
    far = {"lat": 54.9, "lon": 12.0}
    for origin in (HOME, far, {"postcode": "9000"}):
        profile = make_profile(needs="Sang og kaffe", origin=origin, must=must)
        request = {"k": 30, "unknown": unknown, "on": TODAY}
        assert plain(database.match(profile, **request)) == plain(memory.match(profile, **request))


def test_a_plan_is_that_of_a_matcher_in_memory(memory: Matcher, database: DatabaseMatcher) -> None:
    profile = make_profile(needs="Sang. Kaffe. Gåtur.", origin=HOME, must={"distance_km": 10})
    one, other = (m.match(profile, on=TODAY, plan=True) for m in (database, memory))
    assert one.plan == other.plan


@pytest.mark.parametrize("at_once", [7, 40])
def test_survivors_in_pieces_give_the_same_answer(
    memory: Matcher, filled: Store, at_once: int
) -> None:
    matcher = DatabaseMatcher(filled, encoder=WORDS, at_once=at_once)
    with closing(matcher):
        for person in range(12):
            profile = profile_of(person, written=person % 2 == 0)
            one, other = (m.match(profile, k=3, on=TODAY) for m in (matcher, memory))
            assert without_nothings(one) == without_nothings(other)


def test_a_plan_of_more_than_is_held_at_once_is_refused(filled: Store) -> None:
    matcher = DatabaseMatcher(filled, encoder=WORDS, at_once=7)
    with closing(matcher), pytest.raises(StoreError, match="a plan weighs all of them"):
        matcher.match(make_profile(needs="Sang"), on=TODAY, plan=True)


def test_many_profiles_are_answered_in_order(database: DatabaseMatcher) -> None:
    profiles = [make_profile(id=name, needs="Sang") for name in "abc"]
    assert [one.profile_id for one in database.match_many(profiles, k=1)] == ["a", "b", "c"]


def test_it_says_how_long_the_database_took(database: DatabaseMatcher) -> None:
    timing = database.match(make_profile(needs="Sang"), on=TODAY).timing_ms
    assert timing is not None
    assert timing["database"] > 0


def test_an_activity_is_fetched_by_its_id(database: DatabaseMatcher, memory: Matcher) -> None:
    assert database.catalogue["free"] == memory.catalogue["free"]
    assert len(database.catalogue) == len(memory.catalogue)


def test_a_place_that_is_not_known_is_told_as_ever(database: DatabaseMatcher) -> None:
    profile = make_profile(origin={"place": "Nowhere at all"}, must={"distance_km": 2})
    with pytest.raises(PlaceError, match="not known"):
        database.match(profile)


def test_it_answers_from_the_newest_revision(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of(town()))
    matcher = DatabaseMatcher(store, encoder=WORDS)
    with closing(matcher):
        amend(store, [make_activity("d", title="Dans")], encoder=WORDS)
        response = matcher.match(make_profile(needs="Dans"), on=TODAY)
    assert response.suggestions[0].activity.id == "d"
    assert response.catalogue.activities == 4


def test_other_places_are_refused(filled: Store) -> None:
    with pytest.raises(StoreError, match="other build settings or places"):
        DatabaseMatcher(filled, encoder=WORDS, gazetteer=Gazetteer())


def test_other_build_settings_are_refused(filled: Store) -> None:
    config = Config.of({"text": {"sentence_characters_min": 30}})
    with pytest.raises(StoreError, match="other build settings or places"):
        DatabaseMatcher(filled, config=config, encoder=WORDS)


def test_an_empty_catalogue_is_answered_from(store: Store, snapshot_of: Make) -> None:
    publish(store, snapshot_of([]))
    matcher = DatabaseMatcher(store, encoder=WORDS)
    profile = make_profile(needs="Dans", origin=HOME, must={"distance_km": 3})
    with closing(matcher):
        assert plain(matcher.match(profile, on=TODAY)) == plain(
            Matcher(snapshot_of([])).match(profile, on=TODAY)
        )


def test_a_question_that_takes_too_long_is_asked_once(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = psycopg.conninfo.make_conninfo(filled.url, options="-c statement_timeout=50")
    line = Line(Store(url, filled.schema))
    asked: list[int] = []

    def slow(connection: Any) -> None:
        asked.append(1)
        connection.execute("SELECT pg_sleep(5)")

    with closing(line):
        line.ask(lambda connection: connection.execute("SELECT 1"))
        with pytest.raises(StoreError, match="SQLSTATE 57014"):
            line.ask(slow)
    assert asked == [1]


# What the database is told


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is sent, with its values."""
    said: list[str] = []
    execute = psycopg.Cursor.execute
    stream = psycopg.Cursor.stream

    def spy(original: Any) -> Any:
        def spying(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
            said.append(f"{query} {params!r}")
            return original(self, query, params, **options)

        return spying

    monkeypatch.setattr(psycopg.Cursor, "execute", spy(execute))
    monkeypatch.setattr(psycopg.Cursor, "stream", spy(stream))
    return said


PERSON = make_profile(
    id="person-17",
    needs="Min mand er død og jeg sidder alene",
    interests="Korsang",
    avoid="Alkohol",
    origin={"lat": 57.043219, "lon": 9.918765},
    age=71,
    must={"distance_km": 5},
)


def test_no_text_of_a_person_is_sent(database: DatabaseMatcher, sent: list[str]) -> None:
    database.match(PERSON, on=TODAY)
    everything = " ".join(sent).casefold()
    assert len(sent) > 4
    for word in ("mand", "død", "alene", "korsang", "alkohol", "person-17"):
        assert word not in everything


def test_where_a_person_lives_is_sent_to_about_a_kilometre(
    database: DatabaseMatcher, sent: list[str]
) -> None:
    database.match(PERSON, on=TODAY)
    everything = " ".join(sent)
    assert "57.04" in everything
    assert "57.043" not in everything
    assert "9.918" not in everything


def test_no_value_is_part_of_a_statement(database: DatabaseMatcher, sent: list[str]) -> None:
    odd = PERSON.model_copy(update={"languages": ("zz",), "concessions": ("x' OR 1=1 --",)})
    profile = Profile.model_validate({**odd.model_dump(), "must": {"cost": {"amount": 31.25}}})
    database.match(profile, on=TODAY)
    statements = [one.rpartition(" {")[0] for one in sent]
    assert not [one for one in statements if "31.25" in one or "'zz'" in one or "1=1" in one]


def test_what_a_statement_failed_with_is_not_told(filled: Store) -> None:
    with pytest.raises(StoreError) as caught, filled.connect() as connection:
        connection.execute("SELECT %s::integer", ["very personal"])
    assert str(caught.value) == "The database refused a statement (SQLSTATE 22P02)."


# What the columns hold


@cache
def sessions() -> list[Session]:
    draw = Draw(3)
    return [Session.model_validate(draw.session()) for _ in range(400)]


def test_the_last_date_of_a_session_is_the_last_on_which_it_can_meet() -> None:
    lasts = [last_date(session) for session in sessions()]
    columns = build_columns([make_activity(str(i), sessions=[s]) for i, s in enumerate(sessions())])
    for days in range(-330, 60):
        day = TODAY + timedelta(days=days)
        expected = [last is None or last >= day for last in lasts]
        assert still_meets(columns.sessions, day).tolist() == expected


def test_a_session_that_can_never_meet_has_the_first_day() -> None:
    never = Session.model_validate({"day": "sun", "from": "2026-11-23", "until": "2026-11-25"})
    assert last_date(never) == date.min


@holds(
    st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 6_000), st.floats(0, 360), examples=300
)
def test_a_box_holds_its_circle(lat: float, lon: float, km: float, bearing: float) -> None:
    turn, angle = np.radians(bearing), km / 6371.0088
    there = np.arcsin(
        np.clip(
            np.sin(np.radians(lat)) * np.cos(angle)
            + np.cos(np.radians(lat)) * np.sin(angle) * np.cos(turn),
            -1,
            1,
        )
    )
    aside = np.arctan2(
        np.sin(turn) * np.sin(angle) * np.cos(np.radians(lat)),
        np.cos(angle) - np.sin(np.radians(lat)) * np.sin(there),
    )
    to_lat = float(np.degrees(there))
    to_lon = float((lon + np.degrees(aside) + 180) % 360 - 180)
    west, south, east, north_ = around(Point(lat, lon), km)
    assert south - 1e-9 <= to_lat <= north_ + 1e-9
    assert west - 1e-9 <= to_lon <= east + 1e-9 or abs(to_lat) > 89.9999
