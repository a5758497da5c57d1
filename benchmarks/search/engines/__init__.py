"""One engine a file. A name of the comparison is looked up here, and imported only when it is measured."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from benchmarks.search.protocol import Engine

ENGINES = {
    "ours": "ours:Ours",
    "ours-uncompiled": "ours:OursUncompiled",
    "numpy": "numpy_scan:Numpy",
    "numpy-sorted": "numpy_scan:NumpySorted",
    "faiss-flat": "faiss_masked:FaissFlat",
    "faiss-hnsw": "faiss_masked:FaissHnsw",
    "faiss-hnsw-1000": "faiss_masked:FaissHnswThenFilter",
    "sqlite": "sqlite:Sqlite",
    "duckdb": "duckdb:DuckDb",
    "postgres": "postgres:Postgres",
    "postgres-hnsw": "postgres:PostgresHnsw",
    "postgres-hnsw-on": "postgres:PostgresHnswOn",
    "qdrant-edge": "qdrant:QdrantExact",
    "qdrant-edge-hnsw": "qdrant:QdrantHnsw",
    "lancedb": "lance:Lance",
    "lancedb-ivf": "lance:LanceIvf",
}
"""Name in the table → module and class, in the order of the table."""

QUICK = ("ours", "numpy", "numpy-sorted", "faiss-flat", "sqlite", "duckdb")


def find_engine(name: str) -> type[Engine]:
    module, _, member = ENGINES[name].partition(":")
    found: type[Engine] = getattr(import_module(f"{__name__}.{module}"), member)
    return found


def versions_of(engine: type[Engine]) -> dict[str, str]:
    """Of what an engine needs. Raises ``PackageNotFoundError`` for what is not installed."""
    return {name: version(name) for name in engine.needs}


def missing_for(engine: type[Engine]) -> list[str]:
    missing = []
    for name in engine.needs:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    return missing
