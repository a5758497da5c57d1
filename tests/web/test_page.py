"""The page as a browser without scripts gets it: the form, the cards, and every click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import spmatch
from making import HOME, make_activity, north
from pages import Page, form_of, words_of
from serving import CHOIR, DEBT, GARDEN, make_client, town_matcher

HOSTILE = make_activity(
    "hostile",
    title="<script>alert('title')</script>",
    description="Singing <img src=x onerror=alert(1)> together.",
    provider={
        "name": "<b>Bold</b>",
        "url": "javascript:alert(2)",
        "phone": "call me",
        "email": 'a@b.example?cc="x"',
    },
    place=north(3.0, town="Aalborg", name='"><script>alert(3)</script>'),
)
PROFILES = sorted((Path(spmatch.__file__).parents[2] / "catalogue" / "profiles").glob("*.json"))
WHERE = f"{HOME['lat']}, {HOME['lon']}"
SINGING = {"needs": "Singing songs together with neighbours.", "where": WHERE}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with make_client(town_matcher([CHOIR, GARDEN, DEBT, HOSTILE])) as client:
        yield client


def get(client: TestClient, **headers: str) -> Page:
    client.cookies.clear()
    return Page(client.get("/", headers=headers).text)


def post(client: TestClient, path: str = "/", status: int = 200, **fields: Any) -> Page:
    client.cookies.clear()
    answer = client.post(path, data={"language": "en", **fields}, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return Page(answer.text)


def search(client: TestClient, **fields: Any) -> Page:
    return post(client, **{**SINGING, **fields})


def titles(page: Page) -> list[str]:
    return [words_of(one) for one in page.all(".//article//h3")]


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


# Cards


def test_what_fits_best_is_the_first_card(client: TestClient) -> None:
    assert titles(search(client))[0] == "Choir for all"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (".//p[@class='provider']", "Culture house"),
        (".//div[@class='fact-distance']", "Distance 2.2 km"),
        (".//div[@class='fact-price']", "Price 30 DKK a session"),
        (".//div[@class='fact-times']", "Times Tuesday 10:00–12:00"),
        (".//div[@class='fact-where']", "Place 9000 Aalborg"),
        (".//a[@class='phone']", "Call +45 00 11 22 33"),
        (".//q", "Singing songs together with neighbours."),
    ],
)
def test_a_card_says_what_somebody_needs_to_call(client: TestClient, path: str, said: str) -> None:
    card = search(client).all(".//article")[0]
    assert words_of(card.findall(path)[0]) == said


def test_a_phone_number_can_be_dialled(client: TestClient) -> None:
    assert search(client).all(".//article//a[@class='phone']")[0].get("href") == "tel:+4500112233"


def test_a_quoted_sentence_is_in_the_language_of_the_offer(client: TestClient) -> None:
    page = search(client, language="da")
    assert page.root.get("lang") == "da"
    assert page.all(".//article//q")[0].get("lang") == "en"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["a lift: yes", "step-free access: not stated"]),
        ("da", ["elevator: ja", "niveaufri adgang: ikke oplyst"]),
    ],
)
def test_what_was_asked_of_access_is_answered_one_by_one(
    client: TestClient, language: str, said: list[str]
) -> None:
    page = search(client, language=language, access_lift="must", access_step_free="prefer")
    assert [
        words_of(one) for one in page.all(".//article")[0].findall(".//ul[@class='asked']/li")
    ] == said


def test_the_bars_are_a_table_whose_figures_add_up(client: TestClient) -> None:
    table = search(client).all(".//article//table[@class='bars']")[0]
    figures = [
        float(words_of(cell).replace("−", "-")) for cell in table.findall(".//td[@class='number']")
    ]
    assert round(sum(figures[:-1]), 3) == figures[-1]


def test_the_source_and_its_licence_are_named(client: TestClient) -> None:
    assert "Source: Town list (CC-BY-4.0)." in search(client).said(".//article/footer")


def test_what_a_catalogue_holds_is_never_markup(client: TestClient) -> None:
    page = search(client, needs="Singing together.")
    assert "<script>alert('title')</script>" in titles(page)
    assert len(page.all(".//script")) == 1
    assert not page.has(".//article//img")
    assert not page.has(".//article//b")


def test_an_address_that_is_not_of_the_web_is_no_link(client: TestClient) -> None:
    links = [one.get("href", "") for one in search(client).all(".//article//a")]
    assert {link.split(":")[0] for link in links} <= {"tel", "mailto", "https", "http"}
    assert not any("call me" in link or "cc=" in link for link in links)


def test_what_was_written_is_never_markup(client: TestClient) -> None:
    text = '</textarea><script>alert(1)</script> & "quoted"'
    page = search(client, needs=text, why='"><script>', concessions_other="<i>")
    assert page.field("needs") == text
    assert page.field("why") == '"><script>'
    assert len(page.all(".//script")) == 1


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


# The answer around the cards


def test_danger_is_said_before_the_offers(client: TestClient) -> None:
    page = search(
        client, needs="He wants to die and talks of killing himself. Singing songs together."
    )
    order = [
        one for one in page.root.iter() if one.get("id") in ("danger-heading", "answer-heading")
    ]
    assert [one.get("id") for one in order] == ["danger-heading", "answer-heading"]


def test_danger_is_an_alert_with_numbers_to_call(client: TestClient) -> None:
    page = search(client, needs="He wants to die and talks of killing himself.")
    alert = page.one(".//*[@class='danger']")
    assert alert.get("role") == "alert"
    assert "tel:112" in [one.get("href") for one in alert.findall(".//a")]


@pytest.mark.parametrize("needs", ["Singing songs together.", "He wants to die."])
def test_it_is_always_said_that_no_notice_does_not_mean_no_danger(
    client: TestClient, needs: str
) -> None:
    assert "No notice never means no danger." in search(client, needs=needs).said(
        ".//*[@id='answer']"
    )


def test_what_fell_away_is_counted_in_words(client: TestClient) -> None:
    page = search(client, distance="5", needs="Singing.")
    assert "2 too far away" in page.said(".//*[@id='excluded']")


def test_when_nothing_suits_it_says_why(client: TestClient) -> None:
    page = search(client, age="10", distance="1")
    assert page.said(".//*[@id='answer-heading']") == "No offer fits"
    assert "4 too far away" in page.said(".//*[@id='answer']")


def test_a_limit_is_loosened_by_one_click(client: TestClient) -> None:
    page = search(client, distance="1")
    step = page.all(".//button[@name='loosen']")[0]
    after = search(client, **{**page.sends(), "loosen": step.get("value")})
    assert words_of(step).startswith("Up to 2.5 km instead of 1 km")
    assert after.field("distance") == "2.5"
    assert titles(after) == ["Choir for all"]


def test_a_week_is_proposed_where_one_is_asked_for(client: TestClient) -> None:
    assert search(client, plan="yes").has(".//*[@id='plan-heading']")
    assert not search(client).has(".//*[@id='plan-heading']")


def test_the_map_says_in_words_where_the_offers_are(client: TestClient) -> None:
    assert "1: 2.2 km north of home" in search(client).said(".//*[@class='panel map']//ul")


# The list


def test_what_is_on_the_list_stays_through_another_search(client: TestClient) -> None:
    page = search(client, picked=["debt/advice", "choir"], distance="5")
    assert page.sends()["picked"] == ["choir", "debt/advice"]
    assert [words_of(one) for one in page.all(".//*[@class='list-title']")][:2] == [
        "Debt advice",
        "Choir for all",
    ]


def test_the_list_stays_when_a_limit_is_loosened(client: TestClient) -> None:
    page = search(client, distance="1", picked="debt/advice")
    step = page.all(".//button[@name='loosen']")[0]
    assert (
        "debt/advice"
        in search(client, **{**page.sends(), "loosen": step.get("value")}).sends()["picked"]
    )


def test_an_offer_is_taken_off_the_list(client: TestClient) -> None:
    page = search(client, picked=["choir", "garden"], remove="choir")
    assert page.sends()["picked"] == ["garden"]


def test_an_offer_that_the_catalogue_no_longer_holds_leaves_the_list(client: TestClient) -> None:
    assert "picked" not in search(client, picked="gone").sends()


def test_two_offers_are_set_side_by_side(client: TestClient) -> None:
    page = post(client, "/compare", **SINGING, picked=["choir", "garden"])
    rows = {
        words_of(row[0]): [words_of(cell) for cell in row[1:]]
        for row in page.all(".//*[@id='compared']//tr")
    }
    assert rows["Price"] == ["30 DKK a session", "free"]
    assert rows["Distance"] == ["2.2 km", "8 km"]


def test_of_more_than_two_those_chosen_are_compared(client: TestClient) -> None:
    fields = {
        **SINGING,
        "picked": ["choir", "garden", "debt/advice"],
        "compare": ["garden", "debt/advice"],
    }
    heads = post(client, "/compare", **fields).all(".//*[@id='compared']/table/thead//th")
    assert [words_of(one[0]) for one in heads[1:]] == ["Garden", "Debt advice"]


def test_too_many_to_compare_asks_to_choose_two(client: TestClient) -> None:
    page = post(client, "/compare", **SINGING, picked=["choir", "garden", "debt/advice"])
    assert "Choose two offers" in page.said(".//*[@id='compared']")


# Why not?


def test_why_an_offer_is_missing_names_every_limit_that_it_fails(client: TestClient) -> None:
    page = post(client, "/why", **SINGING, distance="5", why="garden")
    assert "8 km of 5 km" in page.said(".//*[@id='why-answer']")


def test_why_knows_an_offer_by_a_word_of_its_title(client: TestClient) -> None:
    assert "Debt advice" in post(client, "/why", **SINGING, why="DEBT").said(
        ".//*[@id='why-answer-heading']"
    )


def test_several_offers_with_that_word_are_offered(client: TestClient) -> None:
    page = post(client, "/why", **SINGING, why="a")
    buttons = page.all(".//*[@id='why-answer']//button[@name='why_id']")
    assert [one.get("value") for one in buttons] == ["choir", "debt/advice", "garden", "hostile"]


def test_one_of_several_is_asked_for_by_its_button(client: TestClient) -> None:
    page = post(client, "/why", **SINGING, why="a", why_id="garden")
    assert "Garden" in page.said(".//*[@id='why-answer-heading']")


def test_a_title_that_nobody_has_is_said_to_be_so(client: TestClient) -> None:
    assert "No offer in the catalogue" in post(client, "/why", **SINGING, why="polo").said(
        ".//*[@id='why-answer']"
    )


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
