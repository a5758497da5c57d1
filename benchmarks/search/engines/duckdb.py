"""DuckDB in memory: facts and vectors in two tables, both in order of place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from benchmarks.search.protocol import Engine, K
from benchmarks.search.sql import FACTS, Kind, boxed, limits, values_of, within
from benchmarks.search.table import flatten, want
from benchmarks.search.workload import Vectors, Workload

from spmatch.profile import Profile

CHUNK_ROWS = 100_000


class DuckDb(Engine):
    needs: ClassVar[tuple[str, ...]] = ("duckdb", "pyarrow")
    memory_share: ClassVar[float] = 1.6
    how: ClassVar[str] = (
        "rows in order of place, limits, array_inner_product on what is left, in memory"
    )

    def build(self, workload: Workload, directory: Path) -> None:
        import duckdb
        import pyarrow as pa

        table = flatten(workload.columns)
        self.languages = table.languages
        self.database: Any = duckdb.connect(":memory:", config={"threads": 1})
        # Cells of about 2 km, so that the smallest and largest value of a block of rows say something.
        order = np.lexsort((table.lon, np.floor(table.lat / 0.018), table.anywhere))
        arrays = {name: values[order] for name, values in table.arrays().items()}
        size = workload.vectors.shape[1]
        for start in range(0, len(order), CHUNK_ROWS):
            part = slice(start, start + CHUNK_ROWS)
            flat = pa.array(workload.vectors[order[part]].reshape(-1))
            chunk = pa.table(  # noqa: F841 (the query below names it)
                {
                    "row": order[part],
                    **{name: arrays[name][part] for name in ("lat", "lon", "anywhere")},
                    **{
                        name: arrays[name][part]
                        if name == "price"
                        else arrays[name][part].astype(np.int32)
                        for name in FACTS
                    },
                    "embedding": pa.FixedSizeListArray.from_arrays(flat, size),
                }
            )
            for name, chosen in (
                ("fact", "* exclude (embedding)"),
                ("vector", f"row, embedding::float[{size}] as embedding"),
            ):
                first = f"create table {name} as" if start == 0 else f"insert into {name}"
                self.database.execute(f"{first} select {chosen} from chunk")
        self.texts = [_text(slots, size) for slots in range(5)]

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        wanted = want(profile, self.languages)
        text = self.texts[len(wanted.slots)]
        values: dict[str, Any] = {**values_of(wanted), "query": query.tolist()}
        values = {name: value for name, value in values.items() if f"${name}" in text}
        return [row for (row,) in self.database.execute(text, values).fetchall()]

    def close(self) -> None:
        self.database.close()


def _text(slots: int, size: int) -> str:
    others = limits(slots, _mark)
    return f"""
        with eligible as (
            select row from fact
            where not anywhere and {boxed(_mark)} and {others} and {within(_mark)}
            union all
            select row from fact where anywhere and {others}
        )
        select vector.row from eligible join vector on vector.row = eligible.row
        order by array_inner_product(embedding, $query::float[{size}]) desc, vector.row limit {K}
    """


def _mark(name: str, kind: Kind) -> str:
    return f"${name}"
