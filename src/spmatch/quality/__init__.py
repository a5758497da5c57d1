"""Quality for matching: what sources state, what of it decides limits, and what to ask providers.

Nothing here judges a provider. A fact that is not stated is a question, not a fault.
"""

from spmatch.quality.page import to_html
from spmatch.quality.records import QualityReport, SourceResult, Usage
from spmatch.quality.report import build_report, merged
from spmatch.quality.usage import example_persons, usage_of

__all__ = [
    "QualityReport",
    "SourceResult",
    "Usage",
    "build_report",
    "example_persons",
    "merged",
    "to_html",
    "usage_of",
]
