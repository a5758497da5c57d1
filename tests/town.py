"""A town of three activities: one with much stated, one with something, one with little."""

from __future__ import annotations

from making import make_activity, north

CHOIR = make_activity(
    "choir",
    title="Choir for all",
    description="Singing songs together with neighbours. Nobody has to sing well.",
    text_language="en",
    provider={"name": "Culture house", "phone": "+45 00 11 22 33"},
    delivery="in_person",
    place=north(2.2, town="Aalborg", postcode="9000", municipality="0851"),
    cost={"amount": 30, "currency": "DKK", "per": "session"},
    access={"lift": True},
    sessions=[{"day": "tue", "start": "10:00", "end": "12:00"}],
    verified_on="2026-11-01",
    themes=[{"scheme": "own", "code": "music", "label": "Music"}],
    source={"name": "Town list", "licence": "CC-BY-4.0"},
)
GARDEN = make_activity(
    "garden",
    title="Garden",
    description="Growing vegetables outdoors with others.",
    text_language="en",
    provider={"name": "Green club"},
    place=north(8.0, town="Aalborg"),
    cost={"amount": 0},
    access={"lift": False},
    intensity="moderate",
    languages=["en", "da"],
)
DEBT = make_activity(
    "debt/advice",
    title="Debt advice",
    description="Help with rent bills and unpaid loans.",
    text_language="en",
    provider={"name": "Legal aid"},
    place=north(20.0),
)
TOWN = (CHOIR, GARDEN, DEBT)
