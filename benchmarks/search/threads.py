"""One thread an engine: imported before numpy and everything else that starts threads when it is loaded."""

from __future__ import annotations

import os

ONE = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
    "SPMATCH_THREADS",
)
OTHERS = {
    # With one, LanceDB waits for itself forever; being held to one core, two run no faster.
    "LANCE_CPU_THREADS": "2",
    "LANCE_IO_THREADS": "2",
    "LANCE_LOG": "error",
}


def limit_threads() -> None:
    """For this process and those that it starts."""
    os.environ.update(dict.fromkeys(ONE, "1") | OTHERS)


def hold_to_one_core() -> bool:
    """Keep this process, and what it starts, on one core; false where the system cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True
