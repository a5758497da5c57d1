"""Prose of feeds as plain text, in time that grows with its length only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmatch.readers.prose import one_line, plain_text


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("<p>Te &amp; <b>snak</b></p>", "Te & snak"),
        ("<ul><li>Mandag<li>Tirsdag</ul>", "Mandag\nTirsdag"),
        ("One<br/>two<br>three", "One\ntwo\nthree"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ('<a href="x" title="a > b">here</a>', "here"),
        ("<a href='x' title='a > b'>here</a>", "here"),
        ("<p>One<o:p></o:p> <video src=x></video>two</p>", "One two"),
        ("<p>Write to <team@example.org></p>", "Write to <team@example.org>"),
        ("<p>Under <5 years</p>", "Under <5 years"),
        ("<p>One <!-- not <b>this</b> --> two</p>", "One two"),
        ("<p>One <!-- never closed", "One never closed"),
        ("<style>p {color: red}</style><p>One</p>", "One"),
        ("<script>write('<script>')</script><p>One</p>", "One"),
        ("<!DOCTYPE html><p>One</p>", "One"),
        ("&lt;p&gt;One &amp;amp; two&lt;/p&gt;", "One & two"),
        ("Fish & chips <3", "Fish & chips <3"),
        ("Kr&oslash;lle&#198;&#xe5;", "KrølleÆå"),
        ("", ""),
    ],
)
def test_html_becomes_words(prose: str, words: str) -> None:
    assert plain_text(prose) == words


def test_a_title_is_one_line() -> None:
    assert one_line("<p>One</p><p>Two</p>") == "One Two"


@given(st.lists(st.sampled_from(["<", ">", "p", "/", "!--", "-->", '"', "&lt;", " ", "a"])))
def test_any_markup_ends_in_words(parts: list[str]) -> None:
    words = plain_text("".join(parts))
    assert words == words.strip()


# Each of these took minutes, or did not end, where tags are looked for again and again.
@pytest.mark.parametrize(
    "part",
    ["<a ", '<a x="', "<a x='\"", "<!--", "<![CDATA[", "</a ", "<?", "<p>", "&#", '<a "', "<b <b>"],
)
def test_markup_that_never_closes_is_read_once(part: str) -> None:
    assert plain_text("<b>" + part * 100_000 + " end").endswith("end")
