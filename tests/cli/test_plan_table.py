"""A weekly plan on a terminal, and its options."""

from __future__ import annotations

import argparse

import pytest

from planning import DKK, at, candidate, plan_of
from spmatch.cli.plan_options import add_plan_options, read_budget
from spmatch.cli.plan_table import print_plan
from spmatch.plan_record import Plan
from spmatch.profile import Budget
from spmatch.wording import ReaderLanguage, wording


def a_week(language: ReaderLanguage = "en") -> Plan:
    return plan_of(
        candidate("a", [0.9, 0, 0, 0], at("wed", "19:00", "21:00"), price=200, per="month"),
        candidate("b", [0, 0.8, 0, 0], at("mon", every="two_weeks"), price=0),
        candidate("c", [0, 0, 0.7, 0], price=None, provider={"name": "Kor\x1b[31m"}),
        language=language,
    )


def printed(plan: Plan, capsys: pytest.CaptureFixture[str], language: ReaderLanguage = "en") -> str:
    print_plan(plan, wording(language))
    return capsys.readouterr().out


def rows(text: str) -> list[list[str]]:
    """The words of each line of the table."""
    return [line.split() for line in text.splitlines()]


def test_a_plan_is_a_row_an_activity(capsys: pytest.CaptureFixture[str]) -> None:
    lines = rows(printed(a_week(), capsys))
    assert "Monday 10:00–12:00 Activity b free two".split() in lines
    assert "Wednesday 19:00–21:00 Activity a about 50 DKK one".split() in lines


def test_a_session_that_is_not_weekly_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "every other week" in printed(a_week(), capsys)


def test_a_total_that_leaves_prices_out_is_at_least(capsys: pytest.CaptureFixture[str]) -> None:
    assert "In all at least 50 DKK a week." in printed(a_week(), capsys)


def test_what_to_ask_is_listed_by_activity(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(a_week(), capsys)
    assert "? Activity c: The price is not clearly stated: ask what it costs." in text
    assert "? Activity c: The times are not fully stated: ask when it meets." in text


def test_notes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "- No activity found clearly answers: four." in printed(a_week(), capsys)


def test_a_plan_is_printed_in_danish(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(a_week("da"), capsys, "da")
    assert "Dag Tid Aktivitet Pris om ugen For".split() in rows(text)
    assert "mandag 10:00–12:00 Activity b gratis two".split() in rows(text)
    assert "I alt mindst 50 DKK om ugen." in text


def test_a_free_week_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(plan_of(candidate("a", [0.9], at("mon"))), capsys)
    assert "All of it is free." in text


def test_an_empty_plan_has_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(plan_of(candidate("a", [0.1], at("mon"))), capsys)
    assert text.splitlines() == [
        "A week",
        "- No week could be put together.",
        "- No activity found clearly answers: one.",
    ]


def test_no_line_is_wider_than_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    long = "Fællesspisning og sang for alle i kvarteret " * 3
    plan = plan_of(candidate("a", [0.9], at("mon"), title=long, provider={"name": long}))
    assert max(map(len, printed(plan, capsys).splitlines())) <= 80


def test_escape_codes_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in printed(a_week(), capsys)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("100", Budget(amount=100)),
        ("100/week", Budget(amount=100)),
        ("99,50 / month", Budget(amount=99.5, per="month")),
        ("300DKK/month", Budget(amount=300, currency=DKK, per="month")),
        ("30 eur", Budget(amount=30, currency="EUR")),
    ],
)
def test_a_budget_is_read(text: str, budget: Budget) -> None:
    assert read_budget(text) == budget


@pytest.mark.parametrize("text", ["", "much", "-5", "100/year", "100 kroner"])
def test_what_is_no_budget_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        read_budget(text)


def test_the_options_are_a_plan_and_its_budget() -> None:
    parser = argparse.ArgumentParser()
    add_plan_options(parser)
    given = parser.parse_args(["--plan", "--budget", "100"])
    assert (given.plan, given.budget) == (True, Budget(amount=100))
    assert parser.parse_args([]).plan is False
