"""The CVs that an edit of the rules may touch, found by the stems that the search index holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from roster.search import holding
from roster.store import Store
from roster.tables import cv_version, person, tag

AT_ONCE = 500  # ids in one query


@dataclass(frozen=True, slots=True)
class StoredCv:
    person: int
    message: int
    part_path: str
    text: str
    stems: str  # line by line as the text, and outline: as extraction.outline writes them
    outline: str
    arrived_at: datetime


def people_with(store: Store, terms: Iterable[Sequence[Iterable[str]]]) -> tuple[int, ...]:
    """People with a CV that holds any of these terms: all of its words, each by one of its stems."""
    found: set[int] = set()
    for term in terms:
        held = holding(store, tuple(tuple(sorted(stems)) for stems in term))
        wanted = sa.select(cv_version.c.person).join(held, held.c.version == cv_version.c.id).distinct()
        with store.read() as db:
            found.update(db.scalars(wanted))
    return tuple(sorted(found))


def everybody(store: Store) -> tuple[int, ...]:
    """All who have a CV."""
    with store.read() as db:
        return tuple(db.scalars(sa.select(cv_version.c.person).distinct().order_by(cv_version.c.person)))


def without_outline(store: Store) -> int:
    """How many CVs were stored by a version of the program that kept none."""
    with store.read() as db:
        return int(db.execute(sa.select(sa.func.count()).where(cv_version.c.outline == "")).scalar_one())


def stored_cvs(store: Store, people: Sequence[int]) -> Iterator[StoredCv]:
    """All CVs of these people that have an outline: by person, those of a message together, the oldest first."""
    order = [cv_version.c[name] for name in ("person", "arrived_at", "message", "id")]
    wanted = sa.select(*(cv_version.c[field.name] for field in fields(StoredCv))).where(cv_version.c.outline != "")
    for ids in _portions(people):
        with store.read() as db:
            rows = db.execute(wanted.where(cv_version.c.person.in_(ids)).order_by(*order)).all()
        yield from (StoredCv(*row) for row in rows)


def decided(store: Store, people: Sequence[int]) -> frozenset[tuple[int, str]]:
    """(person, key of a tag) of all that a person has confirmed or rejected: no rule changes those."""
    found: set[tuple[int, str]] = set()
    for ids in _portions(people):
        wanted = sa.select(tag.c.person, tag.c.key).where(tag.c.person.in_(ids), tag.c.confirmed.is_not(None))
        with store.read() as db:
            found.update((row.person, row.key) for row in db.execute(wanted))
    return frozenset(found)


def names(store: Store, people: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ids in _portions(people):
        with store.read() as db:
            rows = db.execute(sa.select(person.c.id, person.c.name).where(person.c.id.in_(ids)))
            found |= {row.id: row.name for row in rows}
    return found


def _portions(people: Sequence[int]) -> Iterator[Sequence[int]]:
    return (people[start : start + AT_ONCE] for start in range(0, len(people), AT_ONCE))
