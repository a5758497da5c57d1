"""Words around an amount of money: what else has a price, what makes it no price, and for how long it is."""

from __future__ import annotations

import re

from spmatch.prose.doubts import doubts
from spmatch.prose.passages import TextLanguage
from spmatch.words import Per

# A floor, a ceiling, a guess, a gift, a reduction, or a price that depends on something.
VAGUE = {
    "da": doubts(
        "da",
        "future",
        "passing",
        "condition",
        "story",
        "vague",
        "rough",
        extra=r"op til|max|maks|højst|mindst|minimum|donation\w*|frivilligt?|indkomst\w*"
        r"|indtægt\w*"
        r"|varierer|tilskud|rabat\w*|spar|halv pris|halvdelen|efter evne|lyst og evne|når du"
        r"|i timen"
        r"|(?:pr\.?|per) (?:time|par|familie|husstand|gruppe|bord|hold|barn|dag|kilometer|km|stk"
        r"|styk"
        r"|næse|bil|hund|kop)|halvår\w*|sæson\w*|semester|cirkapris|vi betaler|du får|bidrag\w*"
        r"|støt\w*"
        r"|hel \w+|alternativt|eller|om dagen|i døgnet|ekstra|tillæg|refunder\w*|tilbage|sats",
    ),
    "en": doubts(
        "en",
        "future",
        "passing",
        "condition",
        "story",
        "vague",
        "rough",
        extra=r"up to|at least|minimum|maximum|max|min|donat\w*|we pay|you (?:get|earn|win)"
        r"|suggested"
        r"|voluntary|contribut\w*|income|var(?:y|ies|ying)|sliding|discount\w*|saves?|saving|off"
        r"|half[- ]price|when you|an hour|per hour|hourly|per term|a term|term|season|semester"
        r"|means"
        r"|either|per (?:couple|family|household|table|team|child|day|mile|item|car|dog|cup)"
        r"|afford"
        r"|estimated|instead of|or|towards?|extra|refund\w*|back|a day|upwards"
        r"|for all (?:two|three|four|five|six|seven|eight|nine|ten)(?=\W*$)|for (?:one|two|three"
        r"|four)\b",
    ),
}
FLOOR = re.compile(r"\b(?:fra|from|under|over) (?:kun |just |only )?(?:kr\.? ?)?[£$€]?$")
# What else has a price. A membership also leaves open what taking part costs.
MEMBERSHIP = {
    "da": re.compile(
        r"\b(?:medlemskab\w*|blive medlem|medlem af|\w*kontingent\w*|indmeld\w*|depositum\w*"
        r"|årskort\w*|medlems?gebyr|oprettelse\w*)"
    ),
    "en": re.compile(
        r"\b(?:memberships?|to join (?:costs|is)|(?:become|becoming|to be) a member"
        r"|subscriptions?|joining|deposit|dues|annual fee|registration)\b"
    ),
}
# The sentence has to do with a trade, a journey, a gift or a single event.
DEAL = {
    "da": re.compile(
        r"\b(?:sælge\w*|salg|udlej\w*|leje\w*|lejes|lån\w*|vind\w*|præmie\w*|gevinst\w*|støt\w*"
        r"|indsaml\w*|tilskud\w*|bevil\w*|legat\w*|fond\w*|billet\w*|rejse\w*|udflugt\w*|afgang\w*"
        r"|bøde\w*|løn\w*|budget\w*|gave\w*|koncert\w*|forestilling\w*|spar\w*|klippekort\w*)\b"
    ),
    "en": re.compile(
        r"\b(?:for sale|sells?|sold|rent\w*|hire\w*|loan\w*|prizes?|raffle|win|won|raised?"
        r"|grants?|funding"
        r"|gave|coach|minibus|trips?|outings?|excursions?|cruise|leaving|departs?|fine[sd]?"
        r"|wages?|salary"
        r"|budget|gifts?|concerts?|matinees?|shows?|performances?|cinema|punch cards?|vouchers?"
        r"|worth)\b"
    ),
}
THING = {
    "da": re.compile(
        r"\b(?:kaffe|kage|kager|the|te|brød|rundstykke\w*|boller?|øl|vin|vand|saft|sodavand\w*"
        r"|drikke\w*"
        r"|kop|glas|flaske\w*|frokost\w*|middag|måltid\w*|menu\w*|mad|maden|madpakke|suppe\w*|ret"
        r"|buffet\w*|smørrebrød|sandwich\w*|pølse\w*|forplejning|fortæring|traktement"
        r"|\w*materiale\w*"
        r"|råvare\w*|garn|ler|bog|bogen|bøger|hæfte\w*|noder|udstyr\w*|nøgle\w*|skab\w*|trøje\w*"
        r"|t-shirt\w*|tøj|parkering\w*|bus\w*|transport\w*|kørsel|taxa\w*|værdi\w*|klip\w*"
        r"|turskort"
        r"|\d+-turs\w*|sæsonkort|dagkort|lodseddel\w*|lodder|plade\w*|bankoplade\w*|print|kopi\w*"
        r"|kaffekasse\w*|kasse\w*|snacks?|is|slik|pizza|frugt|håndklæde\w*|instrument\w*"
        r"|ketsjer\w*"
        r"|ski|skøjter|cykel|kursusbog|sang\w*bog|omsætning|museet|museum\w*|biograf\w*|fest\w*"
        r"|julefrokost|ekskursion|gebyr|overskud\w*|tur til|turen til|pakke\w*|kit|porto)"
        r"(?:n|en|et|r|er|ne|erne|s)?\b"
    ),
    "en": re.compile(
        r"\b(?:application|intake|administrati\w+|processing|permits?|coffees?|teas?|cuppas?|brew"
        r"|cakes?|scones?|bacon|rolls?|burgers?|lunch\w*(?! clubs?)|dinners?|suppers?|meals?"
        r"|food|snacks?"
        r"|drinks?|squash|juice|cookies|buffet|menu|breakfasts?|soup|biscuits?|materials?"
        r"|ingredients?|kits?"
        r"|yarn|clay|books?|books|equipment|tickets?|t-?shirts?|shirts?|parking|bus|fares?|taxi"
        r"|transport"
        r"|travel|insurance|value|vouchers?|rewards?|lockers?|pass|passes|keys?|bingo cards?"
        r"|sandwich\w*"
        r"|refreshments?|party|christmas|holidays?|film|museum|petrol|mileage|towels?|racke?ts?"
        r"|balls?"
        r"|skates?|shoes?|boots|supplies|textbooks?|pints?|beer|wine|cr[eè]che|childcare"
        r"|babysitt\w*"
        r"|per mile|bags?|photocop\w*|print\w*|certificates?|dbs|costumes?|uniforms?|mats?"
        r"|heating|postage"
        r"|block of|for (?:10|ten|6|six|5|five) (?:classes|sessions))\b"
    ),
}
INCLUDED = {
    "da": re.compile(r"\b(?:inkl\w*|(?<!være )med (?!til\b))\b.*$", re.DOTALL),
    "en": re.compile(r"\b(?:incl\w*|with)\b.*$", re.DOTALL),
}
ASKED = {
    "da": re.compile(
        r"\b(?:(?:deltager|kursus)?pris(?:en)?|kost(?:er|e)|entré|entre|deltagergebyr\w*"
        r"|abonnement"
        r"|deltagerbetaling\w*|egenbetaling\w*|deltagelse|betal\w*|at (?:deltage|være med)|i døren"
        r"|ved indgangen|pr\.? pers\w*|per person|pr\.? deltager|opkræves|tager)\b"
    ),
    "en": re.compile(
        r"\b(?:price[sd]?|costs?|fees?|charges?|admission|entry|entrance|pay|pays|subs"
        r"|on the door|at the door|per person|per head|pp|each|to (?:join|attend)"
        r"|taking part is)\b"
    ),
}
# All that may stand in the clause of a price besides names of activities: with any other word it is open
# what the price is of.
KNOWN: dict[TextLanguage, frozenset[str]] = {
    "da": frozenset(
        """
        det der er lille uændret uændrede for at i på til og også som man du vi den de en et kun blot bare
        dog alle hver ved fra os
        pr per ad med af om så nu alt uanset hvad altid stadig
        pris prisen priser deltagerpris deltagerprisen kursuspris koster koste entré entre entréen entreen
        indgang indgangen deltagergebyr deltagergebyret deltagerbetaling deltagerbetalingen egenbetaling
        egenbetalingen abonnement deltagelse deltagelsen deltage deltager deltagere deltageren være komme
        betal betaler betales betaling opkræves opkræver tager kontant kontanter mobilepay mobilbetaling
        kort døren stedet underviseren instruktøren ankomst ankomsten person pers næse voksen voksne
        eller ellers ikke medlemmer andre øvrige gæster
        gang gangen gange mødegang mødegange aften aftenen besøg lektion lektioner session fremmøde uge ugen
        uger md mdr mnd måned måneden måneder månedligt månedlig ugentligt ugentlig årligt årlig kvartal
        kvartalet år året hele forløbet kurset rækken seks otte ti tolv fem fire tre syv ni to alt
        træne meget vil seniorer begyndere øvede mænd kvinder unge herrer damer ialt dkk kr kroner
        """.split()
    ),
    "en": frozenset(
        """
        the a an it it's is are there there's small just at on for to of in and only just
        all everyone everybody we you they there per
        each every this that our by with still always both including included anyone
        price prices priced cost costs fee fees charge charges charged admission entry entrance pay pays
        paying payable payment paid subs door taking part join joining attend attending come coming along
        arrival cash card cheque contactless online person head pp participant participants
        session sessions class classes visit visits lesson lessons time times meeting meetings evening
        workshop workshops go week weeks wk weekly month months mth monthly quarter quarterly year years yr
        annum yearly annual annually whole full entire course programme program series total one-off
        two three four five six seven eight nine ten twelve adults adult non members nonmembers else others
        or otherwise guests visitors waged standard concessions as many swims like covers everything cover
        then after that's so seniors
        beginners men women first
        """.split()
    ),
}
PERS: dict[TextLanguage, tuple[tuple[Per, re.Pattern[str]], ...]] = {
    "da": (
        (
            "session",
            re.compile(
                r"(?:(?:/|\bpr\.?|\bper|\bhver|\bfor hver) ?(?:gang(?:en)?|mødegang"
                r"|aften|besøg|lektion|træning|møde|session|fremmøde"
                r"|undervisningsgang)"
                r"|\b(?:ad gangen|gangen))\b"
            ),
        ),
        ("week", re.compile(r"(?:(?:/|\bpr\.?|\bper|\bhver) ?uge|\bom ugen|\bugentligt?)\b")),
        (
            "month",
            re.compile(
                r"(?:(?:/|\bpr\.?|\bper|\bhver) ?(?:måned|md|mdr|mnd)|\bom måneden"
                r"|\bmånedligt?|\bi måneden)\b"
            ),
        ),
        (
            "quarter",
            re.compile(r"(?:(?:/|\bpr\.?|\bper|\bhvert) ?kvartal|\bi kvartalet|\bkvartals\w+)\b"),
        ),
        ("year", re.compile(r"(?:(?:/|\bpr\.?|\bper|\bhvert) ?år|\bom året|\bårligt?)\b")),
        (
            "once",
            re.compile(
                r"\b(?:for (?:hele )?(?:forløbet|kurset|kursusforløbet|rækken)"
                r"|for (?:de |alle )?(?:\d{1,2}|to|tre|fire|fem|seks|syv|otte|ni|ti"
                r"|tolv) "
                r"(?:gange|aftener|lektioner|mødegange|undervisningsgange|uger)"
                r"|for alle gange(?:ne)?|\d{1,2} gange koster|engangsbeløb|i alt"
                r"|hele (?:forløbet|kurset|rækken) koster)\b"
            ),
        ),
    ),
    "en": (
        (
            "session",
            re.compile(
                r"(?:(?:/|\bper|\ba|\beach|\bevery|\bfor each) ?(?:session|class|visit"
                r"|lesson|time|meeting|evening|workshop|go)"
                r"|\b(?:sessions|classes|lessons|workshops)\b(?=.{0,9} ¤ each\b)"
                r"|\b(?:sessions|classes|lessons|workshops|meetings) (?:cost|are"
                r"|is)(?: just| only)?|\beach (?:session|class) (?:costs?|is))\b"
            ),
        ),
        ("week", re.compile(r"(?:(?:/|\bper|\ba|\beach|\bevery) ?(?:week|wk)|\bweekly|\bpw)\b")),
        ("month", re.compile(r"(?:(?:/|\bper|\ba|\beach|\bevery) ?(?:month|mth)|\bmonthly)\b")),
        ("quarter", re.compile(r"(?:(?:/|\bper|\ba) ?quarter|\bquarterly)\b")),
        (
            "year",
            re.compile(r"(?:(?:/|\bper|\ba|\beach) ?(?:year|yr|annum)|\byearly|\bannual(?:ly)?)\b"),
        ),
        (
            "once",
            re.compile(
                r"\bfor (?:the |a |all |this )?(?:whole |full |entire )?(?:(?:\d{1,2}"
                r"|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -])?"
                r"(?:weeks?|week|session|day|sessions)?[ -]?(?:course|programme"
                r"|program|series)\b|\bfor (?:all |the )?"
                r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve"
                r"|\d{1,2}) (?:weeks|sessions|classes|weekly sessions)\b|\bone-off\b|\bin total\b"
                r"|\b(?:whole|full|entire) (?:[\w-]+ )?(?:course|programme|program|series) (?:is"
                r"|costs)\b"
            ),
        ),
    ),
}
COURSE = {
    "da": re.compile(r"\b(?:kurset|kursus|forløbet|workshoppen|rækken|foredragsrækken)\b"),
    "en": re.compile(r"\b(?:course|programme|program|series)\b"),
}
# Elsewhere in the sentence: "30 kr., som betales hver gang"; "8 gange, 640 kr." is for all of them.
EACH_TIME = {
    "da": re.compile(r"\b(?:hver|pr\.?|per) gang\b"),
    "en": re.compile(r"\b(?:each time|every time|per session|each session)\b"),
}
SEVERAL = {
    "da": re.compile(
        r"\b(?:\d+|to|tre|fire|fem|seks|syv|otte|ni|ti) (?:gange|mødegange|aftener"
        r"|lektioner|uger)\b"
    ),
    "en": re.compile(
        r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten)[ -](?:weeks?|sessions"
        r"|classes|lessons)\b"
    ),
}
