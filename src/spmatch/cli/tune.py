"""``spmatch tune``: gathers what weights are learned from, and writes down what was learned."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from spmatch.building import build_snapshot
from spmatch.catalogue import Catalogue
from spmatch.cli import ANSWERED
from spmatch.cli.progress import progress_bar
from spmatch.config import Config
from spmatch.contracts import Progress
from spmatch.encoders import DEFAULT_ENCODER
from spmatch.errors import InputError
from spmatch.evaluation.collection import load_collection
from spmatch.evaluation.judgement import join_limits
from spmatch.evaluation.results import Value
from spmatch.evaluation.snapshots import remembering
from spmatch.evaluation.statistics import LEVEL
from spmatch.evaluation.systems import Task
from spmatch.evaluation.tuning import Plan, tune
from spmatch.evaluation.tuning_features import as_matched, read_examples, with_weights
from spmatch.evaluation.tuning_report import HeldOut, Tuning, settings_file
from spmatch.geography import shipped_gazetteer
from spmatch.material import material
from spmatch.snapshot import Snapshot, load_snapshot


def run_tuning(arguments: argparse.Namespace) -> int:
    """Print the weights in use and the fitted ones, and write what was asked; returns the exit code."""
    config = Config.load(arguments.config) if arguments.config else Config.default()
    plan = Plan(seed=arguments.seed, least=arguments.least)
    with progress_bar() as progress:
        tuning, tuned = _tune(arguments, config, plan, progress)
    _print(tuning)
    if arguments.out:
        Path(arguments.out).write_text(settings_file(tuned, _head(tuning)), encoding="utf-8")
        print(f"Settings in {arguments.out}.", file=sys.stderr)
    if arguments.report:
        Path(arguments.report).write_text(tuning.model_dump_json(indent=2) + "\n", encoding="utf-8")
        print(f"Report in {arguments.report}.", file=sys.stderr)
    return ANSWERED


def _tune(
    arguments: argparse.Namespace, config: Config, plan: Plan, progress: Progress | None
) -> tuple[Tuning, Config]:
    snapshot = remembering(_snapshot(arguments, config, progress))
    ids = {activity.id for activity in snapshot.catalogue}
    whole = load_collection(arguments.collection, activity_ids=ids, gazetteer=shipped_gazetteer())
    collection = whole.of_split(arguments.split)
    if not collection.profiles:
        raise InputError(
            f"The collection has no profile in the split {arguments.split!r}. "
            "State it in groups.jsonl: weights are learned on development, and reported on test."
        )
    on = arguments.on or whole.on or date.today()
    task = Task(snapshot.catalogue, collection.profiles, on, config=config)
    truth = join_limits(collection, task)
    examples = read_examples(snapshot, collection, truth, on, config, progress)
    found = tune(
        examples,
        config.weights,
        plan,
        measured=as_matched(snapshot, collection, truth, on, config),
        progress=progress,
    )
    tuned = with_weights(config, found.weights) if found.adopted else config
    return (
        Tuning(
            collection=whole.name,
            split=arguments.split,
            profiles=len(examples),
            catalogue_hash=snapshot.catalogue.hash,
            encoder=snapshot.encoder.identity.name,
            on=on.isoformat(),
            seed=plan.seed,
            folds=plan.folds,
            repeats=plan.repeats,
            resamples=plan.resamples,
            level=LEVEL,
            least=plan.least,
            adopted=found.adopted,
            recipe=found.choice.recipe,
            searched=found.searched,
            search_gain=found.search_gain,
            weights=found.fitted,
            tried=found.choice.tried,
            held_out=found.held_out,
            by_language=dict(found.by_language),
            kept=found.kept,
            by_profile=dict(found.by_profile),
            config_hash=config.hash,
            tuned_hash=tuned.hash,
        ),
        tuned,
    )


def _snapshot(arguments: argparse.Namespace, config: Config, progress: Progress | None) -> Snapshot:
    if arguments.snapshot:
        return load_snapshot(Path(arguments.snapshot), config, threads=arguments.threads)
    sources = arguments.catalogue or [material("catalogue", "denmark")]
    return build_snapshot(
        Catalogue.read(*sources, progress=progress),
        arguments.encoder or DEFAULT_ENCODER,
        config,
        threads=arguments.threads,
        progress=progress,
    )


def _print(tuning: Tuning) -> None:
    wide = max(len(one.name) for one in tuning.weights)
    print(f"{'share':<{wide}}  in use  fitted  {tuning.level:.0%} interval")
    for one in tuning.weights:
        interval = f"{one.interval.low:.3f} to {one.interval.high:.3f}" if one.interval else ""
        print(f"{one.name:<{wide}}  {one.in_use:6.3f}  {one.fitted:6.3f}  {interval}".rstrip())
    for language, part in tuning.by_language.items():
        print(f"{language}: {_figures(part)}")
    said = "adopted" if tuning.adopted else "not adopted: nothing is clearly better, weights stay"
    print(f"All: {_figures(tuning.held_out)}. Fitted weights {said}.")


def _figures(part: HeldOut) -> str:
    return (
        f"nDCG@10 of {part.difference.profiles} held-out profiles {_mean(part.in_use)} → "
        f"{_mean(part.tuned)}, difference {_signed(part.difference)}"
    )


def _mean(value: Value) -> str:
    return "undefined" if value.mean is None else f"{value.mean:.3f}"


def _signed(value: Value) -> str:
    if value.mean is None or value.interval is None:
        return "undefined"
    return f"{value.mean:+.3f} ({value.interval.low:+.3f} to {value.interval.high:+.3f})"


def _head(tuning: Tuning) -> str:
    """What the comment of the settings file says of where its weights come from."""
    outcome = "Weights fitted" if tuning.adopted else "The weights in use: nothing better was found"
    return (
        f"{outcome} by spmatch tune on {tuning.profiles} profiles of {tuning.collection},\n"
        f"split {tuning.split}, seed {tuning.seed}. {_figures(tuning.held_out)}."
    )
