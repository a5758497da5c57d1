"""The log of recommendations that were shown: JSON Lines, one recommendation a line, ids and no text.

================== ======================= =====================================================
field              value                   meaning
================== ======================= =====================================================
request            id                      one request; lines of one request share it
activity           id                      what was shown; a policy that may show nothing logs
                                           that too, under an id of its own such as ``nothing``
rank               whole number from 1     where in the list it was shown
propensity         above 0, at most 1      probability with which the logging policy showed this
                                           activity at this rank of this request, fixed when it
                                           was drawn
target_propensity  0 to 1                  the same probability under the policy to be evaluated
outcome            number, or null         what came of it; null: not known, which is never 0
predicted          number, may be absent   outcome that a model expects of this activity here
predicted_target   number, may be absent   outcome that the model expects under the evaluated
                                           policy: the sum over all activities of
                                           target propensity times predicted outcome
================== ======================= =====================================================

An id holds no spaces and a line holds no other field, so that no text about a person gets in. The
two predictions are stated together, on every line or on none, and come from a model that was not
fitted on the outcomes of this log (or from cross-fitting). Blank lines are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from spmatch.errors import InputError, Problem
from spmatch.validation import problems_of

Numbers = npt.NDArray[np.float64]

_REMEDIES = {
    "request": "Write an id of 1 to 200 characters without spaces.",
    "activity": "Write an id of 1 to 200 characters without spaces.",
    "rank": "Write the place in the list as a whole number, from 1.",
    "propensity": "Write the probability with which it was shown: above 0, at most 1.",
    "target_propensity": "Write a probability from 0 to 1.",
    "outcome": "Write a number (1 for yes, 0 for no), or null when it is not known.",
    "predicted": "Write a number, or leave out both predictions on every line.",
    "predicted_target": "Write a number, or leave out both predictions on every line.",
    "": "Write one JSON object a line.",
}

_Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")]
_Number = Annotated[float, Field(allow_inf_nan=False)]


class _Line(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    request: _Id
    activity: _Id
    rank: int = Field(ge=1)
    propensity: float = Field(gt=0, le=1)
    target_propensity: float = Field(ge=0, le=1)
    outcome: _Number | None
    predicted: _Number | None = None
    predicted_target: _Number | None = None


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log as columns, one entry a recommendation; NaN stands for not stated."""

    request: npt.NDArray[np.intp]
    """(n,): number of the request, from 0 in order of first appearance."""
    propensity: Numbers
    """(n,): above 0."""
    target_propensity: Numbers
    outcome: Numbers
    predicted: Numbers | None
    """(n,) without NaN, or ``None`` when the log states no predictions."""
    predicted_target: Numbers | None

    def __len__(self) -> int:
        return len(self.request)


def read_log(path: Path) -> PolicyLog:
    """Read a log; raises InputError with every fault, by line, or when it holds no line."""
    problems: list[Problem] = []
    lines = [(number, line) for number, line in _lines(path, problems)]
    problems.extend(_repeats(path, lines))
    problems.extend(_half_predicted(path, lines))
    if problems:
        problems.sort(key=_line_number)
        raise InputError(f"The log {path.name} cannot be used: {len(problems)} problems.", problems)
    if not lines:
        raise InputError(f"The log {path.name} is empty: log one recommendation a line.")
    return _columns([line for _, line in lines])


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, _Line]]:
    try:
        source = path.open("rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"The log {path.name} cannot be opened: {reason}.") from error
    with source:
        for number, raw in enumerate(source, start=1):
            where = f"{path.name}, line {number}"
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                problems.append(
                    Problem(where, "", "this is not UTF-8 text.", "Save the file as UTF-8.")
                )
                continue
            if not text.strip():
                continue
            try:
                yield number, _Line.model_validate_json(text)
            except ValidationError as error:
                problems.extend(_explained(problem) for problem in problems_of(error, where))


def _explained(problem: Problem) -> Problem:
    """The same fault with the remedy that this format has for the field; never with its value."""
    field = problem.field
    if problem.reason.startswith("this field is not known"):
        # The name itself may be text about a person: it is not repeated.
        return Problem(
            problem.where, "", "a field is not known here.", "A log holds ids: leave it out."
        )
    reason = problem.reason
    if reason.startswith("String should match pattern"):
        reason = "an id holds no spaces."
    return Problem(problem.where, field, reason, _REMEDIES.get(field, problem.remedy))


def _repeats(path: Path, lines: list[tuple[int, _Line]]) -> Iterator[Problem]:
    """A rank that one request fills twice, and an activity that it shows twice."""
    ranks: dict[tuple[str, int], int] = {}
    shown: dict[tuple[str, str], int] = {}
    for number, line in lines:
        where = f"{path.name}, line {number}"
        first = ranks.setdefault((line.request, line.rank), number)
        if first != number:
            reason = f"line {first} already fills this rank of this request."
            yield Problem(where, "rank", reason, "Keep one, or give each request an id of its own.")
        first = shown.setdefault((line.request, line.activity), number)
        if first != number:
            reason = f"line {first} already shows this activity in this request."
            yield Problem(
                where, "activity", reason, "Keep one, or give each request an id of its own."
            )


def _half_predicted(path: Path, lines: list[tuple[int, _Line]]) -> Iterator[Problem]:
    """Lines that lack a prediction in a log that states predictions."""
    if all(line.predicted is None and line.predicted_target is None for _, line in lines):
        return
    for number, line in lines:
        for field in ("predicted", "predicted_target"):
            if getattr(line, field) is None:
                reason = "not stated here, though this log states predictions."
                yield Problem(
                    f"{path.name}, line {number}",
                    field,
                    reason,
                    "State both predictions on every line, or on none.",
                )


def _line_number(problem: Problem) -> int:
    return int(problem.where.rsplit(" ", 1)[1])


def _columns(lines: list[_Line]) -> PolicyLog:
    numbers: dict[str, int] = {}
    requests = [numbers.setdefault(line.request, len(numbers)) for line in lines]
    predicted = lines[0].predicted is not None
    return PolicyLog(
        request=np.array(requests, dtype=np.intp),
        propensity=_column([line.propensity for line in lines]),
        target_propensity=_column([line.target_propensity for line in lines]),
        outcome=_column([line.outcome for line in lines]),
        predicted=_column([line.predicted for line in lines]) if predicted else None,
        predicted_target=_column([line.predicted_target for line in lines]) if predicted else None,
    )


def _column(values: list[float] | list[float | None]) -> Numbers:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
