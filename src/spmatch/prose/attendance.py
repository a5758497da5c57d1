"""How one takes part, out of prose: online, by telephone, at home, or in the room and online."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spmatch.prose.attendance_words import DANISH, ENGLISH
from spmatch.prose.doubts import doubts
from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage
from spmatch.prose.statements import agreed, read_statements
from spmatch.words import Delivery

_RULES = {"da": DANISH, "en": ENGLISH}

_SILENCED = {
    "da": doubts(
        "da",
        "past",
        "future",
        "passing",
        "condition",
        "story",
        "vague",
        "part",
        extra=r"hjemmehjælp\w*|tilmeld\w*|billet\w*|book\w*|køb\w*|betal\w*|bestil\w*|optag\w*"
        r"|live"
        r"|stream\w*|youtube|podcast\w*|se(?:es)? (?:det|den|dem) (?:igen|senere)|læs mere"
        r"|læs om|kalender\w*"
        r"|find(?:es|er)? (?:os|tilmelding|mere|linket|oplysninger|information|dem|det)|ansøg\w*"
        r"|formular\w*|blanket\w*|linse\w*|lær|lære|lærer|hjælp (?:til|med)|sikker\w*"
        r"|(?:første|sidste|anden) (?:gang|møde|aften)|corona\w*|pandemi\w*|nedlukning\w*|(?:kan"
        r"|også) ses|bagefter"
        r"|efter (?:mødet|kurset|du)|webshop|bibliotekets|materiale\w*|hjemmeside\w*|spørg\w*"
        r"|facebook\w*|nyhedsbrev\w*"
        r"|vurder\w*|\w*sygeplejerske\w*|samtale inden|forsamtale\w*|visitation\w*|dating"
        r"|netbank\w*|spil online|onlinespil|handle",
    ),
    "en": doubts(
        "en",
        "past",
        "future",
        "passing",
        "condition",
        "story",
        "vague",
        "part",
        extra=r"sign[ -]?up|signing up|regist\w*|book(?! club| group)(?:s|ing|ings|ed)?|tickets?"
        r"|forms?"
        r"|pay\w*|buy|shop|order|record\w*|stream\w*|youtube|watch|catch up|podcast\w*|lens"
        r"|learn|learning|teach\w*"
        r"|help (?:with|using|to)|how to|apply|application\w*|resources?|read more|find (?:out"
        r"|us)|information|details"
        r"|(?:first|last|second|next) (?:session|meeting|week)|lockdown|pandemic|covid|safety"
        r"|safely|banking|scams?"
        r"|dating|shopping|online library|website|exercises? (?:to do|at)|practi[sc]e|facebook"
        r"|newsletter|include\w*"
        r"|after (?:the|each)|afterwards|calendar|gaming|games? online|catalogue|assess\w*"
        r"|initial|homework|newsletters?"
        r"|induction|nurse|in real life|enquir\w*|questions?|confirm\w*|reminders?",
    ),
}
_HYBRID_FIRST = "hybrid"
# Beside a screen there is a place, or the screen is one way of several.
_ALSO = {
    "da": re.compile(
        r"\b(?:også|eller|både|samtidig\w*|enten|suppler\w*|lokale|salen|sognegård\w*|i huset"
        r"|kirken|biblioteket|klubhus\w*"
        r"|fysisk\w*|fremmøde|på skift|skiftevis|vekslende|aktivitetscent\w*|medborgerhus\w*)\b"
    ),
    "en": re.compile(
        r"\b(?:also|or|both|simultaneous\w*|as well|either|alternat\w*|room \d+|hall|library"
        r"|church|centre|center|synagogue"
        r"|mosque|community house|in[- ]person|face[- ]to[- ]face|on site|onsite|sit with us"
        r"|at the (?!same|end|moment)\w+)\b"
    ),
}


def attendance_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The way of taking part that the sentences state; in the room and online is one way."""
    found = list(read_statements(sentences, _RULES[language], language, _SILENCED[language]))
    both: list[Delivery] = ["online", "hybrid"]
    if any(one.value == _HYBRID_FIRST for one in found) and all(one.value in both for one in found):
        found = [one for one in found if one.value == _HYBRID_FIRST]
    elif found and any(_ALSO[language].search(one.sentence.folded) for one in found):
        return
    yield from agreed(one for one in found if isinstance(one.value, str))
