"""What a document is, by its content: the suffix by which readers know it."""

from __future__ import annotations

import codecs
from pathlib import Path

from spmatch.sources.archives import is_office, is_zip
from spmatch.sources.outline import Outline
from spmatch.sources.settings import FetchSettings

_LOOKED_AT_BYTES = 4096


def suffix_of(file: Path, outline: Outline | None, settings: FetchSettings) -> str:
    """``.json``, ``.jsonl``, ``.csv``, ``.zip``, ``.xlsx``, ``.html`` or ``.bin``. Raises ``OSError``.

    ``outline`` is that of the same file; it tells one JSON document from lines of them.
    """
    if is_zip(file):
        return ".xlsx" if is_office(file, settings) else ".zip"
    if outline is not None:
        return ".jsonl" if outline.lines else ".json"
    with file.open("rb") as data:
        start = data.read(_LOOKED_AT_BYTES)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in start and not wide:
        return ".bin"
    text = start.decode("utf-16" if wide else "utf-8-sig", "replace").lstrip()
    if text.startswith("<"):
        return ".html"
    return ".json" if text.startswith(("{", "[")) else ".csv"
