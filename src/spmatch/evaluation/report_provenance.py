"""What the numbers were made from: the judged collection, notes, and how to make them again."""

from __future__ import annotations

from collections.abc import Iterable

from spmatch.evaluation.markup import Child, Html, element, join, table
from spmatch.evaluation.report_parts import code, level, number, section
from spmatch.evaluation.results import Results
from spmatch.evaluation.shown_numbers import shown


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
        ("Hash", code(whole.hash)),
    ]
    return section("collection", "The collection", _facts("The judged collection", facts))


def notes(results: Results) -> Html | None:
    """What a reader must know beside the numbers."""
    if not results.notes:
        return None
    return section("notes", "Notes", element("ul", *(element("li", one) for one in results.notes)))


def provenance(results: Results) -> Html:
    """What has to be the same for these numbers to come out again."""
    made = results.provenance
    facts: list[tuple[str, Child]] = [
        ("Catalogue", f"{made.catalogue_id}, {made.activities} activities"),
        ("Catalogue hash", code(made.catalogue_hash)),
        ("Settings hash", code(made.config_hash)),
        ("Encoder", made.encoder),
        ("Matched for the day", made.on),
        ("Computed on", made.computed),
        ("Seed", str(made.seed)),
        ("Bootstrap resamples", str(made.resamples)),
        ("Level of intervals", level(results)),
        ("Least size of a slice", str(made.slice_min)),
    ]
    facts += [(f"Version of {name}", version) for name, version in made.versions.items()]
    if made.command:
        facts.append(("Command", code(made.command)))
    return section("provenance", "How to make these numbers again", _facts("Provenance", facts))


def _facts(caption: str, facts: Iterable[tuple[str, Child]]) -> Html:
    return table(caption, ["What", "Value"], [[name, value] for name, value in facts])
