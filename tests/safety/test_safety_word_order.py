"""The same danger in any order of words: "I will not", "now will I not", "that I not will"."""

from __future__ import annotations

import pytest

from spmatch.safety import find_dangers


def topics(text: str, language: str) -> list[str]:
    return [danger.topic for danger in find_dangers(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "Nu vil jeg ikke leve mere.",
        "Efter min mands død gider jeg ikke leve mere.",
        "Så vil jeg hellere dø.",
        "Om aftenen orker jeg ikke at leve.",
        "I perioder ønsker han ikke at være i live.",
        "Inderst inde vil min gamle mor ikke leve længere.",
        "Så gider jeg simpelthen ikke være til.",
        "Nogle dage magter hun ikke livet.",
        "Sådan kan jeg ikke leve.",
        "Nu vil jeg ikke leve sådan her.",
        "Med de smerter vil jeg ikke leve.",
        "Nu hvor jeg er alene, vil jeg ikke leve.",
        "Siden fyringen har jeg ikke lyst til at vågne.",
        "Efter det her behøver jeg ikke være her mere.",
        "Siden nytår har borgeren ikke ønsket at leve.",
    ],
)
def test_danish_with_the_verb_first_is_noticed(text: str) -> None:
    assert topics(text, "da") == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "Hun siger, at hun ikke vil leve mere.",
        "Datteren fortæller, at han ikke orker at leve.",
        "Det er, fordi jeg ikke gider være her mere.",
        "Er nået dertil, hvor hun ikke længere ønsker at være i live.",
        "Skriver, at han ikke kan mere.",
    ],
)
def test_danish_with_not_before_the_verb_is_noticed(text: str) -> None:
    assert topics(text, "da") == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "Livet orker jeg ikke mere.",
        "At leve magter hun ikke længere.",
        "Lyst til at leve har han ikke.",
        "Ikke en dag mere vil jeg leve.",
        "Ikke længere ønsker han at leve.",
    ],
)
def test_danish_with_the_wish_or_the_denial_first_is_noticed(text: str) -> None:
    assert topics(text, "da") == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "Nu kan jeg ikke mere.",
        "Har altid klaret det hele, men nu kan jeg ikke mere.",
        "Efter skilsmissen orker han ikke mere.",
        "Nu kan hun ikke holde det ud.",
        "Længere fremme kan jeg ikke se mig selv i live.",
        "Derfor ser jeg ingen udvej.",
        "Så tager jeg mit eget liv.",
        "En dag skyder jeg mig.",
        "I aften gør jeg en ende på det.",
        "Tit ønsker jeg mig død.",
        "I nat kan jeg ikke love at passe på mig selv.",
    ],
)
def test_danish_despair_with_the_verb_first_is_noticed(text: str) -> None:
    assert topics(text, "da") == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "Så slår jeg mig selv i hovedet.",
        "Bagefter straffer hun sig selv.",
        "Om aftenen gør han sig selv ondt.",
        "Når det bliver for meget, skærer jeg mig selv.",
    ],
)
def test_danish_self_harm_with_the_verb_first_is_noticed(text: str) -> None:
    assert topics(text, "da") == ["self_harm"]


@pytest.mark.parametrize(
    "text",
    [
        "Nu vil jeg ikke leve alene mere.",
        "Så gider jeg ikke leve af kontanthjælp.",
        "Af min pension kan jeg ikke leve.",
        "Længere vil hun ikke leve isoleret i en lejlighed.",
        "Fremover vil han ikke leve så usundt.",
        "Uden bil kan man ikke leve et normalt liv herude.",
        "Derfor kan jeg ikke leve op til familiens krav.",
        "Så vil jeg ikke bare leve fra dag til dag.",
        "Uden sang kan hun ikke leve.",
        "På torsdag kan jeg ikke være her.",
        "Længere vil jeg ikke være til besvær.",
        "Nu gider hun ikke vågne tidligt.",
        "Derfor gider jeg ikke livet på landet.",
    ],
)
def test_danish_about_how_to_live_is_no_danger(text: str) -> None:
    assert topics(text, "da") == []


@pytest.mark.parametrize(
    "text",
    [
        "Plejede at danse, men det kan hun ikke mere.",
        "Har altid danset, men nu kan hun ikke mere.",
        "Havearbejde orker han ikke mere.",
        "Savner alt det, hun ikke kan mere.",
        "Er stoppet til yoga, fordi hun ikke orker mere.",
        "Nu orker jeg ikke mere rengøring.",
        "Efter faldet kan han ikke mere gå til købmanden.",
    ],
)
def test_danish_about_what_somebody_can_no_longer_do_is_no_danger(text: str) -> None:
    assert topics(text, "da") == []


