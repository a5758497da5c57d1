"""When an activity meets, out of prose."""

from __future__ import annotations

import pytest

from spmatch.prose import read_facts

When = tuple[str | None, str | None, str | None, str]


def sessions_in(text: str, language: str) -> list[When]:
    """Day, start, end and rhythm of each session that a text states."""
    return [
        (one.day, one.start, one.end, one.every)
        for fact in read_facts(text, language)
        if isinstance(fact.value, tuple)
        for one in fact.value
    ]


@pytest.mark.parametrize(
    ("language", "text", "session"),
    [
        ("da", "Hver tirsdag kl. 10-12.", ("tue", "10:00", "12:00", "week")),
        ("da", "Tirsdage 13-15.", ("tue", "13:00", "15:00", "week")),
        ("da", "onsdag kl 9:30 - 11:30", ("wed", "09:30", "11:30", "week")),
        ("da", "Vi mødes kl. 14 på biblioteket hver mandag.", ("mon", "14:00", None, "week")),
        ("da", "Torsdag i ulige uger kl. 19-21.30", ("thu", "19:00", "21:30", "two_weeks")),
        ("da", "Hver anden onsdag kl. 16-18.", ("wed", "16:00", "18:00", "two_weeks")),
        ("da", "Første onsdag i måneden kl. 19.", ("wed", "19:00", None, "month")),
        ("da", "Kor hver torsdag aften.", ("thu", None, None, "week")),
        ("da", "Mandage kl. 10-12, ingen tilmelding.", ("mon", "10:00", "12:00", "week")),
        ("en", "Tuesdays 10am-12", ("tue", "10:00", "12:00", "week")),
        ("en", "Wednesdays, 1-3pm", ("wed", "13:00", "15:00", "week")),
        ("en", "Every Wednesday 11.30am - 1pm", ("wed", "11:30", "13:00", "week")),
        ("en", "Fridays 11-1pm", ("fri", "11:00", "13:00", "week")),
        ("en", "Thursday evenings 7-9", ("thu", "19:00", "21:00", "week")),
        ("en", "Mondays 18:00-19:30", ("mon", "18:00", "19:30", "week")),
        ("en", "Alternate Fridays from 10am to noon", ("fri", "10:00", "12:00", "two_weeks")),
        ("en", "Last Thursday of the month, 7.30pm.", ("thu", "19:30", None, "month")),
        ("en", "Sundays at 11.", ("sun", "11:00", None, "week")),
    ],
)
def test_a_session_is_read(language: str, text: str, session: When) -> None:
    assert sessions_in(text, language) == [session]


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("da", "Vi synger hver mandag og onsdag kl. 13-15.", "mon wed"),
        ("da", "Klubben er der man., ons. og fre. kl. 15-21.", "mon wed fri"),
        ("da", "Man-tors kl. 9-12.", "mon tue wed thu"),
        ("en", "mon & wed 7-8.30pm", "mon wed"),
        ("en", "Mon-Fri 9:30-11:30", "mon tue wed thu fri"),
    ],
)
def test_days_that_share_a_time_are_read(language: str, text: str, days: str) -> None:
    assert [day for day, *_ in sessions_in(text, language)] == days.split()


def test_days_with_times_of_their_own_keep_them() -> None:
    assert sessions_in("Tirsdage kl. 10-12 og torsdage kl. 14-16.", "da") == [
        ("tue", "10:00", "12:00", "week"),
        ("thu", "14:00", "16:00", "week"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Telefontid mandag og onsdag kl. 9-11."),
        ("da", "Kontoret har åbent mandag-torsdag kl. 9-14."),
        ("da", "Tilmelding senest torsdag kl. 12."),
        ("da", "Bussen kører hver fredag kl. 9.15."),
        ("da", "Lørdag den 14. marts kl. 13-15."),
        ("da", "Torsdag d. 12/3 kl. 19."),
        ("da", "Vi ses på torsdag kl. 15."),
        ("da", "Vi mødes ikke om mandagen."),
        ("da", "1. og 3. onsdag i måneden kl. 19."),
        ("da", "Hver tredje torsdag kl. 16."),
        ("da", "Tirsdagsholdet har eksisteret i 20 år."),
        ("da", "Mandag: lukket."),
        ("da", "Telefontid:\nmandag kl. 9-11"),
        ("da", "Nu er jeg glad og kommer hver onsdag."),
        ("en", "Our office is open Monday to Friday 9am-5pm."),
        ("en", "The last bus leaves at 9.40pm on Fridays."),
        ("en", "Saturday 14 March, 1-3pm: open day."),
        ("en", "Join us this Friday at 6pm."),
        ("en", "Every second Tuesday of the month, 6-8pm"),
        ("en", "Tuesdays 2-4"),
        ("en", "Bingo every Friday from 7.30!"),
        ("en", "Mondays in May, 7pm"),
        ("en", "Monday Club members went to Whitby."),
        ("en", '"See you Monday at 7pm," she said.'),
    ],
)
def test_other_times_are_no_sessions(language: str, text: str) -> None:
    assert sessions_in(text, language) == []


def test_a_house_number_is_no_time() -> None:
    assert sessions_in("Hver tirsdag kl. 19-21 på Nørregade 18-20.", "da") == [
        ("tue", "19:00", "21:00", "week")
    ]


def test_one_day_in_two_rhythms_is_none() -> None:
    assert sessions_in("Mandage kl. 10-12. Hver anden mandag kl. 10-12.", "da") == []
