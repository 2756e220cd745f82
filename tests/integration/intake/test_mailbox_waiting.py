"""Waiting for news on servers that cannot tell of any, and on lines that have died without a word."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, Timer

import pytest

from domain.errors import RetryLater
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.proxy import Proxy, proxy

pytestmark = pytest.mark.server
MAIL = b"Subject: hello\r\n\r\nworld\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def access(port: int, user: str) -> MailboxAccess:
    return MailboxAccess(
        host="127.0.0.1",
        port=port,
        security=Security.PLAIN,
        user=user,
        password=PASSWORD,
        timeout=1,
        idle_seconds=0.3,
    )


@pytest.fixture
def line(server: Dovecot) -> Iterator[Proxy]:
    with proxy(server.imap) as running:
        yield running


def test_a_line_that_went_dead_shows_although_nobody_says_so(server: Dovecot, line: Proxy) -> None:
    mailbox = ImapMailbox(access(line.port, server.new_user()))
    mailbox.waiting()
    line.hang()
    began = time.monotonic()
    with pytest.raises(RetryLater, match="did not answer"):
        mailbox.wait(seconds=30, ended=Event())
    assert time.monotonic() - began < 5
    line.clear()
    assert list(mailbox.waiting()) == []
    mailbox.close()


def test_by_default_a_dead_line_shows_within_a_minute() -> None:
    from intake.mailbox.access import IDLE_SECONDS
    from intake.mailbox.imap import IDLE_ANSWER

    assert IDLE_SECONDS + IDLE_ANSWER < 60


def test_a_connection_that_the_server_ends_is_noticed_at_once(server: Dovecot, line: Proxy) -> None:
    mailbox = ImapMailbox(access(line.port, server.new_user()))
    mailbox.waiting()
    later = Timer(0.2, line.cut_all)
    later.start()
    began = time.monotonic()
    with pytest.raises(RetryLater):
        mailbox.wait(seconds=30, ended=Event())
    assert time.monotonic() - began < 5
    later.join()


def test_news_is_told_after_many_renewals(server: Dovecot, line: Proxy) -> None:
    user = server.new_user()
    mailbox = ImapMailbox(access(line.port, user))
    mailbox.waiting()
    later = Timer(1.5, server.deliver, [user, MAIL])
    later.start()
    assert mailbox.wait(seconds=20, ended=Event())
    later.join()
    mailbox.close()


def test_what_staff_do_in_the_mailbox_is_no_news(server: Dovecot) -> None:
    user = server.new_user()
    server.deliver(user, MAIL)
    mailbox = ImapMailbox(access(server.imap, user))
    mailbox.waiting()
    later = Timer(0.3, server.doveadm, ["flags", "add", "-u", user, "\\Seen", "mailbox", "INBOX", "ALL"])
    later.start()
    assert not mailbox.wait(seconds=1.5, ended=Event())
    later.join()
    mailbox.close()


def test_a_server_without_idle_is_waited_for_too() -> None:
    with dovecot(extra="imap_capability = IMAP4rev1 UIDPLUS MOVE") as old:
        user = old.new_user()
        mailbox = ImapMailbox(access(old.imap, user))
        mailbox.waiting()
        began = time.monotonic()
        assert not mailbox.wait(seconds=0.5, ended=Event())
        assert time.monotonic() - began >= 0.5
        old.deliver(user, MAIL)
        assert mailbox.wait(seconds=0.5, ended=Event())
        mailbox.close()
