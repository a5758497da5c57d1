"""The handout over HTTP. The form is that of the page; only what was picked in it comes out again."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from spmatch.profile import Profile
from spmatch.web.access import allowed
from spmatch.web.handout.calendar import calendar_of, has_times
from spmatch.web.handout.content import MOST, Handout, handout_of
from spmatch.web.handout.message import plain_text_of
from spmatch.web.handout.page import page_of, sorry
from spmatch.web.handout.pdf import pdf_of
from spmatch.web.page.choices import held
from spmatch.web.page.form import read_form
from spmatch.web.page.values import sent_form
from spmatch.web.sketch import home_of
from spmatch.wording import ReaderLanguage

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed("match", page=True))])


class Asked(NamedTuple):
    """The handout that a form asks for, or the key of the reason why there is none."""

    handout: Handout | None
    language: ReaderLanguage
    without: str = ""


async def asked_handout(request: Request) -> Asked:
    """Read the form and make the handout of what was picked in it."""
    form = read_form(await sent_form(request))
    if not form.picked:
        return Asked(None, form.language, "none")
    service = request.app.state.service
    matcher = service.live.matcher
    ids = held(matcher.catalogue, form.picked)
    if not ids:
        return Asked(None, form.language, "gone")
    if len(ids) > MOST:
        return Asked(None, form.language, "many")
    # A form with a mistake elsewhere still has its list: the handout then only knows less.
    profile, on = form.profile or Profile(), date.today()
    asked = (*profile.must.access, *profile.prefer.access)
    home = home_of(profile, matcher.gazetteer)
    if profile.origin is not None and home is None:
        profile = Profile()

    def make() -> Handout:
        return handout_of(
            matcher.chosen(ids, profile, language=form.language, on=on),
            home,
            on,
            form.language,
            asked=asked,
            missing=len(form.picked) - len(ids),
            gazetteer=matcher.gazetteer,
        )

    return Asked(await service.desk.run(make), form.language)


AskedHandout = Annotated[Asked, Depends(asked_handout)]


@router.post("/handout")
async def handout_page(request: Request, asked: AskedHandout) -> HTMLResponse:
    """The handout as a page, to be looked at and printed."""
    if asked.handout is None:
        return _sorry(request, asked)
    return page_of(request, asked.handout)


@router.post("/handout.pdf")
async def handout_pdf(request: Request, asked: AskedHandout) -> Response:
    """The handout as a PDF of one A4 page."""
    handout = asked.handout
    if handout is None:
        return _sorry(request, asked)
    content = await request.app.state.service.desk.run(lambda: pdf_of(handout))
    return _file(content, handout, "application/pdf", "pdf")


@router.post("/handout.txt")
async def handout_text(request: Request, asked: AskedHandout) -> Response:
    """The handout as plain text, to be copied into a message."""
    if asked.handout is None:
        return _sorry(request, asked)
    text = plain_text_of(asked.handout).encode()
    return _file(text, asked.handout, "text/plain; charset=utf-8", "txt", shown=True)


@router.post("/handout.ics")
async def handout_calendar(request: Request, asked: AskedHandout) -> Response:
    """The sessions as a calendar file."""
    if asked.handout is None:
        return _sorry(request, asked)
    if not has_times(asked.handout):
        return sorry(request, "no_times", asked.language)
    content = calendar_of(asked.handout)
    return _file(content, asked.handout, "text/calendar; charset=utf-8", "ics")


def _sorry(request: Request, asked: Asked) -> HTMLResponse:
    return sorry(request, asked.without, asked.language, most=MOST)


def _file(
    content: bytes, handout: Handout, media_type: str, ending: str, *, shown: bool = False
) -> Response:
    """A file under a name that is the same for everybody."""
    name = f"{handout.words.say('file')}.{ending}"
    kind = "inline" if shown else "attachment"
    headers = {
        "Content-Disposition": f'{kind}; filename="{name}"',
        "Content-Language": handout.language,
        "Cache-Control": "no-store",
    }
    return Response(content, 200, headers, media_type)
