"""A client of the service: the calls of ``Matcher``, answered by a service elsewhere.

>>> from spmatch.client import Client
>>> client = Client("http://127.0.0.1:8000", key="spm_…")
>>> response = client.match({"needs": "…"}, k=3, language="en")

It takes and gives the records of spmatch, and loads no model. What is written about a person is sent in
bodies only, never in an address. A client may be used from many threads: it keeps nothing between two
calls.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from itertools import islice
from time import sleep
from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import Field, ValidationError

from spmatch import __version__
from spmatch.activity import Activity
from spmatch.errors import SpmatchError
from spmatch.profile import Profile
from spmatch.suggestion import Response, WhyNot
from spmatch.words import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)
Person = Profile | Mapping[str, object]
ReaderLanguage = Literal["da", "en"]
UnknownRule = Literal["keep", "exclude"]

JSON = "application/json"
NDJSON = "application/x-ndjson"


class FieldProblem(Record):
    """One mistake in what was sent: ``field`` is a dotted path, empty when the whole is meant."""

    field: str = ""
    reason: str = ""
    remedy: str = ""


class ServiceProblem(Record):
    """What the service says when it does not answer (RFC 9457).

    ``line`` is the number of the profile, from 1, in ``match_many``.
    """

    type: str = "about:blank"
    title: str = ""
    status: int | None = None
    detail: str = ""
    instance: str | None = None
    errors: tuple[FieldProblem, ...] = ()
    line: int | None = None


class ServiceError(SpmatchError):
    """A service did not answer as it was asked to.

    ``status`` is that of HTTP, ``None`` where no answer came at all. ``problem`` is what the service
    says of it, where it says something; ``retry_after`` the seconds after which it may be asked again.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        problem: ServiceProblem | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.problem = problem
        self.retry_after = retry_after
        super().__init__(message)


class SourceFacts(Record):
    """One source of the records of a catalogue."""

    name: str | None = None
    licence: str | None = None
    activities: int


class CatalogueFacts(Record):
    """Which catalogue answers. ``stated`` counts the activities that state each fact."""

    id: str
    hash: str
    activities: int
    encoder: str
    config_hash: str
    stated: dict[str, int] = Field(default_factory=dict)
    sources: tuple[SourceFacts, ...] = ()


class _Page(Record):
    activities: tuple[Activity, ...]
    next: int | None = None
    total: int | None = None
    limit: int | None = None
    offset: int | None = None


