"""So many passes, each over one new mail, in a folder: what they ask of the disk is counted from outside."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.mail import MessageKey
from intake.blobs import FolderBlobs
from roster.store import open_store
from service.fetching import Fetcher
from service.retrying import Backoff
from tests.contract.test_mailbox import MemoryMailbox


def main(folder: Path, passes: int) -> None:
    mailbox = MemoryMailbox()
    with closing(open_store(f"sqlite:///{folder / 'micic.db'}")) as store:
        fetcher = Fetcher(
            mailbox=mailbox,
            name="call",
            folder="INBOX",
            read_only=False,
            blobs=FolderBlobs(folder / "blobs"),
            store=store,
            batch=50,
            backoff=Backoff(attempts=1, first=timedelta(1), cap=timedelta(1), jitter=0, chance=lambda: 0.5),
            clock=lambda: datetime.now(UTC),
        )
        for number in range(1, passes + 1):
            key = MessageKey(mailbox="INBOX", uid_validity=1, uid=number)
            mailbox.messages[key] = b"From: a@example.org\r\nSubject: %d\r\n\r\n" % number
            begun = fetcher.run_pass()
            assert begun.facts.fetched == 1
            fetcher.close_pass(begun)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
