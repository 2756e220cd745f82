"""Archives that are cut off or broken: their members are found by their own headers (APPNOTE.TXT §4.3.7)."""

from __future__ import annotations

import struct
import zlib

from domain.errors import Unreadable

HEADER = struct.Struct("<4sHHHHHIIIHH")
MARK = b"PK\x03\x04"
STORED, DEFLATED = 0, 8
PIECE = 4096  # bytes: of a piece with damage in it nothing is kept


def members(data: bytes, most: int) -> dict[str, int]:
    """The first `most` members: name → place of its header."""
    found: dict[str, int] = {}
    at = data.find(MARK)
    while at >= 0 and len(found) < most and at + HEADER.size <= len(data):
        length = HEADER.unpack_from(data, at)[9]
        name = data[at + HEADER.size : at + HEADER.size + length].decode("utf-8", "replace")
        found.setdefault(name, at)
        at = data.find(MARK, at + HEADER.size)
    return found


def unpacked(data: bytes, at: int, most: int) -> bytes:
    """What can be had of the member whose header stands at `at`, and no more than `most` bytes of it."""
    _, _, flags, method, _, _, _, packed, _, name, extra = HEADER.unpack_from(data, at)
    if flags & 1:
        raise Unreadable("the file is protected by a password")
    start = at + HEADER.size + name + extra
    if method == STORED:
        return data[start : start + min(packed, most)]
    return _inflated(data, start, most) if method == DEFLATED else b""


def _inflated(data: bytes, start: int, most: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    out = bytearray()
    for place in range(start, len(data), PIECE):
        piece = data[place : place + PIECE]
        while piece and len(out) < most:
            try:
                out += inflater.decompress(piece, most - len(out))
            except zlib.error:
                return bytes(out)
            piece = inflater.unconsumed_tail
        if inflater.eof or len(out) >= most:
            break
    return bytes(out)
