"""First visits out of prose: coming with someone, being met, trying it, few people, no sign-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spmatch.prose.doubts import doubts
from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage
from spmatch.prose.statements import Reading, Rule, agreed, read_statements, rule


def _yes(key: str, needs: str, pattern: str) -> Rule:
    return rule(f"first_visit.{key}", True, needs, pattern)


def _as_said(key: str, value: bool, needs: str, pattern: str) -> Rule:
    return rule(f"first_visit.{key}", value, needs, pattern, can_be_denied=False)


def _needed(key: str, needs: str, pattern: str) -> Rule:
    """A stated no; its denial ("no booking required") is a yes."""
    return rule(f"first_visit.{key}", False, needs, pattern)


_SOMEONE_DA = (
    r"(?:mor|far|mand|kone|bror|datter|søn|kusine|kammerat|ven|veninde|venner|nabo|naboer|naboen"
    r"|pårørende|bekendt|kæreste|ægtefælle"
    r"|partner|søster|familiemedlem|familie|familien"
    r"|kollega|nogen|én|du kender|makker)"
)
_SOMEONE_EN = (
    r"(?:mum|mom|dad|sister|brother|husband|wife|daughter|son|cousin|companion|friends?"
    r"|neighbou?rs?|family member|relative|partner|pal|mate|buddy|someone"
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
        "bring_someone",
        "kom med|kom gerne|kom bare|kom sammen",
        rf"kom (?:gerne |bare )?(?:sammen )?med (?:din|en) {_SOMEONE_DA}(?! (?:er|har|kan))",
    ),
    _yes(
        "bring_someone",
        "under armen",
        rf"tag (?:gerne |bare )?(?:din|en) {_SOMEONE_DA}(?:[ ,]+(?:eller|og|din|en|gode"
        rf"|\w+)){{0,8}} under armen",
    ),
    rule(
        "first_visit.bring_someone",
        False,
        "ikke",
        r"(?:ikke (?:at )?(?:tage|tag|medbringe)|undlade at tage) (?:en )?(?:venner?|veninder?"
        r"|gæster|pårørende) med"
        r"(?! (?:til|på) (?:festen|turen))",
        can_be_denied=False,
    ),
    _yes(
        "bring_someone", "medbring", rf"medbring (?:meget )?gerne (?:en |din |dine ){_SOMEONE_DA}"
    ),
    _yes(
        "buddy",
        "frivillig|vært|af os|møder dig|tager imod|følge|nye |finder |henter dig",
        r"(?:mentor|følgeven|buddy)ordning(?:en)?|(?:finder vi"
        r"|vi finder) (?:gerne )?en (?:følgeven|mentor|makker|buddy)(?: til dig)?"
        r"|(?:nye|nye deltagere|nye medlemmer) (?:bliver|får) (?:sat sammen med|følgeskab af"
        r"|en makker blandt)"
        r"|møder en af os dig (?:ved|i|uden for|foran)"
        r"|(?:en|vores) (?:af vores |af de )?(?:frivillige?|værter?|vært|af os) (?:\w+ ){0,2}"
        r"(?:tager imod dig|møder dig|byder dig velkommen|følges med dig"
        r"|følger dig (?:ind|derhen|hen|de første)|følges)"
        r"|vi (?:møder dig|tager imod dig|henter dig) (?:gerne )?(?:ved|i|uden for"
        r"|foran) (?:døren|indgangen|hoveddøren|porten)"
        r"|(?:kan|vil) (?:en frivillig|vi) følges med dig (?:de |den )?første gang\w*",
    ),
    _yes(
        "taster",
        "prøv|første gang|enkelt gang|med en gang",
        r"(?:kigge|være) med (?:en|1) (?:enkelt )?gang,? (?:før|inden) du|(?:gratis "
        r"|en )?prøve(?:time|gang|træning|lektion|aften)(?:n|en|r|rne)?"
        r"|prøv (?:en|1|et|to|2) (?:gang|gange|træning|time)(?: eller to)? (?:gratis|helt gratis)"
        r"|(?:den )?første gang er (?:altid |helt )?(?:gratis|en prøve\w*)"
        r"|(?:de )?(?:to|2|tre|3) første gange er (?:helt )?gratis"
        r"|(?:prøv|prøve) (?:det |holdet |os )?(?:af )?gratis(?: (?:en"
        r"|den) (?:første )?gang)?|gratis prøve\w+",
    ),
    _yes(
        "small_group",
        "små|lille",
        r"(?:små|mindre|lille) (?:og \w+ |\w+ )?(?:hold|grupper|gruppe)(?:[nt])?(?! (?:af|faste"
        r"|frivillige|medlemmer))"
        r"|holder (?:vores )?(?:grupperne|holdene|holdet|gruppen) (?:små|lille)"
        r"|(?:gruppe[nr]|grupperne) er (?:små|lille)|holde(?:t|ne) er (?:små|lille|lille og \w+)"
        r"|vi er (?:en )?(?:lille|små) (?:gruppe|hold|flok)",
    ),
    _yes(
        "no_sign_up",
        "drop|mød|kom|duk|kig",
        r"kig ind,? når|drop-?[ -]?ind?(?! (?:til|hos|på|i))|bare møde? op|møde? bare op|(?:bare"
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
        "tilmeld|melde dig|melde sig|skrive dig|skrive sig",
        r"(?:forudgående |forhånds)?tilmelding (?:er )?(?:desværre |dog "
        r"|altid )?(?:nødvendig|påkrævet|krævet|obligatorisk|et krav)"
        r"|tilmelding kræves(?! ikke)|(?:kræver|nødvendigt? med) (?:forudgående "
        r"|forhånds)?tilmelding"
        r"|kun (?:ved|efter|med) (?:forudgående |forhånds)?tilmelding|bindende tilmelding"
        r"|(?:skal|bedes) (?:du |man )?(?:skrive|tilmelde|melde) (?:dig|sig) (?:op"
        r"|til)(?=[ ,.;!]|$)(?! (?:en|et|som))"
        r"|(?:skal|bedes"
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
        r"(?: along| with you| to the \w+ group|(?=[.,!;]|$)| if\b| for (?:moral )?support"
        r"| to (?:the|your) first)",
    ),
    _yes(
        "bring_someone",
        "come with",
        rf"come (?:along )?with (?:a |your |an? \w+ ){_SOMEONE_EN}(?! (?:who|of|in)\b)",
    ),
    _yes(
        "bring_someone",
        "grab your|grab a",
        rf"grab (?:a|your) {_SOMEONE_EN}(?:[ ,]+\w+){{0,8}} and come",
    ),
    _yes(
        "bring_someone",
        "welcome",
        r"friends and family (?:are |is )?(?:\w+ )?welcome"
        r"|(?:family and friends) (?:are )?(?:\w+ )?welcome",
    ),
    _yes(
        "buddy",
        "meet you|greet you|buddy|buddies|with you|welcome you|paired|matched|pair |wait for you",
        r"(?:one of (?:our|the) (?:\w+ )?(?:volunteers|members|hosts|helpers|team)"
        r"|a (?:\w+ )?(?:volunteer|buddy|host|member|befriender)|we|someone"
        r"|our \w+|\w+ (?:volunteer|host)) (?:can |will |'ll |is happy to "
        r"|are happy to |to )?(?:always )?(?:meet|greet|welcome) you "
        r"(?:at the (?:door|entrance|gate|bus stop|station)|outside|on (?:your first"
        r"|arrival)|the first time)"
        r"|(?:we'll |we |will )(?:pair|match) (?:you|newcomers) (?:up )?with a (?:\w+ )?(?:buddy"
        r"|volunteer|member)"
        r"|(?:first-timers|newcomers|new members) are (?:paired|matched) (?:up )?with (?:a|an) \w+"
        r"|(?:one of us|a volunteer|someone) will wait for you (?:at|by|outside)"
        r"|we'll (?:meet|greet) you (?:at the (?:door|entrance|gate|bus stop|station)"
        r"|outside|on your first)"
        r"|a (?:volunteer|buddy) (?:can|will) (?:come (?:along )?with|accompany|sit with) you"
        r"|(?:we )?(?:pair|match) (?:you|newcomers?|new members|everyone new"
        r"|each newcomer) (?:up )?with (?:a|an) (?:\w+ )?"
        r"(?:buddy|volunteer|member)|buddy (?:scheme|system)",
    ),
    _yes(
        "taster",
        "taster|first |trial|try |sit in",
        r"sit in on (?:one|a) \w+ before you (?:decide|join)|(?:free )?taster (?:session|class"
        r"|sessions|classes|day|week)s?|(?:your "
        r"|the )?first (?:session|class|visit|time|lesson|week|"
        r"one|go)(?:'s| is| are)? (?:always |completely |totally )?(?:free|on us)|free (?:trial"
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
        "drop|turn up|walk|show up|come along|pop in|pop along",
        r"drop-?ins?(?! centre| center)|drop in(?=$|[.,;!:]| any| and| on| for| when| session"
        r"| class)|just (?:turn|show) up"
        r"|turn up (?:on the (?:day|night)|and (?:join|play))|just (?:come along"
        r"|pop in|pop along"
        r"|walk in|drop by|drop in)|walk-?[ -]?ins? (?:are )?welcome|(?:just|can|simply"
        r"|or) walk in(?=[.,;!]|$| any| on)|(?<![a-z] )walk in(?=[.,;!]|$| any| on)"
        r"|walk-?ins(?= please)|pop in (?:any ?time|when(?:ever)?)",
    ),
    _as_said(
        "no_sign_up",
        True,
        "book|sign|regist|appoint|reserv|no need",
        r"no (?:need to|advance|prior|pre-?)? ?-?(?:book(?:ing)?|sign[ -]?up|sign up"
        r"|regist(?:er|ration)|appointments?|reservations?)"
        r"(?: (?:is |are )?(?:needed|required|necessary|fee))?(?<! fee)(?! fee)"
        r"|(?:don't|do not|needn't) (?:need|have)? ?(?:to )?(?:book|sign up|register)"
        r"|without (?:booking|an appointment|signing up|registering)"
        r"|(?:booking|registration|sign-up|appointment)s? (?:is |are )?(?:not|n't"
        r"|isn't|aren't) (?:needed|required|necessary|essential)"
        r"|no need to (?:book|sign up|register|ring|phone|call)",
    ),
    _needed(
        "no_sign_up",
        "book|regist|appoint|sign|referral|reserve",
        r"(?:advance |prior |pre-?)?(?:booking|registration|sign-up|sign up"
        r"|reservations?|pre-booking|pre-registration) "
        r"(?:is |are )?(?:absolutely |always )?(?:essential|required|necessary|needed"
        r"|a must|mandatory)"
        r"|(?:(?:you|everyone|places|spaces"
        r"|sessions) )must (?:be )?(?:pre-?)?(?:book(?:ed)?|register(?:ed)?"
        r"|sign up)(?= "
        r"|[.,!;]|$)|by appointment only|(?:pre-?)?booking only"
        r"|(?:places|spaces|seats) must be (?:reserved|booked)"
        r"|need to register[^.]{0,25} before your first"
        r"|booking a must|booked in advance|booking in advance is|need to (?:book|register"
        r"|sign up) (?:in advance|first|ahead|beforehand)"
        r"|requires (?:advance |prior |pre-?)?(?:booking|registration)",
    ),
)
_RULES = {"da": _DANISH, "en": _ENGLISH}

_SILENCED = {
    "da": doubts(
        "da",
        "past",
        "future",
        "passing",
        "story",
        "vague",
        "part",
        extra=r"siden|turist\w*|hund\w*|kun (?:for|hvis)|fås|helst|anbefal\w*|medmindre"
        r"|med mindre|ud over"
        r"|i lejlighed\w*|kom bare (?:med|an)|børn|forbehold|deler os|deles|lejes?|udlej\w*"
        r"|søger|rabat\w*|vind\w*|spørg\w*|præmie\w*"
        r"|julefrokost\w*|udflugt\w*|turen|festen|frist\w*|temperatur\w*|bank\w*|eller book"
        r"|ellers",
    ),
    "en": doubts(
        "en",
        "past",
        "future",
        "passing",
        "story",
        "vague",
        "part",
        extra=r"since|tourists|dogs?|if (?:an|it)|recommended|advised|advisable|preferred|unless"
        r"|drop in"
        r" (?:temperature|the|water|numbers)|children|kids|discount|off|prize|win|when i|split"
        r"|divided?|break into"
        r"|hire|wanted|depend\w*|availability|ask|enquire|looking for|private|clubs? and"
        r"|christmas|trips?|outings?|dinner|party|facility|include\w*",
    ),
}
# What must be booked is a trip or a meal; what needs no booking may need it of some.
_OF_SOMETHING = re.compile(
    r"^(?:,? (?:til|for(?! (?:alle|all|everyone|at)\b)|ved|if|when|hvis|når|with groups"
    r"|at (?!deltage|være|komme|the|our|all|any|every)|på (?:turen|kurset))\b"
    r"| to (?:one|our|some|a|use|attend)\b)"
)

_ONE_OF_TWO = re.compile(r"\W*(?:if|when|hvis|når|skulle)\b")


def first_visit_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The keys of first visits that the sentences state."""
    read = read_statements(sentences, _RULES[language], language, _SILENCED[language])
    return agreed(one for one in read if not _is_of_something(one))


def _is_of_something(one: Reading) -> bool:
    """Whether signing up, or not, is said of a part of what there is."""
    folded = one.sentence.folded
    return one.field == "first_visit.no_sign_up" and bool(
        _OF_SOMETHING.search(folded[one.end :]) or _ONE_OF_TWO.match(folded)
    )
