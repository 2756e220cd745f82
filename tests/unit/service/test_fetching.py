"""New mail is safe on disk and entered once; settled mail leaves the inbox last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.digest import Inbox
from domain.errors import RetryLater
from domain.mail import MessageKey, Waiting
from intake.blobs import FolderBlobs
from roster import inbox, ledger
from roster.status import status
from roster.store import Store
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
        if not self.away:
            yield next(super().fetch(keys))
        self.away = True
        raise RetryLater("the server went away")


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
    assert rows(store, message) == 1  # what came whole is kept
    assert status(store, now=NOW).failing is not None
    assert fetcher(MemoryMailbox(messages), store, tmp_path).run_pass().facts.fetched == 1
    assert status(store, now=NOW).failing is None
    assert rows(store, message) == 2


def test_the_call_for_one_batch_serves_all_batches(store: Store, tmp_path: Path) -> None:
    class CountingMailbox(MemoryMailbox):
        calls = 0

        def fetch(self, keys):  # type: ignore[no-untyped-def]
            self.calls += 1
            return super().fetch(keys)

    mailbox = CountingMailbox({place(n): mail(n) for n in range(1, 8)})
    assert fetcher(mailbox, store, tmp_path).run_pass().facts.fetched == 7
    assert mailbox.calls == 1


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


class StubbornMailbox(MemoryMailbox):
    """A server that will not hand out one message, and will not move another."""

    def fetch(self, keys):  # type: ignore[no-untyped-def]
        if place(3) in keys:
            raise RetryLater("the server gives no such message")
        yield from super().fetch(keys)

    def file_away(self, keys, *, into):  # type: ignore[no-untyped-def]
        if place(1) in keys:
            raise RetryLater("the server does not move that")
        return super().file_away(keys, into=into)


def settle_all(store: Store) -> None:
    with store.begin() as db:
        db.execute(sa.update(message).values(stage="settled", outcome="enrolled", folder="Processed"))


def test_a_message_that_is_not_handed_out_holds_up_no_other_and_is_told(store: Store, tmp_path: Path) -> None:
    reader = fetcher(StubbornMailbox({place(n): mail(n) for n in range(1, 8)}), store, tmp_path, batch=7)
    facts = reader.run_pass().facts
    assert facts.fetched == 6
    assert facts.inbox == Inbox(on_server=7, settled=0, waiting=6, quarantined=0, undelivered=1)
    assert reader.due(inbox.unknown(store, reader.mailbox.waiting())) == []  # not before its time
    assert status(store, now=NOW).undelivered_since == NOW


def test_a_message_that_is_not_moved_holds_up_no_other(store: Store, tmp_path: Path) -> None:
    reader = fetcher(StubbornMailbox({place(n): mail(n) for n in (1, 2, 4, 5)}), store, tmp_path)
    begun = reader.run_pass()
    settle_all(store)
    facts = reader.close_pass(begun)
    assert facts.filed == 3
    assert facts.inbox == Inbox(on_server=1, settled=1, waiting=0, quarantined=0)
    assert ledger.to_file(store, limit=9, now=NOW) == ()
    assert len(ledger.to_file(store, limit=9, now=NOW + timedelta(minutes=1))) == 1


def test_a_mailbox_that_is_only_read_adds_up_and_nothing_is_moved(store: Store, tmp_path: Path) -> None:
    reader = fetcher(MemoryMailbox({place(n): mail(n) for n in (1, 2)}, read_only=True), store, tmp_path)
    begun = reader.run_pass()
    settle_all(store)
    facts = reader.close_pass(begun)
    assert facts.filed == 0
    assert facts.inbox == Inbox(on_server=2, settled=2, waiting=0, quarantined=0)
    assert facts.inbox.adds_up


def test_what_staff_move_away_and_back_is_told_and_filed_again_without_being_read_anew(
    store: Store, tmp_path: Path
) -> None:
    mailbox = MemoryMailbox({place(1): mail(1), place(2): mail(2)})
    reader = fetcher(mailbox, store, tmp_path)
    begun = reader.run_pass()
    taken = mailbox.messages.pop(place(1))
    assert reader.close_pass(begun).by_hand == 1
    settle_all(store)
    mailbox.messages[place(9)] = taken
    again = reader.run_pass()
    assert (again.facts.fetched, again.facts.came_back) == (1, 1)
    assert ledger.claim(store, owner="w", now=NOW, lease=timedelta(minutes=1)) == ()
    assert reader.close_pass(again).inbox == Inbox(on_server=0, settled=0, waiting=0, quarantined=0)
    assert rows(store, message) == 2


def test_a_place_of_an_old_uidvalidity_waits_no_longer(store: Store, tmp_path: Path) -> None:
    mailbox = MemoryMailbox({place(1): mail(1)})
    reader = fetcher(mailbox, store, tmp_path)
    reader.run_pass()
    mailbox.messages = {place(1, validity=8): mail(1)}
    facts = reader.run_pass().facts
    assert (facts.renumbered, facts.by_hand, facts.came_back) == (1, 0, 0)
    settle_all(store)
    assert [filing.key.uid_validity for filing in ledger.to_file(store, limit=9)] == [8]


def test_a_uid_that_the_server_gives_out_twice_hides_no_message(store: Store, tmp_path: Path) -> None:
    mailbox = MemoryMailbox({place(1): mail(1)})
    reader = fetcher(mailbox, store, tmp_path)
    reader.run_pass()
    mailbox.messages = {place(1): mail(12345)}
    assert reader.run_pass().facts.fetched == 1
    assert rows(store, message) == 2


def endings(store: Store) -> list[str | None]:
    with store.read() as db:
        return sorted(db.execute(sa.select(sighting.c.ending)).scalars(), key=str)


def test_what_the_server_renumbers_before_it_is_filed_was_not_filed(store: Store, tmp_path: Path) -> None:
    mailbox = MemoryMailbox({place(n): mail(n) for n in (1, 2, 3)})
    reader = fetcher(mailbox, store, tmp_path)
    begun = reader.run_pass()
    settle_all(store)
    mailbox.messages = {place(n, validity=8): mail(n) for n in (1, 2, 3)}
    facts = reader.close_pass(begun)
    assert (facts.filed, facts.renumbered, facts.by_hand) == (0, 3, 0)
    assert endings(store) == ["renumbered"] * 3
    again = reader.close_pass(reader.run_pass())
    assert (again.filed, mailbox.messages) == (3, {})
    assert rows(store, message) == 3


def test_what_staff_take_before_it_is_filed_was_not_filed_by_us(store: Store, tmp_path: Path) -> None:
    mailbox = MemoryMailbox({place(n): mail(n) for n in (1, 2, 3)})
    reader = fetcher(mailbox, store, tmp_path)
    begun = reader.run_pass()
    settle_all(store)
    del mailbox.messages[place(2)]
    facts = reader.close_pass(begun)
    assert (facts.filed, facts.by_hand) == (2, 1)
    assert endings(store) == ["by_hand", "filed", "filed"]


def test_what_was_moved_when_the_line_broke_counts_as_filed(store: Store, tmp_path: Path) -> None:
    class BreakingMailbox(MemoryMailbox):
        def file_away(self, keys, *, into):  # type: ignore[no-untyped-def]
            super().file_away(keys[:2], into=into)
            raise RetryLater("the line broke")

    mailbox = BreakingMailbox({place(n): mail(n) for n in (1, 2, 3)})
    reader = fetcher(mailbox, store, tmp_path)
    begun = reader.run_pass()
    settle_all(store)
    assert reader.close_pass(begun).filed == 3
    assert endings(store) == ["filed"] * 3
    assert len(mailbox.folders["Processed"]) == 3
