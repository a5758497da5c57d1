"""Runs of the baselines kept on disk, with what they were made from.

A stored run stands in for making it again only where everything that it depends on is the same: the
catalogue, the profiles, the day, the settings and the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from spmatch.errors import InputError
from spmatch.evaluation.runs import Run, read_run, write_run
from spmatch.words import Record

MANIFEST = "manifest.json"


class RunsMadeFrom(Record):
    """What runs depend on."""

    catalogue_hash: str
    profiles_hash: str
    config_hash: str
    on: str
    seed: int
    candidates: int


class _StoredRun(Record):
    name: str
    title: str
    description: str


class _Manifest(Record):
    made_from: RunsMadeFrom
    runs: tuple[_StoredRun, ...]


def load_runs(directory: Path, made_from: RunsMadeFrom) -> tuple[Run, ...] | None:
    """The stored runs, or ``None`` when there are none or they were made from something else."""
    try:
        text = (directory / MANIFEST).read_text(encoding="utf-8")
        manifest = _Manifest.model_validate_json(text)
    except (OSError, UnicodeDecodeError, ValidationError):
        return None
    if manifest.made_from != made_from:
        return None
    runs = []
    for stored in manifest.runs:
        try:
            run = read_run(directory / f"{stored.name}.run", kind="baseline")
        except InputError:
            return None
        runs.append(Run(stored.name, stored.title, stored.description, "baseline", run.lists))
    return tuple(runs)


def store_runs(directory: Path, runs: Sequence[Run], made_from: RunsMadeFrom) -> None:
    """Write one ``NAME.run`` each, and the manifest last."""
    directory.mkdir(parents=True, exist_ok=True)
    for run in runs:
        write_run(run, directory / f"{run.name}.run")
    manifest = _Manifest(
        made_from=made_from,
        runs=tuple(
            _StoredRun(name=run.name, title=run.title, description=run.description)
            for run in runs
            if run.kind == "baseline"
        ),
    )
    (directory / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
