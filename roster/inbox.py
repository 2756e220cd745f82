"""What lies in the inbox and what the ledger believes of it, compared: every difference has a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.digest import Inbox
from domain.mail import MessageKey, Waiting
from domain.moves import Stage
from roster.store import Store, insert
from roster.tables import Ending, message, sighting, undelivered

AT_ONCE = 400  # values in one IN (…)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What has changed in the inbox without us; ids of messages."""

    by_hand: tuple[int, ...] = ()  # moved or deleted by somebody else: their bytes are kept
    renumbered: tuple[int, ...] = ()  # their places name nothing any more: a new UIDVALIDITY, or another folder
    came_back: tuple[int, ...] = ()  # known by their places, and had left: to be filed away again


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that the server lists and does not hand out."""

    key: MessageKey
    first_at: datetime
    attempts: int
    run_at: datetime  # not to be asked for before
    error: str


def compare(
    store: Store, listed: Sequence[Waiting], *, folder: str, now: datetime, moved_unnoticed: bool
) -> Differences:
    """Bring the ledger's view of a folder up to what the server lists, and say what was different.

    Places in another folder are of a time when that one was set. `moved_unnoticed`: the pass before was cut off, so
    that we ourselves may have moved what was settled.
    """
    there = {(one.key.uid_validity, one.key.uid) for one in listed}
    validities = {one.key.uid_validity for one in listed}
    gone: dict[Ending, list[sa.Row[Any]]] = {ending: [] for ending in Ending}
    with store.begin() as db:
        for row in db.execute(_lying()).all():
            if row.mailbox != folder:
                gone[Ending.RENUMBERED].append(row)
            elif (row.uid_validity, row.uid) in there:
                continue
            elif validities and row.uid_validity not in validities:
                gone[Ending.RENUMBERED].append(row)
            elif moved_unnoticed and row.stage == Stage.SETTLED.value:
                gone[Ending.FILED].append(row)
            else:
                gone[Ending.BY_HAND].append(row)
        for ending, rows in gone.items():
            _set(db, [row.id for row in rows], {"gone_at": now, "ending": ending.value})
        back = [row for row in _left(db, folder, listed) if (row.uid_validity, row.uid) in there]
        _set(db, [row.id for row in back], {"gone_at": None, "ending": None, "file_after": None})
        _forget_undelivered(db, folder, there)
    return Differences(
        by_hand=tuple(row.message for row in gone[Ending.BY_HAND]),
        renumbered=tuple(row.message for row in gone[Ending.RENUMBERED]),
        came_back=tuple(row.message for row in back),
    )


def unknown(store: Store, listed: Sequence[Waiting]) -> list[Waiting]:
    """Those that the ledger has not met at their places, in the same order.

    Another size under a known UID is another message: a server that was restored from a backup may give UIDs twice.
    """
    known: dict[tuple[str, int], dict[int, int | None]] = {}
    with store.read() as db:
        for box, validity in {(one.key.mailbox, one.key.uid_validity) for one in listed}:
            met = sa.select(sighting.c.uid, sighting.c.size).where(
                sighting.c.mailbox == box, sighting.c.uid_validity == validity
            )
            known[box, validity] = {row.uid: row.size for row in db.execute(met)}
    new = []
    for one in listed:
        sizes = known[one.key.mailbox, one.key.uid_validity]
        if one.key.uid not in sizes or sizes[one.key.uid] not in (None, one.size):
            new.append(one)
    return new


def known_again(store: Store, keys: Iterable[MessageKey]) -> tuple[int, ...]:
    """Of messages just entered from these places, those that had been met elsewhere before and had left there."""
    earlier = sighting.alias()
    met = (
        sa.select(sighting.c.message)
        .where(
            sighting.c.mailbox == sa.bindparam("box"),
            sighting.c.uid_validity == sa.bindparam("validity"),
            sighting.c.uid == sa.bindparam("at_uid"),
            sa.exists().where(
                earlier.c.message == sighting.c.message,
                earlier.c.id < sighting.c.id,
                sa.or_(earlier.c.ending.is_(None), earlier.c.ending != Ending.RENUMBERED.value),
            ),
        )
        .limit(1)
    )
    found: list[int] = []
    with store.read() as db:
        for key in keys:
            places = {"box": key.mailbox, "validity": key.uid_validity, "at_uid": key.uid}
            found += db.execute(met, places).scalars()
    return tuple(found)


def account(store: Store, listed: Sequence[Waiting], *, folder: str) -> Inbox:
    """What the ledger knows of each message that the server lists."""
    keys = {(one.key.uid_validity, one.key.uid) for one in listed}
    with store.read() as db:
        lying = db.execute(_lying().where(sighting.c.mailbox == folder))
        found = {(row.uid_validity, row.uid): row.stage for row in lying}
        refused = {(row.uid_validity, row.uid) for row in db.execute(_undelivered(folder))}
    stages = Counter(found[key] for key in keys if key in found)
    return Inbox(
        on_server=len(keys),
        settled=stages[Stage.SETTLED.value],
        waiting=stages[Stage.RECEIVED.value],
        quarantined=stages[Stage.QUARANTINED.value],
        undelivered=len((refused & keys) - found.keys()),
        unknown=len(keys - found.keys() - refused),
    )


def not_delivered(store: Store, folder: str) -> tuple[Undelivered, ...]:
    with store.read() as db:
        return tuple(
            Undelivered(
                key=MessageKey(mailbox=row.mailbox, uid_validity=row.uid_validity, uid=row.uid),
                first_at=row.first_at,
                attempts=row.attempts,
                run_at=row.run_at,
                error=row.error,
            )
            for row in db.execute(_undelivered(folder))
        )


def put_off(store: Store, one: Undelivered) -> None:
    """Ask for it no more before its time; it holds up no others."""
    place = {"mailbox": one.key.mailbox, "uid_validity": one.key.uid_validity, "uid": one.key.uid}
    tried = {"attempts": one.attempts, "run_at": one.run_at, "error": one.error}
    with store.begin() as db:
        add = insert(db.dialect.name, undelivered).values(**place, first_at=one.first_at, **tried)
        db.execute(add.on_conflict_do_update(index_elements=list(place), set_=tried))


def delivered(store: Store, keys: Iterable[MessageKey], *, folder: str) -> None:
    """The server has handed these out: what it refused before counts no more."""
    late = {one.key for one in not_delivered(store, folder)} & set(keys)
    if late:  # hardly ever
        with store.begin() as db:
            for key in late:
                _forget(db, key)


def _lying() -> sa.Select[Any]:
    place = (sighting.c.id, sighting.c.mailbox, sighting.c.uid_validity, sighting.c.uid, sighting.c.message)
    return (
        sa.select(*place, message.c.stage)
        .join(message, message.c.id == sighting.c.message)
        .where(sighting.c.gone_at.is_(None))
    )


def _left(db: sa.Connection, folder: str, listed: Sequence[Waiting]) -> list[sa.Row[Any]]:
    """Sightings of what had left, among the UIDs of the listing: few, since UIDs only grow."""
    if not listed:
        return []
    return list(
        db.execute(
            sa.select(sighting.c.id, sighting.c.uid_validity, sighting.c.uid, sighting.c.message).where(
                sighting.c.mailbox == folder,
                sighting.c.gone_at.is_not(None),
                sighting.c.uid_validity.in_({one.key.uid_validity for one in listed}),
                sighting.c.uid >= min(one.key.uid for one in listed),
            )
        )
    )


def _undelivered(folder: str) -> sa.Select[Any]:
    return sa.select(undelivered).where(undelivered.c.mailbox == folder).order_by(undelivered.c.uid)


def _forget_undelivered(db: sa.Connection, folder: str, there: set[tuple[int, int]]) -> None:
    for row in db.execute(_undelivered(folder)).all():
        if (row.uid_validity, row.uid) not in there:
            _forget(db, MessageKey(mailbox=folder, uid_validity=row.uid_validity, uid=row.uid))


def _forget(db: sa.Connection, key: MessageKey) -> None:
    db.execute(
        sa.delete(undelivered).where(
            undelivered.c.mailbox == key.mailbox,
            undelivered.c.uid_validity == key.uid_validity,
            undelivered.c.uid == key.uid,
        )
    )


def _set(db: sa.Connection, ids: Sequence[int], values: dict[str, Any]) -> None:
    for first in range(0, len(ids), AT_ONCE):
        db.execute(sa.update(sighting).where(sighting.c.id.in_(ids[first : first + AT_ONCE])).values(values))
