"""The map sketch of an answer, with the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from spmatch.errors import PlaceError
from spmatch.geography import Point, shipped_gazetteer
from spmatch.profile import Profile
from spmatch.suggestion import Suggestion
from spmatch.web.sketch import sketch_lines, sketch_of, spots_of, svg_of
from spmatch.wording import ReaderLanguage


@dataclass(frozen=True, slots=True)
class MapView:
    """The drawing, and where each offer lies in words."""

    svg: Markup
    lines: tuple[str, ...]


def map_of(
    suggestions: Sequence[Suggestion], profile: Profile, language: ReaderLanguage
) -> MapView | None:
    """Where the offers lie from the person's place; ``None`` where there is nothing to draw."""
    sketch = sketch_of(_home(profile), spots_of([one.activity for one in suggestions]))
    if not sketch:
        return None
    return MapView(svg_of(sketch, language), sketch_lines(sketch, language))


def _home(profile: Profile) -> Point | None:
    if profile.origin is None:
        return None
    try:
        return shipped_gazetteer().locate(profile.origin)
    except PlaceError:
        return None
