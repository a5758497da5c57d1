"""What makes a sentence say nothing certain of today: the past, a hope, a condition, a story, a guess.

The same words cast the same doubt on a price, a time and a lift; each kind of fact names the sorts of
doubt that concern it, and adds words of its own.
"""

from __future__ import annotations

import re
from typing import Literal

from spmatch.prose.passages import TextLanguage

Doubt = Literal["past", "future", "passing", "condition", "story", "vague", "rough", "part"]

MONTH = (
    r"(?:jan(?:uar|uary)?|feb(?:ruar|ruary)?|mar(?:ts|ch)?|apr(?:il)?|maj|may|jun[ie]?|jul[iy]?"
    r"|aug(?:ust)?"
    r"|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?!\w)"
)
_SEASON_DA = (
    r"(?:år(?:et)?|sæson(?:en)?|sommer(?:en)?|vinter(?:en)?|forår(?:et)?|efterår(?:et)?|måned|uge)"
)
_SEASON_EN = r"(?:year|season|summer|winter|spring|autumn|fall|month|week|term)"

_WORDS: dict[TextLanguage, dict[Doubt, str]] = {
    "da": {
        "past": (
            rf"tidl(?:igere|\.)|før i tiden|førhen|dengang|engang|oprindeligt?|hidtil|i fjor"
            rf"|i gamle dage"
            rf"|sidste {_SEASON_DA}|plejede|var|havde|blev|kostede|mødtes|fandtes|gik|kunne|skulle"
            rf"|i (?:19|20)\d\d|for (?:\w+ )?(?:år|længe) siden|afskaffe\w*|nedlagt|ophør\w*"
        ),
        "future": (
            rf"snart|næste {_SEASON_DA}|nytår|fra (?:den )?\d{{1,2}}\. ?\w+"
            rf"|fra (?:og med )?{MONTH}"
            rf"|fra (?:foråret|efteråret|sommeren|\d{{4}})|til (?:foråret|efteråret|sommer"
            rf"|vinter|næste"
            rf"|{MONTH})|på sigt|fra uge \d+|planlæg\w*|planen|planer|håb\w*|ønsk\w*|drøm\w*"
            rf"|lovet|lover"
            rf"|forvent\w*"
            r"|kommende|på vej|vil blive|vi får|får vi|(?:huset|salen|bygningen) får"
            r"|får (?:huset|salen)"
            r"|arbejde[rt]? (?:på|for)|overvej\w*|vil (?:\w+ )?gerne have|ville|stiger|hæves"
            r"|samler ind|indsaml\w*"
            r"|ansøg\w*|søgt|forhåbentlig|forhandle\w*|opføres|opførelse|installer\w*|byg(?:ger"
            r"|ges|ge|get)"
            r"|ombyg\w*|renover\w*|undersøger|forsøger|prøver at|på ønskelisten|venter på"
        ),
        "passing": (
            r"for tiden|i øjeblikket|lige nu|p\.?t\.?|midlertidig\w*|den(?:ne|ne her) (?:uge"
            r"|måned|gang"
            rf"|sommer|sæson|weekend|aften)|i dag|i aften|i morgen|i weekenden|indtil(?! (?:kl"
            rf"|\d))|i stykker"
            rf"|ude af drift"
            rf"|(?:under|til) reparation|repareres|defekt\w*|kun i {MONTH}|hele (?:ugen|måneden"
            rf"|{MONTH})|resten af"
            r"|til og med|undtagelsesvis\w*|i uge \d+|sommerferie\w*|jubilæum\w*|jubilæet"
            r"|åbningstilbud"
            r"|kampagne\w*|ekstraordinært?|virker (?:desværre )?ikke|foreløbig\w*|i anledning"
        ),
        "condition": (
            r"hvis|såfremt|med ?mindre|forudsat|forudsætning\w*|afhæng\w*|alt efter|så længe"
            r"|i tilfælde"
            r"|ved (?:godt|dårligt|tørt) vejr|behovsvurder\w*|visiter\w*|medmindre|bare du"
            r"|når (?:bare|blot)"
        ),
        "story": (
            r"jeg|mig|min(?!\.)|mit|mine|han|hun|hans|hendes|mon|angiveligt?|rygte\w*|vistnok"
            r"|ifølge|fortæller"
            r"|fortalte|siger|sagde|skriver|skrev|citat|eventyr\w*|roman\w*|kendt fra"
        ),
        "vague": (
            r"mest|ofte|normalt|som regel|typisk|nogle gange|sommetider|somme tider"
            r"|af og til|indimellem|ind imellem|en gang imellem|måske|muligvis|eventuelt|evt"
            r"|nogenlunde"
            r"|næsten|stort set|i princippet|primært|hovedsagelig\w*|især|gennemsnit\w*|helst"
            r"|vejledende"
        ),
        "rough": r"ca|cirka|omkring|godt og vel|knap",
        "part": (
            r"halvdelen|delvis\w*|enkelte (?:hold|dage|gange|aftener|steder|af)|visse|udvalgte"
            r"|nogle (?:af"
            r"|steder|hold|dage|gange|aftener)|dele af|de fleste"
            r"|bortset|undtag\w*|ikke (?:helt|fuldt|alle|hele)|på nær|ikke alle|en del af"
            r"|begrænset|kun (?:til|for|på|hvis|om|når|i)"
        ),
    },
    "en": {
        "past": (
            rf"used to|last {_SEASON_EN}|previously|formerly|originally|back in|in the past"
            rf"|years ago"
            r"|in (?:19|20)\d\d|was|were|had|once (?:had|a)|at one time|until recently|wasn't"
            r"|weren't"
            r"|those days|began (?:as|life|in)|grew up|ended|scrapped|abolished|discontinued"
        ),
        "future": (
            rf"soon|next {_SEASON_EN}|from (?:the )?(?:\d{{1,2}}(?:st|nd|rd"
            rf"|th)? ?(?:of )?)?{MONTH}\b"
            rf"|from 20\d\d|by 20\d\d|in the (?:spring|autumn|fall|summer|new year)"
            r"|plan(?:s|ned|ning)?|hop(?:e|es|ing|ed)|wish\w*|dream\w*|promised?|expect\w*"
            r"|upcoming"
            r"|coming (?:soon|in|next|this)|on its way|will (?:be(?! (?:sent|emailed))|have"
            r"|soon)|going (?:to|up)|goes up|go up"
            r"|rises?|working (?:on|to|towards)|consider\w*|thinking (?:of|about)|would|we'd"
            r"|'d (?:love|like)"
            r"|fundrais\w*|rais(?:e|ing) (?:money|funds)|saving up|appl(?:y|ied|ying)"
            r"|look(?:ing)? into"
            r"|trying to|to be (?:fitted|installed|built)|install(?:ing|ation)|awaiting|await"
            r"|eventually"
        ),
        "passing": (
            rf"at the moment|currently|for now|right now|temporar\w*|this (?:{_SEASON_EN}|time"
            rf"|weekend"
            r"|evening|morning|afternoon|coming|once)|today|tonight|tomorrow|until(?! (?:\d|noon"
            r"|mid|late|half|the end))|till further"
            r"|for the time"
            r"|out of (?:order|service|action|use)|broken|(?:under|awaiting) repairs?"
            r"|being repaired|not working|all week|rest of|week only"
            r"|exceptional\w*|anniversary|birthday|(?:launch|special|introductory"
            r"|opening) (?:offer|price)"
            rf"|(?:throughout|during|only in|all through) {MONTH}|over (?:easter|christmas"
            rf"|summer)|half[- ]term"
        ),
        "condition": (
            r"if|unless|provided|depend\w*|as long as|subject to|in case|weather permitting"
            r"|assuming"
            r"|once you|conditional\w*|eligib\w*|means[- ]tested|waived|qualif\w*"
        ),
        "story": (
            r"i(?!'m (?:sorry|afraid))|i've|i'd|my|me|he|she|his|her|apparently|rumou?r\w*|says"
            r"|said|told|tells|recalls?|writes"
            r"|wrote|novel|starring|according to|fictional"
        ),
        "vague": (
            r"mostly|mainly|often|usually|normally|typically|sometimes"
            r"|occasional\w*|now and (?:then|again)|from time to time|maybe|perhaps|possibly"
            r"|might|almost"
            r"|nearly|average|primarily|largely|generally|ideally|preferabl\w*|or so"
        ),
        "rough": r"about|around|approx\w*|roughly|circa|ish|just (?:over|under)",
        "part": (
            r"half (?:the|of|our)|part(?:ly|ial|ially)|selected|certain|some (?:of (?!us)|parts?"
            r"|areas|rooms"
            r"|sessions|classes|weeks"
            r"|dates|days|evenings)|most of|most|limited (?:access|wheelchair|to)"
            r"|limited number of (?:sessions|rooms|dates)|except|apart from|other than"
            r"|not (?:all|every|fully|entirely|completely|quite)"
            r"|only (?:to|as far|for|on|in|by|at|when)|excluding|part of"
        ),
    },
}


def doubts(
    language: TextLanguage, *sorts: Doubt, extra: str = "", asked: bool = True
) -> re.Pattern[str]:
    """A pattern of the words of these sorts of doubt, and of ``extra`` ones, as whole words.

    A question states nothing, unless ``asked`` is false.
    """
    words = [_WORDS[language][sort] for sort in sorts] + ([extra] if extra else [])
    return re.compile(rf"{r'[?]|' if asked else ''}(?<!\w)(?:{'|'.join(words)})(?!\w)")
