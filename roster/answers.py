"""Loop breakers: whether one more acknowledgement may go out, counted from the outbox where the promise is made.

Decision 0020 says why it is these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from domain.moves import Delivery
from roster.store import one_at_a_time
from roster.tables import Purpose, bounced, cv_version, outbox, reaction

ANSWERS = 0x6D696372  # lock: two workers that count at once would both find room for the last answer
DAY = timedelta(days=1)
LONGEST_EXCHANGE = 2  # answers of ours in one thread: who writes on talks to a colleague, or is no person
UNDER_WAY = tuple(state.value for state in Delivery if state not in (Delivery.HELD, Delivery.GIVEN_UP))


def _unindexed(column: sa.Column[str]) -> sa.ColumnElement[str]:
    """A column by whose index nothing is to be looked up: nearly all rows have one value, which SQLite cannot know."""
    return column.concat("")


IS_ANSWER = _unindexed(outbox.c.purpose) == Purpose.ACKNOWLEDGEMENT.value
_state = _unindexed(outbox.c.state)
ACKNOWLEDGED = sa.and_(IS_ANSWER, _state != Delivery.GIVEN_UP.value)  # or promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How many acknowledgements may go out."""

    window: timedelta  # within it, nobody gets the same acknowledgement twice
    per_address: int  # of any kind, to one address or person, within `span`
    span: timedelta
    per_domain: int  # a day
    overall: int  # a day
    shared_domains: frozenset[str]  # where strangers to each other have mailboxes: no cap of their own


class Way(StrEnum):
    GO = "go"
    HOLD = "hold"  # made, and a person says whether it goes
    NONE = "none"  # not made


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    way: Way
    reason: str = ""  # in words for staff; empty for GO


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The acknowledgement that a message would have."""

    message: int
    to: str  # address
    template: str
    people: tuple[int, ...]  # whose CV the message carries
    somebody_new: bool  # one of them was not on the roster before
    message_id: str | None  # of the message
    sender: str | None  # address that it came from


def address_key(email: str) -> str:
    """One key for all spellings of a mailbox: lower case, without a tag (RFC 5233 §1)."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def domain_of(email: str) -> str:
    return email.lower().rpartition("@")[2]


def _under_way(which: sa.ColumnElement[bool]) -> sa.Select[int]:
    """How many went out, or wait to; no more are counted than the cap. Built once, as decision 0011 says."""
    since, cap = sa.bindparam("since", type_=outbox.c.queued_at.type), sa.bindparam("cap", type_=sa.Integer)
    counted = sa.and_(which, IS_ANSWER, _state.in_(UNDER_WAY), outbox.c.queued_at > since)
    return sa.select(sa.func.count()).select_from(sa.select(outbox.c.id).where(counted).limit(cap).subquery())


_of_person = sa.select(cv_version.c.message).where(cv_version.c.person == sa.bindparam("person"))
TO_ADDRESS = _under_way(outbox.c.address == sa.bindparam("address"))
TO_PERSON = _under_way(outbox.c.message.in_(_of_person))
TO_DOMAIN = _under_way(outbox.c.domain == sa.bindparam("domain"))
TO_ANYBODY = _under_way(sa.true())


def judge(db: sa.Connection, asked: Asked, policy: Policy, *, now: datetime) -> Verdict:
    """Say whether the acknowledgement may go. No other transaction counts until this one ends."""
    one_at_a_time(db, ANSWERS)
    done = _come_back(db, asked) or _answered_before(db, asked, now - policy.window)
    if done:
        return Verdict(way=Way.NONE, reason=done)
    doubt = (
        _bounced(db, asked, now - policy.window)
        or _to_and_fro(db, asked.message)
        or _over_a_cap(db, asked, policy, now)
    )
    if not doubt:
        return Verdict(way=Way.GO)
    held = db.execute(
        sa.select(outbox.c.id).where(outbox.c.address == address_key(asked.to), _state == Delivery.HELD.value)
    ).scalar()
    if held is not None:  # one is enough for a person to decide on: a machine's would be without number
        return Verdict(way=Way.NONE, reason=f"{doubt}; mail {held} to the same address waits for a person already")
    return Verdict(way=Way.HOLD, reason=doubt)


