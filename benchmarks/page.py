"""From the click to five cards, in a real browser on this machine; and the part of it that the service takes.

    python benchmarks/page.py [--rounds 3] [--chromium /usr/bin/chromium]

Serves the example catalogue, fills in the page for every example person and presses the button. A round
asks for each of them once. Needs playwright (PyPI) and Chromium.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright
from served import served

from spmatch.catalogue import Catalogue
from spmatch.matcher import Matcher
from spmatch.material import material

# Told by the page itself: from the event of the click to the frame after the fifth card is there.
WATCH = """
() => new Promise(done => {
  const begun = { at: 0 };
  const button = document.querySelector('form button[type=submit], form button:not([type])');
  const before = document.querySelector('article');
  const look = () => {
    const cards = document.querySelectorAll('article');
    if (cards.length >= 5 && cards[0] !== before) {
      requestAnimationFrame(() => done(performance.now() - begun.at));
    } else { requestAnimationFrame(look); }
  };
  const pressed = () => { begun.at = performance.now(); requestAnimationFrame(look); };
  button.addEventListener('click', pressed, { once: true });
  button.click();
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    people = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(material("catalogue", "profiles").glob("*.json"))
    ]
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder) / "snapshot"
        Matcher.build(Catalogue.read(material("catalogue", "denmark"))).save(snapshot)
        with served(snapshot) as (port, _):
            server = [posted(port, form_of(one)) for _ in range(options.rounds) for one in people]
            clicks = in_browser(options, port, people)
    say("the service, from the request to the last byte of the page", server)
    say("the browser, from the click to five cards drawn", clicks)


def in_browser(
    options: argparse.Namespace, port: int, people: list[dict[str, object]]
) -> list[float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/")
        clicks = []
        for _ in range(options.rounds):
            for one in people:
                fill(page, form_of(one))
                clicks.append(float(page.evaluate(WATCH)))
        browser.close()
    return clicks


def form_of(person: dict[str, object]) -> dict[str, str]:
    """What is written of a person and where; no limits, so that there are always five cards."""
    origin = person.get("origin")
    where = " ".join(str(part) for part in origin.values()) if isinstance(origin, dict) else ""
    texts = {name: str(person.get(name) or "") for name in ("needs", "interests", "avoid")}
    return {**texts, "where": where}


def fill(page: Page, form: dict[str, str]) -> None:
    for name, text in form.items():
        page.locator(f"[name={name}]").fill(text)


def posted(port: int, form: dict[str, str]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    begun = time.perf_counter()
    connection.request("POST", "/", urlencode(form), headers)
    answer = connection.getresponse().read()
    took = time.perf_counter() - begun
    connection.close()
    assert answer.count(b"<article") >= 5
    return took * 1000


def say(what: str, milliseconds: list[float]) -> None:
    cuts = statistics.quantiles(milliseconds, n=20)
    middle = statistics.median(milliseconds)
    print(f"{what}: {middle:.0f} ms at the median, {cuts[18]:.0f} at the 95th percentile")


if __name__ == "__main__":
    main()
