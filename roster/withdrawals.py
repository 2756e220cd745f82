"""Whose withdrawal a message is, as far as the roster can tell."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from domain.mail import Kind
from domain.moves import Stage
from roster.store import Store
from roster.tables import AddressKind, address, cv_version, message, outbox, reaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody on the roster whom a message may be of."""

    person: int
    own: bool  # it came from an address that is theirs by their own word
    wrote_for: bool  # it came from an address that their CV once came from
    answered: int | None  # the mail of ours to them that it answers: only who got that knows its Message-ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    kind: Kind  # as it was read: staff may name any message
    digest: str  # of its raw bytes
    sender: str  # address, lower case; empty where there is none
    candidates: tuple[Candidate, ...]  # those whose address it came from first


def withdrawal(store: Store, id_: int) -> Withdrawal:
    """KeyError where there is no such message, or it is not settled, or has been erased."""
    with store.read() as db:
        settled = sa.and_(message.c.stage == Stage.SETTLED.value, message.c.erased_at.is_(None))
        row = db.execute(sa.select(message).where(message.c.id == id_, settled)).one_or_none()
        if row is None:
            raise KeyError(id_)
        sender = (row.sender or "").lower()
        return Withdrawal(
            kind=Kind(row.kind), digest=row.digest, sender=sender, candidates=_candidates(db, id_, sender)
        )


def _candidates(db: sa.Connection, id_: int, sender: str) -> tuple[Candidate, ...]:
    of_sender = sa.select(address.c.person, address.c.own).where(
        address.c.kind == AddressKind.EMAIL.value, address.c.value == sender
    )
    own = {row.person: row.own for row in db.execute(of_sender)}
    answered = (
        sa.select(cv_version.c.person, outbox.c.id)
        .join(outbox, outbox.c.message == cv_version.c.message)
        .join(reaction, reaction.c.mail == outbox.c.id)
        .where(reaction.c.message == id_)
    )
    mails = {row.person: row.id for row in db.execute(answered)}
    found = (
        Candidate(
            person=person,
            own=own.get(person, False),
            wrote_for=person in own and not own[person],
            answered=mails.get(person),
        )
        for person in {*own, *mails}
    )
    return tuple(sorted(found, key=lambda one: (not one.own, not one.wrote_for, one.person)))
