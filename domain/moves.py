"""Which states there are, and which moves between them are allowed. The database enforces the same table."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """How far a message has come. The row is the job: there is no second queue to disagree with it."""

    RECEIVED = "received"  # its bytes are safe; nothing is decided yet
    SETTLED = "settled"  # decided, and everything that follows from it committed
    QUARANTINED = "quarantined"  # it failed for good; its bytes and the error wait for a person


class Outcome(StrEnum):
    """What became of a settled message."""

    ENROLLED = "enrolled"  # at least one new entry
    UPDATED = "updated"  # a person of the roster sent a newer CV
    ANSWERED = "answered"  # an enquiry: acknowledged, no entry
    SET_ASIDE = "set_aside"  # robot, bounce, spam or other
    WITHDRAWAL = "withdrawal"  # waits for staff to carry it out
    NEEDS_REVIEW = "needs_review"  # a person must look before the entry is right


class Delivery(StrEnum):
    """How far an outgoing mail has come."""

    QUEUED = "queued"
    SENDING = "sending"  # committed before the SMTP dialogue begins
    SENT = "sent"
    UNKNOWN = "unknown"  # the connection died between DATA and the reply
    HELD = "held"  # waits for a person
    GIVEN_UP = "given_up"


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.SETTLED, Stage.QUARANTINED}),
    Stage.SETTLED: frozenset(),
    Stage.QUARANTINED: frozenset({Stage.RECEIVED}),  # a person's `micic retry`
}

DELIVERY_MOVES: dict[Delivery, frozenset[Delivery]] = {
    Delivery.QUEUED: frozenset({Delivery.SENDING, Delivery.HELD}),
    Delivery.SENDING: frozenset({Delivery.SENT, Delivery.QUEUED, Delivery.UNKNOWN, Delivery.GIVEN_UP}),
    Delivery.UNKNOWN: frozenset({Delivery.SENT, Delivery.QUEUED, Delivery.HELD}),
    Delivery.HELD: frozenset({Delivery.QUEUED, Delivery.GIVEN_UP}),
    Delivery.GIVEN_UP: frozenset({Delivery.QUEUED}),  # a person's `micic retry`
    Delivery.SENT: frozenset(),
}
