"""One address, asked until it answers whole, or given up with a reason; never half an answer."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from threading import Lock, get_ident
from types import TracebackType
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, LocationValueError, SSLError
from urllib3.util import Retry, Timeout, make_headers

from spmatch import __version__
from spmatch.errors import CatalogueError, Problem
from spmatch.sources.addresses import Address, mask, redirected, same_origin
from spmatch.sources.outline import Outline, outline_of
from spmatch.sources.settings import MEBIBYTE, FetchSettings

_CHUNK_BYTES = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_NOT_THERE = (400, 404, 410, 422)
_ACCEPT = "application/json, application/x-ndjson, text/csv, application/zip;q=0.9, */*;q=0.5"
_LINK_NEXT = re.compile(r'<([^<>]*)>[^,<>]*;\s*rel="?(?:[\w-]+ )*next\b', re.IGNORECASE)

_SAID = {
    401: ("it asks for a name and password, or a key.", "Check those in the address."),
    403: ("it does not let this be read.", "Check the key in the address, or ask the provider."),
    404: ("there is nothing at this address.", "Check the address."),
    410: ("there is nothing at this address any more.", "Ask the provider for the new one."),
    429: ("it is asked too often, and stays so.", "Try again later."),
}
_LATER = "Try again later; nothing of it was used."

_chance = SystemRandom()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``file`` holds the body; there is none when ``unchanged``."""

    url: str
    """Where the answer came from in the end, after redirects."""
    file: Path | None
    digest: str
    outline: Outline | None
    etag: str | None
    last_modified: str | None
    link_next: str | None
    """The next page as the header ``Link`` names it."""

    @property
    def unchanged(self) -> bool:
        return self.file is None


class NotThereError(CatalogueError):
    """The server answers, and does not know this address, or does not know it any more."""


