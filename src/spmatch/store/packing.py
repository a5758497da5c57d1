"""Vectors and records as PostgreSQL sends them: packed, so that every bit comes back."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.contracts import Vectors
from spmatch.errors import StoreError
from spmatch.store.faults import import_psycopg

Vector = npt.NDArray[np.float32]

_VECTOR_HEAD = ("dimensions", ">i4")
"""Two numbers of 16 bits: the dimensions, and nothing."""
_ARRAY_HEAD = 20
"""Bytes before the first element of an array; of one without elements there are fewer."""
_EMPTY_ARRAY = 12


class Packed(bytes):
    """A vector as pgvector sends it."""


class JsonText(str):
    """JSON that is written already."""


def pack(vector: Vector) -> Packed:
    return Packed(struct.pack(">HH", len(vector), 0) + vector.astype(">f4").tobytes())


def unpack_vectors(packed: Sequence[bytes], dimensions: int) -> Vectors:
    """(vectors, dimensions), decoded in one go. Raises ``StoreError`` for one of other dimensions."""
    return _unpack(b"".join(packed), len(packed), [_VECTOR_HEAD], dimensions)


def unpack_arrays(packed: Sequence[bytes], dimensions: int) -> Vectors:
    """All vectors of several arrays, one after the other. Raises ``StoreError`` as ``unpack_vectors``."""
    bodies = [one[_ARRAY_HEAD:] for one in packed]
    lengths = [int.from_bytes(one[12:16], "big") for one in packed if len(one) > _EMPTY_ARRAY]
    return _unpack(b"".join(bodies), sum(lengths), [("bytes", ">i4"), _VECTOR_HEAD], dimensions)


def _unpack(data: bytes, count: int, head: list[tuple[str, str]], dimensions: int) -> Vectors:
    form = np.dtype([*head, ("values", ">f4", (dimensions,))])
    if len(data) != count * form.itemsize:
        raise StoreError(
            "The database holds vectors of other dimensions than it says. Publish the catalogue again."
        )
    values: Vectors = np.frombuffer(data, dtype=form)["values"].astype(np.float32)
    return values


def register_types(connection: Any) -> None:
    """Teach a connection to send ``Packed`` and ``JsonText``, and to return vectors as they come.

    Vectors, and arrays of them, are bytes that ``unpack_vectors`` and ``unpack_arrays`` read. Without
    the extension pgvector in the database vectors are not known, and nothing is said of that: a new
    database has none yet.
    """
    import_psycopg()
    from psycopg.types import TypeInfo

    dumper_of, json_dumper, loader = _adapters()
    connection.adapters.register_dumper(JsonText, json_dumper)
    known = TypeInfo.fetch(connection, "vector")
    if known is None:
        return
    connection.adapters.register_dumper(Packed, dumper_of(known.oid))
    known.register(connection)
    connection.adapters.register_loader(known.oid, loader)
    connection.adapters.register_loader(known.array_oid, loader)


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

    class AsTheyCome(Loader):
        format = Format.BINARY

        def load(self, data: Any) -> bytes:
            return bytes(data)

    @cache
    def dumper_of(known: int) -> Any:
        class PackedDumper(Dumper):
            format = Format.BINARY
            oid = known

            def dump(self, obj: Packed) -> bytes:
                return obj

        return PackedDumper

    return dumper_of, JsonTextDumper, AsTheyCome
