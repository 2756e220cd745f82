"""A line to a real server that is cut, slow or silent: an error in time, and all of the mail at the next try."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from domain.errors import RetryLater
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.dovecot import HOST, PASSWORD, Dovecot, dovecot
from tests.servers.proxy import Proxy, proxy

pytestmark = pytest.mark.server
MAILS = (
    b"Subject: one\r\n\r\nshort\r\n",
    b"Subject: two\r\n\r\n" + bytes(range(32, 127)) * 3000 + b"\r\n* BYE\r\nW1 OK\r\n)\r\n",
    b"Subject: three\r\n\r\n" + b"caf\xe9 \x80\xff\r\n" * 5,
)
CUTS = 100


@dataclass(frozen=True)
class Line:
    """A user's mailbox behind a proxy, and what it holds."""

    proxy: Proxy
    access: MailboxAccess
    mailbox: ImapMailbox
    whole: list[bytes]

    def read(self) -> list[bytes]:
        keys = [one.key for one in self.mailbox.waiting()]
        got = {key.uid: b"".join(pieces) for key, pieces in self.mailbox.fetch(keys)}
        return [got[uid] for uid in sorted(got)]

    def anew(self) -> None:
        """As a program that has just started."""
        self.mailbox.close()
        self.proxy.clear()
        self.proxy.hits = 0


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(params=[Security.PLAIN, Security.TLS])
def line(request: pytest.FixtureRequest, server: Dovecot) -> Iterator[Line]:
    user = server.new_user()
    server.deliver(user, *MAILS)
    with proxy(server.imaps if request.param is Security.TLS else server.imap) as running:
        access = MailboxAccess(
            host=HOST, port=running.port, security=request.param, user=user, password=PASSWORD, timeout=1
        )
        mailbox = ImapMailbox(access, trust=server.trust)
        made = Line(running, access, mailbox, [])
        made.whole.extend(made.read())
        assert [raw.endswith(mail) for raw, mail in zip(made.whole, MAILS, strict=True)] == [True] * 3
        yield made
        mailbox.close()


def test_a_line_cut_at_any_of_a_hundred_places_costs_one_try(line: Line) -> None:
    total = sum(map(len, line.whole)) + 2000
    struck = 0
    for number in range(CUTS):
        line.anew()
        # Half of the places among the first bytes, where the dialogue is, the others all over.
        line.proxy.cut_after(bytes_=number * 50 if number % 2 else total * number // CUTS)
        try:
            first = line.read()
        except RetryLater as error:
            assert "broke" in str(error)
            struck += 1
        else:
            assert first == line.whole
        assert line.read() == line.whole
    assert struck > CUTS * 0.9


def test_a_line_cut_after_any_reply_costs_one_try(line: Line) -> None:
    if line.access.security is Security.TLS:
        pytest.skip("lines show only in the clear")
    number = 0
    while True:
        line.anew()
        line.proxy.cut_at_line(number)
        try:
            first = line.read()
        except RetryLater:
            assert line.proxy.hits == 1
            assert line.read() == line.whole
        else:
            assert first == line.whole
            if not line.proxy.hits:  # the dialogue is shorter than that
                break
        number += 1
    assert number > 20


@pytest.mark.parametrize("after", [0, 20, 700, 2_000, 150_000])
def test_a_line_that_goes_silent_is_left_after_the_time_out(line: Line, after: int) -> None:
    line.anew()
    line.proxy.silence(after=after)
    began = time.monotonic()
    with pytest.raises(RetryLater):
        line.read()
    assert time.monotonic() - began < 4
    assert line.read() == line.whole


def test_a_server_that_gives_a_byte_at_a_time_is_waited_for_or_left_in_time(line: Line) -> None:
    line.mailbox.waiting()
    line.proxy.drip(0.0005)  # 2 KB a second is slow and enough …
    keys = [one.key for one in line.mailbox.waiting()]
    assert [b"".join(pieces) for _, pieces in line.mailbox.fetch(keys[:1])] == line.whole[:1]
    line.proxy.drip(0.01)  # … 100 bytes a second are not
    began = time.monotonic()
    with pytest.raises(RetryLater):
        for _, pieces in line.mailbox.fetch(keys[1:2]):
            list(pieces)
    assert time.monotonic() - began < 8
    line.anew()
    assert line.read() == line.whole


def test_a_refused_connection_costs_one_try(server: Dovecot, line: Line) -> None:
    away = ImapMailbox(replace(line.access, port=1), trust=server.trust)
    with pytest.raises(RetryLater, match="refuses connections"):
        away.waiting()
    away.access = line.access
    assert len(away.waiting()) == len(MAILS)
    away.close()


def test_a_consumer_that_stops_half_way_harms_nothing(line: Line) -> None:
    keys = [one.key for one in line.mailbox.waiting()]
    for _, pieces in line.mailbox.fetch(keys):
        next(iter(pieces))
        break
    assert line.read() == line.whole
