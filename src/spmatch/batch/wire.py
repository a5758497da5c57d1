"""Profiles and answers as compressed bytes, for a way between machines."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

from spmatch.batch.part import Answer, Asked
from spmatch.errors import PlaceError, ProfileError

Answered = tuple[bytes, dict[int, ProfileError | PlaceError]]
"""The lines of the answers, and by their place the errors, whose lines are empty."""

_LEVEL = 1


def pack_asked(asked: Sequence[Asked]) -> bytes:
    """Bytes that ``unpack_asked`` reads. What is not UTF-8 arrives as it was."""
    rows = [
        (one.number, one.where, one.manner, one.text.decode("utf-8", "surrogateescape"), True)
        if isinstance(one.text, bytes)
        else (one.number, one.where, one.manner, one.text, False)
        for one in asked
    ]
    return zlib.compress(json.dumps(rows).encode(), _LEVEL)


def unpack_asked(packed: bytes) -> list[Asked]:
    """What was packed."""
    return [
        Asked(
            number,
            where,
            text.encode("utf-8", "surrogateescape") if was_bytes else text,
            manner,
        )
        for number, where, manner, text, was_bytes in json.loads(zlib.decompress(packed))
    ]


def pack_answers(answers: Sequence[Answer]) -> Answered:
    """What ``unpack_answers`` reads, beside what was asked."""
    lines = "\n".join(one.line for one in answers)
    errors = {place: one.error for place, one in enumerate(answers) if one.error is not None}
    return zlib.compress(lines.encode(), _LEVEL), errors


def unpack_answers(asked: Sequence[Asked], answered: Answered) -> list[Answer]:
    """The answers to what was asked, in its order."""
    packed, errors = answered
    lines = zlib.decompress(packed).decode().split("\n")
    return [
        Answer(one.number, one.where, line, errors.get(place))
        for place, (one, line) in enumerate(zip(asked, lines, strict=True))
    ]