class Client:
    """Asks one service.

    ``base_url`` is where it is served, with the path that a proxy adds, if any. A service that is
    busy, or a key that has asked too often, says when to come back: that is done up to ``retries``
    times for each call, unless it is more than ``wait_seconds`` away. Every method raises
    ``ServiceError``.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        timeout_seconds: float = 30,
        retries: int = 2,
        wait_seconds: float = 30,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url is an address such as https://matching.example/spmatch")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("base_url holds no key, query or fragment: give the key as key")
        self._address = base_url.rstrip("/")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._root = parts.path.rstrip("/")
        # Read from a file it may end with its line; an error about that would show it.
        self._key = key.strip() if key else None
        self._timeout = timeout_seconds
        self._retries = retries
        self._wait_seconds = wait_seconds

    def __repr__(self) -> str:
        return f"Client({self._address})"

    def match(
        self,
        profile: Person,
        *,
        k: int = 5,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
        plan: bool = False,
    ) -> Response:
        """The ``k`` activities that suit a person best, as ``Matcher.match`` gives them."""
        options = _options(k=k, language=language, unknown=unknown, on=on, plan=plan or None)
        return _read(Response, self._ask("POST", "/v1/match", options, _body(profile)))

    def match_many(
        self,
        profiles: Iterable[Person],
        *,
        k: int = 5,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
        plan: bool = False,
        batch: int = 100,
    ) -> Iterator[Response | ServiceProblem]:
        """One answer for each profile, in order, as they come in: a response, or what was wrong.

        ``profiles`` may be endless: ``batch`` of them are sent at a time, and no more are held. One
        that cannot be answered does not stop the others.
        """
        options = _options(k=k, language=language, unknown=unknown, on=on, plan=plan or None)
        waiting, done = iter(profiles), 0
        while some := [_body(profile) for profile in islice(waiting, batch)]:
            sent = b"\n".join(some)
            with self._answer("POST", "/v1/match/batch", options, sent, NDJSON) as answer:
                came = 0
                for line in answer:
                    if line.strip():
                        came += 1
                        yield _read_line(line, done + came)
            if came < len(some):
                raise ServiceError("The service stopped before every profile was answered.")
            done += came

    def why(
        self,
        activity_id: str,
        profile: Person,
        *,
        language: ReaderLanguage | None = None,
        unknown: UnknownRule = "keep",
        on: date | None = None,
    ) -> WhyNot:
        """Every limit that one activity fails for a person, as ``Matcher.why`` gives it."""
        options = _options(activity=activity_id, language=language, unknown=unknown, on=on)
        return _read(WhyNot, self._ask("POST", "/v1/why", options, _body(profile)))

    def activity(self, activity_id: str) -> Activity:
        """One activity of the catalogue."""
        return _read(Activity, self._ask("GET", f"/v1/activities/{quote(activity_id, safe='')}"))

    def activities(self, *, page: int = 200, **filters: str) -> Iterator[Activity]:
        """The activities that state what is asked, ``page`` of them fetched at a time.

        Filters are ``q`` (words of the title or provider), ``provider``, ``municipality``,
        ``postcode``, ``town``, ``delivery``, ``theme`` and ``language``. This reads the catalogue:
        nothing about a person belongs here.
        """
        options = _options(**filters, limit=page)
        offset: int | None = 0
        while offset is not None:
            found = _read(
                _Page, self._ask("GET", "/v1/activities", options | {"offset": str(offset)})
            )
            yield from found.activities
            offset = found.next

    def catalogue(self) -> CatalogueFacts:
        """Which catalogue answers, what its activities state, and where they came from."""
        return _read(CatalogueFacts, self._ask("GET", "/v1/catalogue"))

    def ready(self) -> bool:
        """Whether the service is there and can answer now."""
        try:
            self._open("GET", "/readyz", {}, None, JSON)[0].close()
        except ServiceError as error:
            if error.status in (None, 503):
                return False
            raise
        return True

    def _ask(
        self,
        method: str,
        path: str,
        options: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Any:
        """The JSON of an answer."""
        with self._answer(method, path, options or {}, body, JSON) as answer:
            try:
                return json.loads(answer.read())
            except ValueError:
                raise ServiceError(_UNREADABLE, status=answer.status) from None

    @contextmanager
    def _answer(
        self, method: str, path: str, options: Mapping[str, str], body: bytes | None, kind: str
    ) -> Iterator[HTTPResponse]:
        """A good answer to read from, after coming back as often as is asked for and allowed."""
        left = self._retries
        while True:
            try:
                connection, answer = self._open(method, path, options, body, kind)
                break
            except ServiceError as error:
                wait = error.retry_after
                if not left or wait is None or wait > self._wait_seconds:
                    raise
            left -= 1
            sleep(wait)
        try:
            yield answer
        except (OSError, HTTPException):
            raise ServiceError("The service stopped in the middle of its answer.") from None
        finally:
            connection.close()

    def _open(
        self, method: str, path: str, options: Mapping[str, str], body: bytes | None, kind: str
    ) -> tuple[HTTPConnection, HTTPResponse]:
        """Send a request once. Raises ``ServiceError`` unless the answer is a good one."""
        connection = self._connection()
        address = f"{self._root}{path}{'?' if options else ''}{urlencode(options)}"
        headers = {"Accept": kind, "User-Agent": f"spmatch/{__version__}"}
        if body is not None:
            headers["Content-Type"] = kind
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            if answer.status == 200:
                return connection, answer
            refusal = _refusal(answer)
        except TimeoutError:
            refusal = ServiceError(f"No answer came within {self._timeout:g} seconds.")
        except (OSError, HTTPException) as error:
            refusal = ServiceError(f"The service cannot be reached ({type(error).__name__}).")
        connection.close()
        raise refusal

    def _connection(self) -> HTTPConnection:
        if not self._secure:
            return HTTPConnection(self._host, self._port, timeout=self._timeout)
        context = ssl.create_default_context()
        return HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)


_UNREADABLE = "The answer cannot be read: is this a service of spmatch, of a version that fits?"


def _body(profile: Person) -> bytes:
    """A profile as JSON on one line. One that is no record is for the service to judge."""
    if isinstance(profile, Profile):
        return profile.model_dump_json(exclude_defaults=True).encode()
    return json.dumps(profile).encode()


def _options(**options: object) -> dict[str, str]:
    """The query of an address; what is ``None`` is left out."""
    return {
        name: "true" if value is True else str(value)
        for name, value in options.items()
        if value is not None
    }


def _read(record: type[AnyRecord], data: Any) -> AnyRecord:
    """A record of an answer. A field that is not known here comes from a newer service: it is left out."""
    while True:
        try:
            return record.model_validate(data)
        except ValidationError as error:
            faults = error.errors(include_input=False, include_url=False, include_context=False)
        unknown = [fault["loc"] for fault in faults if fault["type"] == "extra_forbidden"]
        if not unknown:
            raise ServiceError(_UNREADABLE)
        for *path, name in unknown:
            holder = data
            for part in path:
                holder = holder[part]
            del holder[name]


def _read_line(line: bytes, number: int) -> Response | ServiceProblem:
    try:
        data = json.loads(line)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise ServiceError(_UNREADABLE)
    if "suggestions" in data:
        return _read(Response, data)
    return _read(ServiceProblem, {**data, "line": number})


def _refusal(answer: HTTPResponse) -> ServiceError:
    """The error of an answer that is not a good one."""
    try:
        problem = _read(ServiceProblem, json.loads(answer.read()))
    except (ValueError, ServiceError):
        problem = None
    said = [f"{answer.status} {problem.title if problem else answer.reason}".strip()]
    if problem:
        said += [problem.detail] if problem.detail else []
        said += [_mistake(one) for one in problem.errors]
    return ServiceError(
        "\n  ".join(said),
        status=answer.status,
        problem=problem,
        retry_after=_seconds(answer.getheader("Retry-After")),
    )


def _mistake(one: FieldProblem) -> str:
    return " ".join(filter(None, [f"{one.field}:" if one.field else "", one.reason, one.remedy]))


def _seconds(header: str | None) -> float | None:
    """Seconds of a Retry-After, which holds them or a date; ``None`` where it holds neither."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
