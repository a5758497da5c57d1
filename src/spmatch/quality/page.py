"""The report as one HTML file that needs nothing else: no script, and nothing loaded from outside."""

from __future__ import annotations

from collections.abc import Callable

from spmatch.evaluation.markup import Child, Html, element, join, table
from spmatch.evaluation.report_parts import section
from spmatch.quality.bars import PATTERNS
from spmatch.quality.blocks import (
    duplicates_of,
    figures_of,
    limits_of,
    number,
    placing_of,
    problems_of,
    prose_of,
    questions_of,
    staleness_of,
    stated_of,
)
from spmatch.quality.records import QualityReport, SourceQuality
from spmatch.quality.references import AGE, COST_A_SESSION, DISTANCE_KM
from spmatch.quality.shown import many, percent
from spmatch.quality.style import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_BLOCKS: tuple[tuple[str, str, Callable[[SourceQuality, str], Html]], ...] = (
    ("ask", "What to ask providers first", lambda one, key: questions_of(one)),
    ("limits", "What can be decided", lambda one, key: limits_of(one)),
    ("stated", "What is stated", lambda one, key: stated_of(one)),
    ("place", "Where activities are placed", placing_of),
    ("checked", "When records were checked", staleness_of),
    ("duplicates", "Records of the same activity", lambda one, key: duplicates_of(one)),
    ("prose", "Facts out of prose", lambda one, key: prose_of(one)),
    ("problems", "Rejected, mended and noted", lambda one, key: problems_of(one)),
)


def to_html(report: QualityReport) -> str:
    """The whole page. The same report gives the same bytes."""
    alone = len(report.sources) == 1
    shown = report.sources if alone else (report.whole, *report.sources)
    keyed = [(f"source-{number}", one) for number, one in enumerate(shown)]
    title = "Quality for matching"
    sources = report.sources[0].name if alone else many(len(report.sources), "source", "sources")
    lead = f"{many(report.whole.activities, 'activity', 'activities')} of {sources}, as of {report.on}."
    parts = [
        *([] if alone else [_overview(report)]),
        *(_source(one, key) for key, one in keyed),
        _how_to_read(),
        _weights(report),
    ]
    links = [
        *([] if alone else [("overview", "Side by side")]),
        *((key, one.name) for key, one in keyed if not alone),
        *((f"{keyed[0][0]}-{name}", heading) for name, heading, _ in _BLOCKS if alone),
        ("read", "How to read this"),
        ("weights", "How limits are weighed"),
    ]
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            Html(f"<style>{STYLE}</style>"),
        ),
        element(
            "body",
            PATTERNS,
            element("header", element("h1", title), element("p", lead, class_="lead")),
            element(
                "nav",
                element(
                    "ul",
                    *(element("li", element("a", text, href=f"#{key}")) for key, text in links),
                ),
                aria_label="Contents",
            ),
            element("main", join(parts, "\n")),
        ),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{page.text}\n"


def _overview(report: QualityReport) -> Html:
    """One row a source, and one for all together."""
    rows: list[tuple[Child, ...]] = []
    for one in (*report.sources, report.whole):
        effects = {count.effect: count.problems for count in one.problems.effects}
        shares = [
            one.decided.weighted_share,
            one.placing.placed.share,
            one.stated("cost").share,
            one.stated("sessions").share,
            one.staleness.within_a_year.share,
        ]
        rows.append(
            (
                one.name,
                number(str(one.activities)),
                *(number(percent(share)) for share in shares),
                *(number(str(effects[effect])) for effect in ("rejected", "mended", "note")),
            )
        )
    heads = (
        *("Source", "Activities", "Decided, weighted", "Placed", "Price", "Session"),
        *("Checked within a year", "Rejected", "Mended", "Noted"),
    )
    return section("overview", "Side by side", table("Sources side by side", heads, rows))


def _source(one: SourceQuality, key: str) -> Html:
    parts = [
        element(
            "section",
            element("h3", heading, id=f"{key}-{name}"),
            block(one, key),
            aria_labelledby=f"{key}-{name} {key}",
        )
        for name, heading, block in _BLOCKS
    ]
    return section(key, one.name, figures_of(one), *parts)


def _how_to_read() -> Html:
    meant = {
        "Decided": "The engine can tell whether the limit is met: met and not met both are "
        "decisions. Unknown means that the record does not state what the limit asks; such an "
        "activity stays in the list and becomes a question.",
        "Reference limits": f"A fixed set that stands for what people ask: {DISTANCE_KM:g} km from "
        f"the centre of the source (the median of its places), {COST_A_SESSION:g} a session in the "
        "currency that it states most often, a person of "
        f"{AGE}, a woman, the language that most of its texts are in, three kinds of time, and "
        "each fact of access and of a first visit. They are judged by the rules that answer real "
        "requests. Whether a limit can be decided depends on what is stated, hardly on the number.",
        "Weight": "How much a decision of a limit counts: how often the example persons need it, "
        "times what the engine takes off a score when it is not stated, as a share of a limit that "
        "everybody needs. Times are asked in three ways, which share one weight.",
        "Would settle": "All open pairs of a limit and an activity that the answers decide, each "
        "counted by the weight of its limit, as a share of all that is open.",
        "Reachable": "The provider states a phone number or an e-mail address.",
        "Not stated": "Nothing is known. It is never taken for no, and says nothing of a provider.",
    }
    pairs = [part for name, text in meant.items() for part in _definition(name, text)]
    return section("read", "How to read this", element("dl", *pairs))


def _definition(name: str, text: str) -> tuple[Html, Html]:
    return element("dt", name), element("dd", text)


def _weights(report: QualityReport) -> Html:
    usage = report.usage
    if usage.kind == "equal":
        said = "Every limit counts the same."
    else:
        said = (
            f"By the use that {many(usage.persons, 'example person makes', 'example persons make')} "
            "of each limit, as something that must be kept, as a wish, or as something that the "
            "activity itself sets. So few persons cannot show what nobody needs: one more is counted "
            "who wishes for everything."
        )
    rows = [
        (
            one.title,
            number(str(one.must)),
            number(str(one.prefer)),
            number(str(one.implied)),
            number(f"{one.weight:.3f}"),
        )
        for one in sorted(usage.limits, key=lambda one: -one.weight)
    ]
    heads = ("Fact", "Must", "Wish", "Set by the activity", "Weight")
    return section(
        "weights",
        "How limits are weighed",
        element("p", said),
        table("Weights", heads, rows),
        element("p", "Settings ", element("code", report.config_hash), class_="quiet"),
    )
