"""What a CV says becomes an entry of the roster. What a person has confirmed is never overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from domain.decision import Decision
from domain.profile import DocumentFinding, DocumentKind, Evidence, Level, Profile, ReadDocument, Tag, eligible
from roster.identity import LONGEST_EMAIL, fold_name, recognise
from roster.store import insert, one_at_a_time
from roster.tables import REJECTED, About, AddressKind, address, cv_version, evidence, language_skill, person, tag

PEOPLE = 0x6D696371  # lock: two mails with CVs of the same new person must not make two entries
NEW_EVIDENCE = sa.insert(evidence)
NEW_PERSON = sa.insert(person).returning(person.c.id)
BODY = "body"  # part path of a CV that stands in the body of the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The message that CVs came with."""

    message: int
    digest: str  # of its raw bytes
    arrived_at: datetime
    decision: Decision
    essential_languages: tuple[str, ...] = ()  # of the call; () leaves what a person said of languages out of account

    @property
    def sender(self) -> str | None:
        """The address that it came from, where it can be somebody's."""
        sender = self.decision.message.sender
        return sender.email.lower() if sender and 0 < len(sender.email) <= LONGEST_EMAIL else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    person: int
    new: bool  # was not on the roster before
    doubts: tuple[str, ...]


def enrol(db: sa.Connection, source: Source, *, now: datetime) -> tuple[Entry, ...]:
    """Enter everybody whose CV the message carries; one entry for each, in the order of the CVs."""
    people = source.decision.understanding.people
    if people:
        one_at_a_time(db, PEOPLE)
    entries: list[Entry] = []
    for profile in people:
        match = recognise(db, profile, sender=source.sender, taken={entry.person for entry in entries})
        id_ = match.person if match.person is not None else _new_person(db, profile, source, now)
        write_profile(db, id_, profile, source, new=match.person is None, now=now)
        entries.append(Entry(person=id_, new=match.person is None, doubts=match.doubts))
    return tuple(entries)


def write_profile(db: sa.Connection, id_: int, profile: Profile, source: Source, *, new: bool, now: datetime) -> None:
    """Put down what the CVs of one message say of a person; again, where they were read or tagged anew.

    Facts come from the newest CV that states them. Themes once shown stay shown: a newer CV may be a shorter one.
    """
    newest = new or _is_newest(db, id_, source)
    if not new:
        _update_person(db, id_, profile, source, newest=newest, now=now)
        _forget_evidence(db, id_, source)
    _write_addresses(db, id_, profile, source)
    _write_versions(db, id_, profile, source)
    _write_languages(db, id_, profile, newest=newest)
    _write_tags(db, id_, profile)
    rows = list(_evidence_rows(id_, profile, source))
    if rows:
        db.execute(NEW_EVIDENCE, rows)
    if not new:
        _found_again(db, id_)
        if source.essential_languages and _languages_corrected(db, id_):
            judge_eligible(db, id_, source.essential_languages)


def judge_eligible(db: sa.Connection, id_: int, essential: Sequence[str]) -> None:
    """By the languages that hold, whoever said so; `essential`: those of the call, of which one must be mastered."""
    mine = language_skill.c
    rows = db.execute(sa.select(mine.code, mine.holds).where(mine.person == id_, mine.holds.is_not(None)))
    able = eligible({row.code: Level(row.holds) for row in rows}, essential)
    db.execute(sa.update(person).where(person.c.id == id_).values(eligible=able))


def _languages_corrected(db: sa.Connection, id_: int) -> bool:
    mine = language_skill.c
    return bool(db.execute(sa.select(sa.exists().where(mine.person == id_, mine.confirmed.is_not(None)))).scalar())


def _new_person(db: sa.Connection, profile: Profile, source: Source, now: datetime) -> int:
    origin = {"entered_with": source.message, "cv_at": source.arrived_at, "created_at": now, "updated_at": now}
    return int(db.execute(NEW_PERSON, {**_facts(profile), **origin}).scalar_one())


