"""Feeds of each dialect that a test changes between two runs, and short names for these runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sources.feed_server import Asked, Reply, as_json, hsds_page, ids, oruk_page, rpde_page
from spmatch.config import Config
from spmatch.snapshot import load_snapshot
from spmatch.sources import FetchSettings
from spmatch.syncing import SyncReport, sync

QUICK = FetchSettings(
    connect_seconds=2, read_seconds=5, total_seconds=20, attempts=3, backoff_seconds=0.001
)
KINDS = ("hsds", "oruk", "rpde")
SIZE = 5


class Feed:
    """Choirs on pages of five, each with a tag by which it can be asked for again.

    ``fault`` may answer in place of the feed: it is given the request and the good answer.
    """

    def __init__(self, kind: str, count: int = 12) -> None:
        self.kind = kind
        self.names = {one: f"Kor {one}" for one in ids(1, count)}
        self.log = [(one, "updated") for one in self.names]
        self.fault: Callable[[Asked, Reply], Reply | None] | None = None
        self.bodies = 0

    def put(self, id: str, name: str) -> None:
        """A record that is new, or has another name."""
        self.names[id] = name
        self.log.append((id, "updated"))

    def remove(self, id: str) -> None:
        del self.names[id]
        self.log.append((id, "deleted"))

    def __call__(self, asked: Asked, number: int) -> Reply:
        good = as_json(self._page(asked))
        tag = f'"{hash(good.body)}"'
        if asked.headers.get("if-none-match") == tag:
            good = Reply(b"", 304)
        elif self.kind != "rpde":
            good.headers["ETag"] = tag
        reply = (self.fault(asked, good) if self.fault else None) or good
        self.bodies += reply.status == 200
        return reply

    def _page(self, asked: Asked) -> dict[str, Any]:
        given = list(self.names)
        if self.kind == "rpde":
            return self._changes(int(asked.query.get("afterChangeNumber", 0)))
        page = hsds_page if self.kind == "hsds" else oruk_page
        content = page(given, asked.page(1), SIZE)
        for record in content["contents" if self.kind == "hsds" else "content"]:  # type: ignore[attr-defined]
            record["name"] = self.names[record["id"]]
        return content

    def _changes(self, after: int) -> dict[str, Any]:
        """As RPDE has it: of each item its newest state alone, in the order of the changes."""
        newest = {one: number for number, (one, _) in enumerate(self.log, start=1)}
        changed = [number for number in sorted(newest.values()) if number > after][:SIZE]
        page = rpde_page([one for one, _ in self.log], 0, len(self.log))
        items: list[dict[str, Any]] = page["items"]  # type: ignore[assignment]
        page["items"] = [self._item(items[number - 1], *self.log[number - 1]) for number in changed]
        page["next"] = f"/feed?afterChangeNumber={changed[-1] if changed else after}"
        return page

    def _item(self, item: dict[str, Any], id: str, state: str) -> dict[str, Any]:
        if state == "deleted":
            return {**{key: item[key] for key in ("id", "kind", "modified")}, "state": state}
        return {**item, "data": {**item["data"], "name": self.names[id]}}

    @property
    def titles(self) -> list[str]:
        return sorted(self.names.values())


def run(directory: Path, *sources: str, **options: Any) -> SyncReport:
    return sync(sources, directory, **{"encoder": "baseline", "settings": QUICK, **options})


def held(directory: Path) -> list[str]:
    """The titles that answer now, as often as they are there; the snapshot is whole."""
    return sorted(one.title for one in load_snapshot(directory, Config.default()).catalogue)


class Watcher:
    """What answers while a request is being made, for every request."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.seen: list[list[str]] = []
        self._lock = threading.Lock()

    def __call__(self, asked: Asked, good: Reply) -> None:
        with self._lock:
            self.seen.append(held(self.directory))
