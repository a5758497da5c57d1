"""A small whole evaluation, with numbers that have many digits, for tests of what is written."""

from __future__ import annotations

from spmatch.evaluation.results import (
    Ablation,
    Change,
    CollectionSummary,
    Comparison,
    ConfidenceLevel,
    ExposureGroup,
    Headline,
    Interval,
    MeasureInfo,
    Placed,
    Provenance,
    Results,
    Slice,
    SystemResult,
    Value,
    WithheldSlice,
)

HOSTILE = '<script src="https://evil.example/x.js">alert(1)</script> & | "quoted" </title>'

MEASURES = (
    MeasureInfo(
        name="nDCG@10",
        title="Normalised gain",
        formula="DCG / ideal DCG",
        source="Järvelin & Kekäläinen 2002",
        higher_is_better=True,
        headline=True,
    ),
    MeasureInfo(
        name="Providers@5",
        title="Providers in the first five",
        formula="number of providers",
        source="own",
        higher_is_better=None,
        headline=True,
        in_units="count",
    ),
    MeasureInfo(
        name="Unknown@5",
        title="Unknown limits",
        formula="share",
        source="own",
        higher_is_better=False,
    ),
)


def value(mean: float, profiles: int = 60) -> Value:
    """A value with an interval of 0.05 to each side."""
    interval = Interval(low=mean - 0.0512345, high=mean + 0.0498765)
    return Value(mean=mean, interval=interval, profiles=profiles)


def system(name: str, title: str, gain: float) -> SystemResult:
    return SystemResult(
        name=name,
        title=title,
        description=f"What {title} is.",
        kind="default" if name == "default" else "baseline",
        config_hash="c" * 64 if name == "default" else None,
        measures={
            "nDCG@10": value(gain),
            "Providers@5": value(3.4567891),
            "Unknown@5": Value(mean=None, interval=None, profiles=0),
        },
        by_profile={"nDCG@10": {"p001": gain, "p002": None}},
        catalogue_coverage=0.2345678,
    )


def make_results(title: str = "The default", **changes: object) -> Results:
    """A whole evaluation of two systems; ``title`` is that of the first."""
    worst = Slice(
        system="default",
        dimension="age_band",
        group="75+",
        measure="nDCG@10",
        profiles=12,
        mean=0.4123456,
        interval=Interval(low=0.3012345, high=0.5298765),
        rest=0.6412345,
    )
    default = system("default", title, 0.6123456).model_copy(
        update={
            "calibration": (
                ConfidenceLevel(
                    confidence="good",
                    profiles=40,
                    suitable_in_top_five=value(0.7654321, 40),
                    three_suitable=value(0.8234567, 40),
                    any_suitable_exists=value(0.9123456, 40),
                ),
            ),
            "exposure": (
                ExposureGroup(
                    dimension="provider_size",
                    group="one activity",
                    activities=120,
                    feasible_share=0.2312345,
                    suitable_share=0.2098765,
                    exposure_share=0.1876543,
                    ratio=0.8941176,
                ),
            ),
        }
    )
    whole = Results(
        provenance=Provenance(
            catalogue_id="denmark",
            catalogue_hash="a" * 64,
            activities=514,
            config_hash="c" * 64,
            encoder="bilingual 1",
            on="2026-11-23",
            computed="2026-11-24",
            seed=7,
            resamples=2_000,
            level=0.95,
            slice_min=10,
            versions={"spmatch": "0.1.0", "ir-measures": "0.4.3"},
        ),
        collection=CollectionSummary(
            name="collection",
            hash="b" * 64,
            split="test",
            profiles=60,
            answerable=57,
            judgements=2_345,
            judgements_by_grade={"0": 2_000, "3": 345},
            judgements_per_profile=39.0833333,
            kappa=0.7812345,
            kappa_pairs=800,
        ),
        measures=MEASURES,
        systems=(default, system("bm25", "BM25", 0.4567891)),
        headline=(
            Headline(system="default", measure="nDCG@10", value=value(0.6123456), worst=worst),
        ),
        comparisons=(
            Comparison(
                system="default",
                against="bm25",
                measure="nDCG@10",
                profiles=60,
                difference=0.1555565,
                interval=Interval(low=0.0812345, high=0.2298765),
                p=0.0001234,
                p_holm=0.0123456,
                wins=41,
                ties=6,
                losses=13,
            ),
        ),
        changes=(
            Change(
                profile_id="p002",
                profile_text="Misses someone to talk to.",
                system="default",
                against="bm25",
                measure="nDCG@10",
                value=0.9123456,
                against_value=0.0512345,
                suggestions=(
                    Placed(activity_id="a1", title="Choir", grade=3, unknown_limits=("cost",)),
                ),
                against_suggestions=(
                    Placed(activity_id="a2", title="Chess", grade=None, broken_limits=()),
                ),
            ),
        ),
        slices=(worst, worst.model_copy(update={"system": "bm25", "mean": 0.3434343})),
        withheld=(WithheldSlice(dimension="gender", group="other", profiles=3),),
        ablations=(
            Ablation(
                name="without nearness",
                kind="factor_off",
                config_hash="d" * 64,
                encoder="bilingual 1",
                measures={"nDCG@10": value(0.5912345)},
                differences={"nDCG@10": value(-0.0211111)},
            ),
        ),
        notes=("The profiles are synthetic.",),
    )
    return whole.model_copy(update=changes)
