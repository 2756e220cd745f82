"""How things stand, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from domain.moves import Delivery, Stage
from roster import passes
from roster.store import Store
from roster.tables import digest_day, mail_pass, message, outbox, person, sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    messages: Mapping[Stage, int]  # every stage, 0 included
    oldest_waiting: datetime | None  # arrival of the oldest message that is not settled
    outbox: Mapping[Delivery, int]  # every state, 0 included
    people: int
    unfiled: int  # settled messages that still lie in the mailbox
    last_pass: datetime | None  # when the mailbox was last read to the end
    last_error: str | None  # of the last pass, None where it went well
    last_digest: date | None


def status(store: Store) -> Status:
    waiting = sa.select(sa.func.min(message.c.arrived_at)).where(message.c.stage == Stage.RECEIVED.value)
    unfiled = (
        sa.select(sa.func.count())
        .select_from(sighting.join(message))
        .where(sighting.c.filed_at.is_(None), message.c.stage == Stage.SETTLED.value)
    )
    newest_pass = sa.select(mail_pass.c.error).order_by(mail_pass.c.id.desc()).limit(1)
    with store.read() as db:
        stages, states = by_state(db, message.c.stage), by_state(db, outbox.c.state)
        return Status(
            messages={stage: stages.get(stage, 0) for stage in Stage},
            oldest_waiting=db.execute(waiting).scalar(),
            outbox={state: states.get(state, 0) for state in Delivery},
            people=size(db),
            unfiled=db.execute(unfiled).scalar_one(),
            last_pass=passes.last_whole(db),
            last_error=db.execute(newest_pass).scalar(),
            last_digest=db.execute(sa.select(sa.func.max(digest_day.c.day))).scalar(),
        )


def by_state(db: sa.Connection, column: sa.Column[str]) -> dict[str, int]:
    counted = db.execute(sa.select(column, sa.func.count()).group_by(column))
    return {row[0]: row[1] for row in counted}


def size(db: sa.Connection) -> int:
    """How many people stand on the roster."""
    return int(db.execute(sa.select(sa.func.count()).select_from(person)).scalar_one())
