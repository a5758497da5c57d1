"""Pages followed to the end: nothing lost, nothing doubled, never for ever."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from feed_server import (
    Asked,
    Reply,
    as_json,
    hsds_page,
    ids,
    oruk_page,
    rpde_page,
    services,
    serving,
)
from fetched import QUICK, fetched, ids_in, names_in, refusal

from spmatch.sources import local_copy

ALL = ids(1, 23)


def hsds(asked: Asked, number: int) -> Reply:
    return as_json(hsds_page(ALL, asked.page(1), 5))


def oruk(asked: Asked, number: int) -> Reply:
    return as_json(oruk_page(ALL, asked.page(1), 5))


def rpde(asked: Asked, number: int) -> Reply:
    return as_json(rpde_page(ALL, int(asked.query.get("afterChangeNumber", 0)), 5))


def with_faults(feed):
    """Every page fails in some way before it comes."""
    failed: set[str] = set()

    def answer(asked: Asked, number: int) -> Reply:
        good = feed(asked, number)
        if asked.path in failed:
            return good
        failed.add(asked.path)
        faults = [
            Reply(b"", 500),
            Reply(b"", 429, {"Retry-After": "0"}),
            Reply(good.body, cut=len(good.body) // 2),
            Reply(good.body, claims=len(good.body) - 1),
            Reply(good.body, silent=5),
        ]
        return faults[len(failed) % len(faults)]

    return answer


FEEDS = pytest.mark.parametrize("feed", [hsds, oruk, rpde])


# To the end


@FEEDS
def test_every_record_of_every_page_is_there_once(feed, tmp_path: Path) -> None:
    with serving(feed) as server:
        local = fetched(f"{server.address}/feed", tmp_path)
    assert ids_in(local) == ALL
    assert (local.problems, local.partial, local.unchanged) == ((), False, False)


@FEEDS
def test_faults_on_the_way_lose_and_double_nothing(feed, tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"read_seconds": 0.2})
    with serving(with_faults(feed)) as server:
        local = fetched(f"{server.address}/feed", tmp_path, settings)
    assert Counter(ids_in(local)) == dict.fromkeys(ALL, 1)


def test_pages_are_files_whose_names_sort(tmp_path: Path) -> None:
    with serving(hsds) as server:
        local = fetched(server.address, tmp_path)
    assert names_in(local) == [f"page-0000{number}.json" for number in range(1, 6)]


def test_no_page_is_asked_for_twice(tmp_path: Path) -> None:
    with serving(hsds) as server:
        fetched(f"{server.address}/feed", tmp_path)
    assert server.paths == ["/feed", *(f"/feed?page={number}" for number in range(2, 6))]


def test_other_parameters_stay_as_they_are_written(tmp_path: Path) -> None:
    with serving(hsds) as server:
        fetched(f"{server.address}/feed?tag=%C3%A6%20b&full=&page=1&x", tmp_path)
    assert server.paths[1] == "/feed?tag=%C3%A6%20b&full=&page=2&x"


def test_the_parameter_that_the_address_uses_is_kept(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        return as_json(hsds_page(ALL, int(asked.query["pageNumber"]), 12))

    with serving(answer) as server:
        assert ids_in(fetched(f"{server.address}/feed?pageNumber=1", tmp_path)) == ALL


def test_pages_are_told_as_they_come(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    with serving(hsds) as server:
        local_copy(server.address, tmp_path, progress=lambda *step: told.append(step))
    assert told[1:] == [("fetched", number, 5) for number in range(2, 6)]


def test_a_feed_of_one_page_is_a_folder_of_one_page(tmp_path: Path) -> None:
    with serving(lambda asked, number: as_json(hsds_page(ids(1, 3), 1, 5))) as server:
        local = fetched(server.address, tmp_path)
    assert (names_in(local), len(server.asked)) == (["page-00001.json"], 1)


def test_a_feed_without_records_is_one_empty_page(tmp_path: Path) -> None:
    with serving(lambda asked, number: as_json(hsds_page([], 1, 5))) as server:
        local = fetched(server.address, tmp_path)
    assert (ids_in(local), local.problems) == ([], ())


# Ways of counting


@pytest.mark.parametrize(("in_answers", "in_addresses"), [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("stated", [True, False])
def test_pages_may_count_from_0_or_from_1(
    in_answers: int, in_addresses: int, stated: bool, tmp_path: Path
) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        place = asked.page(in_addresses) - in_addresses
        return as_json(oruk_page(ALL, place + in_answers, 5, base=in_answers))

    start = f"?page={in_addresses}" if stated else ""
    with serving(answer) as server:
        local = fetched(f"{server.address}/feed{start}", tmp_path)
    assert (ids_in(local), local.problems) == (ALL, ())


@pytest.mark.parametrize("left_out", [["total_pages"], ["last_page"], ["page_number"]])
def test_a_page_need_not_say_everything(left_out: list[str], tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = hsds_page(ALL, asked.page(1), 5)
        return as_json({name: page[name] for name in page if name not in left_out})

    with serving(answer) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ALL


def test_pages_that_say_only_their_number_end_with_an_empty_one(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = hsds_page(ALL, asked.page(1), 5)
        return as_json({"page_number": page["page_number"], "contents": page["contents"]})

    with serving(answer) as server:
        local = fetched(server.address, tmp_path)
    assert (ids_in(local), local.partial) == (ALL, False)


def test_numbers_may_be_written_as_text(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = hsds_page(ALL, asked.page(1), 5)
        return as_json({**page, "total_pages": "5", "page_number": str(page["page_number"])})

    with serving(answer) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ALL


def test_a_last_page_that_is_not_the_last_is_not_believed(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        return as_json({**hsds_page(ALL, asked.page(1), 5), "last_page": True})

    with serving(answer) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ALL


def test_what_says_how_many_pages_there_are_may_stand_at_the_end(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = hsds_page(ALL, asked.page(1), 12)
        filled = [{**one, "description": "}]" * 50_000} for one in services(ids(1, 1))]
        held = page.pop("contents")
        return as_json({"padding": filled, "contents": held, **page})

    with serving(answer) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ALL


def test_a_list_goes_on_where_the_header_link_says(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = asked.page(1)
        held = services(ALL[(page - 1) * 9 : page * 9])
        link = f'</list?page={page + 1}>; rel="next", </list?page=3>; rel="last"'
        return as_json(held, Link=link if page < 3 else "<x>; rel=prev")

    with serving(answer) as server:
        assert ids_in(fetched(f"{server.address}/list", tmp_path)) == ALL


# Feeds that do not end as they should


def test_an_address_that_begins_in_the_middle_says_so(tmp_path: Path) -> None:
    with serving(hsds) as server:
        local = fetched(f"{server.address}/feed?page=3", tmp_path)
    assert ids_in(local) == ids(11, 23)
    assert [problem.reason for problem in local.problems] == [
        "the address asks for page 3 and those after it, not for all."
    ]


def test_pages_that_hold_less_than_they_state_are_told(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        return as_json({**hsds_page(ALL, asked.page(1), 5), "total_items": 25})

    with serving(answer) as server:
        local = fetched(server.address, tmp_path)
    assert [(problem.reason, problem.effect) for problem in local.problems] == [
        ("the feed states 25 records, its pages hold 23.", "note")
    ]


def test_a_server_that_gives_the_same_page_again_ends_with_a_problem(tmp_path: Path) -> None:
    with serving(lambda asked, number: as_json(hsds_page(ALL, 1, 5))) as server:
        local = fetched(server.address, tmp_path)
    assert ids_in(local) == ids(1, 5)
    assert [(problem.reason, problem.effect) for problem in local.problems] == [
        ("page 2 was asked for, but page 1 came.", "rejected")
    ]


def test_a_server_that_gives_the_same_page_without_a_number_ends_too(tmp_path: Path) -> None:
    page = {"contents": services(ids(1, 5)), "last_page": False}
    with serving(lambda asked, number: as_json(page)) as server:
        local = fetched(server.address, tmp_path)
    assert (ids_in(local), len(server.asked)) == (ids(1, 5), 2)
    assert [problem.reason for problem in local.problems] == [
        "page 2 was asked for, but an earlier page came again."
    ]


def test_what_broke_off_by_itself_withdraws_nothing(tmp_path: Path) -> None:
    with serving(lambda asked, number: as_json(hsds_page(ALL, 1, 5))) as server:
        assert fetched(server.address, tmp_path).partial


def test_an_empty_page_before_the_last_is_told(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = hsds_page(ALL, asked.page(1), 5)
        return as_json({**page, "contents": []} if asked.page(1) == 3 else page)

    with serving(answer) as server:
        local = fetched(server.address, tmp_path)
    assert [problem.reason for problem in local.problems] == [
        "this page is empty, but more pages are named (5)."
    ]


@pytest.mark.parametrize("named", ["/feed", "/feed?afterChangeNumber=5", "?afterChangeNumber=5"])
def test_a_page_of_changes_that_names_an_earlier_one_ends_with_a_problem(
    named: str, tmp_path: Path
) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        after = int(asked.query.get("afterChangeNumber", 0))
        page = rpde_page(ALL, after, 5)
        return as_json({**page, "next": named} if after >= 5 else page)

    with serving(answer) as server:
        local = fetched(f"{server.address}/feed", tmp_path)
    assert ids_in(local) == ids(1, 10)
    assert [(problem.reason, problem.effect) for problem in local.problems] == [
        ("this page names itself or an earlier page as the next one.", "rejected")
    ]


@pytest.mark.parametrize(
    "named", [None, 7, "http://elsewhere.example/feed", "file:///x", "http://["]
)
def test_a_page_of_changes_that_leads_nowhere_ends_with_a_problem(
    named: object, tmp_path: Path
) -> None:
    page = {**rpde_page(ALL, 0, 5), "next": named}
    with serving(lambda asked, number: as_json(page)) as server:
        local = fetched(f"{server.address}/feed", tmp_path)
    assert (ids_in(local), local.partial) == (ids(1, 5), True)
    assert [problem.reason for problem in local.problems] == [
        "this page names no next page that can be asked for."
    ]


def test_a_header_that_names_the_same_page_ends_with_a_problem(tmp_path: Path) -> None:
    reply = as_json(services(ids(1, 5)), Link="</list>; rel=next")
    with serving(lambda asked, number: reply) as server:
        local = fetched(f"{server.address}/list", tmp_path)
    assert (ids_in(local), len(local.problems)) == (ids(1, 5), 1)


def test_a_feed_that_never_ends_is_refused(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        page = rpde_page(ALL, 0, 5)
        return as_json({**page, "next": f"/feed?afterChangeNumber={number}"})

    settings = QUICK.model_copy(update={"pages_max": 7})
    with serving(answer) as server:
        said = refusal(f"{server.address}/feed", tmp_path, settings)
    assert ("it has more than 7 pages, and does not end." in said, len(server.asked)) == (True, 7)


def test_pages_together_are_not_larger_than_a_source_may_be(tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"bytes_max": 1200})
    with serving(hsds) as server:
        said = refusal(f"{server.address}/feed", tmp_path, settings)
    assert "larger than a source may be" in said
    assert "It broke off after 2 pages." in said


# Cut midway: nothing is left, and the error says how far it came


@FEEDS
@pytest.mark.parametrize(
    "fault",
    [Reply(b"", 500), Reply(b"", 404), Reply(b'{"contents": [', cut=9), Reply(b"not JSON")],
    ids=["500", "404", "cut", "text"],
)
def test_a_feed_that_is_cut_midway_leaves_nothing(feed, fault: Reply, tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        return fault if number > 2 else feed(asked, number)

    with serving(answer) as server:
        assert "It broke off after 2 pages." in refusal(f"{server.address}/feed", tmp_path)


@FEEDS
def test_a_page_of_something_else_is_refused(feed, tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        return as_json({"error": "n0gle"}) if number > 1 else feed(asked, number)

    with serving(answer) as server:
        said = refusal(f"{server.address}/feed", tmp_path)
    assert "the page is not one of this feed. It broke off after 1 page." in said
    assert "n0gle" not in said
