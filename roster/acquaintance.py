"""What the roster knows of whoever wrote a message, before it is said what kind of message it is."""

from __future__ import annotations

import sqlalchemy as sa

from domain.mail import Acquaintance, ParsedMessage
from roster.reactions import MOST_QUOTED
from roster.store import Store
from roster.tables import AddressKind, Purpose, address, cv_version, outbox


def acquaintance(store: Store, message: ParsedMessage) -> Acquaintance:
    """Whether the sender's address is somebody's own, and which answer of ours the message replies to."""
    sender = message.sender.email.lower() if message.sender else ""
    quoted = list(dict.fromkeys((*message.in_reply_to, *reversed(message.references))))[:MOST_QUOTED]
    theirs = (
        sa.select(cv_version.c.digest)
        .join(address, address.c.person == cv_version.c.person)
        .where(address.c.kind == AddressKind.EMAIL.value, address.c.value == sender, address.c.own)
    )
    answer = (
        sa.select(outbox.c.template)
        .where(outbox.c.rfc_message_id.in_(quoted), outbox.c.purpose == Purpose.ACKNOWLEDGEMENT.value)
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    with store.read() as db:
        has = frozenset(db.execute(theirs).scalars()) if sender else frozenset()
        template = db.execute(answer).scalar() if quoted else None
    return Acquaintance(has=has, answers=template)
