"""The page of the handout in a browser: one sheet when printed, and nothing cut off on a telephone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from browser import CHROMIUM, FLAGS, small_catalogue
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pypdf import PdfReader
from starlette.requests import Request

from handouts import make_handout
from making import make_activity, north
from spmatch.activity import Activity
from spmatch.web.handout.page import page_of
from spmatch.web.templating import STATIC

ACCESS = ("wheelchair", "lift", "hearing_loop", "accessible_toilet")
HOST = "http://localhost"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def longest() -> list[Activity]:
    activities = small_catalogue().activities
    return sorted(activities, key=lambda one: -len(one.description))


def opened(browser: Browser, activities: list[Activity], width: int = 1280) -> Page:
    """The page of a handout, with its style sheet and fonts."""
    handout = make_handout(*activities, language="da", asked=ACCESS)
    request = Request({"type": "http", "headers": [], "root_path": ""})
    html = bytes(page_of(request, handout).body)

    def answer(route: Route) -> None:
        name = re.sub(r"^.*/static/|\?.*$", "", route.request.url)
        if name.endswith("/"):
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(path=STATIC / name)

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.route("**/*", answer)
    page.goto(f"{HOST}/")
    page.evaluate("document.fonts.ready")
    return page


@pytest.mark.parametrize("number", range(1, 7))
def test_the_longest_offers_print_on_one_sheet(
    browser: Browser, longest: list[Activity], number: int
) -> None:
    page = opened(browser, longest[:number])
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    assert len(sheets) == 1
    assert "Telefon:" in sheets[0].extract_text()


@pytest.mark.parametrize("number", range(1, 7))
def test_the_map_is_printed_where_there_is_room_for_it(browser: Browser, number: int) -> None:
    page = opened(browser, [make_activity(str(one), place=north(one)) for one in range(number)])
    page.emulate_media(media="print")
    seen = page.locator(".map").is_visible()
    page.close()
    assert seen


def test_the_letters_are_those_for_low_vision(browser: Browser, longest: list[Activity]) -> None:
    page = opened(browser, longest[:1])
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length")
    page.close()
    assert loaded == 2


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out_of_the_screen(
    browser: Browser, longest: list[Activity], width: int
) -> None:
    page = opened(browser, longest[:4], width)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide <= width


def test_the_button_prints(browser: Browser, longest: list[Activity]) -> None:
    page = opened(browser, longest[:1])
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Udskriv").click()
    printed = page.evaluate("window.printed")
    page.close()
    assert printed is True
