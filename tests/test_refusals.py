"""What a person refuses in the middle of telling a need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.refusals import split_refusals


@pytest.mark.parametrize(
    ("language", "text", "kept", "refused"),
    [
        ("en", "Likes music but not choirs.", "Likes music.", "not choirs"),
        ("en", "Would try crafts, no knitting though.", "Would try crafts.", "no knitting"),
        ("en", "Wants to be outdoors, no dogs please.", "Wants to be outdoors.", "no dogs"),
        ("en", "He is lonely and hates gyms.", "He is lonely.", "hates gyms"),
        (
            "en",
            "Wants company. Can't stand loud music.",
            "Wants company.",
            "Can't stand loud music",
        ),
        ("en", "Wants company, nothing religious.", "Wants company.", "nothing religious"),
        ("en", "Open to most things, bingo isn't for him.", "Open to most things.", None),
        ("da", "Vil gerne ud, men ikke i kirken.", "Vil gerne ud.", "ikke i kirken"),
        ("da", "Hun er ensom. Hun gider ikke motionscenter.", "Hun er ensom.", None),
        ("da", "Kan ikke klare larm.", "", "Kan ikke klare larm"),
        ("da", "Glad for dyr, helst ikke katte.", "Glad for dyr.", "helst ikke katte"),
        ("da", "Søger en klub, ingen konkurrence tak.", "Søger en klub.", "ingen konkurrence"),
        (
            "da",
            "Hunde kan hun ikke fordrage, men elsker katte.",
            None,
            "Hunde kan hun ikke fordrage",
        ),
        ("en", "Yoga? No thanks. Walking would do.", "Walking would do.", "Yoga? No thanks"),
        ("en", "Likes cars but football does nothing for him.", None, None),
        ("en", "Wants a hobby. Computers aren't her scene.", "Wants a hobby.", None),
        ("en", "Any class, apart from zumba.", "Any class.", "apart from zumba"),
        ("en", "He is not really keen on tai chi.", None, None),
        ("en", "The last thing he wants is bingo.", "", "The last thing he wants is bingo"),
        ("en", "Would go if there's no alcohol.", "Would go.", "if there's no alcohol"),
        ("en", "She has gone right off coach trips.", None, None),
        ("da", "Dans? Nej tak. Gåture er fint.", "Gåture er fint.", "Dans? Nej tak"),
        ("da", "Fodbold siger ham ingenting.", "", "Fodbold siger ham ingenting"),
        ("da", "Bare fri mig for sang.", "", "fri mig for sang"),
        ("da", "Er med på alt undtagen banko.", None, None),
        ("da", "Nej til strik, gerne træ.", None, "Nej til strik"),
        ("da", "Hun står af, når det handler om religion.", None, None),
    ],
)
def test_a_refusal_is_taken_out(
    language: str, text: str, kept: str | None, refused: str | None
) -> None:
    split = split_refusals(text, language)
    assert len(split.refused) == 1
    assert refused in (None, split.refused[0])
    assert kept in (None, split.kept)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "She hasn't been out since spring."),
        ("en", "Never learned to swim and wants to."),
        ("en", "I can't sleep."),
        ("en", "Doesn't want to be alone any more."),
        ("en", "He says he doesn't want to live like this."),
        ("en", "Not only for the exercise."),
        ("en", "Would like to meet people, no family nearby."),
        ("en", "Has no car and no bus after six."),
        ("en", "Doesn't mind dogs or noise."),
        ("en", "No holiday money for the kids this year."),
        ("en", "No dog since Rex died, the house is silent."),
        ("en", "He doesn't go to the gym any more since his back went."),
        ("en", "He can't stand for long."),
        ("en", "Would not say no to a cup of tea."),
        ("da", "Ingen hund mere, og der er stille i huset."),
        ("da", "Vil ikke på plejehjem, vil blive i sin lejlighed."),
        ("da", "Hun går ikke længere til kor og savner det."),
        ("da", "Kan ikke sove."),
        ("da", "Kan ikke betale huslejen."),
        ("da", "Det skal ikke kun være for kvinder."),
        ("da", "Han har ikke lyst til at leve."),
        ("da", "Vil ikke være alene i weekenden."),
        ("da", "Har ingen venner i byen."),
        ("da", "Det gør ikke noget, at det koster lidt."),
        ("da", "Vil gerne lære at svømme, har aldrig turdet."),
    ],
)
def test_a_negation_that_refuses_nothing_is_left_alone(language: str, text: str) -> None:
    split = split_refusals(text, language)
    assert (split.kept, split.refused) == (text, ())


def test_two_refusals_of_a_text_are_both_found() -> None:
    split = split_refusals("Hates gyms. Likes walks, but not with dogs.", "en")
    assert split.refused == ("Hates gyms", "not with dogs")


def test_without_a_language_both_are_read() -> None:
    assert split_refusals("Vil gerne ud, men ikke i kirken.").refused == ("ikke i kirken",)


def test_what_is_shown_of_a_split_repeats_no_text() -> None:
    assert "gyms" not in repr(split_refusals("Hates gyms.", "en"))


@given(st.text(max_size=200), st.sampled_from(["da", "en", None]))
def test_nothing_is_refused_that_was_not_written(text: str, language: str | None) -> None:
    import unicodedata

    for clause in split_refusals(text, language).refused:
        assert clause in unicodedata.normalize("NFC", text)
