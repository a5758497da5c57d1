"""What of a catalogue may be linked to: it can hold anything, and a link is followed by a click."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NUMBER = re.compile(r"\+?\d(?:[\d\s().-]*\d)?")
_ADDRESS = re.compile(r"[^\s@<>\"'?&%]+@[^\s@<>\"'?&%]+")


def phone_link(phone: str | None) -> str | None:
    """The address that dials a number; ``None`` where there is none, or more than one."""
    found = _NUMBER.findall(phone or "")
    number = found[0] if len(found) == 1 else ""
    if number.startswith("+"):
        number = number.replace(
            "(0)", ""
        )  # +44 (0)20 …: the nought is for callers within the country.
    digits = re.sub(r"[^\d+]", "", number)
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{3,15}", digits) else None


def web_link(url: str | None) -> str | None:
    """An address that may be linked to: of the web alone."""
    try:
        parts = urlsplit((url or "").strip())
        safe = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return parts.geturl() if safe else None


def mail_link(email: str | None) -> str | None:
    """The address to write to; ``None`` where it would say more than an address."""
    address = (email or "").strip()
    return f"mailto:{address}" if _ADDRESS.fullmatch(address) else None
