"""Accessibility out of prose: what is there, and what is said not to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spmatch.prose.access_words import DANISH, ENGLISH
from spmatch.prose.doubts import doubts
from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage
from spmatch.prose.statements import Reading, agreed, read_statements

_RULES = {"da": DANISH, "en": ENGLISH}

# Hoped for, asked for, on request, in part, broken, past, somewhere else, or what it is all about.
_SILENCED = {
    "da": doubts(
        "da",
        "past",
        "future",
        "passing",
        "story",
        "vague",
        "part",
        extra=r"kommer der|der kommer|aflåst|låst|skaffe\w*|lånes?|foredrag om|taler om|snak om"
        r"|tale om"
        r"|bog|bøger|byer|film|kurs\w*|lær|lære|lærer|undervis\w*|sport|rugby|kun til|ring"
        r"|ringer|spørg\w*"
        r"|hvis (?:du (?:har|skal)|man|i|vi|nogen|det er)|såfremt|med ?mindre"
        r"|kontakt\w*|skriv|giv besked|giv lyd|sig til|sig det|på forespørgsel|efter aftale"
        r"|efter behov|hør"
        r"|hør til|bestil\w*|rekvirer\w*|har du brug|ved behov|er du|endnu|stadig ikke"
        r"|elevatortale"
        r"|elevatormusik|kan (?:skaffes|stilles|ordnes|arrangeres)|nabo\w*|men ikke (?:i|på|til)"
        r"|kun (?:elevator"
        r"|handicap|teleslynge)\w*|bede? om|men det\b[^.]{0,40}\bikke|genbo\w*|overfor"
        r"|over for"
        r"|supermarked\w*|rådhuset|nærmeste (?:handicap\w*|elevator\w*|toilet\w*)|scenen|balkon\w*"
        r"|omklædning\w*|hotel\w*|på (?:stationen|banegården|sygehuset)|søger|søg|vores andre"
        r"|det andet|ikke råd|behøver ikke|tager ikke"
        r"|hos (?:kommunen|lægen)|ved siden af os",
    ),
    "en": doubts(
        "en",
        "past",
        "future",
        "passing",
        "story",
        "vague",
        "part",
        extra=r"(?:is|are) limited|but (?:not|none) (?:in|on|to|at)|can be (?:set|arranged"
        r"|borrowed|made|put|lent)|locked"
        r"|arrange\w*|love|loves|talks?(?! back)|spirits?|towns"
        r"|closed|book about|novel"
        r"|ask|asked|ring|call|contact|phone|email|request\w*|let us know|tell us|in advance"
        r"|notice"
        r"|if (?:you (?:need|have|use|require|are|can|want|would)|anyone|needed|required"
        r"|necessary|we)"
        r"|yet|learn\w*|teach\w*|lessons|weights?|share|shares|home|check|rugby|borrow (?:a "
        r"|our )?wheel\w*|to hire"
        r"|nearest (?:accessible|disabled|lift|elevator|toilets?|loo)|next door"
        r"|across the (?:road|street)"
        r"|opposite (?:has|have)|supermarket|town hall|stage|balcony|hotel|station has"
        r"|at the station"
        r"|other (?:venue|site|building|branch)|our other|elsewhere|afford|will only|attendant"
        r"|operator"
        r"|pitch|music|training|awareness|(?:give|gives|giving|need|needs|want|get|gets|hitch"
        r"|offer) (?:\w+ ){0,3}a lift|lifts? (?:home|to town)|campaign\w*|fight(?:ing)?|lobby\w*"
        r"|lift[- ]shar\w*|give you a lift",
    ),
}

_SOME_TIMES = re.compile(r"\b(?:first|second|third|last|every other|første|anden|tredje|sidste) ")
_PAUSE = re.compile(r"[.,;:!?()]| - ")
_PART = re.compile(
    r"\b(?:toilet\w*|wc|loos?|restrooms?|bathrooms?|(?:mini)?bus(?:ses|sen|serne)?|taxi\w*|tog"
    r"|trains?|trams?"
    r"|vehicles?|scenen?|stage|playground|køkken\w*|kitchen|haven|garden|website|hjemmeside\w*)\b"
)


def access_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The keys of accessibility that the sentences state."""
    read = read_statements(sentences, _RULES[language], language, _SILENCED[language])
    return agreed(one for one in read if not _is_of_a_part(one))


def _is_of_a_part(one: Reading) -> bool:
    """Whether it is the toilet, the bus or the path that a wheelchair gets into, not the place."""
    if one.field == "access.sign_language" and _SOME_TIMES.search(one.sentence.folded):
        return True
    if one.field not in ("access.wheelchair", "access.step_free"):
        return False
    before = _PAUSE.split(one.sentence.folded[: one.start])[-1]
    return _PART.search(before) is not None
