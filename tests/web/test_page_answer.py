"""The answer of the page as a browser without scripts gets it: the cards, and every click on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from making import HOME, make_activity, north
from pages import Page, post, titles, words_of
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
WHERE = f"{HOME['lat']}, {HOME['lon']}"
SINGING = {"needs": "Singing songs together with neighbours.", "where": WHERE}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with make_client(town_matcher([CHOIR, GARDEN, DEBT, HOSTILE])) as client:
        yield client


def search(client: TestClient, **fields: Any) -> Page:
    return post(client, **{**SINGING, **fields})


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


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"needs": "", "delivery": "in_person"}, "Nothing was written, so it goes by the facts"),
        ({}, "Read the reason, and call before you propose it."),
    ],
)
def test_an_answer_says_what_it_went_by(
    client: TestClient, fields: dict[str, str], said: str
) -> None:
    assert said in search(client, **fields).said(".//*[@class='answer-head']")


@pytest.mark.parametrize(
    ("language", "distance", "found"),
    [
        ("en", "1", "No offer fits"),
        ("en", "2.5", "One offer"),
        ("da", "2,5", "Ét tilbud"),
        ("en", "30", "3 offers"),
    ],
)
def test_title_heading_and_announcement_say_how_many_there_are(
    client: TestClient, language: str, distance: str, found: str
) -> None:
    page = search(client, language=language, distance=distance)
    assert page.said(".//title") == f"{found} – spmatch"
    assert page.said(".//*[@id='answer-heading']") == found
    assert page.one(".//*[@id='answer']").get("data-live") == found


def test_what_leads_away_from_the_page_opens_beside_it(client: TestClient) -> None:
    page = search(client, needs="He wants to die. Singing together.", picked="choir")
    web = [one for one in page.all(".//a") if one.get("href", "").startswith("http")]
    sheets = [one for one in page.all(".//button") if "/handout" in one.get("formaction", "")]
    assert {one.get("target") for one in web} == {"_blank"}
    assert [one.get("formtarget") for one in sheets] == ["_blank"] * 4
    assert all("opens in a new tab" in words_of(one) for one in (*web, *sheets))


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
