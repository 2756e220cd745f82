"""What became of mail after the relay was asked: unknown ones are looked for, and copies of sent ones are kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from domain.errors import MicicError
from domain.moves import Delivery
from domain.ports import SentFolder
from roster import outbox
from roster.store import Store

LOG = logging.getLogger("micic.sending")
LOOKED_FOR = timedelta(days=3)  # so long after it became unknown; then it is for a person alone
KEPT_LATE = timedelta(days=7)  # an older mail is given no copy: the setting may be new
AT_ONCE = 200


def look_for_unknown(store: Store, folder: SentFolder | None, *, now: datetime) -> tuple[int, ...]:
    """Whatever proves that a mail has gone makes it sent: it came back to us, somebody answers it or a server gives it
    back, or it lies in the Sent folder. Its absence proves nothing. Returns the mails of which that is now known."""
    heard_of = outbox.heard_of(store)
    found = list(outbox.resolve(store, heard_of, Delivery.SENT, now=now)) if heard_of else []  # hardly ever
    unknown = outbox.unknown_since(store, now - LOOKED_FOR)
    if folder is not None and unknown:
        there = folder.holds(list(unknown))
        found += outbox.resolve(store, [unknown[id_] for id_ in there], Delivery.SENT, now=now)
    for id_ in found:
        LOG.info("mail %d: was unknown, and has gone out", id_)
    return tuple(found)


def keep_copies(store: Store, folder: SentFolder, *, now: datetime) -> int:
    """Put each sent mail into the folder, once. Returns how many were put there, or lay there."""
    waiting = outbox.without_copy(store, since=now - KEPT_LATE, limit=AT_ONCE)
    if waiting:
        lying_there = folder.keep((one.mail, one.sent_at) for one in waiting)
        for one, _ in zip(waiting, lying_there, strict=True):
            outbox.kept(store, one.id, now=now)
    return len(waiting)


def after_sending(store: Store, folder: SentFolder | None, *, keeps: bool, now: datetime) -> None:
    """Both. What goes wrong with the folder holds nothing up: the next pass tries again."""
    try:
        look_for_unknown(store, folder, now=now)
        if keeps and folder is not None:
            keep_copies(store, folder, now=now)
    except MicicError as error:
        LOG.error("the folder of sent mail: %s", error)  # noqa: TRY400 - no bug
