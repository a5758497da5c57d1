"""What a policy that was never run would have achieved, from the log of one that was.

The value of a policy is the mean outcome of a recommendation that it shows. With outcome r, logging
propensity p and target propensity q of each logged recommendation, its weight is w = q / p, and over
the n recommendations whose outcome is known:

- **IPS**, inverse propensity score: the mean of w r. Unbiased where p is right and nothing that the
  target shows had p = 0; it can leave the range of the outcomes.
  (Horvitz & Thompson 1952, A generalization of sampling without replacement from a finite universe,
  Journal of the American Statistical Association 47.)
- **SNIPS**, self-normalised: the sum of w r over the sum of w. It stays within the range of the
  outcomes, for a bias that falls as 1 / n.
  (Swaminathan & Joachims 2015, The self-normalized estimator for counterfactual learning, NIPS.)
- **DR**, doubly robust: the mean of t + w (r - m), with m the predicted outcome of what was shown
  and t that expected under the target policy. Right when the propensities or the model is right.
  (Dudik, Langford & Li 2011, Doubly robust policy evaluation and learning, ICML.)

Effective sample size is (sum of w)^2 / sum of w^2: how many recommendations, shown by the target
itself, tell as much (Kish 1965, Survey Sampling). The mean of w has the expectation 1 when the
propensities are right and the log could show all that the target shows; one below 1 measures the
share of the target's recommendations that the log could never show.

Intervals are percentile bootstrap intervals that draw whole requests, because recommendations of
one request share a person (Efron & Tibshirani 1993, An Introduction to the Bootstrap).

Two things no estimate here can mend. Several recommendations of one request are taken one by one:
the outcome of one must not depend on the others beside it. And recommendations whose outcome is not
known are left out and counted: that is right only where an outcome goes missing by chance.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spmatch import __version__
from spmatch.errors import InputError, SpmatchError
from spmatch.evaluation.policy_log import Numbers, PolicyLog, read_log

NAMES = {"logged": "Logging policy", "ips": "IPS", "snips": "SNIPS", "dr": "Doubly robust"}


class OverlapError(SpmatchError):
    """The log says too little about the evaluated policy; ``reasons`` holds every bound it misses."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(
            "\n".join(["No estimate is given: too little overlap.", *(f"  {r}" for r in reasons)])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPolicySettings:
    """How estimates are made, and below which bounds none is given."""

    resamples: int = 2_000
    confidence: float = 0.95
    seed: int = 0
    effective_share_min: float = 0.05
    """Effective sample size over the number of recommendations with a known outcome."""
    effective_requests_min: float = 30.0
    """Effective sample size of requests: below it, an interval that resamples them says little."""
    unseen_share_max: float = 0.05
    """How far the mean weight may be from 1, unless five of its standard errors reach further."""

    def __post_init__(self) -> None:
        if self.resamples < 100 or not 0 < self.confidence < 1:
            raise ValueError("resamples must be 100 or more, confidence between 0 and 1")


@dataclass(frozen=True, slots=True)
class PolicyEstimate:
    """One estimate of the mean outcome of a recommendation, with its interval.

    ``gain`` is its difference from the mean outcome that the logging policy had, with an interval
    from the same resamples; 0 throughout for the logging policy itself.
    """

    name: str
    value: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True, slots=True)
class OffPolicyResult:
    """Estimates of one log. ``log_sha256`` is empty for a log that was not read from a file."""

    estimates: tuple[PolicyEstimate, ...]
    """The logging policy as it was, then IPS, SNIPS, and DR when the log states predictions."""
    recommendations: int
    outcomes_missing: int
    """Recommendations left out, because their outcome is not known."""
    requests: int
    """Requests with at least one known outcome."""
    effective_size: float
    effective_share: float
    effective_requests: float
    mean_weight: float
    mean_weight_error: float
    """Its standard error, over requests."""
    max_weight: float
    settings: OffPolicySettings
    log_sha256: str = ""
    version: str = __version__

    def estimate(self, name: str) -> PolicyEstimate:
        """That of one name; KeyError when it was not made."""
        return {one.name: one for one in self.estimates}[name]


