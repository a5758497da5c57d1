"""What was made last, kept for the next request that asks the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

_Made = TypeVar("_Made")


class Kept:
    """What was made last, by what it was made for. Safe to use from many threads."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._made: dict[Hashable, Any] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """The one kept for ``key``, else a new one."""
        if key in self._made:
            found: _Made = self._made[key]
            return found
        made = make()
        with self._lock:
            while len(self._made) >= self._at_most:
                self._made.pop(next(iter(self._made)))
            self._made[key] = made
        return made
