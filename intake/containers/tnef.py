"""winmail.dat: what Outlook sends of a message in its own form ([MS-OXTNEF]).

Why not tnefparse: docs/decisions/0030-a-tnef-reader-of-our-own.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.containers import mapi
from intake.containers.mapi import Attached, Item, Properties
from intake.containers.model import Entity, NotOpened, Room
from intake.content import Content

SIGNATURE = b"\x78\x9f\x3e\x22"
DEEPEST = 8  # messages in messages
IID = 16  # bytes before the data of an object: what kind of object it is
# Attributes ([MS-OXTNEF] §2.1.3.2): the low half is the number, the high half the form.
CODE_PAGE, MESSAGE_PROPERTIES, BODY, SUBJECT, RECIPIENTS = 0x69007, 0x69003, 0x2800C, 0x18004, 0x69004
NEW_ATTACHMENT, TITLE, DATA, ATTACHMENT_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}  # bytes
SIZED = frozenset({mapi.STRING8, mapi.UNICODE, mapi.BINARY, mapi.OBJECT})
NAMED = 0x8000  # property ids from here on come with a name
MANY = 0x1000  # the flag of a property with several values

_Raw = dict[int, tuple[int, bytes]]


class _CutOff(Exception):
    """The bytes end before what they promise."""


@dataclass(slots=True)
class _Bytes:
    """Bytes that are read once, forward: whatever a count or a length says, it costs no more than the bytes there."""

    data: bytes
    at: int = 0

    def take(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        if len(piece) < size:
            raise _CutOff
        self.at += size
        return piece

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def padded(self, size: int) -> bytes:
        piece = self.take(size)
        self.at += -size % 4
        return piece


@dataclass(slots=True)
class _Found:
    """Attributes of the message or of one attachment."""

    attributes: dict[int, bytes] = field(default_factory=dict)
    whole: bool = True


def entity(content: Content, name: str | None, room: Room) -> Iterator[Entity]:  # noqa: ARG001 - an Opener
    """The message as a MIME entity; its text counts where the mail itself has none."""
    data = content.all()
    item, whole = _item(data, 0)
    if mapi.has_content(item):
        yield Entity(raw=mapi.entity(item), spare=True)
    if not whole:
        raise NotOpened("it is cut off.")


def _item(data: bytes, depth: int) -> tuple[Item, bool]:
    """A message, and whether it was there to its end. ValueError where it is no TNEF."""
    if not data.startswith(SIGNATURE) or depth > DEEPEST:
        raise ValueError("no TNEF, or too deep")
    message, *attachments = found = _attributes(data)
    whole = all(one.whole for one in found)
    page = message.attributes.get(CODE_PAGE, b"")
    charset = mapi.charset(int.from_bytes(page[:4], "little"))
    raw: _Raw = {}
    for key, attribute in ((mapi.BODY, BODY), (mapi.SUBJECT, SUBJECT)):
        if attribute in message.attributes:
            raw[key] = (mapi.STRING8, message.attributes[attribute])
    properties = Properties(raw | _properties(message.attributes.get(MESSAGE_PROPERTIES, b"")), charset)
    return Item(properties=properties, attachments=[_attached(one, charset, depth) for one in attachments]), whole


def _attributes(data: bytes) -> list[_Found]:
    """Those of the message, then those of each attachment. What is cut off is kept as far as it goes."""
    found = [_Found()]
    at = len(SIGNATURE) + 2
    while at + 9 <= len(data):
        key, size = struct.unpack_from("<II", data, at + 1)
        value = data[at + 9 : at + 9 + size]
        if key == NEW_ATTACHMENT:
            found.append(_Found())
        found[-1].attributes.setdefault(key, value)
        at += 9 + size + 2  # a checksum follows: wrong ones are common, and change nothing
        if at > len(data):
            found[-1].whole = False
    found[-1].whole &= at >= len(data)
    return found


def _attached(found: _Found, charset: str | None, depth: int) -> Attached:
    raw = _properties(found.attributes.get(ATTACHMENT_PROPERTIES, b""))
    if TITLE in found.attributes:
        raw.setdefault(mapi.ATTACH_NAME, (mapi.STRING8, found.attributes[TITLE]))
    kind, value = raw.pop(mapi.ATTACH_DATA, (mapi.BINARY, b""))
    data = found.attributes.get(DATA, b"")
    if kind == mapi.OBJECT:
        value = value[IID:]
    properties = Properties(raw, charset)
    if value.startswith(SIGNATURE) and depth < DEEPEST:
        return Attached(properties=properties, data=b"", embedded=_item(value, depth + 1)[0])
    return Attached(properties=properties, data=data or value)


def _properties(data: bytes) -> _Raw:
    """The properties, as far as they can be read ([MS-OXTNEF] §2.1.3.4.1)."""
    raw: _Raw = {}
    source = _Bytes(data)
    try:
        for _ in range(source.number()):
            key, kind, value = _property(source)
            if value is not None:
                raw.setdefault(key, (kind, value))
    except _CutOff:
        pass  # what came before is good; that the file is cut off has been seen already
    return raw


def _property(source: _Bytes) -> tuple[int, int, bytes | None]:
    """Its id, its type, and its first value; None where it has none."""
    kind, key = struct.unpack("<HH", source.take(4))
    if key >= NAMED:
        source.take(16)
        if source.number() == 0:
            source.take(4)
        else:
            source.padded(source.number())
        key = -key  # a name gives it its meaning, the number does not
    base = kind & ~MANY
    count = source.number() if kind & MANY or base in SIZED else 1
    value = None
    for _ in range(count):
        if base in SIZED:
            one = source.padded(source.number())
        elif base in FIXED:
            one = source.take(FIXED[base])
        else:
            raise _CutOff  # an unknown form: where the next one starts cannot be known
        value = one if value is None else value
    return key, base, value
