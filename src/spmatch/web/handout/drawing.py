"""The map sketch, drawn on a sheet of paper: the same one that the page shows."""

from __future__ import annotations

from collections.abc import Callable

from spmatch.web.handout.sheet import MM_PER_POINT, Sheet
from spmatch.web.sketch import GROUND, INK, LINE, Mark, Sketch, km_words
from spmatch.web.sketch_layout import BAR, FRAME, HOUSE_CORNERS, MIDDLE, NORTH
from spmatch.wording import ReaderLanguage

Point = tuple[float, float]


def draw_sketch(
    sheet: Sheet,
    sketch: Sketch,
    x: float,
    y: float,
    side: float,
    north: str,
    language: ReaderLanguage,
) -> None:
    """Draw a map sketch in a square of so many millimetres."""
    pdf, mm = sheet.pdf, side / FRAME
    size = sketch.lettering * mm / MM_PER_POINT

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return x + point[0] * mm, y + point[1] * mm

    pdf.set_fill_color(GROUND)
    pdf.rect(x, y, side, side, style="F", round_corners=True, corner_radius=12 * mm)
    pdf.set_draw_color(LINE)
    pdf.set_line_width(0.3)
    pdf.set_dash_pattern(dash=0.6, gap=0.9)
    for ring in sketch.rings:
        pdf.circle(*at((MIDDLE, MIDDLE)), ring.radius * mm, style="D")
    pdf.set_dash_pattern()
    for ring in sketch.rings:
        if ring.label:
            sheet.centred(km_words(ring.km, language), *at(ring.label), size, halo=True)
    pdf.set_fill_color(INK)
    if sketch.home:
        pdf.polygon([at(corner) for corner in HOUSE_CORNERS], style="F")
    else:
        left, bottom = BAR
        pdf.set_draw_color(INK)
        corners = [(left, bottom - 6), (left, bottom), (left + sketch.bar, bottom)]
        pdf.polyline([at(one) for one in (*corners, (left + sketch.bar, bottom - 6))], style="D")
        middle = (left + sketch.bar / 2, bottom - 2 - sketch.lettering * 0.7)
        sheet.centred(km_words(sketch.bar_km, language), *at(middle), size)
        pdf.set_fill_color(INK)
    pole, tip, letter = NORTH
    arrow = [(pole, tip), (pole + 7, tip + 18), (pole, tip + 14), (pole - 7, tip + 18)]
    pdf.polygon([at(corner) for corner in arrow], style="F")
    sheet.centred(north, *at((pole, letter + sketch.lettering / 2)), size, bold=True)
    pdf.set_draw_color(INK)
    for mark in sketch.marks:
        if mark.moved:
            pdf.set_line_width(0.4)
            pdf.line(*at((mark.x, mark.y)), *at((mark.label_x, mark.label_y)))
            pdf.set_fill_color(INK)
            pdf.circle(*at((mark.x, mark.y)), 4 * mm, style="F")
    for mark in sketch.marks:
        _draw_mark(sheet, mark, at, mm, size, language)


def _draw_mark(
    sheet: Sheet,
    mark: Mark,
    at: Callable[[Point], Point],
    mm: float,
    size: float,
    language: ReaderLanguage,
) -> None:
    pdf, radius = sheet.pdf, mark.disc * mm
    middle = at((mark.label_x, mark.label_y))
    if mark.beyond:
        pdf.set_fill_color(INK)
        pdf.polygon([at(corner) for corner in mark.arrow], style="F")
        text = km_words(mark.distance_km, language)
        sheet.centred(text, *at((mark.km_x, mark.km_y)), size, halo=True)
    if not mark.approximate:
        sheet.disc(str(mark.number), *middle, radius, size * 1.15)
        return
    # A place known only by its postcode has a broken edge.
    pdf.set_fill_color(GROUND)
    pdf.set_draw_color(INK)
    pdf.set_line_width(0.5)
    pdf.set_dash_pattern(dash=1.4, gap=0.8)
    pdf.circle(*middle, radius, style="DF")
    pdf.set_dash_pattern()
    sheet.centred(str(mark.number), *middle, size * 1.15, bold=True)
