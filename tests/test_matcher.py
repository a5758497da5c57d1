"""The whole way from a profile to a response, on small catalogues."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import HOME, TODAY, WordEncoder, make_activity, make_profile, north
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.errors import PlaceError, ProfileError, UnknownActivityError
from spmatch.indexes import IndexKind
from spmatch.matcher import Matcher, UnknownRule
from spmatch.profile import Profile
from spmatch.suggestion import Response, Suggestion, WhyNot
from town import CHOIR, DEBT, TOWN

SINGING = "Singing songs together with neighbours."


def matcher_of(activities: Iterable[Activity] = TOWN, **options: Any) -> Matcher:
    return Matcher.build(activities, encoder=WordEncoder(), **options)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return matcher_of()


def match(matcher: Matcher, k: int = 5, unknown: UnknownRule = "keep", **facts: Any) -> Response:
    return matcher.match(make_profile(**facts), k=k, unknown=unknown, on=TODAY)


def ids(response: Response) -> list[str]:
    return [one.activity.id for one in response.suggestions]


# Answers


def test_what_fits_the_text_best_is_first(matcher: Matcher) -> None:
    assert ids(match(matcher, needs=SINGING))[0] == "choir"
    assert ids(match(matcher, needs="Help with rent bills and unpaid loans."))[0] == DEBT.id


def test_interests_are_answered_as_needs_are(matcher: Matcher) -> None:
    assert ids(match(matcher, interests="Growing vegetables outdoors with others."))[0] == "garden"


def test_without_a_text_everything_may_suit(matcher: Matcher) -> None:
    assert sorted(ids(match(matcher))) == ["choir", DEBT.id, "garden"]


def test_the_nearer_is_first_where_nothing_else_tells_apart() -> None:
    places = [make_activity(str(km), place=north(km)) for km in (9.0, 1.0, 4.0)]
    assert ids(match(matcher_of(places), origin=HOME)) == ["1.0", "4.0", "9.0"]


def test_ranks_count_from_one(matcher: Matcher) -> None:
    assert [one.rank for one in match(matcher).suggestions] == [1, 2, 3]


def test_no_more_than_k_are_suggested(matcher: Matcher) -> None:
    assert len(match(matcher, k=2).suggestions) == 2


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_cannot_be_asked_for(matcher: Matcher, k: int) -> None:
    with pytest.raises(ValueError, match="k is at least 1"):
        match(matcher, k=k)


def test_contributions_add_up_to_the_score(matcher: Matcher) -> None:
    response = match(
        matcher,
        needs=SINGING,
        avoid="vegetables",
        origin=HOME,
        languages=["en"],
        must={"access": ["lift"]},
        prefer={"intensity_max": "low"},
    )
    for one in response.suggestions:
        assert sum(part.value for part in one.contributions) == pytest.approx(one.score, abs=1e-9)


def test_what_should_be_avoided_takes_off(matcher: Matcher) -> None:
    def score(**facts: Any) -> float:
        return next(
            one.score for one in match(matcher, **facts).suggestions if one.activity.id == "garden"
        )

    assert score(avoid="Growing vegetables outdoors with others.") < score()


def test_a_suggestion_holds_the_activity_as_it_is_stated(matcher: Matcher) -> None:
    assert match(matcher, needs=SINGING).suggestions[0].activity == CHOIR


def test_a_suggestion_states_distance_and_next_session(matcher: Matcher) -> None:
    best = match(matcher, needs=SINGING, origin=HOME).suggestions[0]
    assert best.distance_km == 2.2
    assert best.next_session == "2026-11-24T10:00"


def test_without_an_origin_there_is_no_distance(matcher: Matcher) -> None:
    assert match(matcher, needs=SINGING).suggestions[0].distance_km is None


def test_the_sentence_that_fits_is_quoted(matcher: Matcher) -> None:
    reasons = match(matcher, needs=SINGING).suggestions[0].reasons
    assert "“Singing songs together with neighbours.”" in reasons[0]


def test_a_response_names_catalogue_settings_and_encoder(matcher: Matcher) -> None:
    response = match(matcher)
    catalogue = Catalogue(TOWN)
    assert (response.catalogue.hash, response.catalogue.activities) == (catalogue.hash, 3)
    assert response.config_hash == Config.default().hash
    assert response.encoder == "words"


def test_a_response_carries_the_id_of_its_profile(matcher: Matcher) -> None:
    assert match(matcher, id="case-7").profile_id == "case-7"


def test_a_profile_may_be_given_as_a_mapping(matcher: Matcher) -> None:
    given = matcher.match({"needs": SINGING}, on=TODAY)
    assert ids(given) == ids(match(matcher, needs=SINGING))


def test_a_mapping_that_is_no_profile_is_refused(matcher: Matcher) -> None:
    with pytest.raises(ProfileError, match="need: this field is not known"):
        matcher.match({"need": SINGING})


# The reader's language


def test_reasons_are_in_the_language_asked_for(matcher: Matcher) -> None:
    response = matcher.match({"needs": SINGING}, language="da", on=TODAY)
    assert response.suggestions[0].reasons[0].startswith("Passer til situationen")


def test_reasons_are_in_the_language_of_the_profile_else(matcher: Matcher) -> None:
    danish = match(matcher, needs=SINGING, text_language="da").suggestions[0].reasons[0]
    assert danish.startswith("Passer til situationen")


def test_reasons_are_english_where_nothing_tells(matcher: Matcher) -> None:
    assert match(matcher, needs=SINGING).suggestions[0].reasons[0].startswith("Fits what")


# Confidence

# The words of these tests are alike by chance, up to a fit that only other words than theirs reach.
STRICT = Config.of({"confidence": {"floor": 0.8, "good": 0.9}})
LENIENT = Config.of({"confidence": {"floor": 0.0, "good": 0.9}})


def test_a_close_text_is_a_good_match(matcher: Matcher) -> None:
    assert match(matcher, needs=SINGING).confidence == "good"


def test_a_match_below_the_good_fit_is_weak() -> None:
    assert match(matcher_of(config=LENIENT), needs="Astronomi.").confidence == "weak"


def test_a_match_without_a_text_is_weak(matcher: Matcher) -> None:
    assert match(matcher, origin=HOME).confidence == "weak"


def test_a_match_with_nothing_but_what_to_avoid_is_weak(matcher: Matcher) -> None:
    assert match(matcher, avoid="Rent.").confidence == "weak"


def test_a_text_that_nothing_fits_gives_no_suggestion() -> None:
    response = match(matcher_of(config=STRICT), needs="Astronomi.")
    assert (ids(response), response.confidence) == ([], "none")
    assert response.excluded == {"meaning": 3}


def test_a_text_without_a_word_fits_nothing(matcher: Matcher) -> None:
    assert match(matcher, needs="…?!").confidence == "none"


def test_a_fit_at_the_floor_is_enough() -> None:
    at_one = matcher_of([CHOIR], config=Config.of({"confidence": {"floor": 1.0, "good": 1.0}}))
    assert match(at_one, needs=SINGING).confidence == "good"


def near_and_one_far(count: int) -> Matcher:
    """Some near by that fit the text badly stand before the one far away that fits it well."""
    near = [make_activity(str(i), title="Astronomi", place=north(0.1)) for i in range(count)]
    far = make_activity("far", title="Choir", description=SINGING, place=north(300.0))
    config = Config.of(
        {
            "weights": {"meaning": 0.01, "nearness": 0.99},
            "confidence": {"floor": 0.0, "good": 0.9},
            "variety": {"same_text": 0.0},
            "nearness": {"far_weight": 0.0},
        }
    )
    return matcher_of([*near, far], config=config)


@pytest.mark.parametrize(("before", "confidence"), [(2, "good"), (3, "weak")])
def test_one_of_the_first_three_makes_a_match_good(before: int, confidence: str) -> None:
    response = match(near_and_one_far(before), needs=SINGING, origin=HOME)
    assert ids(response)[before] == "far"
    assert response.confidence == confidence


# Limits


def test_what_breaks_a_limit_is_not_suggested(matcher: Matcher) -> None:
    response = match(matcher, must={"access": ["lift"]})
    assert "garden" not in ids(response)
    assert response.excluded == {"access": 1}


def test_an_activity_is_counted_under_every_limit_that_it_breaks(matcher: Matcher) -> None:
    response = match(
        matcher, must={"distance_km": 5, "access": ["lift"], "intensity_max": "low"}, origin=HOME
    )
    assert response.excluded == {"distance": 2, "access": 1, "intensity_max": 1}


def test_what_is_not_stated_is_kept_and_asked(matcher: Matcher) -> None:
    response = match(matcher, must={"access": ["lift"]})
    debt = next(one for one in response.suggestions if one.activity.id == DEBT.id)
    assert any("a lift" in line for line in debt.ask)


def test_what_is_not_stated_can_be_left_out(matcher: Matcher) -> None:
    response = match(matcher, unknown="exclude", must={"access": ["lift"]})
    assert ids(response) == ["choir"]
    assert response.excluded == {"access": 2}


def test_a_wish_never_leaves_an_activity_out(matcher: Matcher) -> None:
    response = match(matcher, prefer={"access": ["lift"], "distance_km": 1}, origin=HOME)
    assert sorted(ids(response)) == ["choir", DEBT.id, "garden"]
    assert response.excluded == {}


def test_an_impossible_limit_gives_an_empty_list_and_the_counts(matcher: Matcher) -> None:
    response = match(matcher, must={"distance_km": 0.5}, origin=HOME)
    assert (ids(response), response.confidence) == ([], "none")
    assert response.excluded == {"distance": 3}


def test_an_impossible_limit_names_what_would_help(matcher: Matcher) -> None:
    (relaxation,) = match(matcher, must={"distance_km": 0.5}, origin=HOME).relaxations
    assert (relaxation.limit, relaxation.from_value, relaxation.to_value) == ("distance", 0.5, 2.5)
    assert (relaxation.gains, relaxation.examples) == (1, ("choir",))


def test_a_full_list_needs_no_relaxation(matcher: Matcher) -> None:
    assert match(matcher, k=1, must={"access": ["lift"]}).relaxations == ()


def test_a_short_list_says_what_would_help(matcher: Matcher) -> None:
    (relaxation,) = match(matcher, must={"access": ["lift"]}).relaxations
    assert (relaxation.limit, relaxation.to_value, relaxation.gains) == ("access", None, 1)


def test_the_examples_of_a_relaxation_are_best_first() -> None:
    places = [
        make_activity(str(km), place=north(km), access={"lift": False}) for km in (9.0, 1.0, 4.0)
    ]
    (relaxation,) = match(matcher_of(places), must={"access": ["lift"]}, origin=HOME).relaxations
    assert relaxation.examples == ("1.0", "4.0", "9.0")


def test_a_relaxation_does_not_count_what_does_not_fit_the_text() -> None:
    strict = matcher_of(config=STRICT)
    assert match(strict, needs="Astronomi.", must={"access": ["lift"]}).relaxations == ()


def test_an_empty_catalogue_suits_nobody() -> None:
    empty = matcher_of([])
    response = match(empty, needs=SINGING, origin=HOME, must={"distance_km": 3})
    assert (ids(response), response.confidence, response.excluded) == ([], "none", {})


# Places


def test_a_postcode_is_a_place_to_start_from(matcher: Matcher) -> None:
    found = match(matcher, needs=SINGING, origin={"postcode": "9000"}).suggestions[0]
    assert found.distance_km is not None
    assert found.distance_km < 10


def test_an_unknown_postcode_is_an_error_that_offers_near_ones(matcher: Matcher) -> None:
    with pytest.raises(PlaceError, match="Near ones") as caught:
        match(matcher, origin={"postcode": "9001"})
    assert caught.value.suggestions


def test_an_unknown_place_is_an_error_that_does_not_repeat_it(matcher: Matcher) -> None:
    with pytest.raises(PlaceError) as caught:
        match(matcher, origin={"place": "Xyzzyby"})
    assert "Xyzzyby" not in str(caught.value)


# Why not


def why(matcher: Matcher, id: str, unknown: UnknownRule = "keep", **facts: Any) -> WhyNot:
    return matcher.why(id, make_profile(**facts), unknown=unknown, on=TODAY)


def test_an_excluded_activity_lists_every_limit_that_it_fails(matcher: Matcher) -> None:
    answer = why(
        matcher,
        "garden",
        must={"distance_km": 5, "access": ["lift"], "intensity_max": "low"},
        origin=HOME,
    )
    assert not answer.suits
    assert [one.limit for one in answer.fails] == ["distance", "access", "intensity_max"]
    assert answer.rank is None


def test_each_failed_limit_is_said_with_what_was_compared(matcher: Matcher) -> None:
    answer = why(matcher, "garden", must={"distance_km": 5}, origin=HOME)
    assert answer.reasons == ("distance: 8 km of 5 km.",)


def test_an_activity_that_suits_says_so_and_where_it_stands(matcher: Matcher) -> None:
    answer = why(matcher, "garden", origin=HOME)
    assert (answer.suits, answer.fails, answer.rank) == (True, (), 2)


def test_an_activity_that_does_not_fit_the_text_says_so() -> None:
    answer = why(matcher_of(config=STRICT), "garden", needs="Astronomi.")
    assert (answer.suits, answer.fails) == (False, ())
    assert answer.reasons == ("It does not fit what was written.",)


def test_what_is_not_stated_fails_where_it_is_left_out(matcher: Matcher) -> None:
    kept = why(matcher, DEBT.id, must={"access": ["lift"]})
    left_out = why(matcher, DEBT.id, unknown="exclude", must={"access": ["lift"]})
    assert kept.suits
    assert [one.limit for one in left_out.fails] == ["access"]


def test_a_broken_wish_is_no_reason_against(matcher: Matcher) -> None:
    answer = why(matcher, "garden", must={"access": []}, prefer={"access": ["lift"]})
    assert (answer.suits, answer.fails) == (True, ())


def test_why_gives_the_score_without_variety(matcher: Matcher) -> None:
    one = match(matcher, needs=SINGING, origin=HOME).suggestions[0]
    answer = why(matcher, "choir", needs=SINGING, origin=HOME)
    assert (answer.rank, answer.score) == (1, one.score)
    assert answer.contributions == one.contributions


def test_an_unknown_activity_is_an_error(matcher: Matcher) -> None:
    with pytest.raises(UnknownActivityError, match="'opera'"):
        why(matcher, "opera")


# Steady


def test_the_order_of_the_catalogue_never_changes_the_answer(matcher: Matcher) -> None:
    turned = matcher_of(reversed(TOWN))
    facts: dict[str, Any] = {"needs": SINGING, "origin": HOME}
    one, other = match(matcher, **facts), match(turned, **facts)
    assert one.to_json(timing=False) == other.to_json(timing=False)


def test_the_same_request_twice_gives_the_same_bytes(matcher: Matcher) -> None:
    one, other = (match(matcher, needs=SINGING, origin=HOME) for _ in range(2))
    assert one.to_json(timing=False) == other.to_json(timing=False)


def test_many_profiles_are_answered_in_their_order(matcher: Matcher) -> None:
    many = [make_profile(id=str(i), needs=SINGING) for i in range(4)]
    found = matcher.match_many(many, on=TODAY)
    assert [one.profile_id for one in found] == ["0", "1", "2", "3"]


def test_requests_at_the_same_time_do_not_touch_each_other(matcher: Matcher) -> None:
    profiles = [
        make_profile(needs=SINGING, origin=HOME, must={"distance_km": 1 + i % 25})
        for i in range(60)
    ]

    def answer(profile: Profile) -> str:
        return matcher.match(profile, on=TODAY).to_json(timing=False)

    alone = [answer(profile) for profile in profiles]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(answer, profiles)) == alone


def test_a_faiss_index_gives_the_same_answers(matcher: Matcher) -> None:
    pytest.importorskip("faiss", reason="the extra faiss is not installed")
    kind: IndexKind = "faiss"
    other = matcher_of(index=kind)
    facts: dict[str, Any] = {"needs": SINGING, "avoid": "rent", "origin": HOME}
    assert match(other, **facts).to_json(timing=False) == match(matcher, **facts).to_json(
        timing=False
    )


def test_reused_vectors_give_the_same_answers(matcher: Matcher) -> None:
    changed = [*TOWN[:2], make_activity("walk", title="Walks", description="Walking slowly.")]
    fresh, reusing = matcher_of(changed), matcher_of(changed, reuse=matcher)
    one, other = match(fresh, needs="Walking slowly."), match(reusing, needs="Walking slowly.")
    assert one.to_json(timing=False) == other.to_json(timing=False)


def test_vectors_of_other_sentence_settings_can_be_reused(matcher: Matcher) -> None:
    config = Config.of({"text": {"sentence_characters_min": 60}})
    two = make_activity("two", title="Two", description="We sing together. We walk slowly too.")
    old = matcher_of([two])
    fresh, reusing = matcher_of([two], config=config), matcher_of([two], config=config, reuse=old)
    one, other = match(fresh, needs="We sing."), match(reusing, needs="We sing.")
    assert one.to_json(timing=False) == other.to_json(timing=False)


def test_a_match_for_another_day_looks_from_that_day(matcher: Matcher) -> None:
    later = matcher.match({"needs": SINGING}, on=date(2026, 12, 2))
    assert later.suggestions[0].next_session == "2026-12-08T10:00"


def test_a_response_can_be_read_back(matcher: Matcher) -> None:
    response = match(matcher, needs=SINGING, must={"distance_km": 3}, origin=HOME)
    assert Response.model_validate_json(response.to_json()) == response


def test_a_response_without_timing_has_no_field_of_it(matcher: Matcher) -> None:
    response = match(matcher, needs=SINGING)
    assert "timing_ms" not in json.loads(response.to_json(timing=False))
    assert set(json.loads(response.to_json())["timing_ms"]) == {"encode", "search", "explain"}


# Promises

DAYS = ("mon", "tue", "wed")
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "place": st.sampled_from([1.0, 2.5, 4.0, 7.0, 11.0, 40.0]).map(north),
        "delivery": st.sampled_from(["in_person", "online", "hybrid", "phone", "home_visit"]),
        "cost": st.builds(
            lambda amount, per, currency: {"amount": amount, "per": per, "currency": currency},
            st.sampled_from([0, 20, 55, 90, 400]),
            st.sampled_from(["session", "month", "year", None]),
            st.sampled_from(["DKK", "EUR", None]),
        ),
        "access": st.dictionaries(
            st.sampled_from(["lift", "hearing_loop", "quiet_space"]), st.booleans()
        ),
        "first_visit": st.dictionaries(st.sampled_from(["buddy", "taster"]), st.booleans()),
        "sessions": st.lists(
            st.builds(
                lambda day, hour: {"day": day, "start": f"{hour:02d}:00", "end": f"{hour + 2}:00"},
                st.sampled_from([*DAYS, None]),
                st.integers(8, 18),
            ),
            max_size=2,
        ),
        "intensity": st.sampled_from(["none", "low", "moderate", "high"]),
        "referral": st.sampled_from(["open", "self", "professional", "gp"]),
        "ages": st.sampled_from([{"min": 60}, {"max": 30}]),
        "description": st.sampled_from([SINGING, "Growing vegetables.", "Help with rent."]),
    },
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "distance_km": st.sampled_from([0, 0.5, 2, 3, 10]),
        "cost": st.builds(
            lambda amount, per, currency: {"amount": amount, "per": per, "currency": currency},
            st.sampled_from([0, 10, 50, 300]),
            st.sampled_from(["session", "month", "year"]),
            st.sampled_from(["DKK", None]),
        ),
        "access": st.lists(
            st.sampled_from(["lift", "hearing_loop", "quiet_space"]), unique=True, max_size=3
        ),
        "first_visit": st.lists(st.sampled_from(["buddy", "taster"]), unique=True, max_size=2),
        "available": st.lists(
            st.builds(
                lambda day, hour: {"day": day, "start": f"{hour:02d}:00", "end": f"{hour + 3}:00"},
                st.sampled_from(DAYS),
                st.integers(8, 18),
            ),
            max_size=2,
        ),
        "intensity_max": st.sampled_from(["none", "low", "moderate"]),
        "delivery": st.lists(st.sampled_from(["in_person", "online"]), unique=True, max_size=1),
        "referral": st.lists(st.sampled_from(["open", "self"]), unique=True, max_size=1),
    },
)


@settings(deadline=None, max_examples=50)
@given(
    facts=st.lists(FACTS, max_size=9),
    must=LIMITS,
    needs=st.sampled_from([None, SINGING, "Help with rent."]),
    unknown=st.sampled_from(["keep", "exclude"]),
    k=st.sampled_from([1, 3, 20]),
)
def test_a_relaxation_brings_just_what_it_promises(
    facts: list[dict[str, Any]],
    must: dict[str, Any],
    needs: str | None,
    unknown: UnknownRule,
    k: int,
) -> None:
    some = [make_activity(str(i), **one) for i, one in enumerate(facts)]
    matcher = matcher_of(some)
    profile = make_profile(needs=needs, origin=HOME, age=45, must=must)
    before = matcher.match(profile, k=20, unknown=unknown, on=TODAY)
    for relaxation in matcher.match(profile, k=k, unknown=unknown, on=TODAY).relaxations:
        rule: UnknownRule = "keep" if relaxation.limit == "unknown" else unknown
        after = matcher.match(relaxation.apply(profile), k=20, unknown=rule, on=TODAY)
        gained = set(ids(after)) - set(ids(before))
        assert set(ids(before)) <= set(ids(after))
        assert len(gained) == relaxation.gains > 0
        assert set(relaxation.examples) <= gained


def test_the_next_session_is_one_that_the_person_can_come_to() -> None:
    sessions = [
        {"day": "mon", "start": "10:00", "end": "12:00"},
        {"day": "thu", "start": "10:00", "end": "12:00"},
    ]
    matcher = matcher_of([make_activity("a", sessions=sessions)])
    found = match(matcher, must={"available": [{"day": "thu"}]})
    assert found.suggestions[0].next_session == "2026-11-26T10:00"


def test_why_ranks_as_match_does(matcher: Matcher) -> None:
    facts: dict[str, Any] = {"needs": SINGING}
    ranks = {one.activity.id: one.rank for one in match(matcher, **facts).suggestions}
    why = {key: matcher.why(key, make_profile(**facts), on=TODAY).rank for key in ranks}
    assert why == ranks


def test_a_postcode_too_far_breaks_a_distance_limit() -> None:
    far = make_activity("far", place={"postcode": "7620", "town": "Lemvig"})
    found = match(matcher_of([far]), origin=HOME, must={"distance_km": 10})
    assert found.excluded == {"distance": 1}


def test_a_postcode_within_its_margin_of_a_limit_is_unknown() -> None:
    near = make_activity("near", place={"postcode": "9000", "town": "Aalborg"})
    found = match(matcher_of([near]), origin=HOME, must={"distance_km": 1})
    assert found.suggestions[0].verdicts[0].verdict == "unknown"


def test_a_postcode_well_within_a_limit_meets_it() -> None:
    near = make_activity("near", place={"postcode": "9000", "town": "Aalborg"})
    found = match(matcher_of([near]), origin=HOME, must={"distance_km": 40})
    assert found.suggestions[0].verdicts[0].verdict == "met"


def test_a_town_alone_never_decides_a_distance() -> None:
    far = make_activity("far", place={"town": "Lemvig"})
    found = match(matcher_of([far]), origin=HOME, must={"distance_km": 10})
    assert found.suggestions[0].verdicts[0].verdict == "unknown"


def test_a_postcode_of_another_town_places_nothing() -> None:
    odd = make_activity("odd", place={"postcode": "5003", "town": "Bergen"})
    found = match(matcher_of([odd]), origin=HOME, must={"distance_km": 10})
    assert found.suggestions[0].distance_km is None


# Chosen by somebody


def chosen(matcher: Matcher, *activity_ids: str, **facts: Any) -> tuple[Suggestion, ...]:
    return matcher.chosen(activity_ids, make_profile(**facts), language="en", on=TODAY)


def test_chosen_activities_stay_in_their_order(matcher: Matcher) -> None:
    told = chosen(matcher, "garden", "choir", needs=SINGING)
    assert [(one.rank, one.activity.id) for one in told] == [(1, "garden"), (2, "choir")]


def test_an_activity_chosen_twice_is_told_once(matcher: Matcher) -> None:
    assert len(chosen(matcher, "choir", "choir")) == 1


def test_a_chosen_activity_is_told_also_when_it_breaks_a_limit(matcher: Matcher) -> None:
    (debt,) = chosen(matcher, DEBT.id, origin=HOME, must={"distance_km": 5})
    assert [v.verdict for v in debt.verdicts if v.limit == "distance"] == ["not_met"]


def test_a_chosen_activity_is_told_as_the_match_told_it(matcher: Matcher) -> None:
    facts = {"needs": SINGING, "origin": HOME}
    first = match(matcher, **facts).suggestions[0]
    told = matcher.chosen([first.activity.id], make_profile(**facts), on=TODAY)
    assert told[0] == first


def test_parts_of_a_chosen_activity_add_up_to_its_score(matcher: Matcher) -> None:
    for one in chosen(matcher, DEBT.id, "choir", "garden", needs=SINGING, origin=HOME):
        assert round(sum(part.value for part in one.contributions), 6) == one.score


def test_nothing_chosen_is_nothing_told(matcher: Matcher) -> None:
    assert chosen(matcher) == ()


def test_a_chosen_activity_that_is_not_there_is_an_error(matcher: Matcher) -> None:
    with pytest.raises(UnknownActivityError):
        chosen(matcher, "choir", "gone")


# Fit in words


def test_the_activity_that_says_what_was_written_fits_well(matcher: Matcher) -> None:
    assert match(matcher, needs=SINGING).suggestions[0].fit == "good"


def test_without_a_text_no_fit_is_claimed(matcher: Matcher) -> None:
    assert {one.fit for one in match(matcher, origin=HOME).suggestions} == {None}


def test_the_answer_is_good_when_one_of_the_first_three_fits_well(matcher: Matcher) -> None:
    answer = match(matcher, needs=SINGING)
    assert ("good" in [one.fit for one in answer.suggestions[:3]]) == (answer.confidence == "good")


def test_the_quote_is_a_sentence_of_the_activity(matcher: Matcher) -> None:
    assert match(matcher, needs=SINGING).suggestions[0].quote == SINGING


# Facts read out of prose


def read_in_prose(**facts: Any) -> str:
    cheap = make_activity(
        "cheap",
        description="It costs 35 kr. each time.",
        cost={"amount": 35, "currency": "DKK", "per": "session"},
        evidence=[{"field": "cost", "quote": "35 kr. each time"}],
        **facts,
    )
    limit = {"cost": {"amount": 50, "currency": "DKK", "per": "session"}, "access": ["lift"]}
    (one,) = match(matcher_of([cheap]), must=limit).suggestions
    return next(v.detail for v in one.verdicts if v.limit == "cost")


def test_a_fact_from_prose_is_said_with_its_words() -> None:
    assert "35 kr. each time" in read_in_prose()


def test_what_is_not_stated_has_no_words_to_show() -> None:
    open_one = make_activity("open", evidence=[{"field": "access.lift", "quote": "a lift"}])
    (one,) = match(matcher_of([open_one]), must={"access": ["step_free"]}).suggestions
    assert "a lift" not in next(v.detail for v in one.verdicts if v.limit == "access")
