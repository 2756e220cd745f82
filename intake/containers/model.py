"""What comes out of a container: files, one message, or parts that stand in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TypeAlias

from domain.mail import Fate
from intake.content import PIECE, Content

RATIO_FROM = 1_048_576  # bytes: below this no ratio is a bomb


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one container may cost."""

    bytes: int  # that all of it together may take once unpacked
    ratio: int  # unpacked to packed, at most

    def of(self, packed: int) -> int:
        """The bytes that so many packed bytes may become."""
        return min(self.bytes, max(RATIO_FROM, packed * self.ratio))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file."""

    name: str | None  # decoded, with folders as the container has them; never used as a path
    data: bytes | None  # None where it was not taken out
    fate: Fate = Fate.REFUSED  # of one that was not
    reason: str = ""  # why it was not, in words for staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole message, as RFC 5322 has it."""

    raw: bytes

    def pieces(self) -> Iterator[bytes]:
        return iter((self.raw,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A MIME entity (RFC 2045 §2.4) that stands for the container: its text is the message's own."""

    raw: bytes
    spare: bool = False  # its text counts only where the message has none

    def pieces(self) -> Iterator[bytes]:
        return iter((self.raw,))


Opened: TypeAlias = Member | Letter | Entity
Opener: TypeAlias = Callable[[Content, str | None, Room], Iterator[Opened]]  # content, file name, limits


class NotOpened(Exception):
    """The container stays shut, or what is left of it does; the message says why, in words for staff."""

    def __init__(self, reason: str, fate: Fate = Fate.UNREADABLE) -> None:
        super().__init__(reason)
        self.fate = fate


class TooMuch(ValueError):
    """It is larger than the limits allow."""


TOO_LARGE = "It is too large once unpacked; it stays in the raw mail only."
LOCKED = "It is locked with a password; it must be sent without one."
SPLIT = "One piece of an archive that was split; it must be sent in one piece."
DAMAGED = "It is damaged in the archive."


def taken(file: IO[bytes], *, room: int) -> bytes:
    """All that the file holds. TooMuch where that is more than `room` bytes."""
    pieces, size = [], 0
    while piece := file.read(min(PIECE, room - size + 1)):
        size += len(piece)
        if size > room:
            raise TooMuch
        pieces.append(piece)
    return b"".join(pieces)


def by_machine(name: str) -> bool:
    """What operating systems put into archives by themselves."""
    folders, _, base = name.replace("\\", "/").rpartition("/")
    return (
        "__MACOSX" in folders.split("/")
        or base.startswith("._")
        or base in (".DS_Store", "Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r")
    )


def machine_made(name: str) -> Member:
    return Member(name=name, data=None, fate=Fate.IGNORED, reason="What a computer adds to its folders by itself.")
