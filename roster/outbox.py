"""Mail that is to go out: queued in the transaction that makes the promise, sent once unless a person says again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from domain.decision import Claim, OutgoingMail
from domain.moves import Delivery
from roster.answers import address_key, domain_of
from roster.holding import may_go
from roster.moves import move_mail, move_mails
from roster.store import Store, insert, one_at_a_time
from roster.tables import Purpose, message, outbox, reaction

SENDERS = 0x6D696373  # lock: two that count at once would both find room for the last mail
DISCARDED = "a person decided that it is not sent"
DIED = "the program ended while this mail was being sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A mail that this worker may hand to the relay, once."""

    claim: Claim
    mail: OutgoingMail
    purpose: Purpose
    message: int | None  # id of the message that it answers; None for a digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A mail that has not gone out, for a person to look at."""

    id: int
    state: Delivery
    mail: OutgoingMail
    queued_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A mail that has gone out."""

    id: int
    mail: OutgoingMail
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many mails at most go to the relay in any such span."""

    most: int
    within: timedelta


def queue(
    db: sa.Connection,
    mail: OutgoingMail,
    *,
    cause: int | date,
    now: datetime,
    template: str | None = None,
    held: str | None = None,
) -> int | None:
    """Promise a mail within a transaction. `cause` is the id of a message, or the day of a digest.

    `held`: why it waits for a person. Returns its id, None where this cause has its mail already.
    """
    of_message = isinstance(cause, int)
    row = {
        "purpose": Purpose.ACKNOWLEDGEMENT if of_message else Purpose.DIGEST,
        "message": cause if of_message else None,
        "day": None if of_message else cause,
        "rfc_message_id": mail.message_id,
        "envelope_from": mail.envelope_from,
        "recipients": mail.recipients,
        "content": mail.content,
        "digest": hashlib.sha256(mail.content).hexdigest(),
        "state": (Delivery.HELD if held else Delivery.QUEUED).value,
        "moved_at": now,
        "attempts": 0,
        "run_at": now,
        "error": held,
        "queued_at": now,
        "template": template,
        "address": address_key(mail.recipients[0]) if of_message else None,
        "domain": domain_of(mail.recipients[0]) if of_message else None,
    }
    return db.execute(_queueing(db.dialect.name, "message" if of_message else "day"), row).scalar()


def claim(
    store: Store, *, owner: str, now: datetime, lease: timedelta, limit: int, rates: Sequence[Rate] = ()
) -> tuple[Sending, ...]:
    """Take mails that are queued and due, those due first first. That they are being sent is committed on return.

    Nothing is taken that the hold for all mail or one of the rates stops.
    """
    due = (
        sa.select(outbox.c.id)
        .where(outbox.c.state == Delivery.QUEUED.value, outbox.c.run_at <= now, may_go())
        .order_by(outbox.c.run_at, outbox.c.id)
        .limit(sa.bindparam("room"))
        .with_for_update(skip_locked=True)  # SQLite has one writer and leaves it out
    )
    until = now + lease
    with store.begin() as db:
        if rates:
            one_at_a_time(db, SENDERS)
        room = min([limit, *(_room(db, rate, now) for rate in rates)])
        chosen = tuple(db.execute(due, {"room": room}).scalars()) if room > 0 else ()
        if not chosen:
            return ()
        moved = move_mails(
            db,
            chosen,
            Delivery.QUEUED,
            Delivery.SENDING,
            now=now,
            values={"attempts": outbox.c.attempts + 1, "lease_owner": owner, "lease_until": until},
        )
        rows = db.execute(sa.select(outbox).where(outbox.c.id.in_(moved)).order_by(outbox.c.run_at, outbox.c.id)).all()
    return tuple(_sending(row) for row in rows)


def _room(db: sa.Connection, rate: Rate, now: datetime) -> int:
    """How many more the rate allows: what the relay took, or may have taken, counts."""
    taken = outbox.c.state.in_([state.value for state in (Delivery.SENDING, Delivery.SENT, Delivery.UNKNOWN)])
    lately = sa.select(sa.func.count()).where(outbox.c.moved_at > now - rate.within, taken)
    return rate.most - db.execute(lately).scalar_one()


def sent(store: Store, claim: Claim, *, now: datetime, note: str | None = None) -> None:
    """The relay has accepted it. This holds even where the lease ended meanwhile: the worker knows.

    `note`: what is to be remembered of it, such as that it went to the address of a trial.
    """
    with store.begin() as db:
        came_from = (Delivery.SENDING, Delivery.UNKNOWN)
        move_mail(db, claim, Delivery.SENT, now=now, came_from=came_from, values={"sent_at": now, "error": note})


