"""A browser and a small but real catalogue to try the page with, as a link worker would."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import spmatch
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.matcher import Matcher

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SIZES = {"desk": (1280, 900), "telephone": (390, 844)}
SCREENSHOTS = Path(os.environ.get("SPMATCH_SCREENSHOTS", "build/screenshots"))

WIDOWER: dict[str, dict[str, str]] = {
    "da": {
        "needs": "Enkemand på 74. Konen døde i foråret. Sidder alene, går ikke ud og har mistet appetitten."
        " Vil gerne spise sammen med nogen. Går med rollator.",
        "interests": "Håndbold, madlavning, krydsord",
        "where": "9000",
        "age": "74",
    },
    "en": {
        "needs": "Widower, 74. His wife died in spring. Sits alone, does not go out, has lost his appetite."
        " Would like to eat with somebody. Walks with a frame.",
        "interests": "Handball, cooking, crosswords",
        "where": "9000",
        "age": "74",
    },
}


def small_catalogue() -> Catalogue:
    """Sixty activities of the example catalogue: those of one town, and some from elsewhere and online."""
    folder = Path(spmatch.__file__).parents[2] / "catalogue" / "denmark"
    taken = {"aalborg": 40, "aarhus": 10, "online": 10}
    lines = [
        line
        for name, count in taken.items()
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:count]
    ]
    return Catalogue((Activity.model_validate(json.loads(line)) for line in lines), id="sixty")


def build_snapshot(folder: Path) -> Path:
    Matcher.build(small_catalogue(), threads=1).save(folder)
    return folder


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window; the test is skipped where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One visit to the page, and what it asked of the network and said on the console."""

    page: Any
    address: str
    requests: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.page.goto(f"{self.address}/")

    def fill(self, language: str = "en", **fields: str) -> None:
        for name, value in {**WIDOWER[language], **fields}.items():
            self.page.fill(f"#{name}", value)

    def search(self) -> None:
        self.page.click("#find")
        self.settled()

    def settled(self) -> None:
        """Wait until what was asked has been answered."""
        self.page.wait_for_selector("body:not(.busy)")

    def unfold(self, name: str) -> None:
        if self.page.get_attribute(f"#group-{name}", "open") is None:
            self.page.click(f"#group-{name} > summary")

    def choose(self, field: str, kind: str) -> None:
        self.page.check(f"input[name='{field}'][value='{kind}']", force=True)

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    @property
    def focused(self) -> str:
        """The id (else the name, else the tag) of what has the focus."""
        script = "(e => e.id || e.getAttribute('name') || e.tagName)(document.activeElement)"
        return str(self.page.evaluate(script))


@contextmanager
def visit(
    browser: Any,
    address: str,
    *,
    size: str = "desk",
    scheme: str = "light",
    language: str = "en",
    script: bool = True,
    key: str | None = None,
) -> Iterator[Visit]:
    """A visit as somebody new: no cookie, and a language that the browser asks for."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="da-DK" if language == "da" else "en-GB",
        reduced_motion="reduce",
        java_script_enabled=script,
        http_credentials={"username": "", "password": key} if key else None,
    )
    page = context.new_page()
    made = Visit(page, address)
    page.on("request", lambda one: made.requests.append((one.method, one.url)))
    page.on("pageerror", lambda one: made.faults.append(str(one)))
    page.on("console", lambda one: made.faults.append(one.text) if one.type == "error" else None)
    try:
        yield made
    finally:
        context.close()