def _facts(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "search_name": fold_name(profile.name),
        "nationalities": profile.nationalities,
        "residence": profile.residence,
        "degree": profile.highest_degree.value if profile.highest_degree else None,
        "years": profile.years_experience,
        "eligible": profile.eligible,
    }


def _is_newest(db: sa.Connection, id_: int, source: Source) -> bool:
    cv_at = db.execute(sa.select(person.c.cv_at).where(person.c.id == id_)).scalar_one()
    return bool(source.arrived_at >= cv_at)


def _update_person(
    db: sa.Connection, id_: int, profile: Profile, source: Source, *, newest: bool, now: datetime
) -> None:
    """A newer CV overwrites what it states; an older one that came late fills gaps only."""
    held = db.execute(sa.select(person).where(person.c.id == id_)).one()._mapping
    stated = {name: value for name, value in _facts(profile).items() if value not in (None, "", ())}
    changed = {name: value for name, value in stated.items() if newest or held[name] in (None, "", ())}
    if newest:
        changed["cv_at"] = source.arrived_at
    db.execute(sa.update(person).where(person.c.id == id_).values(**changed, updated_at=now))


def _write_addresses(db: sa.Connection, id_: int, profile: Profile, source: Source) -> None:
    emails = {email.lower() for email in profile.emails if len(email) <= LONGEST_EMAIL}
    rows = [{"person": id_, "kind": AddressKind.EMAIL.value, "value": email, "own": True} for email in sorted(emails)]
    rows += [
        {"person": id_, "kind": AddressKind.PHONE.value, "value": phone, "own": True}
        for phone in dict.fromkeys(profile.phones)
    ]
    alone = len(source.decision.understanding.people) == 1
    if source.sender and source.sender not in emails and alone:
        rows.append({"person": id_, "kind": AddressKind.EMAIL.value, "value": source.sender, "own": False})
    if rows:
        db.execute(_adding_addresses(db.dialect.name), rows)


@cache
def _adding_addresses(dialect: str) -> sa.Executable:
    add = insert(dialect, address)
    own = sa.or_(address.c.own, add.excluded.own)
    return add.on_conflict_do_update(index_elements=["person", "kind", "value"], set_={"own": own})


def _write_versions(db: sa.Connection, id_: int, profile: Profile, source: Source) -> None:
    findings = {finding.part_path: finding for finding in source.decision.understanding.documents}
    documents = {document.part_path: document for document in source.decision.documents}
    rows = [
        {
            "person": id_,
            "message": source.message,
            "part_path": path,
            "arrived_at": source.arrived_at,
            **_version(path, documents.get(path), findings.get(path), source),
        }
        for path in dict.fromkeys(profile.documents)
    ]
    if rows:
        db.execute(_adding_versions(db.dialect.name), rows)


@cache
def _adding_versions(dialect: str) -> sa.Executable:
    add = insert(dialect, cv_version)
    read_anew = {name: add.excluded[name] for name in ("kind", "language", "reader", "text", "stems", "outline")}
    return add.on_conflict_do_update(index_elements=["person", "message", "part_path"], set_=read_anew)


def _version(
    path: str, document: ReadDocument | None, finding: DocumentFinding | None, source: Source
) -> dict[str, Any]:
    """A CV may stand in the body: then its bytes are the mail's."""
    text = document.text if document else None
    return {
        "file_name": document.file_name if document else None,
        "digest": document.digest if document and path != BODY else source.digest,
        "kind": (finding.kind if finding else DocumentKind.CV).value,
        "language": finding.language if finding else "",
        "reader": text.reader if text else "",
        "text": text.text if text else "",
        "stems": finding.stems if finding else "",
        "outline": finding.outline if finding else "",
    }


def _write_languages(db: sa.Connection, id_: int, profile: Profile, *, newest: bool) -> None:
    rows = [
        {
            "person": id_,
            "code": skill.code,
            "found": skill.level.value,
            "holds": skill.level.value,
            "claimed": skill.claimed,
        }
        for skill in {skill.code: skill for skill in profile.languages}.values()
    ]
    if rows:
        db.execute(_adding_languages(db.dialect.name, newest=newest), rows)


