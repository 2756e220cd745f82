"""What comes back to our mails: bounces, absences, answers. Only who quotes our Message-ID is believed.

Nobody but the recipient of a mail, and the servers on its way, knows its Message-ID. Decision 0021 says what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from domain.decision import Decision
from domain.mail import DeliveryReport, Kind, ParsedMessage
from roster.answers import address_key
from roster.store import insert
from roster.tables import Purpose, bounced, outbox, reaction

MOST_QUOTED = 50
ARRIVED = frozenset({"delivered", "relayed", "expanded"})


def tie(db: sa.Connection, message: int, decision: Decision, *, now: datetime) -> tuple[str, ...]:
    """Tie a message to the mail of ours that it is about; returns what that tells, in words for staff.

    The address of a mail that came back for good is remembered.
    """
    quoted = _quoted(decision.message, bounce=decision.kind is Kind.BOUNCE)
    if not quoted:
        return ()
    ours = sa.select(outbox.c.id, outbox.c.message, outbox.c.purpose, outbox.c.recipients)
    newest = ours.where(outbox.c.rfc_message_id.in_(quoted)).order_by(outbox.c.id.desc()).limit(1)
    mail = db.execute(newest).one_or_none()
    if mail is None:
        return ()
    which = f"our mail {mail.id}" + (f", the answer to message {mail.message}" if mail.message else "")
    report = decision.message.report if decision.kind is Kind.BOUNCE else None
    row = {"message": message, "mail": mail.id, "failed": _failed(report), "status": _status(report)}
    db.execute(insert(db.dialect.name, reaction).values(row).on_conflict_do_nothing(index_elements=["message"]))
    if report is None:
        return (f"It answers {which}.",)
    if report.permanent and mail.purpose == Purpose.ACKNOWLEDGEMENT.value:
        _remember(db, address_key(mail.recipients[0]), mail.id, _status(report) or "", now)
    return (f"It gives back {which}" + (f": {row['status']}." if row["status"] else "."),)


def _quoted(message: ParsedMessage, *, bounce: bool) -> list[str]:
    report = message.report.quoted if bounce and message.report else ()
    found: Iterable[str] = (*report, *message.in_reply_to, *reversed(message.references))
    return list(dict.fromkeys(found))[:MOST_QUOTED]


def _failed(report: DeliveryReport | None) -> bool | None:
    """Whether the address is no good; None where the message does not say, or is no bounce."""
    if report is None or not (report.action or report.status):
        return None
    return report.permanent


def _status(report: DeliveryReport | None) -> str | None:
    """None where nothing went wrong, or the message is no bounce."""
    if report is None or report.action in ARRIVED:
        return None
    return " ".join(word for word in (report.action, report.status, report.told) if word)


def _remember(db: sa.Connection, address: str, mail: int, status: str, now: datetime) -> None:
    add = insert(db.dialect.name, bounced).values(address=address, mail=mail, status=status, at=now)
    renew = {name: add.excluded[name] for name in ("mail", "status", "at")}
    db.execute(add.on_conflict_do_update(index_elements=["address"], set_=renew))