def evaluate_log(
    path: Path, out: Path, settings: OffPolicySettings | None = None
) -> OffPolicyResult:
    """Read a log and write its estimates to the folder ``out`` as JSON, CSV and Markdown.

    Raises InputError with every malformed line, and OverlapError when a bound is missed; then
    nothing is written.
    """
    log = read_log(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    result = estimate_value(log, settings, log_sha256=sha256)
    out.mkdir(parents=True, exist_ok=True)
    _write_json(result, out / "off_policy.json")
    _write_csv(result, out / "off_policy.csv")
    (out / "off_policy.md").write_text(summarise(result), encoding="utf-8", newline="\n")
    return result


def estimate_value(
    log: PolicyLog, settings: OffPolicySettings | None = None, *, log_sha256: str = ""
) -> OffPolicyResult:
    """All estimates that a log allows; InputError without an outcome, OverlapError below a bound."""
    settings = settings or OffPolicySettings()
    known = ~np.isnan(log.outcome)
    if not known.any():
        raise InputError("No outcome is known in this log: nothing can be estimated.")
    _, request = np.unique(log.request[known], return_inverse=True)
    outcome = log.outcome[known]
    weight = (log.target_propensity / log.propensity)[known]
    requests = int(request.max()) + 1
    per_request = np.bincount(request, weights=weight, minlength=requests)
    # Deviations are summed over each request first: its recommendations are not independent.
    deviation = np.bincount(request, weights=weight - weight.mean(), minlength=requests)
    result = OffPolicyResult(
        estimates=(),
        recommendations=len(outcome),
        outcomes_missing=int((~known).sum()),
        requests=requests,
        effective_size=effective_size(weight),
        effective_share=effective_size(weight) / len(outcome),
        effective_requests=effective_size(per_request),
        mean_weight=float(weight.mean()),
        mean_weight_error=float(np.sqrt(deviation @ deviation)) / len(outcome),
        max_weight=float(weight.max()),
        settings=settings,
        log_sha256=log_sha256,
    )
    _refuse_without_overlap(result)
    terms = {
        "one": np.ones_like(outcome),
        "weight": weight,
        "logged": outcome,
        "ips": weight * outcome,
    }
    if log.predicted is not None and log.predicted_target is not None:
        residual = outcome - log.predicted[known]
        terms["dr"] = log.predicted_target[known] + weight * residual
    sums = {
        name: np.bincount(request, values, requests).astype(np.float64)
        for name, values in terms.items()
    }
    return replace(result, estimates=_estimates(sums, settings))


def effective_size(weights: npt.NDArray[Any]) -> float:
    """(sum of w)^2 / sum of w^2, between 0 (all weights are 0) and the number of weights."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _refuse_without_overlap(result: OffPolicyResult) -> None:
    settings = result.settings
    reasons = []
    if result.effective_share < settings.effective_share_min:
        reasons.append(
            f"The effective sample size is {result.effective_size:.1f} of {result.recommendations} "
            f"recommendations ({result.effective_share:.1%}); at least "
            f"{settings.effective_share_min:.1%} is needed. Evaluate a policy nearer to the one "
            "that made the log, or log more exploration."
        )
    if result.effective_requests < settings.effective_requests_min:
        reasons.append(
            f"The effective number of requests is {result.effective_requests:.1f} of "
            f"{result.requests}; at least {settings.effective_requests_min:g} is needed. "
            "Log more requests."
        )
    # Five, because the error comes out too small just when few large weights were drawn.
    allowed = max(settings.unseen_share_max, 5 * result.mean_weight_error)
    if result.mean_weight < 1 - allowed:
        reasons.append(
            f"The mean weight is {result.mean_weight:.3f}, not 1: about "
            f"{1 - result.mean_weight:.1%} of what the evaluated policy shows had no chance to be "
            f"logged; at most {allowed:.1%} is allowed. Log with a chance for everything that it "
            "may show."
        )
    elif result.mean_weight > 1 + allowed:
        reasons.append(
            f"The mean weight is {result.mean_weight:.3f}, not 1 (at most {1 + allowed:.3f} is "
            "allowed): the propensities cannot be right. Log the probability with which each "
            "recommendation was drawn."
        )
    if reasons:
        raise OverlapError(tuple(reasons))


_RATIOS: dict[str, Callable[[dict[str, Numbers]], Numbers]] = {
    "logged": lambda sums: sums["logged"] / sums["one"],
    "ips": lambda sums: sums["ips"] / sums["one"],
    "snips": lambda sums: sums["ips"] / sums["weight"],
    "dr": lambda sums: sums["dr"] / sums["one"],
}
"""Every estimate as a ratio of two sums over requests: all that a resample has to add up."""


def _estimates(sums: dict[str, Numbers], settings: OffPolicySettings) -> tuple[PolicyEstimate, ...]:
    """Estimates from the sums of each request, (requests,) each."""
    names = [name for name in _RATIOS if name != "dr" or "dr" in sums]
    whole = {key: np.array(values.sum()) for key, values in sums.items()}
    drawn = _resampled(sums, settings)
    tails = [(1 - settings.confidence) / 2, (1 + settings.confidence) / 2]
    logged = float(_RATIOS["logged"](whole))
    logged_drawn = _RATIOS["logged"](drawn)
    found = []
    for name in names:
        value = float(_RATIOS[name](whole))
        values = _RATIOS[name](drawn)
        # A resample without any weight has no SNIPS; the bounds on overlap make it all but impossible.
        low, high = np.nanquantile(values, tails)
        gain_low, gain_high = np.nanquantile(values - logged_drawn, tails)
        found.append(
            PolicyEstimate(
                name,
                value,
                float(low),
                float(high),
                value - logged,
                float(gain_low),
                float(gain_high),
            )
        )
    return tuple(found)


def _resampled(sums: dict[str, Numbers], settings: OffPolicySettings) -> dict[str, Numbers]:
    """The sums over each resample of requests, (resamples,) each."""
    generator = np.random.default_rng(settings.seed)
    table = np.stack(list(sums.values()), axis=1)
    requests = len(table)
    totals = np.empty((settings.resamples, table.shape[1]))
    for number in range(settings.resamples):
        times = np.bincount(generator.integers(0, requests, requests), minlength=requests)
        totals[number] = times @ table
    drawn = dict(zip(sums, totals.T, strict=True))
    drawn["weight"][drawn["weight"] == 0] = np.nan
    return drawn


def summarise(result: OffPolicyResult) -> str:
    """The estimates as Markdown, with what they rest on."""
    settings = result.settings
    lines = [
        "# Off-policy estimates",
        "",
        f"Mean outcome of a recommendation, with {settings.confidence:.0%} intervals "
        f"({settings.resamples} bootstrap resamples of {result.requests} requests, "
        f"seed {settings.seed}).",
        "",
        "| Estimate | Mean outcome | Interval | Gain over the log | Interval of the gain |",
        "|---|---:|---|---:|---|",
    ]
    for one in result.estimates:
        gain = ("–", "–")
        if one.name != "logged":
            gain = (f"{one.gain:+.4f}", f"{one.gain_low:+.4f} to {one.gain_high:+.4f}")
        lines.append(
            f"| {NAMES[one.name]} | {one.value:.4f} | {one.low:.4f} to {one.high:.4f} "
            f"| {gain[0]} | {gain[1]} |"
        )
    lines += [
        "",
        f"- Effective sample size {result.effective_size:.1f} of {result.recommendations} "
        f"recommendations ({result.effective_share:.1%}; refused below "
        f"{settings.effective_share_min:.1%}); {result.effective_requests:.1f} of "
        f"{result.requests} requests (refused below {settings.effective_requests_min:g}).",
        f"- Mean weight {result.mean_weight:.3f} ± {result.mean_weight_error:.3f} standard error "
        "(1 when the propensities are right and the log could show everything), "
        f"largest {result.max_weight:.2f}.",
        f"- Outcome not known, left out: {result.outcomes_missing}.",
    ]
    if not any(one.name == "dr" for one in result.estimates):
        lines.append("- No doubly robust estimate: the log states no predictions.")
    lines.append(
        f"- spmatch {result.version}, log sha256 {result.log_sha256 or 'not from a file'}."
    )
    return "\n".join(lines) + "\n"


def _write_json(result: OffPolicyResult, path: Path) -> None:
    text = json.dumps(asdict(result), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_csv(result: OffPolicyResult, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PolicyEstimate.__slots__)
        for one in result.estimates:
            writer.writerow([getattr(one, field) for field in PolicyEstimate.__slots__])
