"""Tar archives, plain or compressed, and single files compressed by gzip, bzip2 or xz."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
from collections.abc import Iterator
from typing import IO, cast

from domain.charsets import decode_text
from domain.mail import Fate
from intake.containers.model import TOO_LARGE, Member, NotOpened, Room, TooMuch, by_machine, machine_made, taken
from intake.content import Content

BLOCK = 512  # bytes of a tar header
NOT_A_FILE = "A link or a device, not a file; never followed."

_ENDING = re.compile(r"\.(?:gz|gzip|bz2|xz)$", re.IGNORECASE)


class _Bounded:
    """A stream that is read forward only, and raises TooMuch beyond `room` bytes."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self.file = file
        self.room = room
        self.kept = b""  # read ahead

    def peek(self, size: int) -> bytes:
        while len(self.kept) < size and (piece := self._more(size - len(self.kept))):
            self.kept += piece
        return self.kept

    def read(self, size: int) -> bytes:
        piece, self.kept = self.kept[:size], self.kept[size:]
        return piece or self._more(size)

    def _more(self, size: int) -> bytes:
        piece = self.file.read(size)
        self.room -= len(piece)
        if self.room < 0:
            raise TooMuch
        return piece


def members(content: Content, name: str | None, room: Room) -> Iterator[Member]:
    """The files of a tar archive, or the one file that was compressed."""
    with content.open() as packed:
        stream = _Bounded(_unpacked(packed, content.head), room.of(content.size))
        try:
            if _is_tar(stream.peek(BLOCK)):
                yield from _tar(stream)
            else:
                yield _single(stream, name)
        except TooMuch:
            raise NotOpened(TOO_LARGE, Fate.REFUSED) from None


def _unpacked(packed: IO[bytes], head: bytes) -> IO[bytes]:
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=packed))
    if head.startswith(b"BZh"):
        return bz2.BZ2File(packed)
    if head.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(packed)
    return packed


def _is_tar(header: bytes) -> bool:
    """A header block whose checksum is right (POSIX.1-1988 ustar, and the older form without a magic)."""
    try:
        tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _tar(stream: _Bounded) -> Iterator[Member]:
    with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|", errors="surrogateescape") as archive:
        for info in archive:
            path = _decoded(info.name)
            if info.isdir():
                continue
            if by_machine(path):
                yield machine_made(path)
            elif not info.isfile():
                yield Member(name=path, data=None, reason=NOT_A_FILE)
            else:
                file = archive.extractfile(info)
                # A sparse file may say that it is huge and cost the stream nothing.
                yield Member(name=path, data=taken(file, room=stream.room + info.size % BLOCK) if file else b"")


def _decoded(name: str) -> str:
    return name if name.isascii() else decode_text(name.encode("utf-8", "surrogateescape"), None)[0]


def _single(stream: _Bounded, name: str | None) -> Member:
    return Member(name=_ENDING.sub("", name) if name else None, data=taken(cast(IO[bytes], stream), room=stream.room))
