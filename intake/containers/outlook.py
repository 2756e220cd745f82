"""Mails that Outlook saved as files: .msg ([MS-OXMSG])."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.mail import Fate
from intake.containers import mapi
from intake.containers.mapi import Attached, Item, Properties
from intake.containers.model import TOO_LARGE, Letter, NotOpened, Room
from intake.containers.ole import Storage, storage
from intake.content import Content

DEEPEST = 8  # messages in messages
STREAM, FIXED = "__substg1.0_", "__properties_version1.0"
ATTACHMENT, RECIPIENT = "__attach_version1.0_#", "__recip_version1.0_#"
EMBEDDED = f"{STREAM}3701000D"  # the folder of a message in a message
FIXED_HEADER = {True: 32, False: 24}  # bytes before the fixed values: of the file's own message, and of one in it
FIXED_HEADER_OF_PARTS = 8
NO_MAIL = {"ipm.contact": "A contact card.", "ipm.distlist": "A list of contacts.", "ipm.task": "A task.",
           "ipm.appointment": "A calendar entry.", "ipm.schedule": "A calendar entry.",
           "ipm.stickynote": "A note.", "ipm.activity": "A journal entry."}  # fmt: skip


@dataclass(slots=True)
class _Node:
    """A folder of the file."""

    streams: list[tuple[str, ...]] = field(default_factory=list)
    folders: dict[str, _Node] = field(default_factory=dict)


def letter(content: Content, name: str | None, room: Room) -> Iterator[Letter]:  # noqa: ARG001 - an Opener
    """The message, as RFC 5322 has it; contacts, appointments and the like are none."""
    with content.open() as file, storage(file) as opened:
        if sum(map(opened.size, opened.streams)) > room.of(content.size):
            raise NotOpened(TOO_LARGE, Fate.REFUSED)  # streams may lie one over the other
        item = _item(opened, _tree(opened.streams), charset=None, depth=0)
    kind = item.properties.text(mapi.MESSAGE_CLASS).lower()
    reason = next((reason for name, reason in NO_MAIL.items() if kind.startswith(name)), None)
    if reason and not item.attachments:
        raise NotOpened(reason, Fate.IGNORED)
    yield Letter(raw=mapi.letter(item))


def _tree(streams: Sequence[tuple[str, ...]]) -> _Node:
    root = _Node()
    for path in streams:
        node = root
        for step in path[:-1]:
            node = node.folders.setdefault(step, _Node())
        node.streams.append(path)
    return root


def _item(opened: Storage, node: _Node, *, charset: str | None, depth: int) -> Item:
    raw = _properties(opened, node, FIXED_HEADER[depth == 0])
    own = Properties(raw)
    charset = (
        mapi.charset(own.number(mapi.MESSAGE_CODE_PAGE)) or mapi.charset(own.number(mapi.INTERNET_CODE_PAGE)) or charset
    )
    folders = sorted(node.folders.items())
    return Item(
        properties=Properties(raw, charset),
        attachments=[
            _attached(opened, inner, charset, depth) for name, inner in folders if name.startswith(ATTACHMENT)
        ],
        recipients=[
            Properties(_properties(opened, inner, FIXED_HEADER_OF_PARTS), charset)
            for name, inner in folders
            if name.startswith(RECIPIENT)
        ],
    )


def _attached(opened: Storage, node: _Node, charset: str | None, depth: int) -> Attached:
    properties = Properties(_properties(opened, node, FIXED_HEADER_OF_PARTS), charset)
    inner = node.folders.get(EMBEDDED)
    if inner is not None and depth < DEEPEST and any(path[-1] == FIXED for path in inner.streams):
        return Attached(
            properties=properties, data=b"", embedded=_item(opened, inner, charset=charset, depth=depth + 1)
        )
    return Attached(properties=properties, data=properties.data(mapi.ATTACH_DATA))


def _properties(opened: Storage, node: _Node, header: int) -> dict[int, tuple[int, bytes]]:
    raw: dict[int, tuple[int, bytes]] = {}
    for path in node.streams:
        if path[-1] == FIXED:
            data = opened.read(path)
            for at in range(header, len(data) - 15, 16):  # type, id, flags, value
                kind, key = struct.unpack_from("<HH", data, at)
                raw.setdefault(key, (kind, data[at + 8 : at + 16]))
    for path in node.streams:
        number = path[-1].removeprefix(STREAM)
        if path[-1].startswith(STREAM) and len(number) == 8:  # longer ones are the values of a list
            try:
                raw[int(number[:4], 16)] = (int(number[4:], 16), opened.read(path))
            except ValueError:
                continue  # a name that is no number is no property
    return raw
