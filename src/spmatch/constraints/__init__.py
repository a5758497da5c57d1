"""Limits, judged for every activity at once: met, not met, or unknown.

A stated fact that breaks a limit is ``NOT_MET``; a fact that is not stated is ``UNKNOWN``, never
"no" and never "yes". Each judgement can say for one activity which two values it compared.
"""

from spmatch.constraints.admission import judge_from_activity
from spmatch.constraints.asked import AT_HOME, fitting_days, judge, session_fits
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
)
from spmatch.constraints.price import session_price

__all__ = [
    "AT_HOME",
    "MET",
    "NOT_ASKED",
    "NOT_MET",
    "OPEN_QUESTION",
    "UNKNOWN",
    "Codes",
    "Judgement",
    "Kind",
    "Person",
    "fitting_days",
    "judge",
    "judge_from_activity",
    "session_fits",
    "session_price",
]
