"""CVs on the roster that an older reader has read, and what a newer one says of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.decision import Decision
from domain.profile import Profile
from roster.entries import PEOPLE, Source, write_profile
from roster.store import Store, one_at_a_time
from roster.tables import cv_version, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A message with CVs of people on the roster."""

    id: int
    digest: str  # of its raw bytes
    arrived_at: datetime


def outdated(store: Store, current: Collection[str] | None) -> tuple[Came, ...]:
    """Messages with a CV that was read by none of the `current` readers, oldest first; None: all with CVs."""
    which = sa.select(cv_version.c.message)
    if current is not None:
        which = which.where(cv_version.c.reader.not_in(list(current)))
    wanted = sa.select(message.c.id, message.c.digest, message.c.arrived_at).where(message.c.id.in_(which))
    with store.read() as db:
        return tuple(Came(**row._mapping) for row in db.execute(wanted.order_by(message.c.arrived_at, message.c.id)))


def put_down(
    store: Store, came: Came, decision: Decision, *, now: datetime, essential: Collection[str] = ()
) -> tuple[int, ...]:
    """Write what the CVs of a message say now to the people whose CVs they are. What a person of the staff has
    confirmed or rejected stays; nobody is added, answered or removed. `essential`: languages of the call.

    Returns the people on the roster of whose CVs the decision no longer tells, or not as of one person: nothing of
    theirs is changed.
    """
    source = Source(
        message=came.id,
        digest=came.digest,
        arrived_at=came.arrived_at,
        decision=decision,
        essential_languages=tuple(essential),
    )
    with store.begin() as db:
        one_at_a_time(db, PEOPLE)
        of_message = sa.select(cv_version.c.person, cv_version.c.part_path).where(cv_version.c.message == came.id)
        held: dict[int, set[str]] = {}
        for row in db.execute(of_message):
            held.setdefault(row.person, set()).add(row.part_path)
        missed = []
        for id_, paths in sorted(held.items()):
            profile = _same_person(paths, decision.understanding.people, held)
            if profile is None:
                missed.append(id_)
            else:
                write_profile(db, id_, profile, source, new=False, now=now)
                _drop(db, id_, came, profile)
    return tuple(missed)


def _drop(db: sa.Connection, id_: int, came: Came, profile: Profile) -> None:
    """What was taken for a CV of theirs and is none."""
    of_theirs = (cv_version.c.person == id_, cv_version.c.message == came.id)
    db.execute(sa.delete(cv_version).where(*of_theirs, cv_version.c.part_path.not_in(profile.documents)))


def _same_person(paths: set[str], people: Collection[Profile], held: dict[int, set[str]]) -> Profile | None:
    """The one whose CVs are these documents; None where those of others are among them, or there are two."""
    theirs = [profile for profile in people if paths & set(profile.documents)]
    others = {path for other in held.values() if other != paths for path in other} - paths
    return theirs[0] if len(theirs) == 1 and not others & set(theirs[0].documents) else None
