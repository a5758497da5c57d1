"""Explicit rules before any suggestion: danger in what is written, and activities that could harm.

No model and no likeness takes part. The rules lie in ``rules/``, the contacts in
``catalogue/safety/``; both are made to be edited.
"""

from spmatch.safety.harms import (
    ASK_GENDER,
    Risk,
    cautions_of_harms,
    find_risks,
    harmful,
    held_risks,
    known_risks,
    told_harms,
    touching,
)
from spmatch.safety.notices import Contact, Contacts, load_contacts, notices_of
from spmatch.safety.rules import TOPICS, Danger, Topic, find_dangers

__all__ = [
    "ASK_GENDER",
    "TOPICS",
    "Contact",
    "Contacts",
    "Danger",
    "Risk",
    "Topic",
    "cautions_of_harms",
    "find_dangers",
    "find_risks",
    "harmful",
    "held_risks",
    "known_risks",
    "load_contacts",
    "notices_of",
    "told_harms",
    "touching",
]