def postpone(store: Store, claim: Claim, *, error: str, until: datetime, now: datetime) -> None:
    """The relay has not accepted it, and may later."""
    with store.begin() as db:
        values = {"run_at": until, "error": error}
        move_mail(db, claim, Delivery.QUEUED, now=now, came_from=(Delivery.SENDING,), values=values)


def give_back(store: Store, claim: Claim, *, error: str, now: datetime) -> None:
    """The relay was not even asked: the mail waits as if it had not been tried."""
    with store.begin() as db:
        values = {"attempts": claim.attempt - 1, "error": error}
        move_mail(db, claim, Delivery.QUEUED, now=now, came_from=(Delivery.SENDING,), values=values)


def unknown(store: Store, claim: Claim, *, error: str, now: datetime) -> None:
    """The connection died when the relay may have accepted it: never sent again by itself."""
    with store.begin() as db:
        move_mail(db, claim, Delivery.UNKNOWN, now=now, came_from=(Delivery.SENDING,), values={"error": error})


def give_up(store: Store, claim: Claim, *, error: str, now: datetime) -> None:
    """The relay has refused it for good, or too often."""
    with store.begin() as db:
        move_mail(db, claim, Delivery.GIVEN_UP, now=now, came_from=(Delivery.SENDING,), values={"error": error})


def rescue(store: Store, *, now: datetime) -> tuple[int, ...]:
    """Mails whose sender died: whether they went out is unknown. Returns their ids; for every start and every pass."""
    dead = sa.select(outbox.c.id).where(outbox.c.state == Delivery.SENDING.value, outbox.c.lease_until <= now)
    with store.begin() as db:
        ids = tuple(db.execute(dead.with_for_update(skip_locked=True)).scalars())
        return move_mails(db, ids, Delivery.SENDING, Delivery.UNKNOWN, now=now, values={"error": DIED})


def hold(store: Store, ids: Iterable[int], *, now: datetime) -> tuple[int, ...]:
    """A person wants these looked at before they go. Returns those that were queued or unknown."""
    wanted = tuple(ids)
    with store.begin() as db:
        queued = move_mails(db, wanted, Delivery.QUEUED, Delivery.HELD, now=now, values={})
        return queued + move_mails(db, wanted, Delivery.UNKNOWN, Delivery.HELD, now=now, values={})


def resolve(store: Store, ids: Iterable[int], to: Delivery, *, now: datetime) -> tuple[int, ...]:
    """Somebody has found out what became of these: SENT (they lie in the Sent folder) or QUEUED (they never went).

    Returns those that were unknown. ValueError where no move leads from UNKNOWN to there.
    """
    found: Mapping[Delivery, dict[str, Any]]
    found = {Delivery.SENT: {"sent_at": now, "error": None}, Delivery.QUEUED: {"run_at": now}}
    with store.begin() as db:
        return move_mails(db, tuple(ids), Delivery.UNKNOWN, to, now=now, values=found.get(to, {}))


def retry(store: Store, ids: Iterable[int], *, now: datetime, seen: Delivery | None = None) -> tuple[int, ...]:
    """A person wants these sent after all. Returns those that were held or given up; the unknown are for `resolve`.

    `seen`: the state in which the person saw them; what is in another by now is left alone.
    """
    values = {"run_at": now, "discarded_at": None}
    with store.begin() as db:
        wanted = _as_seen(db, ids, seen)
        held = move_mails(db, wanted, Delivery.HELD, Delivery.QUEUED, now=now, values=values)
        return held + move_mails(db, wanted, Delivery.GIVEN_UP, Delivery.QUEUED, now=now, values=values)


def discard(store: Store, ids: Iterable[int], *, now: datetime, seen: Delivery | None = None) -> tuple[int, ...]:
    """A person wants these never sent. Returns those that had not gone and were not being sent just then.

    `seen` as above.
    """
    values = {"error": DISCARDED, "discarded_at": now}
    with store.begin() as db:
        wanted = _as_seen(db, ids, seen)
        for state in (Delivery.QUEUED, Delivery.UNKNOWN):
            move_mails(db, wanted, state, Delivery.HELD, now=now, values={})
        held = move_mails(db, wanted, Delivery.HELD, Delivery.GIVEN_UP, now=now, values=values)
        failed = sa.and_(outbox.c.state == Delivery.GIVEN_UP.value, outbox.c.discarded_at.is_(None))
        before = sa.update(outbox).where(outbox.c.id.in_(wanted), failed).values(discarded_at=now)
        return held + tuple(db.execute(before.returning(outbox.c.id)).scalars())


