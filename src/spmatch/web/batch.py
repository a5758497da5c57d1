"""Many profiles in one request: a profile a line in, an answer a line out, as they are ready.

What comes in is received to its end whatever becomes of the answers: a caller that sends everything
before it reads anything must not stand still against a service that waits for it to read. The size
of the body is bounded by the guard.
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

router = APIRouter(prefix="/v1", tags=["match"])

_BUSY_SECONDS = 0.05


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
        lines: asyncio.Queue[bytes | ProblemError | None] = asyncio.Queue()
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


async def _receive(
    request: Request, lines: asyncio.Queue[bytes | ProblemError | None], gone: asyncio.Event
) -> None:
    """Put every line of the body into the queue, then ``None``; then wait for the caller to leave."""
    begun = b""
    while True:
        try:
            message = await request.receive()
        except ProblemError as problem:
            await lines.put(problem)
            return
        if message["type"] == "http.disconnect":
            gone.set()
            await lines.put(None)
            return
        *whole, begun = (begun + message.get("body", b"")).split(b"\n")
        for line in whole:
            await lines.put(line)
        if not message.get("more_body", False):
            if begun:
                await lines.put(begun)
                begun = b""
            await lines.put(None)


async def _answers(
    request: Request,
    asked: MatchOptions,
    first: bytes | None,
    lines: asyncio.Queue[bytes | ProblemError | None],
) -> AsyncIterator[str]:
    """A JSON text for each line that holds something."""
    service = request.app.state.service
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
        if number > service.settings.batch_lines_max:
            most = service.settings.batch_lines_max
            yield _problem(ProblemError(413, f"A batch has at most {most} lines."), number)
            return
        if line.strip():
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