def _come_back(db: sa.Connection, asked: Asked) -> str:
    ours = sa.select(outbox.c.id).where(outbox.c.rfc_message_id == asked.message_id)
    id_ = db.execute(ours).scalar() if asked.message_id else None
    return "" if id_ is None else f"it is our own mail {id_}, come back"


def _answered_before(db: sa.Connection, asked: Asked, since: datetime) -> str:
    same = sa.and_(ACKNOWLEDGED, outbox.c.template == asked.template, outbox.c.queued_at > since)
    newest = sa.select(outbox.c.id).where(same).order_by(outbox.c.queued_at.desc()).limit(1)
    if not asked.somebody_new:  # an agency sends several people's CVs: each is worth an answer
        id_ = db.execute(newest.where(outbox.c.address == address_key(asked.to))).scalar()
        if id_ is not None:
            return f"the same answer was sent to this address shortly before (mail {id_})"
    answered: list[int] = []
    for person in asked.people:
        came_with = sa.select(cv_version.c.message).where(cv_version.c.person == person)
        answered += db.execute(newest.where(outbox.c.message.in_(came_with))).scalars()
    if asked.people and len(answered) == len(asked.people):
        return f"this person has had the same answer shortly before (mail {answered[0]})"
    return ""


def _bounced(db: sa.Connection, asked: Asked, since: datetime) -> str:
    """A mail to the address came back. Who writes from that very address some time later is worth one new try."""
    key = address_key(asked.to)
    row = db.execute(sa.select(bounced).where(bounced.c.address == key)).one_or_none()
    if row is None:
        return ""
    if row.at <= since and asked.sender and address_key(asked.sender) == key:
        db.execute(sa.delete(bounced).where(bounced.c.address == key))
        return ""
    return f"mail {row.mail} to this address came back ({row.status})"


def _to_and_fro(db: sa.Connection, message: int) -> str:
    """It answers a mail of ours, which answered one that answered a mail of ours, and so on."""
    before: int | None = message
    for count in range(LONGEST_EXCHANGE + 1):
        if count == LONGEST_EXCHANGE:
            return f"{count} answers of ours went out in this exchange already"
        ours = sa.select(outbox.c.message).join(reaction, reaction.c.mail == outbox.c.id)
        before = db.execute(ours.where(reaction.c.message == before)).scalar()
        if before is None:
            break
    return ""


def _over_a_cap(db: sa.Connection, asked: Asked, policy: Policy, now: datetime) -> str:
    domain = domain_of(asked.to)
    days = policy.span.days
    to_address = f"{policy.per_address} answers to one address in {days} days"
    address: dict[str, str | int] = {"address": address_key(asked.to)}
    caps = [(to_address, policy.per_address, now - policy.span, TO_ADDRESS, address)]
    if asked.people and not asked.somebody_new:
        to_person = f"{policy.per_address} answers to one person in {days} days"
        caps.append((to_person, policy.per_address, now - policy.span, TO_PERSON, {"person": asked.people[0]}))
    if domain not in policy.shared_domains:
        to_domain = f"{policy.per_domain} answers to one domain in a day"
        caps.append((to_domain, policy.per_domain, now - DAY, TO_DOMAIN, {"domain": domain}))
    caps.append((f"{policy.overall} answers in a day", policy.overall, now - DAY, TO_ANYBODY, {}))
    for name, cap, since, counted, whom in caps:
        if db.execute(counted, {"cap": cap, "since": since, **whom}).scalar_one() >= cap:
            return f"the limit is reached: {name}"
    return ""
