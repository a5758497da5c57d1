"""The handout as a PDF of one A4 page, in letters as large as what it says allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fpdf import FPDF

from spmatch.web.handout.content import MOST, Handout, Offer
from spmatch.web.handout.drawing import draw_sketch
from spmatch.web.handout.sheet import MM_PER_POINT, Line, Sheet
from spmatch.web.handout.typeface import GAP, add_fonts, printable
from spmatch.web.sketch import INK

PAGE = (210.0, 297.0)
MARGIN = 14.0
BOTTOM = PAGE[1] - 11.0
WIDTH = PAGE[0] - 2 * MARGIN
INDENT = 11.0
"""Room for the number before each offer."""
FACTS = 84.0
"""Width of the column with when, where, price and whom to ring."""
GUTTER = 6.0
LABEL_GAP = 2.5
NOTES_LEAST = 14.0
SMALLEST = 11.0
"""Points; nothing on the page is set smaller."""
MAP_LEAST, MAP_MOST = 40.0, 92.0
"""Side of the map in millimetres. A smaller one could not hold its letters: there is none then."""
ACCENT = "#0b565c"
LINE_TEXT = "#4a5462"
"""Contrast with white: 8.2 and 7.6."""


@dataclass(frozen=True, slots=True)
class Level:
    """How large, and how much: size of the text in points, the most characters of a description, the
    least height of the foot in millimetres, the most lines of every other text, whether what to ask is
    said, and whether provider and what is good to know are."""

    size: float
    what: int
    foot: float
    lines: int = 3
    asks: bool = True
    tells: bool = True


FEW = (
    Level(15, 420, 92),
    Level(14.5, 380, 88),
    Level(14, 340, 84),
    Level(13.5, 300, 78),
    Level(13, 260, 74),
    Level(12.5, 230, 70),
    Level(12, 200, 66),
    Level(12, 150, 60),
    Level(12, 110, 54, 2),
    Level(12, 80, 24, 2),
    Level(12, 60, 24, 2, asks=False),
    Level(12, 0, 22, 1, asks=False, tells=False),
)
"""Up to three offers: never below 12 points."""
MANY = (
    Level(13.5, 280, 78),
    Level(13, 240, 74),
    Level(12.5, 210, 70),
    Level(12, 180, 66),
    Level(11.5, 160, 64),
    Level(11, 140, 64),
    Level(11, 110, 62),
    Level(11, 90, 58, 2),
    Level(11, 110, 36, 2),
    Level(11, 80, 22, 2),
    Level(11, 80, 22, 2, asks=False),
    Level(11, 0, 22, 2, asks=False),
    Level(11, 0, 22, 1, asks=False, tells=False),
)


@dataclass(frozen=True, slots=True)
class _Block:
    """One offer in lines: the head across, then two columns."""

    head: list[Line]
    told: list[Line]
    facts: list[Line]

    @property
    def height(self) -> float:
        return _height(self.head) + max(_height(self.told), _height(self.facts))


def pdf_of(handout: Handout) -> bytes:
    """The handout as PDF: one page, whatever it says.

    Letters shrink first, within bounds; then descriptions are shortened, then what else can be missed.
    Equal handouts give equal bytes. The text can be selected; telephone and web are links.
    """
    pdf = FPDF(format="A4", unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_margins(MARGIN, MARGIN, MARGIN)
    pdf.c_margin = 0
    pdf.add_page()
    add_fonts(pdf, printable(_every_letter(handout)))
    pdf.set_lang(handout.language)
    pdf.set_title(handout.words.say("title"))
    pdf.set_producer("spmatch")
    pdf.set_creation_date(datetime(handout.on.year, handout.on.month, handout.on.day, tzinfo=UTC))
    sheet = Sheet(pdf)

    top = _head(sheet, handout)
    levels = FEW if len(handout.offers) <= 3 else MANY
    for level in levels:
        blocks = [_block(sheet, offer, handout, level) for offer in handout.offers]
        room = BOTTOM - level.foot - top
        gap = _gap(level)
        needed = sum(block.height + gap for block in blocks)
        if needed <= room:
            break
    spare = max(0.0, room - needed)
    # What is left over first lets the offers breathe; the notes take the rest.
    gap += min(4.0, spare / (2 * max(1, len(blocks))))
    y = top
    for offer, block in zip(handout.offers, blocks, strict=True):
        y = _draw(sheet, offer, block, y, gap)
    _foot(sheet, handout, y + 1.0)
    return bytes(pdf.output())


def _gap(level: Level) -> float:
    return level.size * 0.28


def _height(lines: Sequence[Line]) -> float:
    return sum(line.height for line in lines)


def _head(sheet: Sheet, handout: Handout) -> float:
    """Title, date and what it is about; gives where the offers begin."""
    size = 26.0 if len(handout.offers) <= 3 else 21.0
    title = Line(handout.words.say("title"), size, bold=True)
    bottom = sheet.write(title, MARGIN, MARGIN - 4, colour=ACCENT)
    date = handout.date
    at = PAGE[0] - MARGIN - sheet.width(date, SMALLEST + 1)
    sheet.write(Line(date, SMALLEST + 1), at, bottom - 7.2)
    if len(handout.offers) < MOST - 1:
        lead = 13.0 if len(handout.offers) <= 3 else SMALLEST
        for line in sheet.lines(handout.words.say("lead"), WIDTH, lead):
            bottom = sheet.write(line, MARGIN, bottom)
    return bottom + 2.0


def _block(sheet: Sheet, offer: Offer, handout: Handout, level: Level) -> _Block:
    say, size, most = handout.words.say, level.size, level.lines
    told_width = WIDTH - INDENT - FACTS - GUTTER
    labels = ("label.when", "label.where", "label.price", "label.phone", "label.email", "label.web")
    indent = max(sheet.width(say(key), size, bold=True) for key in labels) + LABEL_GAP
    width = FACTS - indent

    few = len(handout.offers) <= 3
    title_width = WIDTH - INDENT if few else told_width
    title = sheet.lines(offer.title, title_width, size + 3, most=min(2, most), bold=True)
    # With many offers the title stands in its column, so that the facts begin beside it.
    head, told = (title, []) if few else ([], title)
    if level.tells and offer.provider and offer.provider != offer.title:
        told += sheet.lines(offer.provider, told_width, size, most=min(2, most), grey=True)
    if level.what:
        told += sheet.lines(offer.what(level.what), told_width, size)
    if level.tells:
        know = " ".join(offer.good_to_know)
        told += sheet.lines(know, told_width, size, most=most + 1, gap=1.0)
    if level.asks and offer.questions:
        asked = f"{say('label.ask')} {' '.join(offer.questions)}"
        told += sheet.lines(asked, told_width, size, most=most, gap=1.0)

    facts = _contact(sheet, offer, handout, width, level)
    when = _fewer(offer.when, most + 1, say("when.more"))
    for number, text in enumerate(when):
        first = say("label.when") if not number else ""
        facts += sheet.lines(text, width, size, most=min(2, most), label=first, gap=0.6)
    for label, text in (("label.where", ", ".join(offer.where)), ("label.price", offer.price)):
        facts += sheet.lines(text, width, size, most=most, label=say(label), gap=0.6)
    return _Block(head, told, facts)


def _contact(
    sheet: Sheet, offer: Offer, handout: Handout, width: float, level: Level
) -> list[Line]:
    say, size = handout.words.say, level.size
    lines: list[Line] = []
    if offer.phone:
        label = say("label.phone")
        # The number is what is looked for on the page: it is the largest of the facts.
        lines += sheet.lines(
            offer.phone, width, size + 2.5, most=1, bold=True, link=offer.call, label=label
        )
    if offer.email and not offer.phone:
        link, label = offer.write, say("label.email")
        lines += sheet.lines(offer.email, width, size, most=2, link=link, label=label)
    if offer.url and not lines:
        label = say("label.web")
        lines += sheet.lines(offer.web, width, size, most=2, link=offer.url, label=label)
    if not lines:
        label = say("label.phone")
        lines += sheet.lines(say("contact.none"), width, size, most=2, label=label)
    return lines


def _fewer(texts: tuple[str, ...], most: int, more: str) -> tuple[str, ...]:
    return texts if len(texts) <= most else (*texts[: most - 1], more)


def _draw(sheet: Sheet, offer: Offer, block: _Block, y: float, gap: float) -> float:
    """Draw one offer from ``y`` on, under a rule; gives where the next one begins."""
    sheet.rule(MARGIN, y, WIDTH)
    y += gap / 2
    first = (block.head or block.told)[0]
    size = first.size
    radius = size * MM_PER_POINT * 0.72
    middle = y + first.height / 2
    sheet.disc(str(offer.number), MARGIN + radius, middle, radius, size)
    left, right = MARGIN + INDENT, PAGE[0] - MARGIN - FACTS
    for line in block.head:
        y = sheet.write(line, left, y)
    told = facts = y
    for line in block.told:
        told = sheet.write(line, left, told, colour=LINE_TEXT if line.grey else INK)
    labels = [line for line in block.facts if line.label]
    indent = max(
        (sheet.width(one.label, _label_size(block), bold=True) for one in labels), default=0
    )
    for line in block.facts:
        if line.label:
            # On the same foot as the text beside it, which may be larger.
            size = _label_size(block)
            lower = (line.size - size) * MM_PER_POINT * 0.92
            label = Line(line.label, size, bold=True, gap=line.gap)
            sheet.write(label, right, facts + lower, colour=ACCENT)
        colour = ACCENT if line.link else INK
        facts = sheet.write(line, right + indent + LABEL_GAP, facts, colour=colour)
    return max(told, facts) + gap / 2


def _label_size(block: _Block) -> float:
    return min(line.size for line in block.facts)


def _foot(sheet: Sheet, handout: Handout, top: float) -> None:
    """The map, room for notes, and whom to call."""
    say, bottom = handout.words.say, BOTTOM
    sheet.rule(MARGIN, top, WIDTH)
    helper = bottom - 6.0
    _blank(sheet, say("label.helper"), MARGIN, helper, 108.0)
    _blank(sheet, say("label.helper_phone"), MARGIN + 112.0, helper, WIDTH - 112.0)
    said = [say("foot"), handout.missing_words]
    if printable(_every_letter(handout)).count(GAP) > _every_letter(handout).count(GAP):
        said.append(say("gap", gap=GAP))
    closing = sheet.lines(" ".join(filter(None, said)), WIDTH, SMALLEST)
    floor = helper - 5.0 - _height(closing)
    y = floor
    for line in closing:
        y = sheet.write(line, MARGIN, y)

    left, side = MARGIN, min(floor - top - 5.0, MAP_MOST)
    if side >= MAP_LEAST and handout.sketch():
        # Letters on the map are as large as on the page, however small the map is.
        lettering = SMALLEST * MM_PER_POINT / (side / 400)
        draw_sketch(
            sheet,
            handout.sketch(lettering),
            MARGIN,
            top + 3.0,
            side,
            say("sketch.north"),
            handout.language,
        )
        left += side + 6.0
    y = top + 2.0
    for line in sheet.lines(
        handout.map_words if left > MARGIN else "", PAGE[0] - MARGIN - left, SMALLEST
    ):
        y = sheet.write(line, left, y)
    if floor - y < NOTES_LEAST:
        return
    y = sheet.write(
        Line(say("label.notes"), SMALLEST + 1, bold=True, gap=1.5), left, y, colour=ACCENT
    )
    y += 7.0
    while y <= floor - 2.0:
        sheet.rule(left, y, PAGE[0] - MARGIN - left)
        y += 8.5


def _blank(sheet: Sheet, label: str, x: float, y: float, width: float) -> None:
    """A label with a line to write on."""
    sheet.write(Line(label, 12.0, bold=True), x, y - 1.0)
    begin = sheet.width(label, 12.0, bold=True) + 2.0
    sheet.rule(x + begin, y + 4.2, width - begin, colour=INK)


def _every_letter(handout: Handout) -> str:
    """All texts that are not our own, for the choice of the fonts."""
    texts = [
        text
        for offer in handout.offers
        for text in (
            *(offer.title, offer.provider, offer.description, offer.price, offer.phone),
            *(offer.email, offer.web, *offer.where),
        )
    ]
    return "\n".join([*texts, GAP, "–…"])
