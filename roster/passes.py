"""When the mailbox was read, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from roster.store import Store
from roster.tables import mail_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PassFacts:
    waiting: int  # messages that lay in the mailbox
    fetched: int  # of them fetched, being new
    filed: int  # settled messages moved into their folders


def begin(store: Store, mailbox: str, *, now: datetime) -> int:
    """A pass begins; returns its id. One that is never finished shows that the program died."""
    row = {"mailbox": mailbox, "started_at": now, "waiting": 0, "fetched": 0, "filed": 0}
    with store.begin() as db:
        return int(db.execute(sa.insert(mail_pass).returning(mail_pass.c.id), row).scalar_one())


def finish(store: Store, id_: int, facts: PassFacts, *, now: datetime, error: str | None = None) -> None:
    """The pass is over; `error` where it broke off."""
    counts = {"waiting": facts.waiting, "fetched": facts.fetched, "filed": facts.filed}
    with store.begin() as db:
        db.execute(sa.update(mail_pass).where(mail_pass.c.id == id_).values(finished_at=now, error=error, **counts))


def last_whole(db: sa.Connection) -> datetime | None:
    """When the mailbox was last read to the end."""
    whole = sa.select(sa.func.max(mail_pass.c.finished_at)).where(mail_pass.c.error.is_(None))
    return db.execute(whole).scalar()
