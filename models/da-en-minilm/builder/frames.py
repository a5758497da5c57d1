"""Sentence frames for lists of words: the same open place in Danish and in English."""

from __future__ import annotations

__all__ = ["FRAMES"]

_TABLE = """
Vi tilbyder {}.	We offer {}.
Tilbud om {}.	Offers of {}.
Her kan du finde {}.	Here you can find {}.
Jeg har brug for hjælp med {}.	I need help with {}.
Hun leder efter noget med {}.	She is looking for something with {}.
Han savner {}.	He misses {}.
Vi taler om {}.	We talk about {}.
Alle er velkomne: {}.	Everyone is welcome: {}.
Foreningen arbejder med {}.	The association works with {}.
Hver uge er der {}.	Every week there is {}.
Patienten fortæller om {}.	The patient talks about {}.
Borgeren ønsker {}.	The citizen wants {}.
Hendes problemer er {}.	Her problems are {}.
Hans interesser er {}.	His interests are {}.
Det handler om {}.	It is about {}.
Et hold for dem, der kender til {}.	A group for those who know about {}.
For mennesker, der tænker på {}.	For people who think about {}.
I kommunen er der også {}.	In the municipality there is also {}.
Kom og vær med til {}.	Come and join in {}.
Emner: {}.	Topics: {}.
Jeg kan godt lide {}.	I like {}.
Jeg kan ikke lide {}.	I don't like {}.
Lægen spørger til {}.	The doctor asks about {}.
Efter {} føler hun sig alene.	After {} she feels alone.
Min mor taler tit om {}.	My mother often talks about {}.
Der er gratis {} om torsdagen.	There is free {} on Thursdays.
Vi mødes og deler {}.	We meet and share {}.
Frivillige står for {}.	Volunteers are in charge of {}.
"""

FRAMES: tuple[tuple[str, str], ...] = tuple(
    (danish, english)
    for danish, _, english in (line.partition("\t") for line in _TABLE.strip().splitlines())
)
"""(Danish, English), each with one ``{}``."""
