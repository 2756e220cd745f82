"""Carry out a decision: everything that follows from a message, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.decision import Claim, Decision, OutgoingMail
from domain.moves import Outcome, Stage
from roster import outbox
from roster.answers import Asked, Policy, Way, judge
from roster.entries import Entry, Source, enrol
from roster.moves import move_message
from roster.reactions import tie
from roster.store import Store
from roster.tables import message, part

ARRIVED_AT = sa.select(message.c.arrived_at).where(message.c.id == sa.bindparam("of_id"))
NEW_PARTS = sa.insert(part)
ENTERED = frozenset({Outcome.ENROLLED, Outcome.UPDATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What else settling must know."""

    folders: Mapping[Outcome, str]  # where a message is filed, asked where the roster changes the outcome
    answers: Policy
    essential_languages: tuple[str, ...] = ()  # of the call: by them it is judged who is eligible


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    outcome: Outcome  # may differ from the decision's: only the roster knows who is on it
    entries: tuple[Entry, ...]
    mail: int | None  # id in the outbox; None where nobody is answered, or has been already


def settle(
    store: Store, claim: Claim, decision: Decision, outgoing: OutgoingMail | None, *, terms: Terms, now: datetime
) -> Settled:
    """Commit the entries, tags and evidence, the fate of every part, the promise to answer, and the message's move.

    The roster may change the outcome: an application of somebody who is on it becomes UPDATED, an update of nobody
    known ENROLLED, and a doubt about who it is NEEDS_REVIEW. It also knows who has been answered: then no mail is
    promised, or one that waits for a person. StaleStage, and nothing is changed, where the claim no longer holds.
    """
    with store.begin() as db:
        # First the move: it locks the row, so that whoever comes second finds it gone and does nothing.
        move_message(db, claim, Stage.SETTLED, now=now, values=_settled_row(decision))
        arrived_at = db.execute(ARRIVED_AT, {"of_id": claim.id}).scalar_one()
        _write_parts(db, claim.id, decision)
        source = Source(
            message=claim.id,
            digest=claim.digest,
            arrived_at=arrived_at,
            decision=decision,
            essential_languages=terms.essential_languages,
        )
        about_ours = tie(db, claim.id, decision, now=now)
        if about_ours:
            db.execute(sa.update(message).where(message.c.id == claim.id).values(why=(*decision.why, *about_ours)))
        entries = enrol(db, source, now=now)
        doubts = tuple(doubt for entry in entries for doubt in entry.doubts)
        outcome = final_outcome(decision.outcome, entries, doubtful=bool(doubts))
        if outcome is not decision.outcome or doubts:
            changes = {"outcome": outcome.value, "review": (*decision.review, *doubts)}
            if outcome is not decision.outcome:
                changes["folder"] = terms.folders[outcome]
            db.execute(sa.update(message).where(message.c.id == claim.id).values(changes))
        mail = _answer(db, source, outgoing, entries, policy=terms.answers, now=now) if outgoing else None
    return Settled(outcome=outcome, entries=entries, mail=mail)


def _answer(
    db: sa.Connection,
    source: Source,
    outgoing: OutgoingMail,
    entries: Sequence[Entry],
    *,
    policy: Policy,
    now: datetime,
) -> int | None:
    """Promise the answer, as far as the loop breakers let it go. Returns its id in the outbox."""
    promise = source.decision.acknowledgement
    asked = Asked(
        message=source.message,
        to=outgoing.recipients[0],
        template=promise.template if promise else "",
        people=tuple(entry.person for entry in entries),
        somebody_new=any(entry.new for entry in entries),
        message_id=source.decision.message.message_id,
        sender=source.sender,
    )
    verdict = judge(db, asked, policy, now=now)
    if verdict.reason:
        db.execute(sa.update(message).where(message.c.id == source.message).values(unanswered=verdict.reason))
    if verdict.way is Way.NONE:
        return None
    held = verdict.reason if verdict.way is Way.HOLD else None
    return outbox.queue(db, outgoing, cause=source.message, now=now, template=asked.template, held=held)


def final_outcome(decided: Outcome, entries: Sequence[Entry], *, doubtful: bool) -> Outcome:
    if doubtful:
        return Outcome.NEEDS_REVIEW
    if decided not in ENTERED or not entries:
        return decided
    return Outcome.ENROLLED if any(entry.new for entry in entries) else Outcome.UPDATED


def _settled_row(decision: Decision) -> dict[str, Any]:
    mail = decision.message
    return {
        "outcome": decision.outcome.value,
        "kind": decision.kind.value,
        "reply_language": decision.understanding.reply_language.value,
        "review": decision.review,
        "why": decision.why,
        "folder": decision.folder,
        "rules_hash": decision.understanding.rules_hash,
        "message_id": mail.message_id,
        "sent_at": mail.sent_at,
        "sender": mail.sender.email if mail.sender else None,
        "subject": mail.subject,
        "error": None,
    }


def _write_parts(db: sa.Connection, id_: int, decision: Decision) -> None:
    rows = [
        {
            "message": id_,
            "position": position,
            "path": each.path,
            "file_name": each.file_name,
            "declared_type": each.declared_type,
            "detected_type": each.detected_type,
            "size": each.size,
            "digest": each.digest,
            "fate": each.fate.value,
            "reason": each.reason,
        }
        for position, each in enumerate(decision.parts)
    ]
    if rows:
        db.execute(NEW_PARTS, rows)
