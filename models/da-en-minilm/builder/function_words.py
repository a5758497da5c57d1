"""The small words of Danish, which the dictionaries explain in prose rather than translate."""

from __future__ import annotations

__all__ = ["FUNCTION_WORDS"]

_TABLE = """
jeg I|mig me|min my|mit my|mine my|du you|dig you|din your|dit your|dine your|han he|ham him
hans his|hun she|hende her|hendes her|den it|det it|dens its|dets its|vi we|os us|vores our
i in|jer you|jeres your|de they|dem them|deres their|man one|sig himself|sin his|sit his|sine his
selv self|hinanden each other|en a|et a|der there|som who|hvem who|hvad what|hvor where
hvornår when|hvorfor why|hvordan how|hvilken which|hvilket which|hvilke which|og and|eller or
men but|at to|om about|hvis if|fordi because|når when|da when|mens while|selvom although|så so
end than|på on|til to|fra from|med with|uden without|af of|for for|ved at|hos with|over over
under under|efter after|før before|mellem between|gennem through|mod against|omkring around
siden since|indtil until|ikke not|aldrig never|altid always|ofte often|sjældent rarely
nogle some|nogen anyone|noget something|ingen nobody|intet nothing|alle everyone|alt everything
hver every|hvert every|mange many|meget much|få few|lidt a little|mere more|mest most|flere more
fleste most|mindre less|færre fewer|er is|var was|være be|været been|har have|havde had|haft had
bliver becomes|blev became|blive become|blevet become|kan can|kunne could|vil will|ville would
skal must|skulle should|må may|måtte had to|bør ought|burde ought|tør dares|gør does|gjorde did
gøre do|gjort done|går goes|gik went|gå go|gået gone|kommer comes|kom came|komme come
kommet come|får gets|fik got|fået gotten|tager takes|tog took|tage take|taget taken|siger says
sagde said|sige say|sagt said|ved knows|vidste knew|vide know|ser sees|så saw|se see|set seen
giver gives|gav gave|give give|givet given|finder finds|fandt found|finde find|fundet found
står stands|stod stood|ligger lies|lå lay|sidder sits|sad sat|bor lives|boede lived|ja yes|nej no
her here|der there|nu now|kun only|også also|endnu yet|stadig still|allerede already|igen again
måske maybe|lige just|bare just|hjem home|hjemme at home|ud out|ude outside|ind in|inde inside
op up|ned down|væk away|sammen together|alene alone|meget very|godt well|god good|gode good
dårlig bad|dårligt badly|stor big|stort big|store big|lille small|små small|ny new|nyt new|nye new
gammel old|gammelt old|gamle old|ung young|unge young|anden other|andet other|andre others
første first|sidste last|samme same|denne this|dette this|disse these|sådan such|dag day
"""

FUNCTION_WORDS: tuple[tuple[str, str], ...] = tuple(
    (danish, english)
    for danish, _, english in (
        cell.strip().partition(" ")
        for line in _TABLE.strip().splitlines()
        for cell in line.split("|")
    )
)
"""(Danish, English), the most usual reading of a word first."""
