"""Texts that feeds have spoilt are put right; good texts stay as they are, to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import make_activity
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.errors import Problem
from spmatch.geography import shipped_gazetteer
from spmatch.material import material
from spmatch.mending import mend
from spmatch.mending.texts import mended_text
from spmatch.readers import read_source

FEEDS = Path(__file__).parents[3] / "shared" / "data" / "feeds"


def mended(text: str) -> str:
    return mended_text(text, lines=True)[0]


SPOILT = {
    "BÃ¸rn og unge pÃ¥ Ã†rÃ¸": "Børn og unge på Ærø",
    "Ã…rhus": "Århus",
    "Itâ€™s Â£3 â€“ no booking": "It’s £3 – no booking",
    "Caf\x92s": "Caf’s",
    "Kaffe<br>og <b>kage</b>": "Kaffe\nog kage",
    "Mor &amp; barn": "Mor & barn",
    "Mor &amp;amp; barn": "Mor & barn",
    "&lt;p&gt;Kom glad&lt;/p&gt;": "Kom glad",
    "B&Atilde;&cedil;rn": "Børn",
    "Kom glad.\\nVi ses": "Kom glad.\nVi ses",
    "en\\nto\\ntre": "en\nto\ntre",
    "Kor\\r\\n\\r\\nTirsdag": "Kor\n\nTirsdag",
    "Pris:\\t35 kr.": "Pris: 35 kr.",
    "B\\u00f8rn": "Børn",
    'Vi kalder det \\"sang\\"': 'Vi kalder det "sang"',
    "Kom **glad** og __mæt__": "Kom glad og mæt",
    "***Gratis*** hver *mandag*": "Gratis hver mandag",
    "## Tid\nMandag": "Tid\nMandag",
    "# Tid #\nMandag": "Tid\nMandag",
    "Læs [mere her](https://kor.example/a_(b))": "Læs mere her",
    "Se ![koret](https://kor.example/k.jpg)": "Se koret",
    "[Skriv til os](mailto:kor@kor.example?subject=Hej)": "Skriv til os (kor@kor.example)",
    "[kor@kor.example](mailto:kor@kor.example)": "kor@kor.example",
    "Ring [98 12 34 56](tel:98123456)": "Ring 98 12 34 56 (98123456)",
    "[](https://kor.example)": "https://kor.example",
    "Kom  og   syng": "Kom og syng",
    "Kom \nog syng": "Kom\nog syng",
    "Kom\r\nog syng": "Kom\nog syng",
    "Fælles\u00adspisning": "Fællesspisning",
    "\ufeffKor\u200b": "Kor",
    "- te\n* **kage**\n1. sang": "- te\n* kage\n1. sang",
}


@pytest.mark.parametrize("text", SPOILT)
def test_what_is_certainly_spoilt_is_put_right(text: str) -> None:
    assert mended(text) == SPOILT[text]


@pytest.mark.parametrize("text", SPOILT)
def test_a_mended_text_stays_as_it_is(text: str) -> None:
    assert mended_text(SPOILT[text], lines=True) == (SPOILT[text], ())


GOOD = [
    "Børn, ældre og unge på Ærø – “kom glad” … à 35 kr.",
    "SÃO JOÃO, NÃO, CORAÇÃO",
    "RÅ° og SMÅ",
    "åÆÆ",
    "l’été à 10 h « là »",
    "for alle under <5 år og <kontakt@kor.example>",
    "Mor & barn; R&B; AT&T",
    "Deltager*innen, 5 * 3, Pris 50 kr.* og 40 kr.*",
    "*gælder kun medlemmer",
    "what was always *theirs*, and _ours_",
    "my_file_name_ and __init",
    "Navn: ____________",
    "f**k og s**t",
    "- te\n- kage\n\n* sang\n1. dans",
    "#fællesskab er sjovt",
    "# 5 på listen",
    "se [1] og (note) og [1](note)",
    "C:\\nyt\\tekst.docx",
    "svar ja\\nej",
    "AC\\DC",
    "Familie 👩‍👩‍👧 og می‌خواهم",
    "ไทย\u200bภาษา",
    "kaffe\u00a0kl.\u00a010",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_text_is_not_touched(text: str) -> None:
    assert mended_text(text, lines=True) == (text, ())


def test_indented_lines_stay_indented() -> None:
    assert mended("Vi har:\n    te\n    kage") == "Vi har:\n    te\n    kage"


def test_a_heading_is_none_on_one_line_of_an_address() -> None:
    assert mended_text("## 5", lines=False) == ("## 5", ())


def test_a_line_break_written_out_is_a_space_in_a_title() -> None:
    assert mended_text("Kor.\\nFor alle", lines=False)[0] == "Kor. For alle"


def test_a_title_over_two_lines_is_joined() -> None:
    assert mended_text("Kor\nfor alle", lines=False)[0] == "Kor for alle"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("BÃ¸rn", ("encoding",)),
        ("<b>BÃ¸rn</b> og", ("encoding", "html")),
        ("**Kor**\u200b", ("hidden", "markdown")),
        ("a.\\nB", ("escapes",)),
    ],
)
def test_each_fault_is_named(text: str, faults: tuple[str, ...]) -> None:
    assert mended_text(text, lines=True)[1] == faults


def test_a_text_of_endless_layers_is_left_as_it_is() -> None:
    text = "&" + "amp;" * 200 + "lt;b&gt;"
    assert mended_text(text, lines=True) == (text, ())


# Whole records


def problems(activity: Activity) -> list[tuple[str, str, str]]:
    return [(p.where, p.field, p.effect) for p in mend([activity])[1]]


def test_each_mend_is_told_with_its_field() -> None:
    activity = make_activity(
        "k", title="<b>Kor</b>", description="Syng **med**", cost={"note": "a  b"}
    )
    assert problems(activity) == [
        ("k", "title", "mended"),
        ("k", "description", "mended"),
        ("k", "cost.note", "mended"),
    ]


def test_texts_inside_lists_are_mended() -> None:
    activity = make_activity(
        themes=[{"scheme": "s", "code": "a_**b**", "label": "BÃ¸rn"}],
        cost={"concessions": [{"for": "fÃ¸rtidspensionist", "amount": 10}]},
    )
    (after,), _ = mend([activity])
    assert after.cost is not None
    assert (after.themes[0].label, after.cost.concessions[0].for_whom) == (
        "Børn",
        "førtidspensionist",
    )


def test_codes_are_never_touched() -> None:
    activity = make_activity(
        "**id**",
        title="Kor",
        themes=[{"scheme": "**s**", "code": "**c**"}],
        source={"record_id": "**r**"},
    )
    assert mend([activity]) == ([activity], [])


def test_a_title_that_is_nothing_but_marks_stays() -> None:
    activity = make_activity(title="<br>")
    assert mend([activity])[0] == [activity]


def test_a_text_that_is_empty_counts_as_not_stated() -> None:
    (after,), (problem,) = mend([make_activity(provider={"name": ""})])
    assert after.provider is not None
    assert (after.provider.name, problem.field, problem.effect) == (None, "provider.name", "mended")


def test_lost_letters_are_told_and_left() -> None:
    activity = make_activity(title="B\ufffdrn")
    after, (problem,) = mend([activity])
    assert (after, problem.effect) == ([activity], "note")


def test_a_title_in_capitals_stays() -> None:
    activity = make_activity(title="KOR FOR ALLE")
    assert mend([activity]) == ([activity], [])


def test_problems_never_hold_the_text() -> None:
    _, found = mend([make_activity(description="Ring **Fatima Hassan** 12  34")])
    assert "Fatima" not in " ".join(map(str, found))


def test_nothing_is_changed_in_the_example_catalogue() -> None:
    activities = list(Catalogue.read(material("catalogue", "denmark")))
    after, found = mend(activities, shipped_gazetteer())
    assert [a.id for a, b in zip(activities, after, strict=True) if a is not b] == []
    assert [p for p in found if p.effect == "mended"] == []


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the shared feeds are not beside the checkout")
@pytest.mark.parametrize("feed", ["hsds-1.1-ilao", "hsds-3.0"])
def test_nothing_is_changed_in_real_feeds_where_nothing_is_wrong(feed: str) -> None:
    items: Iterator[Activity | Problem] = read_source(FEEDS / feed)
    activities = [item for item in items if isinstance(item, Activity)]
    after, _ = mend(activities, shipped_gazetteer())
    assert [a.id for a, b in zip(activities, after, strict=True) if a is not b] == []


# What holds for any text

PIECES = st.sampled_from(
    "kor Børn på **a** *b* __c__ _d_ # ## \n \\n \\t \\u00f8 &amp; &lt; &gt; <b> </b> <br> <p> Ã¸ â€™ Ã… "
    "[x](https://a.example) ]( ( ) \\ * ** _ \u200b \u00ad \u00a0 & ; amp; lt; 35 kr. - 1.".split(
        " "
    )
)
ANY_TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=14).map("".join),
    st.lists(PIECES, max_size=14).map(" ".join),
)
WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzæøåABCÆØÅ", min_size=1, max_size=9), min_size=1, max_size=12
)


@given(ANY_TEXT)
def test_mending_twice_changes_nothing_more(text: str) -> None:
    once = mended(text)
    assert mended(once) == once


@given(ANY_TEXT)
def test_no_text_becomes_longer(text: str) -> None:
    assert len(mended(text)) <= len(text)


@given(WORDS, st.sampled_from([" ", ", ", ". ", "\n", " – ", "  ", "\n\n"]))
def test_no_word_of_a_good_text_is_lost(words: list[str], between: str) -> None:
    assert mended(between.join(words)).split() == between.join(words).split()


@given(ANY_TEXT.filter(str.strip), ANY_TEXT)
def test_a_mended_record_is_valid(title: str, description: str) -> None:
    activity = make_activity(title=title, description=description, provider={"name": description})
    (after,), _ = mend([activity])
    assert Activity.model_validate(after.model_dump()) == after