class _AnotherTryError(Exception):
    """This attempt failed in a way that another may not. ``wait`` is what the server asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.reason = reason
        self.wait = wait


class Fetching:
    """Asks for the addresses of one source, within the time and size of all of them together."""

    def __init__(self, address: Address, settings: FetchSettings) -> None:
        self.address = address
        self.settings = settings
        self.bytes_left = settings.bytes_max
        self._ends = time.monotonic() + settings.total_seconds
        self._pool = _pool_for(address)

    def __enter__(self) -> Fetching:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.clear()

    def get(self, url: str, to: Path, validators: Mapping[str, str] | None = None) -> Answer:
        """The answer to one address, its body written to ``to``.

        ``validators`` are headers that make the request conditional. Raises ``CatalogueError`` when
        no whole answer came; then there is no file.
        """
        for attempt in range(1, self.settings.attempts + 1):
            size_before = self.bytes_left
            try:
                with _untold_requests():
                    return self._attempt(url, to, validators or {})
            except _AnotherTryError as failed:
                to.unlink(missing_ok=True)
                self.bytes_left = size_before
                if attempt == self.settings.attempts:
                    times = "" if attempt == 1 else f" It was asked {attempt} times."
                    raise refused(url, f"{failed.reason}{times}", _LATER) from None
                self._wait(url, attempt, failed)
            except BaseException:
                to.unlink(missing_ok=True)
                raise
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, url: str, attempt: int, failed: _AnotherTryError) -> None:
        backoff = self.settings.backoff_seconds * 2 ** (attempt - 1)
        # Chance keeps the many who were cut off at once from coming back at once.
        wait = min(backoff, self.settings.backoff_seconds_max) * _chance.uniform(0.5, 1)
        wait = max(wait, failed.wait or 0)
        if wait >= self._seconds_left():
            later = f" It asks to come back after {failed.wait:.0f} s." if failed.wait else ""
            raise refused(url, f"{failed.reason}{later} There is no time left to wait.", _LATER)
        time.sleep(wait)

    def _attempt(self, url: str, to: Path, validators: Mapping[str, str]) -> Answer:
        for _ in range(self.settings.redirects_max + 1):
            response = self._ask(url, validators)
            try:
                if response.status not in _REDIRECTS:
                    return self._answer(url, response, to, conditional=bool(validators))
                there = redirected(url, response.headers.get("Location") or "")
            finally:
                # What is left unread of an answer would be taken for the start of the next one.
                response.close()
            if there is None:
                raise refused(
                    url, "it leads to an address that is not followed.", "Check the address."
                )
            url = there
        raise refused(url, "it leads on and on to other addresses.", "Check the address.")

    def _ask(self, url: str, validators: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        headers = {
            "User-Agent": f"spmatch/{__version__}",
            "Accept": _ACCEPT,
            **make_headers(accept_encoding="gzip"),
            **validators,
        }
        if self.address.user is not None and same_origin(url, self.address.url):
            given = f"{self.address.user}:{self.address.password or ''}"
            headers |= make_headers(basic_auth=given)
        left = self._seconds_left()
        if left <= 0:
            raise self._out_of_time(url)
        timeout = Timeout(
            connect=min(self.settings.connect_seconds, left),
            read=min(self.settings.read_seconds, left),
        )
        try:
            return self._pool.request(
                "GET",
                url,
                headers=headers,
                timeout=timeout,
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except SSLError:
            raise refused(
                url, "its certificate is not trusted.", "Check the address, or ask the provider."
            ) from None
        except (LocationValueError, UnicodeError):
            raise refused(url, "this address cannot be asked for.", "Check the address.") from None
        except (HTTPError, OSError) as error:
            raise _AnotherTryError(_reason_of(error)) from None

    def _answer(
        self, url: str, response: urllib3.BaseHTTPResponse, to: Path, *, conditional: bool
    ) -> Answer:
        status = response.status
        digest, outline, file = "", None, None
        if not (status == 304 and conditional):
            if status in _AGAIN:
                reason = _SAID[429][0] if status == 429 else f"it is out of order (HTTP {status})."
                raise _AnotherTryError(reason, _wait_of(response))
            if status != 200:
                unknown = f"it answers with HTTP {status}.", "Check the address."
                error = refused(url, *_SAID.get(status, unknown))
                if status in _NOT_THERE:
                    raise NotThereError(error.summary, error.problems)
                raise error
            digest, file = self._body(url, response, to), to
            try:
                outline = outline_of(to, until=self._ends)
            except TimeoutError:
                raise self._out_of_time(url) from None
            if outline is not None and not outline.whole:
                raise _AnotherTryError("the answer ends in the middle.")
        return Answer(
            url,
            file,
            digest,
            outline,
            response.headers.get("ETag"),
            response.headers.get("Last-Modified"),
            _link_next(response),
        )

    def _body(self, url: str, response: urllib3.BaseHTTPResponse, to: Path) -> str:
        """Write the body of an answer; its digest."""
        digest = hashlib.sha256()
        with to.open("wb") as file:
            while True:
                try:
                    # As much as is there: a server that drips must not outstay the time.
                    chunk = response.read1(_CHUNK_BYTES, decode_content=True)
                except (HTTPError, OSError) as error:
                    reason = _reason_of(error)
                    if not isinstance(error, urllib3.exceptions.TimeoutError):
                        reason = "the answer was cut off."
                    raise _AnotherTryError(reason) from None
                if not chunk:
                    return digest.hexdigest()
                self.bytes_left -= len(chunk)
                if self.bytes_left < 0:
                    most = self.settings.bytes_max / MEBIBYTE
                    raise refused(
                        url,
                        f"it is larger than a source may be ({most:.0f} MB).",
                        "Ask for less, or raise the limit.",
                    )
                if self._seconds_left() <= 0:
                    raise self._out_of_time(url)
                digest.update(chunk)
                file.write(chunk)

    def _seconds_left(self) -> float:
        return self._ends - time.monotonic()

    def _out_of_time(self, url: str) -> CatalogueError:
        return refused(
            url, f"it took longer than {self.settings.total_seconds:.0f} s in all.", _LATER
        )


def refused(url: str, reason: str, remedy: str) -> CatalogueError:
    """The error of an address; what is secret in it is not told."""
    return CatalogueError(
        "The source cannot be fetched:", [Problem(mask(url), "", reason, remedy, "rejected")]
    )


def _reason_of(error: Exception) -> str:
    # The words of an error hold the address with its keys; only its kind is told.
    # From the narrow to the wide: urllib3 counts a refused connection as one that came too late.
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "its host is not known."
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection can be made."
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        return "no connection came about in time."
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "the answer took too long."
    return "the connection was cut off."


def _wait_of(response: urllib3.BaseHTTPResponse) -> float | None:
    try:
        return Retry().get_retry_after(response)
    except (InvalidHeader, ValueError, OverflowError):
        return None  # no time that can be read


def _link_next(response: urllib3.BaseHTTPResponse) -> str | None:
    found = _LINK_NEXT.search(response.headers.get("Link") or "")
    return found.group(1) if found else None


def _pool_for(address: Address) -> urllib3.PoolManager:
    """Connections for an address, through the proxy that this machine is set to use for it."""
    parts = urlsplit(address.url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(num_pools=4, retries=False)
    inside = Address.of(proxy if "://" in proxy else f"http://{proxy}")
    headers = None
    if inside.user is not None:
        headers = make_headers(proxy_basic_auth=f"{inside.user}:{inside.password or ''}")
    return urllib3.ProxyManager(inside.url, num_pools=4, retries=False, proxy_headers=headers)


_lock_of_filters = Lock()
_LOGGERS = tuple(map(logging.getLogger, ("urllib3.connectionpool", "urllib3.connection")))


class _NotThisThread(logging.Filter):
    def __init__(self) -> None:
        super().__init__()
        self.thread = get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        return record.thread != self.thread


@contextmanager
def _untold_requests() -> Iterator[None]:
    """Keep urllib3 from logging addresses, which may hold keys, while this thread asks for one."""
    others = _NotThisThread()
    with _lock_of_filters:
        for logger in _LOGGERS:
            logger.addFilter(others)
    try:
        yield
    finally:
        with _lock_of_filters:
            for logger in _LOGGERS:
                logger.removeFilter(others)
