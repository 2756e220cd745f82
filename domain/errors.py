"""Errors, grouped by what happens next. A bug is none of them, so that nothing swallows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

Loaded = TypeVar("Loaded")


class MicicError(Exception):
    """Something went wrong."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").strip()


class RetryLater(MicicError):
    """Something outside is away for the moment; the same step may succeed later."""

    def __init__(self, message: str = "", *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after  # the other side's own wish, None where it gave none


class StorageFails(RetryLater):
    """The disk or the database of the program itself fails: no other work would fare better now."""


class Interrupted(RetryLater):
    """The program was told to end; the work is taken up again at its next start."""


class ScannerAway(RetryLater):
    """The virus scanner does not answer: until it does, no message is opened."""


class RelayAway(RetryLater):
    """The relay cannot be spoken to at all: no other mail would fare better now."""


class NeedsReview(MicicError):
    """A person must look; trying again would change nothing."""


class Unreadable(NeedsReview):
    """A document cannot be read; the message of the error says why, in words for staff."""


class StaleStage(MicicError):
    """Somebody else has moved this row meanwhile; the move is void."""


class Refused(MicicError):
    """The other side refused for good."""


class OutcomeUnknown(MicicError):
    """The connection died when the relay may already have accepted the mail; never guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in a file that staff edit."""

    file: str  # as the person who edits it would name it, such as config/rules/themes/return.yaml
    line: int | None  # counted from 1; None where the whole file is meant
    message: str  # what is wrong, and what to write instead

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ConfigProblem(MicicError):
    """The configuration cannot be used."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(dict.fromkeys(problems))  # one file may be read for several ends: it is told of once
        super().__init__("\n".join(map(str, self.problems)))


def gathered(load: Callable[[], Loaded], problems: list[Problem]) -> Loaded | None:
    """What `load` gives, or None with its problems added: so that those of many files are told at once."""
    try:
        return load()
    except ConfigProblem as error:
        problems += error.problems
        return None
