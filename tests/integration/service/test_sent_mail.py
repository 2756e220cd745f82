"""A mail of unknown fate is found where sent mail lies, and copies are put there once. The folder is Dovecot's."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, RetryLater
from domain.moves import Delivery
from intake.mailbox import ImapSentFolder, MailboxAccess, Security
from roster import outbox
from roster.store import Store
from roster.tables import message
from roster.tables import outbox as mails
from service.sent_mail import after_sending, keep_copies, look_for_unknown
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.private import free_port

pytestmark = pytest.mark.server
NOW = datetime(2018, 3, 14, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def folder(mailboxes: Dovecot) -> ImapSentFolder:
    return sent_folder(mailboxes.imap, mailboxes.new_user())


def sent_folder(port: int, user: str) -> ImapSentFolder:
    security = Security.PLAIN
    access = MailboxAccess(host="127.0.0.1", port=port, security=security, user=user, password=PASSWORD, folder="Sent")
    return ImapSentFolder(access=access)


def mail(number: int) -> OutgoingMail:
    id_ = f"<acknowledgement.{number}@call.example>"
    content = f"Message-ID: {id_}\r\nSubject: Your CV\r\n\r\nThank you, كريم\r\n".encode()
    return OutgoingMail(message_id=id_, envelope_from="", recipients=("a@example.org",), content=content)


def ended(store: Store, number: int, how: Delivery) -> int:
    """A mail whose sending has ended so; its id."""
    with store.begin() as db:
        outbox.queue(db, mail(number), cause=date(2018, 3, number), now=NOW)
    (sending,) = outbox.claim(store, owner="w", now=NOW, lease=LEASE, limit=1)
    if how is Delivery.SENT:
        outbox.sent(store, sending.claim, now=NOW)
    else:
        outbox.unknown(store, sending.claim, error="cut after the data", now=NOW)
    return sending.claim.id


def states(store: Store) -> dict[int, str]:
    with store.read() as db:
        return {row[0]: row[1] for row in db.execute(sa.select(mails.c.id, mails.c.state))}


def lying_there(folder: ImapSentFolder) -> list[bytes]:
    with imaplib.IMAP4("127.0.0.1", folder.access.port) as client:
        client.login(folder.access.user, PASSWORD)
        if client.select(folder.access.folder, readonly=True)[0] != "OK":
            return []
        numbers = client.search(None, "ALL")[1][0].decode().split()
        return [client.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]  # type: ignore[index,misc]


def test_what_lies_in_the_sent_folder_has_gone_and_what_does_not_stays_for_a_person(
    store: Store, folder: ImapSentFolder
) -> None:
    went, nobody_knows = ended(store, 1, Delivery.UNKNOWN), ended(store, 2, Delivery.UNKNOWN)
    assert list(folder.keep([(mail(1), NOW)])) == [mail(1)]
    assert look_for_unknown(store, folder, now=NOW) == (went,)
    assert states(store) == {went: "sent", nobody_knows: "unknown"}
    assert look_for_unknown(store, folder, now=NOW) == ()


def test_what_came_back_to_our_own_mailbox_has_gone(store: Store) -> None:
    went, nobody_knows = ended(store, 1, Delivery.UNKNOWN), ended(store, 2, Delivery.UNKNOWN)
    row = {"digest": "0" * 64, "size": 1, "arrived_at": NOW, "answer": True, "stage": "received"}
    with store.begin() as db:
        more = {"moved_at": NOW, "attempts": 0, "run_at": NOW, "message_id": mail(1).message_id}
        db.execute(sa.insert(message).values(row | more))
    assert look_for_unknown(store, None, now=NOW) == (went,)
    assert states(store) == {went: "sent", nobody_knows: "unknown"}


def test_each_sent_mail_has_one_copy_byte_for_byte_whatever_happens_in_between(
    store: Store, folder: ImapSentFolder
) -> None:
    for number in (1, 2):
        ended(store, number, Delivery.SENT)
    ended(store, 3, Delivery.UNKNOWN)
    assert list(folder.keep([(mail(2), NOW)])) == [mail(2)]  # as if the program had died before it noted so
    assert keep_copies(store, folder, now=NOW) == 2
    assert keep_copies(store, folder, now=NOW) == 0
    assert sorted(lying_there(folder)) == [mail(1).content, mail(2).content]


def test_a_mail_of_a_trial_or_of_long_ago_has_no_copy(store: Store, folder: ImapSentFolder) -> None:
    ended(store, 1, Delivery.SENT)
    assert keep_copies(store, folder, now=NOW + timedelta(days=30)) == 0
    with store.begin() as db:
        db.execute(sa.update(mails).values(error="went to trial@example.org in a trial"))
    assert keep_copies(store, folder, now=NOW) == 0


def test_a_folder_that_is_away_or_wrongly_named_is_told_and_holds_nothing_up(
    store: Store, folder: ImapSentFolder, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = ended(store, 1, Delivery.UNKNOWN)
    away = sent_folder(free_port(), "nobody")
    with pytest.raises(RetryLater):
        away.holds([mail(1).message_id])
    with pytest.raises(ConfigProblem, match=r"Sent of .* cannot be opened; check relay.sent_folder"):
        folder.holds([mail(1).message_id])
    after_sending(store, away, keeps=True, now=NOW)
    assert "refuses connections" in caplog.text
    assert states(store) == {id_: "unknown"}
