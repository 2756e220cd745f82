"""A mailbox on a real server that is wrong, away, or changed under our hands."""

from __future__ import annotations

import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
import trustme

from domain.errors import ConfigProblem, RetryLater
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.dovecot import HOST, PASSWORD, Dovecot, dovecot
from tests.servers.private import free_port

pytestmark = pytest.mark.server
MAIL = b"Subject: hello\r\n\r\nworld\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(scope="module")
def bare_server() -> Iterator[Dovecot]:
    """A server that offers neither MOVE nor UIDPLUS."""
    with dovecot(extra="imap_capability = IMAP4rev1 LITERAL+ SASL-IR") as running:
        yield running


def access(server: Dovecot) -> MailboxAccess:
    return MailboxAccess(
        host=HOST, port=server.imaps, security=Security.TLS, user=server.new_user(), password=PASSWORD, timeout=5
    )


def complaint(mailbox: ImapMailbox) -> str:
    with pytest.raises(ConfigProblem) as caught:
        mailbox.waiting()
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_starttls_and_plain_to_this_machine_work_too(server: Dovecot) -> None:
    starttls = replace(access(server), port=server.imap, security=Security.STARTTLS)
    for ways in (starttls, replace(starttls, security=Security.PLAIN)):
        mailbox = ImapMailbox(ways, trust=server.trust)
        assert list(mailbox.waiting()) == []
        mailbox.close()


def test_a_password_never_goes_unencrypted_to_another_machine(server: Dovecot) -> None:
    mailbox = ImapMailbox(replace(access(server), host="mail.example.org", security=Security.PLAIN))
    assert "unencrypted" in complaint(mailbox)


def test_a_wrong_password_is_said_in_one_line(server: Dovecot) -> None:
    mailbox = ImapMailbox(replace(access(server), password="wrong"), trust=server.trust)
    assert "mailbox.user and MICIC_MAILBOX__PASSWORD" in complaint(mailbox)


def test_an_unknown_authority_is_said_in_one_line(server: Dovecot) -> None:
    mailbox = ImapMailbox(access(server), trust=ssl.create_default_context())
    assert "is not trusted" in complaint(mailbox)


def test_a_certificate_for_another_name_is_refused(server: Dovecot) -> None:
    mailbox = ImapMailbox(replace(access(server), host="127.0.0.1"), trust=server.trust)
    assert "is not trusted" in complaint(mailbox)


def test_an_expired_certificate_is_refused() -> None:
    from datetime import UTC, datetime

    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    expired = authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with dovecot(certificate=expired) as old:
        assert "expired" in complaint(ImapMailbox(access(old), trust=trust))


def test_a_port_that_speaks_no_tls_is_said_in_one_line(server: Dovecot) -> None:
    mailbox = ImapMailbox(replace(access(server), port=server.imap), trust=server.trust)
    assert "mailbox.port and mailbox.security" in complaint(mailbox)


def test_an_unknown_host_is_said_in_one_line(server: Dovecot) -> None:
    mailbox = ImapMailbox(replace(access(server), host="no-such-host.invalid"), trust=server.trust)
    with pytest.raises((ConfigProblem, RetryLater)) as caught:
        mailbox.waiting()
    assert "no-such-host.invalid" in str(caught.value)


def test_a_missing_folder_is_said_in_one_line(server: Dovecot) -> None:
    mailbox = ImapMailbox(replace(access(server), folder="Nowhere"), trust=server.trust)
    assert "Nowhere" in complaint(mailbox)
    mailbox.close()


def test_a_dead_server_may_come_back() -> None:
    ways = MailboxAccess(host="127.0.0.1", port=free_port(), security=Security.PLAIN, user="a", password="b", timeout=2)
    with pytest.raises(RetryLater, match="refuses connections"):
        ImapMailbox(ways).waiting()


def test_a_server_that_says_nothing_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ways = MailboxAccess(
            host="127.0.0.1",
            port=silent.getsockname()[1],
            security=Security.PLAIN,
            user="a",
            password="b",
            timeout=0.3,
        )
        with pytest.raises(RetryLater, match="did not answer"):
            ImapMailbox(ways).waiting()


def test_the_next_use_after_a_lost_connection_makes_a_new_one(server: Dovecot) -> None:
    ways = access(server)
    server.deliver(ways.user, MAIL)
    mailbox = ImapMailbox(ways, trust=server.trust)
    assert len(mailbox.waiting()) == 1
    server.doveadm("kick", ways.user)
    with pytest.raises(RetryLater):
        mailbox.waiting()
    assert len(mailbox.waiting()) == 1
    mailbox.close()


def test_after_a_new_uidvalidity_an_old_key_moves_nothing(server: Dovecot) -> None:
    ways = access(server)
    server.deliver(ways.user, MAIL)
    mailbox = ImapMailbox(ways, trust=server.trust)
    old = mailbox.waiting()[0].key
    server.doveadm("mailbox", "update", "--uid-validity", str(old.uid_validity + 7), "-u", ways.user, "INBOX")
    assert list(mailbox.fetch([old])) == []
    assert mailbox.file_away([old], into="Processed") == frozenset()
    new = mailbox.waiting()[0].key
    assert (new.uid_validity, new.uid) == (old.uid_validity + 7, old.uid)
    mailbox.close()


def test_without_move_and_uidplus_a_filed_message_leaves_too_and_others_stay(bare_server: Dovecot) -> None:
    ways = access(bare_server)
    bare_server.deliver(ways.user, MAIL, MAIL)
    mailbox = ImapMailbox(ways, trust=bare_server.trust)
    first, second = (one.key for one in mailbox.waiting())
    assert mailbox.file_away([first], into="Обработано") == {first}
    assert [one.key for one in mailbox.waiting()] == [second]
    assert mailbox.file_away([first], into="Обработано") == frozenset()
    status = bare_server.doveadm("mailbox", "status", "-u", ways.user, "messages", "Обработано")
    assert "messages=1" in status
    mailbox.close()


def test_reading_marks_nothing_as_seen(server: Dovecot) -> None:
    ways = access(server)
    server.deliver(ways.user, MAIL)
    mailbox = ImapMailbox(ways, trust=server.trust)
    for _, pieces in mailbox.fetch([mailbox.waiting()[0].key]):
        list(pieces)
    assert "unseen=1" in server.doveadm("mailbox", "status", "-u", ways.user, "unseen", "INBOX")
    mailbox.close()


def test_thirty_megabytes_cost_little_memory(server: Dovecot) -> None:
    ways = access(server)
    server.deliver(ways.user, b"Subject: heavy\r\n\r\n" + (b"x" * 76 + b"\r\n") * 390_000)
    mailbox = ImapMailbox(ways, trust=server.trust)
    key = mailbox.waiting()[0].key
    tracemalloc.start()
    size = sum(len(piece) for _, pieces in mailbox.fetch([key]) for piece in pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 30_000_000
    assert peak < 12_000_000
    mailbox.close()
