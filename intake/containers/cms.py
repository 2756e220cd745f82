"""S/MIME without a readable twin: signed, compressed or encrypted entities (RFC 5652, RFC 3274, RFC 8551 §3)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from domain.mail import Fate
from intake.containers import ber
from intake.containers.model import TOO_LARGE, Entity, Member, NotOpened, Room
from intake.content import Content
from intake.loose_base64 import from_base64

ENCRYPTED = "It is encrypted, and nobody here has the key; it must be sent without encryption."
PKCS7 = bytes.fromhex("2a864886f70d0107")  # 1.2.840.113549.1.7
SMIME = bytes.fromhex("2a864886f70d0109100109")  # 1.2.840.113549.1.9.16.1.9
SIGNED, COMPRESSED = PKCS7 + b"\x02", SMIME
SEALED = frozenset({PKCS7 + b"\x03", PKCS7 + b"\x04", PKCS7 + b"\x06", SMIME[:-1] + b"\x17"})

_ARMOUR = re.compile(rb"-----[A-Z0-9 ]+-----")
_FIELD = re.compile(rb"(?:content-[a-z-]+|mime-version):", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:p7m|p7s|p7z)$", re.IGNORECASE)


def parts(content: Content, name: str | None, room: Room) -> Iterator[Entity | Member]:
    """What was signed or compressed: a MIME entity, else a file as such. No signature is verified."""
    inner = _inner(_binary(content.all()), room.of(content.size))
    if _FIELD.match(inner[:200].lstrip()):
        yield Entity(raw=inner)
    else:
        yield Member(name=_ENDING.sub("", name) if name else None, data=inner)


def _binary(data: bytes) -> bytes:
    """The DER or BER, out of base64 where it lies in that once more."""
    if data.startswith(b"0"):
        return data
    return from_base64(_ARMOUR.sub(b"", data))


def _inner(data: bytes, room: int) -> bytes:
    """ContentInfo → SignedData or CompressedData → EncapsulatedContentInfo → eContent."""
    reader = ber.Reader(data)
    reader.enter(ber.SEQUENCE)
    kind = reader.take(ber.OBJECT_IDENTIFIER)
    if kind in SEALED:
        raise NotOpened(ENCRYPTED)
    if kind not in (SIGNED, COMPRESSED):
        raise NotOpened("It holds no mail.", Fate.IGNORED)
    reader.enter(ber.CONTENT)
    reader.enter(ber.SEQUENCE)
    reader.take(ber.INTEGER)  # version
    reader.skip()  # digest algorithms, or the compression algorithm
    reader.enter(ber.SEQUENCE)
    reader.take(ber.OBJECT_IDENTIFIER)
    if reader.tag() != ber.CONTENT:
        raise NotOpened("A digital signature or certificates.", Fate.IGNORED)
    reader.enter(ber.CONTENT)
    inner = reader.octets()
    return inner if kind == SIGNED else _decompressed(inner, room)


def _decompressed(data: bytes, room: int) -> bytes:
    out = zlib.decompressobj().decompress(data, room + 1)
    if len(out) > room:
        raise NotOpened(TOO_LARGE, Fate.REFUSED)
    return out
