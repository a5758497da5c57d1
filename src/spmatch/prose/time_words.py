"""Words around days and times: those of something else than the activity, and those of the activity."""

from __future__ import annotations

import re

from spmatch.prose.doubts import doubts

# Hours of an office, a telephone, a bus or a building; what is not, was, or may be; and stories.
NEVER = {
    "da": doubts(
        "da",
        "past",
        "future",
        "passing",
        "condition",
        "story",
        "vague",
        "part",
        extra=r"kontor\w*|personale\w*|\w*vagt\w*|(?<!i )(?<!på )(?<!over )telefonen"
        r"|telefontid\w*|telefonlinje\w*|rådgivningstid\w*"
        r"|træffe\w*|ekspedition\w*|sekretariat\w*|reception\w*|åbningstid\w*|\w*frist\w*|senest"
        r"|deadline"
        r"|afgår|afgang\w*|(?<!\bet )(?<!\ben )luk\w*|aflys\w*|ferie\w*|bemand\w*|betjent"
        r"|lægevagt\w*|marked\w*|torvedag\w*"
        r"|(?<!behøver )(?<!koster )(?<!skal )ikke(?! nødvendig| påkrævet| noget)"
        r"|eller efter aftale"
        r"|efter aftale|koncert\w*|generalforsamling\w*|(?:træning|møder?|undervisning"
        r"|hold\w*) udgår"
        r"|ingen (?:møder?|træning|aktivitet\w*|undervisning|caf[eé]|hold|dans|yoga|sang|møde)"
        r"|butik\w*"
        r"|levering\w*|afhent\w*|skrald\w*|parkering\w*|biblioteket har|museet har|museets"
        r"|bibliotekets"
        r"|pedel\w*|(?:første|sidste|næste|anden) (?:gang|møde|aften|træning)|henvendelse\w*"
        r"|spørgsmål (?:kan|til|besvares|om)|rettes"
        r"|kaffepause\w*|pause\w*|besvar\w*|dørene|blev|opstart\w*|begyndte|startede|i stedet"
        r"|flytte\w*|rykke\w*"
        r"|gudstjeneste\w*|højmesse\w*|messe|skift\w*|ændre\w*|vi ses (?:på )?\w+dag\W|nabo\w*"
        r"|de andre"
        r"|konsultation\w*|sygeplejerske\w*|læge\w*|tandlæge\w*|tømmes|testes|optaget|udlejet"
        r"|reserveret til"
        r"|kamp\w*|stævne\w*|turnering\w*|finale\w*|premiere|fest|festen|\w+fest|bryllup\w*"
        r"|hjemmekamp\w*"
        r"|kioske\w*|radio\w*|sender|\w*køkkenet|genbrug\w*|byttedag\w*|venteliste\w*"
        r"|medarbejder\w*|kørsel\w*"
        r"|kører",
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
        extra=r"office\w*|staff\w*|help ?desk|reception|manned|phone ?lines?|telephone"
        r"|switchboard|helpline|lines"
        r"|line|hours|opening|(?<!\ba )closed|closes?|closing|shut|shuttle|timetable|departs?"
        r"|leaves|arrives|picks up"
        r"|market|no (?:meetings?|sessions?|class(?:es)?|practice|rehearsals?|groups?|yoga|club)"
        r"|deadline|by noon"
        r"|book by|sign up by|register by|orders|holidays?|deliver\w*|collect(?:ed|ion|ions|s)"
        r"|bins?|rubbish"
        r"|not(?! required| needed| necessary| essential)|don't(?! need| have to)|doesn't|won't"
        r"|isn't|can't"
        r"|box office|store|shop|kitchen|staffed|answered|messages?|museum is open|library is"
        r"|building|doors"
        r"|kettle goes on|concerts?|agm|started|starting from|moved?|moves|moving|instead"
        r"|cancel\w*|postponed"
        r"|by appointment|or by arrangement|caretaker|cleaners?|(?:first|last|next"
        r"|second) (?:session|meeting|class|week|rehearsal)"
        r"|next time|registration (?:opens|closes|by)|enrol\w*|questions? (?:to|can|answered"
        r"|about)|any questions|voicemail|centre is open"
        r"|center is open|services?|mass|worship|interpreters?|nurse|doctor|clinic|surgery|tested|"
        r"booked|reserved for|hired|let to|match(?:es)?|tournament|final|wedding|party"
        r"|neighbou?r\w*"
        r"|the others|changed?|changes|switch\w*|waiting list|paused?|suspended|on hold|break"
        r"|one[- ]off"
        r"|only member|serviced|mondays off|off on|bank holiday",
    ),
}
# … and what may be spoken of beside the times, though not in the same breath.
ELSE = {
    "da": re.compile(
        r"\b(?:(?<!i )(?<!på )(?<!over )\w*telefon\w*|tlf\w*|ring|ringe|ringer|henvend\w*|bus"
        r"|bussen|busser|toget|billet\w*|bestil\w*"
        r"|inden|mangler|søger|køkken\w*|kontakt\w*|inviter\w*|sms|mail|mails|kaffe(?:n)?(?: er"
        r"| serveres)|træner holdet"
        r"|(?<!ingen )(?<!uden )tilmeld(?:ing|e)?(?!\w)(?! (?:er )?(?:ikke|unødvendig))"
        r"|kor(?:et)? synger i"
        r"|begynder|starter|\w*hallen har|svømmehallen er|leder\w*|formand\w*|vogn\w*|levere\w*"
        r"|middagen"
        r"|(?:kl\.?|klokken|til) (?:halv )?(?:et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve"
        r"|tolv))\b"
    ),
    "en": re.compile(
        r"\b(?:desk|market|needs?|needed|looking for|wanted|phone\w*|(?<!video )calls?|calling"
        r"|ring|enquir\w*|bus|buses"
        r"|train|trains|minibus|tickets?|parking|contact|email|text us|invited|tutor|starts"
        r"|begins|beginning"
        r"|coffee'?s? (?:is|on)|tea is|car park|caf[eé] is|leader\w*|volunteers? (?:is"
        r"|are) (?:there|in)"
        r"|(?:at|from) (?:half (?:past )?|quarter (?:past|to) )?"
        r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))\b"
    ),
}
# One evening, unless it is said to come back.
SINGLE = {
    "da": re.compile(
        r"\b(?:foredrag\w*|koncert\w*|\w*film\w*|premiere\w*|fest\w*|åbent hus|loppemarked\w*"
        r"|kom til|\w+fest|\w*debat\w*"
        r"|(?:tema|intro|info|opstarts)\w+|fernisering\w*|reception\w*|forestilling\w*"
        r"|udflugt\w*|workshop\w*"
        r"|arrangement\w*|dag|event\w*|julehygge|jule\w+|påske\w+|sankthans\w*|dør\w* åbne\w*)\b"
    ),
    "en": re.compile(
        r"\b(?:talks?|lectures?|concerts?|films?|screenings?|open (?:day|house)|fairs?|f[eê]tes?"
        r"|sales?|exhibition"
        r"|launch|events?|party|parties|workshops?|trips?|outings?|performances?|shows?|premiere"
        r"|gala|debate|festival"
        r"|day|taster|come to|christmas|easter|halloween|jumble)\b"
    ),
}
PHONE = re.compile(r"\d{3}[- .)]+\d{3}[- .]?\d{3,4}|(?:\d\d ){3}\d\d|\b0\d{3,4} \d{3} ?\d{3}")
LEFT_PAUSE = re.compile(r"[;!?]|[()](?!\d)| - (?!\d)")
RIGHT_PAUSE = re.compile(r"[,;:!?()]| - ")
# Words of a whole sentence: without one, days and times after a few words are a heading.
VERB = {
    "da": re.compile(
        r"\b(?:er|har|kan|skal|vil|må|bliver|får|gør|tager|sker|ligger|står|kommer|sidder|holder"
        r"|besøger)\b"
    ),
    "en": re.compile(
        r"\b(?:is|are|has|have|can|will|must|gets?|be|been|do|does|comes?|visits?|sits?|gives?"
        r"|\w{3,}ed)\b"
    ),
}
VERB_BESIDE = {
    "da": (
        re.compile(r"[^\W\d]{3,}(?:er|es|te|ede|år|ør) $"),
        re.compile(r"[ ,]*[^\W\d]{3,}(?:er|es|te|ede|år|ør)\b"),
    ),
    "en": (re.compile(r"\b[^\W\d]{3,}s $"), re.compile(r"[ ,]*(?:the|a|an) \w+ [^\W\d]{3,}s\b")),
}
OPEN = re.compile(r"\b(?:åben\w*|åbent|åbner|åbningstid\w*|open|opens|opening)\b")
HEADING = re.compile(r":\s*$")
MEETS = {
    "da": re.compile(
        r"\b(?:vi|mødes|mødetid\w*|møder|holdet|hold|klub\w*|kor|café|cafe|gruppe\w*"
        r"|træning\w*|træner|synger|spiller|strikker|danser|går|gåtur\w*|yoga|dans"
        r"|samles"
        r"|ses|kom|åbent|åben|holdes|afholdes|foregår|ligger|undervisning|gymnastik"
        r"|fællesspisning|motion|banko)\b"
    ),
    "en": re.compile(
        r"\b(?:we|meets?|meeting|group|club|choir|class|classes|session|sessions|run"
        r"|runs|held|takes? place|join|gather|natter|yoga|walk|walks|café|cafe|lunch"
        r"|craft|crafts"
        r"|knit|sing|singing|dance|dancing|play|open|drop-in|bingo|games|weekly)\b"
    ),
}
