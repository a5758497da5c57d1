"""Answers as text for a terminal of 80 columns."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.console import Console
from rich.text import Text

from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.profile import Profile
from spmatch.suggestion import Contribution, Notice, Response, Suggestion, WhyNot
from spmatch.wording import Wording

WIDTH = 80
_PROBLEMS_SHOWN = 50

_HEADINGS = {
    "en": {
        "score": "Score",
        "none": "Nothing suits this profile.",
        "excluded": "Left out",
        "loosen": "Loosen one limit",
        "of": "of {n} activities",
        "rank": "It stands at number {rank} of those that suit.",
        "phone": "Phone",
    },
    "da": {
        "score": "Point",
        "none": "Intet passer til denne profil.",
        "excluded": "Udeladt",
        "loosen": "Løsn én grænse",
        "of": "af {n} aktiviteter",
        "rank": "Den står som nummer {rank} blandt dem, der passer.",
        "phone": "Telefon",
    },
}


class HasActivities(Protocol):
    """Where the activities that a relaxation names are looked up."""

    def __getitem__(self, id: str, /) -> Activity: ...


def print_response(response: Response, words: Wording, catalogue: HasActivities) -> None:
    """Suggestions, what was left out, and what would help."""
    console, heading = open_console(), _HEADINGS[words.language]
    for notice in response.notices:
        _print_notice(console, notice, heading["phone"])
    if not response.suggestions:
        console.print(Text(heading["none"], style="bold"))
    for suggestion in response.suggestions:
        _print_suggestion(console, suggestion, words)
    if response.suggestions:
        console.print(Text(words.say_confidence(response.confidence), style="bold"))
    if response.excluded:
        total = heading["of"].format(n=response.catalogue.activities)
        counts = ", ".join(
            f"{words.term('limit', limit)} {count}" for limit, count in response.excluded.items()
        )
        print_wrapped(console, f"{heading['excluded']} ({total}): {counts}", "", style="dim")
    if response.relaxations:
        console.print(Text(f"{heading['loosen']}:", style="bold"))
        for relaxation in response.relaxations:
            titles = "; ".join(catalogue[example].title for example in relaxation.examples[:3])
            print_wrapped(console, f"- {relaxation.text} ({titles})", "  ")


def print_why(answer: WhyNot, words: Wording) -> None:
    """Why one activity suits or not, and where it stands."""
    console, heading = open_console(), _HEADINGS[words.language]
    print_wrapped(console, _title(answer.activity), "", style="bold")
    for reason in answer.reasons:
        print_wrapped(console, f"- {reason[0].upper()}{reason[1:]}", "  ")
    if answer.rank is not None:
        console.print(heading["rank"].format(rank=answer.rank))
    _print_score(console, answer.score, answer.contributions, words, "")


def print_catalogue(catalogue: Catalogue) -> None:
    """How many records were kept and what was wrong with the others."""
    console = open_console()
    console.print(f"{len(catalogue)} activities read, {len(catalogue.problems)} problems.")
    for problem in catalogue.problems[:_PROBLEMS_SHOWN]:
        print_wrapped(console, f"- {problem} ({problem.effect})", "  ")
    if (more := len(catalogue.problems) - _PROBLEMS_SHOWN) > 0:
        console.print(f"… and {more} more; --json - lists all.")


def print_people(people: Iterable[tuple[str, str]]) -> None:
    """The example persons: a name and what is written of each."""
    console = open_console()
    for name, needs in people:
        console.print(Text(name, style="bold"))
        print_wrapped(console, textwrap.shorten(needs, 200, placeholder=" …"), "  ", first="  ")


def print_person(profile: Profile) -> None:
    """What is written of a person."""
    console = open_console()
    for text in filter(None, [profile.needs, profile.interests]):
        print_wrapped(console, text, "")
    console.print()


def _print_suggestion(console: Console, one: Suggestion, words: Wording) -> None:
    heading = _HEADINGS[words.language]
    print_wrapped(console, f"{one.rank}. {_title(one.activity)}", "   ", style="bold")
    place = one.activity.place
    where = ", ".join(filter(None, [place.name, place.address, place.town])) if place else ""
    phone = one.activity.provider.phone if one.activity.provider else None
    contact = ", ".join(filter(None, [where, f"{heading['phone']} {phone}" if phone else ""]))
    if contact:
        print_wrapped(console, contact, "   ", first="   ", style="dim")
    for reason in one.reasons:
        print_wrapped(console, f"+ {reason}", "     ", first="   ")
    for line in one.cautions:
        print_wrapped(console, f"! {line}", "     ", first="   ", style="magenta")
    for line in one.ask:
        print_wrapped(console, f"? {line}", "     ", first="   ", style="yellow")
    _print_score(console, one.score, one.contributions, words, "   ")
    console.print()


def _print_score(
    console: Console, score: float, parts: Sequence[Contribution], words: Wording, indent: str
) -> None:
    heading = _HEADINGS[words.language]
    names = [
        f"{words.term('contribution', part.name)} {part.value:+.3f}" for part in parts if part.value
    ]
    line = f"{heading['score']} {score:.3f} = {'  '.join(names)}"
    print_wrapped(console, line, f"{indent}  ", first=indent, style="dim")


def _title(activity: Activity) -> str:
    provider = activity.provider.name if activity.provider else None
    return f"{activity.title} ({provider})" if provider else activity.title


def print_wrapped(
    console: Console, text: str, indent: str, *, first: str = "", style: str = ""
) -> None:
    # A feed may hold escape codes: a terminal must not obey them.
    plain = "".join(mark if mark.isprintable() else " " for mark in text)
    lines = textwrap.wrap(
        plain, console.width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )
    for line in lines:
        console.print(Text(line, style=style))


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # Not an exit of its own with another code: the command line knows what to do.
        raise BrokenPipeError


def _print_notice(console: Console, notice: Notice, phone: str) -> None:
    print_wrapped(console, f"! {notice.title}", "  ", style="bold red")
    print_wrapped(console, notice.first, "  ")
    for contact in notice.contacts:
        reached = f"{phone} {contact.phone}" if contact.phone else contact.url or ""
        print_wrapped(
            console, f"- {contact.name}: {reached} ({contact.hours}); {contact.who}", "  "
        )
    console.print()


def open_console() -> Console:
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    return _Console(width=width, highlight=False, soft_wrap=True)
