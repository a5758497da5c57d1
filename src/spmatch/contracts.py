"""What each exchangeable part must do. One page; every implementation passes the same tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from spmatch.activity import Activity
from spmatch.errors import Problem
from spmatch.words import Record

Vectors = npt.NDArray[np.float32]
"""Texts as vectors: (texts, dimensions), float32, each row of length 1, or all zeros for no text."""

Rows = npt.NDArray[np.intp]
"""Row numbers of a catalogue, ascending."""

Similarities = npt.NDArray[np.float64]
"""Cosines, -1 to 1, rounded to 1e-9 so that equal texts tie whatever else is scored with them."""

Role = Literal["need", "activity"]
"""Which side of a match a text stands on; some encoders read the two differently."""

Progress = Callable[[str, int, int | None], None]
"""Called with (what is being done, how many are done, how many in all or ``None``)."""


class EncoderIdentity(Record):
    """Which encoder made a vector: a snapshot refuses to answer with any other."""

    name: str
    version: str
    sha256: str
    dimensions: int


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how much they mean the same."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        """One row for each text, in order; a text without content gives a row of zeros.

        ``languages`` are ISO 639-1 codes, ``None`` where not stated. Each row depends on its own
        text alone. Safe to call from many threads.
        """
        ...

    def save(self, directory: Path) -> None:
        """Write what ``encoders.load_encoder`` needs to make the same encoder again."""
        ...


@runtime_checkable
class DetectsLanguage(Protocol):
    """An encoder that tells Danish from English."""

    def language(self, text: str, stated: str | None = None) -> Literal["da", "en"]: ...


class Index(Protocol):
    """Similarity of a query to stored rows, exactly."""

    def __len__(self) -> int: ...

    def similarities(self, queries: Vectors, rows: Rows | None = None) -> Similarities:
        """Cosine of each query (q, d) with each of ``rows`` (all when ``None``): (q, rows)."""
        ...

    def search(
        self, query: npt.NDArray[np.float32], k: int, rows: Rows | None = None
    ) -> tuple[Rows, Similarities]:
        """The ``k`` most similar of ``rows``, best first, ties by row number."""
        ...


class Reader(Protocol):
    """Reads one source format. Yields activities and problems in the order of the source."""

    name: str

    def recognises(self, path: Path) -> bool:
        """Whether this looks like a source of this format; reads no more than it must."""
        ...

    def read(self, path: Path) -> Iterator[Activity | Problem]:
        """Every record of the source, as an activity, or as the problem that kept it out.

        A fault in one record never stops the others. A record that is kept with a fact mended or
        dropped yields the problem as well, before the activity.
        """
        ...
