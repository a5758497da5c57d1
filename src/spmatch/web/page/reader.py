"""Which language a reader gets, and the one cookie that remembers it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from spmatch.web.page.form import DEFAULT_LANGUAGE
from spmatch.wording import READER_LANGUAGES, ReaderLanguage

COOKIE = "language"
_A_YEAR_SECONDS = 365 * 24 * 3600


def reader_language(request: Request) -> ReaderLanguage:
    """That of the cookie, else the first of ``Accept-Language`` that is spoken here, else Danish."""
    if (kept := _spoken(request.cookies.get(COOKIE, ""))) is not None:
        return kept
    wishes = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        if (language := _spoken(tag.split("-")[0].casefold())) is not None:
            wishes.append((-_weight(weight), place, language))
    return min(wishes)[2] if wishes else DEFAULT_LANGUAGE


def remember(response: Response, request: Request, language: ReaderLanguage) -> None:
    """Keep a chosen language for the next visit. Nothing else is ever kept."""
    response.set_cookie(
        COOKIE,
        language,
        max_age=_A_YEAR_SECONDS,
        path="/",
        samesite="strict",
        httponly=True,
        secure=request.url.scheme == "https",
    )


def _spoken(name: str) -> ReaderLanguage | None:
    return next((language for language in READER_LANGUAGES if language == name), None)


def _weight(stated: str) -> float:
    try:
        return float(stated or 1)
    except ValueError:
        return 0.0
