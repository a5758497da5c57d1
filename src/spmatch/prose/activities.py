"""Words for what people come together to do, so that a price or a time is known to be of that."""

from __future__ import annotations

import re
from functools import lru_cache

from spmatch.prose.passages import TextLanguage

# Danish says what it is at the end of the word ("stavgang", "mandagscaféen", "sorggruppen").
_DANISH = re.compile(
    r"(?:\w*(?:hold|café|cafe|klub|kursus|kurs|forløb|kor|gruppe|træning|dans|gymnastik|yoga"
    r"|pilates|sang"
    r"|spisning|værksted|kreds|netværk|spil|bold|aften|formiddag|eftermiddag|morgen|hygge|motion"
    r"|samtale|workshop|undervisning|tennis|svømning|banko|bridge|skak|quiz|bingo|whist|strik"
    r"|hækling"
    r"|læsning|sejlads|vandring|møde|træf|samvær|tilbud|aktivitet|arrangement|foredrag|højskole"
    r"|(?:gå|cykel|vandre|natur|løbe|hunde|kano|motions)tur|løb|cykling|legestue|forum|matiné"
    r"|zumba|fitness|boccia|petanque|krocket|billard"
    r"|keramik|akvarel|maling|tegning|håndarbejde|broderi|syning|madlavning|bagning|meditation"
    r"|mindfulness"
    r"|teater|drama|musik|jam|orkester|improv|linedance|folkedans|tango|salsa|boksning|judo|karate"
    r"|gang(?<!adgang)(?<!indgang)(?<!opgang)(?<!udgang)(?<!afgang)(?<!\bgang)"
    r"|ro(?:ning)?(?<!\bro)"
    r"|læsekreds|havearbejde|snedkeri|træværksted|lektiehjælp|sprogtræning|aerobic|tai chi"
    r"|qi ?gong"
    r"|scrapbooking|krea|cirkel|stolerækker|åbent hus|rollespil|brætspil|kortspil|dart|minigolf"
    r"|golf)"
    r"(?:s?en|s?et|s?er|erne|ene|e|s|n|t|r|ne|ter|terne|ten|met|mene|men|ben|ber|ten|set)?)(?!\w)"
    r"|\b(?:vi|os|deltager\w*|mødes|samles|synger|træner|strikker|danser|spiller|maler|går tur)\b"
)
_PLAIN_ENGLISH = (
    r"meets?|gathers?|rehearses?|takes? place|class(?:es)?|sessions?|groups?|clubs?|choirs?"
    r"|caf[eé]s?|courses?|workshops?|circles?|meet-?ups?"
    r"|gatherings?|rehearsals?|practices?|socials?|get-?togethers?|drop-?ins?|lessons?"
    r"|programmes?|programs?"
    r"|yoga|pilates|tai chi|qi ?gong|zumba|aerobics|gym|bingo|bridge|chess|whist|cribbage"
    r"|dominoes|scrabble"
    r"|cards|games?|quiz(?:zes)?|crafts?|arts?|pottery|ceramics|choral|ukulele|guitar|orchestra"
    r"|band|jam"
    r"|drama|theatre|theater|dance|ballet|tango|salsa|football|soccer|basketball|badminton"
    r"|tennis|bowls"
    r"|boccia|curling|netball|cricket|cookery|lunch club|supper club|coffee mornings?|book group"
    r"|book club"
    r"|walks?|rambles?|hikes?|runs?|rides?|swims?|natter|knit|crochet|sew|sheds?|gardens?"
    r"|allotments?"
    r"|support|meditation|mindfulness|activit(?:y|ies)|events?|meetings?|evenings?|mornings?"
    r"|afternoons?"
    r"|nights?|playgroup|league|team|squad|society|stretch|tea dance|ceilidh|table ?tennis"
    r"|ping pong|pool"
    r"|snooker|skills|conversation|language|english|spanish|french|craft|judo|karate|suppers?"
    r"|potluck|brunch|screenings?|films?|keep[- ]fit|exercise"
)
# A doing is written with -ing, but so are a building, a morning and parking.
_ENGLISH = re.compile(
    rf"\b(?:{_PLAIN_ENGLISH}"
    r"|(?!(?:build|park|open|clos|clean|book|wedd|ceil|noth|someth|anyth|everyth|dur|be|spr|k|r"
    r"|br|str|th"
    r"|hous|plann|hear|view|board|feel|be|hav|do|go|com|tak|mak|giv|gett|us|run|start|beginn"
    r"|charg|cost"
    r"|pay|serv|deliver|collect|ring|call|phon|land|heat|light|cater|shipp|clos|includ|follow"
    r"|accord"
    r"|regard|concern|visit|wait|shower|vend|wash|rent|hir|lett|sell|buy|trad|shopp|recycl"
    r"|funer)ing\b)"
    r"\w{2,}ing)\b|\b(?:we|us|our)\b"
)


def does(folded: str, language: TextLanguage) -> bool:
    """Whether a folded text names something that people do together, or speaks of us who do it."""
    return (_DANISH if language == "da" else _ENGLISH).search(folded) is not None


@lru_cache(4_096)
def is_activity(word: str, language: TextLanguage) -> bool:
    """Whether one folded word is such a name."""
    return (_DANISH if language == "da" else _ENGLISH).fullmatch(word) is not None
