"""The form of the page as a browser without scripts gets it: empty, filled, and with mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

import spmatch
from making import HOME
from pages import Page, form_of, post, words_of
from serving import make_client
from spmatch.web.desk import BusyError
from spmatch.web.page.problems import problem_page
from spmatch.web.problems import problem_of

PROFILES = sorted((Path(spmatch.__file__).parents[2] / "catalogue" / "profiles").glob("*.json"))
WHERE = f"{HOME['lat']}, {HOME['lon']}"
SINGING = {"needs": "Singing songs together with neighbours.", "where": WHERE}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with make_client() as client:
        yield client


def search(client: TestClient, **fields: Any) -> Page:
    return post(client, **{**SINGING, **fields})


def get(client: TestClient, **headers: str) -> Page:
    client.cookies.clear()
    return Page(client.get("/", headers=headers).text)


# The empty form


def test_the_page_begins_with_an_empty_form(client: TestClient) -> None:
    sent = get(client).sends()
    chosen = {"language", "currency", "per"}
    kinds = {name for name in sent if name.endswith("_kind")}
    facts = {name for name in sent if name.startswith(("access_", "first_visit_"))}
    assert {value for name in facts for value in sent[name]} == {"none"}
    assert {
        v for name, values in sent.items() if name not in chosen | kinds | facts for v in values
    } == {""}


def test_an_empty_form_shows_no_cards_and_no_problem(client: TestClient) -> None:
    page = get(client)
    assert not page.has(".//article")
    assert not page.has(".//*[@id='problems']")


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"accept-language": "en-GB,en;q=0.9"}, "en"),
        ({"accept-language": "sv, en;q=0.3, da;q=0.8"}, "da"),
        ({"accept-language": "fr"}, "da"),
        ({"accept-language": ";;q=x,,"}, "da"),
        ({"accept-language": "da", "cookie": "language=en"}, "en"),
        ({"accept-language": "en", "cookie": "language=xx"}, "en"),
    ],
)
def test_the_language_is_that_of_the_cookie_or_else_of_the_browser(
    client: TestClient, headers: dict[str, str], language: str
) -> None:
    assert get(client, **headers).root.get("lang") == language


def test_every_control_has_a_label(client: TestClient) -> None:
    page = search(client)
    named = {one.get("for") for one in page.all(".//label")}
    wrapped = {id(control) for label in page.all(".//label") for control in label.iter()}
    bare = [
        one.get("name")
        for tag in ("input", "select", "textarea")
        for one in page.all(f".//{tag}")
        if one.get("type") != "hidden"
        and one.get("id") not in named
        and id(one) not in wrapped
        and not (one.get("aria-label") or one.get("aria-labelledby"))
    ]
    assert bare == []


def test_no_id_is_used_twice(client: TestClient) -> None:
    page = post(client, "/why", **SINGING, why="garden", picked=["choir", "garden"], age="30")
    ids = [one.get("id") for one in page.root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_headings_do_not_leave_out_a_level(client: TestClient) -> None:
    page = post(client, "/compare", **SINGING, picked=["choir", "garden"], plan="yes")
    levels = [
        int(one.tag[1]) for one in page.root.iter() if one.tag in ("h1", "h2", "h3", "h4", "h5")
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", ["/", "/why", "/compare"])
def test_nothing_of_style_or_script_is_written_into_a_page(client: TestClient, path: str) -> None:
    page = post(client, path, **SINGING, why="garden", picked=["choir", "garden"])
    styled = [one.tag for one in page.root.iter() if one.get("style") or one.tag == "style"]
    inline = [one for one in page.all(".//script") if one.text or not one.get("src")]
    handlers = [name for one in page.root.iter() for name in one.attrib if name.startswith("on")]
    assert (styled, inline, handlers) == ([], [], [])


# The form is kept


def test_the_form_comes_back_as_it_was_filled(client: TestClient) -> None:
    filled = {
        **SINGING,
        "interests": "Songs",
        "avoid": "Noise\nand crowds",
        "age": "41",
        "gender": "woman",
        "first_language": "uk",
        "languages": ["en", "ar"],
        "concessions_other": "members",
        "distance": "30",
        "distance_kind": "prefer",
        "cost": "50",
        "cost_kind": "none",
        "currency": "DKK",
        "per": "month",
        "available": ["mon-morning", "sun-evening"],
        "available_kind": "prefer",
        "intensity_max": "high",
        "delivery": ["in_person"],
        "referral": ["open", "self"],
        "access_lift": "must",
        "first_visit_buddy": "prefer",
        "stated_only": "",
        "plan": "yes",
        "why": "garden",
    }
    sent = search(client, **filled).sends()
    for name, value in filled.items():
        if value:
            assert sent[name] == (value if isinstance(value, list) else [value]), name


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_example_person_can_be_asked_for_and_comes_back_the_same(
    client: TestClient, path: Path
) -> None:
    form = form_of(json.loads(path.read_text(encoding="utf-8")))
    page = post(client, **form)
    assert page.has(".//*[@id='answer']")
    again = page.sends()
    assert {name: sorted(again.get(name, ())) for name in form if form[name]} == {
        name: sorted(value) if isinstance(value, list) else [value]
        for name, value in form.items()
        if value
    }


@pytest.mark.parametrize(
    ("fields", "group", "said"),
    [
        ({}, "reach", "nothing set"),
        ({"distance": "5"}, "reach", "at most 5 km"),
        (
            {"cost": "50", "currency": "DKK", "cost_kind": "prefer"},
            "reach",
            "preferably at most 50 DKK a session",
        ),
        (
            {"access_lift": "must", "access_step_free": "prefer"},
            "access",
            "a lift, preferably step-free access",
        ),
        ({"available": ["mon-morning", "tue-morning", "tue-evening"]}, "time", "3 times on 2 days"),
        ({"available": ["mon-morning"]}, "time", "Monday morning"),
        ({"available": ["mon-morning", "mon-evening"]}, "time", "Monday morning and evening"),
        ({"delivery": ["online", "phone"]}, "manner", "online/by phone"),
        ({"languages": ["ar"]}, "person", "Arabic"),
    ],
)
def test_a_folded_group_says_what_is_set_in_it(
    client: TestClient, fields: dict[str, Any], group: str, said: str
) -> None:
    page = search(client, **fields)
    assert page.said(f".//*[@id='group-{group}']//*[@class='group-said']") == said


# What is wrong


def test_a_mistake_is_said_at_the_top_with_a_link_and_beside_its_field(client: TestClient) -> None:
    page = post(client, status=422, **SINGING, age="300")
    link = page.one(".//*[@id='problems']//li/a")
    field = page.one(".//*[@id='age']")
    assert (link.get("href"), field.get("aria-invalid")) == ("#age", "true")
    assert page.said(f".//*[@id='{field.get('aria-describedby')}']") == words_of(link)


def test_a_mistake_leaves_the_rest_of_the_form_alone(client: TestClient) -> None:
    page = post(client, status=422, **SINGING, age="300", distance="5", picked="garden")
    assert page.field("needs") == SINGING["needs"]
    assert page.field("distance") == "5"
    assert page.field("age") == "300"
    assert page.sends()["picked"] == ["garden"]


def test_a_place_that_is_not_known_leaves_the_list_alone(client: TestClient) -> None:
    page = post(client, status=422, needs="Singing.", where="Aalbrog", picked=["garden", "choir"])
    assert page.sends()["picked"] == ["garden", "choir"]


def test_a_group_with_a_mistake_is_not_folded(client: TestClient) -> None:
    page = post(client, status=422, **SINGING, cost="much")
    assert page.one(".//*[@id='group-reach']").get("open") is not None


def test_a_place_that_is_not_known_offers_near_ones(client: TestClient) -> None:
    page = post(client, status=422, needs="Singing.", where="Aalbrog")
    offered = [one.get("value") for one in page.all(".//button[@name='use_place']")]
    assert "Aalborg" in offered


def test_a_near_place_is_taken_by_one_click(client: TestClient) -> None:
    page = post(client, needs="Singing.", where="Aalbrog", use_place="Aalborg")
    assert page.field("where") == "Aalborg"


def test_an_empty_form_that_is_sent_asks_for_a_little(client: TestClient) -> None:
    page = post(client, status=422)
    assert page.said(".//*[@id='needs-problem']").startswith("First write a little")


def test_mistakes_are_said_in_danish_too(client: TestClient) -> None:
    page = post(client, status=422, language="da", needs="Sang", distance="5")
    assert page.said(".//*[@id='problems']//h2") == "Der er én ting at rette"


# Languages, and what is kept


def test_switching_the_language_keeps_what_was_written(client: TestClient) -> None:
    page = search(client, switch="da", distance="30", picked="garden")
    assert page.root.get("lang") == "da"
    assert page.field("needs") == SINGING["needs"]
    assert page.sends()["picked"] == ["garden"]


def test_switching_the_language_of_an_empty_form_is_no_mistake(client: TestClient) -> None:
    assert not post(client, switch="da").has(".//*[@id='problems']")


def test_the_only_cookie_is_the_language_that_was_chosen(client: TestClient) -> None:
    answer = client.post("/", data={**SINGING, "language": "en", "switch": "da"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("language=da;")
    assert {"httponly", "path=/", "samesite=strict"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize("path", ["/", "/why", "/compare"])
def test_a_search_sets_no_cookie(client: TestClient, path: str) -> None:
    answer = client.post(path, data={**SINGING, "why": "garden"})
    assert "set-cookie" not in answer.headers


def test_no_page_is_kept_by_a_browser(client: TestClient) -> None:
    assert client.post("/", data=SINGING).headers["cache-control"] == "no-store"


def test_links_begin_with_the_path_that_it_is_served_under() -> None:
    with TestClient(
        make_client().app, base_url="http://localhost", root_path="/under/here"
    ) as client:
        page = Page(client.post("/under/here/", data=SINGING).text)
    addresses = [
        one.get(name, "")
        for one in page.root.iter()
        for name in ("href", "src", "action", "formaction")
        if not one.get(name, "#").startswith(("#", "data:", "tel:"))
    ]
    assert len(addresses) >= 4
    assert [one for one in addresses if not one.startswith("/under/here/")] == []


def test_a_page_that_is_not_there_is_said_in_words(client: TestClient) -> None:
    client.cookies.clear()
    answer = client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 404
    assert Page(answer.text).said(".//h1") == "There is no such page"


def test_a_form_with_too_many_fields_is_refused_in_words(client: TestClient) -> None:
    page = post(client, status=400, picked=[str(number) for number in range(500)])
    assert page.said(".//h1") in ("What was sent could not be read", "Det sendte kunne ikke læses")


@pytest.mark.parametrize(("method", "again"), [("GET", False), ("POST", True)])
def test_only_what_was_sent_is_sent_again(method: str, again: bool) -> None:
    scope = {"type": "http", "method": method, "headers": [(b"accept-language", b"en")]}
    page = problem_page(Request(scope), problem_of(BusyError()))
    assert ("Reload the page" in Page(bytes(page.body).decode()).said()) == again
