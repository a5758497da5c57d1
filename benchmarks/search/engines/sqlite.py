"""SQLite in memory: R*Tree for the box, a narrow table of facts, sqlite-vec for what is left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.search.protocol import Engine, K
from benchmarks.search.sql import FACTS, Kind, fact_columns, limits, values_of, within
from benchmarks.search.table import flatten, want
from benchmarks.search.workload import Vectors, Workload

from spmatch.profile import Profile


class Sqlite(Engine):
    needs: ClassVar[tuple[str, ...]] = ("apsw", "sqlite-vec")
    memory_share: ClassVar[float] = 1.7
    how: ClassVar[str] = "R*Tree, facts by row, sqlite-vec on what is left, in memory"

    def build(self, workload: Workload, directory: Path) -> None:
        import apsw
        import sqlite_vec

        table = flatten(workload.columns)
        self.languages = table.languages
        self.database: Any = apsw.Connection(":memory:")
        self.database.enable_load_extension(True)
        self.database.load_extension(sqlite_vec.loadable_path())
        run = self.database.execute
        run("create virtual table near using rtree(row, south, north, west, east)")
        run(f"create table fact (row integer primary key, lat, lon, anywhere, {', '.join(FACTS)})")
        run("create table vector (row integer primary key, embedding blob)")
        facts = fact_columns(table)
        lat, lon, anywhere = table.lat.tolist(), table.lon.tolist(), table.anywhere.tolist()
        with self.database:
            many = self.database.executemany
            many(
                f"insert into fact values (?, ?, ?, ?{', ?' * len(FACTS)})",
                zip(range(len(table)), lat, lon, map(int, anywhere), *facts.values(), strict=True),
            )
            many(
                "insert into near values (?, ?, ?, ?, ?)",
                (
                    (row, lat[row], lat[row], lon[row], lon[row])
                    for row in range(len(table))
                    if not anywhere[row]
                ),
            )
            many(
                "insert into vector values (?, ?)",
                ((row, vector.tobytes()) for row, vector in enumerate(workload.vectors)),
            )
        run(f"create index far on fact (delivery, {', '.join(FACTS)}) where anywhere = 1")
        run("analyze")
        self.texts = [_text(slots) for slots in range(5)]

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        wanted = want(profile, self.languages)
        values: dict[str, Any] = {**values_of(wanted), "query": query.tobytes(), "k": K}
        return [row for (row,) in self.database.execute(self.texts[len(wanted.slots)], values)]

    def close(self) -> None:
        self.database.close()


def _text(slots: int) -> str:
    # Coordinates of an R*Tree are 32 bits wide, rounded outwards: the box loses nothing.
    return f"""
        with eligible as (
            select fact.row from near cross join fact on fact.row = near.row
            where north >= :south and south <= :north and east >= :west and west <= :east
                and {limits(slots, _mark)} and {within(_mark)}
            union all
            select row from fact where anywhere = 1 and {limits(slots, _mark)}
        )
        select vector.row from eligible cross join vector on vector.row = eligible.row
        order by vec_distance_L2(embedding, :query), vector.row limit :k
    """


def _mark(name: str, kind: Kind) -> str:
    return f":{name}"
