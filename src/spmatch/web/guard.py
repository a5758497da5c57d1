"""What stands before every route: whom a request is addressed to, its size and time; headers, a line of log.

::

    host       only our own names are answered (421): no page of a stranger may speak to us as its own
    method     GET, HEAD, POST; OPTIONS where other origins are allowed (405)
    body       counted while it comes in (413), and it has to come in time (408)
    errors     one that nobody caught is answered by a bare 500 and logged without its message
    headers    on every answer, also those of errors
    log        one line an answer: the template of the route, never the address
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spmatch.web.hosts import host_of, hosts_of, is_known
from spmatch.web.log import log_event
from spmatch.web.metrics import CLIENT_LEFT, route_of
from spmatch.web.problems import ProblemError, answer_with

if TYPE_CHECKING:
    from spmatch.web.settings import ServiceSettings

BATCH = "/v1/match/batch"
PROBES = ("/livez", "/readyz")
"""Asked by an orchestrator, by the number of the machine. They tell nothing of a person or a catalogue."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Nothing to other sites. With "no-referrer" browsers would also hide from us the origin of our own
    # forms, by which those of other sites are told apart where there is no Sec-Fetch-Site.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_KEPT_NOWHERE = "no-store"

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


class Guard:
    """A middleware around all that may answer: ``app.add_middleware(Guard, settings=settings)``.

    The id of a request is in ``request.state.request_id`` and in the answer (``X-Request-ID``); one that
    comes with the request is kept if it is a UUID. Names that are answered: loopback ones, the host that
    the service listens on, and ``settings.public_names``.
    """

    def __init__(
        self, app: ASGIApp, settings: ServiceSettings, log: Callable[..., None] = log_event
    ) -> None:
        self._app = app
        self._settings = settings
        self._log = log
        self._names = hosts_of((*settings.public_names, settings.host))
        self._methods = ("GET", "HEAD", "POST", *(("OPTIONS",) if settings.origins else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        exchange = _Exchange(scope, receive, send, self._settings)
        scope["state"] = {**scope.get("state", {}), "request_id": exchange.id}
        left = False
        try:
            await self._answer(scope, exchange)
        except (asyncio.CancelledError, ClientDisconnect) as error:
            left = True
            if isinstance(error, asyncio.CancelledError):
                raise
        finally:
            status = CLIENT_LEFT if left else exchange.status
            self._log(
                "answer",
                level=logging.ERROR if status >= 500 else logging.INFO,
                request_id=exchange.id,
                method=scope["method"]
                if scope["method"] in (*self._methods, "OPTIONS")
                else "other",
                route=route_of(scope),
                status=status,
                duration_ms=round((time.perf_counter() - begun) * 1000, 1),
                key=scope["state"].get("key_id"),
            )

    async def _answer(self, scope: Scope, exchange: _Exchange) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await exchange.answer(refusal)
            return
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            raise
        except Exception as error:
            # That of a body which was refused half way has had its answer, or gets it below.
            if exchange.refusal is None:
                self._log("fault", level=logging.ERROR, error=error, request_id=exchange.id)
        if not exchange.status:
            await exchange.answer(exchange.refusal or ProblemError(500))

    def _refusal(self, scope: Scope) -> ProblemError | None:
        hosts = Headers(scope=scope).getlist("host")
        if _path(scope) not in PROBES:
            host = host_of(hosts[0]) if len(hosts) == 1 else None
            if host is None:
                return ProblemError(400, "Say in one Host header whom the request is for.")
            if not is_known(host, self._names):
                return ProblemError(
                    421, "Its operator says which names it has (spmatch serve --name)."
                )
        if scope["method"] not in self._methods:
            allow = ", ".join(self._methods)
            return ProblemError(405, f"Allowed are {allow}.", headers={"Allow": allow})
        return None


class _Exchange:
    """One request and its answer, watched while they pass."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, settings: ServiceSettings
    ) -> None:
        headers = Headers(scope=scope)
        self.id = _request_id(headers)
        self.status = 0
        """Of the answer; 0 before it has begun."""
        self.refusal: ProblemError | None = None
        """Why the rest of the body is not taken."""
        self._scope, self._receive, self._send = scope, receive, send
        self._batch = _path(scope) == BATCH
        self._bytes_max = settings.batch_bytes_max if self._batch else settings.body_bytes_max
        self._seconds = self._seconds_left = settings.body_seconds
        stated = headers.get("content-length", "")
        self._bytes_stated = int(stated) if stated.isdecimal() else 0
        self._bytes = 0
        self._all_in = not self._bytes_stated and "transfer-encoding" not in headers

    async def receive(self) -> Message:
        """The next piece of the request. Raises ``ProblemError`` where it is too large or too late."""
        if self._all_in:
            return await self._receive()
        if self.refusal is not None:
            raise self.refusal
        if self._bytes_stated > self._bytes_max:
            raise self._refuse(413, f"At most {self._bytes_max} bytes are taken.")
        message = await self._in_time()
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._bytes_max:
            raise self._refuse(413, f"At most {self._bytes_max} bytes are taken.")
        self._all_in = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass on a piece of the answer, its headers with ours."""
        refused = self.refusal.problem.status if self.refusal is not None else None
        if refused is not None and not self.status and message.get("status") != refused:
            # What a framework makes of a body that broke off ("cannot be read") is not what happened.
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": list(message.get("headers", ()))}
            self._add_headers(MutableHeaders(raw=message["headers"]))
        await self._send(message)

    async def answer(self, problem: ProblemError) -> None:
        """Answer with a problem, instead of any route."""
        response = answer_with(problem, self.id)
        await response(self._scope, self._receive, self.send)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", _KEPT_NOWHERE)
        headers["X-Request-ID"] = self.id
        if not self._all_in and not (self._batch and self.status == 200):
            # What is still coming is not read, so it must not be taken for another request. A batch
            # is read while it is answered.
            headers["Connection"] = "close"

    async def _in_time(self) -> Message:
        """Wait for the next piece. All waiting together is limited; in a batch, that for each piece:
        its answers begin before its last line has come, and a slow reader of them slows down its lines.
        """
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout(self._seconds_left):
                message = await self._receive()
        except TimeoutError:
            raise self._refuse(408, f"It has to come within {self._seconds:g} seconds.") from None
        if not self._batch:
            self._seconds_left = max(0.0, self._seconds_left - (clock() - begun))
        return message

    def _refuse(self, status: int, detail: str) -> ProblemError:
        self.refusal = ProblemError(status, detail)
        return self.refusal


def _request_id(headers: Headers) -> str:
    """The id that came with the request if it is a UUID (anything else may be a text), or a new one."""
    given = headers.get("x-request-id", "")
    return given.lower() if _UUID.fullmatch(given) else str(uuid.uuid4())


def _path(scope: Scope) -> str:
    """The path inside the service, without that of a proxy."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path
