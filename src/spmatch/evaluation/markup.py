"""HTML elements as values: what is given as plain text is escaped, always and only once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_VOID = frozenset({"meta", "br", "col"})


@dataclass(frozen=True, slots=True)
class Html:
    """Finished markup. Plain ``str`` is never taken for it."""

    text: str


Child = Html | str


def escape(text: str) -> str:
    """Text for an element or a quoted attribute; characters that HTML forbids become U+FFFD."""
    return html.escape(_FORBIDDEN.sub("\ufffd", text), quote=True)


def element(name: str, *children: Child, **attributes: str | None) -> Html:
    """One element. ``class_`` gives ``class``, ``aria_label`` gives ``aria-label``; ``None`` is left out."""
    stated = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{stated}>")
    return Html(f"<{name}{stated}>{join(children).text}</{name}>")


def join(children: Iterable[Child], between: str = "") -> Html:
    """Several one after another."""
    return Html(
        between.join(one.text if isinstance(one, Html) else escape(one) for one in children)
    )


def table(
    caption: Child, heads: Sequence[str], rows: Iterable[Sequence[Child]], *, row_heads: int = 1
) -> Html:
    """A table with a caption and scoped heads, in a region that scrolls when the page is narrow.

    The first ``row_heads`` cells of each row are heads of that row.
    """
    body = [
        element(
            "tr",
            *(
                element("th", cell, scope="row") if number < row_heads else element("td", cell)
                for number, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
        element("tbody", join(body, "\n")),
    )
    label = re.sub("<[^>]*>", "", caption.text) if isinstance(caption, Html) else caption
    return element(
        "div", whole, class_="wide", role="region", tabindex="0", aria_label=html.unescape(label)
    )
