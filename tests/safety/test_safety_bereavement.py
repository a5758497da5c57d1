"""Somebody who mourns and wants to be among people, and somebody who wants to be with the dead."""

from __future__ import annotations

import pytest

from spmatch.safety import find_dangers


def topics(text: str, language: str) -> list[str]:
    return [danger.topic for danger in find_dangers(text, language)]


KIN = (
    "mands kones hustrus ægtefælles samlevers kærestes mors fars søsters brors søns datters vens "
    "venindes"
).split()


@pytest.mark.parametrize("whose", ["min", "sin", "hans", "hendes", "vores"])
@pytest.mark.parametrize("kin", KIN)
def test_danish_grief_with_a_wish_is_no_danger(kin: str, whose: str) -> None:
    assert topics(f"Ensom efter {whose} {kin} død, vil gerne synge.", "da") == []


@pytest.mark.parametrize(
    "text",
    [
        "Sorg efter min kones død, vil gerne gå ture.",
        "Efter sin mands død vil hun gerne ud blandt folk.",
        "Efter min elskede mands død vil jeg snart i gang igen.",
        "Efter min søns død vil jeg gerne møde andre forældre.",
        "Jeg er alene efter min kones død og skal have noget at stå op til.",
        "Efter min mands død vil jeg gerne være hos min datter i weekenden.",
        "Efter min mands død vil jeg gerne hen til min søster om søndagen.",
        "Min kone er begravet i maj. Jeg vil gerne flytte op til min søn.",
        "Efter min fars død vil jeg gerne være mere sammen med min mor.",
        "Efter min kones død vil jeg gerne passe hendes grav.",
        "Efter min mands død længes jeg efter ham.",
        "Vil gerne besøge min afdøde mands søster.",
        "Vil gerne finde ro efter min mands død.",
    ],
)
def test_danish_wishes_of_a_mourner_are_no_danger(text: str) -> None:
    assert topics(text, "da") == []


@pytest.mark.parametrize(
    "text",
    [
        "Efter min mands død vil jeg bare være hos ham.",
        "Efter min mands død vil jeg helst følge efter ham.",
        "Efter min kones død vil jeg bare over til hende.",
        "Siden min mands død længes jeg efter at være hos ham.",
        "Efter min søns død ønsker jeg kun at komme op til ham.",
        "Efter min kones død vil jeg ligge ved siden af hende.",
        "Efter min mors død glæder jeg mig til at se hende igen.",
        "Efter hans død har hun bare lyst til at følge efter.",
        "Siden Karl døde i maj, drømmer jeg om at genforenes med ham.",
        "Jeg vil bare være hos ham efter hans død.",
        "Min kone døde i maj. Jeg vil bare være hos hende.",
        "Min søn er død. Snart skal jeg over til min søn.",
        "Vil gerne være sammen med min døde mand.",
        "Efter min kones død vil jeg gerne dø.",
        "Efter min mands død vil jeg ikke mere.",
        "Har skrevet, hvem der skal have hunden efter min død, og vil gerne have ro.",
    ],
)
def test_a_danish_wish_to_be_with_the_dead_is_noticed(text: str) -> None:
    assert topics(text, "da") == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "Lonely after my husband's death, would like to sing.",
        "Since her husband's death she wants to be with her sister.",
        "Lonely after my wife's death, wants to follow her recipes.",
        "Wants to go to her husband's grave every week.",
        "Would like someone to talk to after my mother's death.",
        "Would like to find some peace after his wife's death.",
    ],
)
def test_english_wishes_of_a_mourner_are_no_danger(text: str) -> None:
    assert topics(text, "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "After my husband's death I just want to be with him.",
        "After my husband's death I only want to follow him.",
        "After my wife's death I just want to go to her.",
        "Since my son's death I want to join him.",
        "After her husband's death she wants to be with him in the grave.",
        "After my husband's death I want to be dead too.",
    ],
)
def test_an_english_wish_to_be_with_the_dead_is_noticed(text: str) -> None:
    assert topics(text, "en") == ["suicide"]


def test_grief_after_a_suicide_is_no_danger() -> None:
    assert topics("Lonely after my son's death by suicide, would like to meet others.", "en") == []
