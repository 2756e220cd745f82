"""When the mailbox was read, what came of it, and what was different from what the ledger believed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.digest import Inbox
from roster.store import Store
from roster.tables import mail_pass

COMPARED = tuple(field.name for field in fields(Inbox) if field.name != "on_server")
KEPT = timedelta(days=90)  # there is a pass a minute
LAST_GOOD = (
    sa.select(sa.func.coalesce(sa.func.max(mail_pass.c.id), 0))
    .where(mail_pass.c.error.is_(None), mail_pass.c.finished_at.is_not(None))
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassFacts:
    on_server: int  # messages that lay in the inbox
    fetched: int  # of them fetched, being new
    filed: int  # settled messages moved into their folders
    by_hand: int = 0  # messages that somebody else moved or deleted
    renumbered: int = 0  # places that name nothing any more
    came_back: int = 0  # messages that were met again
    inbox: Inbox | None = None  # None: the pass broke off before it could compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """Passes that broke off since the mailbox was last read to the end."""

    count: int
    since: datetime
    error: str  # of the newest


def begin(store: Store, mailbox: str, *, now: datetime) -> int:
    """A pass begins; returns its id. One that is never finished shows that the program died.

    It waits for no disk: what is entered next makes it durable, or else `finish` does.
    """
    row = {"mailbox": mailbox, "started_at": now, "on_server": 0, "fetched": 0, "filed": 0}
    with store.begin(durable=False) as db:
        _forget(db, before=now - KEPT)
        return int(db.execute(sa.insert(mail_pass).returning(mail_pass.c.id), row).scalar_one())


def finish(store: Store, id_: int, facts: PassFacts, *, now: datetime, error: str | None = None) -> None:
    """The mailbox is read to its end; `error` where the pass broke off."""
    # That it began must be on disk before anything is moved on the server: see was_cut_off.
    with store.begin(durable=not facts.fetched) as db:
        change = sa.update(mail_pass).where(mail_pass.c.id == id_)
        db.execute(change.values(finished_at=now, error=error, **_counts(facts)))


def close(store: Store, id_: int, facts: PassFacts, *, now: datetime) -> None:
    """What was settled is filed away too, and the inbox was compared once more."""
    with store.begin(durable=False) as db:
        db.execute(sa.update(mail_pass).where(mail_pass.c.id == id_).values(closed_at=now, **_counts(facts)))


def fail(store: Store, id_: int, *, now: datetime, error: str) -> None:
    """A pass that had read the mailbox broke off when it filed away."""
    with store.begin() as db:
        db.execute(sa.update(mail_pass).where(mail_pass.c.id == id_).values(finished_at=now, error=error))


def was_cut_off(store: Store, before: int) -> bool:
    """Whether the pass before this one was never closed: what it moved on the server it may not have noted."""
    newest = sa.select(mail_pass.c.closed_at).where(mail_pass.c.id < before).order_by(mail_pass.c.id.desc()).limit(1)
    with store.read() as db:
        row = db.execute(newest).one_or_none()
    return row is not None and row.closed_at is None


def last_whole(db: sa.Connection) -> datetime | None:
    """When the mailbox was last read to the end."""
    whole = sa.select(sa.func.max(mail_pass.c.finished_at)).where(mail_pass.c.error.is_(None))
    return db.execute(whole).scalar()


def failing(db: sa.Connection) -> Failing | None:
    """How long it has not been read to the end, None where the last pass went well."""
    bad = sa.and_(mail_pass.c.id > LAST_GOOD, mail_pass.c.error.is_not(None))
    count, since = db.execute(sa.select(sa.func.count(), sa.func.min(mail_pass.c.started_at)).where(bad)).one()
    if not count:
        return None
    error = db.execute(sa.select(mail_pass.c.error).where(bad).order_by(mail_pass.c.id.desc()).limit(1)).scalar_one()
    return Failing(count=count, since=since, error=error or "")


def last_inbox(db: sa.Connection) -> Inbox | None:
    """How the inbox was found when it was last compared."""
    newest = sa.select(mail_pass).where(mail_pass.c.settled.is_not(None)).order_by(mail_pass.c.id.desc()).limit(1)
    row = db.execute(newest).one_or_none()
    if row is None:
        return None
    return Inbox(on_server=row.on_server, **{name: getattr(row, name) for name in COMPARED})


def differences(db: sa.Connection, *, since: datetime, until: datetime) -> tuple[int, int]:
    """Messages that others moved out of the inbox, and messages that were met again, in passes begun in that time."""
    summed = [sa.func.coalesce(sa.func.sum(column), 0) for column in (mail_pass.c.by_hand, mail_pass.c.came_back)]
    within = sa.and_(mail_pass.c.started_at >= since, mail_pass.c.started_at < until)
    by_hand, came_back = db.execute(sa.select(*summed).where(within)).one()
    return int(by_hand), int(came_back)


def _forget(db: sa.Connection, *, before: datetime) -> None:
    """Take away what ended before then, but for the last pass that went well: it says since when none has."""
    old = sa.select(sa.func.max(mail_pass.c.id)).where(mail_pass.c.finished_at < before).scalar_subquery()
    db.execute(sa.delete(mail_pass).where(mail_pass.c.id <= old, mail_pass.c.id < LAST_GOOD))


def _counts(facts: PassFacts) -> dict[str, Any]:
    names = ("on_server", "fetched", "filed", "by_hand", "renumbered", "came_back")
    counts = {name: getattr(facts, name) for name in names}
    if facts.inbox is not None:
        counts |= {name: getattr(facts.inbox, name) for name in ("on_server", *COMPARED)}
    return counts
