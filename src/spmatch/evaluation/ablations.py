"""One thing changed at a time: what each part of the score is worth, and how much its weight matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmatch.batch.part import Manner
from spmatch.config import Config, Weights
from spmatch.contracts import Progress
from spmatch.evaluation.baselines import change_config
from spmatch.evaluation.comparison import Sampling, Scores, paired
from spmatch.evaluation.judgement import Truth
from spmatch.evaluation.measures import measure
from spmatch.evaluation.results import Ablation, AblationKind
from spmatch.evaluation.runs import Run, make_run
from spmatch.evaluation.snapshots import remembering
from spmatch.evaluation.statistics import summarise
from spmatch.evaluation.systems import MatcherSystem, Task, ranked_list
from spmatch.matcher import Matcher, UnknownRule
from spmatch.profile import Profile
from spmatch.snapshot import Snapshot
from spmatch.suggestion import Response

DEPTH = 10
"""Of the lists: enough for every measure of the first ten."""
ABLATED = ("nDCG@10", "P@5", "suitable3@5", "unknown@5", "providers@5")
FACTORS = (0.5, 1.5)

_OFF: dict[str, dict[str, dict[str, float]]] = {
    "without avoid": {"meaning": {"avoid_weight": 0.0}},
    "without the penalty of a long way": {"nearness": {"far_weight": 0.0}},
    "without the penalty of facts not stated": {
        "penalties": {"must_not_stated": 0.0, "implied_not_stated": 0.0}
    },
    "without preferences": {"penalties": {"prefer_broken": 0.0, "prefer_not_stated": 0.0}},
    "without what could harm": {"penalties": {"could_harm": 0.0}},
    "without standing back for open needs": {"variety": {"same_need": 0.0}},
    "without variety": {
        "variety": {"same_provider": 0.0, "same_theme": 0.0, "same_text": 0.0, "same_need": 0.0}
    },
    "half of meaning by best sentences": {"meaning": {"sentence_share": 0.5}},
    "without the floor of meaning": {"confidence": {"floor": 0.0}},
}


SweepEngine = Callable[[Mapping[str, Profile], Sequence[Manner]], Iterator[dict[str, Response]]]
"""``batch.sweep`` over some snapshot and engine."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The system with one thing changed."""

    name: str
    kind: AblationKind
    config: Config
    unknown: UnknownRule = "keep"
    encoder: str | None = None
    """The one swapped in; ``None`` keeps the system's own."""


def variants_of(config: Config, encoders: tuple[str, ...] = ()) -> Iterator[Variant]:
    """Each factor off, each weight halved and raised by half, unknown excluded, each encoder."""
    for name in Weights.model_fields:
        off = change_config(config, {"weights": {name: 0.0}})
        yield Variant(f"without {name}", "factor_off", off)
    for name, changes in _OFF.items():
        yield Variant(name, "factor_off", change_config(config, changes))
    for name in Weights.model_fields:
        for times in FACTORS:
            changed = {"weights": {name: getattr(config.weights, name) * times}}
            yield Variant(f"{name} ×{times:g}", "weight", change_config(config, changed))
    yield Variant("unknown excluded", "unknown", config, unknown="exclude")
    for encoder in encoders:
        yield Variant(f"encoder {encoder}", "encoder", config, encoder=encoder)


def _manner(variant: Variant, task: Task) -> Manner:
    return Manner(config=variant.config, on=task.on, k=DEPTH, unknown=variant.unknown)


def ablate(
    scores: Scores,
    snapshot: Snapshot,
    config: Config,
    swapped: Mapping[str, Snapshot],
    truth: Truth,
    task: Task,
    sampling: Sampling,
    progress: Progress | None = None,
    engine: SweepEngine | None = None,
) -> tuple[Ablation, ...]:
    """Run every variant of the system whose ``scores`` are given, and say how each measure moves.

    ``swapped`` holds the catalogue as other encoders see it, by their names. With ``engine`` the
    variants that keep the encoder and how texts are compared are answered by it, and not here.
    """
    shared = remembering(snapshot)
    profiles = {i: task.profiles[i] for i in truth.grades}
    variants = list(variants_of(config, tuple(swapped)))
    # A snapshot is read again only with the settings that it was built with.
    elsewhere = [
        variant
        for variant in variants
        if engine and variant.encoder is None and variant.config.build_hash == config.build_hash
    ]
    swept = iter(engine(profiles, [_manner(one, task) for one in elsewhere]) if engine else ())
    found = []
    for done, variant in enumerate(variants, start=1):
        used = remembering(swapped[variant.encoder]) if variant.encoder else shared
        if variant in elsewhere:
            lists = {i: ranked_list(one) for i, one in next(swept).items()}
            run = Run(variant.name, variant.name, "", "config", lists)
        else:
            system = MatcherSystem(
                variant.name,
                variant.name,
                "",
                "config",
                Matcher(used, variant.config),
                task.on,
                variant.unknown,
            )
            run = make_run(system, profiles, DEPTH)
        changed = measure(run, truth, task)
        found.append(
            Ablation(
                name=variant.name,
                kind=variant.kind,
                config_hash=variant.config.hash,
                encoder=used.encoder.identity.name,
                measures={
                    name: summarise(
                        list(changed[name].values()),
                        level=sampling.level,
                        resamples=sampling.resamples,
                        seed=sampling.seed,
                    )
                    for name in ABLATED
                },
                differences={
                    name: summarise(
                        paired(changed[name], scores[name]),
                        level=sampling.level,
                        resamples=sampling.resamples,
                        seed=sampling.seed,
                    )
                    for name in ABLATED
                },
            )
        )
        if progress:
            progress("ablations", done, len(variants))
    return tuple(found)
