"""How the house is built: one direction of imports, nothing heavy before it is used, small files."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import spmatch
import spmatch.errors

SOURCE = Path(spmatch.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
LINES_AT_MOST = 400

# Each layer may use those before it, and itself.
LAYERS: dict[str, tuple[str, ...]] = {
    "words": (
        *("words", "errors", "validation", "messages", "activity", "profile", "suggestion"),
        *("contracts", "config", "wording", "schemas", "material", "languages", "sentences"),
        *("vocabulary", "plan_record", "plan_settings", "anchors"),
    ),
    # What a catalogue states, as arrays.
    "facts": (
        *("geography", "columns", "sessions", "numbering", "kinds", "marks", "weeks"),
        *("splicing", "columns_joining", "stacked", "fast", "kernels"),
    ),
    "stages": (
        *("readers", "catalogue", "encoders", "indexes", "meaning", "calibration", "themes"),
        *("constraints", "factors"),
        *("phrases", "refusals", "aversions", "safety"),
        *("sources", "gathering", "mending", "prose", "duplicates", "postcodes"),
        *("records", "remarks"),
    ),
    # From limits to the activities that keep them, without looking at a whole catalogue.
    "selection": (
        *("bands", "ground", "facts", "keeping", "ruled", "judging"),
        *("sifting", "selecting", "way"),
    ),
    "requests": (
        *("query", "scoring", "weighing", "ranking", "relaxation", "explanation", "plan"),
    ),
    "matcher": (
        *("checksums", "columns_files", "stock", "updating"),
        *("snapshot", "building", "presentation", "planner", "matcher", "syncing", "batch"),
        "store",
    ),
    "evaluation": ("evaluation", "quality"),
    "doors": ("cli", "web", "client", "__main__"),
}

# Stages do not use each other, but for these, each for its reason. The rooms of other layers may.
BETWEEN_STAGES: dict[tuple[str, str], str] = {
    ("catalogue", "gathering"): "a catalogue is read from sources",
    ("catalogue", "sources"): "a catalogue is called after its sources",
    ("catalogue", "records"): "a catalogue that was built stays on disk",
    ("readers", "sources"): "which files of a folder are read is decided in one place",
    ("gathering", "readers"): "a source may be of any format",
    ("gathering", "sources"): "a source of any kind is made local before it is read",
    ("gathering", "mending"): "what is certainly wrong in a source is mended before it is kept",
    ("gathering", "prose"): "facts that a record leaves open are read out of its text",
    ("gathering", "duplicates"): "an activity that several sources tell of is one",
    ("mending", "readers"): "HTML is turned into text, and findings are told, in one way",
    ("factors", "constraints"): "a price or a time must not be counted in two ways",
    ("calibration", "meaning"): "reference texts are compared as activities are",
    ("calibration", "indexes"): "reference texts are compared by the referee",
    ("meaning", "records"): "sentences of a catalogue that was built stay on disk",
    ("remarks", "meaning"): "what is read for traits and risks is the text that is encoded",
    ("remarks", "aversions"): "what should be avoided is read off activities once for all",
    ("remarks", "safety"): "what could harm is read off activities once for all",
    ("themes", "meaning"): "themes are read off the vectors of a text",
    ("aversions", "phrases"): "both read lists of phrases",
    ("refusals", "phrases"): "both read lists of phrases",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def room_of(path: Path) -> str:
    """The file or folder of ``src/spmatch`` that a file belongs to."""
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def rooms_used(path: Path) -> set[str]:
    """The rooms that a file imports from, its own left out."""
    found = set()
    for node in ast.walk(ast.parse(text_of(path))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("spmatch.")}
    return found - {room_of(path)}


def imports_between_rooms() -> Iterator[tuple[str, str]]:
    for path in FILES:
        if path != SOURCE / "__init__.py":
            for used in sorted(rooms_used(path)):
                yield room_of(path), used


LAYER_OF = {room: place for place, rooms in enumerate(LAYERS.values()) for room in rooms}


# One direction


def those(breaks: Callable[[Path], object]) -> list[str]:
    """The files of the source that break a rule."""
    return [str(path.relative_to(SOURCE)) for path in FILES if breaks(path)]


def test_every_file_has_its_place_in_a_layer() -> None:
    assert those(lambda path: room_of(path) not in {"__init__", *LAYER_OF}) == []


def test_imports_point_one_way() -> None:
    upward = {
        f"{room} imports {used}"
        for room, used in imports_between_rooms()
        if LAYER_OF[used] > LAYER_OF[room]
    }
    assert upward == set()


def test_stages_use_each_other_only_as_listed() -> None:
    stages = LAYERS["stages"]
    found = {pair for pair in imports_between_rooms() if set(pair) <= set(stages)}
    assert found == set(BETWEEN_STAGES)


def test_no_two_rooms_import_each_other() -> None:
    pairs = set(imports_between_rooms())
    assert {pair for pair in pairs if pair[::-1] in pairs} == set()


# Nothing heavy before it is used

HEAVY = (
    "torch",
    "sentence_transformers",
    "faiss",
    "sklearn",
    "scipy",
    "onnxruntime",
    "tokenizers",
    "ray",
    "psycopg",
    "alembic",
    "sqlalchemy",
    "numba",
)
OF_THE_SERVICE = (
    "fastapi",
    "starlette",
    "uvicorn",
    "jinja2",
    "prometheus_client",
    "fpdf",
    "icalendar",
)


def loaded_by(code: str) -> set[str]:
    """The packages that a fresh interpreter holds after some code."""
    show = "import sys; sys.stderr.write(' '.join({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_importing_spmatch_loads_nothing_but_itself() -> None:
    assert not loaded_by("import spmatch") & {*HEAVY, *OF_THE_SERVICE, "numpy", "pydantic", "rich"}


def test_help_loads_nothing_that_it_does_not_need() -> None:
    help_of = """
