"""How often a key may ask: one token bucket a key, exact over all the worker processes of a service.

A bucket holds ``per_minute`` tokens and is filled at that rate, so that from any moment on a key is let
through at most ``per_minute`` times at once and ``per_minute`` a minute from then. One number says all
of it: the moment at which the bucket will be full again (the generic cell rate algorithm).

Workers share the buckets in a small file that each maps into its memory. The system lets go of the lock
of a worker that dies. Where there are no such locks (Windows) each worker counts for itself.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

FILE = "rates"
SLOTS = 1024
"""Keys that may be in use within one minute; more of them have to share, which is stricter."""

_FILL_SECONDS = 60.0
_SLOT = struct.Struct("<16sd")
_FULL_AT = struct.Struct("<d")
_FREE = bytes(16)
_LOCK_SECONDS = 0.25
_RETRY_SECONDS = 1.0
_TINY = 1e-9
"""Seconds that rounding may take off; far less than any wait."""


class Rates:
    """Buckets in a folder that all workers share, or in this process alone (None).

    The file in it is made by whoever comes first, and should last no longer than the service. It holds
    hashes of the ids of keys, and times.
    """

    def __init__(self, folder: Path | None = None, *, slots: int = SLOTS) -> None:
        self._path = folder / FILE if folder is not None and os.name != "nt" else None
        self._slots = slots
        self._threads = threading.Lock()
        self._process = 0
        self._file = -1
        self._buckets: mmap.mmap | bytearray = bytearray(slots * _SLOT.size)
        self._open()

    def take(self, key_id: str, per_minute: int, now: float | None = None) -> float:
        """0.0 where the key may ask now, else the seconds to wait before it may.

        ``now`` is in seconds of a clock that all workers share and that never goes back
        (``time.monotonic`` when None).
        """
        if self._process != os.getpid():
            # A fork shares the lock of its parent, and so would not wait for it.
            self._threads = threading.Lock()
            self._open()
        with self._threads, self._alone() as held:
            if not held:
                # Another worker stands still while it holds the lock. Nobody may pass uncounted, and the
                # whole service must not stand still with it.
                return _RETRY_SECONDS
            # Read inside the lock: the order in which workers pass is then that of their clocks.
            return self._take(_name(key_id), per_minute, time.monotonic() if now is None else now)

    def close(self) -> None:
        """Let go of the file."""
        if isinstance(self._buckets, mmap.mmap):
            self._buckets.close()
            os.close(self._file)
        self._buckets = bytearray(self._slots * _SLOT.size)
        self._path = None

    def _take(self, name: bytes, per_minute: int, now: float) -> float:
        place = self._slot(name, now)
        # Never later than an empty bucket is: what another boot of the machine left counts for nothing.
        full_at = min(self._full_at(place), now + _FILL_SECONDS)
        begun = max(full_at, now)
        each = _FILL_SECONDS / per_minute
        wait = begun + each - _FILL_SECONDS - now
        if wait > _TINY:
            return wait
        # The time before the name: a worker that dies between the two leaves a free slot.
        _FULL_AT.pack_into(self._buckets, place + len(_FREE), begun + each)
        self._buckets[place : place + len(_FREE)] = name
        return 0.0

    def _slot(self, name: bytes, now: float) -> int:
        """Where the bucket of a name is, or may be put.

        A bucket that is full again is as good as none: its slot may be given to another name.
        """
        home = int.from_bytes(name[:8], "little") % self._slots
        unused = None
        for step in range(self._slots):
            place = (home + step) % self._slots * _SLOT.size
            found = bytes(self._buckets[place : place + len(_FREE)])
            if found == name:
                return place
            if unused is None and (found == _FREE or self._full_at(place) <= now):
                unused = place
            if found == _FREE:
                break
        return home * _SLOT.size if unused is None else unused

    def _full_at(self, place: int) -> float:
        return float(_FULL_AT.unpack_from(self._buckets, place + len(_FREE))[0])

    def _open(self) -> None:
        self._process = os.getpid()
        if self._path is None:
            return
        if self._file >= 0:
            os.close(self._file)
        size = self._slots * _SLOT.size
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # All workers do this; it changes nothing in a file that has its size already.
        os.ftruncate(self._file, size)
        self._buckets = mmap.mmap(self._file, size)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Hold the lock that workers share; yields False where it cannot be had in time."""
        if self._path is None:
            yield True
            return
        import fcntl

        last = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > last:
                    yield False
                    return
                time.sleep(0.0002)
        try:
            yield True
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _name(key_id: str) -> bytes:
    return sha256(key_id.encode()).digest()[: len(_FREE)]
