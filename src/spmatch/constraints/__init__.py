"""Limits, judged for every activity at once: met, not met, or unknown.

A stated fact that breaks a limit is ``NOT_MET``; a fact that is not stated is ``UNKNOWN``, never
"no" and never "yes". Each judgement can say for one activity which two values it compared.
"""

from spmatch.constraints.admission import (
    ADMISSIONS,
    judge_admission,
    judge_from_activity,
    judge_period,
)
from spmatch.constraints.asked import (
    AT_HOME,
    LIMITS,
    judge,
    judge_distance,
    judge_one,
)
from spmatch.constraints.free_time import FreeTime, fitting_days, session_fits
from spmatch.constraints.judgement import (
    MET,
    NOT_ASKED,
    NOT_MET,
    OPEN_QUESTION,
    UNKNOWN,
    Codes,
    Judgement,
    Kind,
    Person,
    Ruling,
)
from spmatch.constraints.price import reductions, session_price

__all__ = [
    "ADMISSIONS",
    "AT_HOME",
    "LIMITS",
    "MET",
    "NOT_ASKED",
    "NOT_MET",
    "OPEN_QUESTION",
    "UNKNOWN",
    "Codes",
    "FreeTime",
    "Judgement",
    "Kind",
    "Person",
    "Ruling",
    "fitting_days",
    "judge",
    "judge_admission",
    "judge_distance",
    "judge_from_activity",
    "judge_one",
    "judge_period",
    "reductions",
    "session_fits",
    "session_price",
]
