"""Encoders: texts to vectors, one kind a file. Heavy packages are imported only where they are used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spmatch.errors import EncoderError

if TYPE_CHECKING:
    from spmatch.contracts import Encoder

DEFAULT_ENCODER = "baseline"


def build_encoder(name: str, texts: Sequence[str]) -> Encoder:
    """The encoder of this name, fitted on the catalogue's ``texts`` where it needs fitting.

    ``baseline`` is built in; anything else is a sentence-transformers model: a folder or a hub name.
    Raises ``EncoderError`` or ``MissingExtraError`` when it cannot be made.
    """
    if name == "baseline":
        from spmatch.encoders.baseline import BaselineEncoder

        return BaselineEncoder.fit(texts)
    from spmatch.encoders.transformers import TransformersEncoder

    return TransformersEncoder(name)


def save_encoder(encoder: Encoder, directory: Path) -> None:
    """Write an encoder so that ``load_encoder`` makes the same one."""
    encoder.save(directory)
    kind = type(encoder).__name__
    (directory / "kind.json").write_text(json.dumps({"kind": kind}), encoding="utf-8")


def load_encoder(directory: Path) -> Encoder:
    """The encoder that ``save_encoder`` wrote. Raises ``EncoderError`` when it cannot be read."""
    try:
        kind = json.loads((directory / "kind.json").read_text(encoding="utf-8"))["kind"]
    except (OSError, ValueError, KeyError):
        raise EncoderError(f"No encoder can be read from {directory}. Build again.") from None
    if kind == "BaselineEncoder":
        from spmatch.encoders.baseline import BaselineEncoder

        return BaselineEncoder.load(directory)
    if kind == "TransformersEncoder":
        from spmatch.encoders.transformers import TransformersEncoder

        return TransformersEncoder.load(directory)
    raise EncoderError(f"The encoder kind {kind} is not known here. Build again with this version.")
