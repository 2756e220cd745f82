"""What nobody here can open, refused by name and with advice."""

from __future__ import annotations

from collections.abc import Iterator

from intake.containers.cms import ENCRYPTED
from intake.containers.model import SPLIT, Member, NotOpened, Room
from intake.content import Content

RAR = "A RAR archive, which no free program opens safely; it must be sent as zip, or the files as they are."


def rar(content: Content, name: str | None, room: Room) -> Iterator[Member]:  # noqa: ARG001 - an Opener
    raise NotOpened(RAR)


def encrypted(content: Content, name: str | None, room: Room) -> Iterator[Member]:  # noqa: ARG001 - an Opener
    raise NotOpened(ENCRYPTED)


def split(content: Content, name: str | None, room: Room) -> Iterator[Member]:  # noqa: ARG001 - an Opener
    raise NotOpened(SPLIT)
