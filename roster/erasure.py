"""Erase a person: what is left says that somebody was erased, not who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.moves import Delivery, Stage
from roster.entries import PEOPLE
from roster.store import Store, leave_no_trace, one_at_a_time
from roster.tables import AddressKind, address, audit, cv_version, message, outbox, part, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is left to do outside the database."""

    blobs: frozenset[str]  # digests of raw mails and documents that nobody needs any more: delete them
    shared: tuple[int, ...]  # ids of messages that are kept, since they carry other people's CVs too: for a person


def erase(store: Store, id_: int, *, actor: str, now: datetime) -> Erased:
    """Remove a person with their CVs, evidence and mail. KeyError where nobody has this id.

    The messages that came from their own addresses, or with their CVs, lose all that tells who wrote; the digest of
    their bytes stays, so that the same mail is not entered again. A tombstone in the audit says when and by whom.
    """
    with store.begin() as db:
        one_at_a_time(db, PEOPLE)  # no mail being settled may add to somebody who is going
        since = db.execute(sa.select(person.c.created_at).where(person.c.id == id_)).scalar()
        if since is None:
            raise KeyError(id_)
        theirs = _messages(db, id_)
        shared = tuple(sorted(set(theirs) & set(_with_cvs_of_others(db, id_, theirs))))
        gone = [one for one in theirs if one not in shared]
        blobs = _blobs(db, id_, gone)
        db.execute(sa.delete(person).where(person.c.id == id_))  # all that hangs on it goes too
        _empty(db, gone, now)
        _forget_digests(db, since)
        still_needed = set(db.execute(sa.select(part.c.digest).where(part.c.digest.in_(blobs))).scalars())
        detail = {"messages": len(gone), "messages kept for others": list(shared), "blobs": len(blobs)}
        tombstone = {"at": now, "actor": actor, "action": "erased", "subject": f"person {id_}", "detail": detail}
        db.execute(sa.insert(audit), tombstone)
    leave_no_trace(store)
    return Erased(blobs=frozenset(blobs - still_needed), shared=shared)


def _messages(db: sa.Connection, id_: int) -> Sequence[int]:
    """Settled messages that came with a CV of the person, or from an address of their own."""
    own = sa.select(address.c.value).where(
        address.c.person == id_, address.c.own, address.c.kind == AddressKind.EMAIL.value
    )
    with_cv = sa.select(cv_version.c.message).where(cv_version.c.person == id_)
    written = sa.or_(message.c.id.in_(with_cv), sa.func.lower(message.c.sender).in_(own))
    which = sa.select(message.c.id).where(message.c.stage == Stage.SETTLED.value, written)
    return db.execute(which.order_by(message.c.id)).scalars().all()


def _with_cvs_of_others(db: sa.Connection, id_: int, messages: Sequence[int]) -> Sequence[int]:
    others = sa.select(cv_version.c.message).where(cv_version.c.person != id_, cv_version.c.message.in_(messages))
    first_of_others = sa.select(person.c.entered_with).where(person.c.id != id_, person.c.entered_with.in_(messages))
    return db.execute(others.union(first_of_others)).scalars().all()


def _blobs(db: sa.Connection, id_: int, messages: Sequence[int]) -> set[str]:
    raw = sa.select(message.c.digest).where(message.c.id.in_(messages))
    documents = sa.select(part.c.digest).where(part.c.message.in_(messages))
    cvs = sa.select(cv_version.c.digest).where(cv_version.c.person == id_, cv_version.c.message.in_(messages))
    return set(db.execute(raw.union(documents, cvs)).scalars())


def _empty(db: sa.Connection, messages: Sequence[int], now: datetime) -> None:
    db.execute(sa.delete(outbox).where(outbox.c.message.in_(messages)))
    db.execute(sa.delete(part).where(part.c.message.in_(messages)))
    nobody = dict.fromkeys(("sender_key", "sender", "subject", "message_id", "sent_at", "error"))
    words: dict[str, tuple[str, ...]] = {"review": (), "why": ()}
    db.execute(sa.update(message).where(message.c.id.in_(messages)).values(erased_at=now, **nobody, **words))


def _forget_digests(db: sa.Connection, since: datetime) -> None:
    """Digests that were sent since the person was entered may name them."""
    sent = sa.and_(outbox.c.day.is_not(None), outbox.c.state == Delivery.SENT.value, outbox.c.queued_at >= since)
    db.execute(sa.update(outbox).where(sent).values(content=b""))
