"""Accessibility out of prose: what is there, and what is said not to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spmatch.prose.fact import Fact
from spmatch.prose.passages import Sentence, TextLanguage
from spmatch.prose.statements import Rule, agreed, read_statements, rule


def _yes(key: str, needs: str, pattern: str) -> Rule:
    return rule(f"access.{key}", True, needs, pattern)


def _only_yes(key: str, needs: str, pattern: str) -> Rule:
    """For what takes many forms: without one of them there may be another."""
    return replace(rule(f"access.{key}", True, needs, pattern), denial="silence")


def _no(key: str, needs: str, pattern: str) -> Rule:
    return rule(f"access.{key}", False, needs, pattern, can_be_denied=False)


_DANISH = (
    _yes("lift", "elevator", r"elevator(?:en|adgang|er)?"),
    _yes(
        "step_free",
        "niveaufri|trinfri|trappefri|i niveau",
        r"niveaufri(?:t|e)?|trinfri(?:t|e)?|trappefri(?:t|e)?|adgang i niveau",
    ),
    rule(
        "access.step_free",
        True,
        "uden trin|ingen trin|uden trapper|ingen trapper|ingen dørtrin|uden dørtrin",
        r"(?:uden|ingen) (?:trin|trapper|dørtrin)(?: eller (?:trin|trapper|dørtrin))?"
        r"(?! (?:at|man|du|vi|der|i (?:koreo|dans)))",
        can_be_denied=False,
    ),
    _no(
        "step_free",
        "trin |trappe",
        r"(?:\d{1,2}|to|tre|fire|fem|seks|syv|otte|ni|ti|et par|nogle) (?:stejle "
        r"|høje )?trin (?:op|ned)"
        r"|kun (?:adgang )?(?:ad|via|med|en)? ?(?:stejl |smal )?trappe[rn]?",
    ),
    _yes(
        "wheelchair",
        "kørestol",
        r"kørestols(?:venlig|egnet|tilgængelig)(?:t|e)?|kørestolsadgang"
        r"|kørestolsbrugere er (?:meget )?velkomne"
        r"|kørestolsbrugere kan (?:komme ind|være med|deltage|komme (?:rundt|frem))"
        r"|(?:adgang|tilgængelig[te]?|egnet|plads) (?:for|med|til) (?:en )?kørestole?(?:sbrugere)?"
        r"|(?:ind|rundt|frem|deltage|være med|komme) (?:med|i) (?:en )?kørestol",
    ),
    _no(
        "wheelchair",
        "kørestol",
        r"kørestols?(?:brugere|e)? kan (?:desværre |dog )?ikke (?:komme (?:ind|rundt"
        r"|frem|op|ned)|være med|deltage)"
        r"|ikke (?:\w+ ){0,2}(?:ind|rundt|frem|op|ned) (?:med|i) (?:en )?kørestol"
        r"|ikke (?:\w+ )?tilgængelig[te]? (?:for|med) kørestole?(?:sbrugere)?",
    ),
    _yes(
        "accessible_toilet",
        "toilet|wc",
        r"handicap-?(?:toilet|wc)(?:ter|tet|'er)?|handicapvenlig[te]? toilet(?:ter)?"
        r"|kørestolstoilet"
        r"|toilet(?:tet|terne)? er handicapvenlig(?:t|e)"
        r"|toilet(?:tet)? (?:er )?(?:egnet )?(?:til|for) kørestols?(?:brugere|e)?",
    ),
    _yes(
        "accessible_parking",
        "handicap|invalide",
        r"(?:handicap|invalide)-?(?:parkering(?:splads(?:er)?)?|p-?plads(?:er)?|plads(?:er)?)",
    ),
    _no(
        "accessible_toilet",
        "toilet",
        r"toilet(?:tet|terne)? er (?:desværre |dog )?ikke (?:handicapvenlig(?:t|e)|egnede?)",
    ),
    _yes("hearing_loop", "teleslynge", r"teleslynge(?:n|anlæg)?"),
    _yes(
        "sign_language",
        "tegnsprog",
        r"tegnsprogs?tolk(?:e|en|ning|et)?|tolk(?:es|et|ning)? (?:til|på) (?:dansk )?tegnsprog",
    ),
    _yes("dementia_friendly", "demensvenlig", r"demensvenlig(?:t|e)?"),
    _yes(
        "quiet_space",
        "stille|hvilerum|ro",
        r"stillerum(?:met)?|stille rum|hvilerum(?:met)?|et roligt rum|et rum (?:med|til) ro",
    ),
    _yes("easy_read", "letlæs|let at læse|letlæst", r"letlæst(?:e)?|letlæselig(?:t|e)?"),
    _yes(
        "allergy_aware",
        "parfume|allergivenlig|duft",
        r"parfumefri(?:t|e)?|duftfri(?:t|e)?|allergivenlig(?:t|e)?",
    ),
    _yes(
        "public_transport_nearby",
        "bus|tog|station|metro|letbane",
        r"(?:bus|tog|metro|letbane)(?:sen|stop(?:pested)?(?:et)?)?"
        r"(?: (?:nr\.? )?\d{1,3}[a-z]?(?: og \d{1,3}[a-z]?)?)? (?:stopper|holder|standser|ligger) "
        r"(?:lige |næsten |tæt )?(?:uden ?for|ved|på|foran)(?: (?:døren|hoveddøren"
        r"|huset|adressen|lokalet|indgangen))"
        r"|(?:busstop(?:pested)?|stoppested|station|metrostation|letbanestop)(?:pestedet|en|et)? "
        r"(?:lige |tæt )?(?:uden ?for|ved|foran) (?:døren|hoveddøren|huset|indgangen)"
        r"|(?:lige ved|tæt på|lige uden for|ved siden af) (?:busstop(?:pested)?"
        r"|stoppested|stationen|metroen|"
        r"metrostationen|letbanen|busstationen|banegården|bus og tog|offentlig transport)(?:et)?",
    ),
    _yes(
        "companion_welcome",
        "ledsager|hjælper",
        r"ledsagere?(?:n)? (?:er )?(?:også |altid |meget |hjertelig )?(?:velkomm?en|velkomne)"
        r"|(?:er )?(?:du |i )?velkomm?(?:en|ne) til at (?:tage|have) (?:en "
        r"|din )?(?:ledsager|hjælper) med"
        r"|tag (?:gerne |bare )?(?:en |din )(?:ledsager|hjælper) med"
        r"|ledsagere? (?:kommer |deltager |går )?(?:gratis|er gratis)",
    ),
    _only_yes(
        "visual_support",
        "punkt|synstolk|storskrift|stor skrift",
        r"punktskrift|synstolk(?:ning|et|er)?|storskrift|(?:med|i) stor skrift",
    ),
)
_ENGLISH = (
    _yes(
        "lift",
        "lift|elevator",
        r"elevators?(?! pitch| music)|lift access|lifts? to (?:the|all|every|each|our"
        r"|both|upper|floor|first|second|"
        r"third|1st|2nd|3rd|level)|(?:(?<=\ba )|(?<=\bno )|(?<=\bthe )|(?<=\bworking )"
        r"|(?<=\bpassenger )|(?<=\bplatform ))lift"
        r"(?=[.,;:!)]|$| (?:in|at|or|and|available|is available|is provided|access|inside|so)\b)"
        r"|(?:a|and|or|by|via|with) lift(?=[.,;:!)]|$)|lift available|lifts available",
    ),
    _yes(
        "step_free",
        "step-free|step free|stepfree|level access|level entr|flat access|ramped",
        r"step-? ?free|level (?:access|entrance|entry)|flat access|ramped (?:access"
        r"|entrance|entry)",
    ),
    rule(
        "access.step_free",
        True,
        "no steps|without steps|no stairs|without stairs",
        r"(?:no|without) (?:any )?(?:steps|stairs)(?: (?:or|and) (?:steps|stairs))?"
        r"(?! (?:to (?:learn|remember|count|master|follow)|class|training|work|needed))",
        can_be_denied=False,
    ),
    _no(
        "step_free",
        "steps |stairs|not step",
        r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|a few|several"
        r"|some) (?:steep |stone )?steps "
        r"(?:up|down|to the (?:door|entrance|front door|hall))"
        r"|(?:via|by|up) (?:\d{1,2}|two|three|four|five|six|seven|eight|ten) (?:steep "
        r"|stone )?steps|(?:only )?(?:up|reached by"
        r"|access(?:ed)? (?:is )?(?:only )?(?:by|via)) (?:a (?:steep )?flight of"
        r"|two flights of|"
        r"steep|narrow) stairs|stairs only|(?:access|reached"
        r"|reachable) (?:is )?(?:only )?(?:by|via) stairs only"
        r"|only (?:by|via) (?:the )?stairs",
    ),
    _yes(
        "wheelchair",
        "wheelchair",
        r"wheelchair[ -](?:accessible|friendly|access)|(?:fully )?accessible (?:to|for"
        r"|by) (?:people (?:in|using) )?"
        r"wheelchairs?(?: users)?|wheelchair users (?:are )?(?:very |most "
        r"|always )?welcome|wheelchairs (?:are )?welcome"
        r"|suitable for wheelchairs?(?: users)?",
    ),
    _no(
        "wheelchair",
        "wheelchair",
        r"(?:isn't|not|unsuitable|inaccessible|no) (?:\w+ ){0,2}(?:suitable "
        r"|accessible )?(?:for|to|access for) "
        r"(?:people (?:in|using) )?wheelchairs?(?: users)?|(?:can't|cannot"
        r"|unable to) (?:\w+ ){0,3}wheelchairs?",
    ),
    _yes(
        "accessible_toilet",
        "toilet|loo|wc|restroom|bathroom",
        r"(?:wheelchair[ -])?(?:accessible|disabled|adapted) (?:toilets?|loos?|wcs?"
        r"|restrooms?|bathrooms?)",
    ),
    _yes(
        "accessible_parking",
        "blue badge|parking",
        r"blue badge (?:holder )?(?:parking|spaces?|bays?)(?: spaces?| bays?)?"
        r"|(?:disabled|accessible|handicapped|ada) "
        r"(?:car )?parking(?: spaces?| bays?)?|parking for (?:disabled|blue badge)",
    ),
    _no(
        "accessible_toilet",
        "toilet",
        r"toilets? (?:is|are|isn't"
        r"|aren't)(?: not)? (?:wheelchair )?accessible(?<!are accessible)(?<!is accessible)",
    ),
    _yes("hearing_loop", "loop", r"(?:hearing|induction|t-?) ?loops?(?: system)?"),
    _yes(
        "sign_language",
        "bsl|sign language|asl|isl",
        r"(?:bsl|asl|sign[ -]language)[ -](?:interpret(?:er|ers|ed|ation|ing))"
        r"|interpreted (?:in|into) (?:bsl|asl|british sign language|sign language)",
    ),
    _yes("dementia_friendly", "dementia", r"dementia[ -]friendly"),
    _yes(
        "quiet_space",
        "quiet|chill",
        r"quiet (?:room|space|area)s?|chill-?out (?:room|space|area)s?|calm (?:room|space)s?",
    ),
    _yes("easy_read", "easy", r"easy[ -]read(?! (?:book|novel|club))"),
    _yes(
        "allergy_aware",
        "scent|fragrance|perfume|nut-free|nut free|allergy",
        r"(?:scent|fragrance|perfume)[ -]free|nut[ -]free|allergy[ -](?:aware|friendly)",
    ),
    _yes(
        "public_transport_nearby",
        "bus|tram|train|station|tube|metro|subway",
        r"(?:bus|buses|tram|trams|metro|subway)(?:es)?(?: \d{1,3}[a-z]?(?:,| and"
        r"| or)?)* (?:stops?|pulls? up) "
        r"(?:right |just |directly |almost )?(?:outside|in front|at the door|opposite|by the door)"
        r"|(?:bus|tram) stops? (?:is |are )?(?:right |just |directly "
        r"|immediately )?(?:outside|opposite|across the (?:road|street)|"
        r"at the door|in front|nearby|by the (?:door|entrance|gate))"
        r"|(?:next to|opposite|right by|close to|just by"
        r"|beside) (?:the )?(?:\w+ )?(?:bus stop|tram stop|train station|"
        r"railway station|bus station|tube station|metro station|subway station|tube|subway)"
        r"|(?:a )?(?:one|two|three|four|five"
        r"|\d)[ -]minutes?'? walk from (?:the )?(?:\w+ )?(?:bus stop|tram stop"
        r"|train station|"
        r"railway station|bus station|tube station|tube|station)",
    ),
    _yes(
        "companion_welcome",
        "carer|companion|support worker|personal assistant|caregiver",
        r"(?:carers?|companions?|support workers?|personal assistants?|pas|caregivers?)"
        r"(?:(?: and|,|/| or)+ (?:carers?|companions?|support workers?"
        r"|personal assistants?|pas|friends|families|family))? "
        r"(?:are |is )?(?:also |always |very |most |more than |all )?welcome"
        r"|bring (?:a|your) (?:carer|companion|support worker|personal assistant|pa"
        r"|caregiver)(?: along| with you)?"
        r"|(?:carers?|companions?|support workers?) (?:go|goes|come|comes|get in"
        r"|attend) (?:for )?free",
    ),
    _only_yes(
        "visual_support",
        "large print|large-print|braille|audio-descri|audio descri",
        r"large[ -]print|braille|audio[ -]descri(?:bed|ption|ptions)",
    ),
)
_RULES = {"da": _DANISH, "en": _ENGLISH}

# Hoped for, asked for, on request, in part, broken, or in the past: nothing certain is said.
_SILENCED = {
    "da": re.compile(
        r"\?|\b(?:håb\w*|snart|opførelse|lovet|lover|der kommer|kommer der|aflåst|låst"
        r"|skaffe|foredrag|taler om|snak om|tale om|bøger|byer|planlæg\w*|planer"
        r"|planen|arbejder på|på vej|samler ind"
        r"|indsaml\w*|ønsk\w*|drøm\w*|ansøg\w*"
        r"|søger|søgt|forhåbentlig|måske|muligvis|eventuelt|evt|hvis (?:du|man|i|vi"
        r"|nogen|det)|såfremt|ring|ringer|spørg"
        r"|kontakt\w*|skriv|skriver|giv besked|giv lyd|sig til|sig det|på forespørgsel"
        r"|efter aftale|efter behov|hør til"
        r"|bestil\w*|rekvirer\w*|har du brug|ved behov|tidligere|før i tiden|var|havde"
        r"|plejede|sidste år|i stykker"
        r"|ude af drift|virker|defekt\w*|kun til|delvis\w*|nogle steder|nogle af"
        r"|enkelte|kommende|vi får|får vi|installer\w*"
        r"|bygge\w*|ombyg\w*|renover\w*|næste år|til (?:foråret|efteråret|sommer"
        r"|vinter)|fra \d{4}|endnu|elevatortale"
        r"|kan (?:lånes|skaffes|stilles|ordnes|arrangeres)|kurs\w*|lær|lære|lærer|undervis\w*)\b"
    ),
    "en": re.compile(
        r"\?|\b(?:hop(?:e|es|ing|ed)|soon|promised|locked|arrange\w*|love|would|talks?"
        r"|spirits?|towns|closed|currently|plan(?:s|ned|ning)?|working (?:on|to"
        r"|towards)|fundrais\w*|rais(?:e|ing) (?:money|funds)"
        r"|saving up|wish|dream\w*|appl(?:y|ied|ying)|maybe|perhaps|possibly|might"
        r"|if (?:you|we|anyone|someone|needed|required"
        r"|necessary)|ask|asked|ring|call|contact|phone|email|on request|upon request"
        r"|by request|by arrangement|request\w*"
        r"|let us know|tell us|in advance|used to|was|were|had|previously|formerly"
        r"|last year|broken|out of order|not working"
        r"|out of service|only (?:to|as far|on|for)|partly|partial\w*|partially"
        r"|some (?:parts|areas|rooms|of (?:the|our))|most of|limited"
        r"|will (?:be|have|soon)|coming|going to|to be (?:fitted|installed|built)"
        r"|install\w*|build(?!ing)\w*|next (?:year|spring|"
        r"summer|autumn|winter|month)|from 20\d\d|yet|learn\w*|teach\w*|weights?|share"
        r"|shares|home|check)\b"
    ),
}


def access_facts(sentences: Sequence[Sentence], language: TextLanguage) -> Iterator[Fact]:
    """The keys of accessibility that the sentences state."""
    return agreed(read_statements(sentences, _RULES[language], language, _SILENCED[language]))
