"""A lease by name: of all programs on one store, one polls the mailbox.

It may be undone by a power cut: what two pollers do at once, the rows keep apart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from roster.store import Store, insert
from roster.tables import lease


def take(store: Store, name: str, *, owner: str, now: datetime, length: timedelta) -> bool:
    """Take the lease, or hold on to it for longer. False where another has it."""
    with store.begin(durable=False) as db:
        add = insert(db.dialect.name, lease).values(name=name, owner=owner, until=now + length)
        free = sa.or_(lease.c.owner == owner, lease.c.until <= now)
        ours = {"owner": add.excluded.owner, "until": add.excluded.until}
        taken = db.execute(
            add.on_conflict_do_update(index_elements=["name"], set_=ours, where=free).returning(lease.c.owner)
        )
        return taken.scalar() is not None


def give_back(store: Store, name: str, *, owner: str) -> None:
    """Let another take it at once. Nothing happens where it is another's already."""
    with store.begin(durable=False) as db:
        db.execute(sa.delete(lease).where(lease.c.name == name, lease.c.owner == owner))
