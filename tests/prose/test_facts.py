"""Facts out of prose, put where a record says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import make_activity
from spmatch.activity import Activity, Evidence
from spmatch.prose import Fact, facts_of, read_facts, with_facts
from spmatch.prose.passages import QUOTE_AT_MOST, sentences_of

WORDS = (
    *(
        "tirsdag",
        "tirsdage",
        "hver",
        "kl.",
        "10-12",
        "35",
        "kr.",
        "pr.",
        "gang",
        "gratis",
        "for",
        "60+",
    ),
    *(
        "elevator",
        "ikke",
        "over",
        "under",
        "18",
        "år",
        "mandag",
        "og",
        "-",
        "online",
        "drop-in",
        "\n",
    ),
    *(
        "Tuesdays",
        "2-4pm",
        "£3",
        "free",
        "lift",
        "no",
        "(",
        ")",
        ".",
        ",",
        "Æ",
        "İ",
        "ß",
        "🎉",
        "members",
    ),
)
"""What facts are made of, in any order."""


def test_what_the_record_leaves_open_is_filled() -> None:
    activity = make_activity(description="Det koster 35 kr. pr. gang.", text_language="da")
    assert (
        with_facts(activity).cost
        == make_activity(cost={"amount": 35, "currency": "DKK", "per": "session"}).cost
    )


def test_the_words_that_a_fact_was_read_from_are_kept() -> None:
    activity = make_activity(
        description="Vi er glade. Det koster 35 kr. pr. gang. Kom.", text_language="da"
    )
    assert with_facts(activity).evidence == (
        Evidence(field="cost", quote="Det koster 35 kr. pr. gang."),
    )


@pytest.mark.parametrize(
    "stated",
    [
        {"cost": {"amount": 20, "currency": "DKK"}},
        {"cost": {"currency": "DKK"}},
        {"cost": {"concessions": [{"for": "børn", "amount": 10}]}},
    ],
)
def test_a_price_that_is_stated_is_left_alone(stated: dict[str, object]) -> None:
    activity = make_activity(description="Det er gratis.", text_language="da", **stated)
    assert with_facts(activity) is activity


def test_sessions_that_are_stated_are_left_alone() -> None:
    activity = make_activity(
        description="Hver mandag kl. 10.", text_language="da", sessions=[{"day": "fri"}]
    )
    assert with_facts(activity) is activity


def test_one_key_of_accessibility_is_filled_beside_another() -> None:
    activity = make_activity(
        description="Der er elevator.", text_language="da", access={"wheelchair": False}
    )
    access = with_facts(activity).access
    assert access is not None
    assert (access.wheelchair, access.lift) == (False, True)


def test_a_key_that_is_stated_is_left_alone() -> None:
    activity = make_activity(
        description="Der er elevator.", text_language="da", access={"lift": False}
    )
    assert with_facts(activity) is activity


def test_a_title_is_read_too() -> None:
    activity = make_activity(title="Motion for 60+", text_language="da")
    assert [fact.field for fact in facts_of(activity)] == ["ages"]


def test_a_price_in_words_alone_is_read_in_them() -> None:
    activity = make_activity(cost={"note": "£3 per session"}, text_language="en")
    cost = with_facts(activity).cost
    assert cost is not None
    assert (cost.amount, cost.per, cost.note) == (3, "session", "£3 per session")


def test_a_price_in_words_that_leaves_it_open_stays_as_it_is() -> None:
    activity = make_activity(
        cost={"note": "Vary according to income ($5-$90)"}, description="Free.", text_language="en"
    )
    assert with_facts(activity) is activity


def test_what_has_an_address_is_not_online_by_its_prose() -> None:
    activity = make_activity(
        description="We meet on Zoom.", text_language="en", place={"address": "Mill Lane 3"}
    )
    assert with_facts(activity) is activity


def test_without_prose_the_activity_is_the_same() -> None:
    activity = make_activity()
    assert with_facts(activity) is activity


def test_evidence_that_is_there_is_kept() -> None:
    before = Evidence(field="cost", quote="Gratis.")
    activity = make_activity(
        description="Der er elevator.", text_language="da", cost={"amount": 0}, evidence=[before]
    )
    assert with_facts(activity).evidence[0] == before


def test_other_languages_state_nothing() -> None:
    assert read_facts("Gratis, 35 kr. pr. gang, elevator", "sv") == ()


def test_a_language_that_is_not_stated_goes_by_the_words() -> None:
    facts = read_facts("Vi mødes hver tirsdag kl. 10-12, og der er elevator i huset.")
    assert {fact.field for fact in facts} == {"sessions", "access.lift"}


def test_a_text_that_speaks_for_neither_language_is_read_as_both() -> None:
    assert [fact.field for fact in read_facts("Yoga 60+")] == ["ages"]


def test_two_kinds_of_fact_in_one_sentence_are_read() -> None:
    facts = read_facts("Yoga for seniorer (65+), mandage kl. 9.30-10.45, 60 kr./gang.", "da")
    assert [fact.field for fact in facts] == ["cost", "ages", "sessions"]


def test_a_long_sentence_is_quoted_around_the_fact() -> None:
    text = f"Vi {'synger og ' * 20}griner, men der er elevator i huset, {'og vi ' * 40}synger."
    (fact,) = read_facts(text, "da")
    assert "elevator" in fact.quote
    assert len(fact.quote) <= QUOTE_AT_MOST


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    texts = [
        text.folded.strip() for text in sentences_of("Kl. 10 pr. gang f.eks. her. Nu er vi to.")
    ]
    assert texts == ["kl. 10 pr. gang f.eks. her.", "nu er vi to."]


texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@given(texts, st.sampled_from(["da", "en", None]))
def test_every_quote_stands_in_the_text(text: str, language: str | None) -> None:
    assert [fact for fact in read_facts(text, language) if fact.quote not in text] == []


@given(texts, st.sampled_from(["da", "en"]))
def test_every_fact_fits_its_field(text: str, language: str) -> None:
    done = with_facts(make_activity(description=text, text_language=language))
    assert Activity.model_validate(done.model_dump(mode="json")) == done


@given(texts, st.sampled_from(["da", "en"]))
def test_a_second_reading_adds_nothing(text: str, language: str) -> None:
    once = with_facts(make_activity(description=text, text_language=language))
    assert with_facts(once) is once


@given(st.text(max_size=300), st.sampled_from(["da", "en", None]))
def test_no_text_breaks_it(text: str, language: str | None) -> None:
    assert all(isinstance(fact, Fact) for fact in read_facts(text, language))


HOSTILE = [
    "9" * 50_000,
    "1," * 25_000,
    "kr. " * 12_000,
    "35 kr. " * 7_000,
    "mandag og " * 5_000,
    "mon & " * 8_000,
    "10-12 " * 8_000,
    "a " * 25_000,
    "(" * 50_000,
    "ikke " * 10_000 + "elevator",
    "for mellem 18 og " * 3_000,
    "gratis for børn og " * 2_500,
    "small and " * 5_000,
    "bring a friend or " * 2_700,
    "bus 1, " * 7_000 + "stops",
    ". " * 25_000,
    "\n" * 50_000,
    "Online" + " og" * 16_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].strip() or "blank")
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_hostile_text_ends_and_states_nothing(text: str, language: str) -> None:
    assert read_facts(text, language) == ()
