"""Real records made wrong: one place of a JSON value, or of a table, dropped, emptied, retyped or nested."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            *("", "0", "-1", "1e999", "24:00", "2024-02-30", "\ud83d", "\0", "<b", "&#0;"),
            *("P1W", "#", "urn:uuid:", "https://[", "x" * 70_000, 10**400),
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["@id", "id", "@type"]), inner)
    ),
    max_leaves=6,
)
"""Values that belong nowhere."""

HOWS = ["drop", "retype", "null", "nest", "list", "twice", "rename"]
changes = st.lists(st.tuples(st.integers(0), st.sampled_from(HOWS), odd), min_size=1, max_size=6)
"""Places by number, what is done to each, and a value for it."""


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value, with each of its keys."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def changed(document: Any, how: list[tuple[int, str, Any]]) -> Any:
    """A copy of a document after changes at places that the numbers pick."""
    document = copy.deepcopy(document)
    for pick, change, value in how:
        found = list(places(document))
        if not found:
            break
        holder, key = found[pick % len(found)]
        if change == "drop":
            del holder[key]
        elif change == "null":
            holder[key] = None
        elif change == "nest":
            holder[key] = {"id": holder[key]}
        elif change == "list":
            holder[key] = [holder[key]]
        elif change == "twice" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif change == "rename" and isinstance(holder, dict):
            holder[f"{key}x"] = holder.pop(key)
        else:
            holder[key] = value
    return document


def changed_table(rows: list[list[str]], how: list[tuple[int, str, Any]]) -> list[list[str]]:
    """The same of a table, the first row of which names its columns."""
    rows = copy.deepcopy(rows)
    for pick, change, value in how:
        if not rows or not rows[pick % len(rows)]:
            break
        row = rows[pick % len(rows)]
        column = pick // len(rows) % len(row)
        if change == "drop":
            # A column that is gone, all the way down.
            rows = [one[:column] + one[column + 1 :] for one in rows]
        elif change == "null":
            row[column] = ""
        elif change == "nest":
            row[column] = f'{{"id": "{row[column]}"}}'
        elif change == "list":
            row[column] = ";".join([row[column]] * 3)
        elif change == "twice":
            rows.append(list(row))
        elif change == "rename":
            rows[0] = [f"{name}x" if at == column else name for at, name in enumerate(rows[0])]
        else:
            row[column] = str(value)[:80_000].encode("utf-8", "replace").decode()
    return rows
