"""LanceDB: limits as a filter in SQL before the search, without and with an index on the vectors.

Its filters have no prepared form: the limits are written into the text. Points are kept as coordinates in
space, since a distance on the ground is at most the radius when the chord is at most its chord.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from benchmarks.search.protocol import Engine, K
from benchmarks.search.sql import FACTS, Kind, limits, values_of
from benchmarks.search.table import Wanted, flatten, want
from benchmarks.search.workload import Vectors, Workload

from spmatch.columns import ACCESS_KEYS, DELIVERIES, FIRST_VISIT_KEYS
from spmatch.geography import EARTH_RADIUS_KM
from spmatch.profile import Profile

CHUNK_ROWS = 50_000
ORDERED = ("lat", "lon", "price")
MASKS = {
    "access_no": len(ACCESS_KEYS),
    "first_visit_no": len(FIRST_VISIT_KEYS),
    "speaks": 8,
    "delivery": len(DELIVERIES),
}
"""Columns of bits, kept as a yes/no column a bit: its filters know no ``&``."""
FEW_VALUES = (
    "anywhere",
    *(name for name in FACTS if name not in (*MASKS, "price")),
    *(f"{name}_{bit}" for name, bits in MASKS.items() for bit in range(bits)),
)
PROBES = 20
REFINED = 10


class Lance(Engine):
    needs: ClassVar[tuple[str, ...]] = ("lancedb", "pyarrow")
    memory_share: ClassVar[float] = 0.6
    how: ClassVar[str] = "filter first, every vector that is left; files in the page cache"

    def build(self, workload: Workload, directory: Path) -> None:
        import lancedb
        import pyarrow as pa

        table = flatten(workload.columns)
        self.languages = table.languages
        arrays = table.arrays()
        order = np.lexsort((table.lon, np.floor(table.lat / 0.018), table.anywhere))
        lat, lon = np.radians(table.lat), np.radians(table.lon)
        space = {
            "x": np.cos(lat) * np.cos(lon),
            "y": np.cos(lat) * np.sin(lon),
            "z": np.sin(lat),
        }
        size = workload.vectors.shape[1]

        def chunks() -> Any:
            for start in range(0, len(order), CHUNK_ROWS):
                rows = order[start : start + CHUNK_ROWS]
                flat = pa.array(workload.vectors[rows].reshape(-1))
                yield pa.RecordBatch.from_pydict(
                    {
                        "row": rows,
                        **{name: arrays[name][rows] for name in ("lat", "lon", "anywhere")},
                        **{name: values[rows] for name, values in space.items()},
                        **{
                            name: arrays[name][rows]
                            if name == "price"
                            else arrays[name][rows].astype(np.int32)
                            for name in FACTS
                            if name not in MASKS
                        },
                        **{
                            f"{name}_{bit}": arrays[name][rows] >> bit & 1 == 1
                            for name, bits in MASKS.items()
                            for bit in range(bits)
                        },
                        "vector": pa.FixedSizeListArray.from_arrays(flat, size),
                    }
                )

        batches = chunks()
        first = next(batches)
        database = lancedb.connect(str(directory))
        self.table: Any = database.create_table("activity", pa.Table.from_batches([first]))
        for batch in batches:
            self.table.add(pa.Table.from_batches([batch]))
        self.table.optimize()
        for name in ORDERED:
            self.table.create_scalar_index(name, index_type="BTREE")
        for name in FEW_VALUES:
            self.table.create_scalar_index(name, index_type="BITMAP")
        self.index(len(order))

    def index(self, rows: int) -> None:
        """No index on the vectors: the search is exact."""

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        found = self.asked(query).where(_filter(want(profile, self.languages)), prefilter=True)
        rows: list[int] = found.limit(K).select(["row", "_distance"]).to_arrow()["row"].to_pylist()
        return rows

    def asked(self, query: Vectors) -> Any:
        return self.table.search(query).distance_type("dot")


class LanceIvf(Lance):
    exact: ClassVar[bool] = False
    rows_max: ClassVar[int] = 200_000
    how: ClassVar[str] = f"IVF_PQ, {PROBES} probes, best {REFINED * K} refined, filter first"

    def index(self, rows: int) -> None:
        self.table.create_index(
            metric="dot",
            num_partitions=max(1, round(math.sqrt(rows))),
            num_sub_vectors=48,
            index_type="IVF_PQ",
        )

    def asked(self, query: Vectors) -> Any:
        return super().asked(query).nprobes(PROBES).refine_factor(REFINED)


def _filter(wanted: Wanted) -> str:
    values = values_of(wanted)

    def mark(name: str, kind: Kind) -> str:
        return repr(values[name])

    def any_bit(column: str, name: str) -> str:
        asked = int(values[name])
        bits = [f"{column}_{bit}" for bit in range(MASKS[column]) if asked >> bit & 1]
        return " or ".join(bits) or "false"

    lat, lon = math.radians(wanted.lat), math.radians(wanted.lon)
    at = {
        "x": math.cos(lat) * math.cos(lon),
        "y": math.cos(lat) * math.sin(lon),
        "z": math.sin(lat),
    }
    square = " + ".join(
        f"({axis} - {value!r}) * ({axis} - {value!r})" for axis, value in at.items()
    )
    chord = 2 * math.sin(wanted.radius_km / EARTH_RADIUS_KM / 2)
    south, north, west, east = wanted.box()
    inside = f"lat >= {south!r} and lat <= {north!r} and lon >= {west!r} and lon <= {east!r}"
    others = limits(len(wanted.slots), mark, any_bit)
    # The box by itself, so that the indexes can answer it.
    return f"(anywhere or ({inside})) and {others} and (anywhere or {square} <= {chord * chord!r})"
