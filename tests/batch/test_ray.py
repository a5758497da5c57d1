"""Two nodes of a Ray cluster: the same answers as here, also when one is killed; nothing personal on disk."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from crews import MANNER, SECRET, asked_of, people, told, town_snapshot

from spmatch.batch import Answer, BatchError, match_all
from spmatch.batch.answering import Answerer
from spmatch.batch.cluster import RayCrew
from spmatch.batch.part import Source
from spmatch.batch.streaming import stream
from spmatch.errors import MissingExtraError

if importlib.util.find_spec("ray") is None:
    pytest.skip("ray is not installed", allow_module_level=True)

# What Ray itself leaves open or warns of is for Ray to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
]

COUNT = 60


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town_snapshot(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def here(snapshot: Path) -> list[Answer]:
    """What this process answers."""
    answerer = Answerer(Source(str(snapshot)), [MANNER])
    return answerer.answer(list(asked_of(people(COUNT))))


@dataclass
class Seen:
    """What came of a batch over two nodes, of which one was killed midway."""

    answers: list[Answer]
    workers: int
    """How many there have been."""
    copies: int
    """Of the snapshot, which was sent to both nodes; they are on one machine."""
    files: list[str]
    """Names of what was written below the folders of Ray and of temporary files."""
    telling: list[str]
    """Those that hold what people wrote."""


@pytest.fixture(scope="module")
def seen(snapshot: Path) -> Seen:
    from ray.cluster_utils import Cluster

    # The paths of Ray's sockets must be short.
    folder = Path(tempfile.mkdtemp(prefix="spm", dir="/tmp"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("TMPDIR", str(folder))
        of_head = {"temp_dir": str(folder / "ray"), "include_dashboard": False, "num_cpus": 1}
        cluster: Any = Cluster(initialize_head=True, head_node_args=of_head)
        try:
            other = cluster.add_node(num_cpus=1)
            answers, workers = over(
                str(cluster.address),
                snapshot,
                lambda: lose_power(cluster, other),
            )
            files = [path for path in folder.rglob("*") if path.is_file()]
            return Seen(
                answers,
                workers,
                len([one for one in folder.glob("spmatch-snapshots-*/*") if one.is_dir()]),
                [path.name for path in files],
                [path.name for path in files if SECRET.encode() in path.read_bytes()],
            )
        finally:
            cluster.shutdown()
            shutil.rmtree(folder, ignore_errors=True)


def lose_power(cluster: Any, node: Any) -> None:
    """All processes of a node end at once: workers that outlive it for a while would go on answering."""
    import psutil

    family: list[psutil.Process] = []
    for started in node.all_processes.values():
        for one in started:
            first = psutil.Process(one.process.pid)
            family += [first, *first.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    cluster.remove_node(node, allow_graceful=False)


def over(address: str, snapshot: Path, kill: Callable[[], None]) -> tuple[list[Answer], int]:
    """The answers over two nodes, and how many workers there have been."""
    crew = RayCrew(Source(str(snapshot)), [MANNER], 2, address=address, way="sent")
    while not all(worker.is_ready for worker in crew._workers):
        crew.wait()
    workers = set(crew._workers)
    answers: list[Answer] = []
    for one in stream(crew, asked_of(people(COUNT)), part=2, window=12):
        answers.append(one)
        workers.update(crew._workers)
        if len(answers) == COUNT // 3:
            kill()
    return answers, len(workers)


def test_nodes_answer_what_this_process_answers_also_when_one_is_killed(
    seen: Seen, here: list[Answer]
) -> None:
    assert told(seen.answers) == told(here)


def test_another_worker_is_asked_for_in_place_of_a_lost_one(seen: Seen) -> None:
    assert seen.workers == 3


def test_a_machine_keeps_one_copy_of_what_was_sent(seen: Seen) -> None:
    assert seen.copies == 1


def test_nothing_that_people_wrote_is_in_any_file(seen: Seen) -> None:
    assert "gcs_server.out" in seen.files
    assert seen.telling == []


def test_a_cluster_that_was_made_for_a_batch_leaves_nothing(
    snapshot: Path, here: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    made: list[str] = []
    make = tempfile.mkdtemp

    def noted(*given: Any, **options: Any) -> str:
        made.append(make(*given, **options))
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", noted)
    found = list(
        match_all(snapshot, people(9), on=MANNER.on, engine="ray", processes=1),
    )
    assert [one[2] for one in told(found)][4:] == [one[2] for one in told(here)][4:9]
    assert (ray.is_initialized(), [Path(one).exists() for one in made]) == (False, [False])


def test_without_a_cluster_to_join_the_remedy_is_named(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    def nobody(**_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(ray, "init", nobody)
    with pytest.raises(BatchError, match="ray start --head --disable-usage-stats"):
        next(match_all(snapshot, people(1), engine="ray", address="auto"))


def test_without_ray_the_extra_is_named(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"spmatch\[ray\]"):
        match_all(snapshot, [], engine="ray")
