"""Marked words, and every way we could think of to send them to a service."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode

from making import HOME, make_activity

MARK = "zyxqv"
"""In every marked word. ASCII and without a meaning, so that no way of writing it hides it."""
MARKED_BYTES = MARK.encode()
PATIENCE_SECONDS = 180
BODY_BYTES_MAX = 20_000
BODY_SECONDS = 5
"""One request stands still for so long; no other may, on a machine however slow."""

JSON = "application/json"
NDJSON = "application/x-ndjson"
FHIR = "application/fhir+json"
FORM = "application/x-www-form-urlencoded"

TOWN = [
    make_activity(
        "choir",
        title="Choir",
        description="We sing every week.",
        place=dict(HOME),
        sessions=[{"day": "tue", "start": "10:00", "end": "12:00"}],
    ),
    make_activity("walk", title="Walk", description="We walk round the lake.", place=dict(HOME)),
    make_activity("talk", title="Talk", description="We talk on the phone.", delivery="phone"),
]

TEXTS = {
    "needs": f"Misses {MARK}1 and drinks alone.",
    "interests": f"Used to {MARK}2 by the lake.",
    "avoid": f"Nothing with {MARK}3.",
}
PROFILE = {"id": f"{MARK}4", **TEXTS, "concessions": [f"{MARK}5"], "origin": HOME}
REFERRAL = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "subject": {"display": f"{MARK}6", "reference": "#patient"},
    "contained": [
        {
            "resourceType": "Patient",
            "id": "patient",
            "name": [{"family": f"{MARK}7"}],
            "address": [{"line": [f"{MARK}8"], "postalCode": "9000", "city": f"{MARK}9"}],
        }
    ],
    "reasonCode": [{"text": f"Misses {MARK}10."}],
    "note": [{"text": f"Also {MARK}11."}],
}
FIELDS = {
    **TEXTS,
    "where": "9000",
    "concessions_other": f"{MARK}12",
    "picked": "choir",
    "compare": "walk",
    "why": f"{MARK}13",
    f"{MARK}14": f"{MARK}15",
}
PAGES = ("/", "/why", "/compare", "/handout", "/handout.pdf", "/handout.txt", "/handout.ics")
DOORS = (
    *(
        "/v1/match",
        "/v1/why",
        "/v1/match/batch",
        "/v1/activities",
        "/v1/activities/{activity_id:path}",
    ),
    *("/v1/catalogue", "/fhir/ServiceRequest/$match", "/fhir/metadata", *PAGES),
)


@dataclass(repr=False)
class Service:
    """A service that runs, and what it left when it was told to stop."""

    port: int
    secret: str
    statuses: list[int] = field(default_factory=list)
    problems: list[bytes] = field(default_factory=list)
    counters: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    out: bytes = b""
    err: bytes = b""

    def send(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        content_type: str | None = None,
        key: bool = True,
        **headers: str,
    ) -> HTTPResponse | None:
        """Send a request and read its answer; None where the service hangs up."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if key and "Authorization" not in given:
            given["Authorization"] = f"Bearer {self.secret}"
        if content_type:
            given["Content-Type"] = content_type
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(
                method, path, body.encode() if isinstance(body, str) else body, given
            )
            answer = connection.getresponse()
            told = answer.read()
        except (HTTPException, ConnectionError):
            return None
        finally:
            connection.close()
        self.statuses.append(answer.status)
        if answer.status >= 400:
            self.problems.append(told)
        elif path == "/metrics":
            self.counters = told.decode()
        return answer

    def send_raw(self, content: bytes) -> None:
        """Send what is no proper request, and wait for the end."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as wire:
            wire.sendall(content)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(65_536):
                pass


def send_everything(service: Service) -> None:
    send_what_is_right(service)
    send_what_is_wrong(service)
    send_in_addresses_and_headers(service)
    send_what_is_no_request(service)


def send_what_is_right(service: Service) -> None:
    person = json.dumps(PROFILE)
    service.send("POST", "/v1/match?plan=true&language=en", person, JSON)
    service.send("POST", "/v1/why?activity=choir", person, JSON)
    service.send("POST", "/v1/match/batch", f"{person}\n{person}\n", NDJSON)
    service.send("POST", "/fhir/ServiceRequest/$match", json.dumps(REFERRAL), FHIR)
    for path in ("/v1/activities", "/v1/catalogue", "/v1/activities/choir", "/fhir/metadata", "/"):
        service.send("GET", path)
    for path in PAGES:
        service.send("POST", path, urlencode(FIELDS), FORM)
        service.send("POST", path, urlencode(FIELDS), FORM, Accept="text/html")


def send_what_is_wrong(service: Service) -> None:
    wrong = (
        json.dumps({**PROFILE, "origin": {"place": f"{MARK}20"}}),
        json.dumps({**PROFILE, "origin": {"postcode": f"{MARK}21"}}),
        json.dumps({**PROFILE, "age": f"{MARK}22", "gender": f"{MARK}23", "must": f"{MARK}24"}),
        json.dumps({**PROFILE, "languages": [f"{MARK}25"], "must": {"cost": {"per": f"{MARK}26"}}}),
        json.dumps({**PROFILE, f"{MARK}27": 1, "must": {f"{MARK}28": 1}}),
        json.dumps({**PROFILE, "needs": f"{MARK}29 " * 1500}),
        json.dumps([f"{MARK}30"]),
        f'{{"needs": "{MARK}31',
        f'{{"needs": {MARK}32}}',
        f'{{"needs": "{MARK}33\x00"}}',
        f"{MARK}34" * BODY_BYTES_MAX,
        b"\xff\xfe" + MARKED_BYTES,
        b'{"needs": "\\ud800 ' + MARKED_BYTES + b'"}',
        "[" * 9_000 + MARK,
        "",
    )
    for body in wrong:
        for door in ("/v1/match", "/v1/why?activity=choir", "/v1/match?language=en"):
            service.send("POST", door, body, JSON)
        service.send("POST", "/v1/match/batch", body, NDJSON)
        service.send("POST", "/fhir/ServiceRequest/$match", body, FHIR)
        for page in PAGES:
            service.send("POST", page, body, FORM)
    service.send("POST", "/v1/match/batch", f'{{"needs": "{MARK}40"}}\n' * 8, NDJSON)
    referrals = (
        {**REFERRAL, "resourceType": f"{MARK}41"},
        {**REFERRAL, f"{MARK}42": 1, "status": f"{MARK}43"},
        {**REFERRAL, "contained": [{"resourceType": "Patient", "birthDate": f"{MARK}44"}]},
        {"resourceType": "Parameters", "parameter": [{"name": f"{MARK}45", "valueString": "a"}]},
    )
    for referral in referrals:
        service.send("POST", "/fhir/ServiceRequest/$match", json.dumps(referral), FHIR)
    forms = (
        {**FIELDS, "where": f"{MARK}50"},
        {**FIELDS, "age": f"{MARK}51", "distance": f"{MARK}52", "cost": f"{MARK}53"},
        {**FIELDS, "picked": f"{MARK}54", "compare": f"{MARK}55", "why_id": f"{MARK}56"},
        {**FIELDS, "language": f"{MARK}57", "loosen": f"{MARK}58", "use_place": f"{MARK}59"},
    )
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="needs"; filename="{MARK}60"\r\n\r\n{MARK}61\r\n'
        f'--x\r\nContent-Disposition: form-data; name="{MARK}62"\r\n\r\n{MARK}63\r\n--x--\r\n'
    )
    for page in PAGES:
        for form in forms:
            service.send("POST", page, urlencode(form), FORM)
        service.send("POST", page, parts, "multipart/form-data; boundary=x")
        service.send("POST", page, parts[:90], "multipart/form-data; boundary=x")
        service.send("POST", page, parts, f"multipart/form-data; {MARK}64")


def send_in_addresses_and_headers(service: Service) -> None:
    person, mark = json.dumps(PROFILE), f"{MARK}70"
    for path in (
        *(f"/{mark}", f"/v1/{mark}", f"/v1/activities/{mark}", f"/static/{mark}.css"),
        *(
            f"/fhir/{mark}",
            f"/fhir/HealthcareService/{mark}",
            f"/?needs={mark}",
            f"/v1/match?{mark}",
        ),
        *(f"/v1/activities?q={mark}", f"/v1/activities?limit={mark}&{mark}=1", f"/%ff{mark}"),
        *(
            f"/v1/activities?municipality={mark}",
            f"/v1/activities?postcode={mark}",
            f"/metrics?{mark}",
        ),
        *(f"/livez?{mark}", f"/readyz/{mark}", f"//{mark}", f"/../{mark}", f"/{mark}/"),
    ):
        service.send("GET", path)
        service.send("GET", path, Accept="text/html")
        service.send("POST", path, person, JSON)
    for options in (
        f"k={mark}",
        f"language={mark}",
        f"on={mark}",
        f"unknown={mark}",
        f"{mark}={mark}",
    ):
        service.send("POST", f"/v1/match?{options}", person, JSON)
        service.send("POST", f"/v1/match/batch?{options}", person, NDJSON)
        service.send("POST", f"/fhir/ServiceRequest/$match?{options}", json.dumps(REFERRAL), FHIR)
    service.send("POST", f"/v1/why?activity={mark}", person, JSON)
    plain = ("X_Request_ID", "User_Agent", "Cookie", "Accept_Language", "Accept", "X_Any")
    headers = {
        **dict.fromkeys((*plain, "X_Forwarded_For", "X_Forwarded_Proto"), mark),
        "Referer": f"http://x/{mark}",
        "Origin": f"http://{mark}",
        "Forwarded": f"for={mark}",
    }
    for name, value in headers.items():
        service.send("POST", "/v1/match", person, JSON, **{name: value})
        service.send("POST", "/", urlencode(FIELDS), FORM, **{name: value})
    cookie = {"Cookie": f"language={mark}"}
    service.send("POST", "/", urlencode(FIELDS), FORM, **cookie)
    service.send("POST", "/v1/match", person, mark)
    service.send("POST", "/v1/match", person, f"application/json; charset={mark}")
    service.send("GET", "/", Host=mark)
    service.send(mark.upper(), "/v1/match", person, JSON)
    basic = b64encode(f"{mark}:{mark}".encode()).decode()
    for authorization in (f"Bearer {mark}", f"Basic {basic}", f"{mark} {mark}", mark):
        service.send("POST", "/v1/match", person, JSON, Authorization=authorization)
        service.send("POST", "/", urlencode(FIELDS), FORM, Authorization=authorization)
    service.send("POST", "/v1/match", person, JSON, key=False)


def send_what_is_no_request(service: Service) -> None:
    mark = f"{MARK}80".encode()
    head = (
        f"Host: localhost\r\nAuthorization: Bearer {service.secret}\r\n"
        f"Content-Type: {JSON}\r\nX-Any: {MARK}81\r\n"
    ).encode()
    post = b"POST /v1/match HTTP/1.1\r\n" + head
    for content in (
        b"GET /" + mark + b"\r\n\r\n",
        mark + b" " + mark + b" HTTP/9.9\r\n\r\n",
        b"GET /" + mark + b" HTTP/1.1\r\n" + mark + b"\r\n\r\n",
        b"GET /" + mark * 9_000 + b" HTTP/1.1\r\n" + head + b"\r\n",
        b"GET /" + mark + b" HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + mark
        + b"\r\n\r\n",
        post + b"Content-Length: " + mark + b"\r\n\r\n",
        post + b'Transfer-Encoding: chunked\r\n\r\n{"needs": "' + mark + b'"}',
        post + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"nee\r\n' + mark,
        # Leaves before all has come.
        post + b'Content-Length: 900\r\n\r\n{"needs": "' + mark,
    ):
        service.send_raw(content)
    # Stops half way, and does not leave.
    with socket.create_connection(("127.0.0.1", service.port), PATIENCE_SECONDS) as wire:
        wire.sendall(post + b'Content-Length: 900\r\n\r\n{"needs": "' + mark)
        service.statuses.append(int(wire.recv(65_536).split()[1]))
