"""One document over http: retries, time-outs, cuts, redirects, and what is never told."""

from __future__ import annotations

import gzip
import io
import json
import logging
import zipfile
from pathlib import Path

import pytest
from feed_server import Asked, Reply, as_json, closed_port, ids, services, serving
from fetched import QUICK, fetched, ids_in, refusal

from spmatch import __version__
from spmatch.errors import CatalogueError
from spmatch.sources import local_copy

THREE = services(ids(1, 3))
BODY = json.dumps(THREE).encode()


def always(reply: Reply):
    return lambda asked, number: reply


def first_then_good(*replies: Reply):
    """The replies in turn, then a good one."""
    return lambda asked, number: replies[number - 1] if number <= len(replies) else as_json(THREE)


# A good answer


def test_a_document_is_saved_with_all_its_records(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as server:
        assert ids_in(fetched(f"{server.address}/services", tmp_path)) == ids(1, 3)


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/services", b'[{"id": "a"}]', "services.json"),
        ("/export.php?x=1", b'{"id": "a"}\n{"id": "b"}\n', "export.jsonl"),
        ("/", b"id,name\n1,Kor\n", "document.csv"),
        ("/a/%2e%2e%2fetc", b"id;navn\n1;Kor\n", "document.csv"),
        ("/table.csv", b"\xef\xbb\xbf[]", "table.json"),
    ],
)
def test_a_document_is_named_by_its_address_and_content(
    path: str, body: bytes, name: str, tmp_path: Path
) -> None:
    with serving(always(Reply(body))) as server:
        local = fetched(server.address + path, tmp_path)
    assert local.path is not None
    assert local.path.name == name


def test_a_document_is_kept_byte_for_byte(tmp_path: Path) -> None:
    body = "id,navn\r\n1,Søndagskor\r\n".encode("cp1252")
    with serving(always(Reply(body))) as server:
        local = fetched(server.address, tmp_path)
    assert local.path is not None
    assert local.path.read_bytes() == body


def test_a_packed_answer_is_unpacked(tmp_path: Path) -> None:
    reply = Reply(gzip.compress(BODY), headers={"Content-Encoding": "gzip"})
    with serving(always(reply)) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ids(1, 3)


