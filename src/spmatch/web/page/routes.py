"""The routes of the page. Each POST sends the whole form and gets the whole page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from spmatch.errors import PlaceError
from spmatch.matcher import Matcher, UnknownRule
from spmatch.profile import Profile
from spmatch.suggestion import Response, Suggestion
from spmatch.web.access import allowed
from spmatch.web.page.answer import answer_view
from spmatch.web.page.asides import CompareView, Found, WhyAnswer, compare_view, found, why_view
from spmatch.web.page.cards import cards_of
from spmatch.web.page.choices import choices_of, held, titled
from spmatch.web.page.form import FormProblem, PageForm, is_empty, read_form
from spmatch.web.page.formview import form_view
from spmatch.web.page.loosening import loosened
from spmatch.web.page.map import map_of
from spmatch.web.page.reader import reader_language, remember
from spmatch.web.page.values import FormValues, sent_form
from spmatch.web.service import Service
from spmatch.web.templating import render
from spmatch.web.words import page_words
from spmatch.wording import wording

CARDS = 5

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed("match", page=True))])


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request found out, before any of it is put into words. Empty for an empty form."""

    response: Response | None = None
    picked: tuple[Suggestion, ...] = ()
    compared: tuple[Suggestion, ...] = ()
    choose_two: bool = False
    why: WhyAnswer | None = None


@router.get("/")
async def empty_form(request: Request) -> HTMLResponse:
    """The form with nothing in it."""
    language = reader_language(request)
    return _page(
        request, _matcher(request), read_form(FormValues({"language": (language,)})), Answered()
    )


@router.post("/")
async def search(request: Request) -> HTMLResponse:
    """The form as it was sent, and the offers for it."""
    return await _answer(request, await _sent(request))


@router.post("/why")
async def why_not(request: Request) -> HTMLResponse:
    """The same, and why one offer is not among them."""
    return await _answer(request, await _sent(request), ask_why=True)


@router.post("/compare")
async def compare(request: Request) -> HTMLResponse:
    """The same, and two of the picked offers side by side."""
    return await _answer(request, await _sent(request), ask_compare=True)


async def _sent(request: Request) -> FormValues:
    """The form, with what was clicked in it carried out."""
    values = loosened(await sent_form(request))
    if place := values.one("use_place"):
        values = values.put(where=place)
    return values


async def _answer(
    request: Request, values: FormValues, *, ask_why: bool = False, ask_compare: bool = False
) -> HTMLResponse:
    form, matcher = read_form(values), _matcher(request)
    profile = form.profile
    if profile is None:
        return _page(request, matcher, form, Answered())
    if is_empty(profile) and not form.picked:
        # Somebody who only switches the language has done nothing wrong.
        if not values.one("switch"):
            form = _wrong(form, "needs", "problem.nothing_written")
        return _page(request, matcher, form, Answered())
    service: Service = request.app.state.service
    try:
        answered = await service.desk.run(
            partial(_answered, matcher, form, profile, ask_why=ask_why, ask_compare=ask_compare)
        )
    except PlaceError as error:
        key = "problem.where_near" if error.suggestions else "problem.where_unknown"
        form = _wrong(form, "where", key, tuple(error.suggestions))
        return _page(request, matcher, form, Answered())
    if answered.response:
        service.metrics.count(answered.response)
    return _page(request, matcher, form, answered)


def _answered(
    matcher: Matcher, form: PageForm, profile: Profile, *, ask_why: bool, ask_compare: bool
) -> Answered:
    """Everything that is asked of the matcher for one page."""
    language, values = form.language, form.values
    unknown: UnknownRule = "exclude" if values.one("stated_only") else "keep"
    response = matcher.match(
        profile, k=CARDS, language=language, unknown=unknown, plan=bool(values.one("plan"))
    )
    ids = held(matcher.catalogue, form.picked)
    picked = matcher.chosen(ids, profile, language=language) if ids else ()
    answered = Answered(response, picked)
    if ask_compare:
        two = [one for one in values.all("compare") if one in ids] if len(ids) > 2 else ids
        if len(two) == 2:
            chosen = tuple(one for one in picked if one.activity.id in two)
            answered = replace(answered, compared=chosen)
        else:
            answered = replace(answered, choose_two=True)
    if ask_why and (wanted := values.one("why_id") or values.one("why")):
        meant = titled(matcher.catalogue, wanted)
        if len(meant) == 1:
            why = matcher.why(meant[0].id, profile, language=language, unknown=unknown)
            view = why_view(why, wording(language), page_words("page", language))
            answered = replace(answered, why=WhyAnswer(view))
        else:
            answered = replace(answered, why=WhyAnswer(found=found(meant, wording(language))))
    return answered


def _page(request: Request, matcher: Matcher, form: PageForm, answered: Answered) -> HTMLResponse:
    words, page = wording(form.language), page_words("page", form.language)
    today, profile = date.today(), form.profile or Profile()
    choices = choices_of(matcher.catalogue)
    response = answered.response
    suggestions = response.suggestions if response else ()
    cards = cards_of(suggestions, profile, form.picked, today, words, page)
    shown = {card.id for card in cards}
    compared: CompareView | None = None
    if answered.compared:
        two = cards_of(answered.compared, profile, form.picked, today, words, page)
        compared = compare_view(two, [one.activity for one in answered.compared], words, page)
    context = {
        "say": page.say,
        "language": form.language,
        "other_language": "en" if form.language == "da" else "da",
        "catalogue": matcher.catalogue.id,
        "form": form_view(form, choices, words, page),
        "problems": form.problems,
        "titles": choices.titles,
        "answer": answer_view(response, words, page) if response else None,
        "cards": cards,
        "map": map_of(suggestions, profile, matcher.gazetteer, form.language),
        "picked": [
            Found(s.activity.id, s.activity.title, s.activity.text_language, "")
            for s in answered.picked
        ],
        "kept": form.picked,
        "shown": shown,
        "compared": compared,
        "choose_two": answered.choose_two,
        "why": answered.why,
    }
    page_response = render(request, "page.html", context, status=422 if form.problems else 200)
    if form.values.one("switch"):
        remember(page_response, request, form.language)
    return page_response


def _wrong(form: PageForm, field: str, key: str, suggestions: tuple[str, ...] = ()) -> PageForm:
    message = page_words("page", form.language).say(key)
    return replace(form, profile=None, problems=(FormProblem(field, message, suggestions),))


def _matcher(request: Request) -> Matcher:
    """The matcher that answers now; taken once a request, as a newer one may take its place."""
    service: Service = request.app.state.service
    return service.live.matcher
