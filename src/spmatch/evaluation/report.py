"""The report: one HTML file that needs nothing else, for the screen and for paper.

Nothing in it is loaded from outside, and its security policy forbids it. It depends on the results
alone: the same results give the same bytes.
"""

from __future__ import annotations

import re
from pathlib import Path

from spmatch.evaluation.exports import write_tables
from spmatch.evaluation.markup import Html, element, join
from spmatch.evaluation.report_ablations import ablations
from spmatch.evaluation.report_comparisons import changes, comparisons
from spmatch.evaluation.report_groups import calibration, exposure, slices
from spmatch.evaluation.report_head import headline, how_to_read
from spmatch.evaluation.report_provenance import collection, notes, provenance
from spmatch.evaluation.report_systems import measures, systems
from spmatch.evaluation.results import Results
from spmatch.evaluation.summary import write_summary

__all__ = ["render_report", "write_report", "write_summary", "write_tables"]

_STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --quiet: #57606a; --rule: #c9d1d9; --blue: #0b5cad;
  --orange: #b34700; --green: #1a6b3c; --wash: #f4f6f8; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: #fff; color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .6rem; padding-top: .6rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.05rem; margin: 1rem 0 .4rem; }
p, ul { max-width: 46rem; }
a { color: var(--blue); }
nav ul { columns: 14rem 3; padding-left: 1.2rem; max-width: none; }
.lead, small, .quiet { color: var(--quiet); }
.card { border: 1px solid var(--rule); border-radius: 6px; padding: .4rem 1rem 1rem; margin: 1rem 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.2rem; }
.pair > * { min-width: 0; }
.card p { margin: 0; }
.big { font-size: 2.2rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; margin: 1rem 0 1.6rem; }
.wide:focus-visible, a:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 650; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0;
  border-bottom: 1px solid var(--rule); overflow-wrap: break-word; max-width: 28rem; }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: 500; }
td small { white-space: nowrap; }
code { font: .8rem ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
blockquote { margin: .4rem 0; padding: .2rem 1rem; border-left: 4px solid var(--rule);
  background: var(--wash); white-space: pre-line; }
figure { margin: 1rem 0 1.6rem; max-width: 56rem; }
figcaption { font-weight: 650; }
svg { width: 100%; height: auto; font: 12.5px system-ui, "Segoe UI", Roboto, sans-serif; }
svg text { fill: var(--ink); }
svg .label, svg .value { text-anchor: end; }
svg .strong { font-weight: 700; }
svg .tick, svg .axis { text-anchor: middle; fill: var(--quiet); }
svg .grid { stroke: #e3e7eb; }
svg .reference { stroke: var(--ink); stroke-dasharray: 5 4; }
svg .whisker { stroke: var(--ink); stroke-width: 1.4; }
svg .bar { fill: #9cc1e6; stroke: var(--blue); }
svg .bar.strong, svg .first { fill: var(--orange); }
svg .other, svg .series-0 { fill: var(--blue); }
svg .series-1 { fill: var(--orange); }
svg .series-2 { fill: var(--green); }
@media print {
  @page { size: A4; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  nav { display: none; }
  .wide { overflow: visible; }
  table { font-size: 7.5pt; width: 100%; }
  td small { white-space: normal; }
  thead { display: table-header-group; }
  tr, figure, .card, blockquote { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
}
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_report(results: Results, path: Path) -> None:
    """Write the report of ``results`` to the file ``path``, whose folder must exist."""
    path.write_text(render_report(results), encoding="utf-8", newline="\n")


def render_report(results: Results) -> str:
    """The whole page. Sections without anything to show are left out."""
    found = [
        headline(results),
        how_to_read(results),
        systems(results),
        comparisons(results),
        slices(results),
        ablations(results),
        calibration(results),
        exposure(results),
        changes(results),
        measures(results),
        collection(results),
        notes(results),
        provenance(results),
    ]
    shown = [one for one in found if one is not None]
    title = f"Evaluation of {results.first.title} on {results.collection.name}"
    made = results.provenance
    lead = (
        f"{results.collection.profiles} profiles ({results.collection.split} part), "
        f"{made.activities} activities of {made.catalogue_id}, computed on {made.computed}."
    )
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            Html(f"<style>{_STYLE}</style>"),
        ),
        element(
            "body",
            element(
                "header",
                element("h1", title),
                element("p", lead, class_="lead"),
            ),
            _contents(shown),
            element("main", join(shown, "\n")),
        ),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{page.text}\n"


def _contents(shown: list[Html]) -> Html:
    links = []
    for one in shown:
        heading = re.search(r'<h2 id="([a-z-]+)">([^<]*)</h2>', one.text)
        if heading is not None:
            link = element("a", Html(heading[2]), href=f"#{heading[1]}")
            links.append(element("li", link))
    return element("nav", element("ul", *links), aria_label="Contents")
