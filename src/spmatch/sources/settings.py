"""How far fetching and unpacking may go, and what is kept between two fetches of one source."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from spmatch.words import Record

Seconds = Annotated[float, Field(gt=0)]
Bytes = Annotated[int, Field(ge=1)]

MEBIBYTE = 1024 * 1024


class FetchSettings(Record):
    """The bounds of one source. Each is generous for a real directory, and stops a hostile one."""

    connect_seconds: Seconds = 10.0
    read_seconds: Seconds = 60.0
    """How long an answer may stay silent."""
    total_seconds: Seconds = 3600.0
    """How long a source may take with all its pages, retries and waits."""
    attempts: int = Field(default=5, ge=1, le=20)
    """How often one address is asked before it is given up."""
    backoff_seconds: Annotated[float, Field(ge=0)] = 1.0
    """The wait before the second attempt; it doubles with each, and is shortened by chance."""
    backoff_seconds_max: Annotated[float, Field(ge=0)] = 60.0
    redirects_max: int = Field(default=5, ge=0, le=20)
    pages_max: int = Field(default=50_000, ge=1)
    bytes_max: Bytes = 4096 * MEBIBYTE
    """The size of a source: of all pages together, of standard input, of an unpacked archive."""
    files_max: int = Field(default=20_000, ge=1)
    """How many files a folder or an archive may hold."""
    ratio_max: float = Field(default=200.0, ge=1)
    """How many times larger than packed an archive, or a file in it, may be."""
    archives_deep_max: int = Field(default=2, ge=1, le=10)
    """How deep archives may lie in archives; 1 is an archive that holds none."""


class PageState(Record):
    """What a server gave to ask again for a page with. The address holds no secrets."""

    address: str
    etag: str | None = None
    last_modified: str | None = None


class FetchState(Record):
    """What to keep of a fetch for the next one of the same address; JSON, and free of credentials.

    ``source`` names the address by a digest, so that the state of one source is never used for
    another. ``pages`` are the pages of a source that was fetched whole; ``next`` is where a feed of
    changes (RPDE) goes on.
    """

    source: str
    pages: tuple[PageState, ...] = ()
    next: str | None = None
