"""Every error that a route raises becomes an answer: a problem, or a page where a page was asked for."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spmatch.errors import SpmatchError
from spmatch.web.desk import BusyError, TooSlowError
from spmatch.web.page.problems import problem_page
from spmatch.web.problems import ProblemError, answer_with, problem_of


def add_handlers(app: FastAPI) -> None:
    """Let every error that a route raises be answered as a problem, as a page where a page was asked for."""

    async def handle(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if "text/html" in request.headers.get("accept", ""):
            return problem_page(request, problem)
        return answer_with(problem, getattr(request.state, "request_id", None))

    kinds = (
        SpmatchError,
        ProblemError,
        HTTPException,
        RequestValidationError,
        BusyError,
        TooSlowError,
    )
    for kind in kinds:
        app.add_exception_handler(kind, handle)
