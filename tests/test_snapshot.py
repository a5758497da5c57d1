"""A snapshot on disk: the same answers, nothing damaged or foreign, and no moment without one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from making import HOME, TODAY, make_activity, make_profile, north
from spmatch.config import Config
from spmatch.encoders import save_encoder
from spmatch.encoders.baseline import BaselineEncoder
from spmatch.errors import SnapshotError
from spmatch.geography import Gazetteer
from spmatch.matcher import Matcher
from spmatch.records import Records

ACTIVITIES = [
    make_activity(
        "choir",
        title="Choir for everyone",
        description="We sing together every week. Nobody has to sing well.",
        text_language="en",
        place=north(1.0, town="Aalborg"),
        sessions=[{"day": "mon", "start": "10:00", "end": "12:00", "from": "2026-01-05"}],
        cost={"amount": 40, "currency": "DKK", "per": "session"},
        access={"lift": True, "hearing_loop": False},
    ),
    make_activity(
        "garden",
        title="Havehold",
        description="Vi sår og lugter sammen – og drikker »kirkekaffe«. 🌱",
        text_language="da",
        place=north(3.0),
        cost={"amount": 0, "concessions": []},
    ),
    # Marks that end a line for some, and are just text for others.
    make_activity(
        "marks", title="Line\u2028separator", description="one\u2029two\x85three\x0bfour"
    ),
]
PROFILES = [
    make_profile(origin=HOME),
    make_profile(needs="Wants to sing together with others.", origin=HOME, text_language="en"),
    make_profile(needs="At synge.", avoid="Kaffe.", must={"distance_km": 2}, origin=HOME),
    make_profile(
        must={"cost": {"amount": 0}, "access": ["lift"]}, prefer={"access": ["quiet_space"]}
    ),
]


def answers(matcher: Matcher) -> list[str]:
    return [matcher.match(one, on=TODAY).to_json(timing=False) for one in PROFILES]


def built(*activities: Any, **options: Any) -> Matcher:
    return Matcher.build(activities or ACTIVITIES, encoder="baseline", **options)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return built()


@pytest.fixture(scope="module")
def saved(matcher: Matcher, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("snapshots") / "saved"
    matcher.save(directory)
    return directory


@pytest.fixture
def snapshot(saved: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return shutil.copytree(saved, tmp_path / "snapshot")


def version_of(snapshot: Path) -> Path:
    return snapshot / "versions" / (snapshot / "current").read_text(encoding="utf-8").strip()


def change_manifest(snapshot: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = version_of(snapshot) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


# The same answers


def test_a_loaded_snapshot_gives_the_same_answers_byte_for_byte(
    matcher: Matcher, saved: Path
) -> None:
    assert answers(Matcher.load(saved)) == answers(matcher)


def test_a_loaded_snapshot_holds_the_same_catalogue(matcher: Matcher, saved: Path) -> None:
    loaded = Matcher.load(saved).catalogue
    assert loaded.activities == matcher.catalogue.activities
    assert (loaded.id, loaded.hash) == (matcher.catalogue.id, matcher.catalogue.hash)


def test_a_snapshot_saved_again_gives_the_same_answers(saved: Path, tmp_path: Path) -> None:
    Matcher.load(saved).save(tmp_path / "again")
    assert answers(Matcher.load(tmp_path / "again")) == answers(Matcher.load(saved))


def test_a_loaded_snapshot_holds_no_record_in_memory(saved: Path) -> None:
    assert isinstance(Matcher.load(saved).catalogue.activities, Records)


def test_a_loaded_snapshot_explains_and_plans_as_the_one_that_was_saved(
    matcher: Matcher, saved: Path
) -> None:
    loaded = Matcher.load(saved)
    for one in PROFILES:
        expected, found = (
            [
                made.why("garden", one, on=TODAY).model_dump_json(),
                made.match(one, on=TODAY, plan=True).to_json(timing=False),
            ]
            for made in (matcher, loaded)
        )
        assert found == expected


def test_a_snapshot_of_other_rules_is_read_again(matcher: Matcher, snapshot: Path) -> None:
    file = version_of(snapshot) / "remarks.npy"
    np.save(file, np.zeros_like(np.load(file)))

    def change(manifest: dict[str, Any]) -> None:
        manifest["rules"] = "0" * 64
        manifest["files"].clear()

    change_manifest(snapshot, change)
    assert answers(Matcher.load(snapshot)) == answers(matcher)


def test_addresses_are_placed_again_by_another_gazetteer(tmp_path: Path) -> None:
    away = make_activity("away", title="Kor", place={"postcode": "9000", "town": "Aalborg"})
    built(away).save(tmp_path / "town")
    places = tmp_path / "places.csv"
    places.write_text("kind,code,name,lat,lon,radius_km\npostcode,9000,Aalborg,10,20,3\n")
    moved = Matcher.load(tmp_path / "town", gazetteer=Gazetteer(places))
    there = make_profile(origin={"lat": 10, "lon": 20}, must={"distance_km": 5})
    assert [one.distance_km for one in moved.match(there, on=TODAY).suggestions] == [0.0]


def test_an_empty_catalogue_can_be_kept(matcher: Matcher, tmp_path: Path) -> None:
    encoder = BaselineEncoder.fit(["We sing together."])
    Matcher.build([], encoder=encoder).save(tmp_path / "empty")
    assert len(Matcher.load(tmp_path / "empty").catalogue) == 0


def test_a_weight_may_change_without_a_new_build(saved: Path, matcher: Matcher) -> None:
    config = Config.of({"weights": {"nearness": 0.5}})
    fresh = built(config=config)
    assert answers(Matcher.load(saved, config=config)) == answers(fresh)


def test_no_pickle_is_written(saved: Path) -> None:
    kinds = {file.suffix for file in version_of(saved).rglob("*") if file.is_file()}
    assert kinds == {".json", ".jsonl", ".npy"}


# Taking over


def test_a_new_build_takes_over(snapshot: Path) -> None:
    newer = built(*ACTIVITIES, make_activity("walk", title="Walks", description="We walk."))
    newer.save(snapshot)
    assert answers(Matcher.load(snapshot)) == answers(newer)


def test_the_build_before_is_removed(snapshot: Path, matcher: Matcher) -> None:
    for _ in range(3):
        matcher.save(snapshot)
    assert list((snapshot / "versions").iterdir()) == [version_of(snapshot)]


# Refusals


def test_where_there_is_no_snapshot_the_command_that_makes_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"There is no snapshot .* spmatch build SOURCE --out"):
        Matcher.load(tmp_path / "none")


def test_another_format_is_refused(snapshot: Path) -> None:
    change_manifest(snapshot, lambda manifest: manifest.update(format=99))
    with pytest.raises(SnapshotError, match=r"has format 99.* Build it again"):
        Matcher.load(snapshot)


def test_the_format_before_is_refused_with_the_command_that_builds_it_again(snapshot: Path) -> None:
    change_manifest(snapshot, lambda manifest: manifest.update(format=1))
    with pytest.raises(SnapshotError, match=r"has format 1, .* Build it again with: spmatch build"):
        Matcher.load(snapshot)


def test_parts_of_different_catalogues_are_refused(snapshot: Path) -> None:
    vectors = version_of(snapshot) / "vectors.npy"
    np.save(vectors, np.load(vectors)[:-1])
    change_manifest(snapshot, lambda manifest: manifest["files"].clear())
    with pytest.raises(SnapshotError, match=r"cannot be read\. Build it again"):
        Matcher.load(snapshot)


@pytest.mark.parametrize(
    "changed",
    [{"text": {"sentence_characters_min": 40}}, {"meaning": {"sentence_share": 0.25}}],
    ids=["sentences", "calibration"],
)
def test_other_build_settings_are_refused(
    saved: Path, changed: dict[str, dict[str, float]]
) -> None:
    with pytest.raises(SnapshotError, match=r"other build settings .* Build it again"):
        Matcher.load(saved, config=Config.of(changed))


def test_another_encoder_is_refused(snapshot: Path) -> None:
    other = BaselineEncoder.fit(["Something else altogether.", "And more."])
    save_encoder(other, version_of(snapshot) / "encoder")
    change_manifest(snapshot, lambda manifest: manifest["files"].clear())
    with pytest.raises(
        SnapshotError, match=r"made with encoder baseline .* is here. Build it again"
    ):
        Matcher.load(snapshot)


def test_an_encoder_that_is_not_known_here_is_refused(snapshot: Path) -> None:
    kind = version_of(snapshot) / "encoder" / "kind.json"
    kind.write_text('{"kind": "ComingEncoder"}', encoding="utf-8")
    change_manifest(snapshot, lambda manifest: manifest["files"].clear())
    with pytest.raises(SnapshotError, match="cannot be made again: The encoder kind ComingEncoder"):
        Matcher.load(snapshot)


def test_an_encoder_whose_package_is_missing_is_refused_with_the_line_that_installs_it(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = version_of(snapshot) / "encoder"
    (encoder / "kind.json").write_text('{"kind": "TransformersEncoder"}', encoding="utf-8")
    (encoder / "model.json").write_text('{"model": "some-model"}', encoding="utf-8")
    change_manifest(snapshot, lambda manifest: manifest["files"].clear())
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(SnapshotError, match=r"pip install 'spmatch\[transformers\]'"):
        Matcher.load(snapshot)


FILES = [
    "activities.jsonl",
    "activity_places.npy",
    "sentences.jsonl",
    "sentence_places.npy",
    "sentence_offsets.npy",
    "columns/lat.npy",
    "columns/session_day.npy",
    "columns/names.json",
    "remarks.npy",
    "remarks.json",
    "vectors.npy",
    "sentence_vectors.npy",
    "reference_vectors.npy",
    "reference_sentence_vectors.npy",
    "encoder/kind.json",
    "encoder/words.json",
    "encoder/words_idf.npy",
    "encoder/components.npy",
]


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_refused_by_its_name(snapshot: Path, name: str) -> None:
    file = version_of(snapshot) / name
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(SnapshotError, match=f"{name} in the snapshot is damaged. Build it again"):
        Matcher.load(snapshot)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_short_is_refused(snapshot: Path, name: str) -> None:
    file = version_of(snapshot) / name
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(SnapshotError, match="is damaged"):
        Matcher.load(snapshot)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused_by_its_name(snapshot: Path, name: str) -> None:
    (version_of(snapshot) / name).unlink()
    with pytest.raises(SnapshotError, match=f"{name} is missing from the snapshot. Build it again"):
        Matcher.load(snapshot)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 1}', "null"])
def test_a_manifest_that_cannot_be_read_is_refused(snapshot: Path, content: str) -> None:
    (version_of(snapshot) / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(SnapshotError, match="Build it again"):
        Matcher.load(snapshot)


def test_a_missing_version_is_refused(snapshot: Path) -> None:
    (snapshot / "current").write_text("elsewhere\n", encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"manifest .* cannot be read"):
        Matcher.load(snapshot)


def test_where_nothing_can_be_written_the_error_says_so(matcher: Matcher, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SnapshotError, match="cannot be written"):
        matcher.save(tmp_path / "file" / "snapshot")


# Killed, and read while it changes

SCENE = """
import json, os, shutil, signal, sys
from datetime import date
from pathlib import Path
from spmatch import Activity, Matcher, Profile, SnapshotError

