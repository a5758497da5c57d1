"""The parts of the page that tell of one source, or of all together. Each plot has its numbers beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spmatch.evaluation.markup import Child, Html, element, join
from spmatch.evaluation.markup import table as plain_table
from spmatch.quality.bars import Share, bar, legend, wide_bar
from spmatch.quality.records import FieldFill, Part, Provider, SourceQuality
from spmatch.quality.shown import (
    contact,
    count_and_share,
    count_of,
    fine_percent,
    many,
    name_of,
    percent,
)

_GROUPS = {
    "facts": "Facts that limits use",
    "first_visit": "What makes a first visit easier",
    "access": "Access",
    "contact": "How the provider is reached",
}
_VERDICTS = (
    Share("met", 1, "solid"),
    Share("not met", 1, "hatch"),
    Share("unknown", 1, "none"),
)
_EFFECTS = {
    "rejected": ("Rejected", "The record was left out."),
    "mended": ("Mended", "The record was kept without, or with a corrected, fact."),
    "note": ("Noted", "Nothing was changed."),
}


def number(text: Child) -> Html:
    """A cell of digits, which stand under each other."""
    return element("span", text, class_="n")


def figures_of(one: SourceQuality) -> Html:
    """The few numbers to begin with."""
    shown = [
        (str(one.activities), "activities"),
        (percent(one.decided.weighted_share), "of what persons ask can be decided"),
        (percent(one.placing.placed.share), "placed by coordinates or postcode"),
        (percent(one.stated("cost").share), "state a price"),
        (percent(one.stated("sessions").share), "state a session"),
        (percent(one.staleness.within_a_year.share), "checked within a year"),
    ]
    items = (element("li", element("strong", value), label) for value, label in shown)
    return element("ul", *items, class_="figures")


def questions_of(one: SourceQuality) -> Html:
    """The ten questions, and the ten conversations."""
    if not one.questions:
        return element("p", "Nothing is open that the weighted limits ask.")
    most = max(question.share or 0.0 for question in one.questions)
    rows = [
        (
            join(
                [
                    f"{rank}. {question.title}",
                    element("small", question.english),
                    element("small", question.danish, lang="da"),
                ]
            ),
            join(
                [
                    _share_bar(question.share, most),
                    element("small", f"{fine_percent(question.share)} of what is open"),
                ]
            ),
            number(count_of(question.activities)),
            number(str(question.decisions)),
            number(count_of(question.reachable)),
            join([_asked(provider, provider.activities) for provider in question.providers]),
        )
        for rank, question in enumerate(one.questions, start=1)
    ]
    heads = (
        *("Ask about", "Would settle", "Activities it is open for", "Decisions"),
        *("Of those, reachable", "One call is for most activities at"),
    )
    asked = _table(one, "Questions whose answers would settle most", heads, rows)
    return join([asked, _calls(one)])


def limits_of(one: SourceQuality) -> Html:
    """Met, not met and unknown for each reference limit."""
    rows = [
        (
            limit.title,
            bar(
                [
                    Share("met", limit.met, "solid"),
                    Share("not met", limit.not_met, "hatch"),
                    Share("unknown", limit.unknown, "none"),
                ],
                one.activities,
            ),
            number(percent(limit.decided.share)),
            number(count_of(limit.decided)),
            number(str(limit.met)),
            number(str(limit.not_met)),
            number(str(limit.unknown)),
            number(f"{limit.weight:.3f}"),
        )
        for limit in one.limits
    ]
    heads = ("Limit", "Plot", "Decided", "Activities", "Met", "Not met", "Unknown", "Weight")
    pairs = one.decided.pairs
    total = (
        f"{count_and_share(pairs)} pairs of a limit and an activity are decided; "
        f"{percent(one.decided.weighted_share)} when each pair counts by the weight of its limit."
    )
    shown = _table(one, "How each reference limit comes out", heads, rows)
    return join([element("p", total), legend(_VERDICTS), shown])


def placing_of(one: SourceQuality, key: str) -> Html:
    """What says where activities meet. ``key`` makes the ids of its plot unique in the page."""
    placing = one.placing
    parts = (
        ("Coordinates", placing.coordinates, "solid"),
        ("Postcode, within its radius", placing.postcode, "middle"),
        ("A town alone: too little to decide by", placing.town, "dots"),
        ("Online or by phone: no place is needed", placing.at_home, "light"),
        ("Not placed", placing.not_placed, "none"),
    )
    return _whole(
        one, parts, f"{one.activities} activities, by what places them", "Placed by", f"{key}-place"
    )


def stated_of(one: SourceQuality) -> Html:
    """How often each field is stated, group by group."""
    shown = []
    for group, caption in _GROUPS.items():
        fields = [fill for fill in one.fields if fill.group == group]
        yes_no = any(fill.yes is not None for fill in fields)
        heads = ("Fact", "Plot", "Stated", "Activities", *(("Yes", "No") if yes_no else ()))
        shown.append(_table(one, caption, heads, [_fill_row(fill, yes_no) for fill in fields]))
    looks = (Share("stated", 1, "solid"), Share("stated: no", 1, "hatch"))
    return join([legend((*looks, Share("not stated", 1, "none"))), *shown])


def staleness_of(one: SourceQuality, key: str) -> Html:
    """When records were last checked. ``key`` makes the ids of its plot unique in the page."""
    found = one.staleness
    parts = (
        ("Within 3 months", found.within_3_months, "solid"),
        ("3 to 6 months ago", found.within_6_months, "middle"),
        ("6 to 12 months ago", found.within_12_months, "light"),
        ("12 to 24 months ago", found.within_24_months, "dots"),
        ("Longer ago", found.older, "hatch"),
        ("No date stated", found.never, "none"),
        *((("Dated later than this report", found.ahead, "none"),) if found.ahead.count else ()),
    )
    said = (
        f"Of the activities that state sessions, {count_and_share(found.ended)} have none left: "
        "every stated session is over."
    )
    title = f"{one.activities} activities, by when their record was last checked"
    return join([_whole(one, parts, title, "Last checked", f"{key}-checked"), element("p", said)])


def duplicates_of(one: SourceQuality) -> Html:
    """Records that tell of the same activity."""
    found = one.duplicates
    if not found.looked_for:
        return element("p", "Duplicates were not looked for.")
    groups = many(found.groups, "activity is", "activities are")
    said = (
        f"{groups} told of by more than one record: {count_and_share(found.records)} records, "
        f"of which {many(found.spare, 'is', 'are')} folded into another."
    )
    if not found.largest:
        return element("p", said)
    rows = [
        (group.title, element("code", group.kept), ", ".join(group.folded))
        for group in found.largest
    ]
    heads = ("Activity", "Kept record", "Folded into it")
    return join([element("p", said), _table(one, "The largest groups (ten at most)", heads, rows)])


def prose_of(one: SourceQuality) -> Html:
    """Facts that were read out of prose."""
    found = one.from_prose
    said = (
        f"{count_and_share(found.activities)} activities have a fact that only their prose states."
    )
    if not found.fields:
        return element("p", said)
    rows = [
        (
            element("code", field.field),
            bar([Share("", field.activities.count, "solid")], one.activities),
            number(count_of(field.activities)),
            number(str(field.passages)),
        )
        for field in found.fields
    ]
    heads = ("Fact", "Plot", "Activities", "Passages")
    return join([element("p", said), _table(one, "Facts read out of prose", heads, rows)])


def problems_of(one: SourceQuality) -> Html:
    """What was rejected, mended or noted, and why."""
    found = one.problems
    totals = element(
        "ul",
        *(
            element(
                "li",
                f"{_EFFECTS[count.effect][0]}: {many(count.problems, 'time', 'times')} in "
                f"{many(count.places, 'place', 'places')}. {_EFFECTS[count.effect][1]}",
            )
            for count in found.effects
        ),
    )
    if not found.groups:
        return totals
    rows = [
        (
            _EFFECTS[group.effect][0],
            number(str(group.count)),
            element("code", group.field) if group.field else "",
            join([group.reason, element("small", group.remedy)]),
            "; ".join(group.first) + ("; …" if group.count > len(group.first) else ""),
        )
        for group in found.groups
    ]
    heads = ("Effect", "Times", "Field", "Reason and remedy", "First places")
    return join([totals, _table(one, "Reasons", heads, rows)])


def _calls(one: SourceQuality) -> Html:
    if not one.calls:
        return element("p", "No provider states a phone number or an e-mail address.")
    most = max(call.share or 0.0 for call in one.calls)
    rows = [
        (
            _asked(call),
            join(
                [
                    _share_bar(call.share, most),
                    element("small", f"{fine_percent(call.share)} of what is open"),
                ]
            ),
            number(str(call.decisions)),
            number(count_of(Part.make(call.open, call.activities))),
            "; ".join(call.questions),
        )
        for call in one.calls
    ]
    heads = ("Provider", "Would settle", "Decisions", "Activities with a question", "Above all")
    return _table(one, "Conversations that would settle most, all questions asked", heads, rows)


def _table(
    one: SourceQuality, caption: str, heads: Sequence[str], rows: Iterable[Sequence[Child]]
) -> Html:
    """A table whose caption names the source: one page holds the same table of several."""
    return plain_table(join([caption, " ", element("small", one.name)]), heads, rows)


def _asked(one: Provider, activities: int | None = None) -> Html:
    lines: list[Child] = [name_of(one)]
    reached = contact(one)
    if activities is not None:
        reached = ", ".join(filter(None, [reached, many(activities, "activity", "activities")]))
    return element("div", *lines, element("small", reached))


def _share_bar(share: float | None, most: float) -> Html:
    """A bar whose full length is the largest share of its table."""
    return bar([Share("", share or 0.0, "solid")], most, framed=False)


def _fill_row(fill: FieldFill, yes_no: bool) -> Sequence[Child]:
    of = fill.stated.of
    parts = [Share("stated", fill.stated.count, "solid")]
    if fill.yes is not None and fill.no is not None:
        parts = [Share("yes", fill.yes, "solid"), Share("no", fill.no, "hatch")]
    cells: list[Child] = [
        fill.title,
        bar(parts, of),
        number(percent(fill.stated.share)),
        number(count_of(fill.stated)),
    ]
    if yes_no:
        cells += [number(str(fill.yes or 0)), number(str(fill.no or 0))]
    return cells


def _whole(
    one: SourceQuality, parts: Iterable[tuple[str, Part, str]], title: str, head: str, key: str
) -> Html:
    held = list(parts)
    drawn = wide_bar(
        [Share(name, part.count, look) for name, part, look in held], key=key, title=title
    )
    rows = [(name, number(count_of(part)), number(percent(part.share))) for name, part, _ in held]
    return element(
        "div",
        drawn,
        _table(one, f"{head}, in numbers", (head, "Activities", "Share"), rows),
        class_="pair",
    )
