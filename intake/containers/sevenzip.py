"""7z archives, by py7zr."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import Any

import py7zr
from py7zr.exceptions import PasswordRequired
from py7zr.io import Py7zIO, WriterFactory

from intake.containers.model import (
    DAMAGED,
    LOCKED,
    TOO_LARGE,
    Member,
    NotOpened,
    Room,
    TooMuch,
    by_machine,
    machine_made,
)
from intake.containers.tars import NOT_A_FILE
from intake.content import Content


class _Member(Py7zIO):
    """Takes the bytes of one file, and no more than it said that it has."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.pieces: list[bytes] = []
        self.whole = False

    def write(self, piece: bytes | bytearray) -> int:
        self.left -= len(piece)
        if self.left < 0:
            raise TooMuch
        self.pieces.append(bytes(piece))
        return len(piece)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - py7zr's form
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - py7zr's form
        return 0

    def flush(self) -> None:
        pass

    def size(self) -> int:
        return sum(map(len, self.pieces))

    def close(self) -> None:
        """py7zr closes what it has taken out to its end, and checked."""
        self.whole = True


class _Members(WriterFactory):
    def __init__(self, sizes: dict[str, int]) -> None:
        self.sizes = sizes
        self.taken: dict[str, _Member] = {}

    def create(self, filename: str) -> _Member:
        key = filename.rsplit("/", 1)[-1]  # it puts the working folder before it
        member = self.taken[key] = _Member(self.sizes[key])
        return member


def members(content: Content, name: str | None, room: Room) -> Iterator[Member]:  # noqa: ARG001 - an Opener
    """The files of a 7z archive. Their sizes are known before anything is unpacked."""
    with content.open() as file:
        try:
            archive: Any = py7zr.SevenZipFile(file)
        except PasswordRequired:
            raise NotOpened(LOCKED) from None
        with archive:
            yield from _members(archive, room.of(content.size))


def _members(archive: Any, room: int) -> Iterator[Member]:
    found = {str(number): (entry, entry.filename) for number, entry in enumerate(archive.files)}
    refused: dict[str, Member] = {}
    sizes: dict[str, int] = {}
    locked = archive.needs_password()
    for key, (entry, path) in list(found.items()):
        if entry.is_directory:
            del found[key]
        elif by_machine(path):
            refused[key] = machine_made(path)
        elif not stat.S_ISREG(entry.st_fmt or stat.S_IFREG) or entry.is_symlink:
            refused[key] = Member(name=path, data=None, reason=NOT_A_FILE)
        elif locked and not entry.emptystream:
            refused[key] = Member(name=path, data=None, reason=LOCKED)
        else:
            sizes[key] = entry.uncompressed
        # Files lie one after the other in one stream: those before must be unpacked to come to this one.
        room -= entry.uncompressed
        if room < 0 and key in sizes:
            del sizes[key]
            refused[key] = Member(name=path, data=None, reason=TOO_LARGE)
    taken = _taken_out(archive, sizes) if sizes else {}
    for key, (_, path) in found.items():
        if key in refused:
            yield refused[key]
        elif key in taken and taken[key].whole:
            yield Member(name=path, data=b"".join(taken.pop(key).pieces))
        else:
            yield Member(name=path, data=None, reason=DAMAGED)


def _taken_out(archive: Any, sizes: dict[str, int]) -> dict[str, _Member]:
    """What could be taken out, by number: two files may have one name, and a name may lead out of the folder."""
    for number, entry in enumerate(archive.files.files_list):
        entry["filename"] = str(number)
    factory = _Members(sizes)
    try:
        archive.extract(targets=list(sizes), factory=factory)
    except Exception:  # noqa: BLE001 - it raises a dozen kinds on damaged archives; what came before is whole
        return factory.taken
    return factory.taken
