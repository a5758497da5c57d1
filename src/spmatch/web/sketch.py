"""The map sketch: where places lie from home, by distance and direction. No map service is asked.

Geometry first (``sketch_of``), so that the page draws it as SVG and the handout as PDF from the same
numbers. Home is the middle of it, and nothing tells where on earth that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from spmatch.activity import Activity
from spmatch.constraints import AT_HOME
from spmatch.errors import PlaceError
from spmatch.geography import Gazetteer, Point, shipped_gazetteer
from spmatch.profile import Profile
from spmatch.web.sketch_layout import (
    BAR,
    FRAME,
    HOUSE_CORNERS,
    MIDDLE,
    NORTH,
    Mark,
    Ring,
    Sketch,
    Spot,
    sketch_of,
)
from spmatch.web.words import page_words
from spmatch.wording import ReaderLanguage, wording

__all__ = [
    "GROUND",
    "INK",
    "LINE",
    "Mark",
    "Ring",
    "Sketch",
    "Spot",
    "km_words",
    "sketch_lines",
    "sketch_of",
    "spots_of",
    "svg_of",
]

GROUND = "#f7f8f6"
INK = "#1b2430"
LINE = "#6c7683"
"""Contrast with ``GROUND``: ``INK`` 14.6, ``LINE`` 4.3 (a line needs 3: WCAG 1.4.11)."""

_COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def home_of(profile: Profile, gazetteer: Gazetteer) -> Point | None:
    """Where the person starts from; ``None`` where that is not stated, or not known."""
    try:
        return gazetteer.locate(profile.origin) if profile.origin else None
    except PlaceError:
        return None


def spots_of(
    activities: Sequence[Activity], gazetteer: Gazetteer | None = None
) -> tuple[Spot, ...]:
    """The places of activities, numbered from 1; by postcode or town where no coordinates are stated.

    What comes to the person (online, by phone, at home) has no place on a map.
    """
    gazetteer = gazetteer or shipped_gazetteer()
    return tuple(
        _spot(number, activity, gazetteer) for number, activity in enumerate(activities, start=1)
    )


def sketch_lines(sketch: Sketch, language: ReaderLanguage) -> tuple[str, ...]:
    """Where each place lies, in words: "2: 2.1 km north-east of home"."""
    words = page_words("handout", language)
    placed = [_line(mark, sketch, language) for mark in sketch.marks]
    return (*placed, *(words.say("sketch.unplaced", number=number) for number in sketch.unplaced))


def km_words(km: float, language: ReaderLanguage) -> str:
    """A distance as somebody would say it: "350 m", "2.1 km", "83 km"."""
    if round(km, 1) < 1:
        return f"{round(km * 100) * 10} m"
    rounded = round(km, 1) if round(km, 1) < 10 else round(km)
    return f"{wording(language).number(rounded)} km"


def svg_of(sketch: Sketch, language: ReaderLanguage, *, id: str = "sketch") -> Markup:
    """The sketch as an inline SVG image with a title and a description in words.

    ``id`` must be unlike any other on the page. Empty where nothing can be drawn. Colours are
    presentation attributes, so that a style sheet may set others by the classes ``sketch-…``.
    """
    if not sketch:
        return Markup()
    words = page_words("handout", language)
    return Markup("").join(
        [
            _tag(
                '<svg class="sketch" role="img" aria-labelledby="{0}-title {0}-desc"'
                ' viewBox="0 0 {1:g} {1:g}" preserveAspectRatio="xMinYMin" text-anchor="middle">',
                id,
                FRAME,
            ),
            _tag('<title id="{}-title">{}</title>', id, words.say(_title(sketch))),
            _tag(
                '<desc id="{}-desc">{}</desc>', id, ". ".join(sketch_lines(sketch, language)) + "."
            ),
            _tag(
                '<rect class="sketch-ground" width="{0:g}" height="{0:g}" rx="12" fill="{1}"/>',
                FRAME,
                GROUND,
            ),
            *_frame(sketch, words.say("sketch.north"), language),
            *(_leader(mark) for mark in sketch.marks if mark.moved),
            *(part for mark in sketch.marks for part in _mark(mark, sketch.lettering, language)),
            Markup("</svg>"),
        ]
    )


def _title(sketch: Sketch) -> str:
    return "sketch.title" if sketch.home else "sketch.title_no_home"


def _spot(number: int, activity: Activity, gazetteer: Gazetteer) -> Spot:
    if activity.delivery in (*AT_HOME, "home_visit"):
        return Spot(number, None, None)
    if activity.coordinates:
        return Spot(number, *activity.coordinates)
    placed = gazetteer.place(activity.place) if activity.place else None
    # Of a town alone it is not certain which country it lies in.
    if placed is None or not placed.certain:
        return Spot(number, None, None)
    return Spot(number, placed.point.lat, placed.point.lon, approximate=True)


def _line(mark: Mark, sketch: Sketch, language: ReaderLanguage) -> str:
    words = page_words("handout", language)
    approximate = mark.approximate or sketch.about
    if not sketch.home:
        key = "sketch.alone" if len(sketch.marks) == 1 else "sketch.from_middle"
    elif mark.distance_km < (1.0 if approximate else 0.1):
        # Nearer than the places are known, a direction would be made up.
        key = "sketch.near"
    else:
        key = "sketch.about" if approximate else "sketch.exact"
    return words.say(
        key,
        number=mark.number,
        km=km_words(mark.distance_km, language),
        direction=words.say(f"compass.{_COMPASS[round(mark.bearing / 45) % 8]}"),
    )


def _tag(form: str, *values: object) -> Markup:
    """Markup with values in it: numbers as they are, texts escaped."""
    safe = [value if isinstance(value, int | float) else escape(value) for value in values]
    return Markup(form.format(*safe))  # noqa: S704  (every text is escaped above)


def _frame(sketch: Sketch, north: str, language: ReaderLanguage) -> Iterator[Markup]:
    """Rings, or the bar of the scale; home; north."""
    for ring in reversed(sketch.rings):
        yield _tag(
            '<circle class="sketch-ring" cx="{0:g}" cy="{0:g}" r="{1:.1f}" fill="none" stroke="{2}"'
            ' stroke-width="1.5" stroke-dasharray="2 4" stroke-linecap="round"/>',
            MIDDLE,
            ring.radius,
            LINE,
        )
    for ring in sketch.rings:
        if ring.label:
            yield _label(*ring.label, km_words(ring.km, language), "sketch-km", sketch.lettering)
    if sketch.home:
        yield _tag(
            '<polygon class="sketch-home" points="{}" fill="{}"/>', _points(HOUSE_CORNERS), INK
        )
    else:
        x, y = BAR
        yield _tag(
            '<path class="sketch-bar" d="M{0:g} {1:g}v-6m0 6h{2:.1f}v-6" fill="none" stroke="{3}"'
            ' stroke-width="2"/>',
            x,
            y,
            sketch.bar,
            INK,
        )
        yield _label(
            x + sketch.bar / 2,
            y - 2 - sketch.lettering * 0.7,
            km_words(sketch.bar_km, language),
            "sketch-km",
            sketch.lettering,
        )
    x, tip, letter = NORTH
    corners = ((x, tip), (x + 7, tip + 18), (x, tip + 14), (x - 7, tip + 18))
    yield _tag('<polygon class="sketch-north" points="{}" fill="{}"/>', _points(corners), INK)
    yield _label(
        x, letter + sketch.lettering / 2, north, "sketch-north", sketch.lettering, bold=True
    )


def _leader(mark: Mark) -> Markup:
    return _tag(
        '<path class="sketch-leader" d="M{:.1f} {:.1f}L{:.1f} {:.1f}" stroke="{}" stroke-width="2"/>'
        '<circle class="sketch-dot" cx="{:.1f}" cy="{:.1f}" r="4" fill="{}"/>',
        *(mark.x, mark.y, mark.label_x, mark.label_y, INK),
        *(mark.x, mark.y, INK),
    )


def _mark(mark: Mark, size: float, language: ReaderLanguage) -> Iterator[Markup]:
    if mark.beyond:
        yield _tag('<polygon class="sketch-far" points="{}" fill="{}"/>', _points(mark.arrow), INK)
        yield _label(mark.km_x, mark.km_y, km_words(mark.distance_km, language), "sketch-km", size)
    # A place known only by its postcode has a broken edge.
    edge = ' stroke-dasharray="5 3"' if mark.approximate else ""
    fill, number = (GROUND, INK) if mark.approximate else (INK, "#ffffff")
    yield _tag(
        f'<circle class="sketch-disc" cx="{{:.1f}}" cy="{{:.1f}}" r="{{:g}}" fill="{{}}" stroke="{{}}"'
        f' stroke-width="2"{edge}/>',
        *(mark.label_x, mark.label_y, mark.disc, fill, INK),
    )
    yield _tag(
        '<text class="sketch-number" x="{:.1f}" y="{:.1f}" font-size="{:g}" font-weight="700"'
        ' fill="{}">{}</text>',
        *(
            mark.label_x,
            mark.label_y + mark.disc * 0.45,
            round(mark.disc * 1.3, 2),
            number,
            mark.number,
        ),
    )


def _label(x: float, y: float, text: str, name: str, size: float, *, bold: bool = False) -> Markup:
    """A text with a rim in the colour of the ground, so that rings do not run through it."""
    return _tag(
        '<text class="{}" x="{:.1f}" y="{:.1f}" font-size="{:g}" font-weight="{}" fill="{}" stroke="{}"'
        ' stroke-width="5" stroke-linejoin="round" paint-order="stroke">{}</text>',
        *(name, x, y + size * 0.34, round(size, 2), 700 if bold else 400, INK, GROUND, text),
    )


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
