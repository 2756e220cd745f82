"""How things stand, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from domain.digest import Inbox
from domain.moves import Delivery, Stage
from roster import passes
from roster.holding import may_go
from roster.passes import Failing
from roster.store import Store
from roster.tables import digest_day, message, outbox, person, sighting, undelivered

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    messages: Mapping[Stage, int]  # every stage, 0 included
    oldest_waiting: datetime | None  # arrival of the oldest message that is not settled
    outbox: Mapping[Delivery, int]  # every state, 0 included
    discarded: int  # of those given up: a person decided so
    oldest_queued: datetime | None  # when the mail that waits longest for the relay was promised; held ones apart
    people: int
    unfiled: int  # settled messages that still lie in the mailbox
    last_pass: datetime | None  # when the mailbox was last read to the end
    failing: Failing | None  # passes that broke off since then
    inbox: Inbox | None  # how it was found when last compared; None: never
    by_hand: int  # messages that somebody else moved out of the inbox, of the last day
    came_back: int  # messages that were met again, of the last day
    undelivered_since: datetime | None  # the oldest that the server lists and does not hand out
    last_digest: date | None


def status(store: Store, *, now: datetime) -> Status:
    waiting = sa.select(sa.func.min(message.c.arrived_at)).where(message.c.stage == Stage.RECEIVED.value)
    queued = sa.select(sa.func.min(outbox.c.queued_at)).where(outbox.c.state == Delivery.QUEUED.value, may_go())
    discarded = sa.select(sa.func.count()).where(outbox.c.discarded_at.is_not(None))
    unfiled = (
        sa.select(sa.func.count())
        .select_from(sighting.join(message))
        .where(sighting.c.gone_at.is_(None), message.c.stage == Stage.SETTLED.value)
    )
    with store.read() as db:
        by_hand, came_back = passes.differences(db, since=now - DAY, until=now)
        stages, states = by_state(db, message.c.stage), by_state(db, outbox.c.state)
        return Status(
            messages={stage: stages.get(stage, 0) for stage in Stage},
            oldest_waiting=db.execute(waiting).scalar(),
            outbox={state: states.get(state, 0) for state in Delivery},
            discarded=db.execute(discarded).scalar_one(),
            oldest_queued=db.execute(queued).scalar(),
            people=size(db),
            unfiled=db.execute(unfiled).scalar_one(),
            last_pass=passes.last_whole(db),
            failing=passes.failing(db),
            inbox=passes.last_inbox(db),
            by_hand=by_hand,
            came_back=came_back,
            undelivered_since=db.execute(sa.select(sa.func.min(undelivered.c.first_at))).scalar(),
            last_digest=db.execute(sa.select(sa.func.max(digest_day.c.day))).scalar(),
        )


def older_than(store: Store, moment: datetime) -> int:
    """How many people have sent no CV since then."""
    with store.read() as db:
        older = sa.select(sa.func.count()).select_from(person).where(person.c.cv_at < moment)
        return int(db.execute(older).scalar_one())


def rules_since(store: Store, rules_hash: str) -> datetime | None:
    """When the first mail was settled that was read with these rules, since others were used; None: none was."""
    by_others = message.c.rules_hash != rules_hash
    changed = sa.select(sa.func.max(message.c.moved_at)).where(by_others).scalar_subquery()
    later = sa.or_(changed.is_(None), message.c.moved_at > changed)
    with store.read() as db:
        first = sa.select(sa.func.min(message.c.moved_at)).where(message.c.rules_hash == rules_hash, later)
        return db.execute(first).scalar()


def by_state(db: sa.Connection, column: sa.Column[str]) -> dict[str, int]:
    counted = db.execute(sa.select(column, sa.func.count()).group_by(column))
    return {row[0]: row[1] for row in counted}


def size(db: sa.Connection) -> int:
    """How many people stand on the roster."""
    return int(db.execute(sa.select(sa.func.count()).select_from(person)).scalar_one())
