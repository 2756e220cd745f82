"""Bytes by their SHA-256, in a folder. What has been put is never changed."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from domain.errors import StorageFails
from domain.ports import BlobRef

LEFTOVERS = "incoming"  # where files lie until they are whole; a crash leaves them there

_DIGEST = re.compile(r"[0-9a-f]{64}")


def sync_file_system(descriptor: int) -> None:
    """All of the file system that holds this open folder is on disk on return; OSError where some of it is not.

    syncfs(2) tells of errors since the folder was opened. Where the system has no such call, everything is synced.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
    elif syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@dataclass(frozen=True, slots=True)
class FolderBlobs:
    """A folder of blobs, spread over 256 folders by the first digits of the digest."""

    root: Path
    sync: Callable[[int], None] = sync_file_system

    @contextmanager
    def batch(self) -> Iterator[FolderBatch]:
        """All that was put is on disk when the block ends without error; else nothing of it is there.

        The order is what makes it safe: every file is written, then synced, then renamed, then the folders are
        synced. A file bears its name only when its bytes are on disk. Two syncs of the file system do that for any
        number of files (docs/decisions/0040). StorageFails where the disk is full or cannot be written.
        """
        incoming = self.root / LEFTOVERS
        batch = FolderBatch(blobs=self, incoming=incoming)
        try:
            incoming.mkdir(parents=True, exist_ok=True)
            with _opened(incoming) as descriptor:  # before the first byte: a sync tells of the errors from here
                yield batch
                batch.commit(descriptor)
        except (ConnectionError, TimeoutError):
            raise  # the pieces come from a server: no fault of the disk
        except OSError as error:
            wrong = error.strerror or type(error).__name__
            raise StorageFails(f"{self.root} cannot be written: {wrong}; see micic doctor") from error
        finally:
            batch.discard()

    def path(self, digest: str) -> Path:
        """A local file with these bytes, to read only. KeyError where there is none."""
        path = self.place(digest)
        if not path.is_file():
            raise KeyError(digest)
        return path

    def delete(self, digest: str) -> None:
        """Take the bytes away for good; nothing happens where there are none."""
        path = self.place(digest)
        with suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)

    def place(self, digest: str) -> Path:
        """Where these bytes lie or would lie. KeyError where it is no digest: nothing else ever becomes a path."""
        if not _DIGEST.fullmatch(digest):
            raise KeyError(digest)
        return self.root / digest[:2] / digest

    def clean(self, *, now: datetime, older_than: timedelta) -> int:
        """Take away what a crash left half written. Returns how many files that were."""
        count = 0
        for path in (self.root / LEFTOVERS).glob("*"):
            if path.stat().st_mtime < (now - older_than).timestamp():
                path.unlink(missing_ok=True)
                count += 1
        return count


@dataclass(slots=True)
class FolderBatch:
    """Files that are written but do not count yet."""

    blobs: FolderBlobs
    incoming: Path
    written: dict[str, Path] = field(default_factory=dict)  # digest → file in `incoming`
    met: bool = False  # some were there before

    def put(self, pieces: Iterable[bytes]) -> BlobRef:
        path = self.incoming / secrets.token_hex(16)
        sha, size = hashlib.sha256(), 0
        try:
            with path.open("xb") as out:
                for piece in pieces:
                    sha.update(piece)
                    size += len(piece)
                    out.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)  # the pieces come from a server, which may go away half way
            raise
        digest = sha.hexdigest()
        if digest in self.written or self.blobs.place(digest).is_file():
            path.unlink()
            self.met = True
        else:
            self.written[digest] = path
        return BlobRef(digest=digest, size=size)

    def commit(self, descriptor: int) -> None:
        if self.written:
            self.blobs.sync(descriptor)
        for digest, path in self.written.items():
            target = self.blobs.place(digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        if self.written or self.met:  # another process may have renamed those a moment ago, and not synced yet
            self.blobs.sync(descriptor)
        self.written.clear()

    def discard(self) -> None:
        for path in self.written.values():
            path.unlink(missing_ok=True)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    with _opened(folder) as descriptor:
        os.fsync(descriptor)
