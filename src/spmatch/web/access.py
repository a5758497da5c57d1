"""Who may ask what: a dependency for each route.

A program sends its key as ``Authorization: Bearer KEY``. A browser asks for it once and sends it as the
password of HTTP Basic, whatever the user name, so that the page needs no cookie.
"""

from __future__ import annotations

import math
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from spmatch.web.hosts import host_of, hosts_of
from spmatch.web.keys import Key, KeyRing, KeyScope
from spmatch.web.problems import ProblemError

_REALM = 'realm="spmatch"'
_READS = ("GET", "HEAD", "OPTIONS")


def allowed(scope: KeyScope, *, page: bool = False) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets a request through, or raises ``ProblemError`` (401, 403, 429).

    ``page`` is for what a browser asks: it is then asked for the key (Basic), and what is sent from the
    page of another site is refused, also where there are no keys. Sets ``request.state.key_id``.
    """

    async def check(request: Request) -> None:
        service = request.app.state.service
        request.state.key_id = None
        if page and request.method not in _READS and not _from_own_page(request):
            raise ProblemError(
                403,
                "Open the page of this service itself, and send the form from there.",
                name="site",
                title="This was sent from the page of another site",
            )
        if service.keys is None:
            return
        key = _key_of(request, service.keys)
        if key is None:
            # One answer for no key, a malformed, an unknown and a revoked one: it helps nobody to guess.
            ask = f'Basic {_REALM}, charset="UTF-8"' if page else f"Bearer {_REALM}"
            raise ProblemError(
                401, "Send a key that is known here.", headers={"WWW-Authenticate": ask}
            )
        request.state.key_id = key.id
        # Counted before the scope is looked at: a program that asks for too much is slowed down as well.
        wait = service.rates.take(key.id, key.rate_per_minute or service.settings.rate_per_minute)
        if wait > 0:
            again = {"Retry-After": str(math.ceil(wait))}
            raise ProblemError(429, "This key has asked too often. Wait a little.", headers=again)
        if scope not in key.scopes:
            raise ProblemError(403, f"This key was made without the scope {scope}.")

    return check


def _key_of(request: Request, keys: KeyRing) -> Key | None:
    sent = request.headers.getlist("authorization")
    if len(sent) != 1:
        return None
    scheme, _, value = sent[0].strip().partition(" ")
    match scheme.casefold():
        case "bearer":
            return keys.find(value.strip())
        case "basic":
            return keys.find(_password(value.strip()))
        case _:
            return None


def _password(value: str) -> str:
    try:
        decoded = b64decode(value, validate=True).decode("utf-8")
    except (Base64Error, ValueError):
        return ""
    return decoded.partition(":")[2]


def _from_own_page(request: Request) -> bool:
    """Whether a form was sent from our own page, or by no page at all (a program).

    Browsers say which (``Sec-Fetch-Site``); where one does not (an old one, or a plain http address),
    ``Origin`` has to be a name of ours. Another site on the same domain is another site.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    scheme, _, address = origin.casefold().partition("://")
    host = host_of(address)
    if scheme not in ("http", "https") or host is None:
        return False
    # A proxy may have put another name for us in Host, so the names we are known by count as well. Of
    # loopback only the very address does: any program may listen on another port.
    names = hosts_of(request.app.state.service.settings.public_names)
    return address == request.headers.get("host", "").casefold() or host in names
