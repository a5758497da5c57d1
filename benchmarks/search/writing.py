"""What every measurement writes: its figures as JSON, a page and a plot, with the machine it ran on."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.search.workload import DIMENSIONS, SEED


def write_figures(
    figures: dict[str, Any], page: str, plot: str, directory: Path, stem: str
) -> list[Path]:
    """``stem`` with ``.json``, ``.md`` and ``.svg`` in the folder; ``page`` is Markdown, ``plot`` SVG."""
    record = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(),
        "dimensions": DIMENSIONS,
        "seed": SEED,
        **figures,
    }
    texts = {
        "json": json.dumps(record, indent=1, ensure_ascii=False) + "\n",
        "md": page,
        "svg": plot,
    }
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for ending, text in texts.items():
        path = directory / f"{stem}.{ending}"
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def describe_machine() -> dict[str, Any]:
    found: dict[str, Any] = {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
    }
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        found["memory_gb"] = round(pages / 1e9)
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
