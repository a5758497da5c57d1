"""One page for the person to take home: the picked activities in plain words, a map, room for notes.

It may lie on the seat of a bus: it holds no name, and nothing that was written about the person.
"""

from __future__ import annotations

from spmatch.web.handout.calendar import calendar_of
from spmatch.web.handout.content import MOST, Handout, Offer, handout_of
from spmatch.web.handout.message import plain_text_of
from spmatch.web.handout.pdf import pdf_of

__all__ = ["MOST", "Handout", "Offer", "calendar_of", "handout_of", "pdf_of", "plain_text_of"]
