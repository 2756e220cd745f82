"""What was read from documents, kept so that the same file is read once. It may be dropped at any time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from roster.store import Store, insert
from roster.tables import part, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a reading hangs on besides the reader's version."""

    digest: str  # SHA-256 of the document's bytes, hex
    media_type: str  # that it was read as
    extent: str  # how much of it was read at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    reader: str  # name and version
    content: bytes


def find(store: Store, key: Key) -> Reading | None:
    with store.read() as db:
        row = db.execute(sa.select(reading.c.reader, reading.c.content).where(*_is(key))).one_or_none()
    return Reading(reader=row.reader, content=row.content) if row else None


def keep(store: Store, key: Key, new: Reading) -> None:
    """In place of an older one. Waits for no disk: what is lost is read again."""
    row = {"digest": key.digest, "media_type": key.media_type, "extent": key.extent}
    row_with_content = {**row, "reader": new.reader, "content": new.content}
    add = insert(store.engine.dialect.name, reading).values(row_with_content)
    newer = {"reader": add.excluded.reader, "content": add.excluded.content}
    with store.begin(durable=False) as db:
        db.execute(add.on_conflict_do_update(index_elements=list(row), set_=newer))


def forget(db: sa.Connection, digests: Iterable[str]) -> None:
    """Those of these documents, and of documents that no message holds any more."""
    in_no_message = ~sa.exists().where(part.c.digest == reading.c.digest)
    db.execute(sa.delete(reading).where(sa.or_(reading.c.digest.in_(list(digests)), in_no_message)))


def _is(key: Key) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        reading.c.digest == key.digest,
        reading.c.media_type == key.media_type,
        reading.c.extent == key.extent,
    )
