"""A quality report as text for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from spmatch.cli.tables import open_console, print_wrapped
from spmatch.quality.records import Part, QualityReport, SourceQuality
from spmatch.quality.shown import (
    contact,
    count_and_share,
    count_of,
    fine_percent,
    many,
    name_of,
    percent,
)

BAR = 18
_LABEL, _COUNT, _SHARE = 37, 16, 7
_NAME = 25


def print_quality(report: QualityReport) -> None:
    """All sources side by side, and the whole in full; the page and the JSON hold each in full."""
    console = open_console()
    if len(report.sources) > 1:
        _print_side_by_side(console, report)
    _print_source(console, report.whole if len(report.sources) > 1 else report.sources[0], report)


def _print_side_by_side(console: Console, report: QualityReport) -> None:
    _heading(console, "Side by side")
    heads = ("activ.", "decided", "placed", "price", "session", "checked")
    console.print(f"{'':{_NAME}}" + "".join(f"{head:>9}" for head in heads), style="dim")
    for one in (*report.sources, report.whole):
        shares = (
            one.decided.weighted_share,
            one.placing.placed.share,
            one.stated("cost").share,
            one.stated("sessions").share,
            one.staleness.within_a_year.share,
        )
        cells = [str(one.activities), *map(percent, shares)]
        name = _plain(one.name)
        short = name if len(name) <= _NAME else f"…{name[1 - _NAME :]}"
        console.print(Text(f"{short:{_NAME}}" + "".join(f"{cell:>9}" for cell in cells)))


def _print_source(console: Console, one: SourceQuality, report: QualityReport) -> None:
    _heading(console, "What can be decided")
    said = (
        f"{count_and_share(one.decided.pairs)} pairs of a limit and an activity; weighted by "
        f"use, {percent(one.decided.weighted_share)}."
    )
    print_wrapped(console, said, "")
    _bars(console, ((limit.title, limit.decided) for limit in one.limits))
    _heading(console, "What is stated")
    _bars(
        console,
        ((fill.title, fill.stated) for fill in one.fields if fill.group in ("facts", "contact")),
    )
    _heading(console, "Where activities are placed")
    placing = one.placing
    rows = (
        ("Coordinates", placing.coordinates),
        ("Postcode", placing.postcode),
        ("A town alone", placing.town),
        ("Online or by phone", placing.at_home),
        ("Not placed", placing.not_placed),
    )
    _bars(console, rows)
    _heading(console, f"When records were checked, as of {report.on}")
    stale = one.staleness
    ages = (
        ("Within 3 months", stale.within_3_months),
        ("3 to 6 months ago", stale.within_6_months),
        ("6 to 12 months ago", stale.within_12_months),
        ("12 to 24 months ago", stale.within_24_months),
        ("Longer ago", stale.older),
        ("No date stated", stale.never),
    )
    later = (("Dated later", stale.ahead),) if stale.ahead.count else ()
    _bars(console, (*ages, *later, ("Every stated session is over", stale.ended)))
    _print_records(console, one)
    _print_questions(console, one)


def _print_records(console: Console, one: SourceQuality) -> None:
    _heading(console, "Records")
    found = one.duplicates
    if found.looked_for:
        groups = many(found.groups, "activity", "activities")
        print_wrapped(console, f"Duplicates: {groups}, {count_of(found.records)} records.", "  ")
    else:
        print_wrapped(console, "Duplicates were not looked for.", "  ")
    prose = ", ".join(f"{field.field} {field.activities.count}" for field in one.from_prose.fields)
    shown = count_and_share(one.from_prose.activities)
    print_wrapped(console, f"Facts out of prose: {shown}. {prose}".strip(), "  ")
    counted = sum(group.count for group in one.problems.groups)
    # Where no two problems are alike, the list above has said it all.
    for group in one.problems.groups if counted > len(one.problems.groups) else ():
        where = f" in {group.field}" if group.field else ""
        times = many(group.count, "time", "times")
        line = f"- {group.effect}{where}, {times}: {group.reason} (first: {group.first[0]})"
        print_wrapped(console, line, "  ")


def _print_questions(console: Console, one: SourceQuality) -> None:
    _heading(console, "What to ask providers first")
    if not one.questions:
        print_wrapped(console, "Nothing is open that the weighted limits ask.", "  ")
    for rank, question in enumerate(one.questions, start=1):
        line = (
            f"{rank:>2}. {question.title}: settles {fine_percent(question.share)} of what is open"
        )
        print_wrapped(console, line, "    ")
        reached = f"open for {count_of(question.activities)}, {question.reachable.count} reachable"
        if question.providers:
            best = question.providers[0]
            activities = many(best.activities, "activity", "activities")
            reached += f"; {activities} in one call: {name_of(best)}, {contact(best)}"
        print_wrapped(console, reached, "    ", first="    ", style="dim")
    if one.calls:
        _heading(console, "Conversations that would settle most")
    for rank, call in enumerate(one.calls, start=1):
        line = f"{rank:>2}. {name_of(call)}, {contact(call)}: {many(call.decisions, 'decision', 'decisions')}"
        print_wrapped(console, f"{line} about {many(call.open, 'activity', 'activities')}", "    ")


def _bars(console: Console, rows: Iterable[tuple[str, Part]]) -> None:
    full, empty = "█░" if console.encoding.lower().startswith("utf") else "#."
    for label, part in rows:
        # Some is never shown as none, and not all never as all.
        filled = round(BAR * (part.share or 0.0))
        filled = max(filled, 1) if part.count else 0
        filled = min(filled, BAR - 1) if part.count < part.of else filled
        drawn = full * filled + empty * (BAR - filled)
        console.print(
            Text(
                f"{_plain(label):{_LABEL}.{_LABEL}} {drawn}"
                f"{count_of(part):>{_COUNT}}{percent(part.share):>{_SHARE}}"
            )
        )


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _plain(text: str) -> str:
    return "".join(mark if mark.isprintable() else " " for mark in text)
