"""What the pages work with, and one visit to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from console.links import Links, Opened
from domain.errors import MicicError
from domain.links import Place
from domain.ports import Clock
from notifications.reader import Reader
from notifications.words import Words
from roster.erasure import Erased
from roster.store import Store


class Gone(MicicError):
    """What the link leads to has been erased."""


class NotAsked(MicicError):
    """No button of ours asks for this."""


class Checked(Protocol):
    """What speaks for and against carrying out a withdrawal."""

    @property
    def people(self) -> Sequence[int]: ...
    @property
    def findings(self) -> Sequence[str]: ...
    @property
    def proven(self) -> bool: ...


class Erase(Protocol):
    def __call__(self, person: int, *, actor: str, asked_by: int) -> Erased:
        """Remove a person with everything of theirs. KeyError where nobody has this number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    store: Store
    links: Links
    words: Words
    reader: Callable[[datetime], Reader]
    clock: Clock
    check: Callable[[int], Checked]  # a withdrawal, by the number of its message; KeyError where there is none
    erase: Erase


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody follows a good link."""

    desk: Desk
    opened: Opened
    now: datetime

    @property
    def id(self) -> int:
        return self.opened.place.id

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def words(self) -> Words:
        return self.desk.words

    @property
    def reader(self) -> Reader:
        return self.desk.reader(self.now)

    @property
    def actor(self) -> str:
        """Who does it, as far as anybody knows: whoever has the link."""
        return f"a link in the digest of {self.opened.day}"

    def link(self, place: Place) -> str:
        """From one page to another: it ends when the link ends that was followed."""
        return self.desk.links.token(place, self.opened.day)


@contextmanager
def still_there() -> Iterator[None]:
    """What is looked up may have been erased."""
    try:
        yield
    except KeyError:
        raise Gone from None