def test_an_archive_that_is_fetched_is_opened(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("services.json", BODY)
    with serving(always(Reply(packed.getvalue()))) as server:
        assert ids_in(fetched(f"{server.address}/all.zip", tmp_path)) == ids(1, 3)


def test_the_server_is_told_who_asks(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as server:
        fetched(server.address, tmp_path)
    assert server.asked[0].headers["user-agent"] == f"spmatch/{__version__}"


def test_the_name_of_a_source_is_its_host_and_path(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as server:
        local = fetched(f"{server.address}/v3/services?key=abc", tmp_path)
    assert local.name == "127.0.0.1/v3/services"


# Answers that fail, and come after all


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_is_out_of_order_twice_is_asked_a_third_time(
    status: int, tmp_path: Path
) -> None:
    bad = Reply(b"out of order", status)
    with serving(first_then_good(bad, bad)) as server:
        local = fetched(server.address, tmp_path)
    assert (ids_in(local), len(server.asked)) == (ids(1, 3), 3)


def test_a_server_that_says_when_to_come_back_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("spmatch.sources.fetching.time.sleep", waits.append)
    with serving(first_then_good(Reply(b"", 429, {"Retry-After": "7"}))) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ids(1, 3)
    assert waits == [7]


def test_a_server_may_say_to_come_back_at_once(tmp_path: Path) -> None:
    with serving(first_then_good(Reply(b"", 429, {"Retry-After": "0"}))) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ids(1, 3)


@pytest.mark.parametrize("when", ["soon", "9" * 5000, "-1", ""])
def test_a_time_that_cannot_be_read_is_passed_over(when: str, tmp_path: Path) -> None:
    with serving(first_then_good(Reply(b"", 503, {"Retry-After": when}))) as server:
        assert ids_in(fetched(server.address, tmp_path)) == ids(1, 3)


def test_waits_double_and_are_shortened_by_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("spmatch.sources.fetching.time.sleep", waits.append)
    settings = QUICK.model_copy(update={"attempts": 5, "backoff_seconds": 1.0})
    settings = settings.model_copy(update={"backoff_seconds_max": 3.0})
    with serving(always(Reply(b"", 500))) as server:
        refusal(server.address, tmp_path, settings)
    assert all(low <= w <= 2 * low for w, low in zip(waits, [0.5, 1, 1.5, 1.5], strict=True))


@pytest.mark.parametrize(
    "cut",
    [
        Reply(BODY, cut=40),
        Reply(BODY, cut=0),
        Reply(BODY, claims=len(BODY) + 10),
        Reply(BODY, claims=len(BODY) - 10),
        Reply(BODY[:-1], unmeasured=True),
        Reply(gzip.compress(BODY)[:-20], headers={"Content-Encoding": "gzip"}),
        Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["body", "before body", "too short", "claims less", "unmeasured", "gzip cut", "no gzip"],
)
def test_an_answer_that_was_cut_is_asked_for_again(cut: Reply, tmp_path: Path) -> None:
    with serving(first_then_good(cut)) as server:
        local = fetched(server.address, tmp_path)
    assert (ids_in(local), len(server.asked)) == (ids(1, 3), 2)


def test_an_answer_that_comes_too_late_is_asked_for_again(tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"read_seconds": 0.2})
    with serving(first_then_good(Reply(BODY, silent=5))) as server:
        assert ids_in(fetched(server.address, tmp_path, settings)) == ids(1, 3)


# Answers that do not come


def test_an_answer_that_is_always_cut_is_refused(tmp_path: Path) -> None:
    with serving(always(Reply(BODY, cut=40))) as server:
        said = refusal(server.address, tmp_path)
    assert "the answer was cut off. It was asked 3 times. Try again later" in said


def test_a_document_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    with serving(always(Reply(BODY[:-1]))) as server:
        assert "the answer ends in the middle." in refusal(server.address, tmp_path)


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"read_seconds": 0.1, "attempts": 2})
    with serving(always(Reply(BODY, silent=10))) as server:
        said = refusal(server.address, tmp_path, settings)
    assert "the answer took too long. It was asked 2 times." in said


def test_a_server_that_drips_is_given_up_when_the_time_is_over(tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"total_seconds": 0.4})
    with serving(always(Reply(BODY * 100, drip=0.02))) as server:
        assert "it took longer than 0 s in all." in refusal(server.address, tmp_path, settings)


def test_a_server_that_asks_to_come_back_too_late_is_given_up_at_once(tmp_path: Path) -> None:
    with serving(always(Reply(b"", 503, {"Retry-After": "3600"}))) as server:
        said = refusal(server.address, tmp_path)
    assert ("It asks to come back after 3600 s." in said, len(server.asked)) == (True, 1)


def test_a_host_that_does_not_listen_is_refused(tmp_path: Path) -> None:
    said = refusal(f"http://127.0.0.1:{closed_port()}/feed", tmp_path)
    assert "no connection can be made. It was asked 3 times." in said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "it asks for a name and password, or a key."),
        (403, "it does not let this be read."),
        (404, "there is nothing at this address."),
        (410, "there is nothing at this address any more."),
        (418, "it answers with HTTP 418."),
        (204, "it answers with HTTP 204."),
        (304, "it answers with HTTP 304."),
    ],
)
def test_what_will_not_change_is_asked_once(status: int, said: str, tmp_path: Path) -> None:
    with serving(always(Reply(b"", status))) as server:
        assert said in refusal(server.address, tmp_path)
    assert len(server.asked) == 1


def test_an_empty_answer_is_refused(tmp_path: Path) -> None:
    with serving(always(Reply(b""))) as server:
        assert "the answer is empty." in refusal(server.address, tmp_path)


def test_a_web_page_is_no_data(tmp_path: Path) -> None:
    with serving(always(Reply(b"<!doctype html><p>Log in</p>"))) as server:
        assert "it answers with a web page" in refusal(server.address, tmp_path)


def test_an_answer_larger_than_a_source_may_be_is_refused(tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"bytes_max": 1024 * 1024})
    with serving(always(Reply(b" " * (1024 * 1024 + 1)))) as server:
        said = refusal(server.address, tmp_path, settings)
    assert "it is larger than a source may be (1 MB)." in said


def test_a_packed_answer_is_measured_unpacked(tmp_path: Path) -> None:
    settings = QUICK.model_copy(update={"bytes_max": 1024 * 1024})
    bomb = Reply(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})
    assert len(bomb.body) < 100_000
    with serving(always(bomb)) as server:
        assert "larger than a source may be" in refusal(server.address, tmp_path, settings)


