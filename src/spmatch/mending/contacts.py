"""Phone numbers, e-mail addresses and web addresses of a record, where it is certain what was meant."""

from __future__ import annotations

import re
from typing import Any

from spmatch.activity import Activity, Provider
from spmatch.readers.stated import Findings

_FLOAT = re.compile(r"(\+?\d{5,15})\.0+")
_EXPONENT = re.compile(r"(\d)\.?(\d*)[eE]\+?(\d{1,2})")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[\w-]+\.)+[^\W\d_]{2,24}")
_GAP = re.compile(r"(?<!\s)(?:\s*@\s*|\s+\.\s*(?=[\w-]+$))")
_ADDRESS_OF_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(r"(?:www\.)?(?:[\w-]+\.)+[^\W\d_]{2,24}(?:[:/?#]\S*)?", re.IGNORECASE)


def mended_contacts(activity: Activity, findings: Findings) -> Activity:
    """The activity with contacts put right; the same object when nothing was to be done."""
    changes: dict[str, Any] = {}
    provider = activity.provider
    if provider is not None:
        of_provider = _of_provider(provider, findings.within({}, "provider"))
        if of_provider:
            changes["provider"] = provider.model_copy(update=of_provider)
    source = activity.source
    if source is not None and source.url:
        url = _url(source.url, findings.within({}, "source"))
        if url != source.url:
            changes["source"] = source.model_copy(update={"url": url})
    return activity.model_copy(update=changes) if changes else activity


def _of_provider(provider: Provider, findings: Findings) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if provider.phone:
        changes["phone"] = _phone(provider.phone, findings)
    if provider.email:
        changes["email"] = _email(provider.email, findings)
    if provider.url:
        changes["url"] = _url(provider.url, findings)
    return {name: value for name, value in changes.items() if value != getattr(provider, name)}


def _phone(phone: str, findings: Findings) -> str | None:
    number = _FLOAT.fullmatch(phone)
    if number:
        findings.mended(
            "phone",
            "this was written as a number with decimals and was put right.",
            "Write it as text.",
        )
        return number[1]
    power = _EXPONENT.fullmatch(phone)
    if not power:
        return phone
    digits = power[1] + power[2]
    # 4.5123456E7 has all of its eight digits; 4.51E+07 has lost some.
    if len(digits) == int(power[3]) + 1 and len(digits) >= 5:
        findings.mended(
            "phone", "this was written as a power of ten and was put right.", "Write it as text."
        )
        return digits
    findings.mended(
        "phone", "digits of this number were lost, and it was left out.", "Write it as text."
    )
    return None


def _email(email: str, findings: Findings) -> str:
    bare = _GAP.sub(lambda gap: gap[0].strip(), email.strip())
    if bare[:7].casefold() == "mailto:":
        bare = bare[7:].partition("?")[0].strip()
    if bare != email and _ADDRESS.fullmatch(bare):
        findings.mended(
            "email", "spaces or a prefix were taken out of it.", "Write the address alone."
        )
        return bare
    if not _ADDRESS.fullmatch(email):
        findings.note("email", "this is not one e-mail address.", "Write one address alone.")
    return email


def _url(url: str, findings: Findings) -> str:
    if _ADDRESS_OF_WEB.fullmatch(url):
        return url
    if _WITHOUT_SCHEME.fullmatch(url):
        # Which of http and https answers there is not ours to guess.
        findings.note("url", "this does not say http:// or https://.", "Write it in full.")
    else:
        findings.note("url", "this is not a web address.", "Write it in full, with https://.")
    return url
