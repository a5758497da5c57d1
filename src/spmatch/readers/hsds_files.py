"""The JSON files of HSDS and its dialects, and what their beginnings tell of the dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spmatch.readers.hsds_kinds import Marks, is_companion, kind_of
from spmatch.readers.json_stream import BrokenJson, Part, decoded, read_parts
from spmatch.readers.listing import files_with
from spmatch.readers.stated import Record
from spmatch.readers.text_files import read_lines

_LINES = (".jsonl", ".ndjson")
_SUFFIXES = (".json", *_LINES)
PAGE_LISTS = frozenset(("contents", "content"))
PAGE_FIELDS = {
    "contents": frozenset(("total_items", "total_pages", "page_number")),
    "content": frozenset(("totalElements", "totalPages")),
}
# Those of other formats too, so that the first items are enough to tell them.
_ANY_LISTS = PAGE_LISTS | {"items", "entry"}
# Names that stand in a damaged file which was HSDS.
_TELLING_NAMES = (
    "service_at_locations cost_options fees_description eligibility_description assured_date "
    "organization_id total_items service_taxonomys regular_schedules eligibilitys totalElements"
).split()
_LOOKED_AT_FILES = 20
_LOOKED_AT_ITEMS = 25
_LOOKED_AT = 2**16


def hsds_files(path: Path) -> list[Path]:
    """The JSON files of a source that may hold HSDS, in order of path."""
    # A data package describes tables; it holds no services.
    return [file for file in files_with(path, _SUFFIXES) if file.name != "datapackage.json"]


def is_tabular(document: Record) -> bool:
    """Whether the members of an object are tables, named as their files would be."""
    return any(isinstance(document.get(f"{name}.csv"), list) for name in ("services", "service"))


def look_at(path: Path) -> Marks | None:
    """What the first records of a source say about its dialect; ``None`` when it is no HSDS."""
    marks, known = Marks(), False
    for file in hsds_files(path)[:_LOOKED_AT_FILES]:
        known |= file.suffix.lower() in _SUFFIXES and _look_at_file(file, marks)
    return marks if known else None


def _look_at_file(file: Path, marks: Marks) -> bool:
    """Whether a file holds HSDS of any dialect."""
    whole: dict[str, Any] = {}
    items: list[Any] = []
    lists: set[str | None] = set()
    ended = broken = False
    try:
        for part in _parts(file, _ANY_LISTS):
            if part.number == 0:
                lists.add(part.key)
            elif part.number is not None:
                items.append(part.value)
            elif part.key is not None:
                whole[part.key] = part.value
            if len(items) >= _LOOKED_AT_ITEMS:
                break
        else:
            ended = True
    except OSError:
        return False
    except BrokenJson:
        broken = True
    records = [item for item in items if isinstance(item, Mapping)]
    if not lists and whole:
        records = [whole]
    marks.see_name(whole)
    for record in records:
        marks.see(record, "taxonomy_terms" if "term_uri" in record else "services")
    pages = [key for key in lists if key is not None]
    for key in pages:
        # The fields of a page may come after its list.
        if key not in PAGE_FIELDS or (ended and not PAGE_FIELDS[key] & set(whole)):
            return False
        if key == "content":
            marks.see_older()
        return key == "contents" or any(map(_may_be, records))
    return any(map(_is_known, records[:1])) or (broken and _tells_hsds(file, marks))


def _may_be(record: Record) -> bool:
    return {"id", "name"} <= set(record) or kind_of(record) == "service_at_location"


def _is_known(record: Record) -> bool:
    return kind_of(record) != "other" or is_companion(record) or is_tabular(record)


def _parts(file: Path, lists: frozenset[str]) -> Iterator[Part]:
    """The parts of a file, where each line of a file of lines is an item of one list."""
    if not is_lines(file):
        yield from read_parts(file, [], lists)
        return
    yield Part(None, 0, None)
    for number, line in enumerate(read_lines(file, []), start=1):
        if line.strip():
            yield Part(None, number, decoded(line, number))


def _tells_hsds(file: Path, marks: Marks) -> bool:
    """Whether names stand in the beginning of a damaged file that only HSDS has."""
    try:
        with file.open("rb") as data:
            beginning = data.read(_LOOKED_AT).decode("utf-8", "replace")
    except OSError:
        return False
    told = [name for name in _TELLING_NAMES if f'"{name}"' in beginning]
    marks.see(dict.fromkeys(told, True))
    if "totalElements" in told:
        marks.see_older()
    return bool(told)


def is_lines(file: Path) -> bool:
    """Whether each line of a file is a record, whatever the file is called."""
    if file.suffix.lower() in _LINES:
        return True
    try:
        lines = filter(str.strip, read_lines(file, [], longest=_LOOKED_AT))
        first, second = next(lines, "").strip(), next(lines, "").lstrip()
        return second[:1] == "{" and first[:1] == "{" and isinstance(decoded(first), dict)
    except (OSError, BrokenJson):
        return False
