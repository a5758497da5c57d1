"""Qdrant Edge: the engine of the Qdrant server inside the process, every limit an indexed field.

``QdrantExact`` asks for exact search over the points that the field indexes leave; ``QdrantHnsw`` leaves the
choice between that and the filtered graph to Qdrant, as it does by default. Distances are those of its own
geographic filter; where something has no place it counts as ``anywhere``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.search.protocol import Engine, K
from benchmarks.search.table import Table, Wanted, flatten, want
from benchmarks.search.workload import Vectors, Workload

from spmatch.columns import ACCESS_KEYS, FIRST_VISIT_KEYS
from spmatch.profile import Profile

BATCH_ROWS = 2_000
FLAGS = ("anywhere", "closed", "anytime")
INTEGERS = (
    # The Python binding takes True for the integer 1, which no boolean field matches.
    *FLAGS,
    "age_min",
    "age_max",
    "gender",
    "speaks",
    "access_no",
    "first_visit_no",
    "intensity",
    "delivery",
    "day_1",
    "start_1",
    "end_1",
    "day_2",
    "start_2",
    "end_2",
)
LISTS = {
    "speaks": 8,
    "delivery": 5,
    "access_no": len(ACCESS_KEYS),
    "first_visit_no": len(FIRST_VISIT_KEYS),
}
"""Bit masks that become lists of the numbers of their bits, which Qdrant can look up."""


class QdrantExact(Engine):
    needs: ClassVar[tuple[str, ...]] = ("qdrant-edge-py",)
    rows_max: ClassVar[int] = 200_000
    memory_share: ClassVar[float] = 2.5
    how: ClassVar[str] = "every limit an indexed field, exact search over what they leave"
    links: ClassVar[int] = 0
    whole: ClassVar[bool] = True

    def build(self, workload: Workload, directory: Path) -> None:
        import qdrant_edge

        self.api: Any = qdrant_edge
        api = self.api
        table = flatten(workload.columns)
        self.languages = table.languages
        self.shard: Any = api.EdgeShard.create(
            str(directory),
            api.EdgeConfig(
                vectors=api.EdgeVectorParams(
                    size=workload.vectors.shape[1],
                    distance=api.Distance.Dot,
                    memory=api.Memory.Pinned,
                ),
                hnsw_config=api.HnswIndexConfig(
                    m=self.links,
                    ef_construct=100,
                    full_scan_threshold=10_000,
                    max_indexing_threads=1,
                ),
                optimizers=api.EdgeOptimizersConfig(default_segment_number=1),
                max_search_threads=1,
                wal_enabled=False,
            ),
        )
        kinds = api.PayloadSchemaType
        for name, kind in (
            ("place", kinds.Geo),
            ("price", kinds.Float),
            *((name, kinds.Integer) for name in INTEGERS),
        ):
            self.shard.update(api.UpdateOperation.create_field_index(name, kind))
        for start in range(0, len(table), BATCH_ROWS):
            stop = min(start + BATCH_ROWS, len(table))
            vectors = workload.vectors[start:stop].tolist()
            payloads = _payloads(table, start, stop)
            points = [
                api.Point(start + number, vector, payload)
                for number, (vector, payload) in enumerate(zip(vectors, payloads, strict=True))
            ]
            self.shard.update(api.UpdateOperation.upsert_points(points))
        self.shard.flush()
        self.shard.optimize()

    def search(self, profile: Profile, query: Vectors) -> Sequence[int]:
        api = self.api
        request = api.QueryRequest(
            limit=K,
            query=api.Query.Nearest(query.tolist()),
            filter=self._filter(want(profile, self.languages)),
            params=api.SearchParams(exact=self.whole),
        )
        return [point.id for point in self.shard.query(request)]

    def close(self) -> None:
        self.shard.close()

    def _filter(self, wanted: Wanted) -> Any:
        api = self.api
        must = [
            self._any_of(
                self._is("anywhere", 1),
                api.FieldCondition(
                    "place",
                    geo_radius=api.GeoRadius(
                        api.GeoPoint(lon=wanted.lon, lat=wanted.lat), wanted.radius_km * 1000
                    ),
                ),
            ),
            self._is("closed", 0),
            self._range("age_min", lte=wanted.age),
            self._range("age_max", gte=wanted.age),
            self._has("speaks", wanted.speaks),
        ]
        if wanted.delivery != 0x1F:
            must.append(self._has("delivery", wanted.delivery))
        if wanted.price_most < 1e9:
            must.append(self._range("price", lte=wanted.price_most))
        if wanted.intensity_most < 4:
            must.append(self._range("intensity", lte=wanted.intensity_most))
        if wanted.slots:
            fits = [
                api.Filter(
                    must=[
                        self._is(f"day_{number}", slot.day),
                        self._range(f"start_{number}", lte=slot.start_most),
                        self._range(f"end_{number}", gte=slot.end_least),
                    ]
                )
                for slot in wanted.slots
                for number in (1, 2)
            ]
            must.append(self._any_of(self._is("anytime", 1), *fits))
        must_not = []
        if wanted.gender_not < 3:
            must_not.append(self._is("gender", wanted.gender_not))
        for name in ("access", "first_visit"):
            asked: int = getattr(wanted, name)
            if asked:
                must_not.append(self._has(f"{name}_no", asked))
        return api.Filter(must=must, must_not=must_not)

    def _is(self, name: str, value: int) -> Any:
        return self.api.FieldCondition(name, match=self.api.MatchValue(value))

    def _range(self, name: str, **bounds: float) -> Any:
        return self.api.FieldCondition(name, range=self.api.RangeFloat(**bounds))

    def _has(self, name: str, bits: int) -> Any:
        return self.api.FieldCondition(name, match=self.api.MatchAny(_bits(bits, LISTS[name])))

    def _any_of(self, *conditions: Any) -> Any:
        return self.api.Filter(should=list(conditions))


class QdrantHnsw(QdrantExact):
    exact: ClassVar[bool] = False
    how: ClassVar[str] = "every limit an indexed field, HNSW or not as it chooses, M 16"
    links: ClassVar[int] = 16
    whole: ClassVar[bool] = False


def _bits(mask: int, most: int) -> list[int]:
    return [bit for bit in range(most) if mask >> bit & 1]


def _payloads(table: Table, start: int, stop: int) -> list[dict[str, Any]]:
    part = {name: values[start:stop].tolist() for name, values in table.arrays().items()}
    lat, lon = part.pop("lat"), part.pop("lon")
    for name in FLAGS:
        part[name] = [int(flag) for flag in part[name]]
    for name, most in LISTS.items():
        part[name] = [_bits(mask, most) for mask in part[name]]
    rows = [dict(zip(part, values, strict=True)) for values in zip(*part.values(), strict=True)]
    for row, payload in enumerate(rows):
        if not payload["anywhere"]:
            payload["place"] = {"lon": lon[row], "lat": lat[row]}
    return rows