from spmatch.cli import main
try:
    main(["match", "--help"])
except SystemExit:
    pass
"""
    assert not loaded_by(help_of) & {*HEAVY, *OF_THE_SERVICE, "numpy", "pydantic", "rich"}


def test_a_matcher_loads_no_encoder_and_no_index_package() -> None:
    assert not loaded_by("import spmatch; spmatch.Matcher") & set(HEAVY)


def test_reading_a_catalogue_loads_no_encoder_and_no_index_package(tmp_path: Path) -> None:
    source = tmp_path / "town.jsonl"
    source.write_text('{"id": "a", "title": "Kor"}\n', encoding="utf-8")
    code = f"import spmatch; spmatch.Catalogue.read({str(source)!r}, strict=True)"
    assert not loaded_by(code) & set(HEAVY)


def imported_at_once(path: Path) -> set[str]:
    """The packages that a file imports when it is itself imported."""
    found = set()
    for node in ast.parse(text_of(path)).body:
        if isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return found


def test_heavy_packages_are_imported_only_where_they_are_used() -> None:
    # An evaluation is nothing but numbers, and no match waits for it.
    allowed = {"evaluation": {"scipy"}}
    at_once = those(
        lambda path: imported_at_once(path) & set(HEAVY) - allowed.get(room_of(path), set())
    )
    assert at_once == []


def test_the_web_is_imported_by_the_service_alone() -> None:
    assert (
        those(lambda path: room_of(path) != "web" and imported_at_once(path) & set(OF_THE_SERVICE))
        == []
    )


# Public names


@pytest.mark.parametrize("name", spmatch.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(spmatch, name) is not None


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Recommender'"):
        _ = spmatch.Recommender  # type: ignore[attr-defined]


def test_public_names_are_listed_in_order() -> None:
    assert dir(spmatch) == spmatch.__all__ == sorted(spmatch.__all__)


def test_every_error_is_public() -> None:
    errors = {
        name
        for name, value in vars(spmatch.errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert errors <= set(spmatch.__all__)


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = re.findall(r"^\s*([│├└─ ]*)(\w+Error)\b", spmatch.errors.__doc__ or "", re.MULTILINE)
    above: dict[int, str] = {}
    for branch, name in drawn:
        depth = (len(branch) + 3) // 4
        above[depth] = name
        parent = getattr(spmatch, name).__bases__[0].__name__
        assert parent == (above[depth - 1] if depth else "Exception")
    assert len(drawn) == len([name for name in spmatch.__all__ if name.endswith("Error")])


# Small files with one subject


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    assert those(lambda path: len(text_of(path).splitlines()) > LINES_AT_MOST) == []


def test_every_file_says_what_it_is_for() -> None:
    assert those(lambda path: not ast.get_docstring(ast.parse(text_of(path)))) == []


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "common", "manager", "misc"}
    assert those(lambda path: vague & set(path.relative_to(SOURCE).with_suffix("").parts)) == []


def prints(path: Path) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in ast.walk(ast.parse(text_of(path)))
    )


def test_only_the_command_line_prints() -> None:
    assert those(lambda path: room_of(path) != "cli" and prints(path)) == []


def test_no_pickle_is_read_or_written() -> None:
    unsafe = {"pickle", "joblib", "shelve", "marshal"}
    assert those(lambda path: imported_at_once(path) & unsafe) == []
    assert those(lambda path: "allow_pickle=True" in text_of(path)) == []


def test_every_module_can_be_imported() -> None:
    for path in FILES:
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        if parts[-1] not in ("__main__", "__init__"):
            importlib.import_module(".".join(parts))
