"""What every Blobs promises, asked of a fake and of the folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import StorageFails
from domain.ports import BlobRef, Blobs
from intake.blobs import FolderBlobs, sync_file_system

DIGEST = hashlib.sha256(b"hello").hexdigest()


class PlainBlobs:
    """Blobs in one folder, with nothing done for safety."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def batch(self) -> Iterator[PlainBlobs]:
        yield self

    def put(self, pieces: Iterable[bytes]) -> BlobRef:
        data = b"".join(pieces)
        digest = hashlib.sha256(data).hexdigest()
        (self.root / digest).write_bytes(data)
        return BlobRef(digest=digest, size=len(data))

    def path(self, digest: str) -> Path:
        if "/" in digest or not (self.root / digest).is_file():
            raise KeyError(digest)
        return self.root / digest

    def delete(self, digest: str) -> None:
        (self.root / digest).unlink(missing_ok=True)


@pytest.fixture(params=[PlainBlobs, FolderBlobs])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    made: Blobs = request.param(tmp_path)
    return made


def test_what_was_put_is_found_by_its_digest(blobs: Blobs) -> None:
    with blobs.batch() as batch:
        assert batch.put([b"he", b"llo"]) == BlobRef(digest=DIGEST, size=5)
    assert blobs.path(DIGEST).read_bytes() == b"hello"


def test_the_same_bytes_may_be_put_again(blobs: Blobs) -> None:
    for _ in range(2):
        with blobs.batch() as batch:
            batch.put([b"hello"])
            batch.put([b"hello"])
    assert blobs.path(DIGEST).read_bytes() == b"hello"


def test_a_message_without_bytes_can_be_kept_too(blobs: Blobs) -> None:
    with blobs.batch() as batch:
        ref = batch.put([])
    assert blobs.path(ref.digest).read_bytes() == b""


@pytest.mark.parametrize("digest", [DIGEST, "../../etc/passwd", ""])
def test_what_was_never_put_is_a_key_error(blobs: Blobs, digest: str) -> None:
    with pytest.raises(KeyError):
        blobs.path(digest)


def test_what_was_deleted_is_gone_and_may_be_deleted_again(blobs: Blobs) -> None:
    with blobs.batch() as batch:
        batch.put([b"hello"])
    blobs.delete(DIGEST)
    blobs.delete(DIGEST)
    with pytest.raises(KeyError):
        blobs.path(DIGEST)


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    with pytest.raises(ConnectionError), blobs.batch() as batch:
        batch.put([b"hello"])
        raise ConnectionError
    with pytest.raises(KeyError):
        blobs.path(DIGEST)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_pieces_that_break_off_leave_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"hel"
        raise ConnectionError

    blobs = FolderBlobs(tmp_path)
    with blobs.batch() as batch:
        with pytest.raises(ConnectionError):
            batch.put(broken())
        batch.put([b"hello"])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [DIGEST]


def test_every_file_is_synced_before_it_bears_its_name_and_every_name_after(tmp_path: Path) -> None:
    seen: list[tuple[bool, ...]] = []
    others = [hashlib.sha256(raw).hexdigest() for raw in (b"hello", b"world")]

    def sync(descriptor: int) -> None:
        assert os.fstat(descriptor).st_dev == tmp_path.stat().st_dev
        seen.append(tuple(blobs.place(digest).exists() for digest in others))
        sync_file_system(descriptor)

    blobs = FolderBlobs(tmp_path, sync=sync)
    with blobs.batch() as batch:
        batch.put([b"hello"])
        batch.put([b"world"])
    assert seen == [(False, False), (True, True)]


def test_bytes_that_another_wrote_are_synced_before_they_are_relied_on(tmp_path: Path) -> None:
    syncs: list[int] = []
    blobs = FolderBlobs(tmp_path, sync=syncs.append)
    for count in (2, 3):
        with blobs.batch() as batch:
            batch.put([b"hello"])
        assert len(syncs) == count
    with blobs.batch():
        pass
    assert len(syncs) == 3


def test_a_disk_that_fails_to_sync_leaves_nothing(tmp_path: Path) -> None:
    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    blobs = FolderBlobs(tmp_path, sync=broken)
    with pytest.raises(StorageFails, match="Input/output"), blobs.batch() as batch:
        batch.put([b"hello"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_system_that_cannot_be_synced_is_told() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        sync_file_system(-1)


def test_leftovers_of_a_crash_go_with_age(tmp_path: Path) -> None:
    leftover = tmp_path / "incoming" / "half"
    leftover.parent.mkdir()
    leftover.write_bytes(b"hal")
    now = datetime.fromtimestamp(leftover.stat().st_mtime, UTC)
    blobs = FolderBlobs(tmp_path)
    assert blobs.clean(now=now + timedelta(minutes=5), older_than=timedelta(hours=1)) == 0
    assert blobs.clean(now=now + timedelta(hours=2), older_than=timedelta(hours=1)) == 1
    assert not leftover.exists()
