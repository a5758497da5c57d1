"""Sends requests through the guard alone: no server, no network, and a clock that takes no time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spmatch.web.guard import Guard
from spmatch.web.settings import ServiceSettings

MARK = "Grædefærdig"
"""Stands for what a person said; no answer and no line of log may repeat it."""


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next moment for which anything waits: nothing takes time."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready:  # type: ignore[attr-defined]
            scheduled = self._scheduled  # type: ignore[attr-defined]
            # One that was cancelled still stands in the line: nothing waits for it.
            waiting = [one.when() for one in scheduled if not one.cancelled()]
            self.now = max(self.now, min(waiting, default=self.now))
        super()._run_once()  # type: ignore[misc]


@dataclass
class Asked:
    """What came of one request."""

    sent: list[Message] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    @property
    def problem(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def line(self) -> dict[str, Any]:
        """The line of log about the answer."""
        (line,) = [line for line in self.lines if line["event"] == "answer"]
        return line


Route = Callable[[Scope, Receive, Send], Awaitable[None]]


def ask(
    app: ASGIApp,
    *,
    method: str = "POST",
    path: str = "/v1/match",
    root_path: str = "",
    headers: Iterable[tuple[str, str]] = (),
    host: str | None = "localhost",
    body: Iterable[bytes | float] = (),
    settings: ServiceSettings | None = None,
    **other: Any,
) -> Asked:
    """Send a request through the guard. ``body``: pieces, and seconds to wait before the next one."""
    asked = Asked()
    pieces = list(body)
    given = [*([("host", host)] if host is not None else []), *headers]
    if pieces and "content-length" not in dict(given):
        given.append(("transfer-encoding", "chunked"))

    async def receive() -> Message:
        while pieces and isinstance(pieces[0], float):
            await asyncio.sleep(pieces[0])
            pieces.pop(0)
        if not pieces:
            return {"type": "http.disconnect"} if asked.sent else {"type": "http.request"}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        asked.sent.append(message)

    def log(event: str, **facts: Any) -> None:
        asked.lines.append({"event": event, **facts})

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root_path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given],
    }
    settings = settings or ServiceSettings(snapshot=Path("none"), **other)
    guard = Guard(app, settings, log=log)
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        runner.run(guard(scope, receive, send))
    return asked


async def read(receive: Receive) -> bytes:
    whole = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        whole += message.get("body", b"")
        if not message.get("more_body"):
            return whole


async def answer(send: Send, body: bytes = b"", status: int = 200, **headers: str) -> None:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what it was sent."""
    await answer(send, await read(receive))


async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers without reading what it was sent."""
    await answer(send)
