"""A report as a whole: several sources, duplicates, problems, and its published form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reported import CHOIR, EQUAL, GARDEN, ON, PHONE, TOWN, YOGA, quality_of, report_of

from making import make_activity
from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.quality import QualityReport, SourceResult, build_report, merged
from spmatch.quality.problem_groups import group_problems
from spmatch.quality.records import Part
from spmatch.quality.report_schema import FILE, schema_text

# Several sources


def test_all_sources_together_hold_each_id_once() -> None:
    sources = [SourceResult("a", [CHOIR, YOGA]), SourceResult("b", [CHOIR, GARDEN])]
    report = build_report(sources, ON, usage=EQUAL)
    assert [one.activities for one in report.sources] == [2, 2]
    assert report.whole.activities == 3


def test_an_id_of_two_sources_is_reported() -> None:
    _, problems = merged([SourceResult("a", [CHOIR]), SourceResult("b", [CHOIR])])
    assert [(one.where, one.reason) for one in problems] == [("b", "choir is used more than once.")]


def test_the_first_activity_of_an_id_is_kept() -> None:
    other = make_activity("choir", title="Another")
    kept, _ = merged([SourceResult("a", [CHOIR]), SourceResult("b", [other])])
    assert kept == (CHOIR,)


def test_problems_of_all_sources_are_counted_together() -> None:
    fault = Problem("x", "", "It is bad.", "Mend it.")
    sources = [SourceResult("a", [CHOIR], [fault]), SourceResult("b", [CHOIR], [fault])]
    report = build_report(sources, ON, usage=EQUAL)
    rejected = report.whole.problems.effects[0]
    assert (rejected.effect, rejected.problems) == ("rejected", 3)


def test_the_order_of_activities_changes_nothing() -> None:
    assert quality_of(*TOWN) == quality_of(*reversed(TOWN))


# Duplicates


def folded(kept: Activity, *others: Activity) -> Activity:
    return kept.model_copy(update={"folded": others})


def test_duplicates_that_nobody_looked_for_are_not_counted_as_none() -> None:
    assert not quality_of(*TOWN).duplicates.looked_for


def test_a_folded_catalogue_without_groups_was_looked_through() -> None:
    found = report_of(*TOWN, catalogue=TOWN).whole.duplicates
    assert (found.looked_for, found.groups, found.records) == (True, 0, Part.make(0, 4))


def test_a_group_is_counted_with_its_records() -> None:
    found = report_of(*TOWN, catalogue=[folded(CHOIR, YOGA), GARDEN, PHONE]).whole.duplicates
    assert (found.groups, found.records, found.spare) == (1, Part.make(2, 4), 1)


def test_a_record_as_it_was_before_it_was_filled_in_is_no_duplicate() -> None:
    found = report_of(*TOWN, catalogue=[folded(CHOIR, CHOIR, YOGA), GARDEN, PHONE]).whole.duplicates
    assert found.largest[0].folded == ("yoga",)


def test_a_group_of_two_sources_counts_for_both() -> None:
    sources = [SourceResult("a", [CHOIR, GARDEN]), SourceResult("b", [YOGA])]
    report = build_report(sources, ON, catalogue=[folded(CHOIR, YOGA), GARDEN], usage=EQUAL)
    counted = [(one.duplicates.records, one.duplicates.spare) for one in report.sources]
    assert counted == [(Part.make(1, 2), 0), (Part.make(1, 1), 1)]


def test_all_sources_together_are_the_folded_catalogue() -> None:
    report = report_of(*TOWN, catalogue=[folded(CHOIR, YOGA), GARDEN, PHONE])
    assert report.whole.activities == 3


# Problems


def problem(where: str, reason: str, effect: str = "rejected", field: str = "") -> Problem:
    return Problem(where, field, reason, "Mend it.", effect)  # type: ignore[arg-type]


def test_problems_that_differ_in_a_value_are_one_group() -> None:
    found = group_problems(
        [problem("1", "latitude 91.5 is too high."), problem("2", "latitude 99 is too high.")]
    )
    assert [(one.reason, one.count) for one in found.groups] == [("latitude … is too high.", 2)]


def test_a_problem_that_stands_alone_is_shown_as_it_is() -> None:
    found = group_problems([problem("1", "latitude 91.5 is too high.")])
    assert found.groups[0].reason == "latitude 91.5 is too high."


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ('"soon" is no date.', '"later" is no date.', "… is no date."),
        ("'dkr' is no currency.", "'kr' is no currency.", "… is no currency."),
        (
            "kor is used more than once.",
            "dans is used more than once.",
            "… is used more than once.",
        ),
        (
            "it begins at 25:00, too late.",
            "it begins at 26:00, too late.",
            "it begins at …, too late.",
        ),
    ],
)
def test_values_are_what_is_quoted_or_holds_a_digit(one: str, other: str, shown: str) -> None:
    (group,) = group_problems([problem("1", one), problem("2", other)]).groups
    assert group.reason == shown


def test_an_apostrophe_is_no_quotation() -> None:
    (group,) = group_problems(
        [
            problem("1", "the provider's town isn't known."),
            problem("2", "the provider's town isn't known."),
        ]
    ).groups
    assert group.reason == "the provider's town isn't known."


def test_the_same_field_of_several_sessions_is_one_group() -> None:
    found = group_problems(
        [
            problem("1", "bad.", field="sessions.0.start"),
            problem("1", "bad.", field="sessions.7.start"),
        ]
    )
    assert [(one.field, one.count) for one in found.groups] == [("sessions.start", 2)]


def test_problems_of_another_effect_are_another_group() -> None:
    found = group_problems([problem("1", "bad."), problem("2", "bad.", "mended")])
    assert [(one.effect, one.count) for one in found.groups] == [("rejected", 1), ("mended", 1)]


def test_rejected_problems_come_first_and_then_the_most_frequent() -> None:
    notes = [problem(str(n), "often.", "note") for n in range(3)]
    found = group_problems([problem("1", "rarely.", "note"), *notes, problem("1", "out.")])
    assert [one.reason for one in found.groups] == ["out.", "often.", "rarely."]


def test_the_first_three_places_are_named_once_each() -> None:
    found = group_problems([problem(where, "bad.") for where in "aabcd"])
    assert found.groups[0].first == ("a", "b", "c")


def test_effects_are_counted_by_problem_and_by_place() -> None:
    found = group_problems([problem("1", "a."), problem("1", "b."), problem("2", "a.", "note")])
    counted = [(one.effect, one.problems, one.places) for one in found.effects]
    assert counted == [("rejected", 2, 1), ("mended", 0, 0), ("note", 1, 1)]


# The published form


def test_a_report_is_read_back_as_it_was_written() -> None:
    report = report_of(*TOWN)
    assert QualityReport.model_validate_json(report.model_dump_json()) == report


def test_a_report_of_nothing_is_json() -> None:
    json.loads(report_of().model_dump_json())
    json.dumps(report_of().model_dump(mode="json"), allow_nan=False)


def test_the_schema_beside_the_records_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text()


# What always holds

FACTS = st.fixed_dictionaries(
    {},
    optional={
        "place": st.sampled_from(
            [{"lat": 57.0, "lon": 9.9}, {"postcode": "9000"}, {"town": "Aalborg"}]
        ),
        "delivery": st.sampled_from(["in_person", "online", "hybrid", "home_visit", "phone"]),
        "cost": st.sampled_from([{"amount": 0}, {"amount": 5}, {"note": "?"}]),
        "sessions": st.lists(
            st.sampled_from([{"day": "mon"}, {"start": "10:00"}, {"until": "2020-01-01"}]),
            max_size=2,
        ),
        "access": st.dictionaries(st.sampled_from(["lift", "step_free"]), st.booleans()),
        "gender": st.sampled_from(["any", "women", "men"]),
        "verified_on": st.dates().map(str),
        "provider": st.sampled_from([{"name": "Hall"}, {"name": "Hall", "phone": "1"}]),
    },
)


@given(st.lists(FACTS, max_size=6))
def test_counts_add_up(rows: list[dict[str, object]]) -> None:
    one = quality_of(*(make_activity(f"a{n}", **facts) for n, facts in enumerate(rows)))
    for found in (one.placing, one.staleness):
        parts = found.model_dump()
        parts.pop("ended", None)
        assert sum(part["count"] for part in parts.values()) == len(rows)
    assert all(share.met + share.not_met + share.unknown == len(rows) for share in one.limits)


@given(st.lists(FACTS, max_size=6))
def test_no_more_is_settled_than_is_open(rows: list[dict[str, object]]) -> None:
    one = quality_of(*(make_activity(f"a{n}", **facts) for n, facts in enumerate(rows)))
    unknown = sum(share.unknown for share in one.limits)
    assert sum(asked.decisions for asked in one.questions) <= unknown
    assert sum(call.decisions for call in one.calls) <= unknown
