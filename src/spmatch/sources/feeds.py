"""A source that is fetched: its document or its pages, or only what changed since the last time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from spmatch.errors import Problem
from spmatch.sources.addresses import Address, with_secrets, without_secrets
from spmatch.sources.content import suffix_of
from spmatch.sources.fetching import Answer, Fetching, NotThereError, refused
from spmatch.sources.paging import Pages, follow, is_changes, page_file
from spmatch.sources.settings import FetchSettings, FetchState, PageState

Told = Callable[[int, int | None], None]

_LOST = ("the feed no longer knows where it was left; all of it was fetched anew.", "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an address: a file, or a folder of pages; nothing when ``unchanged``.

    ``partial``: what is not in it may still be there.
    """

    path: Path | None
    problems: tuple[Problem, ...]
    partial: bool
    state: FetchState

    @property
    def unchanged(self) -> bool:
        return self.path is None


def fetch(
    address: Address, folder: Path, settings: FetchSettings, state: FetchState | None, told: Told
) -> Fetched:
    """Fetch a source into a new folder. Raises ``CatalogueError``; then nothing of it is left."""
    if state is not None and state.source != address.digest:
        state = None
    folder.mkdir()
    with Fetching(address, settings) as fetching:
        problems: list[Problem] = []
        if state is not None and state.next is not None:
            try:
                return _go_on(fetching, state.next, folder, told)
            except _LostError:
                reason, remedy = _LOST
                problems.append(Problem(address.name, "next", reason, remedy, "note"))
        first = None
        if state is not None and state.pages:
            first, unchanged = _ask_again(fetching, state, folder)
            if unchanged:
                return Fetched(None, (), False, state)
        if first is None:
            first = fetching.get(address.url, page_file(folder, 1))
        return _whole(fetching, first, folder, told, problems)


class _LostError(Exception):
    """The server does not know any more where a feed of changes was left."""


def _go_on(fetching: Fetching, kept: str, folder: Path, told: Told) -> Fetched:
    """The changes since the last time."""
    url = with_secrets(kept, fetching.address.url)
    try:
        first = fetching.get(url, page_file(folder, 1))
    except NotThereError:
        raise _LostError from None
    if not is_changes(first.outline):
        page_file(folder, 1).unlink()
        raise _LostError
    pages = follow(fetching, first, url, folder, told)
    state = _state(fetching.address, pages)
    if len(pages.answers) == 1 and pages.whole and _is_empty(first):
        return Fetched(None, (), True, state)
    return Fetched(folder, tuple(pages.problems), True, state)


def _is_empty(answer: Answer) -> bool:
    members = answer.outline.members if answer.outline is not None else None
    return members is not None and not members.get("items")


def _ask_again(fetching: Fetching, state: FetchState, folder: Path) -> tuple[Answer | None, bool]:
    """Whether all pages are as they were; else the first page, when that is the one that changed.

    One page that is as it was says nothing of the others.
    """
    for number, page in enumerate(state.pages, start=1):
        url = with_secrets(page.address, fetching.address.url)
        validators = {"If-None-Match": page.etag} if page.etag else {}
        if page.last_modified:
            validators["If-Modified-Since"] = page.last_modified
        try:
            answer = fetching.get(url, page_file(folder, 1), validators)
        except NotThereError:
            if number == 1:
                raise
            return None, False  # a page that is gone is a change
        if not answer.unchanged:
            return (answer if number == 1 else None), False
    return None, True


def _whole(
    fetching: Fetching, first: Answer, folder: Path, told: Told, problems: list[Problem]
) -> Fetched:
    address = fetching.address
    pages = follow(fetching, first, address.url, folder, told)
    problems += pages.problems
    state = _state(address, pages)
    if len(pages.answers) > 1 or _is_page(pages):
        return Fetched(folder, tuple(problems), not pages.whole, state)
    saved = page_file(folder, 1)
    suffix = suffix_of(saved, first.outline, fetching.settings)
    if saved.stat().st_size == 0:
        raise refused(address.url, "the answer is empty.", "Check the address.")
    if suffix == ".html":
        reason = "it answers with a web page, or other text in angle brackets, not with data."
        raise refused(address.url, reason, "Give the address of the data.")
    document = folder / f"{_stem(address.url)}{suffix}"
    saved.rename(document)
    return Fetched(document, tuple(problems), not pages.whole, state)


def _is_page(pages: Pages) -> bool:
    outline = pages.answers[0].outline
    members = outline.members if outline is not None else None
    return members is not None and (pages.changes or bool({"contents", "content"} & set(members)))


def _state(address: Address, pages: Pages) -> FetchState:
    """What to keep: where changes go on, or how to ask whether all pages are as they were."""
    if pages.changes:
        left_at = without_secrets(pages.next, address.url) if pages.next else None
        return FetchState(source=address.digest, next=left_at)
    told = pages.whole and all(a.etag or a.last_modified for a in pages.answers)
    kept = [
        PageState(
            address=without_secrets(url, address.url),
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
        for url, answer in zip(pages.asked, pages.answers, strict=True)
    ]
    return FetchState(source=address.digest, pages=tuple(kept) if told else ())


def _stem(url: str) -> str:
    """A plain name for a document: that of its address, as far as it is plain."""
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", last.partition(".")[0]).strip("-")
    return stem[:80] or "document"
