"""``spmatch serve``: its options, and from them to a running service."""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmatch.cli.store import add_database_choice, add_schema_option, address_of

if TYPE_CHECKING:
    from spmatch.web.settings import ServiceSettings


_SOURCES = ("snapshot", "database")


def add_serve_options(command: argparse.ArgumentParser) -> None:
    """The options of ``serve``; what is not given is taken from ``--settings``, else the default."""
    source = command.add_mutually_exclusive_group()
    source.add_argument(
        "--snapshot", metavar="DIR", help="made by spmatch build (the example catalogue)"
    )
    add_database_choice(source, "followed while it runs")
    # Not given is not the default here: then it is for the settings to say.
    add_schema_option(command, default=None)
    command.add_argument("--host", metavar="ADDRESS", help="where it listens (127.0.0.1)")
    command.add_argument("--port", type=int, metavar="N", help="(8000)")
    command.add_argument("--workers", type=int, metavar="N", help="processes (1)")
    command.add_argument("--threads", type=int, metavar="N", help="of the encoder, a match (1)")
    command.add_argument("--config", metavar="FILE", help="settings of the match (TOML)")
    command.add_argument(
        "--places",
        action="append",
        metavar="FILE",
        help="gazetteer in place of the Danish one, see: spmatch places (may be repeated)",
    )
    command.add_argument("--keys", metavar="FILE", help="made by spmatch keys: who may use it")
    command.add_argument(
        "--name",
        dest="public_names",
        action="append",
        metavar="HOST",
        help="a name that it is reached by, besides localhost (may be repeated)",
    )
    command.add_argument("--root-path", metavar="PATH", help="that a proxy serves it under")
    command.add_argument(
        "--origin",
        dest="origins",
        action="append",
        metavar="URL",
        help="a web origin whose pages may call it (CORS; may be repeated)",
    )
    command.add_argument(
        "--settings", metavar="FILE", help="any of these and the limits of the service (TOML)"
    )


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until told to stop. Raises ``MissingExtraError`` without the extra ``serve``."""
    from spmatch.errors import MissingExtraError

    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtraError("The service", "serve") from None

    with tempfile.TemporaryDirectory(prefix="spmatch-example-") as folder:
        given = _given(arguments)
        example = not given.keys() & {"snapshot", "database"}
        if example:
            given["snapshot"] = str(_build_example(Path(folder)))
        settings = _settings(given, arguments.settings)
        _say(settings, example=example)
        from spmatch.web.serve import run_service

        run_service(settings)
    return 0


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    from spmatch.errors import ConfigError, Problem

    given: dict[str, Any] = {}
    if arguments.settings:
        try:
            given = tomllib.loads(Path(arguments.settings).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            problem = Problem(arguments.settings, "", f"{reason}.", "Give a readable TOML file.")
            raise ConfigError("The settings cannot be read:", [problem]) from None
    names = (
        *(*_SOURCES, "database_schema", "host", "port", "workers", "threads", "config", "keys"),
        *("places", "public_names", "root_path", "origins"),
    )
    if arguments.snapshot is not None or arguments.database is not None:
        # The source on the command line takes the place of that in the file, whichever it is.
        given = {name: value for name, value in given.items() if name not in _SOURCES}
    given |= {name: value for name in names if (value := getattr(arguments, name)) is not None}
    if given.get("database") == "":
        given["database"] = address_of(None)
    return given


def _settings(given: dict[str, Any], file: str | None) -> ServiceSettings:
    from pydantic import ValidationError

    from spmatch.errors import ConfigError
    from spmatch.validation import problems_of
    from spmatch.web.settings import ServiceSettings

    try:
        return ServiceSettings.model_validate(given)
    except ValidationError as error:
        problems = problems_of(error, file or "spmatch serve")
    raise ConfigError("The service cannot run like this:", problems)


def _build_example(folder: Path) -> Path:
    """A snapshot of the example catalogue, for as long as the service runs."""
    from spmatch.catalogue import Catalogue
    from spmatch.cli.progress import progress_bar
    from spmatch.matcher import Matcher
    from spmatch.material import material

    with progress_bar() as progress:
        catalogue = Catalogue.read(material("catalogue", "denmark"), progress=progress)
        Matcher.build(catalogue, progress=progress).save(folder / "snapshot")
    return folder / "snapshot"


def _say(settings: ServiceSettings, *, example: bool) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    # The address of a database may hold a password.
    what: object = settings.snapshot or "the catalogue in the database"
    if example:
        what = "the example catalogue (synthetic)"
    print(f"spmatch serves {what} at http://{host}:{settings.port}{settings.root_path}/")
    if settings.keys is None:
        print(
            "No keys: anybody on this machine may use it, nobody else can. Make one: spmatch keys add"
        )
    print("Stop with Ctrl+C.", flush=True)
