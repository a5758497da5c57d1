"""Markdown left in a text: marks are taken off, the words stay, lists stay as they are."""

from __future__ import annotations

import re

# A mark only counts where it opens before a word and closes after one, on one line and not far apart:
# "5 * 3", "Pris*", "____" and gender stars (deltager*innen) are no Markdown.
_SURE_MARKS = (
    re.compile(r"(?<![\w*\\])(\*\*\*?)(?=[^\s*])([^\n]{1,500}?)(?<=[^\s*\\])\1(?![\w*])"),
    re.compile(r"(?<![\w_\\])(__)(?=[^\s_])([^\n]{1,500}?)(?<=[^\s_\\])\1(?![\w_])"),
)
# One star or line around a word is plain text too: it goes where other marks show that it is Markdown.
_MARKS = (
    re.compile(r"(?<![\w*\\])(\*)(?=[^\W_])([^*\n]{1,200}?)(?<=[^\s*\\])\1(?![\w*)])"),
    re.compile(r"(?<![\w_\\])(_)(?=[^\W_])([^_\n]{1,200}?)(?<=[^\s_\\])\1(?![\w_])"),
)
_LINK = re.compile(
    r"""!?\[(?P<text>[^\[\]\n]{0,500})\]
        \(<?(?P<to>(?:https?://|mailto:|tel:|www\.|/(?!/))[^()\s<>]{0,1000}
          (?:\([^()\s<>]{0,200}\)[^()\s<>]{0,500})?)>?
        (?:[ ]"[^"\n]{0,200}")?\)""",
    re.VERBOSE | re.IGNORECASE,
)
# One mark before a number may be a number sign: "# 5".
_HEADING = re.compile(r"^ {0,3}(?:#{2,6} +|# +(?=[^\W\d_]))(\S[^\n]*)$", re.MULTILINE)


def without_markdown(text: str, *, lines: bool) -> str:
    """The words of a text; headings are only looked for in a text of several lines (``lines``)."""
    bare = text
    if "](" in bare:
        bare = _LINK.sub(_words_of_link, bare)
    if lines and "#" in bare:
        bare = _HEADING.sub(lambda heading: _without_closing(heading[1]), bare)
    for marked in _SURE_MARKS:
        bare = marked.sub(r"\2", bare)
    if bare != text:
        for marked in _MARKS:
            bare = marked.sub(r"\2", bare)
    return bare


def _without_closing(heading: str) -> str:
    """``Tid`` of "Tid ##": a heading may be closed as it was opened."""
    bare = heading.rstrip().rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else heading.rstrip()


def _words_of_link(link: re.Match[str]) -> str:
    words, to = link["text"].strip(), link["to"]
    if link[0].startswith("!"):
        return words
    scheme, _, contact = to.partition(":")
    if scheme.casefold() in ("mailto", "tel"):
        contact = contact.partition("?")[0]
        # A phone number or an e-mail address is more than a link: without it nobody can be reached.
        return (
            words if contact and contact in words else f"{words} ({contact})" if words else contact
        )
    return words or to
