"""The handout over HTTP: four forms of what was picked, and nothing of what was written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from making import make_activity, north
from serving import TOWN, make_client, town_matcher

SECRET = "Zxqvwords"
PICKED = ("choir", "garden")
FORMS = ("", ".pdf", ".txt", ".ics")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    hostile = make_activity(
        "hostile",
        title="<script>alert(1)</script>",
        provider={"name": '"><img src=x>', "url": "javascript:alert(1)"},
        place=north(1.0),
    )
    many = [make_activity(f"more{number}") for number in range(6)]
    with make_client(town_matcher((*TOWN, hostile, *many))) as client:
        yield client


def post(
    client: TestClient, form: str, picked: tuple[str, ...] = PICKED, **fields: str
) -> Response:
    sent = {
        "needs": f"Lonely {SECRET}",
        "interests": f"Singing {SECRET}",
        "avoid": f"Dogs {SECRET}",
        "where": "9000",
        "age": "71",
        "language": "en",
        "picked": list(picked),
        **fields,
    }
    return client.post(f"/handout{form}", data=sent)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        (".pdf", "application/pdf"),
        (".txt", "text/plain; charset=utf-8"),
        (".ics", "text/calendar; charset=utf-8"),
    ],
)
def test_each_form_answers_in_its_kind(client: TestClient, form: str, kind: str) -> None:
    answer = post(client, form)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind


@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_was_written_comes_out(client: TestClient, form: str) -> None:
    answer = post(client, form)
    assert SECRET not in answer.text
    assert SECRET not in str(answer.headers)


@pytest.mark.parametrize(
    ("form", "language", "named"),
    [
        (".pdf", "da", 'attachment; filename="forslag-til-dig.pdf"'),
        (".ics", "en", 'attachment; filename="ideas-for-you.ics"'),
        (".txt", "en", 'inline; filename="ideas-for-you.txt"'),
    ],
)
def test_a_file_has_the_same_name_for_everybody(
    client: TestClient, form: str, language: str, named: str
) -> None:
    answer = post(client, form, language=language)
    assert answer.headers["content-disposition"] == named
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize("form", FORMS)
def test_no_form_is_kept(client: TestClient, form: str) -> None:
    assert "no-store" in post(client, form).headers["cache-control"]


def test_offers_come_in_the_order_of_the_list(client: TestClient) -> None:
    page = post(client, "", picked=("garden", "choir")).text
    assert page.index("Garden") < page.index("Choir for all")


def test_the_page_holds_number_time_and_price(client: TestClient) -> None:
    page = post(client, "").text
    assert 'href="tel:+4500112233"' in page
    assert "Every Tuesday, 10:00–12:00" in page
    assert "30\u00a0kr. each time" in page


def test_the_page_has_no_style_or_script_of_its_own(client: TestClient) -> None:
    page = post(client, "").text
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script src="/static/')


def test_words_of_a_provider_are_only_words(client: TestClient) -> None:
    page = post(client, "", picked=("hostile",)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img" not in page
    assert "javascript:" not in page


def test_the_providers_words_are_marked_with_their_language(client: TestClient) -> None:
    page = post(client, "", language="da").text
    assert '<html lang="da">' in page
    assert '<h2 lang="en">Choir for all</h2>' in page


def test_access_that_the_form_asks_for_is_said(client: TestClient) -> None:
    assert "They have: a lift." in post(client, "", access_lift="must").text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("language", "title"),
    [("da", "Der er ikke noget på din liste"), ("en", "Nothing is on your list")],
)
def test_an_empty_list_says_how_to_pick(
    client: TestClient, form: str, language: str, title: str
) -> None:
    answer = post(client, form, picked=(), language=language)
    assert answer.status_code == 422
    assert f"<h1>{title}</h1>" in answer.text


def test_an_offer_that_is_gone_is_left_out_and_counted(client: TestClient) -> None:
    page = post(client, "", picked=("choir", "gone")).text
    assert "Choir for all" in page
    assert "One offer is left out: it is no longer in the catalogue." in page


def test_a_list_of_which_nothing_is_left_says_so(client: TestClient) -> None:
    answer = post(client, "", picked=("gone",))
    assert answer.status_code == 422
    assert "These offers are no longer in the catalogue" in answer.text


def test_a_list_too_long_for_a_page_says_so(client: TestClient) -> None:
    picked = ("choir", *(f"more{number}" for number in range(6)))
    answer = post(client, ".pdf", picked=picked)
    assert answer.status_code == 422
    assert "More than 6 offers are on your list" in answer.text


def test_a_calendar_without_times_says_so(client: TestClient) -> None:
    answer = post(client, ".ics", picked=("garden",))
    assert answer.status_code == 422
    assert "None of these offers states when it meets" in answer.text


def test_a_mistake_elsewhere_in_the_form_does_not_cost_the_handout(client: TestClient) -> None:
    answer = post(client, "", age="300", where="Nowhere at all")
    assert answer.status_code == 200
    assert "Choir for all" in answer.text


def test_one_offer_picked_twice_is_there_once(client: TestClient) -> None:
    assert post(client, "", picked=("choir", "choir")).text.count("Choir for all") == 1


def test_behind_a_path_the_links_have_it(client: TestClient) -> None:
    behind = TestClient(client.app, base_url="http://localhost", root_path="/tool")
    page = post(behind, "").text
    assert 'href="/tool/static/handout.css' in page


@pytest.mark.parametrize("form", FORMS)
def test_a_handout_is_asked_for_by_post(client: TestClient, form: str) -> None:
    assert client.get(f"/handout{form}").status_code == 405


def test_a_place_that_is_not_known_does_not_keep_the_handout_back() -> None:
    with make_client() as client:
        answer = client.post("/handout.txt", data={"where": "Atlantis", "picked": "choir"})
    assert (answer.status_code, "Choir for all" in answer.text) == (200, True)


def test_what_was_asked_of_access_is_kept_where_the_place_is_not_known(client: TestClient) -> None:
    page = post(client, "", where="Atlantis", access_lift="must").text
    assert "They have: a lift." in page
