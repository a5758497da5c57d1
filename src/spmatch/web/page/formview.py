"""The form as it is shown: its groups, what they say is set, and what there is to choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spmatch.web.page import phrasing
from spmatch.web.page.choices import CatalogueChoices
from spmatch.web.page.form import (
    FormProblem,
    PageForm,
    concessions_of,
    kind_of,
    spoken_of,
)
from spmatch.web.page.values import (
    ACCESS_KEYS,
    CELLS,
    DAYS,
    DELIVERIES,
    FIRST_VISIT_KEYS,
    INTENSITIES,
    KEYED,
    KINDS,
    PARTS_OF_DAY,
    PERIODS,
    REFERRALS,
    FormValues,
)
from spmatch.web.words import PageWords
from spmatch.wording import Wording

COMMON_ACCESS = (
    "wheelchair",
    "step_free",
    "lift",
    "accessible_toilet",
    "public_transport_nearby",
    "companion_welcome",
)
COMMON_LANGUAGES = 5
CONCESSIONS_SHOWN = 6
NAMED_LANGUAGES = tuple(
    "da en de sv no ar tr pl uk ru fa so ur es fr ro ti ku bs kl vi th ta".split()
)
"""Those to choose among besides the languages of the catalogue."""
GROUPS = ("person", "reach", "time", "access", "first_visit", "manner")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One fact to ask for, with its three choices."""

    field: str
    label: str
    kinds: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A folded group of the form: ``said`` is what is set in it, ``open`` that something is wrong in it."""

    name: str
    heading: str
    said: str
    open: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """Everything that the template of the form asks for."""

    values: FormValues
    problems: dict[str, FormProblem]
    groups: dict[str, Group]
    kinds: dict[str, tuple[Choice, ...]]
    genders: tuple[Choice, ...]
    first_languages: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    more_languages: tuple[Choice, ...]
    concessions: tuple[Choice, ...]
    all_concessions: tuple[str, ...]
    other_concessions: str
    currencies: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    intensities: tuple[Choice, ...]
    deliveries: tuple[Choice, ...]
    referrals: tuple[Choice, ...]
    days: tuple[tuple[str, tuple[Choice, ...]], ...]
    parts: tuple[tuple[str, str], ...]
    access: tuple[KeyRow, ...]
    more_access: tuple[KeyRow, ...]
    first_visit: tuple[KeyRow, ...]
    more_access_set: bool
    """Whether something that is folded away is set: then it is not folded."""
    more_languages_set: bool


def form_view(
    form: PageForm, choices: CatalogueChoices, words: Wording, page: PageWords
) -> FormView:
    values = form.values
    spoken = spoken_of(values)
    named = [
        one
        for one in dict.fromkeys((*choices.languages, *NAMED_LANGUAGES))
        if words.term("language", one) != one
    ]
    languages = _chosen(
        named, spoken[1:] if values.one("first_language") else spoken, "language", words
    )
    reductions = _concessions(choices.concessions, values, page)
    access = _key_rows("access", values, words, page)
    more_access = tuple(row for key, row in access.items() if key not in COMMON_ACCESS)
    return FormView(
        values=values,
        problems={problem.field: problem for problem in reversed(form.problems)},
        groups=_groups(form, words, page),
        kinds={
            limit: tuple(
                Choice(kind, page.say(f"kind.{kind}"), kind == kind_of(values, limit))
                for kind in KINDS
            )
            for limit in ("distance", "cost", "available", "intensity_max", "delivery", "referral")
        },
        genders=tuple(
            Choice(one, page.say(f"gender.{one}"), one == values.one("gender"))
            for one in ("woman", "man", "other")
        ),
        first_languages=_chosen(
            named, spoken[:1] if values.one("first_language") else (), "language", words
        ),
        languages=languages[:COMMON_LANGUAGES],
        more_languages=languages[COMMON_LANGUAGES:],
        more_languages_set=any(one.chosen for one in languages[COMMON_LANGUAGES:]),
        concessions=reductions[0],
        all_concessions=choices.concessions,
        other_concessions=reductions[1],
        currencies=_currencies(choices.currencies, values.one("currency")),
        periods=_chosen(PERIODS, (values.one("per") or "session",), "per", words),
        intensities=_chosen(INTENSITIES, (values.one("intensity_max"),), "intensity", words),
        deliveries=_chosen(DELIVERIES, values.all("delivery"), "delivery", words),
        referrals=_chosen(REFERRALS, values.all("referral"), "referral", words),
        days=_days(values, words, page),
        parts=tuple((part, page.say(f"part.{part}")) for part in PARTS_OF_DAY),
        access=tuple(access[key] for key in COMMON_ACCESS),
        more_access=more_access,
        more_access_set=any(not row.kinds[0].chosen for row in more_access),
        first_visit=tuple(_key_rows("first_visit", values, words, page).values()),
    )


def _chosen(
    keys: Iterable[str], chosen: Sequence[str], vocabulary: str, words: Wording
) -> tuple[Choice, ...]:
    return tuple(Choice(key, words.term(vocabulary, key), key in chosen) for key in keys)


def _concessions(
    known: Sequence[str], values: FormValues, page: PageWords
) -> tuple[tuple[Choice, ...], str]:
    """Those to tick, and what stands in the field beside them: whatever is not among those."""
    shown = known[:CONCESSIONS_SHOWN]
    has = concessions_of(values)
    ticks = tuple(Choice(one, phrasing.concession(one, page), one in has) for one in shown)
    return ticks, ", ".join(one for one in has if one not in shown)


def _currencies(known: Sequence[str], chosen: str) -> tuple[Choice, ...]:
    codes = dict.fromkeys((*known, *filter(None, [chosen])))
    return tuple(Choice(code, code, code == (chosen or known[0])) for code in codes)


def _days(
    values: FormValues, words: Wording, page: PageWords
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    ticked = values.all("available")
    return tuple(
        (
            words.term("day", day),
            tuple(
                Choice(cell, f"{words.term('day', day)} {page.say(f'part.{part}')}", cell in ticked)
                for part in PARTS_OF_DAY
                for cell in [f"{day}-{part}"]
            ),
        )
        for day in DAYS
    )


def _key_rows(limit: str, values: FormValues, words: Wording, page: PageWords) -> dict[str, KeyRow]:
    rows: dict[str, KeyRow] = {}
    for key in KEYED[limit]:
        field = f"{limit}_{key}"
        stated = values.one(field)
        stated = stated if stated in KINDS else "none"
        kinds = tuple(Choice(kind, page.say(f"kind.{kind}"), kind == stated) for kind in KINDS)
        rows[key] = KeyRow(field, words.term(limit, key), kinds)
    return rows


# What a folded group says is set in it

FIELDS_OF_GROUP = {
    "person": ("languages", "concessions_other"),
    "reach": ("distance", "cost"),
    "time": ("available",),
    "access": tuple(f"access_{key}" for key in ACCESS_KEYS),
    "first_visit": tuple(f"first_visit_{key}" for key in FIRST_VISIT_KEYS),
    "manner": ("intensity_max", "delivery", "referral"),
}


def _groups(form: PageForm, words: Wording, page: PageWords) -> dict[str, Group]:
    wrong = {problem.field for problem in form.problems}
    # What could not be read is not set.
    said = _said(form.values.put(**dict.fromkeys(wrong, "")), words, page)
    return {
        name: Group(
            name,
            page.say(f"group.{name}"),
            ", ".join(said[name]) or page.say("group.nothing"),
            open=bool(wrong & set(FIELDS_OF_GROUP[name])),
        )
        for name in GROUPS
    }


def _said(values: FormValues, words: Wording, page: PageWords) -> dict[str, list[str]]:
    """For each group, everything that is set in it, in a few words."""

    def limit(name: str, what: str) -> list[str]:
        kind = kind_of(values, name)
        return [page.say(f"said.{kind}", what=what)] if what and kind != "none" else []

    def keyed(name: str) -> list[str]:
        wanted = [(values.one(f"{name}_{key}"), words.term(name, key)) for key in KEYED[name]]
        ordered = sorted(
            (one for one in wanted if one[0] in ("must", "prefer")), key=lambda one: one[0]
        )
        return [page.say(f"said.{kind}", what=what) for kind, what in ordered]

    def several(name: str) -> list[str]:
        return limit(name, "/".join(words.term(name, one) for one in values.all(name)))

    distance, amount, effort = (values.one(name) for name in ("distance", "cost", "intensity_max"))
    per = words.term("per", values.one("per") or "session")
    currency = values.one("currency")
    return {
        "person": [
            *(words.term("language", one) for one in spoken_of(values)),
            *(phrasing.concession(one, page) for one in concessions_of(values)),
        ],
        "reach": [
            *limit("distance", page.say("said.km", km=distance) if distance else ""),
            *limit(
                "cost", page.say("said.price", price=f"{amount} {currency} {per}") if amount else ""
            ),
        ],
        "time": limit("available", _hours(values, words, page)),
        "access": keyed("access"),
        "first_visit": keyed("first_visit"),
        "manner": [
            *limit(
                "intensity_max", words.term("intensity", effort) if effort in INTENSITIES else ""
            ),
            *several("delivery"),
            *several("referral"),
            *([page.say("said.stated_only")] if values.one("stated_only") else []),
        ],
    }


def _hours(values: FormValues, words: Wording, page: PageWords) -> str:
    """The parts of one day, else how many parts of the week are ticked: the grid itself says which."""
    cells = [cell.split("-") for cell in CELLS if cell in values.all("available")]
    days = list(dict.fromkeys(day for day, _ in cells))
    if len(days) > 1:
        return page.say("said.times", parts=len(cells), days=len(days))
    parts = phrasing.listed([page.say(f"part.{part}") for _, part in cells], page)
    return " ".join([*(words.term("day", day) for day in days), parts]).strip()
