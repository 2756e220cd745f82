"""Read the roster's CVs again where a reader has been improved. What staff have confirmed stays; nobody is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from domain.errors import NeedsReview
from domain.ports import Blobs, Clock
from roster import rereading
from roster.rereading import Came
from roster.store import Store
from service.pipeline import Desk, decide_alone

LOG = logging.getLogger("micic.rereading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    store: Store
    blobs: Blobs
    clock: Clock


@dataclass(slots=True, kw_only=True)
class Reread:
    """What came of it, by ids of messages; more is told in the log."""

    well: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)  # left as they were: for a person


def reread(
    messages: Sequence[Came],
    desk: Desk,
    *,
    roster: Roster,
    workers: int,
    each: Callable[[], object],
) -> Reread:
    """One transaction a message: it may be broken off at any time, and goes on where it was."""
    found = Reread()

    def read(came: Came) -> bool:
        try:
            decision = decide_alone(roster.blobs.path(came.digest), desk, arrived_at=came.arrived_at)
        except NeedsReview as error:
            LOG.warning("message %d: cannot be read again: %s", came.id, error)
            return False
        people = rereading.put_down(
            roster.store, came, decision, now=roster.clock(), essential=desk.call.essential_languages
        )
        if people:
            LOG.warning("message %d: tells no longer of person %s", came.id, ", ".join(map(str, people)))
        return not people

    with ThreadPoolExecutor(workers) as pool:
        for came, well in zip(messages, pool.map(read, messages), strict=True):
            (found.well if well else found.missed).append(came.id)
            each()
    return found