ROOT = Path(sys.argv[1])
ACTIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir",
           "shutil.rmtree"}

def build(*titles):
    some = [Activity(id=t, title=t, description=f"We {t} together every week.") for t in titles]
    return Matcher.build(some, encoder="baseline")

OLD, NEW = build("sing", "sew"), build("sing", "dance", "walk")

def answer(matcher):
    return matcher.match(Profile(), on=date(2026, 11, 23)).to_json(timing=False)

NAMES = {answer(OLD): "old", answer(NEW): "new"}

def answering(directory):
    try:
        return NAMES[answer(Matcher.load(directory))]
    except SnapshotError as error:
        return "none" if "There is no snapshot" in str(error) else str(error)
"""

KILLING = """
def killed_before(action, directory):
    child = os.fork()
    if child == 0:
        seen = 0
        def count(event, arguments):
            nonlocal seen
            if event in ACTIONS:
                seen += 1
                if seen == action:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(count)
        try:
            NEW.save(directory)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)

OLD.save(ROOT / "old")
action = 0
killed = True
while killed:
    action += 1
    over, first = ROOT / f"over-{action}", ROOT / f"first-{action}"
    shutil.copytree(ROOT / "old", over)
    killed = killed_before(action, over)
    found = {"over": answering(over)}
    # The rest is slower, and says as much of every fourth action.
    if action % 4 == 0 or not killed:
        killed_before(action, first)
        NEW.save(over)
        versions = len(os.listdir(over / "versions"))
        found |= {"first": answering(first), "after": answering(over), "versions": versions}
    print(json.dumps(found))
