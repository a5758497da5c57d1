"""Encoders: texts to vectors, one kind a file. Heavy packages are imported only where they are used."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spmatch.errors import EncoderError

if TYPE_CHECKING:
    from spmatch.contracts import Encoder

DEFAULT_ENCODER = "da-en-minilm"
BUILT_IN = (DEFAULT_ENCODER, "baseline")


def build_encoder(name: str, texts: Sequence[str], *, threads: int | None = None) -> Encoder:
    """The encoder of this name, fitted on the catalogue's ``texts`` where it needs fitting.

    ``da-en-minilm`` and ``baseline`` are built in; a folder may hold another build of the former;
    anything else is a sentence-transformers model: a folder or a hub name. ``threads`` is for the
    encoders that take a number of them. Raises ``EncoderError`` or ``MissingExtraError`` when it
    cannot be made.
    """
    if name == "baseline":
        from spmatch.encoders.baseline import BaselineEncoder

        return BaselineEncoder.fit(texts)
    if name == DEFAULT_ENCODER or (Path(name) / "hashes.json").is_file():
        from spmatch.encoders.bilingual import BilingualEncoder

        folder = None if name == DEFAULT_ENCODER else Path(name)
        return BilingualEncoder(folder, threads=threads)
    near = difflib.get_close_matches(name, BUILT_IN, 1, 0.8)
    if near and not Path(name).is_dir():
        raise EncoderError(f"There is no encoder {name}. Was {near[0]} meant?")
    from spmatch.encoders.transformers import TransformersEncoder

    return TransformersEncoder(name)


def save_encoder(encoder: Encoder, directory: Path) -> None:
    """Write an encoder so that ``load_encoder`` makes the same one."""
    encoder.save(directory)
    kind = type(encoder).__name__
    (directory / "kind.json").write_text(json.dumps({"kind": kind}), encoding="utf-8")


def load_encoder(directory: Path, *, threads: int | None = None) -> Encoder:
    """The encoder that ``save_encoder`` wrote. Raises ``EncoderError`` when it cannot be read."""
    try:
        kind = json.loads((directory / "kind.json").read_text(encoding="utf-8"))["kind"]
    except (OSError, ValueError, KeyError, TypeError):
        raise EncoderError(f"No encoder can be read from {directory}. Build again.") from None
    if kind == "BilingualEncoder":
        from spmatch.encoders.bilingual import BilingualEncoder

        return BilingualEncoder.load(directory, threads=threads)
    if kind == "BaselineEncoder":
        from spmatch.encoders.baseline import BaselineEncoder

        return BaselineEncoder.load(directory)
    if kind == "TransformersEncoder":
        from spmatch.encoders.transformers import TransformersEncoder

        return TransformersEncoder.load(directory)
    raise EncoderError(f"The encoder kind {kind} is not known here. Build again with this version.")
