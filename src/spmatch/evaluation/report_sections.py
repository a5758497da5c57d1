"""The sections of the report: each turns one part of the results into tables and plots.

A number stands in ``<data value="…">`` with all its digits; the rounded one is what is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from spmatch.evaluation.charts import Row, SeriesRow, interval_chart, series_chart
from spmatch.evaluation.markup import Child, Html, element, join, table
from spmatch.evaluation.results import (
    Ablation,
    Change,
    Interval,
    MeasureInfo,
    Placed,
    Results,
    Slice,
    Value,
)
from spmatch.evaluation.shown_numbers import (
    UNDEFINED,
    decimals,
    headline_measures,
    info_of,
    primary_measure,
    shown,
    shown_interval,
    shown_p,
    shown_signed,
    slice_label,
    title_of,
)

_DIRECTION = {True: "higher is better", False: "lower is better", None: "describes, does not judge"}
_KINDS = {
    "factor_off": "One factor left out",
    "weight": "One weight changed",
    "unknown": "What is not stated",
    "encoder": "Another encoder",
}
_EXPOSURE = {
    "provider_size": "size of the provider",
    "description_length": "length of the description",
}


def section(key: str, heading: str, *parts: Child) -> Html:
    """One section under its heading, which the table of contents links to."""
    return element(
        "section", element("h2", heading, id=key), join(parts, "\n"), aria_labelledby=key
    )


def number(value: float | None, text: str) -> Child:
    """A number as it is shown, with its full digits beside it for machines."""
    return text if value is None else element("data", text, value=repr(float(value)))


def cell(value: Value, places: int, *, signed: bool = False) -> Html:
    """Mean and interval."""
    each = shown_signed if signed else shown
    return join(
        [
            number(value.mean, each(value.mean, places)),
            _interval(value.interval, places, signed=signed),
        ],
        " ",
    )


def _interval(interval: Interval | None, places: int, *, signed: bool = False) -> Child:
    if interval is None:
        return ""
    return element("small", f"({shown_interval(interval, places, signed=signed)})")


def _level(results: Results) -> str:
    return f"{results.provenance.level:.0%}"


def headline(results: Results) -> Html:
    """Every quoted number with the worst slice beside it, in the same size."""
    cards = []
    for one in results.headline:
        info = info_of(results, one.measure)
        places = decimals(info)
        mean = element(
            "div",
            element("p", f"{info.title}, all profiles", class_="what"),
            element("p", number(one.value.mean, shown(one.value.mean, places)), class_="big"),
            element(
                "p", f"{shown_interval(one.value.interval, places)}; {one.value.profiles} profiles"
            ),
        )
        if one.worst is None:
            worst = element("div", element("p", "Worst slice: none is large enough to be shown."))
        else:
            worst = element(
                "div",
                element(
                    "p",
                    f"Worst slice, {slice_label(one.worst.dimension, one.worst.group)}",
                    class_="what",
                ),
                element("p", number(one.worst.mean, shown(one.worst.mean, places)), class_="big"),
                element(
                    "p",
                    f"{shown_interval(one.worst.interval, places)}; {one.worst.profiles} profiles",
                ),
            )
        heading = element("h3", f"{title_of(results, one.system)}: {one.measure}")
        cards.append(
            element("div", heading, element("div", mean, worst, class_="pair"), class_="card")
        )
    return section("headline", "Headline", *cards)


def systems(results: Results) -> Html:
    """All systems: short table, plot of the first measure, every measure, and what they mean."""
    parts: list[Child] = []
    primary = primary_measure(results)
    short = headline_measures(results)
    heads = ["System", *(info.name for info in short)]
    rows = []
    for one in results.systems:
        values = [_measured(results, one.measures.get(info.name), info) for info in short]
        rows.append([one.title, *values])
    parts.append(
        table(
            f"Systems by headline measure: mean ({_level(results)} interval) over profiles",
            heads,
            rows,
        )
    )
    if primary is not None:
        parts.append(_systems_chart(results, primary))
    heads = ["Measure", "Better", *(one.title for one in results.systems)]
    rows = [
        [
            info.name,
            {True: "higher", False: "lower", None: UNDEFINED}[info.higher_is_better],
            *(_measured(results, one.measures.get(info.name), info) for one in results.systems),
        ]
        for info in results.measures
    ]
    caption = f"Every measure of every system: mean ({_level(results)} interval)"
    parts.append(table(caption, heads, rows))
    parts.append(
        table(
            "Share of the catalogue that stands in some profile's first five",
            ["System", "Catalogue coverage"],
            [
                [one.title, number(one.catalogue_coverage, shown(one.catalogue_coverage))]
                for one in results.systems
            ],
        )
    )
    parts.append(
        table(
            "The systems",
            ["System", "Name", "Kind", "What it is", "Encoder", "Settings"],
            [
                [
                    one.title,
                    one.name,
                    one.kind,
                    one.description,
                    one.encoder or UNDEFINED,
                    _code(one.config_hash),
                ]
                for one in results.systems
            ],
        )
    )
    return section("systems", "Systems and measures", *parts)


def _measured(results: Results, value: Value | None, info: MeasureInfo) -> Child:
    """Mean and interval, and the number of profiles where it is not that of all."""
    if value is None:
        return UNDEFINED
    whole = cell(value, decimals(info))
    if value.profiles == results.collection.profiles:
        return whole
    return join([whole, element("small", f"n {value.profiles}")], " ")


def _code(hash: str | None) -> Child:
    return UNDEFINED if hash is None else element("code", hash)


def _systems_chart(results: Results, primary: MeasureInfo) -> Html:
    rows = []
    for one in results.systems:
        value = one.measures.get(primary.name)
        if value is not None:
            rows.append(_row(one.title, value, one.name == results.first.name))
    return interval_chart(
        rows,
        key="chart-systems",
        title=f"{primary.title} by system",
        description="; ".join(f"{row.label} {shown(row.value)}" for row in rows)
        + ". The same numbers, with their intervals, stand in the table of every measure.",
        axis=f"{primary.name}, mean and {_level(results)} interval",
    )


def _row(label: str, value: Value, emphasis: bool = False) -> Row:
    if value.interval is None:
        return Row(label, value.mean, emphasis=emphasis)
    return Row(label, value.mean, value.interval.low, value.interval.high, emphasis)


def measures(results: Results) -> Html:
    """What each measure is, and where its definition comes from."""
    rows = [
        [
            info.name,
            info.title,
            info.formula,
            _DIRECTION[info.higher_is_better],
            info.source,
        ]
        for info in results.measures
    ]
    heads = ["Measure", "Title", "Definition", "Reading", "Source"]
    return section("measures", "Definitions of the measures", table("Measures", heads, rows))


def comparisons(results: Results) -> Html | None:
    """Paired differences, with the share of profiles won, tied and lost."""
    if not results.comparisons:
        return None
    parts: list[Child] = [
        element(
            "p",
            "Differences are paired by profile. p is two-sided, from a randomisation that swaps "
            "the two systems within profiles; Holm's correction is over all "
            f"{len(results.comparisons)} comparisons of this report.",
        )
    ]
    primary = primary_measure(results)
    drawn = [one for one in results.comparisons if primary and one.measure == primary.name]
    if primary is not None and drawn:
        rows = [
            Row(
                f"{one.system} − {one.against}",
                one.difference,
                one.interval.low,
                one.interval.high,
            )
            for one in drawn
        ]
        parts.append(
            interval_chart(
                rows,
                key="chart-comparisons",
                title=f"Differences in {primary.title}",
                description="; ".join(f"{row.label} {shown_signed(row.value)}" for row in rows)
                + ". The same numbers stand in the table of comparisons.",
                axis=f"difference in {primary.name}, {_level(results)} interval",
                reference=0.0,
                signed=True,
            )
        )
    heads = ["Measure", "System", "Against", "Difference", "Interval", "p", "p (Holm)"]
    heads += ["Wins", "Ties", "Losses", "Profiles"]
    rows_of_table = []
    for one in results.comparisons:
        places = decimals(info_of(results, one.measure))
        rows_of_table.append(
            [
                one.measure,
                title_of(results, one.system),
                title_of(results, one.against),
                number(one.difference, shown_signed(one.difference, places)),
                shown_interval(one.interval, places, signed=True),
                number(one.p, shown_p(one.p)),
                number(one.p_holm, shown_p(one.p_holm)),
                str(one.wins),
                str(one.ties),
                str(one.losses),
                str(one.profiles),
            ]
        )
    caption = f"Comparisons: system minus the other, mean with {_level(results)} interval"
    parts.append(table(caption, heads, rows_of_table, row_heads=3))
    return section("comparisons", "Comparisons", *parts)


def slices(results: Results) -> Html | None:
    """Who is served how well: the first system, plotted and tabled, then every system."""
    if not results.slices and not results.withheld:
        return None
    minimum = results.provenance.slice_min
    parts: list[Child] = [
        element(
            "p",
            f"A slice is shown from {minimum} profiles on. The many slices are not corrected for "
            "their number: an interval that lies apart from the rest is a reason to look, not a "
            "finding.",
        )
    ]
    primary = primary_measure(results)
    first = results.first
    if primary is not None:
        own = [
            one
            for one in results.slices
            if one.system == first.name and one.measure == primary.name
        ]
        if own:
            parts.append(_slices_chart(results, primary, own))
    for measure in dict.fromkeys(one.measure for one in results.slices):
        parts.append(_slices_table(results, measure))
    if results.withheld:
        parts.append(
            table(
                f"Slices of fewer than {minimum} profiles: no numbers are shown",
                ["Slice", "Profiles"],
                [
                    [slice_label(one.dimension, one.group), str(one.profiles)]
                    for one in results.withheld
                ],
            )
        )
    return section("slices", "Slices: for whom it works", *parts)


def _slices_chart(results: Results, primary: MeasureInfo, own: Sequence[Slice]) -> Html:
    worst = next(
        (
            one.worst
            for one in results.headline
            if one.measure == primary.name and one.system == results.first.name
        ),
        None,
    )
    rows = [
        Row(
            f"{slice_label(one.dimension, one.group)} ({one.profiles})",
            one.mean,
            one.interval.low,
            one.interval.high,
            worst is not None and (one.dimension, one.group) == (worst.dimension, worst.group),
        )
        for one in own
    ]
    whole = results.first.measures.get(primary.name)
    mean = None if whole is None else whole.mean
    return interval_chart(
        rows,
        key="chart-slices",
        title=f"{primary.title} of {results.first.title} by slice",
        description="; ".join(f"{row.label} {shown(row.value)}" for row in rows)
        + f". The mean over all profiles is {shown(mean)}; the tables below hold the intervals.",
        axis=f"{primary.name}; dashed: mean over all profiles; strong: worst slice",
        reference=mean,
    )


def _slices_table(results: Results, measure: str) -> Html:
    info = info_of(results, measure)
    places = decimals(info)
    found = {
        (one.dimension, one.group, one.system): one
        for one in results.slices
        if one.measure == measure
    }
    shown_systems = [
        one for one in results.systems if any(one.name == system for _, _, system in found)
    ]
    rows = []
    for dimension, group in dict.fromkeys((key[0], key[1]) for key in found):
        of_first = next(one for key, one in found.items() if key[:2] == (dimension, group))
        row: list[Child] = [slice_label(dimension, group), str(of_first.profiles)]
        for system in shown_systems:
            one = found.get((dimension, group, system.name))
            if one is None:
                row.append(UNDEFINED)
            else:
                value = Value(mean=one.mean, interval=one.interval, profiles=one.profiles)
                row.append(cell(value, places))
        first = found.get((dimension, group, results.first.name))
        rest = None if first is None else first.rest
        row.append(number(rest, shown(rest, places)))
        rows.append(row)
    heads = ["Slice", "Profiles", *(one.title for one in shown_systems)]
    heads.append(f"{results.first.title}, all others")
    caption = f"{info.title} ({measure}) by slice: mean ({_level(results)} interval)"
    return table(caption, heads, rows)


def ablations(results: Results) -> Html | None:
    """What one change does to the first system."""
    if not results.ablations:
        return None
    parts: list[Child] = [
        element(
            "p",
            f"{results.first.title} with one thing changed. A difference below 0 in a measure "
            "where higher is better means that the thing earned its place.",
        )
    ]
    primary = primary_measure(results)
    if primary is not None:
        rows = [
            _row(one.name, one.differences[primary.name])
            for one in results.ablations
            if primary.name in one.differences
        ]
        if rows:
            parts.append(
                interval_chart(
                    rows,
                    key="chart-ablations",
                    title=f"Change of {primary.title} when one thing is changed",
                    description="; ".join(f"{row.label} {shown_signed(row.value)}" for row in rows)
                    + ". The same numbers stand in the tables of ablations.",
                    axis=f"difference in {primary.name}, {_level(results)} interval",
                    mark="bar",
                    reference=0.0,
                    signed=True,
                )
            )
    for kind, group in groupby(results.ablations, key=lambda one: one.kind):
        parts.append(_ablations_table(results, _KINDS[kind], list(group)))
    return section("ablations", "Ablations and sensitivity", *parts)


def _ablations_table(results: Results, title: str, group: Sequence[Ablation]) -> Html:
    named = {name for one in group for name in one.measures}
    infos = [info for info in results.measures if info.name in named]
    heads = ["Change", *(head for info in infos for head in (info.name, "Difference"))]
    rows = []
    for one in group:
        row: list[Child] = [one.name]
        for info in infos:
            value, moved = one.measures.get(info.name), one.differences.get(info.name)
            row.append(_measured(results, value, info))
            row.append(UNDEFINED if moved is None else cell(moved, decimals(info), signed=True))
        rows.append(row)
    return table(f"{title}: measures and their difference from the first system", heads, rows)


def calibration(results: Results) -> Html | None:
    """What came true of the confidence that was shown."""
    shown_by = [one for one in results.systems if one.calibration]
    if not shown_by:
        return None
    parts: list[Child] = [
        element(
            "p",
            "A confidence is honest when more comes true of “good” than of “weak”, and when "
            "“none” is shown where nothing suitable exists.",
        )
    ]
    for number_of, system in enumerate(shown_by):
        rows = [
            _row(f"{one.confidence} ({one.profiles} profiles)", one.suitable_in_top_five)
            for one in system.calibration
        ]
        if number_of == 0:
            parts.append(
                interval_chart(
                    rows,
                    key="chart-calibration",
                    title=f"Suitable among the first five of {system.title}, by confidence shown",
                    description="; ".join(f"{row.label} {shown(row.value)}" for row in rows)
                    + ". The same numbers stand in the table below.",
                    axis=f"share that is suitable, {_level(results)} interval",
                    mark="bar",
                    bounds=(0.0, 1.0),
                )
            )
        parts.append(
            table(
                f"Calibration of the confidence that {system.title} shows",
                [
                    "Confidence",
                    "Profiles",
                    "Suitable of the first five",
                    "Three or more suitable",
                    "Something suitable exists",
                ],
                [
                    [
                        one.confidence,
                        str(one.profiles),
                        cell(one.suitable_in_top_five, 3),
                        cell(one.three_suitable, 3),
                        cell(one.any_suitable_exists, 3),
                    ]
                    for one in system.calibration
                ],
            )
        )
    return section("calibration", "Calibration of the confidence", *parts)


def exposure(results: Results) -> Html | None:
    """Which activities are shown, against which merit it."""
    shown_by = [one for one in results.systems if one.exposure]
    if not shown_by:
        return None
    names = ("of feasible", "of suitable", "of exposure given")
    parts: list[Child] = [
        element(
            "p",
            "A place at rank r gives the exposure 1 / log2(1 + r). A ratio below 1 means that the "
            "group is shown less than its suitable activities merit.",
        )
    ]
    for number_of, system in enumerate(shown_by):
        if number_of == 0:
            rows = [
                SeriesRow(
                    f"{_EXPOSURE[one.dimension]}: {one.group}",
                    (one.feasible_share, one.suitable_share, one.exposure_share),
                )
                for one in system.exposure
            ]
            parts.append(
                series_chart(
                    rows,
                    [f"share {name}" for name in names],
                    key="chart-exposure",
                    title=f"Exposure that {system.title} gives, against merit",
                    description="; ".join(
                        f"{row.label}: "
                        + ", ".join(
                            f"{shown(value)} {name}"
                            for name, value in zip(names, row.values, strict=True)
                        )
                        for row in rows
                    )
                    + ". The same numbers stand in the table below.",
                    axis="share",
                )
            )
        heads = ["Group", "Activities", *(f"Share {name}" for name in names), "Ratio"]
        parts.append(
            table(
                f"Exposure that {system.title} gives",
                heads,
                [
                    [
                        f"{_EXPOSURE[one.dimension]}: {one.group}",
                        str(one.activities),
                        *(
                            number(value, shown(value))
                            for value in (
                                one.feasible_share,
                                one.suitable_share,
                                one.exposure_share,
                                one.ratio,
                            )
                        ),
                    ]
                    for one in system.exposure
                ],
            )
        )
    return section("exposure", "Exposure of providers", *parts)


def changes(results: Results) -> Html | None:
    """The profiles that differ most between two systems, with both lists."""
    if not results.changes:
        return None
    intro = element(
        "p",
        "Grade is the judged relevance of meaning, 0 to 3; “not judged” counts as not relevant. "
        "The profiles are synthetic.",
    )
    return section(
        "changes",
        "Profiles that changed most",
        intro,
        *(_change(results, one) for one in results.changes),
    )


def _change(results: Results, change: Change) -> Html:
    places = decimals(info_of(results, change.measure))
    sides = (
        (change.system, change.value, change.suggestions),
        (change.against, change.against_value, change.against_suggestions),
    )
    tables = [
        table(
            join(
                [
                    f"{title_of(results, name)}, {change.profile_id}: {change.measure} ",
                    number(value, shown(value, places)),
                ]
            ),
            ["Rank", "Activity", "Grade", "Limits broken", "Limits unknown"],
            [_placed(rank, one) for rank, one in enumerate(placed, start=1)],
        )
        for name, value, placed in sides
    ]
    return element(
        "article",
        element("h3", f"Profile {change.profile_id}"),
        element("blockquote", change.profile_text),
        element("div", *tables, class_="pair"),
    )


def _placed(rank: int, one: Placed) -> list[Child]:
    return [
        str(rank),
        join([element("bdi", one.title), " ", element("small", one.activity_id)]),
        "not judged" if one.grade is None else str(one.grade),
        ", ".join(one.broken_limits) or "none",
        ", ".join(one.unknown_limits) or "none",
    ]


def collection(results: Results) -> Html:
    """What was judged, how much, and how far two passes agree."""
    whole = results.collection
    facts: list[tuple[str, Child]] = [
        ("Collection", whole.name),
        ("Part", whole.split),
        ("Profiles", str(whole.profiles)),
        ("Profiles with something suitable", str(whole.answerable)),
        ("Judgements", str(whole.judgements)),
        (
            "Judgements per profile",
            number(whole.judgements_per_profile, shown(whole.judgements_per_profile, 1)),
        ),
    ]
    facts += [
        (f"Judgements of grade {grade}", str(count))
        for grade, count in whole.judgements_by_grade.items()
    ]
    facts += [
        (
            "Agreement of two passes (quadratically weighted κ)",
            join([number(whole.kappa, shown(whole.kappa)), f" over {whole.kappa_pairs} pairs"]),
        ),
        ("Hash", _code(whole.hash)),
    ]
    return section("collection", "The collection", _facts("The judged collection", facts))


def provenance(results: Results) -> Html:
    """What has to be the same for these numbers to come out again."""
    made = results.provenance
    facts: list[tuple[str, Child]] = [
        ("Catalogue", f"{made.catalogue_id}, {made.activities} activities"),
        ("Catalogue hash", _code(made.catalogue_hash)),
        ("Settings hash", _code(made.config_hash)),
        ("Encoder", made.encoder),
        ("Matched for the day", made.on),
        ("Computed on", made.computed),
        ("Seed", str(made.seed)),
        ("Bootstrap resamples", str(made.resamples)),
        ("Level of intervals", _level(results)),
        ("Least size of a slice", str(made.slice_min)),
    ]
    facts += [(f"Version of {name}", version) for name, version in made.versions.items()]
    if made.command:
        facts.append(("Command", _code(made.command)))
    return section("provenance", "How to make these numbers again", _facts("Provenance", facts))


def _facts(caption: str, facts: Iterable[tuple[str, Child]]) -> Html:
    return table(caption, ["What", "Value"], [[name, value] for name, value in facts])


def notes(results: Results) -> Html | None:
    """What a reader must know beside the numbers."""
    if not results.notes:
        return None
    return section("notes", "Notes", element("ul", *(element("li", one) for one in results.notes)))


def how_to_read(results: Results) -> Html:
    """A page for readers who did not make the report."""
    made = results.provenance
    lines = [
        "Every number is first computed for each profile and then averaged over profiles. "
        "A profile that a system gave no suggestion counts as 0 wherever 0 is the worst value.",
        f"Numbers in brackets are {made.level:.0%} percentile bootstrap intervals over profiles "
        f"({made.resamples} resamples, seed {made.seed}). They hold the chance in who was asked, "
        "not the chance in who judged.",
        f"A number is over all {results.collection.profiles} profiles unless n says otherwise.",
        f"{UNDEFINED} means undefined: there was no profile to average over. It is not zero.",
        "Relevance is that of meaning alone, graded 0 to 3. Limits such as distance, price and "
        "access are judged apart, by the facts that an activity states.",
        "An activity that nobody judged counts as not relevant. Judged@10 says how often that "
        "happens; a system that did not add to the pool is at a disadvantage there.",
        "The mean hides who is served worst: read the worst slice beside it.",
        "The profiles are synthetic. The numbers compare systems; they are no clinical evidence "
        "and say nothing on whether a person goes, or is helped.",
    ]
    return section(
        "reading", "How to read this", element("ul", *(element("li", one) for one in lines))
    )
