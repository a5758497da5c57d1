"""Limits, judged for every activity at once: met, not met, or unknown.

A stated fact that breaks a limit is ``NOT_MET``; a fact that is not stated is ``UNKNOWN``, never
"no" and never "yes". Each judgement can say for one activity which two values it compared.
"""

from spmatch.constraints.admission import ADMISSIONS, judge_admission, judge_from_activity
from spmatch.constraints.asked import (
    AT_HOME,
    LIMITS,
    fitting_days,
    judge,
    judge_distance,
    judge_one,
    session_fits,
)
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
from spmatch.constraints.price import session_price

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
    "session_fits",
    "session_price",
]
