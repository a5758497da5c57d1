"""Who can be asked about which activities: providers told apart by their name and their contact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spmatch.activity import Activity
from spmatch.columns import Integers
from spmatch.quality.records import Provider

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Providers:
    """``number[row]`` is the provider of a row in ``known``, ``NOBODY`` where nobody can be reached."""

    known: tuple[Provider, ...]
    number: Integers


def providers_of(activities: Sequence[Activity]) -> Providers:
    """The providers with a phone number or an e-mail address.

    One name with one phone number (or, without any, one e-mail address) is one provider. A record
    that states only the name belongs to it when no other contact goes by that name: the branches of
    an association have a name in common and are called one by one.
    """
    contacts: dict[str, set[str]] = {}
    keys = [_keys(one) for one in activities]
    for name, contact in keys:
        if contact:
            contacts.setdefault(name, set()).add(contact)
    numbers: dict[tuple[str, str], int] = {}
    members: list[list[Activity]] = []
    rows = []
    for one, (name, stated) in zip(activities, keys, strict=True):
        contact = stated
        if not contact and name and len(contacts.get(name, ())) == 1:
            (contact,) = contacts[name]
        if not contact:
            rows.append(NOBODY)
            continue
        number = numbers.setdefault((name, contact), len(numbers))
        if number == len(members):
            members.append([])
        members[number].append(one)
        rows.append(number)
    return Providers(
        tuple(_provider(group) for group in members), np.array(rows, dtype=np.int32).reshape(-1)
    )


def _keys(one: Activity) -> tuple[str, str]:
    """The name and the contact as they are compared; empty where not stated."""
    if one.provider is None:
        return "", ""
    phone = re.sub(r"\D", "", one.provider.phone or "")
    contact = phone or (one.provider.email or "").strip().casefold()
    return " ".join((one.provider.name or "").casefold().split()), contact


def _provider(members: Sequence[Activity]) -> Provider:
    """As the first record that states each part writes it."""

    def first(part: str) -> str | None:
        return next((v for one in members if (v := getattr(one.provider, part))), None)

    return Provider(name=first("name"), phone=first("phone"), email=first("email"))
