"""The JSON Schema of a quality report: made from its records, and kept beside as a file."""

from __future__ import annotations

import json
from pathlib import Path

from spmatch.quality.records import QualityReport

FILE = Path(__file__).with_name("report.schema.json")


def schema_text() -> str:
    """The JSON Schema (2020-12) of a report as it is written, every field named."""
    schema = QualityReport.model_json_schema(by_alias=True, mode="serialization")
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
