"""The records: what they refuse, how they are named in JSON, and what they never show."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from making import HOME, make_activity, make_profile
from spmatch.activity import Access, Activity, FirstVisit
from spmatch.columns import ACCESS_KEYS, FIRST_VISIT_KEYS
from spmatch.errors import ProfileError
from spmatch.profile import MAX_TEXT_CHARACTERS, Profile
from spmatch.suggestion import Relaxation
from spmatch.words import Clock, Currency, Language, minutes_of

SECRET = "kemoterapi i Sønderbro"
"""A text that nothing but the field it was written in may hold."""

FULL_ACTIVITY: dict[str, Any] = {
    "id": "aalborg-1",
    "title": "Sangcafé på Ørnevej",
    "description": "Vi synger og drikker kaffe.",
    "text_language": "da",
    "provider": {
        "name": "Ørnehuset",
        "kind": "association",
        "url": "https://example.org",
        "phone": "00 00 00 00",
        "email": "post@example.org",
    },
    "themes": [{"scheme": "own", "code": "song", "label": "Sang"}],
    "delivery": "in_person",
    "place": {
        "name": "Ørnehuset",
        "address": "Ørnevej 1",
        "postcode": "0800",
        "town": "Aalborg",
        "municipality": "0851",
        "lat": 57.05,
        "lon": 9.92,
    },
    "sessions": [
        {
            "day": "tue",
            "start": "10:00",
            "end": "12:00",
            "every": "two_weeks",
            "from": "2026-09-01",
            "until": "2026-12-15",
        }
    ],
    "cost": {
        "amount": 100.0,
        "currency": "DKK",
        "per": "month",
        "concessions": [{"for": "pensioner", "amount": 50.0}],
        "note": "kaffe 10 kr.",
    },
    "ages": {"min": 18, "max": 99},
    "gender": "any",
    "access": {"wheelchair": True, "lift": False},
    "first_visit": {"buddy": True, "taster": False},
    "languages": ["da", "en"],
    "referral": "self",
    "capacity": {"places_left": 3, "waiting_list": False},
    "intensity": "low",
    "verified_on": "2026-10-01",
    "source": {
        "name": "own",
        "url": "https://example.org/1",
        "licence": "CC0-1.0",
        "record_id": "1",
    },
}
"""Every field of the format, by the names that it is published under."""

FULL_PROFILE: dict[str, Any] = {
    "id": "p-1",
    "needs": "Bor alene.",
    "interests": "Singing",
    "avoid": "Idræt",
    "text_language": "da",
    "origin": {"postcode": "9000"},
    "age": 71,
    "gender": "woman",
    "languages": ["da"],
    "concessions": ["pensioner"],
    "must": {
        "distance_km": 6.0,
        "cost": {"amount": 200.0, "currency": "DKK", "per": "month"},
        "access": ["step_free"],
        "available": [{"day": "tue", "start": "09:00", "end": "13:00"}],
        "first_visit": ["buddy"],
        "intensity_max": "low",
        "delivery": ["in_person"],
        "referral": ["open", "self"],
    },
    "prefer": {"distance_km": 2.0},
}


def stated(record: Any) -> Any:
    """The JSON of a record without what is not stated."""
    return json.loads(record.model_dump_json(exclude_none=True))


# -- clocks, languages, currencies ------------------------------------------------------------


@pytest.mark.parametrize("text", ["00:00", "09:30", "23:59", "24:00"])
def test_a_clock_is_two_digits_a_colon_and_two_digits(text: str) -> None:
    assert TypeAdapter(Clock).validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["9:30", "24:01", "25:00", "12:60", "12.30", "0930", "", "09:30\n"]
)
def test_a_clock_of_any_other_shape_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="HH:MM"):
        TypeAdapter(Clock).validate_python(text)


@pytest.mark.parametrize(
    ("clock", "minutes"), [("00:00", 0), ("09:05", 545), ("23:59", 1439), ("24:00", 1440)]
)
def test_minutes_count_from_midnight(clock: str, minutes: int) -> None:
    assert minutes_of(clock) == minutes


@pytest.mark.parametrize("code", ["DA", "dan", "d", "da-DK", ""])
def test_a_language_is_two_small_letters(code: str) -> None:
    with pytest.raises(ValidationError, match="ISO 639-1"):
        TypeAdapter(Language).validate_python(code)


@pytest.mark.parametrize("code", ["dkk", "kr.", "DK", "KRON"])
def test_a_currency_is_three_capital_letters(code: str) -> None:
    with pytest.raises(ValidationError, match="ISO 4217"):
        TypeAdapter(Currency).validate_python(code)


# -- activities -------------------------------------------------------------------------------


def test_an_activity_goes_out_as_the_json_it_came_in_as() -> None:
    # What only a catalogue adds is empty in what a provider states.
    out = stated(Activity.model_validate(FULL_ACTIVITY))
    assert out == {**FULL_ACTIVITY, "evidence": [], "folded": []}


def test_an_activity_survives_the_round_trip_through_json() -> None:
    activity = Activity.model_validate(FULL_ACTIVITY)
    assert Activity.model_validate_json(activity.model_dump_json()) == activity


def test_a_session_is_read_by_its_published_name_from() -> None:
    activity = make_activity(sessions=[{"day": "mon", "from": "2026-11-02"}])
    assert activity.sessions[0].from_date == date(2026, 11, 2)


def test_a_session_may_be_made_by_its_python_name() -> None:
    activity = make_activity(sessions=[{"day": "mon", "from_date": "2026-11-02"}])
    assert activity.sessions[0].from_date == date(2026, 11, 2)


def test_a_session_is_written_by_its_published_name_from() -> None:
    activity = make_activity(sessions=[{"day": "mon", "from": "2026-11-02"}])
    assert stated(activity)["sessions"][0]["from"] == "2026-11-02"


def test_a_concession_is_written_by_its_published_name_for() -> None:
    activity = make_activity(cost={"concessions": [{"for": "student", "amount": 5}]})
    assert stated(activity)["cost"]["concessions"] == [{"for": "student", "amount": 5.0}]


def test_a_relaxation_is_written_by_its_published_names_from_and_to() -> None:
    relaxation = Relaxation.model_validate({"limit": "distance", "from": 6, "to": 9, "gains": 4})
    assert {"from": 6, "to": 9}.items() <= stated(relaxation).items()


def test_a_session_meets_every_week_unless_it_says_otherwise() -> None:
    assert make_activity(sessions=[{"day": "mon"}]).sessions[0].every == "week"


def test_what_is_absent_is_not_stated() -> None:
    activity = Activity.model_validate({"id": "a", "title": "A"})
    assert {
        name: value
        for name, value in activity
        if name not in ("id", "title") and value not in (None, (), "")
    } == {}


def test_null_is_the_same_as_absent() -> None:
    nothing = dict.fromkeys(("cost", "ages", "access", "delivery", "capacity", "place"))
    assert make_activity(**nothing) == make_activity()


def test_the_access_keys_are_the_fields_of_access() -> None:
    assert tuple(Access.model_fields) == ACCESS_KEYS


def test_the_first_visit_keys_are_the_fields_of_first_visit() -> None:
    assert tuple(FirstVisit.model_fields) == FIRST_VISIT_KEYS


def test_a_postcode_keeps_its_leading_zero() -> None:
    assert make_activity(place={"postcode": "0800"}).place.postcode == "0800"


def test_a_postcode_given_as_a_number_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"place\.postcode"):
        make_activity(place={"postcode": 800})


def test_white_space_around_a_text_is_left_out() -> None:
    assert make_activity(title="  Kor \n").title == "Kor"


def test_a_title_of_nothing_but_white_space_is_refused() -> None:
    with pytest.raises(ValidationError, match="title"):
        make_activity(title="   ")


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        make_activity().title = "other"


def test_a_latitude_without_a_longitude_is_refused() -> None:
    with pytest.raises(ValidationError, match="lat and lon belong together"):
        make_activity(place={"lat": 57.0})


def test_coordinates_are_latitude_then_longitude() -> None:
    assert make_activity(place={"lat": 57.0, "lon": 9.9}).coordinates == (57.0, 9.9)


def test_a_place_without_coordinates_has_none() -> None:
    assert make_activity(place={"town": "Aalborg"}).coordinates is None


def test_a_session_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends after it starts"):
        make_activity(sessions=[{"start": "12:00", "end": "10:00"}])


def test_a_session_may_last_until_midnight() -> None:
    session = make_activity(sessions=[{"start": "22:00", "end": "24:00"}]).sessions[0]
    assert session.end == "24:00"


def test_a_session_that_is_over_before_its_first_date_is_refused() -> None:
    with pytest.raises(ValidationError, match="until is not before from"):
        make_activity(sessions=[{"from": "2026-11-02", "until": "2026-11-01"}])


def test_ages_with_the_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValidationError, match="max is not below min"):
        make_activity(ages={"min": 65, "max": 18})


@pytest.mark.parametrize("amount", [-1, float("inf"), float("nan")])
def test_a_price_is_a_number_from_zero_up(amount: float) -> None:
    with pytest.raises(ValidationError, match=r"cost\.amount"):
        make_activity(cost={"amount": amount})


# -- fields that are not known ----------------------------------------------------------------


def test_an_unknown_field_of_an_activity_is_refused_by_its_name() -> None:
    with pytest.raises(ValidationError, match="titel"):
        make_activity(titel="Kor")


def test_an_unknown_access_key_is_refused_by_its_name() -> None:
    with pytest.raises(ValidationError, match=r"access\.ramp"):
        make_activity(access={"ramp": True})


def test_an_unknown_field_of_a_profile_is_named_with_its_path() -> None:
    with pytest.raises(ProfileError) as caught:
        Profile.read({"must": {"distance": 6}}, where="anna.json")
    problem = caught.value.problems[0]
    assert (problem.where, problem.field, problem.reason) == (
        "anna.json",
        "must.distance",
        "this field is not known.",
    )


def test_every_fault_of_a_profile_is_told_at_once() -> None:
    with pytest.raises(ProfileError) as caught:
        Profile.read({"age": -1, "gender": "x", "need": "?"})
    assert {problem.field for problem in caught.value.problems} == {"age", "gender", "need"}


def test_every_problem_of_a_profile_says_how_to_mend_it() -> None:
    with pytest.raises(ProfileError) as caught:
        Profile.read({"age": -1, "gender": "x", "need": "?", "must": {"access": ["ramp"]}})
    assert all(problem.remedy for problem in caught.value.problems)


# -- profiles ---------------------------------------------------------------------------------


def test_a_profile_goes_out_as_the_json_it_came_in_as() -> None:
    profile = Profile.read(FULL_PROFILE)
    assert json.loads(profile.model_dump_json(exclude_defaults=True)) == FULL_PROFILE


def test_a_profile_survives_the_round_trip_through_json() -> None:
    profile = Profile.read(FULL_PROFILE)
    assert Profile.read(profile.model_dump_json()) == profile


def test_a_profile_is_read_alike_from_a_mapping_a_text_and_bytes() -> None:
    text = json.dumps(FULL_PROFILE, ensure_ascii=False)
    assert Profile.read(text) == Profile.read(text.encode()) == Profile.read(FULL_PROFILE)


def test_an_empty_profile_is_a_profile() -> None:
    assert Profile.read({}) == Profile()


def test_a_price_limit_is_for_a_session_unless_it_says_otherwise() -> None:
    assert make_profile(must={"cost": {"amount": 50}}).must.cost.per == "session"


def test_a_slot_without_times_is_the_whole_day() -> None:
    slot = make_profile(must={"available": [{"day": "mon"}]}).must.available[0]
    assert (slot.start, slot.end) == ("00:00", "24:00")


def test_a_slot_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ProfileError, match="a slot ends after it starts"):
        Profile.read({"must": {"available": [{"day": "mon", "start": "12:00", "end": "09:00"}]}})


@pytest.mark.parametrize("kind", ["must", "prefer"])
def test_a_distance_limit_needs_an_origin(kind: str) -> None:
    with pytest.raises(ProfileError, match=rf"{kind}\.distance_km needs an origin"):
        Profile.read({kind: {"distance_km": 5}})


def test_an_origin_says_where_in_one_way_at_least() -> None:
    with pytest.raises(ProfileError, match="give lat and lon, or a postcode, or a place"):
        Profile.read({"origin": {}})


def test_a_text_beyond_the_longest_is_refused_with_the_length_allowed() -> None:
    with pytest.raises(ProfileError, match=str(MAX_TEXT_CHARACTERS)):
        Profile.read({"needs": "a" * (MAX_TEXT_CHARACTERS + 1)})


# -- what is never shown ----------------------------------------------------------------------

SECRETS: dict[str, Any] = {
    "needs": SECRET,
    "interests": SECRET,
    "avoid": SECRET,
    "origin": {"place": SECRET},
    "concessions": [SECRET],
}


@pytest.mark.parametrize("show", [repr, str, lambda p: f"{p}", lambda p: f"{[p]}"])
def test_a_profile_shown_holds_none_of_its_texts(show: Any) -> None:
    assert SECRET not in show(make_profile(**SECRETS))


def test_a_profile_shown_tells_how_long_a_text_is() -> None:
    assert (
        repr(make_profile(needs="fem ord er nok her"))
        == "Profile(id=None, needs='<18 characters>')"
    )


def test_a_profile_shown_tells_what_was_given_but_not_its_value() -> None:
    shown = repr(make_profile(age=71, gender="woman", origin=HOME))
    assert shown == "Profile(id=None, origin='<given>', age='<given>', gender='<given>')"


def test_an_origin_shown_alone_holds_no_place() -> None:
    assert SECRET not in repr(make_profile(**SECRETS).origin)


FAULTY_PROFILES: list[Any] = [
    {**SECRETS, "age": SECRET},
    {**SECRETS, "gender": SECRET},
    {**SECRETS, "text_language": SECRET},
    {**SECRETS, "languages": [SECRET]},
    {**SECRETS, "origin": SECRET},
    {**SECRETS, "origin": {"lat": SECRET, "lon": 1}},
    {**SECRETS, "must": SECRET},
    {**SECRETS, "must": {"access": [SECRET]}},
    {**SECRETS, "must": {"cost": {"amount": SECRET}}},
    {**SECRETS, "must": {"cost": {"amount": 1, "currency": SECRET}}},
    {**SECRETS, "must": {"available": [{"day": "mon", "start": SECRET}]}},
    {**SECRETS, "must": {"intensity_max": SECRET}},
    {**SECRETS, "needs": [SECRET]},
    {**SECRETS, "needs": SECRET * 1000},
    {**SECRETS, "unknown_field": SECRET},
    json.dumps({**SECRETS, "age": SECRET}),
    f'{{"needs": "{SECRET}", ',
    f'{{"needs": {SECRET}}}',
    f'"{SECRET}"',
    SECRET,
    f'{{"needs": "{SECRET}\x80'.encode("latin-1"),
]
"""Each holds the secret text and one fault, as a mapping or as JSON."""


@pytest.mark.parametrize("given", FAULTY_PROFILES, ids=range(len(FAULTY_PROFILES)))
def test_an_error_of_a_profile_repeats_none_of_its_texts(given: Any) -> None:
    with pytest.raises(ProfileError) as caught:
        Profile.read(given)
    assert "kemoterapi" not in str(caught.value) + repr(caught.value.problems)


@pytest.mark.parametrize("given", FAULTY_PROFILES, ids=range(len(FAULTY_PROFILES)))
def test_an_error_of_a_profile_drags_no_other_error_along(given: Any) -> None:
    with pytest.raises(ProfileError) as caught:
        Profile.read(given)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_profile_made_without_read_repeats_no_text_in_its_error_either() -> None:
    with pytest.raises(ValidationError) as caught:
        make_profile(**{**SECRETS, "age": SECRET})
    assert "kemoterapi" not in str(caught.value) + repr(caught.value)
