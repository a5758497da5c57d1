"""Write the schema file of the report: ``python -m spmatch.quality``."""

from pathlib import Path

from spmatch.quality.report_schema import FILE, schema_text

Path(FILE).write_text(schema_text(), encoding="utf-8", newline="\n")
