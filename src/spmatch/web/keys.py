"""The keys of those who may ask: a file of hashes, read again as soon as it changes.

A secret is 32 random bytes, shown once when it is made and kept nowhere. Because nobody can guess it, a
plain SHA-256 is enough to keep: the slow hashes that passwords need protect what people choose.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from spmatch.errors import ConfigError, Problem
from spmatch.validation import problems_of
from spmatch.web.log import log_event
from spmatch.words import Record

KeyScope = Literal["match", "read", "admin"]
"""match: all that takes a profile; read: the catalogue; admin: the counters of the service."""

SCOPES: tuple[KeyScope, ...] = ("match", "read", "admin")
PREFIX = "spm_"
"""Before every secret, so that a scanner of source code or of logs knows one when it meets it."""

_SETTLED_NS = 1_000_000_000


class Key(Record):
    """One key, without its secret. A revoked one stays in the file, so that its id keeps a meaning."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]{4,32}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    scopes: Annotated[tuple[KeyScope, ...], Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    created: AwareDatetime
    revoked: AwareDatetime | None = None
    rate_per_minute: Annotated[int | None, Field(ge=1, le=100_000)] = None
    """Its own rate; that of the service when None."""


class _KeyFile(Record):
    format: Literal[1] = 1
    keys: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> _KeyFile:
        for what in ("id", "sha256"):
            if len({getattr(key, what) for key in self.keys}) < len(self.keys):
                raise ValueError(f"two keys have the same {what}")
        return self


class KeyRing:
    """The keys in a file.

    Raises ``ConfigError`` where the file is missing (unless ``create``: then the first ``add`` makes it)
    or damaged. If it is lost or damaged later, while a service runs, no key is known until it is mended:
    keys that were revoked meanwhile must not come back.
    """

    def __init__(self, path: Path | str, *, create: bool = False) -> None:
        # Where a link leads: a write must replace the file, not the link to it.
        self._path = Path(path).resolve()
        self._seen: tuple[int, ...] | None = None
        self._keys: tuple[Key, ...] = ()
        self._damaged = False
        if not create or self._path.exists():
            self._keys = self._read()

    def find(self, presented: str) -> Key | None:
        """The key of this secret; None when it is unknown or revoked.

        What was presented is compared with every key, whichever it is: how long that takes says nothing
        about which are known.
        """
        digest = sha256(presented.encode("utf-8", "surrogatepass")).hexdigest()
        found = None
        for key in self._now():
            if compare_digest(key.sha256, digest):
                found = key
        return found if found is not None and found.revoked is None else None

    def list(self) -> tuple[Key, ...]:
        """Every key, revoked ones too, in the order in which they were made."""
        return self._read() if self._path.exists() else ()

    def add(
        self, name: str, scopes: Sequence[str], rate_per_minute: int | None = None
    ) -> tuple[Key, str]:
        """A new key and its secret. Raises ``ConfigError`` where a value is not allowed."""
        secret = PREFIX + secrets.token_urlsafe(32)
        given = {
            "id": secrets.token_hex(4),
            "name": name,
            "scopes": tuple(dict.fromkeys(scopes)),
            "sha256": sha256(secret.encode()).hexdigest(),
            "created": datetime.now(UTC).replace(microsecond=0),
            "rate_per_minute": rate_per_minute,
        }
        try:
            key = Key.model_validate(given)
        except ValidationError as error:
            raise ConfigError("The key cannot be made:", problems_of(error, "key")) from None
        with self._alone():
            self._write((*self.list(), key))
        return key, secret

    def revoke(self, id: str) -> Key:
        """Stop a key at once. Raises ``ConfigError`` where there is none of this id."""
        with self._alone():
            keys = {key.id: key for key in self.list()}
            if id not in keys:
                problem = Problem(str(self._path), "", "It holds no key of this id.", "List them.")
                raise ConfigError("No key was revoked:", [problem])
            if keys[id].revoked is None:
                now = datetime.now(UTC).replace(microsecond=0)
                keys[id] = keys[id].model_copy(update={"revoked": now})
                self._write(tuple(keys.values()))
        return keys[id]

    def _now(self) -> tuple[Key, ...]:
        """The keys as the file has them now; none while it cannot be read."""
        try:
            found = os.stat(self._path)
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode)
            if stamp == self._seen:
                return self._keys
            keys = self._read()
        except (OSError, ConfigError):
            if not self._damaged:
                log_event("keys-unreadable", level=logging.ERROR, effect="every key is refused")
            self._damaged, self._seen, self._keys = True, None, ()
            return ()
        if self._damaged or keys != self._keys:
            log_event("keys-read", keys=sum(key.revoked is None for key in keys))
        # Written a moment ago it may be written again within the same tick of the file system's clock.
        settled = time.time_ns() - found.st_mtime_ns > _SETTLED_NS
        self._damaged, self._seen, self._keys = False, stamp if settled else None, keys
        return keys

    def _read(self) -> tuple[Key, ...]:
        where = str(self._path)
        try:
            with self._path.open(encoding="utf-8") as file:
                if os.name != "nt" and os.fstat(file.fileno()).st_mode & stat.S_IWOTH:
                    reason = "Everybody on this machine may write to it."
                    problem = Problem(where, "", reason, f"Close it: chmod 600 {where}.")
                    raise ConfigError("The keys cannot be trusted:", [problem])
                text = file.read()
            return _KeyFile.model_validate_json(text).keys
        except OSError as error:
            remedy = "Make a key with `spmatch keys add`, or check the path and the rights."
            problem = Problem(where, "", f"{error.strerror}.", remedy)
        except UnicodeDecodeError:
            problem = Problem(where, "", "It is not text in UTF-8.", "Restore it from a copy.")
        except ValidationError as error:
            raise ConfigError("The keys cannot be read:", problems_of(error, where)) from None
        raise ConfigError("The keys cannot be read:", [problem])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait for any other change to end: two shells that add at once must not lose a key.

        The system lets go of the lock of a process that is killed. Where it has no such locks
        (Windows), it is for the caller to make one change at a time.
        """
        try:
            lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unwritten(error) from None
        try:
            if os.name != "nt":
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _write(self, keys: tuple[Key, ...]) -> None:
        """Put all keys in place by one rename: whoever reads meets the old file or the new one."""
        record = _KeyFile(keys=keys).model_dump(mode="json", exclude_none=True)
        unfinished = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        try:
            file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as out:
                self._keep_owner(out.fileno())
                out.write(json.dumps(record, ensure_ascii=False, indent=1) + "\n")
                out.flush()
                os.fsync(out.fileno())
            os.replace(unfinished, self._path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise self._unwritten(error) from None

    def _keep_owner(self, file: int) -> None:
        """Give a new file the owner and the readers of the old one.

        Else a key that root adds would lock out the service, which runs as somebody else.
        """
        if os.name == "nt" or not self._path.exists():
            return
        old, new = self._path.stat(), os.fstat(file)
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            os.fchown(file, old.st_uid, old.st_gid)
        os.fchmod(file, 0o600 | (stat.S_IMODE(old.st_mode) & 0o044))

    def _unwritten(self, error: OSError) -> ConfigError:
        remedy = "Check the folder and the rights; change keys as the user who owns the file."
        problem = Problem(str(self._path), "", f"{error.strerror}.", remedy)
        return ConfigError("The keys cannot be written:", [problem])