@pytest.mark.parametrize(
    "text",
    [
        "Så slår hun sig selv for munden og griner.",
        "Ofte skader han sig til fodbold.",
        "Nu drukner jeg mig selv i arbejde.",
        "I weekenden tager jeg livet roligt.",
    ],
)
def test_danish_figures_of_speech_with_the_verb_first_are_no_danger(text: str) -> None:
    assert topics(text, "da") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Uden ham vil jeg ikke leve.", "da"),
        ("Uden hende vil jeg bare dø.", "da"),
        ("Efter et år uden søvn vil jeg ikke leve.", "da"),
        ("Without him I don't want to live.", "en"),
        ("Without my wife I want to die.", "en"),
    ],
)
def test_being_without_somebody_denies_nothing(text: str, language: str) -> None:
    assert topics(text, language) == ["suicide"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Har det bedre og er uden selvmordstanker.", "da"),
        ("Afkræfter, at hun ikke vil leve.", "da"),
        ("Doing well, without thoughts of suicide.", "en"),
        ("A month without hurting himself.", "en"),
    ],
)
def test_being_without_danger_is_none(text: str, language: str) -> None:
    assert topics(text, language) == []


@pytest.mark.parametrize(
    "text",
    [
        "No longer do I want to live.",
        "Nor does she wish to be alive.",
        "Never again do I want to wake up.",
        "Not one more day does he want to go on living.",
        "No more can I go on.",
        "Nowhere can she see a way out.",
        "Nothing do I have left to live for.",
        "What reason do I have to live?",
        "Why should I go on living?",
        "Since he died I don't want to live any more.",
    ],
)
def test_english_with_the_denial_first_is_noticed(text: str) -> None:
    assert topics(text, "en") == ["suicide"]


@pytest.mark.parametrize(
    "text",
    [
        "No longer do I want to live alone.",
        "Nor does he want to live with his parents.",
        "Not for another year does she want to live in a damp flat.",
        "I don't want to live on my own any more.",
        "Neither does he want to live off benefits.",
        "No longer can she go on walks.",
        "Rarely does she want to be here on Fridays.",
    ],
)
def test_english_about_how_to_live_is_no_danger(text: str) -> None:
    assert topics(text, "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "Nu tør jeg ikke tage hjem.",
        "I aften tør hun ikke gå hjem til sin mand.",
        "Efter skænderiet turde hun ikke sove derhjemme.",
        "Efter arbejde tør han ikke køre hjem til konen.",
        "Når min kæreste er hjemme, tør jeg ikke sige noget.",
        "Nu vil jeg ikke hjem mere, for så slår han.",
        "For min mand er jeg bange.",
        "Derfor får jeg ikke lov at se mine veninder for min mand.",
        "Mine penge bestemmer han over.",
        "Med en kniv stod han foran mig i går.",
    ],
)
def test_danish_violence_with_the_verb_first_is_noticed(text: str) -> None:
    assert "violence" in topics(text, "da")


@pytest.mark.parametrize(
    "text",
    [
        "Now I don't dare go home.",
        "Never again do I dare go home to him.",
        "She dare not stay at home.",
        "Only when he is out does she dare to phone.",
        "No longer does she feel safe at home with him.",
    ],
)
def test_english_violence_with_the_verb_first_is_noticed(text: str) -> None:
    assert "violence" in topics(text, "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Efter faldet tør hun ikke gå hjem alene.", "da"),
        ("Efter faldet tør hun ikke gå hjem i mørke.", "da"),
        ("Til møder tør jeg ikke sige noget.", "da"),
        ("Nu vil hun ikke flytte hjem til kæresten endnu.", "da"),
        ("Sin løn styrer hun selv.", "da"),
        ("På plejehjemmet får hun ikke lov at besøge sin mand efter klokken otte.", "da"),
        ("For min mand er haven alt.", "da"),
        ("She no longer dares go home alone after the fall.", "en"),
        ("I don't dare go home in the dark since the fall.", "en"),
        ("Only when she is asleep can I knit.", "en"),
        ("No longer do I dare ride my bike.", "en"),
    ],
)
def test_fear_of_other_things_is_no_violence(text: str, language: str) -> None:
    assert topics(text, language) == []
