"""A sheet of paper to write on: text in lines, measured before it is drawn. Millimetres and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fpdf import FPDF

from spmatch.web.handout.easy import tied
from spmatch.web.handout.typeface import FAMILY, printable
from spmatch.web.sketch import GROUND, INK, LINE

MM_PER_POINT = 25.4 / 72
CHARACTERS_MOST = 200
"""More than a line ever holds: what is longer is not even measured."""
LEADING = 1.25
"""Distance of lines, in heights of a letter."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: its size in points, and the gap above it in millimetres."""

    text: str
    size: float
    bold: bool = False
    link: str = ""
    label: str = ""
    gap: float = 0.0
    grey: bool = False

    @property
    def height(self) -> float:
        """Millimetres, with the gap."""
        return self.size * MM_PER_POINT * LEADING + self.gap


class Sheet:
    """Measures and draws on one page of a document."""

    def __init__(self, pdf: FPDF) -> None:
        self.pdf = pdf
        self._widths: dict[tuple[str, bool], float] = {}

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Millimetres that a text takes in one line."""
        # Widths grow with the size, and the same words are measured at every size that is tried.
        if (text, bold) not in self._widths:
            self.pdf.set_font(FAMILY, "B" if bold else "", 100)
            self._widths[text, bold] = float(self.pdf.get_string_width(text)) / 100
        return self._widths[text, bold] * size

    def lines(
        self,
        text: str,
        width: float,
        size: float,
        *,
        most: int = 99,
        bold: bool = False,
        link: str = "",
        label: str = "",
        gap: float = 0.0,
        grey: bool = False,
    ) -> list[Line]:
        """A text in lines no wider than ``width``; after ``most`` of them an ellipsis ends it.

        ``label`` and ``gap`` go with the first line.
        """
        most_characters = min(most, 40) * CHARACTERS_MOST
        words = printable(tied(text[:most_characters])).split(" ")
        texts = self._broken(words, width, size, bold)
        if len(texts) > most:
            texts = [*texts[: most - 1], self._cut(texts[most - 1], width, size, bold)]
        return [
            Line(one, size, bold, link, "" if number else label, 0.0 if number else gap, grey)
            for number, one in enumerate(texts)
        ]

    def _broken(self, words: Sequence[str], width: float, size: float, bold: bool) -> list[str]:
        lines: list[str] = []
        line, taken = "", 0.0
        blank = self.width(" ", size, bold=bold)
        for word in filter(None, words):
            wide = self.width(word, size, bold=bold)
            if line and taken + blank + wide <= width:
                line, taken = f"{line} {word}", taken + blank + wide
                continue
            if line:
                lines.append(line)
            # A word wider than the column (an address of the web) is broken where it must be.
            while (taken := self.width(word, size, bold=bold)) > width and len(word) > 1:
                fits = len(word) - 1
                while fits > 1 and self.width(word[:fits], size, bold=bold) > width:
                    fits -= 1
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        return [*lines, line] if line else lines

    def _cut(self, text: str, width: float, size: float, bold: bool) -> str:
        while text and self.width(f"{text}…", size, bold=bold) > width:
            text = text[:-1]
        return text.rstrip(" ,;:.–-") + "…"

    def write(self, line: Line, x: float, y: float, *, colour: str = INK) -> float:
        """Draw a line with its top at ``y`` and give the ``y`` of the next one."""
        self.pdf.set_font(FAMILY, "B" if line.bold else "", line.size)
        self.pdf.set_text_color(colour)
        self.pdf.set_xy(x, y + line.gap)
        width = self.pdf.get_string_width(line.text) + 0.1
        self.pdf.cell(width, line.height - line.gap, line.text, link=line.link)
        return y + line.height

    def centred(self, text: str, x: float, y: float, size: float, **how: object) -> None:
        """Draw a text with its middle at a point."""
        bold = bool(how.get("bold"))
        width = self.width(text, size, bold=bold)
        colour = str(how.get("colour", INK))
        height = size * MM_PER_POINT * LEADING
        if how.get("halo"):
            # The ground behind the letters, so that no ring runs through them.
            self.pdf.set_fill_color(GROUND)
            self.pdf.rect(x - width / 2 - 0.6, y - height / 2, width + 1.2, height, style="F")
        self.write(Line(text, size, bold), x - width / 2, y - height / 2, colour=colour)

    def rule(
        self, x: float, y: float, width: float, *, colour: str = LINE, mm: float = 0.25
    ) -> None:
        """A line across."""
        self.pdf.set_draw_color(colour)
        self.pdf.set_line_width(mm)
        self.pdf.line(x, y, x + width, y)

    def disc(self, text: str, x: float, y: float, radius: float, size: float) -> None:
        """A number in a filled disc."""
        self.pdf.set_fill_color(INK)
        self.pdf.circle(x, y, radius, style="F")
        self.centred(text, x, y, size, bold=True, colour="#ffffff")
