"""New mail is safe on disk and entered once; settled mail leaves the inbox last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.errors import RetryLater
from domain.mail import MessageKey, Waiting
from intake.blobs import FolderBlobs
from roster import ledger
from roster.status import status
from roster.store import Store, open_store
from roster.tables import message, sighting
from service.fetching import Fetcher, sender_key
from service.retrying import Backoff
from tests.contract.test_mailbox import MemoryMailbox

NOW = datetime(2018, 3, 14, 9, 0, tzinfo=UTC)


def place(uid: int, validity: int = 7) -> MessageKey:
    return MessageKey(mailbox="INBOX", uid_validity=validity, uid=uid)


def mail(number: int, sender: str = "a@example.org") -> bytes:
    return f"From: {sender}\r\nSubject: {number}\r\n\r\ntext {number}\r\n".encode()


class AwayMailbox(MemoryMailbox):
    """A server that goes away in the middle."""

    away = False

    def waiting(self) -> Sequence[Waiting]:
        if self.away:
            raise RetryLater("the server is away")
        return super().waiting()

    def fetch(self, keys):  # type: ignore[no-untyped-def]
        yield from list(super().fetch(keys))[:1]
        self.away = True
        raise RetryLater("the server went away")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'micic.db'}")
    yield opened
    opened.close()


def fetcher(mailbox: MemoryMailbox, store: Store, folder: Path, *, batch: int = 2) -> Fetcher:
    blobs = FolderBlobs(folder / "blobs")
    backoff = Backoff(attempts=3, first=timedelta(minutes=1), cap=timedelta(hours=6), jitter=0, chance=lambda: 0.5)
    return Fetcher(
        mailbox=mailbox,
        name="call",
        folder="INBOX",
        read_only=mailbox.read_only,
        blobs=blobs,
        store=store,
        batch=batch,
        backoff=backoff,
        clock=lambda: NOW,
    )


def rows(store: Store, table: sa.Table) -> int:
    with store.read() as db:
        return int(db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_every_new_mail_is_kept_byte_for_byte_and_entered_once(store: Store, tmp_path: Path) -> None:
    mailbox = MemoryMailbox({place(n): mail(n) for n in range(1, 6)})
    reader = fetcher(mailbox, store, tmp_path)
    assert reader.run_pass().facts.fetched == 5
    claims = ledger.claim(store, owner="w", now=NOW, lease=timedelta(minutes=1), limit=1)
    assert reader.blobs.path(claims[0].digest).read_bytes() in mailbox.messages.values()
    assert reader.run_pass().facts.fetched == 0
    assert rows(store, message) == 5


def test_a_new_uidvalidity_brings_sightings_and_no_second_message(store: Store, tmp_path: Path) -> None:
    mailbox = MemoryMailbox({place(1): mail(1)})
    reader = fetcher(mailbox, store, tmp_path)
    reader.run_pass()
    mailbox.messages = {place(4, validity=8): mail(1)}
    assert reader.run_pass().facts.fetched == 1
    assert (rows(store, message), rows(store, sighting)) == (1, 2)


def test_a_server_that_goes_away_in_the_middle_loses_nothing(store: Store, tmp_path: Path) -> None:
    messages = {place(n): mail(n) for n in (1, 2)}
    with pytest.raises(RetryLater):
        fetcher(AwayMailbox(messages), store, tmp_path).run_pass()
    assert rows(store, message) == 0  # half a batch is no batch
    assert status(store, now=NOW).failing is not None
    assert fetcher(MemoryMailbox(messages), store, tmp_path).run_pass().facts.fetched == 2
    assert status(store, now=NOW).failing is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"From: A B <A.B@Example.org>\r\n\r\n", "a.b@example.org"),
        (b"Subject: x\r\nFrom: =?utf-8?q?A?=\r\n <a@example.org>\r\nTo: b@example.org\r\n\r\n", "a@example.org"),
        (b'From: "c@example.org" <a@example.org>\r\n\r\n', "a@example.org"),
        (b"Subject: x\r\n\r\nFrom: a@example.org\r\n", "INBOX/1"),
        (b"", "INBOX/1"),
    ],
)
def test_messages_of_one_sender_share_a_key(head: bytes, expected: str) -> None:
    assert sender_key(head, place(1)) == expected
