"""A server in a thread of the tests: it answers as a script says, and writes down what it was asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request as it came; the names of its headers in lower case."""

    path: str
    query: dict[str, str]
    headers: Mapping[str, str]

    def page(self, otherwise: int) -> int:
        return int(self.query.get("page", otherwise))


@dataclass
class Reply:
    """What to answer. ``claims`` is another length than the body has; ``cut`` closes after so many bytes.

    ``silent`` seconds pass before the answer; ``drip`` seconds between each two bytes of it.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claims: int | None = None
    cut: int | None = None
    silent: float = 0
    drip: float = 0
    unmeasured: bool = False


def as_json(value: object, **headers: str) -> Reply:
    body = json.dumps(value).encode()
    return Reply(body, headers={"Content-Type": "application/json", **_names(headers)})


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@dataclass
class FeedServer:
    address: str
    asked: list[Asked]

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, with its query."""
        return [asked.path for asked in self.asked]


@contextmanager
def serving(answer: Callable[[Asked, int], Reply]) -> Iterator[FeedServer]:
    """A server until the block ends. ``answer`` is given each request and its number, from 1."""
    asked: list[Asked] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            request = Asked(self.path, query, _lower(self.headers))
            asked.append(request)
            reply = answer(request, len(asked))
            if over.wait(reply.silent):
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.unmeasured:
                self.close_connection = True
            else:
                length = len(reply.body) if reply.claims is None else reply.claims
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self._write(reply)

        def _write(self, reply: Reply) -> None:
            body = reply.body[: reply.cut]
            try:
                if reply.drip:
                    for byte in body:
                        self.wfile.write(bytes([byte]))
                        if over.wait(reply.drip):
                            return
                else:
                    self.wfile.write(body)
                self.wfile.flush()
            except OSError:
                return  # the other side has had enough
            if reply.cut is not None or reply.claims is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield FeedServer(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def closed_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


# Feeds of the dialects, by page


def ids(first: int, last: int) -> list[str]:
    return [f"s{number:03d}" for number in range(first, last + 1)]


def services(given: list[str]) -> list[dict[str, str]]:
    return [{"id": one, "name": f"Kor {one}", "status": "active"} for one in given]


def hsds_page(given: list[str], page: int, size: int) -> dict[str, object]:
    """A page of an HSDS 3.0 feed; pages count from 1."""
    total = -(-len(given) // size)
    held = services(given[(page - 1) * size : page * size])
    return {
        "total_items": len(given),
        "total_pages": total,
        "page_number": page,
        "size": len(held),
        "first_page": page == 1,
        "last_page": page >= total,
        "empty": not held,
        "contents": held,
    }


def oruk_page(given: list[str], page: int, size: int, *, base: int = 1) -> dict[str, object]:
    """A page of an Open Referral UK 1.0 feed; ``base`` is the number of its first page."""
    total = -(-len(given) // size)
    place = page - base
    held = services(given[place * size : (place + 1) * size])
    return {
        "totalElements": len(given),
        "totalPages": total,
        "number": page,
        "size": len(held),
        "first": place == 0,
        "last": place >= total - 1,
        "content": held,
    }


def rpde_page(given: list[str], after: int, size: int, path: str = "/feed") -> dict[str, object]:
    """A page of an OpenActive feed: what was changed after a number, and where to go on."""
    held = [
        {
            "state": "updated",
            "kind": "SessionSeries",
            "id": one,
            "modified": number,
            "data": {"@type": "SessionSeries", "@id": one, "name": f"Kor {one}"},
        }
        for number, one in list(enumerate(given, start=1))[after : after + size]
    ]
    return {
        "next": f"{path}?afterChangeNumber={after + len(held)}",
        "items": held,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
