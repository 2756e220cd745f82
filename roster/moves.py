"""Compare and set, from the tables of domain.moves: a row moves only from the state that the mover believes in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.decision import Claim
from domain.errors import StaleStage
from domain.moves import DELIVERY_MOVES, MOVES, Delivery, Stage
from roster.tables import message, outbox

# A statement is built once: building costs more than running it. What it sets are its parameters.
HELD = sa.update(message).where(
    message.c.id == sa.bindparam("of_id"),
    message.c.stage == Stage.RECEIVED.value,
    message.c.attempts == sa.bindparam("of_attempt"),
    message.c.lease_owner == sa.bindparam("of_owner"),
)
NO_LEASE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def move_message(db: sa.Connection, claim: Claim, to: Stage, *, now: datetime, values: Mapping[str, Any]) -> None:
    """Move a claimed message and end the claim. StaleStage where the claim no longer holds."""
    _check(to in MOVES[Stage.RECEIVED], Stage.RECEIVED, to)
    moved = db.execute(HELD, {**held_by(claim), "stage": to.value, "moved_at": now, **NO_LEASE, **values})
    one_row(moved, f"message {claim.id} is no longer this worker's")


def move_mail(
    db: sa.Connection,
    claim: Claim,
    to: Delivery,
    *,
    now: datetime,
    came_from: tuple[Delivery, ...],
    values: Mapping[str, Any],
) -> None:
    """Move an outgoing mail that was claimed for sending. StaleStage where it is in none of the states expected."""
    for state in came_from:
        _check(to in DELIVERY_MOVES[state], state, to)
    moved = db.execute(
        sa.update(outbox)
        .where(
            outbox.c.id == claim.id,
            outbox.c.attempts == claim.attempt,
            outbox.c.state.in_([state.value for state in came_from]),
        )
        .values(state=to.value, moved_at=now, **{**NO_LEASE, **values})
    )
    one_row(moved, f"outgoing mail {claim.id} is no longer this worker's")


def move_mails(
    db: sa.Connection, ids: tuple[int, ...], frm: Delivery, to: Delivery, *, now: datetime, values: Mapping[str, Any]
) -> tuple[int, ...]:
    """Move those of the mails that are in the state expected; returns which they were."""
    _check(to in DELIVERY_MOVES[frm], frm, to)
    return tuple(
        db.execute(
            sa.update(outbox)
            .where(outbox.c.id.in_(ids), outbox.c.state == frm.value)
            .values(state=to.value, moved_at=now, **{**NO_LEASE, **values})
            .returning(outbox.c.id)
        ).scalars()
    )


def held_by(claim: Claim) -> dict[str, Any]:
    """What HELD asks for. The attempt number fences off an older holder, the owner one of before a retry."""
    return {"of_id": claim.id, "of_attempt": claim.attempt, "of_owner": claim.owner}


def one_row(result: sa.CursorResult[Any], complaint: str) -> None:
    if result.rowcount != 1:
        raise StaleStage(complaint)


def _check(allowed: bool, frm: Stage | Delivery, to: Stage | Delivery) -> None:
    if not allowed:
        raise ValueError(f"no move leads from {frm} to {to}")
