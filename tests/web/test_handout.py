"""What the handout says of an activity, in plain words, and what it never says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import AT_HOME, make_handout, make_offer, make_suggestion
from making import TODAY, make_activity, north
from spmatch.suggestion import Verdict
from spmatch.web.handout import MOST, handout_of, plain_text_of
from spmatch.web.handout.easy import cut, easy_words, lix, untied
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage

TUESDAY = {"day": "tue", "start": "10:00", "end": "12:00"}
THURSDAY = {"day": "thu", "start": "10:00", "end": "12:00"}


def said(lines: tuple[str, ...]) -> list[str]:
    return [untied(line) for line in lines]


# Easy words


def test_lix_counts_words_a_sentence_and_long_words() -> None:
    assert lix("Vi drikker kaffe sammen.") == 4 + 100 * 1 / 4


def test_lix_of_nothing_is_nothing() -> None:
    assert lix("123 !") == 0


def test_the_easiest_sentences_are_taken_in_the_order_of_the_text() -> None:
    text = (
        "Vi går en tur. Deltagelse forudsætter visitation gennem kommunens sundhedsforvaltning. "
        "Alle er velkomne."
    )
    assert easy_words(text, 60) == "Vi går en tur. Alle er velkomne."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Et langt bord og mad som hos mormor hver søndag. Vask op.",
            "Et langt bord og mad som hos…",
        ),
        ("Torsdag kl. 18 spiser vi. Menuen er dansk hverdagsmad.", "Torsdag kl. 18 spiser vi."),
    ],
)
def test_what_it_is_comes_before_what_is_easy(text: str, said: str) -> None:
    assert easy_words(text, 30) == said


def test_a_sentence_that_leans_on_another_does_not_come_alone() -> None:
    text = "Vi mødes hos Aase og hendes store brune hund, som er god ved alle. Den bider ikke."
    assert "Den bider" not in easy_words(text, 40)


def test_prices_and_signing_up_are_left_to_the_facts() -> None:
    text = "We sing old songs. It costs 30 kr. a time. Sign up by phone."
    assert easy_words(text, 200) == "We sing old songs."


def test_a_text_of_facts_alone_is_still_told() -> None:
    assert easy_words("Tilmelding til Grete.", 200) == "Tilmelding til Grete."


def test_a_sentence_that_does_not_fit_is_cut_at_a_word() -> None:
    text = "An evening for everybody who would like to sing together with others."
    assert easy_words(text, 30) == "An evening for everybody who…"


def test_no_text_gives_no_words() -> None:
    assert easy_words("", 100) == ""


@given(st.text(max_size=400), st.integers(10, 200))
def test_easy_words_are_never_too_long(text: str, characters: int) -> None:
    assert len(easy_words(text, characters)) <= characters


@given(st.text(alphabet="abæ .!?\n", max_size=300), st.integers(20, 200))
def test_easy_words_are_the_providers_own(text: str, characters: int) -> None:
    own = set(text.split())
    assert all(
        word.rstrip("…") in own or word.endswith("…")
        for word in easy_words(text, characters).split()
    )


def test_what_fits_is_not_cut() -> None:
    assert cut("short", 5) == "short"


# When


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("da", ["Hver tirsdag og torsdag kl. 10:00–12:00", "Næste gang: tirsdag 24. november"]),
        ("en", ["Every Tuesday and Thursday, 10:00–12:00", "Next time: Tuesday 24 November"]),
    ],
)
def test_days_at_the_same_time_are_said_together(
    language: ReaderLanguage, lines: list[str]
) -> None:
    assert said(make_offer(language, sessions=[THURSDAY, TUESDAY]).when) == lines


def test_with_several_times_the_next_one_says_its_time() -> None:
    sessions = [TUESDAY, {"day": "wed", "start": "09:00"}]
    assert said(make_offer(sessions=sessions).when)[-1] == "Next time: Tuesday 24 November at 10:00"


@pytest.mark.parametrize(
    ("sessions", "language", "line"),
    [
        ([{"day": "mon", "start": "10:00"}], "en", "Next time: today, then Monday 30 November"),
        ([{"day": "mon"}], "da", "Næste gang: i dag, derefter mandag 30. november"),
        (
            [{"day": "mon", "start": "10:00"}, {"day": "wed", "start": "09:00"}],
            "en",
            "Next time: today, then Wednesday 25 November at 09:00",
        ),
        ([{"day": "mon", "every": "month", "from": "2026-11-23"}], "en", "Next time: today"),
    ],
)
def test_a_session_of_today_is_said_with_the_one_after_it(
    sessions: list[dict[str, str]], language: ReaderLanguage, line: str
) -> None:
    assert said(make_offer(language, sessions=sessions).when)[-1] == line


def test_the_next_session_is_the_one_that_the_person_can_come_to() -> None:
    activity = make_activity(sessions=[TUESDAY, THURSDAY])
    suggestion = make_suggestion(activity, next_session="2026-11-26T10:00")
    (offer,) = handout_of([suggestion], None, TODAY, "en").offers
    assert said(offer.when)[-1] == "Next time: Thursday 26 November"


def test_every_second_week_without_a_first_date_has_no_next_date() -> None:
    offer = make_offer(sessions=[{**TUESDAY, "every": "two_weeks"}])
    assert said(offer.when) == ["Every second Tuesday, 10:00–12:00", "Ask which week is next"]
    assert "Which week do you meet next?" in offer.questions


def test_every_second_week_counts_from_its_first_date() -> None:
    offer = make_offer(sessions=[{**TUESDAY, "every": "two_weeks", "from": "2026-11-17"}])
    assert said(offer.when)[-1] == "Next time: Tuesday 1 December"


def test_a_course_says_when_it_begins_and_ends() -> None:
    offer = make_offer("da", sessions=[{**TUESDAY, "from": "2027-01-12", "until": "2027-03-05"}])
    assert said(offer.when)[1:] == [
        "Begynder tirsdag 12. januar 2027",
        "Sidste gang: tirsdag 2. marts 2027",
    ]


def test_the_last_time_is_that_of_the_session_that_goes_on_longest() -> None:
    sessions = [{"day": day, "until": "2026-12-11"} for day in ("mon", "thu")]
    (offer,) = make_handout(make_activity(sessions=sessions), on=date(2026, 11, 25)).offers
    assert said(offer.when)[-1] == "Last time: Thursday 10 December 2026"


def test_where_not_every_week_counts_the_end_is_only_said() -> None:
    fortnightly = {**TUESDAY, "every": "two_weeks", "until": "2027-03-05"}
    offer = make_offer(sessions=[fortnightly, {**THURSDAY, "until": "2027-03-05"}])
    assert said(offer.when)[-1] == "Until Friday 5 March 2027"


def test_a_course_that_is_over_says_so() -> None:
    offer = make_offer(sessions=[{**TUESDAY, "until": "2026-10-01"}])
    assert offer.when == ("There are no more dates for now",)
    assert "When does it begin again?" in offer.questions


def test_times_that_are_not_stated_are_asked_for() -> None:
    offer = make_offer()
    assert offer.when == ("Ask when it is",)
    assert "When is it?" in offer.questions


# Where


def test_the_place_is_said_with_its_address() -> None:
    place = {"name": "Huset", "address": "Gaden 1", "postcode": "9000", "town": "Aalborg"}
    assert said(make_offer(place=place).where) == ["Huset", "Gaden 1, 9000 Aalborg"]


def test_a_place_of_the_name_of_its_provider_is_said_once() -> None:
    offer = make_offer(place={"name": "Huset", "address": "Gaden 1"}, provider={"name": "Huset"})
    assert said(offer.where) == ["Gaden 1"]


@pytest.mark.parametrize(
    ("place", "km", "line"),
    [
        (north(2.1), 2.1, "2,1 km fra dig"),
        ({"postcode": "9000"}, 2.1, "cirka 2,1 km fra dig"),
        ({"postcode": "9000"}, 0.0, "i nærheden af dig"),
        (north(0.02), 0.02, "i nærheden af dig"),
    ],
)
def test_the_distance_is_said_as_surely_as_it_is_known(
    place: dict[str, object], km: float, line: str
) -> None:
    suggestion = make_suggestion(make_activity(place=place), distance_km=km)
    (offer,) = handout_of([suggestion], AT_HOME, TODAY, "da").offers
    assert untied(offer.where[-1]) == line


def test_what_is_online_has_no_way_to_go() -> None:
    assert make_offer(delivery="online", place=north(2.0)).where == ("Online",)


# Price


@pytest.mark.parametrize(
    ("cost", "da", "en"),
    [
        ({"amount": 0, "per": "session"}, "Gratis", "Free"),
        (
            {"amount": 30, "currency": "DKK", "per": "session"},
            "30 kr. pr. gang",
            "30 kr. each time",
        ),
        (
            {"amount": 37.5, "currency": "DKK", "per": "month"},
            "37,50 kr. om måneden",
            "37.50 kr. a month",
        ),
        ({"amount": 4, "currency": "GBP", "per": "week"}, "4 pund om ugen", "£4 a week"),
        ({"amount": 4, "currency": "SEK"}, "4 SEK", "4 SEK"),
        ({"note": "Ten times 300"}, "Ten times 300", "Ten times 300"),
        (None, "Spørg, hvad det koster", "Ask what it costs"),
    ],
)
def test_the_price_in_words(cost: object, da: str, en: str) -> None:
    assert untied(make_offer("da", cost=cost).price) == da
    assert untied(make_offer("en", cost=cost).price) == en


def test_reductions_are_said() -> None:
    cost = {
        "amount": 70,
        "currency": "DKK",
        "concessions": [{"for": "unemployed", "amount": 40}, {"for": "Club members", "amount": 0}],
    }
    assert untied(make_offer(cost=cost).price) == (
        "70 kr., 40 kr. for people out of work, free for Club members"
    )


def test_reductions_are_in_the_language_of_the_reader() -> None:
    cost = {"amount": 70, "currency": "DKK", "concessions": [{"for": "under 12", "amount": 0}]}
    assert untied(make_offer("da", cost=cost).price) == "70 kr., gratis for børn under 12 år"


# Coming the first time


def test_what_makes_the_first_visit_easier_is_said() -> None:
    offer = make_offer(first_visit={"bring_someone": True, "no_sign_up": True, "buddy": False})
    assert offer.good_to_know == ("You can just turn up.", "You may bring somebody.")


def test_nobody_turns_up_on_the_telephone() -> None:
    offer = make_offer(delivery="phone", first_visit={"no_sign_up": True})
    assert offer.good_to_know == ("You do not need to sign up.",)


def test_a_referral_and_a_waiting_list_are_said() -> None:
    offer = make_offer("da", referral="gp", capacity={"places_left": 0, "waiting_list": True})
    assert offer.good_to_know == (
        "Der er fuldt lige nu. Du kan komme på venteliste.",
        "Din læge skal henvise dig.",
    )


def test_access_that_was_asked_for_is_said_or_asked() -> None:
    offer = make_offer(
        asked=("lift", "step_free", "hearing_loop"),
        access={"lift": True, "step_free": False, "wheelchair": True},
    )
    assert offer.good_to_know[0].startswith("They have:")
    assert offer.good_to_know[1].startswith("They do not have:")
    assert any("hearing loop" in question for question in offer.questions)


def test_access_that_was_not_asked_for_is_not_said() -> None:
    assert make_offer(access={"wheelchair": True}).good_to_know == ()


@pytest.mark.parametrize(("delivery", "asks"), [("phone", False), ("online", False), (None, True)])
def test_a_lift_is_asked_for_only_where_there_is_a_place(delivery: str | None, asks: bool) -> None:
    offer = make_offer(asked=("lift",), delivery=delivery)
    assert any("a lift" in question for question in offer.questions) == asks


def test_sign_language_is_asked_for_wherever_it_is() -> None:
    offer = make_offer(asked=("sign_language",), delivery="online")
    assert any("sign" in question for question in offer.questions)


def test_ages_are_said_where_that_of_the_person_is_not_known() -> None:
    open_age = Verdict(limit="age", kind="must", verdict="unknown", detail="")
    activity = make_activity(ages={"min": 16, "max": 24})
    suggestion = make_suggestion(activity, verdicts=(open_age,))
    (offer,) = handout_of([suggestion], None, TODAY, "en").offers
    assert offer.good_to_know == ("It is for people aged 16 to 24.",)


def test_at_most_three_questions_are_asked() -> None:
    offer = make_offer(asked=("lift",))
    assert len(offer.questions) == 3


# Links


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert make_offer(provider={"url": url}).url == ""


def test_a_number_is_dialled_without_its_blanks() -> None:
    assert make_offer(provider={"phone": "+45 00 11 22 33"}).call == "tel:+4500112233"


def test_only_an_address_is_written_to_from_the_sheet() -> None:
    assert make_offer(provider={"email": "a@b.example"}).write == "mailto:a@b.example"
    assert make_offer(provider={"email": "a@b.example?cc=x@y.example"}).write == ""


def test_what_is_not_a_number_is_not_dialled() -> None:
    assert make_offer(provider={"phone": "see the web page"}).call == ""


# The whole


def test_a_handout_holds_at_most_what_a_page_holds() -> None:
    activities = [make_activity(str(number)) for number in range(MOST + 1)]
    with pytest.raises(ValueError, match="at most 6"):
        make_handout(*activities)


def test_offers_are_numbered_in_their_order() -> None:
    handout = make_handout(make_activity("b"), make_activity("a"))
    assert [(offer.number, offer.id) for offer in handout.offers] == [(1, "b"), (2, "a")]


def test_where_home_is_does_not_show_when_it_is_printed() -> None:
    assert str(AT_HOME.lat) not in repr(make_handout(make_activity()))


@pytest.mark.parametrize(("missing", "line"), [(0, ""), (1, "One offer"), (2, "2 offers")])
def test_offers_that_are_gone_are_counted(missing: int, line: str) -> None:
    assert make_handout(make_activity(), missing=missing).missing_words.startswith(line)


def test_the_message_says_it_in_short_lines() -> None:
    activity = make_activity(
        title="Choir",
        description="We sing.",
        provider={"name": "House", "phone": "+45 00 11 22 33"},
        sessions=[TUESDAY],
        place={"address": "Gaden 1", "postcode": "9000", "town": "Aalborg"},
        cost={"amount": 30, "currency": "DKK", "per": "session"},
    )
    text = plain_text_of(make_handout(activity, language="da"))
    assert text.split("\n\n")[1].splitlines() == [
        "1. Choir",
        "House",
        "We sing.",
        "Hver tirsdag kl. 10:00–12:00",
        "Næste gang: tirsdag 24. november",
        "Gaden 1, 9000 Aalborg",
        "Pris: 30 kr. pr. gang",
        "Ring: +45 00 11 22 33",
    ]


def test_the_message_has_no_hard_blanks() -> None:
    text = plain_text_of(make_handout(make_activity(sessions=[TUESDAY]), language="da"))
    assert "\u00a0" not in text


def test_who_has_no_number_is_asked_about() -> None:
    assert "Ask the person who gave you this page" in plain_text_of(make_handout(make_activity()))


def test_the_day_it_was_made_is_said() -> None:
    handout = make_handout(make_activity(), on=date(2026, 11, 23))
    assert handout.date == "Monday 23 November 2026"


def test_both_languages_say_the_same_things() -> None:
    assert page_words("handout", "da").keys() == page_words("handout", "en").keys()
