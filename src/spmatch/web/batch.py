"""Many profiles in one request: a profile a line in, an answer a line out, as they are ready.

What comes in is received to its end whatever becomes of the answers: a caller that sends everything
before it reads anything must not stand still against a service that waits for it to read. So what
waits for its turn is held in memory, and has bounds: the guard counts each body, and the lines of all
batches of a process together are counted here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import date

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response as HttpResponse
from starlette.types import Receive, Scope, Send

from spmatch.profile import Profile
from spmatch.suggestion import Response
from spmatch.web.access import allowed
from spmatch.web.asking import NDJSON, AskedMatch, MatchOptions, expect
from spmatch.web.desk import BusyError, Desk
from spmatch.web.openapi import BATCH, problems
from spmatch.web.problems import ProblemError, problem_of
from spmatch.web.settings import ServiceSettings

router = APIRouter(prefix="/v1", tags=["match"])

_BUSY_SECONDS = 0.05
_WHOLE_BATCHES = 4
"""So many of the largest batches are held by a process at once."""


@router.post(
    "/match/batch",
    dependencies=[Depends(allowed("match"))],
    response_class=HttpResponse,
    openapi_extra=BATCH["request"],
    responses={200: BATCH["response"], **problems(413, 415, 422, 503)},
)
async def match_batch(request: Request, asked: AskedMatch) -> HttpResponse:
    """One answer or problem a line, in the order of the profiles. Empty lines are passed over.

    A line that cannot be answered gives its problem with its number (`line`, from 1); the others are
    answered all the same. Lines are matched one after the other, so that a batch does not keep people
    waiting who ask for one.
    """
    expect(request, NDJSON)
    return _Exchange(request, asked)


class _Exchange(HttpResponse):
    """An answer that is written while the request is still being received."""

    def __init__(self, request: Request, asked: MatchOptions) -> None:
        super().__init__(media_type=NDJSON)
        del self.headers["content-length"]
        self._request = request
        self._asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lines = _Lines(self._request.app.state.service.settings)
        if lines.full:
            raise BusyError
        gone = asyncio.Event()
        receiving = asyncio.create_task(_receive(self._request, lines, gone))
        try:
            # Begun with the first line: a body that is refused at once is a plain problem.
            first = await lines.get()
            if isinstance(first, ProblemError):
                raise first
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for text in _answers(self._request, self._asked, first, lines):
                if gone.is_set():
                    return
                body = text.encode() + b"\n"
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            receiving.cancel()
            lines.drop()


class _Lines:
    """The lines of one batch that wait for their turn, then ``None``; a problem where it breaks off.

    Of a line that is longer than a profile may be, or comes after the last one that a batch may have,
    only so much is kept that this can be seen. With the lines of other batches they have no more bytes
    than ``_WHOLE_BATCHES`` may have.
    """

    held = 0
    """Bytes of the lines that wait in this process, of all batches."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._waiting: asyncio.Queue[bytes | ProblemError | None] = asyncio.Queue()
        self._begun = bytearray()
        self._came = 0
        self._line_bytes_max = settings.body_bytes_max
        self._lines_max = settings.batch_lines_max
        self._held_max = _WHOLE_BATCHES * settings.batch_bytes_max

    @property
    def full(self) -> bool:
        """Whether this process holds as much as it may."""
        return _Lines.held > self._held_max

    async def get(self) -> bytes | ProblemError | None:
        """The next line, as soon as it is there."""
        line = await self._waiting.get()
        _Lines.held -= len(line) if isinstance(line, bytes) else 0
        return line

    def add(self, piece: bytes) -> None:
        """Take the next piece of the body. Raises ``ProblemError`` where no more can be held."""
        first, *others = piece.split(b"\n")
        self._begin(first)
        for other in others:
            self._end()
            self._begin(other)

    def end(self, problem: ProblemError | None = None) -> None:
        """Nothing more comes: the body is whole, or there is a problem with the rest of it."""
        if self._begun and problem is None:
            self._end()
        self._waiting.put_nowait(problem)

    def drop(self) -> None:
        """Let go of the lines that nobody will ask for."""
        self._begun.clear()
        while not self._waiting.empty():
            line = self._waiting.get_nowait()
            _Lines.held -= len(line) if isinstance(line, bytes) else 0

    def _begin(self, text: bytes) -> None:
        self._begun += text[: self._line_bytes_max + 1 - len(self._begun)]

    def _end(self) -> None:
        self._came += 1
        if self._came <= self._lines_max + 1:
            _Lines.held += len(self._begun)
            self._waiting.put_nowait(bytes(self._begun))
        self._begun.clear()
        if self.full:
            raise problem_of(BusyError())


async def _receive(request: Request, lines: _Lines, gone: asyncio.Event) -> None:
    """Receive the body to its end; then wait for the caller to leave."""
    while True:
        try:
            message = await request.receive()
            if message["type"] == "http.disconnect":
                gone.set()
                lines.drop()
                lines.end()
                return
            lines.add(message.get("body", b""))
        except ProblemError as problem:
            lines.end(problem)
            return
        if not message.get("more_body", False):
            lines.end()


async def _answers(
    request: Request, asked: MatchOptions, first: bytes | None, lines: _Lines
) -> AsyncIterator[str]:
    """A JSON text for each line that holds something."""
    service = request.app.state.service
    settings = service.settings
    # One snapshot and one day for the whole batch: answers of one batch can be compared.
    matcher = service.live.matcher
    options = asked.arguments()
    options["on"] = options["on"] or date.today()
    number = 0
    line: bytes | ProblemError | None = first
    while line is not None:
        number += 1
        if isinstance(line, ProblemError):
            yield _problem(line, number)
            return
        if number > settings.batch_lines_max:
            most = settings.batch_lines_max
            yield _problem(ProblemError(413, f"A batch has at most {most} lines."), number)
            return
        if len(line) > settings.body_bytes_max:
            most = settings.body_bytes_max
            yield _problem(ProblemError(413, f"A line has at most {most} bytes."), number)
        elif line.strip():
            text = line

            def work(text: bytes = text) -> Response:
                made: Response = matcher.match(Profile.read(text, where="line"), **options)
                return made

            try:
                answer = await _when_free(service.desk, work)
            except Exception as error:
                yield _problem(problem_of(error), number)
            else:
                service.metrics.count(answer)
                yield answer.to_json()
        line = await lines.get()


async def _when_free(desk: Desk, work: Callable[[], Response]) -> Response:
    """The answer, however long the line is: a batch waits where a single request is turned away."""
    while True:
        try:
            return await desk.run(work)
        except BusyError:
            await asyncio.sleep(_BUSY_SECONDS)


def _problem(problem: ProblemError, line: int) -> str:
    details = {"line": line, **problem.problem.model_dump(exclude_none=True)}
    return json.dumps(details, ensure_ascii=False)
