"""A short Markdown summary that can be pasted into a paper: numbers, and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from spmatch.evaluation.results import Results
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
    title_of,
    value_sentence,
    worst_sentence,
)


def write_summary(results: Results, path: Path) -> None:
    """Write the summary of ``results`` to the file ``path``, whose folder must exist."""
    path.write_text(render_summary(results), encoding="utf-8", newline="\n")


def render_summary(results: Results) -> str:
    """The summary: headline with the worst slice, systems, comparisons, method."""
    parts = [
        f"## Evaluation of {_plain(results.first.title)} on {_plain(results.collection.name)}",
        *_headline(results),
        _systems(results),
        _comparisons(results),
        _method(results),
    ]
    if results.notes:
        parts.append("\n".join(f"- {_plain(note)}" for note in results.notes))
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(results: Results) -> list[str]:
    found = []
    for one in results.headline:
        info = info_of(results, one.measure)
        places = decimals(info)
        system = _plain(title_of(results, one.system))
        found.append(
            f"**{_plain(info.name)}** of {system}: {value_sentence(one.value, places)}; "
            f"{_plain(worst_sentence(one.worst, places))}."
        )
    return found


def _systems(results: Results) -> str:
    infos = headline_measures(results)
    rows = []
    for system in results.systems:
        row = [system.title]
        for info in infos:
            value = system.measures.get(info.name)
            if value is None or value.mean is None:
                row.append(UNDEFINED)
            else:
                places = decimals(info)
                interval = f" ({shown_interval(value.interval, places)})" if value.interval else ""
                row.append(f"{shown(value.mean, places)}{interval}")
        rows.append(row)
    return _table(["System", *(info.name for info in infos)], rows)


def _comparisons(results: Results) -> str:
    primary = primary_measure(results)
    found = [one for one in results.comparisons if primary and one.measure == primary.name]
    if primary is None or not found:
        return ""
    places = decimals(primary)
    heads = [f"Difference in {primary.name}", "Mean", "Interval", "p", "p (Holm)"]
    rows = [
        [
            f"{title_of(results, one.system)} − {title_of(results, one.against)}",
            shown_signed(one.difference, places),
            shown_interval(one.interval, places, signed=True),
            shown_p(one.p),
            shown_p(one.p_holm),
            f"{one.wins}/{one.ties}/{one.losses}",
        ]
        for one in found
    ]
    return _table([*heads, "Win/tie/loss"], rows)


def _method(results: Results) -> str:
    made, judged = results.provenance, results.collection
    agreement = (
        ""
        if judged.kappa is None
        else f", quadratically weighted κ {shown(judged.kappa)} over {judged.kappa_pairs} pairs"
    )
    corrected = (
        f" p: two-sided randomisation, Holm-corrected over {len(results.comparisons)} comparisons."
        if results.comparisons
        else ""
    )
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return (
        f"{judged.profiles} synthetic profiles ({judged.split} part), {judged.answerable} with "
        f"something suitable; {judged.judgements} graded judgements{agreement}. "
        f"Catalogue {_plain(made.catalogue_id)}, {made.activities} activities. Means over profiles, "
        f"a profile without suggestions counting as 0; {made.level:.0%} percentile bootstrap "
        f"intervals over profiles ({made.resamples} resamples, seed {made.seed}).{corrected} "
        f"Slices of fewer than {made.slice_min} profiles are not shown. Matched for {made.on}, "
        f"computed {made.computed}; catalogue `{made.catalogue_hash}`, collection "
        f"`{judged.hash}`, settings `{made.config_hash}`, encoder {_plain(made.encoder)}; "
        f"{_plain(versions)}."
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(text if text == "---" else _plain(text) for text in line) + " |"
        for line in lines
    )


def _plain(text: str) -> str:
    """Text without a meaning to Markdown or HTML, on one line."""
    one_line = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", one_line)
