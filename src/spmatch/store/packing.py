"""Vectors and records as PostgreSQL sends them: packed, so that every bit comes back."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.store.faults import import_psycopg

Vector = npt.NDArray[np.float32]


class Packed(bytes):
    """A vector as pgvector sends it."""


class JsonText(str):
    """JSON that is written already."""


def pack(vector: Vector) -> Packed:
    return Packed(struct.pack(">HH", len(vector), 0) + vector.astype(">f4").tobytes())


def unpack(data: Any) -> Vector:
    return np.frombuffer(data, dtype=">f4", offset=4).astype(np.float32)


def register_types(connection: Any) -> None:
    """Teach a connection to send ``Packed`` and ``JsonText``, and to return vectors as arrays.

    Without the extension pgvector in the database vectors are not known, and nothing is said of that:
    a new database has none yet.
    """
    import_psycopg()
    from psycopg.types import TypeInfo

    dumper_of, json_dumper, loader = _adapters()
    connection.adapters.register_dumper(JsonText, json_dumper)
    known = TypeInfo.fetch(connection, "vector")
    if known is None:
        return
    connection.adapters.register_dumper(Packed, dumper_of(known.oid))
    connection.adapters.register_loader(known.oid, loader)
    known.register(connection)


@cache
def _adapters() -> tuple[Any, Any, Any]:
    """Classes that can only be made once psycopg is here."""
    from psycopg.adapt import Dumper, Loader
    from psycopg.postgres import types
    from psycopg.pq import Format

    class JsonTextDumper(Dumper):
        format = Format.BINARY
        oid = types["jsonb"].oid

        def dump(self, obj: JsonText) -> bytes:
            # The version of the binary form, then the text.
            return b"\x01" + obj.encode()

    class VectorLoader(Loader):
        format = Format.BINARY

        def load(self, data: Any) -> Vector:
            return unpack(bytes(data))

    @cache
    def dumper_of(known: int) -> Any:
        class PackedDumper(Dumper):
            format = Format.BINARY
            oid = known

            def dump(self, obj: Packed) -> bytes:
                return obj

        return PackedDumper

    return dumper_of, JsonTextDumper, VectorLoader
