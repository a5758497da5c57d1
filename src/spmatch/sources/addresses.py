"""Addresses of sources: what of them may be told, which page comes next, where they may lead."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, unquote_plus, urljoin, urlsplit

from spmatch.errors import CatalogueError, Problem

_PAGE_NAMES = ("page", "page_number", "pagenumber", "page_no", "pageno", "pg")
# Parameters of paging and format. Any other may be a key, and is neither told nor kept.
_HARMLESS = frozenset(
    (
        *_PAGE_NAMES,
        *"per_page perpage page_size pagesize size limit offset format full minimal".split(),
        *"aftertimestamp afterid afterchangenumber modified_after".split(),
    )
)
_HIDDEN = "***"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_address(source: str) -> bool:
    """Whether a source is an http(s) address rather than a path."""
    return source.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """An http(s) address, apart from the name and password that may stand in it."""

    url: str
    user: str | None = None
    password: str | None = None

    @classmethod
    def of(cls, text: str) -> Address:
        """Raises ``CatalogueError`` for what is no usable http(s) address."""
        try:
            parts = urlsplit(text.strip())
            named = bool(parts.hostname) and parts.port != 0
        except ValueError:
            named = False
        if not named or parts.scheme.lower() not in _DEFAULT_PORTS:
            raise CatalogueError(
                "The source cannot be fetched:",
                [Problem("address", "", "this is not an http(s) address.", "Check the address.")],
            )
        user = unquote(parts.username) if parts.username is not None else None
        password = unquote(parts.password) if parts.password is not None else None
        return cls(_without_user(parts), user, password)

    @property
    def digest(self) -> str:
        """Names the address, without telling it."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:32]

    @property
    def name(self) -> str:
        """A short name for people: host and path."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}{parts.path}".rstrip("/")

    def __repr__(self) -> str:
        return f"Address({mask(self.url)!r})"


def _without_user(parts: SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def mask(url: str) -> str:
    """An address that may be told: no name, password or fragment, and no value that may be a key."""
    try:
        bare = _without_user(urlsplit(url))
    except ValueError:
        return "an address that cannot be read"
    return _with_query(
        bare,
        [
            piece if is_harmless or "=" not in piece else f"{piece.partition('=')[0]}={_HIDDEN}"
            for piece, is_harmless in _pieces(bare)
        ],
    )


def without_secrets(url: str, source: str) -> str:
    """An address that may be kept on disk: what may be a key of the source is left out."""
    secrets = {piece for piece, is_harmless in _pieces(source) if not is_harmless}
    return _with_query(url, [piece for piece, _ in _pieces(url) if piece not in secrets])


def with_secrets(url: str, source: str) -> str:
    """A kept address, with what was left out of it put back from the source."""
    names = {_name_of(piece) for piece, _ in _pieces(url)}
    secrets = [p for p, is_harmless in _pieces(source) if not is_harmless]
    missing = [piece for piece in secrets if _name_of(piece) not in names]
    return _with_query(url, [*(piece for piece, _ in _pieces(url)), *missing])


def page_of(url: str) -> int | None:
    """The number of the page that an address asks for, where it says so."""
    for piece, _ in _pieces(url):
        value = piece.partition("=")[2]
        if _is_page(piece) and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
    return None


def with_page(url: str, number: int) -> str:
    """The address of another page: the parameter that it has, or ``page``; the others stay."""
    pieces = [piece for piece, _ in _pieces(url)]
    if not any(_is_page(piece) for piece in pieces):
        pieces.append("page=")
    return _with_query(
        url, [f"{p.partition('=')[0]}={number}" if _is_page(p) else p for p in pieces]
    )


def next_page(url: str, named: str) -> str | None:
    """The address that a page names as the next one, or ``None`` where it may not be asked for.

    A next page lies on the host of the page that names it, and is asked for as safely: behind a
    proxy, many servers name http where they are asked by https.
    """
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, named.strip()))
        if here.scheme == "https" and there.scheme == "http" and there.port in (None, 80):
            there = there._replace(scheme="https", netloc=_bare_host(there))
        if not same_origin(here.geturl(), there.geturl()):
            return None
    except ValueError:
        return None
    return _without_user(there)


def redirected(url: str, location: str) -> str | None:
    """Where a redirect leads, or ``None`` where it must not be followed.

    Never from https to http, never to anything but http(s), and never from another machine into
    this one or the network around it, as far as the address shows.
    """
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, location.strip()))
        if there.scheme not in _DEFAULT_PORTS or not there.hostname or there.port == 0:
            return None
    except ValueError:
        return None
    if here.scheme == "https" and there.scheme != "https":
        return None
    if _is_inside(there.hostname) and not _is_inside(here.hostname or ""):
        return None
    return _without_user(there)


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses are of one scheme, host and port: a password is sent to no other."""
    return _origin(one) == _origin(other)


def identity_of(url: str) -> tuple[object, ...]:
    """The same for two ways to write one address: the order of its parameters means nothing."""
    return *_origin(url), urlsplit(url).path or "/", *sorted(piece for piece, _ in _pieces(url))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _bare_host(parts: SplitResult) -> str:
    host = parts.netloc.rpartition("@")[2]
    return host.removesuffix(":80")


def _is_inside(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _pieces(url: str) -> list[tuple[str, bool]]:
    """The parameters of an address as they are written, and of each whether it may be told."""
    pieces = [piece for piece in urlsplit(url).query.split("&") if piece]
    return [(piece, _name_of(piece) in _HARMLESS) for piece in pieces]


def _name_of(piece: str) -> str:
    return unquote_plus(piece.partition("=")[0]).lower()


def _is_page(piece: str) -> bool:
    return _name_of(piece) in _PAGE_NAMES


def _with_query(url: str, pieces: list[str]) -> str:
    return urlsplit(url)._replace(query="&".join(pieces)).geturl()
