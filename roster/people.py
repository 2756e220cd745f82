"""Everything that the roster holds of a person, with the evidence for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.mail import Kind
from domain.profile import Degree, Evidence, Level, SectionKind
from roster.answers import address_key
from roster.store import Store
from roster.tables import (
    About,
    AddressKind,
    address,
    bounced,
    cv_version,
    evidence,
    language_skill,
    message,
    outbox,
    person,
    reaction,
    tag,
)

AT_ONCE = 500  # people that are exported in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    kind: AddressKind
    value: str
    own: bool  # False: a mail with their CV came from there, which may be an agency's or a friend's address
    bounced_at: datetime | None  # when a mail of ours to it came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A CV as it came with one message."""

    id: int
    message: int
    part_path: str
    file_name: str | None
    digest: str
    language: str
    reader: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A place in a CV, and by which state of the rules it was found."""

    message: int
    rules_hash: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillShown:
    code: str
    found: Level | None  # what rules found
    confirmed: str | None  # what a person said: a level, or "none"
    holds: Level | None  # what counts
    claimed: str
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagShown:
    about: About  # THEME or INPUT
    key: str
    found: bool
    confirmed: bool | None
    holds: bool
    strength: float
    witnesses: tuple[Witness, ...]  # counted or not


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    id: int
    name: str
    nationalities: tuple[str, ...]
    residence: str | None
    degree: Degree | None
    years: int | None
    eligible: bool | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A message that answers one of our answers to the person."""

    message: int
    arrived_at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    facts: PersonFacts
    contacts: tuple[Contact, ...]
    versions: tuple[Version, ...]  # the newest first
    languages: tuple[SkillShown, ...]
    tags: tuple[TagShown, ...]  # those that hold first, the strongest first
    replies: tuple[Reply, ...]  # to our answers, the oldest first: they may correct what stands here


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person on one line of an export: only what holds."""

    facts: PersonFacts
    emails: tuple[str, ...]  # their own first
    phones: tuple[str, ...]
    languages: Mapping[str, Level]
    themes: tuple[str, ...]  # the strongest first
    inputs: tuple[str, ...]


def show(store: Store, id_: int) -> PersonShown:
    """KeyError where nobody has this id."""
    with store.read() as db:
        row = db.execute(sa.select(person).where(person.c.id == id_)).one_or_none()
        if row is None:
            raise KeyError(id_)
        witnesses = _witnesses(db, id_)
        return PersonShown(
            facts=_facts(row),
            contacts=tuple(_contacts(db, id_)),
            versions=tuple(_versions(db, id_)),
            languages=tuple(_languages(db, id_, witnesses)),
            tags=tuple(_tags(db, id_, witnesses)),
            replies=tuple(_replies(db, id_)),
        )


def export(store: Store) -> Iterator[PersonRow]:
    """Everybody, in order of entry. People who come or go meanwhile may or may not be among them."""
    last = 0
    while True:
        some = sa.select(person).where(person.c.id > last).order_by(person.c.id).limit(AT_ONCE)
        with store.read() as db:
            rows = db.execute(some).all()
            if not rows:
                return
            addresses = _by_person(db, address, rows, address.c.own.desc(), address.c.value)
            spoken = _by_person(db, language_skill, rows, language_skill.c.code)
            tags = _by_person(db, tag, rows, tag.c.strength.desc(), tag.c.key)
        for row in rows:
            yield _line(row, addresses[row.id], spoken[row.id], tags[row.id])
        last = rows[-1].id


def _replies(db: sa.Connection, id_: int) -> Iterator[Reply]:
    """A bounce is no answer, nor is what a machine writes."""
    answered = sa.select(cv_version.c.message).where(cv_version.c.person == id_)
    rows = sa.select(message.c.id, message.c.arrived_at, message.c.subject).join(
        reaction, reaction.c.message == message.c.id
    )
    rows = rows.join(outbox, outbox.c.id == reaction.c.mail)
    by_people = message.c.kind.not_in((Kind.BOUNCE.value, Kind.AUTO_REPLY.value))
    rows = rows.where(outbox.c.message.in_(answered), by_people).order_by(message.c.arrived_at, message.c.id)
    for row in db.execute(rows):
        yield Reply(message=row.id, arrived_at=row.arrived_at, subject=row.subject or "")


def _line(row: Any, addresses: list[Any], spoken: list[Any], tags: list[Any]) -> PersonRow:
    return PersonRow(
        facts=_facts(row),
        emails=tuple(a.value for a in addresses if a.kind == AddressKind.EMAIL),
        phones=tuple(a.value for a in addresses if a.kind == AddressKind.PHONE),
        languages={skill.code: Level(skill.holds) for skill in spoken if skill.holds},
        themes=tuple(t.key for t in tags if t.holds and t.about == About.THEME),
        inputs=tuple(t.key for t in tags if t.holds and t.about == About.INPUT),
    )


def _by_person(
    db: sa.Connection, table: sa.Table, people: Any, *order: sa.ColumnElement[Any]
) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    first, last = people[0].id, people[-1].id
    for row in db.execute(sa.select(table).where(table.c.person.between(first, last)).order_by(*order)):
        found[row.person].append(row)
    return found


def _facts(row: Any) -> PersonFacts:
    return PersonFacts(
        id=row.id,
        name=row.name,
        nationalities=row.nationalities,
        residence=row.residence,
        degree=Degree(row.degree) if row.degree else None,
        years=row.years,
        eligible=row.eligible,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _contacts(db: sa.Connection, id_: int) -> Iterator[Contact]:
    mine = sa.select(address).where(address.c.person == id_)
    rows = db.execute(mine.order_by(address.c.kind, address.c.own.desc(), address.c.value)).all()
    keys = {row.value: address_key(row.value) for row in rows if row.kind == AddressKind.EMAIL.value}
    came_back = sa.select(bounced.c.address, bounced.c.at).where(bounced.c.address.in_(keys.values()))
    at = {row.address: row.at for row in db.execute(came_back)}
    for row in rows:
        kind = AddressKind(row.kind)
        yield Contact(kind=kind, value=row.value, own=row.own, bounced_at=at.get(keys.get(row.value, "")))


def _versions(db: sa.Connection, id_: int) -> Iterator[Version]:
    columns = [cv_version.c[name] for name in Version.__dataclass_fields__]
    mine = sa.select(*columns).where(cv_version.c.person == id_)
    for row in db.execute(mine.order_by(cv_version.c.arrived_at.desc(), cv_version.c.id)):
        yield Version(**row._mapping)


def _witnesses(db: sa.Connection, id_: int) -> Mapping[tuple[str, str], tuple[Witness, ...]]:
    found: dict[tuple[str, str], tuple[Witness, ...]] = defaultdict(tuple)
    for row in db.execute(sa.select(evidence).where(evidence.c.person == id_).order_by(evidence.c.id)):
        place = Evidence(
            part_path=row.part_path,
            page=row.page,
            section=SectionKind(row.section),
            start=row.start,
            end=row.end,
            sentence=row.sentence,
            rule=row.rule,
            counted=row.counted,
            reason=row.reason,
            years=None if row.began is None else (row.began, row.ended),
        )
        found[row.about, row.key] += (Witness(message=row.message, rules_hash=row.rules_hash, evidence=place),)
    return found


def _languages(
    db: sa.Connection, id_: int, witnesses: Mapping[tuple[str, str], tuple[Witness, ...]]
) -> Iterator[SkillShown]:
    mine = sa.select(language_skill).where(language_skill.c.person == id_).order_by(language_skill.c.code)
    for row in db.execute(mine):
        yield SkillShown(
            code=row.code,
            found=Level(row.found) if row.found else None,
            confirmed=row.confirmed,
            holds=Level(row.holds) if row.holds else None,
            claimed=row.claimed,
            witnesses=witnesses.get((About.LANGUAGE, row.code), ()),
        )


def _tags(db: sa.Connection, id_: int, witnesses: Mapping[tuple[str, str], tuple[Witness, ...]]) -> Iterator[TagShown]:
    mine = sa.select(tag).where(tag.c.person == id_)
    for row in db.execute(mine.order_by(tag.c.about.desc(), tag.c.holds.desc(), tag.c.strength.desc(), tag.c.key)):
        yield TagShown(
            about=About(row.about),
            key=row.key,
            found=row.found,
            confirmed=row.confirmed,
            holds=row.holds,
            strength=row.strength,
            witnesses=witnesses.get((row.about, row.key), ()),
        )
