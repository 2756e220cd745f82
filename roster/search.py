"""Who on the roster answers to what staff look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCONFIG

from domain.profile import Level
from roster.columns import storable
from roster.identity import fold_name
from roster.store import Store
from roster.tables import LEVELS, About, address, cv_version, language_skill, person, tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All that is asked for must be true of a person."""

    words: tuple[tuple[str, ...], ...] = ()  # each word with the stems that it may have; all in one CV, in any order
    name: str = ""  # words of the name, in any order and case, with or without accents; beginnings are enough
    address: str | None = None  # an e-mail address, or a phone in E.164, that stands in the entry
    themes: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    languages: tuple[tuple[str, Level], ...] = ()  # code, and the lowest level that will do
    country: str | None = None  # ISO 3166-1 alpha-2: of residence or nationality
    eligible: bool | None = None
    no_cv_since: datetime | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    person: int
    name: str
    residence: str | None
    eligible: bool | None
    strength: float  # of the themes and inputs asked for, or of all themes; for ranking only


def search(store: Store, query: Query) -> tuple[Found, ...]:
    """Best first: by how well the words fit, then by strength of the themes, then by name."""
    strength = _strength(query)
    wanted = sa.select(person.c.id, person.c.name, person.c.residence, person.c.eligible, strength.label("strength"))
    order: list[sa.ColumnElement[Any]] = [sa.desc("strength"), person.c.search_name, person.c.id]
    if query.words:
        hits = _hits_of_postgresql(query) if store.is_postgresql else _hits_of_sqlite(query)
        best = (
            sa.select(cv_version.c.person, sa.func.min(hits.c.rank).label("rank"))
            .join(hits, hits.c.version == cv_version.c.id)
            .group_by(cv_version.c.person)
            .subquery()
        )
        wanted = wanted.join(best, best.c.person == person.c.id)
        order.insert(0, best.c.rank)
    wanted = wanted.where(*_conditions(query)).order_by(*order).limit(query.limit)
    with store.read() as db:
        return tuple(
            Found(person=row.id, name=row.name, residence=row.residence, eligible=row.eligible, strength=row.strength)
            for row in db.execute(wanted)
        )


def at_least(level: Level) -> tuple[str, ...]:
    """The levels that will do where this one is asked for. UNKNOWN asks for the language alone."""
    return tuple(better.value for better in LEVELS[: LEVELS.index(level) + 1])


def _conditions(query: Query) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [
        sa.exists().where(tag.c.person == person.c.id, tag.c.about == about.value, tag.c.key == key, tag.c.holds)
        for about, keys in ((About.THEME, query.themes), (About.INPUT, query.inputs))
        for key in keys
    ]
    spoken = language_skill.c
    conditions += [
        sa.exists().where(spoken.person == person.c.id, spoken.code == code, spoken.holds.in_(at_least(level)))
        for code, level in query.languages
    ]
    for word in fold_name(query.name).split():
        begins = sa.or_(person.c.search_name.startswith(word), person.c.search_name.contains(f" {word}"))
        conditions.append(begins)
    if query.address is not None:
        value = storable(query.address.strip().lower())
        conditions.append(sa.exists().where(address.c.person == person.c.id, address.c.value == value))
    if query.country is not None:
        country = storable(query.country)
        nationality = sa.cast(person.c.nationalities, sa.Text).contains(f'"{country}"', autoescape=True)
        conditions.append(sa.or_(person.c.residence == country, nationality))
    if query.eligible is not None:
        conditions.append(person.c.eligible.is_(query.eligible))
    if query.no_cv_since is not None:
        conditions.append(person.c.cv_at < query.no_cv_since)
    return conditions


def _strength(query: Query) -> sa.ScalarSelect[Any]:
    asked = [*query.themes, *query.inputs]
    which = tag.c.key.in_(asked) if asked else tag.c.about == About.THEME.value
    total = sa.func.coalesce(sa.func.sum(tag.c.strength), 0.0)
    return sa.select(total).where(tag.c.person == person.c.id, tag.c.holds, which).scalar_subquery()


def holding(store: Store, words: Sequence[Sequence[str]]) -> sa.Subquery:
    """CV versions that hold all of these words, each by one of its stems."""
    if store.is_postgresql:
        stored: sa.ColumnElement[Any] = sa.literal_column("cv_version.search_words")
        held = sa.select(cv_version.c.id.label("version")).where(stored.op("@@")(_asked_of_postgresql(words)))
        return held.subquery()
    matching = sa.text("SELECT rowid AS version FROM search_cv_version WHERE search_cv_version MATCH :asked")
    return matching.bindparams(asked=_asked_of_sqlite(words)).columns(sa.column("version", sa.Integer)).subquery()


def _asked_of_sqlite(words: Sequence[Sequence[str]]) -> str:
    """In quotation marks nothing is an operator of FTS5's language (§3.1)."""
    quoted = ((f'"{storable(stem).replace(chr(34), chr(34) * 2)}"' for stem in stems) for stems in words)
    return " AND ".join(f"({' OR '.join(stems)})" for stems in quoted)


def _asked_of_postgresql(words: Sequence[Sequence[str]]) -> sa.ColumnElement[Any]:
    simple = sa.cast("simple", REGCONFIG)  # stems are stems already
    return joined(
        "&&",
        [joined("||", [sa.func.phraseto_tsquery(simple, storable(stem)) for stem in stems]) for stems in words],
    )


def _hits_of_sqlite(query: Query) -> sa.Subquery:
    """CV versions with their rank, the best the lowest (FTS5 §5.1.1)."""
    asked = _asked_of_sqlite(query.words)
    matching = sa.text("SELECT rowid AS version, rank FROM search_cv_version WHERE search_cv_version MATCH :asked")
    columns = matching.bindparams(asked=asked).columns(sa.column("version", sa.Integer), sa.column("rank", sa.Float))
    return columns.subquery()


def _hits_of_postgresql(query: Query) -> sa.Subquery:
    asked = _asked_of_postgresql(query.words)
    stored: sa.ColumnElement[Any] = sa.literal_column("cv_version.search_words")
    rank = (-sa.func.ts_rank(stored, asked)).label("rank")
    return sa.select(cv_version.c.id.label("version"), rank).where(stored.op("@@")(asked)).subquery()


def joined(operator: str, queries: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    return reduce(lambda one, other: one.op(operator)(other), queries).self_group()