"""

SWAPPING = """
print("ready", flush=True)
for _ in range(6):
    NEW.save(ROOT / "swapped")
    OLD.save(ROOT / "swapped")
"""

TOGETHER = """
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        failed = 1
        try:
            for _ in range(4):
                (NEW if number % 2 else OLD).save(ROOT / "together")
                assert answering(ROOT / "together") in ("old", "new")
            failed = 0
        finally:
            os._exit(failed)
    children.append(child)
failed = [status for child in children for status in [os.waitpid(child, 0)[1]] if status]
versions = os.listdir(ROOT / "together" / "versions")
print(json.dumps([failed, answering(ROOT / "together"), len(versions)]))
"""


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Both scenes, played in one process of their own; each line that it prints is JSON."""
    root = tmp_path_factory.mktemp("scenes")
    command = [sys.executable, "-c", SCENE + KILLING + TOGETHER, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def killings(scenes: list[Any]) -> list[dict[str, Any]]:
    """What answers after a build was killed before its first, second … action on the disk."""
    return scenes[:-1]


def test_a_build_killed_at_any_moment_leaves_a_whole_snapshot(
    killings: list[dict[str, Any]],
) -> None:
    assert {found["over"] for found in killings} == {"old", "new"}


def test_the_old_snapshot_answers_up_to_one_moment_and_the_new_one_from_then_on(
    killings: list[dict[str, Any]],
) -> None:
    seen = [found["over"] for found in killings]
    assert seen == sorted(seen, key=["old", "new"].index)


def test_most_moments_of_a_build_come_before_it_takes_over(killings: list[dict[str, Any]]) -> None:
    assert sum(found["over"] == "old" for found in killings) > 20


def test_a_first_build_that_is_killed_leaves_none_or_a_whole_one(
    killings: list[dict[str, Any]],
) -> None:
    assert {found["first"] for found in killings if "first" in found} == {"none", "new"}


def test_what_a_killed_build_left_is_removed_by_the_next(killings: list[dict[str, Any]]) -> None:
    left = {(found["after"], found["versions"]) for found in killings if "after" in found}
    assert left == {("new", 1)}


def test_the_command_killed_while_it_writes_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    snapshot, source = tmp_path / "snapshot", tmp_path / "town.jsonl"
    old = built()
    old.save(snapshot)
    records = [
        make_activity(f"{i:04d}", title=f"Kor {i}", description="Vi synger hver mandag.")
        for i in range(400)
    ]
    lines = [one.model_dump_json(exclude_none=True) for one in records]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "spmatch", "build", str(source), "--out", str(snapshot)]
    building = subprocess.Popen(
        [*command, "--encoder", "baseline"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while building.poll() is None and not list(snapshot.glob("versions/*.unfinished/encoder")):
        time.sleep(0.0005)
    building.kill()
    building.wait()
    loaded = Matcher.load(snapshot)
    assert len(loaded.catalogue) in (len(ACTIVITIES), 400)


def test_readers_never_fail_while_builds_take_over(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCENE + SWAPPING, str(tmp_path)]
    snapshot = tmp_path / "swapped"
    built().save(snapshot)
    sizes = set()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as swapping:
        assert swapping.stdout is not None
        swapping.stdout.readline()
        while swapping.poll() is None:
            sizes.add(len(Matcher.load(snapshot).catalogue))
    assert swapping.returncode == 0
    assert sizes >= {2, 3}


def test_builds_at_the_same_time_leave_one_whole_snapshot(scenes: list[Any]) -> None:
    failed, found, versions = scenes[-1]
    assert failed == []
    assert found in ("old", "new")
    assert versions == 1
