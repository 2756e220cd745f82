"""Erase a person: what is left says that somebody was erased, not who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.moves import Delivery, Stage
from roster import readings
from roster.answers import address_key
from roster.entries import PEOPLE
from roster.store import Store, leave_no_trace, one_at_a_time
from roster.tables import (
    AddressKind,
    address,
    audit,
    bounced,
    cv_version,
    message,
    outbox,
    part,
    person,
    reaction,
    sighting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is left to do outside the database."""

    blobs: frozenset[str]  # digests of raw mails and documents that nobody needs any more: delete them
    shared: tuple[int, ...]  # ids of messages that are kept, since they carry other people's CVs too: for a person
    left: tuple[int, ...]  # ids of messages that are kept, from addresses that wrote for them, or not settled yet
    folders: tuple[str, ...]  # of the mailbox, where their mails were filed: there people must delete them


def erase(store: Store, id_: int, *, actor: str, now: datetime, asked_by: int | None = None) -> Erased:
    """Remove a person with their CVs, evidence and mail. KeyError where nobody has this id.

    `asked_by` is the message by which they asked for it. It, the messages that came from their own addresses, or with
    their CVs, and what came back to our answers to these lose all that tells who wrote; the digest of their bytes
    stays, so that the same mail is not entered again. A tombstone in the audit says when and by whom.
    """
    with store.begin() as db:
        one_at_a_time(db, PEOPLE)  # no mail being settled may add to somebody who is going
        since = db.execute(sa.select(person.c.created_at).where(person.c.id == id_)).scalar()
        if since is None:
            raise KeyError(id_)
        theirs = _messages(db, id_, asked_by)
        shared = tuple(sorted(set(theirs) & set(_with_cvs_of_others(db, id_, theirs))))
        gone = [one for one in theirs if one not in shared]
        blobs, read = _blobs(db, id_, gone), _cvs(db, id_)
        left, folders = _left(db, id_, theirs), _folders(db, gone)
        _forget_bounces(db, id_)
        db.execute(sa.delete(person).where(person.c.id == id_))  # all that hangs on it goes too
        _empty(db, gone, now)
        readings.forget(db, read)
        _forget_digests(db, since)
        still_needed = set(db.execute(sa.select(part.c.digest).where(part.c.digest.in_(blobs))).scalars())
        detail = {"messages": len(gone), "messages kept for others": list(shared), "blobs": len(blobs)}
        if asked_by is not None:
            detail["asked by message"] = asked_by
        tombstone = {"at": now, "actor": actor, "action": "erased", "subject": f"person {id_}", "detail": detail}
        db.execute(sa.insert(audit), tombstone)
    leave_no_trace(store)
    return Erased(blobs=frozenset(blobs - still_needed), shared=shared, left=left, folders=folders)


def _messages(db: sa.Connection, id_: int, asked_by: int | None) -> Sequence[int]:
    """Settled messages that came with a CV of the person, or from an address of their own, and reactions to answers."""
    with_cv = sa.select(cv_version.c.message).where(cv_version.c.person == id_)
    written = sa.or_(
        message.c.id.in_(with_cv), sa.func.lower(message.c.sender).in_(_emails(id_, own=True)), message.c.id == asked_by
    )
    which = sa.select(message.c.id).where(message.c.stage == Stage.SETTLED.value, written)
    theirs = db.execute(which).scalars().all()
    # A bounce gives our answer back, and that names them.
    reactions = sa.select(reaction.c.message).join(outbox).where(outbox.c.message.in_(theirs))
    return sorted({*theirs, *db.execute(reactions).scalars()})


def _emails(id_: int, *, own: bool) -> sa.Select[str]:
    return sa.select(address.c.value).where(
        address.c.person == id_, address.c.own == own, address.c.kind == AddressKind.EMAIL.value
    )


def _left(db: sa.Connection, id_: int, theirs: Sequence[int]) -> tuple[int, ...]:
    """Messages that may be theirs, and may be an agency's or a friend's own; and those that nobody has read yet."""
    wrote_for = sa.func.lower(message.c.sender).in_(_emails(id_, own=False))
    unread = sa.and_(message.c.stage != Stage.SETTLED.value, message.c.sender_key.in_(_emails(id_, own=True)))
    which = sa.select(message.c.id).where(sa.or_(wrote_for, unread), message.c.id.not_in(theirs))
    return tuple(db.execute(which.order_by(message.c.id)).scalars())


def _folders(db: sa.Connection, messages: Sequence[int]) -> tuple[str, ...]:
    lie = sa.select(sighting.c.id).where(sighting.c.message == message.c.id).exists()
    filed = sa.select(message.c.folder).where(message.c.id.in_(messages), message.c.folder.is_not(None), lie)
    return tuple(db.execute(filed.distinct().order_by(message.c.folder)).scalars())


def _forget_bounces(db: sa.Connection, id_: int) -> None:
    """Of their own addresses; those of an address that wrote for them go with the mail that came back."""
    own = {address_key(email) for email in db.execute(_emails(id_, own=True)).scalars()}
    db.execute(sa.delete(bounced).where(bounced.c.address.in_(own)))


def _with_cvs_of_others(db: sa.Connection, id_: int, messages: Sequence[int]) -> Sequence[int]:
    others = sa.select(cv_version.c.message).where(cv_version.c.person != id_, cv_version.c.message.in_(messages))
    first_of_others = sa.select(person.c.entered_with).where(person.c.id != id_, person.c.entered_with.in_(messages))
    return db.execute(others.union(first_of_others)).scalars().all()


def _blobs(db: sa.Connection, id_: int, messages: Sequence[int]) -> set[str]:
    raw = sa.select(message.c.digest).where(message.c.id.in_(messages))
    documents = sa.select(part.c.digest).where(part.c.message.in_(messages))
    cvs = sa.select(cv_version.c.digest).where(cv_version.c.person == id_, cv_version.c.message.in_(messages))
    return set(db.execute(raw.union(documents, cvs)).scalars())


def _cvs(db: sa.Connection, id_: int) -> Sequence[str]:
    return db.execute(sa.select(cv_version.c.digest).where(cv_version.c.person == id_)).scalars().all()


def _empty(db: sa.Connection, messages: Sequence[int], now: datetime) -> None:
    db.execute(sa.delete(reaction).where(reaction.c.message.in_(messages)))
    db.execute(sa.delete(outbox).where(outbox.c.message.in_(messages)))
    db.execute(sa.delete(part).where(part.c.message.in_(messages)))
    nobody = dict.fromkeys(("sender_key", "sender", "subject", "message_id", "sent_at", "error", "unanswered"))
    words: dict[str, tuple[str, ...]] = {"review": (), "why": ()}
    db.execute(sa.update(message).where(message.c.id.in_(messages)).values(erased_at=now, **nobody, **words))


def _forget_digests(db: sa.Connection, since: datetime) -> None:
    """Digests since the person was entered may name them. One that failed is made anew by `micic digest --date`."""
    digests = sa.and_(outbox.c.day.is_not(None), outbox.c.queued_at >= since)
    db.execute(sa.update(outbox).where(digests, outbox.c.state == Delivery.SENT.value).values(content=b""))
    waits = (Delivery.UNKNOWN.value, Delivery.HELD.value, Delivery.GIVEN_UP.value)
    db.execute(sa.delete(outbox).where(digests, outbox.c.state.in_(waits)))
