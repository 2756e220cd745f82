"""The files in a zip or tar.gz, taken out within limits, never by the names that they carry."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from domain.charsets import decode_text
from intake.content import PIECE, Content

RATIO_FROM = 1_048_576  # bytes: below this no ratio is a bomb


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    name: str  # decoded, with folders as the archive has them
    data: bytes | None  # None where it was refused
    refused: str = ""  # why, in words for staff


class TooMuch(ValueError):
    """It is larger than the limits allow."""


def members(content: Content, kind: str, *, ratio: int, room: int) -> Iterator[Member]:
    """The members of an archive. `ratio`: unpacked to packed, at most; `room`: bytes that all of them may take.

    Raises ValueError where the archive cannot be opened.
    """
    try:
        with content.open() as file:
            yield from _zip(file, ratio, room) if kind == "application/zip" else _tar(file, content.size, ratio, room)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ValueError("The archive is damaged and could not be opened.") from error


def _zip(file: IO[bytes], ratio: int, room: int) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir() or _by_machine(info.filename):
                continue
            name = _zip_name(info)
            if info.flag_bits & 1:
                yield Member(name=name, data=None, refused="It is locked with a password in the archive.")
                continue
            try:
                with archive.open(info) as member:
                    data = _taken(member, room=min(room, max(RATIO_FROM, info.compress_size * ratio)))
            except TooMuch:
                yield Member(name=name, data=None, refused="It is too large once unpacked.")
            except Exception:  # noqa: BLE001 - a damaged member raises a dozen kinds; the others may be whole
                yield Member(name=name, data=None, refused="It is damaged in the archive.")
            else:
                room -= len(data)
                yield Member(name=name, data=data)


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    # Without the UTF-8 flag the module reads IBM437; programs wrote whatever their Windows spoke.
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for oem in ("ibm866", "ibm850"):
        text, charset = decode_text(raw, oem)
        if charset in ("utf-8", oem):
            return text
    return decode_text(raw, None)[0]


def _tar(file: IO[bytes], packed: int, ratio: int, room: int) -> Iterator[Member]:
    room = min(room, max(RATIO_FROM * 20, packed * ratio))
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for info in archive:
            if not info.isfile() or _by_machine(info.name):
                continue
            member = archive.extractfile(info)
            try:
                data = _taken(member, room=room) if member else b""
            except TooMuch:
                yield Member(name=info.name, data=None, refused="It is too large once unpacked.")
                return
            room -= len(data)
            yield Member(name=info.name, data=data)


def _taken(member: IO[bytes], *, room: int) -> bytes:
    pieces, size = [], 0
    while piece := member.read(PIECE):
        size += len(piece)
        if size > room:
            raise TooMuch
        pieces.append(piece)
    return b"".join(pieces)


def _by_machine(name: str) -> bool:
    """What operating systems put into archives by themselves."""
    base = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or base.startswith("._") or base in (".DS_Store", "Thumbs.db", "desktop.ini")
