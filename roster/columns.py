"""Columns and types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows only in a column of type INTEGER


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def of_person(*, primary_key: bool = False) -> sa.Column[int]:
    to = sa.ForeignKey("person.id", ondelete="CASCADE")
    return sa.Column("person", Key, to, primary_key=primary_key, nullable=False)


def storable(text: str) -> str:
    """The text with U+FFFD for what a database cannot keep: NUL (PostgreSQL) and lone surrogates (both).

    One character for one, so that offsets of evidence stay true.
    """
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text


class Instant(sa.TypeDecorator[datetime]):
    """A moment in UTC. Goes in with any time zone but never without one, comes out in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be kept")
        moment = value.astimezone(UTC)
        # SQLite has no time zones: its text stays in order because all of it is UTC.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Prose(sa.TypeDecorator[str]):
    """Text that came by mail: whatever it holds can be kept."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Words(sa.TypeDecorator[tuple[str, ...]]):
    """Some texts in order, as a JSON array."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002
        return None if value is None else [storable(text) for text in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(value)
