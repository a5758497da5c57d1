"""Any sentence-transformers model, from a local folder or a hub name (extra ``transformers``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spmatch.contracts import EncoderIdentity, Progress, Role, Vectors
from spmatch.errors import EncoderError, MissingExtraError

BATCH = 32
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_E5_PREFIXES: dict[Role, str] = {"need": "query: ", "activity": "passage: "}


class TransformersEncoder:
    """A sentence-transformers model. E5 models get their query and passage prefixes.

    Raises ``MissingExtraError`` without the package and ``EncoderError`` when the model cannot be
    loaded.
    """

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise MissingExtraError(f"The encoder {model}", "transformers") from None
        # A folder is kept with its whole path: a snapshot may be loaded from anywhere.
        model = str(Path(model).absolute()) if Path(model).is_dir() else model
        if Path(model).is_absolute() and not Path(model).is_dir():
            raise EncoderError(f"There is no model folder {model}. Give one, or a hub name.")
        try:
            self._model: Any = SentenceTransformer(model, device="cpu")
        except Exception as error:  # the package raises many kinds for a missing or damaged model
            raise EncoderError(
                f"The sentence-transformers model {model} cannot be loaded ({type(error).__name__}). "
                "Give a folder that holds one, or a hub name that can be reached."
            ) from None
        self._name = model
        self.identity = EncoderIdentity(
            name=f"transformers:{Path(model).name}",
            version=str(self._model.model_card_data.base_model_revision or "unversioned"),
            sha256=_weights_digest(self._model, model),
            dimensions=len(self._model.encode("x")),
        )
        self._prefixes = _E5_PREFIXES if "e5" in Path(model).name.casefold().split("-") else {}

    def save(self, directory: Path) -> None:
        """Only the name is kept: the weights stay where they are."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "model.json").write_text(json.dumps({"model": self._name}), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> TransformersEncoder:
        """Make the model that ``save`` named. Raises ``EncoderError`` when it cannot be made."""
        try:
            model = str(json.loads((directory / "model.json").read_text(encoding="utf-8"))["model"])
        except (OSError, ValueError, KeyError, TypeError):
            raise EncoderError(f"The name of the model in {directory} cannot be read.") from None
        return cls(model)

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        filled.sort(key=lambda i: len(texts[i]))
        prefix = self._prefixes.get(role, "")
        for begin in range(0, len(filled), BATCH):
            batch = filled[begin : begin + BATCH]
            vectors[batch] = self._model.encode(
                [prefix + texts[i] for i in batch],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            if progress:
                progress("encode", min(begin + BATCH, len(filled)), len(filled))
        return vectors


def _weights_digest(model: Any, name: str) -> str:
    """The hash of the weight files of a local folder, else of the weights in memory."""
    folder = Path(name)
    files = (
        sorted(path for pattern in _WEIGHTS for path in folder.rglob(pattern))
        if folder.is_dir()
        else []
    )
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    if not files:
        for key, tensor in sorted(model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()
