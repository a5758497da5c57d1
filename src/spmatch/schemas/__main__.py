"""Write the schema files: ``python -m spmatch.schemas``."""

import json
from pathlib import Path

from spmatch.schemas import RECORDS, schema_of

for name in RECORDS:
    text = json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
    Path(__file__).with_name(f"{name}.schema.json").write_text(text, encoding="utf-8")
