"""Pages as a tree to look things up in, and forms as a browser would send them."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from starlette.testclient import TestClient

from spmatch.web.page.form import cells_of

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


class Page:
    """A page that was answered."""

    def __init__(self, text: str) -> None:
        reader = _Reader()
        reader.feed(text[text.index("<html") :])
        self.root: Element = reader.builder.close()

    def all(self, path: str) -> list[Element]:
        return self.root.findall(path)

    def one(self, path: str) -> Element:
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} of {path}"
        return found[0]

    def has(self, path: str) -> bool:
        return bool(self.all(path))

    def said(self, path: str = ".") -> str:
        """The words of the first element of a path, in one line."""
        return words_of(self.all(path)[0])

    def field(self, name: str) -> str:
        """What a text field holds."""
        element = self.one(f".//*[@id='{name}']")
        return (
            (element.text or "").lstrip("\n")
            if element.tag == "textarea"
            else element.get("value", "")
        )

    def checked(self, name: str) -> list[str]:
        """The values of a group of boxes or radio buttons that are on."""
        boxes = self.all(f".//input[@name='{name}']")
        return [one.get("value", "") for one in boxes if one.get("checked") is not None]

    def sends(self) -> dict[str, list[str]]:
        """What the form would send, without any button."""
        sent: dict[str, list[str]] = {}
        for one in self.one(".//form[@id='person']").iter():
            name = one.get("name")
            if name is None:
                continue
            if one.tag == "textarea":
                sent.setdefault(name, []).append((one.text or "").lstrip("\n"))
            elif one.tag == "select":
                chosen = [o.get("value", "") for o in one if o.get("selected") is not None]
                sent.setdefault(name, []).append(chosen[0] if chosen else one[0].get("value", ""))
            elif one.tag == "input":
                if one.get("type") in ("checkbox", "radio") and one.get("checked") is None:
                    continue
                sent.setdefault(name, []).append(one.get("value", ""))
        return sent


def words_of(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def form_of(profile: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The fields that somebody would fill for a profile (times: the parts of days that lie within them)."""
    origin = profile.get("origin") or {}
    form: dict[str, Any] = {
        name: profile.get(name) or "" for name in ("needs", "interests", "avoid")
    }
    form["where"] = origin.get("postcode") or origin.get("place") or ""
    if "lat" in origin:
        form["where"] = f"{origin['lat']}, {origin['lon']}"
    form["age"] = str(profile.get("age", ""))
    form["gender"] = profile.get("gender") or ""
    form["first_language"], form["languages"] = "", []
    if spoken := profile.get("languages"):
        form["first_language"], *form["languages"] = spoken
    form["concessions"] = list(profile.get("concessions", ()))
    for kind in ("prefer", "must"):
        limits = profile.get(kind, {})
        for limit in ("access", "first_visit"):
            form |= {f"{limit}_{key}": kind for key in limits.get(limit, ())}
        if "cost" in limits:
            cost = limits["cost"]
            form |= {
                "cost": f"{cost['amount']:g}",
                "per": cost.get("per", "session"),
                "cost_kind": kind,
            }
            form["currency"] = cost.get("currency", "")
        if "distance_km" in limits:
            form |= {"distance": f"{limits['distance_km']:g}", "distance_kind": kind}
        if "available" in limits:
            form |= {"available": cells_of(limits["available"]), "available_kind": kind}
        for limit in ("intensity_max", "delivery", "referral"):
            if limit in limits:
                form |= {limit: limits[limit], f"{limit}_kind": kind}
    return {**form, **more}


def post(client: TestClient, path: str = "/", status: int = 200, **fields: Any) -> Page:
    """The page that a form gets which somebody new sends, in English unless it says otherwise."""
    client.cookies.clear()
    answer = client.post(path, data={"language": "en", **fields}, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return Page(answer.text)


def titles(page: Page) -> list[str]:
    """The titles of the cards, in order."""
    return [words_of(one) for one in page.all(".//article//h3")]
