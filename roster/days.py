"""What the staff's digest of a day tells, and which days have had theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from domain.decision import OutgoingMail
from domain.digest import Digest, DigestEntry, DigestMail, DigestMessage, DigestReturn, Health
from domain.mail import Kind
from domain.moves import Delivery, Outcome, Stage
from domain.profile import Level
from roster import outbox as promises
from roster import passes
from roster.corrections import precision
from roster.shown import reasons_of
from roster.status import by_state, size
from roster.store import Store, insert
from roster.tables import (
    LEVELS,
    About,
    Purpose,
    audit,
    cv_version,
    digest_day,
    evidence,
    language_skill,
    message,
    outbox,
    part,
    person,
    reaction,
    tag,
)

FOR_STAFF = sa.or_(
    message.c.outcome.in_((Outcome.NEEDS_REVIEW.value, Outcome.WITHDRAWAL.value)),
    message.c.kind == Kind.ENQUIRY.value,  # acknowledged with the promise that a colleague answers
)
PENDING = (Delivery.UNKNOWN.value, Delivery.HELD.value)  # named every day until somebody acts
WELL = (Level.NATIVE.value, Level.C.value)


def digest(store: Store, *, since: datetime, until: datetime, day: date, midnights: Sequence[datetime] = ()) -> Digest:
    """All that was settled, or went wrong, from `since` up to `until` (half open).

    `midnights` begin and end the days that figures are given for, the oldest first, each in the staff's time zone.
    """
    settled = sa.and_(message.c.stage == Stage.SETTLED.value, _within(message.c.moved_at, since, until))
    stuck = sa.and_(message.c.stage == Stage.QUARANTINED.value, _within(message.c.moved_at, since, until))
    with store.read() as db:
        return Digest(
            day=day,
            since=since,
            until=until,
            arrived=_kinds(db, settled),
            entries=tuple(_entries(db, settled)),
            review=tuple(_messages(db, sa.or_(sa.and_(settled, FOR_STAFF), stuck))),
            set_aside=tuple(_messages(db, sa.and_(settled, message.c.outcome == Outcome.SET_ASIDE.value))),
            unsent=tuple(_unsent(db, since, until)),
            returned=tuple(_returned(db, settled)),
            unanswered=tuple(_unanswered(db, settled)),
            health=_health(db, since, until),
            roster_size=size(db),
            roster_themes=_people_by(db, tag.c.key, sa.and_(tag.c.about == About.THEME.value, tag.c.holds)),
            roster_languages=_people_by(db, language_skill.c.code, language_skill.c.holds.in_(WELL)),
            answered=_answered(db, since, until),
            erased=_erased(db, since, until),
            arrived_by_day=_arrived_by_day(db, midnights),
            precision=precision(db, since=midnights[0], until=until) if midnights else (),
            answer_times=tuple(_answer_times(db, midnights)),
        )


def last(store: Store) -> tuple[date, datetime] | None:
    """The newest day that has had its digest, and until when that told; None before the first."""
    with store.read() as db:
        newest = sa.select(digest_day.c.day, digest_day.c.until).order_by(digest_day.c.day.desc()).limit(1)
        row = db.execute(newest).one_or_none()
    return None if row is None else (row.day, row.until)


def close(store: Store, told: Digest, mail: OutgoingMail | None, *, now: datetime) -> int | None:
    """The day has its digest: remember that, and promise the mail, together. Returns the mail's id in the outbox,
    None where there is no mail, or the day had its digest before."""
    row = {"day": told.day, "since": told.since, "until": told.until, "made_at": now}
    with store.begin() as db:
        made = db.execute(
            insert(db.dialect.name, digest_day)
            .values(row)
            .on_conflict_do_nothing(index_elements=["day"])
            .returning(digest_day.c.day)
        ).scalar()
        if made is None or mail is None:
            return None
        return promises.queue(db, mail, cause=told.day, now=now)


def _within(column: sa.Column[datetime], since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(column >= since, column < until)


def _kinds(db: sa.Connection, settled: sa.ColumnElement[bool]) -> Mapping[Kind, int]:
    counted = db.execute(sa.select(message.c.kind, sa.func.count()).where(settled).group_by(message.c.kind))
    return {Kind(row[0]): row[1] for row in counted}


def _messages(db: sa.Connection, which: sa.ColumnElement[bool]) -> Iterator[DigestMessage]:
    for row in db.execute(sa.select(message).where(which).order_by(message.c.arrived_at, message.c.id)):
        yield _named(row, reasons_of(row))


def _named(row: sa.Row[*tuple[Any, ...]], reasons: tuple[str, ...]) -> DigestMessage:
    return DigestMessage(
        message=row.id,
        arrived_at=row.arrived_at,
        sender=row.sender or row.sender_key or "",
        subject=row.subject or "",
        kind=Kind(row.kind) if row.kind else None,
        reasons=reasons,
    )


def _entries(db: sa.Connection, settled: sa.ColumnElement[bool]) -> Iterator[DigestEntry]:
    came = (
        sa.select(cv_version.c.person, cv_version.c.message)
        .join(message, message.c.id == cv_version.c.message)
        .where(settled)
        .distinct()
    )
    touched = came.with_only_columns(cv_version.c.person)
    languages = _languages(db, touched)
    themes = _themes(db, touched)
    notes = _notes(db, settled)
    pairs = came.subquery()
    rows = db.execute(
        sa.select(person, pairs.c.message)
        .join(pairs, pairs.c.person == person.c.id)
        .order_by(pairs.c.message, person.c.id)
    )
    for row in rows:
        yield DigestEntry(
            person=row.id,
            message=row.message,
            name=row.name,
            updated=row.entered_with != row.message,
            residence=row.residence,
            languages=languages.get(row.id, ()),
            themes=tuple(
                (key, sentences.get(row.message) or next(iter(sentences.values()), ""))
                for key, sentences in themes.get(row.id, {}).items()
            ),
            eligible=row.eligible,
            notes=tuple(dict.fromkeys(notes.get((row.id, row.message), ()))),
        )


def _notes(db: sa.Connection, settled: sa.ColumnElement[bool]) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """By person and message: what the reading of their CVs added to the reasons of the parts (domain.mail.Part)."""
    rows = (
        sa.select(cv_version.c.person, cv_version.c.message, cv_version.c.file_name, part.c.reason)
        .join(part, sa.and_(part.c.message == cv_version.c.message, part.c.path == cv_version.c.part_path))
        .join(message, message.c.id == cv_version.c.message)
        .where(settled, part.c.reason.contains("\n"))
        .order_by(cv_version.c.message, part.c.position)
    )
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for row in db.execute(rows):
        _, *notes = row.reason.split("\n")
        found[row.person, row.message] += ((row.file_name or "", note) for note in notes)
    return found


def _languages(db: sa.Connection, people: sa.Select[int]) -> dict[int, tuple[tuple[str, Level], ...]]:
    spoken: dict[int, list[tuple[str, Level]]] = defaultdict(list)
    mine = language_skill.c
    for row in db.execute(
        sa.select(mine.person, mine.code, mine.holds).where(mine.person.in_(people), mine.holds.is_not(None))
    ):
        spoken[row.person].append((row.code, Level(row.holds)))
    return {id_: tuple(sorted(all_, key=lambda one: (LEVELS.index(one[1]), one[0]))) for id_, all_ in spoken.items()}


def _themes(db: sa.Connection, people: sa.Select[int]) -> dict[int, dict[str, dict[int, str]]]:
    """By person: the themes that hold, strongest first; of each, by message, the first sentence that speaks for it."""
    found: dict[int, dict[str, dict[int, str]]] = defaultdict(dict)
    of_theme = sa.and_(
        evidence.c.person == tag.c.person,
        evidence.c.about == tag.c.about,
        evidence.c.key == tag.c.key,
        evidence.c.counted,
    )
    rows = db.execute(
        sa.select(tag.c.person, tag.c.key, evidence.c.message, evidence.c.sentence)
        .join(evidence, of_theme, isouter=True)  # what a person confirmed may have none
        .where(tag.c.person.in_(people), tag.c.about == About.THEME.value, tag.c.holds)
        .order_by(tag.c.person, tag.c.strength.desc(), tag.c.key, evidence.c.id)
    )
    for row in rows:
        sentences = found[row.person].setdefault(row.key, {})
        if row.message is not None:
            sentences.setdefault(row.message, row.sentence)
    return found


def _unsent(db: sa.Connection, since: datetime, until: datetime) -> Iterator[DigestMail]:
    given_up = sa.and_(outbox.c.state == Delivery.GIVEN_UP.value, _within(outbox.c.moved_at, since, until))
    which = sa.and_(sa.or_(outbox.c.state.in_(PENDING), given_up), outbox.c.discarded_at.is_(None))
    mine = outbox.c
    for row in db.execute(sa.select(mine.id, mine.state, mine.recipients, mine.error).where(which).order_by(mine.id)):
        yield DigestMail(outbox=row.id, state=Delivery(row.state), recipients=row.recipients, error=row.error or "")


def _returned(db: sa.Connection, settled: sa.ColumnElement[bool]) -> Iterator[DigestReturn]:
    """Bounces of mails of ours; not what tells that a mail has arrived."""
    rows = sa.select(reaction, outbox.c.message.label("answers"), outbox.c.recipients)
    rows = rows.join(message, message.c.id == reaction.c.message).join(outbox, outbox.c.id == reaction.c.mail)
    of_bounces = sa.and_(settled, message.c.kind == Kind.BOUNCE.value, reaction.c.status.is_not(None))
    for row in db.execute(rows.where(of_bounces).order_by(reaction.c.message)):
        yield DigestReturn(
            message=row.message,
            outbox=row.mail,
            answers=row.answers,
            recipients=row.recipients,
            status=row.status,
            for_good=bool(row.failed) and row.answers is not None,
        )


def _unanswered(db: sa.Connection, settled: sa.ColumnElement[bool]) -> Iterator[DigestMessage]:
    """Messages of people that got no acknowledgement. Those for which one is held are told of as mails."""
    none_made = ~sa.exists().where(outbox.c.message == message.c.id)
    which = sa.and_(settled, message.c.unanswered.is_not(None), none_made)
    for row in db.execute(sa.select(message).where(which).order_by(message.c.arrived_at, message.c.id)):
        yield _named(row, (row.unanswered,))


def _answered(db: sa.Connection, since: datetime, until: datetime) -> Mapping[Kind, int]:
    """Acknowledgements that went out, by the kind of message that they answer; the most frequent first."""
    count = sa.func.count()
    sent = sa.and_(
        outbox.c.purpose == Purpose.ACKNOWLEDGEMENT.value,
        outbox.c.state == Delivery.SENT.value,
        _within(outbox.c.sent_at, since, until),
    )
    rows = sa.select(message.c.kind, count).join(outbox, outbox.c.message == message.c.id).where(sent)
    counted = db.execute(rows.group_by(message.c.kind).order_by(count.desc(), message.c.kind))
    return {Kind(row[0]): row[1] for row in counted if row[0]}


def _erased(db: sa.Connection, since: datetime, until: datetime) -> int:
    gone = sa.and_(audit.c.action == "erased", _within(audit.c.at, since, until))
    return int(db.execute(sa.select(sa.func.count()).select_from(audit).where(gone)).scalar_one())


def _arrived_by_day(db: sa.Connection, midnights: Sequence[datetime]) -> Mapping[date, int]:
    """Messages by the day on which they arrived, none left out."""
    if len(midnights) < 2:
        return {}
    at = message.c.arrived_at
    days = [sa.func.count(sa.case((_within(at, start, end), 1))) for start, end in pairwise(midnights)]
    # A message moves only after it has arrived, and by that column there is an index.
    counts = db.execute(sa.select(*days).where(message.c.moved_at >= midnights[0])).one()
    return {start.date(): count for start, count in zip(midnights, counts, strict=False)}


def _answer_times(db: sa.Connection, midnights: Sequence[datetime]) -> Iterator[timedelta]:
    """How long it took from a message's arrival to its acknowledgement."""
    if not midnights:
        return
    rows = sa.select(message.c.arrived_at, outbox.c.sent_at).join(outbox, outbox.c.message == message.c.id)
    answered = sa.and_(
        outbox.c.state == Delivery.SENT.value,
        outbox.c.queued_at >= midnights[0],
        _within(message.c.arrived_at, midnights[0], midnights[-1]),
    )
    for row in db.execute(rows.where(answered)):
        yield row.sent_at - row.arrived_at


def _health(db: sa.Connection, since: datetime, until: datetime) -> Health:
    by_hand, came_back = passes.differences(db, since=since, until=until)
    stages, states = by_state(db, message.c.stage), by_state(db, outbox.c.state)
    return Health(
        waiting=stages.get(Stage.RECEIVED, 0),
        quarantined=stages.get(Stage.QUARANTINED, 0),
        last_pass=passes.last_whole(db),
        unsent=states.get(Delivery.QUEUED, 0),
        inbox=passes.last_inbox(db),
        by_hand=by_hand,
        came_back=came_back,
    )


def _people_by(db: sa.Connection, key: sa.Column[str], which: sa.ColumnElement[bool]) -> Mapping[str, int]:
    """The most frequent first."""
    count = sa.func.count()
    rows = db.execute(sa.select(key, count).where(which).group_by(key).order_by(count.desc(), key))
    return {row[0]: row[1] for row in rows}
