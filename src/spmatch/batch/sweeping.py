"""The same profiles under many settings, as an evaluation asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path

from spmatch.batch.engines import Engine, answers
from spmatch.batch.part import Asked, Manner
from spmatch.contracts import Progress
from spmatch.geography import Gazetteer
from spmatch.matcher import Matcher
from spmatch.profile import Profile
from spmatch.suggestion import Response


def sweep(
    source: Matcher | Path | str,
    profiles: Mapping[str, Profile],
    manners: Sequence[Manner],
    *,
    gazetteer: Gazetteer | None = None,
    engine: Engine = "local",
    processes: int | None = None,
    threads: int | None = None,
    address: str | None = None,
    progress: Progress | None = None,
) -> Iterator[dict[str, Response]]:
    """For each manner in order, the response to each profile by its id.

    The settings may differ in all that does not change how a catalogue is built. Raises the error of a
    profile that cannot be answered, besides what ``match_all`` raises.
    """
    texts = {name: one.model_dump_json(exclude_defaults=True) for name, one in profiles.items()}
    numbers = count()
    asked = (
        Asked(next(numbers), name, text, manner)
        for manner in range(len(manners))
        for name, text in texts.items()
    )
    found = answers(
        source,
        asked,
        manners,
        gazetteer=gazetteer,
        engine=engine,
        processes=processes,
        threads=threads,
        address=address,
        # A worker loads the snapshot anew for other settings: it gets all profiles of one at once.
        part=max(1, len(texts)),
        progress=progress,
        total=len(texts) * len(manners),
    )
    with closing(found):
        for _ in manners:
            yield {one.where: one.response for one in islice(found, len(texts))}
