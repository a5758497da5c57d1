"""The compiled way of a search: prepared once in a process, where numba is installed.

Compiling takes seconds the first time, and is kept beside the code for the next process. So it is never
begun by a search: whoever answers many requests prepares it at the start. Without it every answer is the
same, and takes longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from spmatch import kernels

TABLES = 8
"""As many factors can go by kind."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The functions of ``kernels``; they let other threads run meanwhile."""

    sift: Callable[..., Any]
    nearest: Callable[..., Any]
    around: Callable[..., Any]
    weigh: Callable[..., Any]


_lock = Lock()
_made: Compiled | None = None
_in_use: Compiled | None = None


def prepare() -> bool:
    """Compile the inner loops of a search, or load them, and use them from here on. Safe to call again.

    False where the extra ``fast`` is not installed.
    """
    global _made, _in_use
    with _lock:
        if _made is None:
            try:
                import numba
            except ImportError:
                return False
            _made = _compile(numba)
        _in_use = _made
    return True


def leave() -> None:
    """Go the way of numpy from here on."""
    global _in_use
    _in_use = None


def compiled() -> Compiled | None:
    """What was prepared, or nothing."""
    return _in_use


def _compile(numba: Any) -> Compiled:
    of = numba.types

    def array(kind: Any, dimensions: int = 1) -> Any:
        # Those that may be written to are taken as well.
        return of.Array(kind, dimensions, "C", readonly=True)

    whole, sessions, flags = array(of.int64), array(of.uint32), array(of.boolean)
    run = of.int64
    sift = (
        *(whole, whole, array(of.uint64, 2), whole, array(of.uint64)),
        *(array(of.uint32, 2), flags, whole),
        *(array(of.uint32, 2), flags, whole, sessions, whole, flags),
        *(array(of.float64, 2), of.float64, of.float64, of.float64, run, run, of.boolean),
    )
    single = array(of.float32)
    nearest = (array(of.float32, 2), single, whole, of.int64, of.float64, of.int64)
    wide = array(of.float64)
    around = (
        *(wide, wide, wide, wide, of.float64, of.float64, of.float64, of.float64),
        *(of.float64, whole, whole),
    )
    numbers, table, codes = array(of.int64, 2), array(of.float64, 2), array(of.int8)
    weigh = (
        *(whole, table, whole, wide, of.UniTuple(wide, TABLES), codes, table, numbers),
        *(array(of.uint64, 2), array(of.uint32, 2), sessions),
        *(array(of.uint32, 2), flags, whole, sessions, wide, of.float64),
        *(wide, wide, wide, flags, flags, flags, run),
    )
    return Compiled(
        sift=_jit(numba, kernels.sift, sift, fastmath=False),
        # The order in which products are added up is free: the error bound holds for any.
        around=_jit(numba, kernels.around, around, fastmath=False),
        weigh=_jit(numba, kernels.weigh, weigh, fastmath=False),
        nearest=_jit(numba, kernels.nearest, nearest, fastmath={"reassoc", "contract"}),
    )


def _jit(numba: Any, kernel: Callable[..., Any], signature: Any, fastmath: Any) -> Any:
    try:
        return numba.njit([signature], nogil=True, fastmath=fastmath, cache=True)(kernel)
    except (RuntimeError, OSError):
        # Neither beside the code nor in the user's folder can anything be kept: made anew each time.
        return numba.njit([signature], nogil=True, fastmath=fastmath)(kernel)
