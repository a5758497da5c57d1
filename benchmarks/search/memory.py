"""How much memory a process and those that it started hold, files that are only mapped left out."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_FIELDS = ("Pss_Anon:", "Pss_Shmem:")


def held_bytes(servers: Sequence[int] = ()) -> int | None:
    """Of this process, of servers and of all below them, shared pages once.

    ``None`` where the system does not say.
    """
    gc.collect()
    with suppress(OSError, AttributeError):
        # What was freed and only kept by the allocator is not held.
        ctypes.CDLL(None).malloc_trim(0)
    total = 0
    for process in _family([os.getpid(), *servers]):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            if process == os.getpid():
                return None
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(_FIELDS))
    return total * 1024


def disk_bytes(directory: Path) -> int:
    """Of all files in a folder."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def _family(roots: list[int]) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = list(roots)
    for process in found:
        found.extend(children.get(process, []))
    return found
