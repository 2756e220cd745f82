"""The hold for all mail: one row while a person has stopped it, and nothing leaves the outbox until it is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from roster.store import Store, insert
from roster.tables import Purpose, mail_hold, outbox

ONLY = 1  # there is one hold, or none


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    since: datetime
    digests_go: bool  # the staff's digest is let through


def hold_all(store: Store, *, digests_go: bool, now: datetime) -> Hold:
    """Nothing is claimed for sending from now on. Repeated, it changes only whether digests go."""
    with store.begin() as db:
        add = insert(db.dialect.name, mail_hold).values(id=ONLY, since=now, digests_go=digests_go)
        db.execute(add.on_conflict_do_update(index_elements=["id"], set_={"digests_go": add.excluded.digests_go}))
        hold = standing(db)
    assert hold is not None
    return hold


def release(store: Store) -> Hold | None:
    """Let mail go again. Returns the hold that stood, None where there was none."""
    with store.begin() as db:
        hold = standing(db)
        db.execute(sa.delete(mail_hold))
        return hold


def standing(db: sa.Connection) -> Hold | None:
    row = db.execute(sa.select(mail_hold)).one_or_none()
    return Hold(since=row.since, digests_go=row.digests_go) if row else None


def may_go() -> sa.ColumnElement[bool]:
    """Of a row of the outbox: no hold stands in its way."""
    stops = sa.or_(sa.not_(mail_hold.c.digests_go), outbox.c.purpose != Purpose.DIGEST.value)
    return sa.not_(sa.exists(sa.select(mail_hold.c.id).where(stops).correlate(outbox)))
