"""How a service runs: where it listens, what protects it, how much it takes on at once."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from spmatch.web.hosts import hosts_of, is_loopback
from spmatch.words import Record

KIBIBYTE = 1024
_PATH = re.compile(r"(?:/[^/?#\s]+)*")
_ORIGIN = re.compile(r"\*|https?://[^/?#\s]+")


class ServiceSettings(Record):
    """The settings of one service, the same for each of its worker processes.

    The catalogue comes from ``snapshot`` or from ``database`` (an address, which may hold a password).
    Without ``keys`` anybody who reaches the service may use it: it then listens on the loopback
    interface only, and answers only requests addressed to a loopback name or one of
    ``public_names``. Times are in seconds, sizes in bytes.
    """

    snapshot: Path | None = Field(
        None, description="folder that a build writes; a newer build is picked up"
    )
    database: str | None = Field(
        None, min_length=1, repr=False, description="that is followed in place of a snapshot"
    )
    database_schema: str = "spmatch"
    config: Path | None = Field(None, description="settings of the match (TOML)")
    places: tuple[Path, ...] = Field((), description="gazetteers in place of the Danish one")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    workers: int = Field(1, ge=1, le=64)
    threads: int = Field(1, ge=1, description="of the encoder, for each match")
    keys: Path | None = Field(None, description="file that `spmatch keys` writes")
    public_names: tuple[str, ...] = Field((), description="host names besides the loopback ones")
    root_path: str = Field("", description="the path that a proxy serves it under")
    origins: tuple[str, ...] = Field((), description="web origins that may call it (CORS)")
    shared: Path | None = Field(None, description="folder that its worker processes share")

    rate_per_minute: int = Field(
        120, ge=1, description="requests of one key, unless it states its own"
    )
    body_bytes_max: int = Field(512 * KIBIBYTE, ge=1)
    batch_bytes_max: int = Field(64 * KIBIBYTE * KIBIBYTE, ge=1)
    batch_lines_max: int = Field(20_000, ge=1)
    body_seconds: float = Field(20, gt=0, description="to receive a request")
    request_seconds: float = Field(20, gt=0, description="to answer it")
    stop_seconds: int = Field(20, ge=0, description="to finish what is running when told to stop")
    at_once: int = Field(2, ge=1, description="matches running at once in one worker")
    waiting: int = Field(128, ge=0, description="matches waiting in one worker before 503")
    look_seconds: float = Field(1, gt=0, description="between looks for a newer snapshot")

    @field_validator("public_names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(hosts_of([name]) for name in names):
            raise ValueError("a name is that of a host alone, such as matching.example.org")
        return names

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_ORIGIN.fullmatch, origins)):
            raise ValueError(
                "an origin is a scheme and a host, such as https://records.example.org"
            )
        return origins

    @field_validator("root_path")
    @classmethod
    def _is_path(cls, path: str) -> str:
        if not _PATH.fullmatch(path):
            raise ValueError("a path begins with a slash and ends without one, such as /matching")
        return path

    @model_validator(mode="after")
    def _has_one_source(self) -> ServiceSettings:
        if (self.snapshot is None) == (self.database is None):
            raise ValueError("the catalogue comes either from a snapshot or from a database")
        return self

    @model_validator(mode="after")
    def _protected(self) -> ServiceSettings:
        if self.keys is None and not is_loopback(self.host):
            raise ValueError(
                "without keys it listens on the loopback interface only: "
                "leave the host out, or make a key with `spmatch keys add` and give --keys"
            )
        return self
