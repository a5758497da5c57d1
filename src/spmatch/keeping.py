"""What was made last, kept for the next request that asks the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

_Made = TypeVar("_Made")
NOTHING = object()
"""What is not kept."""


class Kept:
    """What was made last, by what it was made for. Safe to use from many threads."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._made: dict[Hashable, Any] = {}
        self._lock = Lock()

    def find(self, key: Hashable) -> Any:
        """The one kept for ``key``, else ``NOTHING``. One that was kept may be ``None``."""
        return self._made.get(key, NOTHING)

    def get(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """The one kept for ``key``, else a new one."""
        # Looked up once: to hash a key of records takes longer than all else here.
        found: _Made | object = self._made.get(key, NOTHING)
        if found is not NOTHING:
            return cast(_Made, found)
        made = make()
        with self._lock:
            while len(self._made) >= self._at_most:
                self._made.pop(next(iter(self._made)))
            self._made[key] = made
        return made
