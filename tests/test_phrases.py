"""Lists of phrases as expressions, and folding that keeps places."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spmatch.anchors import Anchors
from spmatch.phrases import anchors_of, build_pattern, compose, fold


def found(lists: str, text: str, endings: str = "", **others: str) -> list[str]:
    pattern = build_pattern(lists, others, endings)
    assert pattern is not None
    return [one[0] for one in pattern.finditer(fold(compose(text)))]


@pytest.mark.parametrize(
    ("lists", "text", "words"),
    [
        ("dog", "Dog, dogs and hotdog", ["dog"]),
        ("danc*", "A dancer danced", ["dancer", "danced"]),
        ("*kor", "Et damekor og et kor", ["damekor", "kor"]),
        ("big|large group", "a large group, a big group", ["large group", "big group"]),
        ("feel .. better", "we feel so much better", ["feel so much better"]),
        ("no _ here", "no dogs here", ["no dogs here"]),
        ("# people", "24 people, 25 people and 1,000 people", ["25 people", "1,000 people"]),
        ("alcohol free", "An alcohol-free bar", ["alcohol free"]),
        ("don't", "Don’t", ["don't"]),
        (
            "not ?so|very keen",
            "not keen, not very keen, not too keen",
            ["not keen", "not very keen"],
        ),
        ("'d rather", "he'd rather", ["'d rather"]),
        ("wine, wine and cheese", "wine and cheese", ["wine and cheese"]),
    ],
)
def test_a_phrase_finds_what_its_notation_says(lists: str, text: str, words: list[str]) -> None:
    assert found(lists, text) == words


def test_a_phrase_does_not_reach_over_a_mark() -> None:
    assert found("no dogs", "No. Dogs") == []


def test_a_list_may_hold_another() -> None:
    assert found("<dogs>, cat", "a cat and a hound", dogs="dog, hound") == ["cat", "hound"]


def test_a_list_may_stand_for_one_word_of_a_phrase() -> None:
    assert found("spare <who>", "spare him, spare us", who="him, her") == ["spare him"]


def test_an_ending_may_be_added_to_a_long_word() -> None:
    assert found("tromme", "trommerne", "r|rne") == ["trommerne"]


def test_no_ending_is_added_to_a_short_word() -> None:
    assert found("is", "iser", "er") == []


def test_a_list_of_a_kind_is_named_with_a_dot() -> None:
    others = {"dogs": "dog", "dogs.denies": "dog free"}
    pattern = build_pattern("<dogs.denies>, cat free", others)
    assert pattern is not None
    assert pattern.findall("a dog free cat free house") == ["dog free", "cat free"]


def test_a_name_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="'no <dog s>'"):
        build_pattern("cat, no <dog s>", {"dogs": "dog"})


def test_a_list_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="'cats'"):
        build_pattern("<cats>", {})


def test_a_list_that_names_itself_is_an_error() -> None:
    with pytest.raises(ValueError, match="'cats'"):
        build_pattern("<cats>", {"cats": "<cats>"})


def test_an_empty_list_has_no_pattern() -> None:
    assert build_pattern(" , ") is None


@given(st.text())
def test_folding_keeps_places(text: str) -> None:
    assert len(fold(text)) == len(text)


# At a glance

PHRASES = st.lists(
    st.lists(
        st.sampled_from(
            (
                *("dog", "dance", "danc*", "*or", "*ance*", "a|dog", "a*|*r", "..", "_", "#"),
                *("?a|dog", "o'dog", "'d", "co-dance", "<more>", "<more>|a", "&", "*"),
            )
        ),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    max_size=4,
).map(",".join)
TEXTS = st.lists(
    st.sampled_from(
        (
            *("dog", "Dogs", "dance", "dancer", "floor", "a", "o'dog", "he'd", "co-dance", "26"),
            *("3.000", "cat", "tom cat", "&", ".", ",", "xdance", "\n", "don't", "«dog»", "dog-a"),
        )
    ),
    max_size=12,
).map(" ".join)
MORE = {"more": "cat, tom *at"}


def anchors(lists: str, endings: str = "") -> Anchors[str]:
    return Anchors(("these", needs) for needs in anchors_of(lists, MORE, endings))


@given(PHRASES, TEXTS, st.sampled_from(["", "r|s"]))
@example("", "", "")
def test_no_phrase_that_is_there_is_passed_over(lists: str, text: str, endings: str) -> None:
    folded = fold(compose(text))
    pattern = build_pattern(lists, MORE, endings)
    may = anchors(lists, endings).may_be_in(folded, {})
    assert may or pattern is None or pattern.search(folded) is None


@pytest.mark.parametrize(
    ("lists", "text", "may"),
    [
        ("dog", "a dog", True),
        ("dog", "dogma", False),
        ("dog*", "dogma", True),
        ("*dog", "hotdog", True),
        ("*dog", "dogma", False),
        ("*og*", "dogma", True),
        ("no dog", "no cat, dog", True),
        ("no dog", "a dog", False),
        ("no cat|dog", "no dog", True),
        ("_ #", "nothing of it", True),
    ],
)
def test_most_of_what_is_not_there_is_passed_over(lists: str, text: str, may: bool) -> None:
    assert bool(anchors(lists).may_be_in(text, {})) == may


def test_each_list_is_known_by_its_name() -> None:
    lists = {"dogs": "dog, hound", "cats": "cat"}
    both = Anchors((name, needs) for name, some in lists.items() for needs in anchors_of(some))
    assert both.may_be_in("a hound", {}) == {"dogs"}


def test_an_ending_does_not_hide_a_word() -> None:
    assert anchors("tromme", "r|rne").may_be_in("trommerne", {})


def test_words_are_remembered_by_who_asks_alone() -> None:
    dogs, seen = anchors("dog"), dict[str, tuple[int, ...]]()
    dogs.may_be_in("a dog", {})
    assert [bool(dogs.may_be_in(text, seen)) for text in ("dog cat", "no dog")] == [True, True]
    assert seen.keys() == {"dog", "cat", "no"}
