"""The refresh token in force, kept on disk, since many providers replace it at each use and take the old one no more.

What must never happen is that a new refresh token is lost, or an old one is spent twice: a strict provider then
withdraws the whole grant, and a person must consent anew. So only one process renews at a time, whoever waited looks
first what the other has brought, there is room on the disk before the old token is spent, and the new one is on disk
before the access token that came with it is used.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from domain.errors import ConfigProblem, Problem, RetryLater
from domain.ports import Clock
from service.oauth import Endpoint, Grant, ask

FILE = "oauth.json"
ROOM = 65_536  # bytes: more than any two tokens take
PAUSE = 0.05  # seconds between two looks at the lock
RENEW = "give a new refresh token as MICIC_OAUTH__REFRESH_TOKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token and when it ends."""

    text: str = field(repr=False)
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stands in the file."""

    given: str  # see `fingerprint`
    refresh_token: str = field(repr=False)
    refresh_token_ends: datetime | None
    access: Token | None


_KEPT = TypeAdapter(Kept)


@dataclass(frozen=True, slots=True)
class TokenFile:
    """One file in the data folder, for its owner only. To write, and to read before writing, hold the lock."""

    path: Path
    patience: float  # seconds that the lock is waited for

    def read(self) -> Kept | None:
        """None where nothing was kept yet. ConfigProblem where the file was spoilt: what it held may be spent."""
        try:
            return _KEPT.validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            message = f"is damaged: {RENEW} and delete this file"
            raise ConfigProblem(Problem(file=str(self.path), line=None, message=message)) from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else renews meanwhile, in this process or another; a process that dies lets go."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait_for(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RetryLater("another process renews the access token and does not come to an end") from None
                time.sleep(PAUSE)

    def make_room(self) -> None:
        """Have the bytes that the next `write` needs on disk. OSError where that is impossible."""
        self._write_beside(bytes(ROOM))

    def write(self, kept: Kept) -> None:
        """Returns once it is on disk: written beside, synced, renamed, folder synced."""
        self._write_beside(_KEPT.dump_json(kept))
        self._beside.replace(self.path)
        _sync(self.path.parent)  # a rename is on disk only when its folder is

    @property
    def _beside(self) -> Path:
        return self.path.with_suffix(".new")

    def _write_beside(self, content: bytes) -> None:
        descriptor = os.open(self._beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b") as out:
            os.fchmod(descriptor, 0o600)  # a file from before keeps its own mode
            out.write(content)
            out.truncate()
            out.flush()
            os.fsync(descriptor)


@dataclass(slots=True, kw_only=True)
class Refreshing:
    """Access tokens for a refresh token. Not for two threads at once; for any number of processes."""

    endpoint: Endpoint
    given: str = field(repr=False)  # the refresh token that staff gave
    file: TokenFile
    clock: Clock
    _unsaved: Kept | None = field(default=None, repr=False)  # came from the provider, and the disk failed

    def __call__(self, will_do: Callable[[Token], bool]) -> Token:
        """What another process has fetched, where that will do; else a new one."""
        try:
            with self.file.locked():
                kept = self._in_force()
                if kept.access is not None and will_do(kept.access):
                    return kept.access
                return self._renewed(kept)
        except OSError as error:
            raise RetryLater(f"the refresh token cannot be kept in {self.file.path}: {error.strerror}") from error

    def _in_force(self) -> Kept:
        if self._unsaved is not None:
            self._save(self._unsaved)
        kept, given = self.file.read(), fingerprint(self.endpoint, self.given)
        if kept is not None and kept.given == given:
            return kept
        return Kept(given=given, refresh_token=self.given, refresh_token_ends=None, access=None)

    def _renewed(self, kept: Kept) -> Token:
        self.file.make_room()  # else a full disk would cost the new token when the old one is spent already
        grant = Grant(type="refresh_token", secrets={"refresh_token": kept.refresh_token}, renew=RENEW)
        asked_at = self.clock()
        answer = ask(self.endpoint, grant)
        access = Token(text=answer.access_token, ends=asked_at + answer.lives)
        kept = replace(kept, access=access)
        if answer.refresh_token:
            kept = replace(kept, refresh_token=answer.refresh_token, refresh_token_ends=None)
        if answer.refresh_token_lives:
            kept = replace(kept, refresh_token_ends=asked_at + answer.refresh_token_lives)
        self._save(kept)
        return access

    def _save(self, kept: Kept) -> None:
        self._unsaved = kept  # where the disk fails it must not be lost: the old one is spent
        self.file.write(kept)
        self._unsaved = None


def fingerprint(endpoint: Endpoint, given: str) -> str:
    """What the kept token hangs on: where staff change any of it, the kept one is of no more use."""
    return hashlib.sha256("\n".join((endpoint.url, endpoint.client_id, given)).encode()).hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