@pytest.mark.parametrize("address", ["http://", "https:///x", "http://h:99999/", "http://[::1"])
def test_an_address_without_a_host_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"this is not an http\(s\) address"):
        local_copy(address, tmp_path)


# Redirects


def test_a_redirect_is_followed(tmp_path: Path) -> None:
    def answer(asked: Asked, number: int) -> Reply:
        if asked.path == "/old":
            return Reply(b"", 301, {"Location": "/new?x=1"})
        return as_json(THREE)

    with serving(answer) as server:
        assert ids_in(fetched(f"{server.address}/old", tmp_path)) == ids(1, 3)
    assert server.paths == ["/old", "/new?x=1"]


def test_a_redirect_that_leads_in_a_circle_is_refused(tmp_path: Path) -> None:
    with serving(always(Reply(b"", 302, {"Location": "/again"}))) as server:
        assert "it leads on and on" in refusal(server.address, tmp_path)
    assert len(server.asked) == 1 + QUICK.redirects_max


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "http://:80", "data:,x"]
)
def test_a_redirect_leads_to_http_only(location: str, tmp_path: Path) -> None:
    with serving(always(Reply(b"", 307, {"Location": location}))) as server:
        assert "an address that is not followed" in refusal(server.address, tmp_path)


def test_a_password_is_not_sent_where_a_redirect_leads(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as other:
        elsewhere = Reply(b"", 302, {"Location": f"{other.address}/feed"})
        with serving(always(elsewhere)) as server:
            address = server.address.replace("http://", "http://anna:hemmelig@")
            fetched(address, tmp_path)
    assert "authorization" in server.asked[0].headers
    assert "authorization" not in other.asked[0].headers


# What is never told

SECRETS = ("anna", "hemmelig", "n0gle", "s3cret")


def with_secrets(address: str) -> str:
    return address.replace("http://", "http://anna:hemmelig%40@") + "/feed?api_key=n0gle&t=s3cret"


def test_a_name_and_password_are_sent(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as server:
        fetched(with_secrets(server.address), tmp_path)
    assert server.asked[0].headers["authorization"] == "Basic YW5uYTpoZW1tZWxpZ0A="


def test_a_key_in_the_address_is_sent(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as server:
        fetched(with_secrets(server.address), tmp_path)
    assert server.paths == ["/feed?api_key=n0gle&t=s3cret"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 500),
        Reply(b"", 401),
        Reply(b"<html>"),
        Reply(BODY, cut=10),
        Reply(b"", 302, {"Location": "file:///n0gle"}),
    ],
)
def test_an_error_tells_no_secret(reply: Reply, tmp_path: Path) -> None:
    with serving(always(reply)) as server:
        said = refusal(with_secrets(server.address), tmp_path)
    assert f"{server.address}/feed?api_key=***&t=***" in said
    assert not [secret for secret in SECRETS if secret in said]


def test_a_host_that_cannot_be_reached_tells_no_secret(tmp_path: Path) -> None:
    said = refusal(with_secrets(f"http://127.0.0.1:{closed_port()}"), tmp_path)
    assert not [secret for secret in SECRETS if secret in said]


def test_the_log_tells_no_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    odd = Reply(BODY, 503, {"Bad Header": "x"}, unmeasured=True)
    with serving(first_then_good(odd, Reply(BODY, cut=9))) as server:
        fetched(with_secrets(server.address), tmp_path)
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_other_requests_of_the_process_are_logged_as_before(tmp_path: Path) -> None:
    with serving(always(as_json(THREE))) as server:
        fetched(server.address, tmp_path)
    assert logging.getLogger("urllib3.connectionpool").filters == []


def test_a_local_copy_tells_no_secret(tmp_path: Path) -> None:
    with serving(always(as_json(THREE, ETag='"a"'))) as server:
        local = fetched(with_secrets(server.address), tmp_path)
    assert local.state is not None
    told = repr(local) + local.state.model_dump_json()
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize("start", ["http://", ""])
def test_the_proxy_of_the_machine_is_used(
    start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(always(as_json(THREE))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.address.replace("http://", start))
        local = fetched("http://feeds.example/services", tmp_path)
    assert (ids_in(local), proxy.paths) == (ids(1, 3), ["http://feeds.example/services"])
