"""The default: Danish and English in one space, by onnxruntime, without torch.

The artefact in ``models/da-en-minilm`` is a small sentence encoder whose Danish words have input rows
of their own beside the English ones; only the tokenizer depends on the language of a text.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch.contracts import EncoderIdentity, Progress, Role, Vectors
from spmatch.errors import EncoderError
from spmatch.languages import LanguageDetector, TextLanguage
from spmatch.material import material
from spmatch.sentences import split_sentences

NAME = "da-en-minilm"
BATCH_TOKENS = 4096
"""Texts are encoded together up to this many tokens, padding included."""
BATCH_TEXTS = 64
CALL_TOKENS = 4
"""What one more call costs, in tokens: texts are padded to one length only where that is cheaper."""
MAX_THREADS = 4
_SENTENCE_CHARACTERS_MIN = 12
_MANIFEST = "hashes.json"


class BilingualEncoder:
    """Runs the artefact of ``directory`` (the shipped one when ``None``).

    ``threads`` defaults to the environment variable ``SPMATCH_THREADS``, else to the number of
    cores, four at the most. Raises ``EncoderError`` when a file is missing or was altered.

    A text is read up to ``max_tokens`` of the model (256, some 180 words); what follows does not
    count. A text that holds clearly Danish and clearly English sentences, and states no language,
    is encoded by language and averaged by length.
    """

    def __init__(self, directory: Path | None = None, *, threads: int | None = None) -> None:
        self._given = directory
        folder = directory or material("models", NAME)
        hashes = _verified(folder)
        config = _read_json(folder / "config.json")
        self._detector = LanguageDetector(
            **{
                field: _read_json(folder / config["language"])[field]
                for field in LanguageDetector.__slots__
            }
        )
        self._tokenizers = {
            language: _load_tokenizer(folder / file, int(config["max_tokens"]))
            for language, file in config["tokenizers"].items()
        }
        self._padding = int(config["padding_id"])
        self._session = _load_session(folder / "model.onnx", threads or _default_threads())
        combined = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()
        self.identity = EncoderIdentity(
            name=str(config["name"]),
            version=str(config["version"]),
            sha256=combined,
            dimensions=int(config["dimension"]),
        )

    def save(self, directory: Path) -> None:
        """Only where it lies is kept: the shipped artefact is found again by itself."""
        directory.mkdir(parents=True, exist_ok=True)
        where = {"directory": str(self._given.resolve()) if self._given else None}
        (directory / "model.json").write_text(json.dumps(where), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path, *, threads: int | None = None) -> BilingualEncoder:
        """Read what ``save`` wrote."""
        where = _read_json(directory / "model.json").get("directory")
        return cls(Path(where) if where else None, threads=threads)

    def language(self, text: str, stated: str | None = None) -> TextLanguage:
        """The language that a text is read in."""
        return self._detector.detect(text, stated)

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)
        pieces: list[tuple[int, list[int]]] = []
        stated = languages or [None] * len(texts)
        for row, (text, code) in enumerate(zip(texts, stated, strict=True)):
            for language, part in self._by_language(text, code):
                ids = self._tokenizers[language].encode(part).ids
                # Two tokens are the marks of begin and end: a text without content has no more.
                if len(ids) > 2:
                    pieces.append((row, ids))
        pieces.sort(key=lambda piece: len(piece[1]))
        done = 0
        for batch in _batches(pieces):
            encoded = self._run([ids for _, ids in batch])
            for (row, ids), vector in zip(batch, encoded, strict=True):
                vectors[row] += vector * len(ids)
            done += len(batch)
            if progress:
                progress("encode", done, len(pieces))
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
        return unit

    def _by_language(self, text: str, stated: str | None) -> list[tuple[TextLanguage, str]]:
        """A text in one language as it is; a clearly mixed one as its parts by language."""
        whole = self._detector.detect(text, stated)
        if stated is not None:
            return [(whole, text)]
        parts: dict[TextLanguage, list[str]] = {}
        for sentence in split_sentences(text, _SENTENCE_CHARACTERS_MIN):
            sure = self._detector.is_sure(sentence)
            own = self._detector.detect(sentence) if sure else whole
            parts.setdefault(own, []).append(sentence)
        if len(parts) < 2:
            return [(whole, text)]
        return [(language, " ".join(sentences)) for language, sentences in parts.items()]

    def _run(self, batch: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        longest = max(len(ids) for ids in batch)
        ids = np.full((len(batch), longest), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(batch):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)


def _batches(
    pieces: Sequence[tuple[int, list[int]]],
) -> Iterator[Sequence[tuple[int, list[int]]]]:
    """Runs of like length, shortest first, each within the token budget."""
    begin = 0
    while begin < len(pieces):
        end = begin + 1
        while end < len(pieces) and end - begin < BATCH_TEXTS:
            count, longer = end - begin, len(pieces[end][1])
            padding = count * (longer - len(pieces[end - 1][1]))
            if padding > CALL_TOKENS or (count + 1) * longer > BATCH_TOKENS:
                break
            end += 1
        yield pieces[begin:end]
        begin = end


def _default_threads() -> int:
    stated = os.environ.get("SPMATCH_THREADS", "")
    if stated.isdigit() and int(stated) > 0:
        return int(stated)
    return min(MAX_THREADS, os.cpu_count() or 1)


def _verified(folder: Path) -> dict[str, str]:
    """The hashes that the artefact states, once each of its files has been found to have its own."""
    hashes: dict[str, str] = _read_json(folder / _MANIFEST)
    for name, stated in hashes.items():
        try:
            with (folder / name).open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except OSError:
            raise EncoderError(
                f"The encoder file {name} is missing in {folder}. Install spmatch again."
            ) from None
        if found != stated:
            raise EncoderError(
                f"The encoder file {name} in {folder} was altered or cut short: its hash is not the "
                "stated one. Install spmatch again."
            )
    return hashes


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise EncoderError(f"{path} cannot be read: the encoder is not complete there.") from None
    if not isinstance(content, dict):
        raise EncoderError(f"{path} does not hold what an encoder needs.")
    return content


def _load_tokenizer(path: Path, max_tokens: int) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=max_tokens)
    return tokenizer


def _load_session(path: Path, threads: int) -> Any:
    # Asked for before it is loaded, for otherwise it reports its use to its maker over the network
    # (onnxruntime's Privacy.md) and keeps an id of the machine in the user's folder. Whoever wants that
    # can set the variable to 0.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Waiting threads that spin take the cores from other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
