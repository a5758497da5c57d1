"""The handout as a page for the screen and for print."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from spmatch.web.handout.content import Handout, Offer
from spmatch.web.sketch import svg_of
from spmatch.web.sketch_layout import FRAME
from spmatch.web.templating import render
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage

WHAT_CHARACTERS = (0, 420, 320, 200, 140, 100, 80)
"""The longest description by the number of offers, so that one printed page holds them."""

MAP_MM = (72, 88, 68, 54, 54, 54, 54)
"""Width of the map on paper by the number of offers, as in handout.css."""
LETTER_MM = 3.9
"""Eleven points, the smallest letters on the page."""


@dataclass(frozen=True, slots=True)
class _Card:
    """An offer, with its description as long as there is room."""

    offer: Offer
    what: str
    lang: str


def page_of(request: Request, handout: Handout) -> HTMLResponse:
    """The page; its style sheet prints it on one A4 sheet."""
    characters = WHAT_CHARACTERS[len(handout.offers)]
    cards = [
        _Card(offer, offer.what(characters), offer.text_language or handout.language)
        for offer in handout.offers
    ]
    sketch = handout.sketch(lettering=LETTER_MM * FRAME / MAP_MM[len(handout.offers)])
    return render(
        request,
        "handout.html",
        {
            "handout": handout,
            "cards": cards,
            "language": handout.language,
            "say": handout.words.say,
            "svg": svg_of(sketch, handout.language, id="map"),
        },
    )


def sorry(request: Request, key: str, language: ReaderLanguage, **values: object) -> HTMLResponse:
    """A page that says why there is no handout, and what to do about it (status 422)."""
    words = page_words("handout", language)
    return render(
        request,
        "handout_sorry.html",
        {
            "language": language,
            "title": words.say(f"{key}.title", **values),
            "text": words.say(f"{key}.text", **values),
        },
        status=422,
    )
