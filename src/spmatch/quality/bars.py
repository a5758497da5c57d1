"""Bars as inline SVG: a small one for each row of a table, and a wide one of parts with a legend.

Parts differ by pattern as well as by colour, so that they can be told apart in print and by everyone.
Positions are rounded to a tenth of a pixel, so that the same numbers give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spmatch.evaluation.markup import Html, element, join

BAR_PX, BAR_HEIGHT_PX = 200.0, 14.0
WIDE_PX, WIDE_HEIGHT_PX = 720.0, 30.0
LABEL_FITS_PX = 34.0

PATTERNS = Html(
    '<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"></rect>'
    '<rect width="2" height="6" class="hatch-line"></rect></pattern>'
    '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" class="dots-ground"></rect>'
    '<circle cx="3" cy="3" r="1.3" class="dots-mark"></circle></pattern></defs></svg>'
)
"""To be put once into a page that shows bars."""


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a bar, as large as ``size`` of the whole.

    ``look`` is a class of the style: solid, middle, light, hatch, dots or none.
    """

    label: str
    size: float
    look: str


def bar(parts: Sequence[Share], of: float, *, framed: bool = True) -> Html:
    """A small bar for a table, whose other cells say the numbers: it is hidden from readers of text.

    A frame stands for the whole; bars that are only compared with each other have none.
    """
    return element(
        "svg",
        join(_boxes(parts, of, BAR_PX, BAR_HEIGHT_PX)[0 if framed else 1 :]),
        class_="bar",
        viewBox=f"0 0 {BAR_PX + 2:.0f} {BAR_HEIGHT_PX + 2:.0f}",
        aria_hidden="true",
        focusable="false",
    )


def wide_bar(parts: Sequence[Share], *, key: str, title: str) -> Html:
    """All parts of one whole, with a legend. ``key`` makes the ids of this plot unique in the page."""
    of = sum(one.size for one in parts)
    drawn: list[Html] = list(_boxes(parts, of, WIDE_PX - 2, WIDE_HEIGHT_PX))
    for one, (left, right) in zip(parts, _edges(parts, of, WIDE_PX - 2), strict=True):
        if right - left >= LABEL_FITS_PX:
            ground = "text-on-dark" if one.look == "solid" else "text-on-light"
            middle = f"{(left + right) / 2 + 1:.1f}"
            drawn.append(element("text", f"{one.size:.0f}", x=middle, y="20.5", class_=ground))
    said = ", ".join(f"{one.label} {one.size:.0f}" for one in parts)
    drawing = element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", f"{said}, of {of:.0f}.", id=f"{key}-desc"),
        join(drawn, "\n"),
        viewBox=f"0 0 {WIDE_PX:.0f} {WIDE_HEIGHT_PX + 2:.0f}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )
    return element("figure", element("figcaption", title), drawing, legend(parts))


def legend(parts: Sequence[Share]) -> Html:
    """What each look stands for."""
    return element(
        "ul",
        *(element("li", _swatch(one.look), element("span", one.label)) for one in parts),
        class_="legend",
    )


def _swatch(look: str) -> Html:
    return element(
        "svg",
        _box(0, 22, 12, look),
        class_="swatch",
        viewBox="0 0 24 14",
        aria_hidden="true",
        focusable="false",
    )


def _edges(parts: Sequence[Share], of: float, width: float) -> list[tuple[float, float]]:
    ends = [0.0]
    for one in parts:
        ends.append(ends[-1] + (width * one.size / of if of else 0.0))
    return list(pairwise(ends))


def _boxes(parts: Sequence[Share], of: float, width: float, height: float) -> list[Html]:
    """An empty frame, and in it a box for each part."""
    return [
        _box(0, width, height, "none"),
        *(
            _box(left, right - left, height, one.look)
            for one, (left, right) in zip(parts, _edges(parts, of, width), strict=True)
            if one.size and one.look != "none"
        ),
    ]


def _box(x: float, width: float, height: float, look: str) -> Html:
    return element(
        "rect",
        x=f"{x + 1:.1f}",
        y="1",
        width=f"{width:.1f}",
        height=f"{height:.0f}",
        class_=f"part {look}",
    )
