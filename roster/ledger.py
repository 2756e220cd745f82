"""Which messages there are, where they lie, and who works on which. The row is the job: there is no second queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from domain.decision import Claim
from domain.mail import MessageKey
from domain.moves import MOVES, Stage
from domain.ports import BlobRef
from roster.moves import HELD, NO_LEASE, held_by, move_message, one_row
from roster.store import Store, insert, one_at_a_time
from roster.tables import Ending, message, sighting

ARRIVALS = 0x6D69636F  # lock: two recorders that meet the same mails in another order would wait for each other
CLAIMS = 0x6D696370  # lock: one claimer at a time keeps the rule of one message a sender exact
# Written out: an index of these rows alone serves only where the database sees the value when it plans.
WAITING = sa.literal(Stage.RECEIVED.value, literal_execute=True)
LONGEST_KEY = 320  # characters of a sender's key; a longer address shares the lock of those that begin alike
AT_ONCE = 400  # values in one IN (…)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message whose bytes are safe in the blob store."""

    key: MessageKey | None  # where it lies; None for one that was imported from a file
    ref: BlobRef  # of its raw bytes
    arrived_at: datetime
    sender_key: str | None  # messages of one key are worked on one at a time, such as the lower-case From address
    answer: bool = True  # False: imported, so that nobody is answered, whatever it says
    told_size: int | None = None  # bytes, as the server listed it; servers may be wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What is known of a message before it is read."""

    arrived_at: datetime
    answer: bool  # whether an acknowledgement may go out


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A settled message that still lies in the mailbox."""

    sighting: int  # id
    key: MessageKey
    folder: str  # where it is to go
    message: int  # id
    refusals: int  # how often the server would not move it


def record(store: Store, arrivals: Sequence[Arrival], *, now: datetime) -> tuple[int, ...]:
    """Enter a group of arrivals; returns the id of each, in the same order.

    Bytes that are known already are another sighting of the same message. Doing it again changes nothing.
    """
    if not arrivals:
        return ()
    with store.begin() as db:
        one_at_a_time(db, ARRIVALS)
        fresh: dict[str, dict[str, Any]] = {}
        for arrival in arrivals:
            fresh.setdefault(arrival.ref.digest, _row(arrival, now))
        add = insert(db.dialect.name, message).on_conflict_do_nothing(index_elements=["digest"])
        db.execute(add, list(fresh.values()))
        ids = dict(_ids(db, list(fresh)))
        places = [
            {**_place(arrival.key), "message": ids[arrival.ref.digest], "seen_at": now, "size": arrival.told_size}
            for arrival in arrivals
            if arrival.key is not None
        ]
        if places:
            see = insert(db.dialect.name, sighting)
            # Fetched just now, so it lies there, and what lies there is this: a server may give out a UID twice.
            seen = {"message": see.excluded.message, "size": see.excluded.size, "gone_at": None, "ending": None}
            db.execute(see.on_conflict_do_update(index_elements=["mailbox", "uid_validity", "uid"], set_=seen), places)
    return tuple(ids[arrival.ref.digest] for arrival in arrivals)


def claim(store: Store, *, owner: str, now: datetime, lease: timedelta, limit: int = 1) -> tuple[Claim, ...]:
    """Take the right to work on up to `limit` messages that are due, those due first first.

    A message whose lease has ended is taken over. While one of a sender's messages is held, no other of that sender
    is handed out, to nobody. `owner` must be unique to the worker.
    """
    # Undone by a power cut, the message is claimed once more; another owner's claim is no longer ours.
    with store.begin(durable=False) as db:
        one_at_a_time(db, CLAIMS)
        chosen = list(islice(_one_a_sender(db.execute(_due(limit), {"now": now}).all()), limit))
        if not chosen:
            return ()
        until = now + lease
        taken = db.execute(
            sa.update(message)
            .where(message.c.id.in_(chosen), message.c.stage == Stage.RECEIVED.value)
            .values(attempts=message.c.attempts + 1, lease_owner=owner, lease_until=until)
            .returning(message.c.id, message.c.digest, message.c.attempts)
        ).all()
    rows = {row.id: row for row in taken}
    return tuple(
        Claim(id=id_, digest=rows[id_].digest, owner=owner, attempt=rows[id_].attempts, lease_until=until)
        for id_ in chosen
    )


def received(store: Store, id_: int) -> Received:
    """When and how the message came. KeyError where there is no such message."""
    with store.read() as db:
        row = db.execute(sa.select(message.c.arrived_at, message.c.answer).where(message.c.id == id_)).one_or_none()
    if row is None:
        raise KeyError(id_)
    return Received(arrived_at=row.arrived_at, answer=row.answer)


def extend(store: Store, claim: Claim, *, now: datetime, lease: timedelta) -> Claim:
    """Hold on for longer. StaleStage where the lease has ended: another may hold that sender by now."""
    until = now + lease
    with store.begin() as db:
        in_time = HELD.where(message.c.lease_until > now)
        held = db.execute(in_time, {**held_by(claim), "lease_until": until})
        one_row(held, f"message {claim.id} is no longer this worker's")
    return replace(claim, lease_until=until)


def postpone(store: Store, claim: Claim, *, error: str, until: datetime) -> None:
    """Give the message back, to be taken up again at `until`."""
    with store.begin() as db:
        given = db.execute(HELD, {**held_by(claim), "run_at": until, "error": error, **NO_LEASE})
        one_row(given, f"message {claim.id} is no longer this worker's")


def quarantine(store: Store, claim: Claim, *, error: str, now: datetime) -> None:
    """Put the message before a person; its bytes stay."""
    with store.begin() as db:
        move_message(db, claim, Stage.QUARANTINED, now=now, values={"error": error})


def retry(store: Store, ids: Iterable[int], *, now: datetime) -> tuple[int, ...]:
    """A person wants these messages tried again. Returns those that were in quarantine; the others are left alone."""
    if Stage.RECEIVED not in MOVES[Stage.QUARANTINED]:
        raise ValueError("no move leads out of quarantine")
    with store.begin() as db:
        freed = db.execute(
            sa.update(message)
            .where(message.c.id.in_(list(ids)), message.c.stage == Stage.QUARANTINED.value)
            .values(stage=Stage.RECEIVED.value, moved_at=now, run_at=now, attempts=0)
            .returning(message.c.id)
        ).scalars()
        return tuple(sorted(freed))


def give_back(store: Store, claim: Claim, *, error: str) -> None:
    """Let the message be taken up again at once, as if it had not been tried: it is not at fault."""
    with store.begin() as db:
        values = {"attempts": claim.attempt - 1, "error": error, **NO_LEASE}
        one_row(db.execute(HELD, {**held_by(claim), **values}), f"message {claim.id} is no longer this worker's")


def hold_on(store: Store, owners: Sequence[str], *, now: datetime, lease: timedelta) -> int:
    """Hold for longer what these workers hold: while they live, nobody takes it over. Returns how many that were."""
    with store.begin(durable=False) as db:
        held = db.execute(
            sa.update(message)
            .where(message.c.stage == WAITING, message.c.lease_owner.in_(owners), message.c.lease_until > now)
            .values(lease_until=now + lease)
        )
        return held.rowcount


def to_file(store: Store, *, limit: int, now: datetime | None = None, after: int = 0) -> tuple[Filing, ...]:
    """Settled messages that still lie in a mailbox, those seen first first, from the sighting after `after` on.

    Those that the server would not move wait for their next try; `now` None: all of them.
    """
    wanted = (
        sa.select(
            sighting.c.id,
            sighting.c.mailbox,
            sighting.c.uid_validity,
            sighting.c.uid,
            sighting.c.refusals,
            message.c.folder,
            message.c.id,
        )
        .join(message, message.c.id == sighting.c.message)
        .where(sighting.c.gone_at.is_(None), message.c.stage == Stage.SETTLED.value, sighting.c.id > after)
        .order_by(sighting.c.id)
        .limit(limit)
    )
    if now is not None:
        wanted = wanted.where(sa.or_(sighting.c.file_after.is_(None), sighting.c.file_after <= now))
    with store.read() as db:
        return tuple(
            Filing(
                sighting=id_,
                key=MessageKey(mailbox=box, uid_validity=validity, uid=uid),
                folder=folder,
                message=its_message,
                refusals=refusals,
            )
            for id_, box, validity, uid, refusals, folder, its_message in db.execute(wanted)
        )


def filed(store: Store, keys: Iterable[MessageKey], *, now: datetime) -> None:
    """These no longer lie in the mailbox. Doing it again changes nothing.

    A power cut may undo it; then the pass is not closed either, and the next one sees that they are gone.
    """
    places = [{f"of_{name}": value for name, value in _place(key).items()} for key in sorted(keys)]
    if not places:
        return
    at: dict[str, sa.BindParameter[Any]] = {
        name: sa.bindparam(f"of_{name}") for name in ("mailbox", "uid_validity", "uid")
    }
    with store.begin(durable=False) as db:
        db.execute(
            sa.update(sighting)
            .where(*(sighting.c[name] == value for name, value in at.items()), sighting.c.gone_at.is_(None))
            .values(gone_at=now, ending=Ending.FILED.value),
            places,
        )


def not_filed(store: Store, sightings: Sequence[int], *, until: datetime) -> None:
    """The server would not move these; they are tried again at `until`, and hold up no others."""
    with store.begin() as db:
        db.execute(
            sa.update(sighting)
            .where(sighting.c.id.in_(sightings))
            .values(refusals=sighting.c.refusals + 1, file_after=until)
        )


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "digest": arrival.ref.digest,
        "size": arrival.ref.size,
        "arrived_at": arrival.arrived_at,
        "sender_key": arrival.sender_key[:LONGEST_KEY] if arrival.sender_key else None,
        "answer": arrival.answer,
        "stage": Stage.RECEIVED.value,
        "moved_at": now,
        "attempts": 0,
        "run_at": now,
    }


def _place(key: MessageKey) -> dict[str, Any]:
    return {"mailbox": key.mailbox, "uid_validity": key.uid_validity, "uid": key.uid}


def _ids(db: sa.Connection, digests: Sequence[str]) -> Iterator[tuple[str, int]]:
    for first in range(0, len(digests), AT_ONCE):
        some = digests[first : first + AT_ONCE]
        for row in db.execute(sa.select(message.c.digest, message.c.id).where(message.c.digest.in_(some))):
            yield row.digest, row.id


@cache
def _due(limit: int) -> sa.Select[int, str | None]:
    """More than the limit, since several of one sender may stand in a row; never all of a long queue."""
    now = sa.bindparam("now", type_=message.c.run_at.type)
    received = message.c.stage == WAITING
    held = sa.select(message.c.sender_key).where(
        received, message.c.lease_until > now, message.c.sender_key.is_not(None)
    )
    return (
        sa.select(message.c.id, message.c.sender_key)
        .where(
            received,
            message.c.run_at <= now,
            sa.or_(message.c.lease_until.is_(None), message.c.lease_until <= now),
            sa.or_(message.c.sender_key.is_(None), message.c.sender_key.not_in(held)),
        )
        .order_by(message.c.run_at, message.c.id)
        .limit(limit if limit == 1 else 4 * limit)
    )


def _one_a_sender(rows: Iterable[sa.Row[int, str | None]]) -> Iterator[int]:
    senders: set[str] = set()
    for id_, sender in rows:
        if sender is None or sender not in senders:
            yield id_
        if sender is not None:
            senders.add(sender)
