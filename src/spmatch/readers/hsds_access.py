"""HSDS accessibility to access facts: the codes of HSDS 1.1, and a few phrases of prose.

Prose is read conservatively. A fact is taken only from a sentence that states it without a word
that may turn or narrow it, and not at all when another sentence about the same thing has such a
word. Nothing is ever read as "no".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spmatch.activity import Access
from spmatch.readers.prose import plain_text
from spmatch.readers.stated import Findings, Record, text_of
from spmatch.words import AccessKey

# A ramp is not step-free access: it says that there is a ramp, not that no step is left on the way.
# A TTY, a wheelchair van and recordings on CD say nothing that an access key means.
_CODES: dict[str, AccessKey | None] = {
    "cd": None,
    "deaf_interpreter": "sign_language",
    "disabled_parking": "accessible_parking",
    "elevator": "lift",
    "ramp": None,
    "restroom": "accessible_toilet",
    "tape_braille": "visual_support",
    "tty": None,
    "wheelchair": "wheelchair",
    "wheelchair_van": None,
}

_TOILET = r"(?:toilets?|restrooms?|rest rooms?|bathrooms?|washrooms?|wcs?)"
_ADAPTED = r"(?:wheelchair[ -]accessible|disabled|accessible|adapted)"

# In this order, each phrase taken out before the next is looked for: a "wheelchair accessible
# toilet" says nothing of the rest of the building.
_WORDED: tuple[tuple[AccessKey, str], ...] = (
    (
        "accessible_toilet",
        rf"\b{_ADAPTED} {_TOILET}\b|\b{_TOILET} (?:is|are) (?:wheelchair[ -])?accessible\b"
        rf"|\bchanging places toilet\b|\b{_TOILET} for (?:disabled|wheelchair)\b",
    ),
    (
        "accessible_parking",
        rf"\b(?:{_ADAPTED}|blue badge) (?:car )?parking\b"
        r"|\bparking for (?:disabled|blue badge|wheelchair)\b",
    ),
    ("hearing_loop", r"\b(?:audio )?(?:induction|hearing) loops?\b"),
    ("step_free", r"\bstep[ -]free\b|\blevel access\b"),
    (
        "wheelchair",
        r"\bwheelchair[ -](?:access(?:ible)?|friendly)\b"
        r"|\baccess(?:ible)? (?:for|to|by) (?:all )?wheelchairs?\b",
    ),
    ("lift", r"\belevators?\b|\blifts?\b"),
)
_PHRASES = tuple((key, re.compile(pattern, re.IGNORECASE)) for key, pattern in _WORDED)
_TURNS = re.compile(
    r"\b(?:no|not|non|nor|never|none|without|unable|cannot|unfortunately|lack\w*|limited|only|part(?:ly|ial\w*)"
    r"|some|few|most|restricted|except|apart from|unless|but|broken|out of order|repairs?|planned|planning"
    r"|soon|will|may|might|should|unsuitable|inaccessible|difficult\w*|narrow|nearest|nearby|next door"
    r"|contact|ask|call|enquire|unknown|unsure)\b|n['’]t\b|\?",
    re.IGNORECASE,
)
# "Lift" is also a ride, and what one does to weights.
_OTHER_LIFT = re.compile(
    r"\b(?:giv\w+|offer\w*|get|need\w*|want\w*|arrang\w+|shar\w+|weights?|heavy) (?:\w+ ){0,2}lifts?\b"
    r"|\blifts? (?:to and from|home|shar\w+|weights?|heavy)|\b(?:to|can|you) lift\b|\bweights?\b"
    r"|\b(?:stair|chair) lifts?\b",
    re.IGNORECASE,
)


def access_of(entries: Sequence[Record], findings: Findings) -> Access | None:
    """The access facts of a location's accessibility entries; ``None`` when they state none."""
    facts: dict[AccessKey, bool] = {}
    prose: list[str] = []
    for entry in entries:
        inside = findings.within(entry, "accessibility")
        stated = text_of(entry, "accessibility", inside)
        codes = re.split(r"[,;|]\s*", stated.casefold()) if stated else []
        if all(code.strip() in _CODES for code in codes):
            facts.update({key: True for code in codes if (key := _CODES[code.strip()])})
        elif stated:
            prose.append(stated)
        prose += filter(
            None, (text_of(entry, "description", inside), text_of(entry, "details", inside))
        )
    facts.update(dict.fromkeys(access_keys(prose), True))
    return Access.model_validate(facts) if facts else None


def access_keys(prose: Sequence[str]) -> list[AccessKey]:
    """The keys that the texts state to be there, in a fixed order."""
    stated: set[AccessKey] = set()
    unclear: set[AccessKey] = set()
    for text in prose:
        for sentence in re.split(r"(?<=[.!?;])\s+|\n+", plain_text(text)):
            rest, turned = sentence, bool(_TURNS.search(sentence))
            for key, pattern in _PHRASES:
                if key == "lift" and _OTHER_LIFT.search(rest):
                    continue
                if pattern.search(rest):
                    (unclear if turned else stated).add(key)
                    rest = pattern.sub(" ", rest)
    return [key for key, _ in _PHRASES if key in stated - unclear]
