"""Languages as feeds name them, to ISO 639-1."""

from __future__ import annotations

import re

_CODES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
    io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml
    mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
    se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi
    vo wa wo xh yi yo za zh zu""".split()
)

# Code, then the names and three-letter codes under which feeds state it, in lower case. Chinese is
# one code, whichever of its spoken languages is meant; sign languages have no two-letter code.
_NAMES = """
ar: arabic arabisk ara العربية
am: amharic amharisk amh
bg: bulgarian bulgarsk bul
bn: bengali bangla ben
bs: bosnian bosnisk bos
cs: czech tjekkisk ces cze
cy: welsh cymraeg cym wel
da: danish dansk dan
de: german tysk deutsch deu ger
el: greek græsk ell gre
en: english engelsk eng
es: spanish spansk español spa
et: estonian est
fa: persian farsi dari persisk fas per
fi: finnish finsk fin
fo: faroese færøsk fao
fr: french fransk français fra fre
ga: irish gle
gu: gujarati guj
he: hebrew heb
hi: hindi hin
hr: croatian kroatisk hrv
ht: haitian-creole hat
hu: hungarian ungarsk hun
hy: armenian hye arm
is: icelandic islandsk isl ice
it: italian italiensk ita
ja: japanese jpn
kl: greenlandic grønlandsk kalaallisut kal
km: khmer khm
ko: korean kor
ku: kurdish kurdisk kur
lt: lithuanian litauisk lit
lv: latvian lettisk lav
mk: macedonian mkd mac
my: burmese mya bur
nb: bokmål nob
ne: nepali nep
nl: dutch hollandsk nederlandsk nld dut
no: norwegian norsk nor
pa: punjabi panjabi pan
pl: polish polsk pol
ps: pashto pus
pt: portuguese portugisisk por
ro: romanian rumænsk ron rum
ru: russian russisk rus
sk: slovak slk slo
sl: slovenian slovene slv
so: somali somalisk som
sq: albanian albansk sqi alb
sr: serbian serbisk srp
sv: swedish svensk swe
sw: swahili swa
ta: tamil tam
th: thai tha
ti: tigrinya tir
tl: tagalog tgl
tr: turkish tyrkisk tur
uk: ukrainian ukrainsk ukr
ur: urdu urd
vi: vietnamese vietnamesisk vie
yo: yoruba yor
zh: chinese mandarin cantonese kinesisk zho chi cmn yue
"""

_BY_NAME = {
    name.replace("-", " "): code
    for line in _NAMES.split("\n")
    if line
    for code, names in [line.split(": ", 1)]
    for name in names.split()
}


def language_code(name_or_code: str) -> str | None:
    """The ISO 639-1 code of a language given by code or name; ``None`` when it is not known here.

    A region (``en-GB``) is left out. Names are English, Danish or the language's own.
    """
    stated = " ".join(name_or_code.split()).casefold()
    primary = re.split(r"[-_]", stated, maxsplit=1)[0]
    if len(primary) == 2:
        return primary if primary in _CODES else None
    return _BY_NAME.get(stated) or (_BY_NAME.get(primary) if len(primary) == 3 else None)
