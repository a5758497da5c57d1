"""Templates to pages. Everything put into a page is escaped unless it is markup of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def warm_templates() -> None:
    """Make every template ready, so that no first reader waits for it."""
    for name in _environment().list_templates():
        _environment().get_template(name)


def render(
    request: Request, template: str, context: Mapping[str, object], *, status: int = 200
) -> HTMLResponse:
    """A page. Templates get ``root`` (the path it is served under) and ``asset`` besides ``context``."""
    root = str(request.scope.get("root_path", ""))
    text = _environment().get_template(template).render(root=root, asset=asset, **context)
    return HTMLResponse(text, status)


@cache
def asset(name: str) -> str:
    """The address of a static file below the root; it changes with the file, so it may be kept for long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
