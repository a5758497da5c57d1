"""Phrases that state accessibility: what is there, and what is said not to be there."""

from __future__ import annotations

from dataclasses import replace

from spmatch.prose.statements import Rule, rule


def _yes(key: str, needs: str, pattern: str) -> Rule:
    return rule(f"access.{key}", True, needs, pattern)


def _only_yes(key: str, needs: str, pattern: str) -> Rule:
    """For what takes many forms: without one of them there may be another."""
    return replace(rule(f"access.{key}", True, needs, pattern), denial="silence")


def _no(key: str, needs: str, pattern: str) -> Rule:
    return rule(f"access.{key}", False, needs, pattern, can_be_denied=False)


DANISH = (
    _yes("lift", "elevator", r"elevator(?:en|adgang|er)?"),
    _yes(
        "step_free",
        "niveaufri|trinfri|trappefri|i niveau",
        r"niveaufri(?:t|e)?|trinfri(?:t|e)?|trappefri(?:t|e)?|adgang i niveau",
    ),
    rule(
        "access.step_free",
        True,
        "et eneste trin|uden trin|ingen trin|uden trapper|ingen trapper|ingen dørtrin|uden dørtrin",
        r"uden at møde et eneste trin|(?:uden|ingen) (?:trin|trapper|dørtrin)(?: eller (?:trin"
        r"|trapper|dørtrin))?"
        r"(?! (?:at|man|du|vi|der|i (?:koreo|dans)))",
        can_be_denied=False,
    ),
    _no(
        "step_free",
        "trin |trappe",
        r"(?:\d{1,2}|to|tre|fire|fem|seks|syv|otte|ni|ti|et par|nogle) (?:stejle "
        r"|høje )?trin (?:op|ned)"
        r"|kun (?:adgang )?(?:ad|via|med|en)? ?(?:stejl |smal )?trappe[rn]?"
        r"|eneste (?:vej ind|adgang|indgang) er (?:op |ned )?ad (?:en )?(?:\w+ )?\w*trappen?"
        r"|ad en (?:\w+ )?\w*trappe, og der er ingen anden (?:vej ind|indgang)",
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
        r"|(?:uegnet|utilgængelig[te]?) (?:for|til|med) kørestole?(?:sbrugere)?"
        r"|ikke (?:egnet|velegnet) (?:for|til) kørestole?(?:sbrugere)?"
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
        r"p-?pladser? (?:\w+ )?(?:er )?(?:reserveret"
        r"|forbeholdt) (?:til )?(?:biler med )?handicap\w*"
        r"|(?:handicap|invalide)-?(?:parkering(?:splads(?:er)?)?|p-?plads(?:er)?|plads(?:er)?)",
    ),
    _no(
        "accessible_toilet",
        "toilet",
        r"toilet(?:tet|terne)? er (?:desværre |dog )?ikke (?:handicapvenlig(?:t|e)"
        r"|egnede?t?)(?: til kørestole?)?",
    ),
    _yes("hearing_loop", "teleslynge", r"teleslynge(?:n|anlæg)?"),
    _yes(
        "sign_language",
        "tegnsprog",
        r"tegnsprogs?tolk(?:e|en|ning|et|es)?|tolk(?:es|et|ning)? (?:til|på) (?:dansk )?tegnsprog",
    ),
    _yes(
        "dementia_friendly",
        "demens",
        r"demensvenlig(?:t|e)?|(?:velegnet|egnet|tilrettelagt|tilpasset) (?:for"
        r"|til) (?:mennesker|personer|folk) "
        r"med demens",
    ),
    _yes(
        "quiet_space",
        "stillerum|stille rum|hvilerum|rolige|et roligt rum|et rum",
        r"(?:vores|et|det) rolige? rum|stillerum(?:met)?|stille rum|hvilerum(?:met)?"
        r"|et roligt rum|et rum (?:med|til) ro",
    ),
    _yes(
        "easy_read",
        "letlæs|let at læse|letlæst",
        r"letlæst(?:e)?|letlæselig(?:t|e)?|skrevet let at læse",
    ),
    _yes(
        "allergy_aware",
        "parfume|allergivenlig|duft",
        r"parfumefri(?:t|e)?(?! (?:sæbe|creme|produkt\w*))|duftfri(?:t|e)?|allergivenlig(?:t|e)?",
    ),
    _yes(
        "public_transport_nearby",
        "bus|tog|station|metro|letbane|stoppested",
        r"(?:[1-4]\d{2}|\d{2}) (?:m|meter) (?:til|fra) (?:nærmeste |et )?(?:busstop|stoppested"
        r"|stationen?|bus)(?:et)?"
        r"|(?:[1-9]|to|tre|fire|fem) min(?:\.|utter|utters gang)? (?:gang )?(?:til"
        r"|fra) (?:nærmeste "
        r"|et )?(?:busstop|stoppested|stationen?|metroen|bussen)(?:et)?"
        r"|(?:bus|tog|metro|letbane)(?:sen|stop(?:pested)?(?:et)?)?"
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
        r"(?:din )?(?:hjælper|ledsager)(?: eller (?:hjælper|ledsager))? (?:må gerne|kan"
        r"|er velkommen til at) "
        r"(?:være|komme|tage|deltage)(?: med)?"
        r"|(?:ledsagere|hjælpere)(?: og \w+)? er (?:også |altid |meget )?velkomne"
        r"|ledsagere?(?:n)? (?:er )?(?:også |altid |meget |hjertelig )?(?:velkomm?en|velkomne)"
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
ENGLISH = (
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
        r"steep|narrow) stairs|only way in is up (?:a (?:steep )?flight of |some "
        r"|\w+ )?(?:stone )?(?:steps|stairs)"
        r"|stairs only|(?:access|reached"
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
        r"(?:toilets?|loos?|restrooms?|bathrooms?)(?: (?:at|in|on) the \w+)? (?:is|are) (?:ada "
        r"|fully |wheelchair )?"
        r"accessible|(?:wheelchair[ -])?(?:accessible|disabled|adapted) (?:toilets?|loos?|wcs?"
        r"|restrooms?|bathrooms?)",
    ),
    _yes(
        "accessible_parking",
        "blue badge|parking",
        r"(?:bays|spaces) (?:\w+ )?(?:are )?reserved for (?:blue badge|disabled)(?: \w+)?"
        r"|blue badge (?:holder )?(?:parking|spaces?|bays?)(?: spaces?| bays?)?"
        r"|(?:disabled|accessible|handicapped|ada) "
        r"(?:car )?parking(?: spaces?| bays?)?|parking for (?:disabled|blue badge)",
    ),
    _no(
        "accessible_toilet",
        "toilet|loo|restroom|bathroom",
        r"(?:toilets?|loos?|restrooms?|bathrooms?) (?:is not|are not|isn't"
        r"|aren't) (?:wheelchair )?"
        r"(?:accessible|suitable for (?:wheelchairs?|wheelchair users))",
    ),
    _yes("hearing_loop", "loop", r"(?:hearing|induction|t-?) ?loops?(?: system)?"),
    _yes(
        "sign_language",
        "bsl|sign language|asl|isl",
        r"(?:bsl|asl|sign[ -]language)[ -](?:interpret(?:er|ers|ed|ation|ing))"
        r"|(?:bsl|asl)[- ]signed|interpreted (?:in|into) (?:bsl|asl|british sign language"
        r"|sign language)",
    ),
    _yes(
        "dementia_friendly",
        "dementia",
        r"dementia[ -]friendly"
        r"|(?:suitable|designed|adapted) for (?:people|those|anyone) (?:living "
        r"|who live )?with dementia",
    ),
    _yes(
        "quiet_space",
        "quiet|chill",
        r"quiet (?:room|space|area)s?|chill-?out (?:room|space|area)s?|calm (?:room|space)s?",
    ),
    _yes("easy_read", "easy", r"easy[ -]read(?! (?:book|novel|club))"),
    _yes(
        "allergy_aware",
        "scent|fragrance|perfume|nut-free|nut free|allergy",
        r"(?:scent|fragrance|perfume)[ -]free(?! (?:soap|products?|lotions?))|nut[ -]free"
        r"|allergy[ -](?:aware|friendly)",
    ),
    _yes(
        "public_transport_nearby",
        "bus|tram|train|station|tube|metro|subway",
        r"(?:the )?(?:number )?\d{1,3}[a-z]?(?: bus)? stops (?:right |just )?(?:by|outside|at"
        r"|opposite) "
        r"(?:our|the) (?:gate|door|entrance|front door)"
        r"|nearest (?:bus|tram) stop is (?:about |just |only )?(?:[1-4]?\d{2}) (?:yards|metres"
        r"|meters|m)(?: away)?"
        r"|tram stop is (?:right )?opposite"
        r"|(?:bus|buses|tram|trams|metro|subway)(?:es)?(?: \d{1,3}[a-z]?(?:,| and"
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
        r"railway station|bus station|tube station|tube|subway|metro|station)",
    ),
    _yes(
        "companion_welcome",
        "carer|companion|support worker|personal assistant|caregiver",
        r"(?:your )?(?:carer|companion|support worker|personal assistant|pa)(?: or \w+)? (?:can"
        r"|may) "
        r"(?:come|attend|join)(?: (?:in|along))?(?: with you)?"
        r"|(?:carers?|companions?|support workers?|personal assistants?|pas|caregivers?)"
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
