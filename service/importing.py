"""`micic import`: mails and CVs that lie in files take the same way as those that come by mail."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from domain.ports import BlobRef, Blobs, Clock
from roster import ledger
from roster.ledger import Arrival
from roster.store import Store
from service.bare import as_message, is_mail
from service.fetching import HEAD, sender_address

BATCH = 50  # messages that are made safe and entered together
MBOX = frozenset({".mbox", ".mbx"})
NO_DOCUMENTS = frozenset({".ds_store", ".ini", ".db", ".lnk", ".tmp"})  # what file managers leave behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One mail to be taken in."""

    place: str  # for the person who imports
    raw: bytes
    arrived_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    blobs: Blobs
    store: Store
    answer: bool  # whether the applicants are acknowledged
    clock: Clock

    def take_in(self, sources: Iterable[Source]) -> Iterator[int]:
        """Make mails safe and enter them, a batch at a time; yields the ids of each batch's messages one by one.

        What was taken in before is recognised by its bytes, so that an import that was broken off is simply repeated.
        """
        rest = iter(sources)
        while group := list(islice(rest, BATCH)):
            with self.blobs.batch() as batch:
                arrivals = [self.arrival(source, batch.put([source.raw])) for source in group]
            yield from ledger.record(self.store, arrivals, now=self.clock())

    def arrival(self, source: Source, ref: BlobRef) -> Arrival:
        return Arrival(
            key=None,
            ref=ref,
            arrived_at=source.arrived_at,
            sender_key=sender_address(source.raw[:HEAD]),
            answer=self.answer,
        )


def sources_in(paths: Sequence[Path]) -> Iterator[Source]:
    """Every mail and CV in files, mbox files, Maildirs and folders, in the order of their names."""
    for path in paths:
        if path.is_dir() and (path / "cur").is_dir():
            yield from _in_mailbox(mailbox.Maildir(path, create=False), path)
        elif path.is_dir():
            yield from sources_in(sorted(child for child in path.iterdir() if not child.name.startswith(".")))
        elif path.suffix.lower() in MBOX:
            yield from _in_mailbox(mailbox.mbox(path, create=False), path)
        elif path.suffix.lower() not in NO_DOCUMENTS:
            raw = path.read_bytes() if is_mail(path) else as_message(path)
            yield Source(place=str(path), raw=raw, arrived_at=_date(raw) or _changed(path))


def _in_mailbox(box: mailbox.Mailbox[Any], path: Path) -> Iterator[Source]:
    with closing(box):
        for key in sorted(box.keys()):
            raw = box.get_bytes(key)
            yield Source(place=f"{path}:{key}", raw=raw, arrived_at=_date(raw) or _changed(path))


def _date(raw: bytes) -> datetime | None:
    try:
        given = parsedate_to_datetime(str(BytesHeaderParser().parse(BytesIO(raw[:HEAD]))["Date"]))
    except (TypeError, ValueError):
        return None  # absent or no date: the file's own will do
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
