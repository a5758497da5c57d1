"""The PDF: one page whatever it says, every letter right, the text there to be selected."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from handouts import make_handout
from making import TODAY, make_activity, north
from spmatch.activity import Activity
from spmatch.material import material
from spmatch.web.handout import Handout, handout_of, pdf_of
from spmatch.web.handout.typeface import GAP, printable
from spmatch.wording import ReaderLanguage

A4_POINTS = (595.28, 841.89)
SMALLEST_POINTS = 11.0


@cache
def longest() -> tuple[Activity, ...]:
    """The example activities that say most."""
    paths = sorted(material("catalogue", "denmark").glob("*.jsonl"))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    activities = [Activity.model_validate_json(line) for line in lines]
    return tuple(sorted(activities, key=lambda one: -len(one.description)))


def page(handout: Handout) -> PageObject:
    """The only page of its PDF."""
    (only,) = PdfReader(io.BytesIO(pdf_of(handout))).pages
    return only


def text(handout: Handout) -> str:
    return " ".join(page(handout).extract_text().split())


def pieces(handout: Handout) -> list[tuple[str, float, float, float]]:
    """Each piece of text with its x, y (from the bottom) and size, in points."""
    found: list[tuple[str, float, float, float]] = []

    def visit(piece: str, _: Any, place: list[float], __: Any, size: float) -> None:
        if piece.strip():
            found.append((piece.strip(), place[4], place[5], size))

    page(handout).extract_text(visitor_text=visit)
    return found


ACCESS = ("wheelchair", "lift", "hearing_loop", "accessible_toilet")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("number", range(1, 7))
def test_the_longest_offers_stay_on_one_page(number: int, language: ReaderLanguage) -> None:
    handout = make_handout(*longest()[:number], language=language, asked=ACCESS)
    found = pieces(handout)
    width, height = A4_POINTS
    assert all(28 < x < width and 28 < y < height - 20 for _, x, y, _ in found)
    # Whom to call stands below everything else: nothing runs over it.
    helper = handout.words.say("label.helper")
    lowest = min(
        y for piece, _, y, _ in found if not piece.startswith((helper, "Phone", "Telefon"))
    )
    assert next(y for piece, _, y, _ in found if piece.startswith(helper)) < lowest


@pytest.mark.parametrize("number", range(1, 7))
def test_letters_are_never_smaller_than_eleven_points(number: int) -> None:
    sizes = {size for *_, size in pieces(make_handout(*longest()[:number], asked=ACCESS))}
    assert min(sizes) >= SMALLEST_POINTS - 0.01


@pytest.mark.parametrize("number", range(1, 4))
def test_up_to_three_offers_are_told_in_twelve_points(number: int) -> None:
    activities = longest()[:number]
    found = pieces(make_handout(*activities, asked=ACCESS, language="da"))
    assert next(size for piece, *_, size in found if piece.startswith("Pris")) >= 12


def test_text_without_end_stays_on_the_page() -> None:
    endless = make_activity(
        title="Meget lang titel " * 50,
        description="Ord " * 9_000,
        provider={
            "name": "Navn" * 100,
            "phone": "+45 11 22 33 44 " * 20,
            "url": f"https://x.example/{'a' * 500}",
        },
        place={"name": "Sted " * 90, "address": "V" * 300},
        cost={"note": "Pris " * 300},
        sessions=[
            {"day": day, "start": f"{hour:02}:00"} for day in ("mon", "tue") for hour in range(20)
        ],
    )
    handout = make_handout(*(endless.model_copy(update={"id": str(one)}) for one in range(6)))
    assert all(28 < y < A4_POINTS[1] for *_, y, _ in pieces(handout))


def test_danish_letters_and_quotes_are_right() -> None:
    activity = make_activity(title="Blåbærgrød »på øen« – æøå ÆØÅ", description="Vi siger “hej”…")
    said = text(make_handout(activity, language="da"))
    assert "Blåbærgrød »på øen« – æøå ÆØÅ" in said
    assert "Vi siger “hej”…" in said


@pytest.mark.parametrize(
    "title", ["Кава разом", "Καφές μαζί", "Iqqaamasaq ĸitaa", "Spotkanie przy kawie: łąka"]
)
def test_other_alphabets_of_europe_are_set(title: str) -> None:
    assert title in text(make_handout(make_activity(title=title)))


@pytest.mark.parametrize("title", ["مقهى النساء", "咖啡 会", "ที่กาแฟ"])
def test_a_script_without_letters_here_is_a_gap_that_is_explained(title: str) -> None:
    said = text(make_handout(make_activity(title=f"Café {title}")))
    assert f"Café {GAP}" in said
    assert f"{GAP} stands for words in another alphabet." in said


def test_where_nothing_is_missing_no_gap_is_explained() -> None:
    assert GAP not in text(make_handout(make_activity()))


@pytest.mark.parametrize(
    ("given", "set_as"),
    [
        ("kaffe ☕️ og 💚 kage", "kaffe og kage"),
        ("9‑12", "9-12"),
        ("ﬁnt", "fint"),
        ("مقهى النساء, مقهى", GAP),
        ("A\u200bB", "AB"),
    ],
)
def test_signs_that_are_lacking_are_replaced_honestly(given: str, set_as: str) -> None:
    assert printable(given) == set_as


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=120).filter(lambda title: title.strip()))
def test_any_text_makes_a_page(title: str) -> None:
    handout = make_handout(make_activity(title=title, description=title))
    assert "My notes" in text(handout)


def test_the_number_can_be_dialled_and_stands_large() -> None:
    activity = make_activity(provider={"name": "House", "phone": "+45 00 11 22 33"})
    handout = make_handout(activity)
    links = [note.get_object()["/A"]["/URI"] for note in page(handout)["/Annots"]]
    sizes = {piece: size for piece, *_, size in pieces(handout)}
    assert links == ["tel:+4500112233"]
    assert sizes["+45 00 11 22 33"] > sizes["Ask when it is"]


def test_without_a_number_the_web_page_is_the_link() -> None:
    activity = make_activity(provider={"url": "https://www.klub.example/"})
    handout = make_handout(activity)
    links = [note.get_object()["/A"]["/URI"] for note in page(handout)["/Annots"]]
    assert links == ["https://www.klub.example/"]
    assert "klub.example" in text(handout)


@pytest.mark.parametrize(
    ("language", "title"), [("da", "Forslag til dig"), ("en", "Some ideas for you")]
)
def test_title_and_language_are_set(language: ReaderLanguage, title: str) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(make_handout(make_activity(), language=language))))
    assert reader.metadata is not None
    assert reader.metadata.title == title
    assert reader.trailer["/Root"]["/Lang"] == language


def test_the_map_numbers_the_places_and_says_which_are_not_on_it() -> None:
    handout = make_handout(
        make_activity("a", place=north(1.4)), make_activity("b", delivery="phone")
    )
    said = text(handout)
    assert "1.5 km" in said
    assert "The house in the middle is your home. Not on the map: 2." in said


def test_without_places_the_notes_have_the_room() -> None:
    said = text(make_handout(make_activity(delivery="phone")))
    assert "The house in the middle" not in said
    assert "My notes" in said


def test_equal_handouts_are_equal_files() -> None:
    assert pdf_of(make_handout(*longest()[:3])) == pdf_of(make_handout(*longest()[:3]))


def test_a_page_without_offers_is_a_page() -> None:
    assert "My notes" in text(handout_of([], None, TODAY, "en"))


def test_the_date_is_on_it() -> None:
    assert re.search("Monday 23 November 2026", text(make_handout(make_activity())))
