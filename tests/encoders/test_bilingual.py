"""The default encoder: what its vectors mean, in two languages, and how it meets bad input."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spmatch.encoders import build_encoder
from spmatch.encoders.bilingual import BilingualEncoder
from spmatch.errors import EncoderError
from spmatch.material import material

ARTEFACT = material("models", "da-en-minilm")
DANISH = "Hun mistede sin mand sidste år og sidder alene om aftenen."
ENGLISH = "She lost her husband last year and sits alone in the evenings."
OTHER = "Læringsværksted for unge, der vil reparere knallerter."


@pytest.fixture(scope="module")
def encoder() -> BilingualEncoder:
    return BilingualEncoder(threads=1)


def cosine(encoder: BilingualEncoder, a: str, b: str, languages: list[str | None]) -> float:
    vectors = encoder.encode([a, b], role="need", languages=languages)
    return float(vectors[0] @ vectors[1])


def test_a_sentence_and_its_translation_mean_the_same(encoder: BilingualEncoder) -> None:
    assert cosine(encoder, DANISH, ENGLISH, ["da", "en"]) > 0.8


def test_a_translation_is_nearer_than_another_text_of_the_same_language(
    encoder: BilingualEncoder,
) -> None:
    other = cosine(encoder, DANISH, OTHER, ["da", "da"])
    assert cosine(encoder, DANISH, ENGLISH, ["da", "en"]) > other + 0.4


def test_the_language_is_detected_when_it_is_not_stated(encoder: BilingualEncoder) -> None:
    stated = encoder.encode([DANISH, ENGLISH], role="need", languages=["da", "en"])
    assert np.array_equal(encoder.encode([DANISH, ENGLISH], role="need"), stated)


def test_a_word_spelled_alike_means_what_its_language_says(encoder: BilingualEncoder) -> None:
    # "barn" is a child in Danish and a farm building in English.
    child = cosine(encoder, "barn", "child", ["da", "en"])
    assert child > cosine(encoder, "barn", "child", ["en", "en"]) + 0.3


@pytest.mark.parametrize(
    ("bare", "full"),
    [("paaroerende", "pårørende"), ("loeb", "løb"), ("laesekreds", "læsekreds")],
)
def test_danish_letters_written_with_two_still_work(
    encoder: BilingualEncoder, bare: str, full: str
) -> None:
    assert cosine(encoder, bare, full, ["da", "da"]) > 0.95


def test_missing_accents_still_work(encoder: BilingualEncoder) -> None:
    assert cosine(encoder, "en kop kaffe på caféen", "en kop kaffe på cafeen", ["da", "da"]) > 0.95


def test_capitals_do_not_count(encoder: BilingualEncoder) -> None:
    assert cosine(encoder, "SORGGRUPPE", "sorggruppe", ["da", "da"]) > 0.999


def test_a_mixed_text_is_near_to_both_its_halves(encoder: BilingualEncoder) -> None:
    mixed = f"{DANISH} I would like to learn to sew my own clothes."
    halves = [DANISH, "I would like to learn to sew my own clothes."]
    near = [cosine(encoder, mixed, half, [None, None]) for half in halves]
    assert min(near) > 0.5


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07\x1b", "\u200b"])
def test_a_text_without_content_is_all_zeros(encoder: BilingualEncoder, text: str) -> None:
    assert not encoder.encode([text], role="need").any()


def test_a_very_long_text_counts_by_its_beginning(encoder: BilingualEncoder) -> None:
    words = "Vi mødes og går en tur om søen hver uge. " * 2500
    assert cosine(encoder, words[:100_000], words[:3_000], ["da", "da"]) > 0.999


def test_control_characters_do_not_change_a_text(encoder: BilingualEncoder) -> None:
    assert cosine(encoder, "Hun\x07 savner sin mor", "Hun savner sin mor", ["da", "da"]) > 0.999


def test_emoji_have_a_unit_vector(encoder: BilingualEncoder) -> None:
    vector = encoder.encode(["😀🎉"], role="need")[0]
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["Ich bin traurig und allein.", "أنا وحيد", "孤独です"])
def test_a_third_language_has_a_unit_vector(encoder: BilingualEncoder, text: str) -> None:
    vector = encoder.encode([text], role="need")[0]
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)


def test_an_altered_file_is_refused_by_name(tmp_path: Path) -> None:
    copy = shutil.copytree(
        ARTEFACT, tmp_path / "model", ignore=shutil.ignore_patterns("*.py", "s*")
    )
    (copy / "language.json").write_bytes((copy / "language.json").read_bytes()[:-10] + b" " * 10)
    with pytest.raises(EncoderError, match=r"language\.json .* was altered or cut short"):
        BilingualEncoder(copy)


def test_a_truncated_model_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(
        ARTEFACT, tmp_path / "model", ignore=shutil.ignore_patterns("*.py", "s*")
    )
    (copy / "model.onnx").write_bytes((copy / "model.onnx").read_bytes()[:1000])
    with pytest.raises(EncoderError, match=r"model\.onnx .* was altered or cut short"):
        BilingualEncoder(copy)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(
        ARTEFACT, tmp_path / "model", ignore=shutil.ignore_patterns("*.py", "s*")
    )
    (copy / "tokenizer_da.json").unlink()
    with pytest.raises(EncoderError, match=r"tokenizer_da\.json is missing"):
        BilingualEncoder(copy)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys\n"
        "from spmatch.encoders import build_encoder\n"
        "build_encoder('da-en-minilm', ()).encode(['Hej'], role='need')\n"
        "print([name for name in ('torch', 'transformers', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_artefact_is_at_most_forty_megabytes() -> None:
    files = [path for path in ARTEFACT.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 40_000_000


@pytest.fixture(scope="module")
def sentence_transformers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason="the extra transformers is not installed")
    pytest.importorskip("onnx", reason="onnx is not installed")
    script = ARTEFACT / "export_sentence_transformers.py"
    spec = importlib.util.spec_from_file_location("export_sentence_transformers", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out = tmp_path_factory.mktemp("exported")
    module.write_sentence_transformers(ARTEFACT, out)
    return out


@pytest.mark.parametrize(("language", "text"), [("da", DANISH), ("en", ENGLISH), ("da", OTHER)])
def test_sentence_transformers_gives_the_same_vectors(
    encoder: BilingualEncoder, sentence_transformers_folder: Path, language: str, text: str
) -> None:
    same = build_encoder(str(sentence_transformers_folder / language), ())
    theirs = same.encode([text], role="need")[0]
    ours = encoder.encode([text], role="need", languages=[language])[0]
    assert float(theirs @ ours) >= 0.99


def test_a_mistyped_name_is_not_looked_for_on_a_hub() -> None:
    with pytest.raises(EncoderError, match="Was baseline meant"):
        build_encoder("baselin", ())
