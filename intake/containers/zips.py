"""Zip archives."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from domain.charsets import decode_text
from intake.containers.model import (
    DAMAGED,
    LOCKED,
    SPLIT,
    TOO_LARGE,
    Member,
    NotOpened,
    Room,
    TooMuch,
    by_machine,
    machine_made,
    taken,
)
from intake.content import Content

UTF_8 = 0x800  # the flag of a name in UTF-8 (APPNOTE 4.4.4, bit 11)
ENCRYPTED = 0x1
UNICODE_PATH = 0x7075  # an extra field (APPNOTE 4.6.9)
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
OEM = ("ibm866", "ibm850")  # what Windows and DOS wrote names in, where no flag says otherwise


def members(content: Content, name: str | None, room: Room) -> Iterator[Member]:  # noqa: ARG001 - an Opener
    """The files of a zip archive, in the order of its directory."""
    with content.open() as file:
        if _is_split(file, content.size):
            raise NotOpened(SPLIT)
        with zipfile.ZipFile(file) as archive:
            yield from files(archive, (one for one in _named(archive.infolist()) if not one[0].is_dir()), room)


def files(archive: zipfile.ZipFile, named: Iterable[tuple[zipfile.ZipInfo, str]], room: Room) -> Iterator[Member]:
    """These entries unpacked, each with the name that it is to have, as long as all together fit into the room."""
    left = room.bytes
    for info, path in named:
        one = _member(archive, info, path, min(left, room.of(info.compress_size)))
        left -= len(one.data or b"")
        yield one


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, room: int) -> Member:
    """One file, of at most `room` bytes once unpacked; where it is not taken, the reason instead of its bytes."""
    if by_machine(path):
        return machine_made(path)
    if info.flag_bits & ENCRYPTED:
        return Member(name=path, data=None, reason=LOCKED)
    if info.compress_type not in METHODS:
        return Member(name=path, data=None, reason="It is packed by a method that cannot be unpacked here.")
    try:
        with archive.open(info) as file:
            return Member(name=path, data=taken(file, room=room))
    except TooMuch:
        return Member(name=path, data=None, reason=TOO_LARGE)
    except Exception:  # noqa: BLE001 - a damaged member raises a dozen kinds; the others may be whole
        return Member(name=path, data=None, reason=DAMAGED)


def _is_split(file: IO[bytes], size: int) -> bool:
    """The end record names the number of the disk on which it lies (APPNOTE 4.3.16)."""
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    file.seek(0)
    return 0 <= at <= len(tail) - 22 and struct.unpack_from("<H", tail, at + 4)[0] not in (0, 0xFFFF)


def _named(infos: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The entries with their names decoded. All names of an archive were written by one program, in one charset."""
    raws = {number: raw for number, info in enumerate(infos) if (raw := _undeclared(info)) is not None}
    charset = _charset(b"\n".join(raws.values())) if raws else ""
    for number, info in enumerate(infos):
        path = raws[number].decode(charset, "replace") if number in raws else info.filename
        yield info, _unicode_path(info) or path


def _undeclared(info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that does not say its charset, None where it does or needs none."""
    if info.flag_bits & UTF_8 or info.filename.isascii():
        return None
    # Without the UTF-8 flag the module reads IBM437; programs wrote whatever their Windows spoke.
    return info.filename.encode("cp437", "replace")


def _charset(names: bytes) -> str:
    for oem in OEM:
        charset = decode_text(names, oem)[1]
        if charset in ("utf-8", oem):
            return charset
    return decode_text(names, None)[1]


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in UTF-8 that some programs add beside the other: version 1, CRC of the other name, the name."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(field) == size > 5 and field[0] == 1:
            other = info.orig_filename.encode("utf-8" if info.flag_bits & UTF_8 else "cp437", "replace")
            if struct.unpack_from("<I", field, 1)[0] == zlib.crc32(other):
                return field[5:].decode("utf-8", "replace")
    return None
