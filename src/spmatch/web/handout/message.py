"""The handout as a message: short lines of plain text for a telephone."""

from __future__ import annotations

from spmatch.web.handout.content import Handout, Offer
from spmatch.web.handout.easy import untied

WHAT_CHARACTERS = 160


def plain_text_of(handout: Handout) -> str:
    """The handout as plain text, an empty line between offers; ends with a line break."""
    parts = [f"{handout.words.say('title')}\n{handout.date}"]
    parts += [_offer(offer, handout) for offer in handout.offers]
    parts.append("\n".join(filter(None, [handout.words.say("foot"), handout.missing_words])))
    return untied("\n\n".join(parts) + "\n")


def _offer(offer: Offer, handout: Handout) -> str:
    say = handout.words.say
    contact = offer.phone or offer.email or offer.url
    lines = [
        f"{offer.number}. {offer.title}",
        offer.provider if offer.provider != offer.title else "",
        offer.what(WHAT_CHARACTERS),
        *offer.when,
        ", ".join(offer.where),
        f"{say('label.price')}: {offer.price}",
        f"{say('label.phone')}: {offer.phone}" if offer.phone else "",
        f"{say('label.email')}: {offer.email}" if offer.email else "",
        offer.url,
        "" if contact else say("contact.none"),
        *offer.good_to_know,
        f"{say('label.ask')} {' '.join(offer.questions)}" if offer.questions else "",
    ]
    return "\n".join(filter(None, lines))