def heard_of(store: Store) -> tuple[int, ...]:
    """Unknown mails that must have gone: they came back to our mailbox, or a message answers or returns them."""
    came_back = sa.exists().where(message.c.message_id == outbox.c.rfc_message_id)
    spoken_of = sa.exists().where(reaction.c.mail == outbox.c.id)
    unknown = outbox.c.state == Delivery.UNKNOWN.value
    with store.read() as db:
        return tuple(db.execute(sa.select(outbox.c.id).where(unknown, sa.or_(came_back, spoken_of))).scalars())


def unknown_since(store: Store, since: datetime) -> dict[str, int]:
    """The ids of mails that became unknown since then, by their Message-ID."""
    mine = outbox.c
    which = sa.select(mine.rfc_message_id, mine.id).where(mine.state == Delivery.UNKNOWN.value, mine.moved_at >= since)
    with store.read() as db:
        return {row[0]: row[1] for row in db.execute(which)}


def without_copy(store: Store, *, since: datetime, limit: int) -> tuple[Gone, ...]:
    """Mails that went to their readers since then, the oldest first, of which no copy was kept yet."""
    to_readers = sa.and_(outbox.c.state == Delivery.SENT.value, outbox.c.error.is_(None))  # a trial's have a note
    wanting = sa.and_(to_readers, outbox.c.kept_at.is_(None), outbox.c.content != b"", outbox.c.moved_at >= since)
    with store.read() as db:
        rows = db.execute(sa.select(outbox).where(wanting).order_by(outbox.c.id).limit(limit))
        return tuple(Gone(id=row.id, mail=_mail(row), sent_at=row.sent_at) for row in rows)


def kept(store: Store, id_: int, *, now: datetime) -> None:
    """A copy lies in the folder of sent mail."""
    with store.begin() as db:
        db.execute(sa.update(outbox).where(outbox.c.id == id_).values(kept_at=now))


def unsent(store: Store, *, limit: int) -> tuple[Unsent, ...]:
    """Mails that have not gone out, whatever the reason, the oldest first; not those that a person discarded."""
    waits = sa.and_(outbox.c.state != Delivery.SENT.value, outbox.c.discarded_at.is_(None))
    rows = sa.select(outbox).where(waits).order_by(outbox.c.id).limit(limit)
    with store.read() as db:
        return tuple(
            Unsent(id=row.id, state=Delivery(row.state), mail=_mail(row), queued_at=row.queued_at, error=row.error)
            for row in db.execute(rows)
        )


def mail_of(store: Store, id_: int) -> OutgoingMail | None:
    """The mail as it was promised, None where there is none or it was erased."""
    with store.read() as db:
        row = db.execute(sa.select(outbox).where(outbox.c.id == id_, outbox.c.content != b"")).one_or_none()
    return _mail(row) if row else None


@cache
def _queueing(dialect: str, cause: str) -> sa.Executable:
    add = insert(dialect, outbox)
    return add.on_conflict_do_nothing(index_elements=["purpose", cause]).returning(outbox.c.id)


def _as_seen(db: sa.Connection, ids: Iterable[int], seen: Delivery | None) -> tuple[int, ...]:
    """Those still in the state seen, and not discarded since; where none was seen, all."""
    wanted = tuple(ids)
    if seen is None:
        return wanted
    still = (outbox.c.id.in_(wanted), outbox.c.state == seen.value, outbox.c.discarded_at.is_(None))
    return tuple(db.execute(sa.select(outbox.c.id).where(*still).with_for_update()).scalars())


def _sending(row: sa.Row[*tuple[Any, ...]]) -> Sending:
    return Sending(
        claim=Claim(
            id=row.id, digest=row.digest, owner=row.lease_owner, attempt=row.attempts, lease_until=row.lease_until
        ),
        mail=_mail(row),
        purpose=Purpose(row.purpose),
        message=row.message,
    )


def _mail(row: sa.Row[*tuple[Any, ...]]) -> OutgoingMail:
    return OutgoingMail(
        message_id=row.rfc_message_id,
        envelope_from=row.envelope_from,
        recipients=row.recipients,
        content=row.content,
    )
