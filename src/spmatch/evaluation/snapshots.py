"""A catalogue encoded for evaluation: each text of a profile once, whatever settings are tried."""

from __future__ import annotations

from dataclasses import replace

from spmatch.evaluation.systems import RememberingEncoder
from spmatch.snapshot import Snapshot


def remembering(snapshot: Snapshot) -> Snapshot:
    """The same snapshot with an encoder that encodes each text of a profile once."""
    if isinstance(snapshot.encoder, RememberingEncoder):
        return snapshot
    return replace(snapshot, encoder=RememberingEncoder(snapshot.encoder))
