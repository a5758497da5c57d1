"""How one takes part, out of prose."""

from __future__ import annotations

import pytest

from spmatch.prose import read_facts


def delivery_in(text: str, language: str) -> object:
    """The way of taking part that a text states, or ``None``."""
    return {fact.field: fact.value for fact in read_facts(text, language)}.get("delivery")


@pytest.mark.parametrize(
    ("language", "text", "delivery"),
    [
        ("da", "Vi mødes på Zoom.", "online"),
        ("da", "Online gruppe for pårørende.", "online"),
        ("da", "Samtalerne foregår over telefonen.", "phone"),
        ("da", "En frivillig besøger dig i dit hjem.", "home_visit"),
        ("da", "Holdet foregår både fysisk og online.", "hybrid"),
        ("en", "An online support group.", "online"),
        ("en", "The choir meets online via Teams.", "online"),
        ("en", "Telephone befriending.", "phone"),
        ("en", "We come to your home.", "home_visit"),
        ("en", "Meet in person or join on Zoom.", "hybrid"),
    ],
)
def test_the_way_of_taking_part_is_read(language: str, text: str, delivery: str) -> None:
    assert delivery_in(text, language) == delivery


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Tilmelding foregår online."),
        ("da", "Book en tid online."),
        ("da", "Vi lærer dig at bruge Zoom."),
        ("da", "Hvis vejret er dårligt, mødes vi på Zoom."),
        ("da", "Foredraget optages og kan ses online bagefter."),
        ("en", "Sign up online."),
        ("en", "Use the zoom lens."),
        ("en", "Learn to chat on Zoom."),
        ("en", "Sometimes we meet online."),
        ("en", "Watch our talks online."),
    ],
)
def test_other_things_online_say_nothing_of_it(language: str, text: str) -> None:
    assert delivery_in(text, language) is None
