"""One message, or one mail of ours, as a person looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.decision import OutgoingMail
from domain.mail import Fate, Kind
from domain.moves import Delivery, Stage
from roster.store import Store
from roster.tables import cv_version, message, outbox, part


@dataclass(frozen=True, slots=True, kw_only=True)
class PartShown:
    file_name: str | None
    fate: Fate
    reason: str  # the first line says why, each further one how it was read


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageShown:
    id: int
    stage: Stage
    kind: Kind | None  # None where it is not decided
    sender: str
    subject: str
    arrived_at: datetime
    reasons: tuple[str, ...]  # why it needs a person, or is of its kind, or failed
    parts: tuple[PartShown, ...]
    people: tuple[int, ...]  # whose CVs came with it


@dataclass(frozen=True, slots=True, kw_only=True)
class MailShown:
    id: int
    state: Delivery
    discarded: bool  # a person decided that it never goes
    error: str
    queued_at: datetime
    mail: OutgoingMail


def reasons_of(row: sa.Row[*tuple[Any, ...]]) -> tuple[str, ...]:
    """Of a row of `message`: why it needs a person, else why it is of its kind, else why it failed."""
    return tuple(row.review or row.why or ((row.error,) if row.error else ()))


def show_message(store: Store, id_: int) -> MessageShown:
    """KeyError where there is no such message, or it has been erased."""
    with store.read() as db:
        mine = sa.and_(message.c.id == id_, message.c.erased_at.is_(None))
        row = db.execute(sa.select(message).where(mine)).one_or_none()
        if row is None:
            raise KeyError(id_)
        parts = db.execute(sa.select(part).where(part.c.message == id_).order_by(part.c.position)).all()
        theirs = sa.select(cv_version.c.person).where(cv_version.c.message == id_).distinct()
        people = tuple(db.execute(theirs.order_by(cv_version.c.person)).scalars())
    return MessageShown(
        id=id_,
        stage=Stage(row.stage),
        kind=Kind(row.kind) if row.kind else None,
        sender=row.sender or row.sender_key or "",
        subject=row.subject or "",
        arrived_at=row.arrived_at,
        reasons=reasons_of(row),
        parts=tuple(PartShown(file_name=one.file_name, fate=Fate(one.fate), reason=one.reason) for one in parts),
        people=people,
    )


def show_mail(store: Store, id_: int) -> MailShown:
    """KeyError where there is no such mail, or it has been erased."""
    with store.read() as db:
        row = db.execute(sa.select(outbox).where(outbox.c.id == id_, outbox.c.content != b"")).one_or_none()
    if row is None:
        raise KeyError(id_)
    return MailShown(
        id=id_,
        state=Delivery(row.state),
        discarded=row.discarded_at is not None,
        error=row.error or "",
        queued_at=row.queued_at,
        mail=OutgoingMail(
            message_id=row.rfc_message_id,
            envelope_from=row.envelope_from,
            recipients=row.recipients,
            content=row.content,
        ),
    )
