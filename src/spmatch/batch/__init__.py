"""Many profiles at once: on all cores of this machine, or over a Ray cluster.

::

    profiles ─► windows, sorted by where people live ─► parts ─► workers ─► answers, in order
                                                        ▲           │
                                                        └── a part whose worker was lost

Whoever answers a part (this process, worker processes, Ray) does it with ``Matcher.match``, one profile
at a time, so that every engine gives the same bytes.
"""

from spmatch.batch.engines import Engine, match_all
from spmatch.batch.part import Answer, Asked, Manner, Matches
from spmatch.batch.sweeping import sweep
from spmatch.errors import BatchError

__all__ = ["Answer", "Asked", "BatchError", "Engine", "Manner", "Matches", "match_all", "sweep"]
