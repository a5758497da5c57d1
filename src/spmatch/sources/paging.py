"""From the first answer to the last page: HSDS, Open Referral UK, RPDE, and what ``Link`` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spmatch.errors import CatalogueError, Problem
from spmatch.sources.addresses import identity_of, mask, next_page, page_of, with_page
from spmatch.sources.fetching import Answer, Fetching, refused
from spmatch.sources.outline import Outline

_ASK_PROVIDER = "Ask the provider; what could be fetched is used."


@dataclass(frozen=True, slots=True)
class _Names:
    """How a dialect says which page this is."""

    items: str
    number: str
    total: str
    last: str
    all_items: str


_NUMBERED = (
    _Names("contents", "page_number", "total_pages", "last_page", "total_items"),
    _Names("content", "number", "totalPages", "last", "totalElements"),
)


@dataclass(slots=True)
class Pages:
    """The pages of a source so far, in order, and what is wrong with how they follow each other.

    ``whole`` is false when the feed itself broke off: then what is missing may still be there.
    ``changes`` says that they are of a feed of changes, which goes on at ``next``.
    """

    answers: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    whole: bool = True
    changes: bool = False
    next: str | None = None


def follow(
    fetching: Fetching,
    first: Answer,
    url: str,
    folder: Path,
    told: Callable[[int, int | None], None],
) -> Pages:
    """Every page that follows a first answer, saved in ``folder`` as ``page-00001.json`` and on.

    The first answer lies there already. ``told`` is called with the number of pages fetched, and
    how many there are where the feed says so. Raises ``CatalogueError`` when a page cannot be had,
    and says how far it came; nothing of the source can be used then.
    """
    following = _Following(fetching, folder, told)
    following.add(first, url)
    members = _members(first)
    names = next((n for n in _NUMBERED if _is_numbered(members, n)), None)
    if is_changes(first.outline):
        following.changes(url)
    elif names is not None and first.link_next is None:
        following.numbered(url, names)
    else:
        following.links()
    return following.pages


def is_changes(outline: Outline | None) -> bool:
    """Whether a document is a page of a feed of changes (RPDE)."""
    members = outline.members if outline is not None else None
    return (
        members is not None
        and isinstance(members.get("items"), list)
        and ("next" in members or "license" in members)
        and "resourceType" not in members
    )


def page_file(folder: Path, number: int) -> Path:
    """Where a page is saved; the names sort as the pages follow each other."""
    return folder / f"page-{number:05d}.json"


class _Following:
    def __init__(
        self, fetching: Fetching, folder: Path, told: Callable[[int, int | None], None]
    ) -> None:
        self.fetching = fetching
        self.folder = folder
        self.told = told
        self.pages = Pages()
        self.total: int | None = None
        self.seen: set[tuple[object, ...]] = set()

    def add(self, answer: Answer, url: str) -> None:
        self.pages.answers.append(answer)
        self.pages.asked.append(url)
        self.seen.add(identity_of(url))
        self.told(len(self.pages.answers), self.total)

    def fetch(self, url: str) -> Answer:
        done = len(self.pages.answers)
        most = self.fetching.settings.pages_max
        if done >= most:
            reason = f"it has more than {most} pages, and does not end."
            raise refused(url, reason, "Check the address, or raise the limit.")
        try:
            answer = self.fetching.get(url, page_file(self.folder, done + 1))
        except CatalogueError as error:
            raise _how_far(error, done) from None
        if answer.outline is None:
            raise _how_far(refused(url, "the page is not JSON.", "Ask the provider."), done)
        return answer

    def broken(self, url: str, reason: str) -> None:
        """The feed does not lead on as it should: what came is kept, and is not called whole."""
        self.pages.whole = False
        self.pages.problems.append(Problem(mask(url), "next", reason, _ASK_PROVIDER))

    def drop(self, answer: Answer) -> None:
        if answer.file is not None:
            answer.file.unlink()

    # Changes: RPDE

    def changes(self, url: str) -> None:
        """Follow ``next`` until a page is empty and names itself."""
        pages = self.pages
        pages.changes, pages.next = True, url
        while True:
            answer, here = pages.answers[-1], pages.asked[-1]
            members = _members(answer)
            empty = not members.get("items")
            named = members.get("next")
            there = next_page(answer.url, named) if isinstance(named, str) else None
            if there is None:
                if not (empty and named is None):
                    self.broken(here, "this page names no next page that can be asked for.")
                return
            itself = identity_of(there) in (identity_of(here), identity_of(answer.url))
            if itself or identity_of(there) in self.seen:
                if not (itself and empty):
                    self.broken(here, "this page names itself or an earlier page as the next one.")
                return
            answer = self.fetch(there)
            if not is_changes(answer.outline):
                raise _how_far(
                    refused(there, "the page is not one of this feed.", "Ask the provider."),
                    len(pages.answers),
                )
            pages.next = there
            self.add(answer, there)

    # Pages that the header ``Link`` names

    def links(self) -> None:
        while (named := self.pages.answers[-1].link_next) is not None:
            here = self.pages.asked[-1]
            there = next_page(self.pages.answers[-1].url, named)
            if there is None:
                self.broken(here, "the next page lies at an address that is not followed.")
                return
            if identity_of(there) in self.seen:
                self.broken(here, "this page names itself or an earlier page as the next one.")
                return
            self.add(self.fetch(there), there)

    # Numbered pages: HSDS and Open Referral UK

    def numbered(self, url: str, names: _Names) -> None:
        """Ask for one page after the other, and make sure of each that it is the one asked for."""
        members = _members(self.pages.answers[0])
        stated, asked = _number(members.get(names.number)), page_of(url)
        number = stated if stated is not None else asked if asked is not None else 1
        # Some feeds count from 0, in their answers, in their addresses, or in both.
        shift = asked - number if asked is not None else 0
        base = 0 if number == 0 else 1
        if number > base:
            reason = f"the address asks for page {number} and those after it, not for all."
            self._note(url, reason, "Leave the page out of the address.")
        items = _held(members, names)
        digests = {self.pages.answers[0].digest}
        while True:
            if not _held(members, names) and not self._is_last(members, names, number, base):
                here = self.pages.asked[-1]
                self.broken(here, f"this page is empty, but more pages are named ({self.total}).")
                break
            if self._is_last(members, names, number, base):
                break
            there = with_page(url, number + 1 + shift)
            answer = self.fetch(there)
            members = self._page(answer, there, names)
            came = _number(members.get(names.number))
            if stated is not None and came is not None and came != number + 1:
                # The second page shows whether addresses and answers count alike.
                if len(self.pages.answers) > 1 or asked is not None or abs(came - number) > 2:
                    self._not_the_next(answer, there, number + 1, came)
                    break
                shift += number + 1 - came
                self.drop(answer)
                there = with_page(url, number + 1 + shift)
                answer = self.fetch(there)
                members = self._page(answer, there, names)
                came = _number(members.get(names.number))
                if came != number + 1:
                    self._not_the_next(answer, there, number + 1, came)
                    break
            if answer.digest in digests and _held(members, names):
                self._not_the_next(answer, there, number + 1, None)
                break
            digests.add(answer.digest)
            items += _held(members, names)
            number += 1
            self.total = _number(members.get(names.total))
            self.add(answer, there)
        self._count(url, names, items, from_first=number - len(self.pages.answers) + 1 <= base)

    def _page(self, answer: Answer, url: str, names: _Names) -> Mapping[str, Any]:
        members = _members(answer)
        if not isinstance(members.get(names.items), list):
            raise _how_far(
                refused(url, "the page is not one of this feed.", "Ask the provider."),
                len(self.pages.answers),
            )
        return members

    def _is_last(self, members: Mapping[str, Any], names: _Names, number: int, base: int) -> bool:
        """By the number of pages where it is stated, else by what the page says of itself.

        A page that says that it is the last, while more are named, is not believed: an empty page
        costs less than those that would be lost.
        """
        self.total = _number(members.get(names.total))
        if self.total is not None:
            return number - base + 1 >= self.total
        if isinstance(members.get(names.last), bool):
            return bool(members[names.last])
        return not _held(members, names)

    def _not_the_next(self, answer: Answer, url: str, wanted: int, came: int | None) -> None:
        self.drop(answer)
        what = "an earlier page came again" if came is None else f"page {came} came"
        self.broken(url, f"page {wanted} was asked for, but {what}.")

    def _count(self, url: str, names: _Names, items: int, *, from_first: bool) -> None:
        """Say so when the pages held another number of records than they state."""
        stated = _number(_members(self.pages.answers[-1]).get(names.all_items))
        if stated is not None and stated != items and from_first and self.pages.whole:
            reason = f"the feed states {stated} records, its pages hold {items}."
            self._note(url, reason, "Ask the provider, or fetch it again.")

    def _note(self, url: str, reason: str, remedy: str) -> None:
        self.pages.problems.append(Problem(mask(url), "", reason, remedy, "note"))


def _members(answer: Answer) -> Mapping[str, Any]:
    outline = answer.outline
    return outline.members if outline is not None and outline.members is not None else {}


def _is_numbered(members: Mapping[str, Any], names: _Names) -> bool:
    return isinstance(members.get(names.items), list) and bool(
        {names.number, names.total, names.last} & set(members)
    )


def _held(members: Mapping[str, Any], names: _Names) -> int:
    """How many records a page holds, as its outline says."""
    items = members.get(names.items)
    return int(items[0]) if isinstance(items, list) and items else 0


def _number(value: object) -> int | None:
    """A whole number from 0 on, also when written as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9:
        return int(value)
    return None


def _how_far(error: CatalogueError, pages: int) -> CatalogueError:
    """The same error, saying how many whole pages had come before it."""
    if not pages:
        return error
    many = "1 page" if pages == 1 else f"{pages} pages"
    return CatalogueError(
        error.summary,
        [
            Problem(p.where, p.field, f"{p.reason} It broke off after {many}.", p.remedy, p.effect)
            for p in error.problems
        ],
    )
