"""The map sketch of an answer, with the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from spmatch.geography import Gazetteer
from spmatch.profile import Profile
from spmatch.suggestion import Suggestion
from spmatch.web.sketch import home_of, sketch_lines, sketch_of, spots_of, svg_of
from spmatch.wording import ReaderLanguage


@dataclass(frozen=True, slots=True)
class MapView:
    """The drawing, and where each offer lies in words."""

    svg: Markup
    lines: tuple[str, ...]


def map_of(
    suggestions: Sequence[Suggestion],
    profile: Profile,
    gazetteer: Gazetteer,
    language: ReaderLanguage,
) -> MapView | None:
    """Where the offers lie from the person's place; ``None`` where there is nothing to draw."""
    sketch = sketch_of(
        home_of(profile, gazetteer), spots_of([one.activity for one in suggestions], gazetteer)
    )
    if not sketch:
        return None
    return MapView(svg_of(sketch, language), sketch_lines(sketch, language))
