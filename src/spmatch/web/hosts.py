"""The names that this service is known by: those that a request may be addressed to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::\d{1,5})?")


def host_of(address: str) -> str | None:
    """The host of ``host:port``, in lower case; None where that cannot be read."""
    found = _ADDRESS.fullmatch(address.strip().lower())
    if found is None:
        return None
    return found["v6"] or found["name"].removesuffix(".")


def hosts_of(names: Iterable[str]) -> frozenset[str]:
    """The hosts of some names, with or without a port; those that cannot be read are left out."""
    # The bare number of an interface may be of version 6, which has its brackets only in an address.
    return frozenset(host for name in names if (host := host_of(name) or host_of(f"[{name}]")))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on ``host``."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_known(host: str, names: frozenset[str]) -> bool:
    """Whether a request to this host is meant for us: by one of our ``names``, or from this machine.

    A page of a stranger can make a browser send us requests under the name of that stranger (DNS
    rebinding); those are not.
    """
    return host in names or is_loopback(host)
