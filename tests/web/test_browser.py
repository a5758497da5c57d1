"""The page in a browser: with the keyboard alone, without scripts, for everybody, and at both sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from serving import real_service
from spmatch.web.keys import KeyRing
from web.browser import SIZES, Visit, build_snapshot, chromium, visit

DANGER = {"needs": "He says he wants to die and talks of killing himself."}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_service(build_snapshot(tmp_path_factory.mktemp("page") / "snapshot")) as service:
        yield service.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture
def desk(browser: Any, address: str) -> Iterator[Visit]:
    with visit(browser, address) as one:
        one.open()
        yield one


def titles(page: Any) -> list[str]:
    return [str(one) for one in page.locator(".card h3").all_inner_texts()]


# With the keyboard alone


def test_from_an_empty_page_to_five_cards_by_keyboard(desk: Visit) -> None:
    keyboard = desk.page.keyboard
    reached = []
    for _ in range(4):
        keyboard.press("Tab")
        reached.append(desk.focused)
    assert reached == ["A", "switch", "needs", "interests"]
    keyboard.type("Eating with others after losing his wife.")
    keyboard.press("Control+Enter")
    desk.page.wait_for_selector(".card")
    assert len(titles(desk.page)) == 5
    assert desk.focused == "answer-heading"


def test_enter_in_a_field_searches(desk: Visit) -> None:
    desk.fill()
    desk.page.press("#age", "Enter")
    desk.page.wait_for_selector(".card")
    assert desk.page.get_attribute("html", "lang") == "en"


def test_enter_in_why_not_asks_why(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.page.fill("#why", titles(desk.page)[4])
    desk.page.press("#why", "Enter")
    desk.page.wait_for_selector("#why-answer")
    assert "It is number 5" in desk.page.inner_text("#why-answer")


def test_a_choice_of_three_is_one_stop_with_arrow_keys(desk: Visit) -> None:
    desk.unfold("access")
    desk.page.focus("input[name='access_wheelchair'][value='none']")
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("ArrowRight")
    assert desk.page.is_checked("input[name='access_wheelchair'][value='must']")
    desk.page.keyboard.press("Tab")
    assert desk.focused == "access_step_free"


def test_whatever_has_the_focus_shows_it(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.unfold("access")
    desk.page.focus(".skip")
    bare = []
    for _ in range(70):
        desk.page.keyboard.press("Tab")
        shown = desk.page.evaluate(
            """() => {
              const e = document.activeElement;
              const rings = [e, e.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one));
              return rings.some((s) => s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 3);
            }"""
        )
        if not shown and desk.focused != "BODY":
            bare.append(desk.focused)
    assert bare == []


def test_what_is_read_in_order_is_seen_in_order(desk: Visit) -> None:
    desk.fill()
    desk.search()
    tops = desk.page.evaluate(
        """() => [...document.querySelectorAll('#results h2, #results h3')]
             .map((one) => one.getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops)


# What a click does


def test_must_and_prefer_are_different(desk: Visit) -> None:
    desk.unfold("reach")
    desk.fill(distance="0.4")
    desk.choose("distance_kind", "must")
    desk.search()
    further = desk.page.locator(".fact-distance dd", has_text="0.5 km")
    assert titles(desk.page)
    assert further.count() == 0
    desk.choose("distance_kind", "prefer")
    desk.search()
    assert desk.page.is_checked("input[name='distance_kind'][value='prefer']")
    assert further.count() > 0


def test_a_limit_is_loosened_by_a_click_and_the_form_shows_it(desk: Visit) -> None:
    desk.unfold("reach")
    desk.fill(distance="0.5", where="9370")
    desk.unfold("manner")
    desk.page.check("input[name='delivery'][value='in_person']")
    desk.search()
    before = len(titles(desk.page))
    desk.page.locator("button[name='loosen']", has_text="km").first.click()
    desk.settled()
    assert float(desk.page.input_value("#distance")) > 0.5
    assert len(titles(desk.page)) > before


