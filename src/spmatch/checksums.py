"""What tells whether a file is still as it was written.

The SHA-256 of the CRC-32s of its blocks. It is to find damage, not forgery; and the vectors of a country
are gigabytes, which several threads have to read within a second.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

BLOCK_BYTES = 8 * 2**20
STEP_BYTES = 2**18
THREADS_AT_MOST = 8

Fault = Literal["missing", "damaged"]


def checksum(file: Path) -> str:
    """The checksum of one file, in hexadecimal digits. Raises ``OSError``."""
    return _together(_sum_of(file, begin) for begin in _blocks(file))


def find_fault(
    folder: Path, checksums: Mapping[str, str], *, threads: int | None = None
) -> tuple[str, Fault] | None:
    """The first file that is not there, or not as its checksum says; ``None`` when all are whole."""
    pool = ThreadPoolExecutor(min(threads or os.cpu_count() or 1, THREADS_AT_MOST))
    try:
        # Reading and summing let go of the interpreter: blocks of one file are summed side by side.
        sums = {}
        for name in checksums:
            try:
                begins = _blocks(folder / name)
            except OSError:
                return name, "missing"
            sums[name] = [pool.submit(_sum_of, folder / name, begin) for begin in begins]
        for name, stated in checksums.items():
            try:
                found = _together(one.result() for one in sums[name])
            except OSError:
                return name, "missing"
            if found != stated:
                return name, "damaged"
        return None
    finally:
        pool.shutdown(cancel_futures=True)


def _blocks(file: Path) -> range:
    """Where the blocks of a file begin; an empty file has one."""
    return range(0, max(file.stat().st_size, 1), BLOCK_BYTES)


def _sum_of(file: Path, begin: int) -> int:
    found = 0
    # What was just read is summed while the processor still holds it.
    step = memoryview(bytearray(STEP_BYTES))
    with file.open("rb", buffering=0) as content:
        content.seek(begin)
        for _ in range(0, BLOCK_BYTES, STEP_BYTES):
            read = content.readinto(step)
            found = zlib.crc32(step[:read], found)
    return found


def _together(sums: Iterable[int]) -> str:
    digest = hashlib.sha256()
    for one in sums:
        digest.update(one.to_bytes(4, "big"))
    return digest.hexdigest()
