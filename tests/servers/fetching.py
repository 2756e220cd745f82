"""The program's own fetching from one inbox, with the calls counted by which the blob store waits for the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intake.blobs import FolderBlobs, sync_file_system
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from roster.store import open_store
from service.fetching import Fetcher
from service.retrying import Backoff
from tests.servers.dovecot import PASSWORD

HERE = "127.0.0.1"


@dataclass(slots=True, kw_only=True)
class Fetching:
    """One reader of an inbox, on a store of its own."""

    fetcher: Fetcher
    blobs: FolderBlobs
    syncs: list[int]  # descriptors

    def fetch_all(self) -> int:
        """How many mails were made safe and entered."""
        return len(self.fetcher.fetch(self.fetcher.mailbox.waiting()))


@contextmanager
def fetching(port: int, user: str, folder: Path, *, batch: int) -> Iterator[Fetching]:
    syncs: list[int] = []

    def sync(descriptor: int) -> None:
        syncs.append(descriptor)
        sync_file_system(descriptor)

    access = MailboxAccess(host=HERE, port=port, security=Security.PLAIN, user=user, password=PASSWORD)
    blobs = FolderBlobs(folder / "blobs", sync=sync)
    with closing(open_store(f"sqlite:///{folder / 'micic.db'}")) as store, closing(ImapMailbox(access)) as mailbox:
        fetcher = Fetcher(
            mailbox=mailbox,
            name="call",
            folder="INBOX",
            read_only=True,
            blobs=blobs,
            store=store,
            batch=batch,
            backoff=Backoff(attempts=1, first=timedelta(1), cap=timedelta(1), jitter=0, chance=lambda: 0.5),
            clock=lambda: datetime.now(UTC),
        )
        yield Fetching(fetcher=fetcher, blobs=blobs, syncs=syncs)