@cache
def _adding_languages(dialect: str, *, newest: bool) -> sa.Executable:
    """An older CV that comes late says nothing new of a language that a newer one named."""
    add = insert(dialect, language_skill)
    mine, said = language_skill.c, add.excluded
    found = said.found if newest else sa.func.coalesce(mine.found, said.found)
    claimed = said.claimed if newest else sa.case((mine.found.is_(None), said.claimed), else_=mine.claimed)
    holds = sa.func.nullif(sa.func.coalesce(mine.confirmed, found), REJECTED)
    changes = {"found": found, "claimed": claimed, "holds": holds}
    return add.on_conflict_do_update(index_elements=["person", "code"], set_=changes)


def _write_tags(db: sa.Connection, id_: int, profile: Profile) -> None:
    rows = [
        {"person": id_, "about": about.value, "key": t.key, "found": t.holds, "holds": t.holds, "strength": t.strength}
        for about, t in _tags(profile)
    ]
    if rows:
        db.execute(_adding_tags(db.dialect.name), rows)


@cache
def _adding_tags(dialect: str) -> sa.Executable:
    add = insert(dialect, tag)
    mine, said = tag.c, add.excluded
    found = sa.or_(mine.found, said.found)
    changes = {
        "found": found,
        "holds": sa.func.coalesce(mine.confirmed, found),
        "strength": sa.case((said.found, said.strength), else_=mine.strength),
    }
    return add.on_conflict_do_update(index_elements=["person", "about", "key"], set_=changes)


def _tags(profile: Profile) -> Iterator[tuple[About, Tag]]:
    seen: set[tuple[About, str]] = set()
    for about, tags in ((About.THEME, profile.themes), (About.INPUT, profile.inputs)):
        for each in tags:
            if (about, each.key) not in seen:
                seen.add((about, each.key))
                yield about, each


def _evidence_rows(id_: int, profile: Profile, source: Source) -> Iterator[Mapping[str, Any]]:
    for about, each in _tags(profile):
        yield from _rows(id_, about, each.key, (*each.evidence, *each.seen), source)
    for skill in profile.languages:
        yield from _rows(id_, About.LANGUAGE, skill.code, skill.evidence, source)


def _rows(id_: int, about: About, key: str, places: Iterable[Evidence], source: Source) -> Iterator[Mapping[str, Any]]:
    for place in places:
        yield {
            "person": id_,
            "about": about.value,
            "key": key,
            "message": source.message,
            "part_path": place.part_path,
            "page": place.page,
            "section": place.section.value,
            "start": place.start,
            "end": place.end,
            "sentence": place.sentence,
            "rule": place.rule,
            "rules_hash": source.decision.understanding.rules_hash,
            "counted": place.counted,
            "reason": place.reason,
            "began": place.years[0] if place.years else None,
            "ended": place.years[1] if place.years else None,
        }


def _forget_evidence(db: sa.Connection, id_: int, source: Source) -> None:
    db.execute(sa.delete(evidence).where(evidence.c.person == id_, evidence.c.message == source.message))


def _found_again(db: sa.Connection, id_: int) -> None:
    """What rules found holds only while some CV of the person has evidence for it."""
    counted = sa.exists().where(
        evidence.c.person == tag.c.person,
        evidence.c.about == tag.c.about,
        evidence.c.key == tag.c.key,
        evidence.c.counted,
    )
    db.execute(
        sa.update(tag)
        .where(tag.c.person == id_)
        .values(found=counted, holds=sa.func.coalesce(tag.c.confirmed, counted))
    )
    spoken = sa.exists().where(
        evidence.c.person == language_skill.c.person,
        evidence.c.about == About.LANGUAGE.value,
        evidence.c.key == language_skill.c.code,
    )
    db.execute(
        sa.update(language_skill)
        .where(language_skill.c.person == id_, ~spoken)
        .values(found=None, holds=sa.func.nullif(language_skill.c.confirmed, REJECTED))
    )
