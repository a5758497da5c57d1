"""What went wrong, as a page that a link worker can act on."""

from __future__ import annotations

from fastapi.responses import HTMLResponse
from starlette.requests import Request

from spmatch.web.page.reader import reader_language
from spmatch.web.problems import ProblemError
from spmatch.web.templating import render
from spmatch.web.words import page_words

SAID = {
    400: "unreadable",
    401: "key",
    403: "refused",
    404: "missing",
    408: "unreadable",
    413: "too_large",
}
SAID |= {429: "busy", 503: "busy"}
"""Status → the sentences that say it; whatever is not here is a fault of ours."""
PASSING = ("busy", "fault")
"""What may be over when the same is sent again."""


def problem_page(request: Request, problem: ProblemError) -> HTMLResponse:
    """The problem in the reader's language, without anything of what was sent."""
    language = reader_language(request)
    status = problem.problem.status
    name = SAID.get(status, "unreadable" if 400 <= status < 500 else "fault")
    words = page_words("page", language)
    context = {
        "say": words.say,
        "language": language,
        "heading": words.say(f"error.{name}"),
        "advice": words.say(f"error.{name}_advice"),
        "again": request.method == "POST" and name in PASSING,
        "request_id": getattr(request.state, "request_id", None),
    }
    response = render(request, "problem.html", context, status=status)
    response.headers.update(problem.headers)
    return response
