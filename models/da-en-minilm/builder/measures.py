"""Measure the artefact: translation retrieval, ranking on the held-out test, int8, English, speed.

Nothing here feeds back into training. The held-out ranking test and the evaluation-only files are
read in this module alone.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from .examples import load_examples
from .export import load_tuned
from .language import WORD, danish_score
from .sources import EVALUATION_ONLY, read_lines
from .teacher import encode_ids, english_tokenizer, load_body
from .vocabulary import load_vocabulary

__all__ = ["Artefact", "measure_all", "ndcg_at_10"]

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str], str], Floats]
SPEED_TOKENS = 25
FLOAT = "tuned, float32"
ARTEFACT = "tuned, int8 (the artefact)"
DIRECTIONS = (("en", "en"), ("da", "da"), ("da", "en"), ("en", "da"))


class Artefact:
    """The files as the runtime uses them: onnxruntime, tokenizers and numpy."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizers = {
            language: Tokenizer.from_file(str(folder / f"tokenizer_{language}.json"))
            for language in ("en", "da")
        }
        self.language = json.loads((folder / "language.json").read_text(encoding="utf-8"))

    def detected(self, text: str) -> str:
        """``da`` or ``en``."""
        score = danish_score(text, self.language)
        if score == 0:
            return str(self.language["undecided"])
        return "da" if score > 0 else "en"

    def encode(self, texts: Sequence[str], language: str, batch: int = 32) -> Floats:
        """Unit vectors (texts, 384); ``language`` da, en or auto."""
        spoken = [self.detected(t) if language == "auto" else language for t in texts]
        ids = [self.tokenizers[s].encode(t).ids for s, t in zip(spoken, texts, strict=True)]
        out = np.zeros((len(texts), 384), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            longest = max(len(ids[i]) for i in part)
            tokens = np.zeros((len(part), longest), dtype=np.int64)
            mask = np.zeros_like(tokens)
            for number, i in enumerate(part):
                tokens[number, : len(ids[i])] = ids[i]
                mask[number, : len(ids[i])] = 1
            out[part] = self.session.run(None, {"input_ids": tokens, "attention_mask": mask})[0]
        return out


def measure_all(options: argparse.Namespace) -> None:
    """Print the table and keep it in ``measured.json`` in the work folder."""
    artefact = Artefact(options.out)
    vocabulary = load_vocabulary(options.work / "vocabulary.json")
    untuned = load_body(options.teacher)
    tuned, tuned_rows = load_tuned(options)
    english = untuned.embeddings.word_embeddings.weight
    tokenizers = {
        "en": english_tokenizer(options.teacher),
        "da": Tokenizer.from_file(str(options.work / "tokenizer_da.json")),
    }
    row_of_id = vocabulary.row_of_id()

    def float_encoder(rows: Floats | None, body: Any = untuned) -> Encode:
        matrix = english if rows is None else torch.cat([english, torch.from_numpy(rows)])

        def encode(texts: Sequence[str], language: str) -> Floats:
            if rows is None:
                language = "en"
            spoken = [artefact.detected(t) if language == "auto" else language for t in texts]
            ids = [
                row_of_id[tokenizers[s].encode(t).ids] for s, t in zip(spoken, texts, strict=True)
            ]
            return encode_ids(body, matrix, ids)

        return encode

    systems: dict[str, Encode] = {
        "all-MiniLM-L6-v2": float_encoder(None),
        "dictionary start, untrained": float_encoder(np.load(options.work / "start.npy")),
        "trained, not tuned": float_encoder(np.load(options.work / "rows.npy")),
        FLOAT: float_encoder(tuned_rows, tuned),
        ARTEFACT: artefact.encode,
    }
    result: dict[str, Any] = {}
    if options.held_out is not None:
        result["nDCG@10"] = ranking(options.held_out, systems)
        for system, row in result["nDCG@10"].items():
            print(f"{system:32}", {k: round(v, 3) for k, v in row.items()}, flush=True)
    _, dev = load_examples(options.work / "examples.json")
    sets = {f"held-out {name}": pairs for name, pairs in dev.items() if pairs}
    for source in EVALUATION_ONLY:
        if (options.parallel / source.file).exists():
            sets[source.file] = read_pairs_as_they_are(options.parallel / source.file)
    for name, pairs in sets.items():
        result[name] = {"pairs": len(pairs)} | {
            system: translation_retrieval(encode, pairs) for system, encode in systems.items()
        }
        print(name, json.dumps(result[name], indent=1), flush=True)
    result["int8 and float32"] = _agreement(systems, sets)
    print(json.dumps(result["int8 and float32"], indent=1), flush=True)
    result["language"] = _language(artefact, sets)
    print(json.dumps(result["language"]), flush=True)
    texts = texts_of_length(dev["sentences"], tokenizers["en"], SPEED_TOKENS)
    result["speed"] = speed(options.out, options.teacher, texts)
    print(json.dumps(result["speed"]), flush=True)
    (options.work / "measured.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    table = markdown(result, list(systems))
    (options.work / "measured.md").write_text(table, encoding="utf-8")
    print(table)


def markdown(result: Mapping[str, Any], systems: Sequence[str]) -> str:
    """The measured tables, as they stand in the card."""
    lines: list[str] = []
    if "nDCG@10" in result:
        lines += [
            "nDCG@10 on the held-out ranking test, language detected:",
            "",
            "| system | en→en | da→da | da→en | en→da |",
            "|---|---|---|---|---|",
        ]
        for system, row in result["nDCG@10"].items():
            cells = " | ".join(f"{row[f'{asked}-{offered}']:.3f}" for asked, offered in DIRECTIONS)
            lines.append(f"| {system} | {cells} |")
        lines.append("")
    lines += [
        "Translation retrieval, the right one first among all (P@1), language given:",
        "",
        f"| pairs | | {' | '.join(systems)} |",
        "|---|---|" + "---|" * len(systems),
    ]
    for name, row in result.items():
        if not isinstance(row, dict) or "pairs" not in row:
            continue
        for way, arrow in (("da-en P@1", "da→en"), ("en-da P@1", "en→da")):
            cells = " | ".join(f"{row[system][way]:.3f}" for system in systems)
            lines.append(f"| {name} ({row['pairs']}) | {arrow} | {cells} |")
        cells = " | ".join(f"{row[system]['cosine']:.3f}" for system in systems)
        lines.append(f"| | cosine of a pair | {cells} |")
    lines += ["", "int8 against float32, cosine per text:", "", "| | mean | 1 % | least |"]
    lines.append("|---|---|---|---|")
    for language, found in result["int8 and float32"].items():
        lines.append(
            f"| {language} | {found['mean']:.4f} | {found['1st percentile']:.4f} "
            f"| {found['least']:.4f} |"
        )
    lines += ["", "Language told rightly:", "", "| texts | Danish | English |", "|---|---|---|"]
    for name, found in result["language"].items():
        lines.append(f"| {name} | {found['da']:.4f} | {found['en']:.4f} |")
    if "speed" in result:
        rates = result["speed"]
        lines += ["", f"Texts a second, one thread, {SPEED_TOKENS} tokens, batches of 32:", ""]
        lines += [f"- {name}: {value}" for name, value in rates.items()]
    return "\n".join(lines) + "\n"


def read_pairs_as_they_are(path: Path) -> list[tuple[str, str]]:
    """Every line, doubles too: evaluation files are not cleaned."""
    return [(fields[0], fields[1]) for fields in read_lines(path) if len(fields) > 1]


def translation_retrieval(encode: Encode, pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """P@1 both ways with the language given, and the mean cosine of a pair."""
    danish = encode([d for d, _ in pairs], "da")
    english = encode([e for _, e in pairs], "en")
    similarity = danish @ english.T
    right = np.arange(len(pairs))
    return {
        "da-en P@1": round(float((similarity.argmax(axis=1) == right).mean()), 4),
        "en-da P@1": round(float((similarity.argmax(axis=0) == right).mean()), 4),
        "cosine": round(float(np.diag(similarity).mean()), 4),
    }


def _agreement(
    systems: Mapping[str, Encode], sets: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, dict[str, float]]:
    """Cosine of a text's int8 vector with its float32 one, over every measured text."""
    found = {}
    texts = {
        "da": [d for pairs in sets.values() for d, _ in pairs],
        "en": [e for pairs in sets.values() for _, e in pairs],
    }
    for language, some in texts.items():
        exact = systems[FLOAT](some, language)
        cosine = (exact * systems[ARTEFACT](some, language)).sum(axis=1)
        found[language] = {
            "mean": round(float(cosine.mean()), 5),
            "1st percentile": round(float(np.percentile(cosine, 1)), 5),
            "least": round(float(cosine.min()), 5),
        }
    return found


def _language(
    artefact: Artefact, sets: Mapping[str, Sequence[tuple[str, str]]]
) -> dict[str, dict[str, float]]:
    found = {}
    for name, pairs in sets.items():
        pairs = [(d, e) for d, e in pairs if d != e]
        danish = np.mean([artefact.detected(d) == "da" for d, _ in pairs])
        english = np.mean([artefact.detected(e) == "en" for _, e in pairs])
        found[name] = {"da": round(float(danish), 4), "en": round(float(english), 4)}
    return found


def ranking(folder: Path, systems: Mapping[str, Encode]) -> dict[str, dict[str, float]]:
    """Mean nDCG@10 of every system in all four directions on the held-out test."""
    activities = _texts(folder / "activities.jsonl")
    needs = _texts(folder / "needs.jsonl")
    grades: dict[str, dict[str, int]] = {}
    for fields in read_lines(folder / "qrels.tsv"):
        need, activity, grade = fields[0], fields[-2], fields[-1]
        if grade.lstrip("-").isdigit():
            grades.setdefault(need, {})[activity] = int(grade)
    names = list(activities)
    table: dict[str, dict[str, float]] = {}
    for direction in DIRECTIONS:
        asked, offered = direction
        documents = [activities[name][offered] for name in names]
        queries = [needs[name][asked] for name in needs]
        scores = {"BM25": bm25(queries, documents), "char 3-5 TF-IDF": _tfidf(queries, documents)}
        for system, encode in systems.items():
            scores[system] = encode(queries, "auto") @ encode(documents, "auto").T
        for system, score in scores.items():
            each = [
                ndcg_at_10([names[i] for i in np.argsort(-row, kind="stable")], grades[need])
                for need, row in zip(needs, score, strict=True)
                if need in grades
            ]
            table.setdefault(system, {})[f"{asked}-{offered}"] = round(float(np.mean(each)), 4)
    return table


def _texts(path: Path) -> dict[str, dict[str, str]]:
    """Id → language → text; a language's text is a string or an object of strings."""
    texts = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            texts[str(record["id"])] = {
                language: _joined(record, language) for language in ("da", "en")
            }
    return texts


def _joined(record: Mapping[str, Any], language: str) -> str:
    value = record.get(language)
    if value is None:
        value = {k: v for k, v in record.items() if k.endswith(f"_{language}")}
    if isinstance(value, str):
        return value
    return ". ".join(str(part) for part in value.values() if isinstance(part, str))


def ndcg_at_10(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10 with the grade itself as gain; 0.0 where nothing is relevant."""
    gains = [max(grades.get(name, 0), 0) for name in ranked[:10]]
    best = sorted((max(g, 0) for g in grades.values()), reverse=True)[:10]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    found = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))
    return found / ideal if ideal else 0.0


def bm25(queries: Sequence[str], documents: Sequence[str]) -> Floats:
    """Scores (queries, documents) with k1 = 1.2, b = 0.75 over lower-case words."""
    words = [Counter(WORD.findall(text.lower())) for text in documents]
    sizes = np.array([sum(counted.values()) for counted in words], dtype=np.float64)
    seen = Counter(word for counted in words for word in counted)
    scores = np.zeros((len(queries), len(documents)), dtype=np.float32)
    for number, query in enumerate(queries):
        for word in WORD.findall(query.lower()):
            rarity = math.log(1 + (len(documents) - seen[word] + 0.5) / (seen[word] + 0.5))
            times = np.array([counted[word] for counted in words], dtype=np.float64)
            length = 1.2 * (0.25 + 0.75 * sizes / sizes.mean())
            scores[number] += rarity * times * 2.2 / (times + length)
    return scores


def _tfidf(queries: Sequence[str], documents: Sequence[str]) -> Floats:
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    table = model.fit_transform(documents)
    return np.asarray((model.transform(queries) @ table.T).toarray(), dtype=np.float32)


def texts_of_length(
    pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer, tokens: int
) -> list[str]:
    """English texts of exactly ``tokens`` tokens, sentences joined until they fit."""
    found, current = [], ""
    for _, english in [*pairs, *reversed(pairs), *pairs[1::2], *pairs[::2]]:
        current = f"{current} {english}".strip()
        size = len(tokenizer.encode(current).ids)
        if size == tokens:
            found.append(current)
        if size >= tokens:
            current = ""
    return found


def speed(folder: Path, teacher: Path, texts: Sequence[str], rounds: int = 5) -> dict[str, float]:
    """Texts a second on one thread, turn about with sentence-transformers on torch.

    The best round counts for both, so that other work on the machine weighs on neither.
    """
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    peer = SentenceTransformer(str(teacher), device="cpu")
    started = time.perf_counter()
    artefact = Artefact(folder)
    artefact.encode(texts[:1], "en")
    loaded = time.perf_counter() - started
    best = {"sentence-transformers, torch": math.inf, "the artefact": math.inf}
    for _ in range(rounds):
        for name, work in (
            ("sentence-transformers, torch", lambda: peer.encode(list(texts), batch_size=32)),
            ("the artefact", lambda: artefact.encode(texts, "en")),
        ):
            began = time.perf_counter()
            work()
            best[name] = min(best[name], time.perf_counter() - began)
    rates = {name: round(len(texts) / seconds, 1) for name, seconds in best.items()}
    return rates | {"load and first vector, seconds": round(loaded, 3)}
