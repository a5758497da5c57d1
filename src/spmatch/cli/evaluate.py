"""``spmatch evaluate``: gathers what is to be measured, and writes the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.cli import ANSWERED
from spmatch.cli.progress import progress_bar
from spmatch.config import Config
from spmatch.contracts import Encoder, Progress
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.errors import InputError, MissingExtraError
from spmatch.evaluation.baselines import (
    SEED,
    build_baselines,
    minilm_encoder,
    minilm_folder,
)
from spmatch.evaluation.collection import Collection, load_collection
from spmatch.evaluation.results import Ablation, Results
from spmatch.evaluation.runs import CANDIDATES, Run, make_run, read_run, write_run
from spmatch.evaluation.snapshots import remembering
from spmatch.evaluation.stored_runs import RunsMadeFrom, load_runs, store_runs
from spmatch.evaluation.systems import MatcherSystem, Task
from spmatch.geography import shipped_gazetteer
from spmatch.matcher import Matcher
from spmatch.material import material
from spmatch.snapshot import Snapshot, load_snapshot

if TYPE_CHECKING:
    from spmatch.evaluation.ablations import SweepEngine


def run_evaluation(arguments: argparse.Namespace) -> int:
    """Write a report of a collection, or the estimates of a log; returns the exit code."""
    out = Path(arguments.out)
    if arguments.log:
        from spmatch.evaluation.off_policy import evaluate_log

        evaluate_log(Path(arguments.log), out)
        print(f"Estimates in {out}.", file=sys.stderr)
        return ANSWERED
    with progress_bar() as progress:
        results, runs = _evaluate(arguments, progress)
    _write(results, runs, out)
    for one in results.headline[:1]:
        worst = f"; worst slice {one.worst.dimension} {one.worst.group}" if one.worst else ""
        mean = "undefined" if one.value.mean is None else f"{one.value.mean:.3f}"
        low = f" {one.worst.mean:.3f}" if one.worst else ""
        print(f"{one.system}: {one.measure} {mean}{worst}{low}. Report in {out}.")
    return ANSWERED


def _evaluate(
    arguments: argparse.Namespace, progress: Progress | None
) -> tuple[Results, Sequence[Run]]:
    from spmatch.evaluation.evaluate import (
        DEFAULT_SAMPLING,
        Measured,
        Origin,
        evaluate,
        measure_run,
    )
    from spmatch.evaluation.judgement import join_limits

    config = Config.default()
    plain = _snapshot(arguments, config, progress)
    snapshot = remembering(plain)
    catalogue = snapshot.catalogue
    ids = {activity.id for activity in catalogue}
    whole = load_collection(arguments.collection, activity_ids=ids, gazetteer=shipped_gazetteer())
    collection = whole.of_split(arguments.split)
    if not collection.profiles:
        raise InputError(f"The collection has no profile in the split {arguments.split!r}.")
    on = arguments.on or whole.on or date.today()
    # Runs that are to be kept cover every profile, whatever split is measured now.
    asked = whole if arguments.baselines else collection
    task = Task(catalogue, asked.profiles, on, config=config)
    truth = join_limits(collection, task)
    encoder = snapshot.encoder.identity.name

    measured: list[Measured] = []
    names = {"default"}

    def given(paths: Sequence[str] | None) -> None:
        for path in map(Path, paths or ()):
            run = read_run(path, profile_ids=whole.profiles, activity_ids=ids)
            run = Run(_unique(run.name, names), run.title, run.description, run.kind, run.lists)
            measured.append(measure_run(run, truth, task))

    given(arguments.run)
    for path in map(Path, arguments.config or ()):
        tried = Config.load(path)
        system = MatcherSystem(
            _unique(path.stem, names),
            path.stem,
            f"The settings of {path.name}.",
            "config",
            Matcher(_fitting(snapshot, config, tried, progress), tried),
            on,
        )
        run = make_run(system, collection.profiles, progress=progress)
        measured.append(measure_run(run, truth, task, config_hash=tried.hash, encoder=encoder))
    default = make_run(
        MatcherSystem(
            "default",
            "spmatch, default settings",
            "What spmatch answers with the settings it comes with.",
            "default",
            Matcher(snapshot, config),
            on,
        ),
        task.profiles,
        progress=progress,
    )
    of_default = measure_run(default, truth, task, config_hash=config.hash, encoder=encoder)
    measured.append(of_default)
    given(arguments.beside)
    baselines, notes = _baselines(arguments, task, whole, snapshot, config, default, progress)
    for run in baselines:
        named = Run(_unique(run.name, names), run.title, run.description, run.kind, run.lists)
        measured.append(measure_run(named, truth, task))

    ablations: tuple[Ablation, ...] = ()
    if arguments.ablations:
        from spmatch.evaluation.ablations import ablate

        ablations = ablate(
            of_default.scores,
            snapshot,
            config,
            _swapped(arguments, snapshot, config, progress),
            truth,
            task,
            DEFAULT_SAMPLING,
            progress,
            _engine(arguments, plain, config),
        )
    results = evaluate(
        measured,
        collection,
        truth,
        task,
        Origin(
            config_hash=measured[0].config_hash or config.hash,
            encoder=encoder,
            split=arguments.split,
            computed=date.today(),
            command=_command_line(arguments),
            notes=tuple(notes),
        ),
        ablations=ablations,
    )
    return results, [one.run for one in measured]


def _engine(
    arguments: argparse.Namespace, snapshot: Snapshot, config: Config
) -> SweepEngine | None:
    """What answers the variants of an ablation; ``None`` for this process."""
    if arguments.engine == "local" and arguments.processes is None:
        return None
    from spmatch.batch import sweep

    return partial(
        sweep,
        arguments.snapshot or Matcher(snapshot, config),
        engine=arguments.engine,
        processes=arguments.processes,
        address=arguments.address,
    )


def _snapshot(arguments: argparse.Namespace, config: Config, progress: Progress | None) -> Snapshot:
    if arguments.snapshot:
        if arguments.encoder:
            raise InputError("--encoder goes with --catalogue: a snapshot holds its own encoder.")
        return load_snapshot(Path(arguments.snapshot), config)
    sources = arguments.catalogue or [material("catalogue", "denmark")]
    catalogue = Catalogue.read(*sources, progress=progress)
    return build_snapshot(
        catalogue, arguments.encoder or DEFAULT_ENCODER, config, progress=progress
    )


def _fitting(
    snapshot: Snapshot, config: Config, tried: Config, progress: Progress | None
) -> Snapshot:
    """The snapshot itself, or one built again where the tried settings cut texts in another way."""
    if tried.build_hash == config.build_hash:
        return snapshot
    return build_snapshot(snapshot.catalogue, snapshot.encoder, tried, progress=progress)


def _baselines(
    arguments: argparse.Namespace,
    task: Task,
    whole: Collection,
    snapshot: Snapshot,
    config: Config,
    default: Run,
    progress: Progress | None,
) -> tuple[Sequence[Run], list[str]]:
    """The runs of the baselines, read or made, and what a reader must know of them."""
    directory = Path(arguments.baselines) if arguments.baselines else None
    made_from = RunsMadeFrom(
        catalogue_hash=task.catalogue.hash,
        profiles_hash=whole.profiles_hash,
        config_hash=config.hash,
        on=task.on.isoformat(),
        seed=SEED,
        candidates=CANDIDATES,
    )
    if directory and (stored := load_runs(directory, made_from)):
        return stored, []
    minilm: Encoder | None = None
    notes = []
    try:
        minilm = minilm_encoder(Path(arguments.minilm) if arguments.minilm else None)
    except MissingExtraError:
        if directory:
            # Runs that are kept must be whole.
            raise
        notes.append("The baseline all-MiniLM-L6-v2 is absent: it is not installed here.")
    runs = [
        make_run(system, task.profiles, progress=progress)
        for system in build_baselines(task, snapshot, config, minilm=minilm, progress=progress)
    ]
    if directory:
        store_runs(directory, [default, *runs], made_from)
    return runs, notes


def _swapped(
    arguments: argparse.Namespace, snapshot: Snapshot, config: Config, progress: Progress | None
) -> dict[str, Snapshot]:
    """The catalogue as other encoders see it, by the names they are shown with."""
    wanted: dict[str, str] = {}
    if arguments.swap:
        wanted = {Path(name).name: name for name in arguments.swap}
    else:
        minilm = arguments.minilm or minilm_folder()
        wanted = {DEFAULT_ENCODER: DEFAULT_ENCODER, "baseline": "baseline"}
        if minilm:
            wanted["all-MiniLM-L6-v2"] = str(minilm)
    return {
        name: build_snapshot(snapshot.catalogue, encoder, config, progress=progress)
        for name, encoder in wanted.items()
        if name != snapshot.encoder.identity.name
    }


def _write(results: Results, runs: Sequence[Run], out: Path) -> None:
    from spmatch.evaluation.exports import write_tables
    from spmatch.evaluation.report import write_report
    from spmatch.evaluation.summary import write_summary

    (out / "runs").mkdir(parents=True, exist_ok=True)
    for run in runs:
        write_run(run, out / "runs" / f"{run.name}.run")
    write_tables(results, out)
    write_report(results, out / "report.html")
    write_summary(results, out / "summary.md")


def _unique(name: str, taken: set[str]) -> str:
    """The name, fit for a file and a run, with a number behind it where it is taken already."""
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).lstrip(".") or "run"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    taken.add(found)
    return found


def _command_line(arguments: argparse.Namespace) -> str:
    """What was asked, with the names of files and no folders: they differ from machine to machine."""
    words = ["spmatch evaluate"]
    for option in ("collection", "run", "config", "snapshot", "catalogue", "split", "encoder"):
        value = getattr(arguments, option)
        if value:
            many = value if isinstance(value, list) else [value]
            words.append(f"--{option} {' '.join(Path(one).name for one in many)}")
    if arguments.ablations:
        words.append("--ablations")
    return " ".join(words)