def test_why_not_lets_choose_between_several(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.page.fill("#why", "for")
    desk.page.click("#ask-why")
    desk.page.wait_for_selector("#why-answer")
    assert desk.focused == "why-answer-heading"
    desk.page.locator("#why-answer button").first.click()
    desk.page.wait_for_selector("#why-answer .bars", state="attached")


def test_the_list_grows_and_shrinks_without_a_search(desk: Visit) -> None:
    desk.fill()
    desk.search()
    asked = len(desk.requests)
    desk.page.locator(".pick input").nth(0).check()
    desk.page.locator(".pick input").nth(2).check()
    assert desk.page.locator("#list .list-title").all_inner_texts() == [
        titles(desk.page)[0],
        titles(desk.page)[2],
    ]
    desk.page.locator("#list .remove").first.click()
    assert desk.page.locator(".pick input:checked").count() == 1
    assert len(desk.requests) == asked


def test_the_list_stays_through_another_search_and_two_are_compared(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.page.locator(".pick input").nth(0).check()
    first = titles(desk.page)[0]
    desk.page.fill("#needs", "Would like to sing in a choir.")
    desk.search()
    desk.page.locator(".pick input:not(:checked)").first.check()
    desk.page.click(".list-two")
    desk.page.wait_for_selector("#compared")
    assert first in desk.page.inner_text("#compared thead")


def test_the_language_changes_and_what_was_written_stays(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.page.click("button[name='switch']")
    desk.page.wait_for_selector("html[lang='da']")
    assert desk.page.input_value("#needs").startswith("Widower")
    assert desk.page.inner_text("#find") == "Find tilbud"
    assert desk.page.inner_text("button[name='switch']") == "English"
    desk.open()
    assert desk.page.get_attribute("html", "lang") == "da"


def test_a_mistake_takes_the_focus_and_leads_to_its_field(desk: Visit) -> None:
    desk.fill(age="300")
    desk.search()
    assert desk.focused == "problems"
    desk.page.click("#problems a")
    assert desk.focused == "age"


def test_danger_takes_the_focus(desk: Visit) -> None:
    desk.fill(**DANGER)
    desk.search()
    assert desk.focused == "danger-heading"


def test_groups_stay_open_and_say_that_they_were_changed(desk: Visit) -> None:
    desk.unfold("access")
    desk.choose("access_lift", "must")
    assert desk.page.inner_text("#group-access .group-said") == "changed"
    desk.fill()
    desk.search()
    assert desk.page.get_attribute("#group-access", "open") is not None
    assert desk.page.inner_text("#group-access .group-said") == "a lift"


def test_when_the_connection_fails_the_form_stays(desk: Visit) -> None:
    desk.fill()
    desk.page.route("**/", lambda route: route.abort())
    desk.page.click("#find")
    desk.page.wait_for_selector("#live:has-text('failed')")
    assert desk.page.input_value("#needs").startswith("Widower")


def test_when_the_service_is_busy_the_form_stays_and_it_is_said(desk: Visit) -> None:
    desk.fill()
    busy = "<!doctype html><html><body><main><h1>It is busy just now</h1></main></body></html>"
    desk.page.route(
        "**/", lambda route: route.fulfill(status=503, content_type="text/html", body=busy)
    )
    desk.page.click("#find")
    desk.page.wait_for_selector("#live:has-text('It is busy just now')")
    assert desk.page.input_value("#needs").startswith("Widower")


def test_the_handout_comes_as_a_file_of_one_page(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.page.locator(".pick input").nth(0).check()
    with desk.page.expect_download() as coming:
        desk.page.click("button[formaction$='/handout.pdf']")
    assert len(PdfReader(coming.value.path()).pages) == 1
    assert len(titles(desk.page)) == 5


def test_a_sheet_that_cannot_be_made_costs_nothing_that_was_written(desk: Visit) -> None:
    desk.fill()
    desk.search()
    desk.page.locator(".pick input").nth(0).check()
    desk.page.eval_on_selector_all("[name='picked']", "all => all.forEach(o => o.value = 'gone')")
    with desk.page.expect_popup() as coming:
        desk.page.click("button[formaction$='/handout.pdf']")
    coming.value.wait_for_selector("h1:has-text('no longer in the catalogue')")
    assert len(titles(desk.page)) == 5
    assert desk.page.input_value("#needs").startswith("Widower")


def test_an_older_question_gives_way_to_a_newer_one(desk: Visit) -> None:
    desk.fill()
    desk.page.evaluate(
        "document.getElementById('find').click(); document.getElementById('age').value = '300';"
        "document.getElementById('find').click()"
    )
    desk.page.wait_for_selector("#problems")
    assert desk.page.locator(".card").count() == 0


# Without scripts


def test_everything_works_without_scripts(browser: Any, address: str) -> None:
    with visit(browser, address, script=False) as plain:
        plain.open()
        plain.fill()
        plain.page.click("#find")
        assert len(titles(plain.page)) == 5
        plain.page.locator(".pick input").nth(0).check()
        plain.page.locator(".pick input").nth(1).check()
        plain.page.locator("#list button", has_text="Compare").click()
        assert plain.page.locator("#compared tbody tr").count() > 5
        plain.page.locator("#list .remove").first.click()
        assert plain.page.locator("#list .list-title").count() == 1
        plain.page.fill("#why", titles(plain.page)[0])
        plain.page.click("#ask-why")
        assert "It is number 1" in plain.page.inner_text("#why-answer")
        plain.page.click("button[name='switch']")
        assert plain.page.inner_text("#find") == "Find tilbud"


def test_after_a_busy_time_the_same_form_is_sent_by_reloading(browser: Any, address: str) -> None:
    with visit(browser, address, script=False) as plain:
        plain.open()
        plain.fill()
        plain.page.route("**/", lambda route: route.fulfill(status=503, body="busy"), times=1)
        with plain.page.expect_navigation():
            plain.page.click("#find")
        plain.page.get_by_text("busy").wait_for()
        plain.page.reload()
        assert len(titles(plain.page)) == 5


# With a key


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a service that has keys, and a key that is good for the page."""
    folder = tmp_path_factory.mktemp("locked")
    _, secret = KeyRing(folder / "keys.json", create=True).add("desk", ["match"])
    snapshot = build_snapshot(folder / "snapshot")
    with real_service(snapshot, "--keys", str(folder / "keys.json")) as service:
        yield service.address, secret


def test_with_a_key_the_page_answers_and_keeps_nothing(
    browser: Any, locked: tuple[str, str]
) -> None:
    address, secret = locked
    with visit(browser, address, key=secret) as one:
        one.open()
        one.fill()
        one.search()
        assert len(titles(one.page)) == 5
        assert one.page.context.cookies() == []


def test_with_a_wrong_key_the_page_does_not_open(browser: Any, locked: tuple[str, str]) -> None:
    with visit(browser, locked[0], key="spm_wrong") as one:
        assert one.page.goto(f"{one.address}/").status == 401
        assert one.page.locator("#needs").count() == 0


# For everybody


def _empty(one: Visit) -> None:
    one.open()


def _cards(one: Visit) -> None:
    one.open()
    one.fill("en")
    one.unfold("access")
    one.choose("access_step_free", "must")
    one.choose("access_lift", "prefer")
    one.page.check("input[name='plan']")
    one.search()
    one.page.locator(".pick input").nth(0).check()
    one.page.locator(".pick input").nth(1).check()
    one.page.locator(".card details").nth(1).locator("summary").click()


def _compared(one: Visit) -> None:
    _cards(one)
    one.page.click(".list-two")
    one.page.wait_for_selector("#compared")


def _why(one: Visit) -> None:
    _cards(one)
    one.page.fill("#why", titles(one.page)[1])
    one.page.click("#ask-why")
    one.page.wait_for_selector("#why-answer")
    one.page.click("#why-answer summary")


def _which(one: Visit) -> None:
    _cards(one)
    one.page.fill("#why", "for")
    one.page.click("#ask-why")
    one.page.wait_for_selector("#why-answer")


def _nothing(one: Visit) -> None:
    one.open()
    one.unfold("reach")
    one.fill("en", distance="0.5", where="9370")
    one.unfold("manner")
    one.page.check("input[name='delivery'][value='in_person']")
    one.search()


def _danger(one: Visit) -> None:
    one.open()
    one.fill("en", **DANGER)
    one.search()


def _mistakes(one: Visit) -> None:
    one.open()
    one.unfold("reach")
    one.fill("en", age="300", distance="far", where="")
    one.search()


def _place(one: Visit) -> None:
    one.open()
    one.fill("en", where="Aalbrog")
    one.search()


def _unfolded(one: Visit) -> None:
    one.open()
    one.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def _lost(one: Visit) -> None:
    one.page.goto(f"{one.address}/nowhere")


def _handout(one: Visit) -> None:
    """The sheet for the person, which opens beside the page, in its place."""
    _cards(one)
    one.page.eval_on_selector_all(
        "[formtarget]", "found => found.forEach(one => one.removeAttribute('formtarget'))"
    )
    one.page.click("button[formaction$='/handout']")
    one.page.wait_for_load_state()
    assert one.page.url.endswith("/handout")


STATES: dict[str, Callable[[Visit], None]] = {
    "empty": _empty,
    "cards": _cards,
    "compared": _compared,
    "why": _why,
    "which": _which,
    "nothing": _nothing,
    "danger": _danger,
    "mistakes": _mistakes,
    "place": _place,
    "unfolded": _unfolded,
    "lost": _lost,
    "handout": _handout,
}


@pytest.mark.parametrize("state", STATES)
def test_no_rule_of_accessibility_is_broken(browser: Any, address: str, state: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    with visit(browser, address) as one:
        STATES[state](one)
        one.settled()
        for size, (width, height) in SIZES.items():
            one.page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                one.picture(f"page-{state}-{size}-{scheme}")
                broken = axe.Axe().run(one.page).response["violations"]
                found = [
                    f"{rule['id']}: {node['html'][:120]}"
                    for rule in broken
                    for node in rule["nodes"]
                ]
                assert (size, scheme, found) == (size, scheme, [])
            wide = one.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0


def test_nothing_is_asked_of_another_host_and_nothing_fails(desk: Visit, address: str) -> None:
    _why(desk)
    assert {url for _, url in desk.requests if not url.startswith((address, "data:"))} == set()
    assert desk.faults == []


def test_nothing_about_the_person_is_in_an_address(desk: Visit) -> None:
    _compared(desk)
    assert [url for _, url in desk.requests if "?" in url and "/static/" not in url] == []


def test_nothing_is_left_in_the_browser(desk: Visit) -> None:
    _cards(desk)
    assert desk.page.context.cookies() == []
    assert desk.page.evaluate("localStorage.length + sessionStorage.length") == 0
