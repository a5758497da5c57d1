"""First visits out of prose: coming with someone, being met, trying it, few people, no sign-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage
from spmatch.prose.statements import Rule, agreed, read_statements, rule


def _yes(key: str, needs: str, pattern: str) -> Rule:
    return rule(f"first_visit.{key}", True, needs, pattern)


def _as_said(key: str, value: bool, needs: str, pattern: str) -> Rule:
    return rule(f"first_visit.{key}", value, needs, pattern, can_be_denied=False)


def _needed(key: str, needs: str, pattern: str) -> Rule:
    """A stated no; its denial ("no booking required") is a yes."""
    return rule(f"first_visit.{key}", False, needs, pattern)


_SOMEONE_DA = (
    r"(?:ven|veninde|venner|nabo|naboer|naboen|pårørende|bekendt|kæreste|ægtefælle"
    r"|partner|søster|familiemedlem|familie|familien"
    r"|kollega|nogen|én|du kender|makker)"
)
_SOMEONE_EN = (
    r"(?:friends?|neighbou?rs?|family member|relative|partner|pal|mate|buddy|someone"
    r"|somebody|loved one|colleague|family)"
)
_DANISH = (
    _yes(
        "bring_someone",
        "tag |tage |medbring|have ",
        r"(?:tag|medbring|bring|(?:tage|have|medbringe)) (?:også |endelig |meget "
        r"|bare |evt\. |altid )?(?:gerne )?"
        r"(?:jeres |dine |din |en |et |et par )?(?:god |gode )?"
        rf"{_SOMEONE_DA}(?:(?: eller| og|,)+ (?:en |et |din )?\w+){{0,2}}(?: med)(?!\w)",
    ),
    _yes(
        "bring_someone", "medbring", rf"medbring (?:meget )?gerne (?:en |din |dine ){_SOMEONE_DA}"
    ),
    _yes(
        "buddy",
        "frivillig|vært|en af os|møder dig|tager imod|følgeskab|følges",
        r"(?:en|vores) (?:af vores |af de )?(?:frivillige?|værter?|vært|af os) (?:\w+ ){0,2}"
        r"(?:tager imod dig|møder dig|byder dig velkommen|følges med dig"
        r"|følger dig (?:ind|derhen|hen|de første)|følges)"
        r"|vi (?:møder dig|tager imod dig|henter dig) (?:gerne )?(?:ved|i|uden for"
        r"|foran) (?:døren|indgangen|hoveddøren|porten)"
        r"|(?:kan|vil) (?:en frivillig|vi) følges med dig (?:de |den )?første gang\w*",
    ),
    _yes(
        "taster",
        "prøv|første gang",
        r"(?:gratis |en )?prøve(?:time|gang|træning|lektion|aften)(?:n|en)?"
        r"|prøv (?:en|1|et|to|2) (?:gang|gange|træning|time)(?: eller to)? (?:gratis|helt gratis)"
        r"|(?:den )?første gang er (?:altid |helt )?(?:gratis|en prøve\w*)"
        r"|(?:de )?(?:to|2|tre|3) første gange er (?:helt )?gratis"
        r"|(?:prøv|prøve) (?:det |holdet |os )?(?:af )?gratis(?: (?:en"
        r"|den) (?:første )?gang)?|gratis prøve\w+",
    ),
    _yes(
        "small_group",
        "små|lille",
        r"(?:små|mindre|lille) (?:og \w+ |\w+ )?(?:hold|grupper|gruppe)(?:[nt])?"
        r"|(?:gruppe[nr]|grupperne) er (?:små|lille)|holde(?:t|ne) er (?:små|lille|lille og \w+)"
        r"|vi er (?:en )?(?:lille|små) (?:gruppe|hold|flok)",
    ),
    _yes(
        "no_sign_up",
        "drop|mød|kom|duk|kig",
        r"drop-?[ -]?in(?! til)|bare møde? op|møde? bare op|(?:bare"
        r"|blot) (?:at )?(?:dukke?|kigge?|komme?) (?:op|forbi|ind)"
        r"|(?:kom|kig|duk|mød) (?:bare|blot) (?:op|forbi|ind)|bare kom\b(?! \w+ (?:kl"
        r"|senest|i god))",
    ),
    _as_said(
        "no_sign_up",
        True,
        "tilmeld|melde|sign|reserv|aftale|book",
        r"(?:ingen|uden) (?:forudgående )?(?:tilmelding|forhåndstilmelding|tidsbestilling|booking)"
        r"|tilmelding (?:er )?(?:slet |dog )?(?:ikke |unødvendig)(?:nødvendig|påkrævet"
        r"|krævet|et krav)?"
        r"|kræver (?:ikke|ingen) (?:\w+ )?tilmelding|(?:behøver|skal) (?:du |i "
        r"|man )?ikke (?:at )?(?:melde dig til|melde sig til"
        r"|melde jer til|tilmelde (?:dig|sig|jer)|booke|bestille tid)|tilmelding kræves ikke",
    ),
    _needed(
        "no_sign_up",
        "tilmeld|drop",
        r"(?:forudgående |forhånds)?tilmelding (?:er )?(?:desværre |dog "
        r"|altid )?(?:nødvendig|påkrævet|krævet|obligatorisk|et krav)"
        r"|tilmelding kræves(?! ikke)|(?:kræver|nødvendigt? med) (?:forudgående "
        r"|forhånds)?tilmelding"
        r"|kun (?:ved|efter|med) (?:forudgående |forhånds)?tilmelding|(?:skal|bedes"
        r"|må) (?:du |man |i )?(?:tilmelde|melde) "
        r"(?:dig|sig|jer)(?: til)?(?! (?:en|et|som))",
    ),
)
_ENGLISH = (
    _yes(
        "bring_someone",
        "bring",
        r"bring(?:ing)? (?:along )?(?:a |an |your |some )?(?:good )?"
        rf"{_SOMEONE_EN}(?:(?: or| and|,)+ (?:a |an |your )?(?:family member|\w+)){{0,2}}"
        r"(?: along| with you|(?=[.,!;]|$)| if\b| for (?:moral )?support| to (?:the|your) first)",
    ),
    _yes(
        "bring_someone",
        "welcome",
        r"friends and family (?:are |is )?(?:\w+ )?welcome"
        r"|(?:family and friends) (?:are )?(?:\w+ )?welcome",
    ),
    _yes(
        "buddy",
        "meet you|greet you|buddy|buddies|with you|welcome you",
        r"(?:one of (?:our|the) (?:\w+ )?(?:volunteers|members|hosts|helpers|team)"
        r"|a (?:\w+ )?(?:volunteer|buddy|host|member|befriender)|we|someone"
        r"|our \w+|\w+ (?:volunteer|host)) (?:can |will |'ll |is happy to "
        r"|are happy to |to )?(?:always )?(?:meet|greet|welcome) you "
        r"(?:at the (?:door|entrance|gate|bus stop|station)|outside|on (?:your first"
        r"|arrival)|the first time)"
        r"|we'll (?:meet|greet) you (?:at the (?:door|entrance|gate|bus stop|station)"
        r"|outside|on your first)"
        r"|a (?:volunteer|buddy) (?:can|will) (?:come (?:along )?with|accompany|sit with) you"
        r"|(?:we )?(?:pair|match) (?:you|newcomers?|new members|everyone new"
        r"|each newcomer) (?:up )?with (?:a|an) (?:\w+ )?"
        r"(?:buddy|volunteer|member)|buddy (?:scheme|system)",
    ),
    _yes(
        "taster",
        "taster|first |trial|try ",
        r"(?:free )?taster (?:session|class|sessions|classes|day|week)s?|(?:your "
        r"|the )?first (?:session|class|visit|time|lesson|week|"
        r"one|go)(?:'s| is| are)? (?:always |completely |totally )?free|free (?:trial"
        r"|taster)(?: (?:session|class|lesson))?"
        r"|trial (?:session|class|lesson)s?|try (?:a|your first|one|us"
        r"|it)(?: \w+)?(?: out)? for free",
    ),
    _yes(
        "small_group",
        "small",
        r"small(?:,? (?:and )?[\w-]+)? (?:groups?|classes|class)(?! (?:of|room"
        r"|rooms) (?:shops|houses))|(?:groups|classes) are (?:kept )?small"
        r"|(?:keep|kept) (?:the |our )?(?:groups|numbers|classes|it|group|class)(?: \w+)? small",
    ),
    _yes(
        "no_sign_up",
        "drop|turn up|walk|show up|come along|pop in",
        r"drop-?[ -]?ins?(?! centre| center)|just (?:turn|show) up"
        r"|turn up (?:on the (?:day|night)|and (?:join|play))|just (?:come along"
        r"|pop in|pop along"
        r"|walk in|drop by|drop in)|walk-?[ -]?ins? (?:are )?welcome|walk in(?=[.,!;]|$| any| on)",
    ),
    _as_said(
        "no_sign_up",
        True,
        "book|sign|regist|appoint|reserv",
        r"no (?:need to|advance|prior|pre-?)? ?-?(?:book(?:ing)?|sign[ -]?up|sign up"
        r"|regist(?:er|ration)|appointments?|reservations?)"
        r"(?: (?:is |are )?(?:needed|required|necessary|fee))?(?<! fee)(?! fee)"
        r"|(?:don't|do not|needn't) (?:need|have)? ?(?:to )?(?:book|sign up|register)"
        r"|without (?:booking|an appointment|signing up|registering)"
        r"|(?:booking|registration|sign-up|appointment)s? (?:is |are )?(?:not|n't"
        r"|isn't|aren't) (?:needed|required|necessary|essential)"
        r"|no need to (?:book|sign up|register)",
    ),
    _needed(
        "no_sign_up",
        "book|regist|appoint|sign|referral",
        r"(?:advance |prior |pre-?)?(?:booking|registration|sign-up|sign up"
        r"|reservations?|pre-booking|pre-registration) "
        r"(?:is |are )?(?:absolutely |always )?(?:essential|required|necessary|needed"
        r"|a must|mandatory)"
        r"|(?:(?:you|everyone|places|spaces"
        r"|sessions) )must (?:be )?(?:pre-?)?(?:book(?:ed)?|register(?:ed)?"
        r"|sign up)(?= "
        r"|[.,!;]|$)|by appointment only|(?:pre-?)?booking only"
        r"|booked in advance|booking in advance is|need to (?:book|register"
        r"|sign up) (?:in advance|first|ahead|beforehand)"
        r"|requires (?:advance |prior |pre-?)?(?:booking|registration)",
    ),
)
_RULES = {"da": _DANISH, "en": _ENGLISH}

_SILENCED = {
    "da": re.compile(
        r"\?|\b(?:håber|snart|siden|turist\w*|planlægger|tidligere|plejede|sidste år|måske|muligvis"
        r"|eventuelt|hund\w*|kun (?:for|hvis)|næste år"
        r"|fås|nogle (?:gange|dage|hold)|enkelte (?:hold|dage|gange)|undtagen"
        r"|bortset fra|helst|anbefal\w*|medmindre|med mindre|ud over|i lejlighed\w*"
        r"|kom bare (?:med|an)|børn|forbehold)\b"
    ),
    "en": re.compile(
        r"(?<!friend)(?<!someone)\?|\b(?:hop(?:e|es|ing) to|soon|since|tourists|planning|used to"
        r"|last year|previously|maybe"
        r"|perhaps|dogs?|if an?|some (?:sessions|classes|weeks)"
        r"|sometimes|except|apart from|recommended|advised|advisable|preferred|unless"
        r"|next year|drop in (?:temperature|the)"
        r"|children|kids|discount|off|prize|was|were|when i|i was|my)\b"
    ),
}


def first_visit_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The keys of first visits that the sentences state."""
    return agreed(read_statements(sentences, _RULES[language], language, _SILENCED[language]))
