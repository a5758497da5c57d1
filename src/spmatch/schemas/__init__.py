"""The JSON Schemas of the published records: made from them, and kept beside as files.

``python -m spmatch.schemas`` writes the files anew; a test holds that they are up to date.
"""

from __future__ import annotations

from typing import Any, Literal

from spmatch.activity import Activity
from spmatch.profile import Profile
from spmatch.suggestion import Response
from spmatch.words import Record

RecordName = Literal["activity", "profile", "response"]

RECORDS: dict[RecordName, type[Record]] = {
    "activity": Activity,
    "profile": Profile,
    "response": Response,
}


def schema_of(name: RecordName) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record, with its published field names."""
    schema = RECORDS[name].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
