"""What every Mailbox promises, asked of a fake and of the real adapter on a real server."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Timer
from typing import Protocol

import pytest

from domain.mail import MessageKey, Waiting
from domain.ports import Mailbox
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.dovecot import HOST, PASSWORD, Dovecot, dovecot

FIRST = b"Subject: first\r\n\r\none\r\n"
SECOND = b"Subject: second\r\n\r\ntwo\r\n"
LARGE = b"Subject: large\r\n\r\n" + b"0123456789abcdef0123456789abcde\r\n" * 80_000


@dataclass
class MemoryMailbox:
    """A mailbox in memory."""

    messages: dict[MessageKey, bytes] = field(default_factory=dict)
    folders: dict[str, list[bytes]] = field(default_factory=dict)
    told: int = 0  # the newest UID that was listed or waited for
    read_only: bool = False

    def waiting(self) -> Sequence[Waiting]:
        self.told = self.newest()
        start = datetime(2018, 1, 1, tzinfo=UTC)
        return [
            Waiting(key=key, size=len(raw), arrived_at=start + timedelta(minutes=key.uid))
            for key, raw in self.messages.items()
        ]

    def fetch(self, keys: Sequence[MessageKey]) -> Iterator[tuple[MessageKey, Iterable[bytes]]]:
        for key in keys:
            if key in self.messages:
                raw = self.messages[key]
                yield key, (raw[at : at + 1_048_576] for at in range(0, len(raw), 1_048_576))

    def file_away(self, keys: Sequence[MessageKey], *, into: str) -> frozenset[MessageKey]:
        if self.read_only:
            return frozenset()
        there = frozenset(keys) & self.messages.keys()
        for key in sorted(there):
            self.folders.setdefault(into, []).append(self.messages.pop(key))
        return there

    def wait(self, *, seconds: float, ended: Event) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not ended.is_set():
            if self.newest() > self.told:
                self.told = self.newest()
                return True
            ended.wait(0.02)
        return False

    def newest(self) -> int:
        return max((key.uid for key in self.messages), default=0)

    def close(self) -> None: ...


class World(Protocol):
    mailbox: Mailbox

    def deliver(self, *messages: bytes) -> None: ...
    def only_read(self) -> None: ...
    def count(self, folder: str) -> int: ...


@dataclass
class MemoryWorld:
    mailbox: MemoryMailbox = field(default_factory=MemoryMailbox)

    def deliver(self, *messages: bytes) -> None:
        for raw in messages:
            key = MessageKey(mailbox="INBOX", uid_validity=1, uid=len(self.mailbox.messages) + 1)
            self.mailbox.messages[key] = raw

    def only_read(self) -> None:
        self.mailbox.read_only = True

    def count(self, folder: str) -> int:
        return len(self.mailbox.folders.get(folder, ()))


@dataclass
class ImapWorld:
    server: Dovecot
    user: str
    mailbox: ImapMailbox

    def deliver(self, *messages: bytes) -> None:
        self.server.deliver(self.user, *messages)

    def only_read(self) -> None:
        self.mailbox.access = replace(self.mailbox.access, read_only=True)

    def count(self, folder: str) -> int:
        return int(self.server.doveadm("mailbox", "status", "-u", self.user, "messages", folder).split("messages=")[1])


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(params=["memory", pytest.param("imap", marks=pytest.mark.server)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
        return
    server = request.getfixturevalue("server")
    user = server.new_user()
    access = MailboxAccess(
        host=HOST, port=server.imaps, security=Security.TLS, user=user, password=PASSWORD, timeout=10
    )
    mailbox = ImapMailbox(access, trust=server.trust)
    yield ImapWorld(server, user, mailbox)
    mailbox.close()


def content(mailbox: Mailbox, keys: Sequence[MessageKey]) -> dict[MessageKey, bytes]:
    return {key: b"".join(pieces) for key, pieces in mailbox.fetch(keys)}


def test_an_empty_mailbox_has_nothing_waiting(world: World) -> None:
    assert list(world.mailbox.waiting()) == []


def test_what_was_delivered_waits_oldest_first_with_its_date(world: World) -> None:
    world.deliver(FIRST, SECOND)
    waiting = world.mailbox.waiting()
    assert [one.key.uid for one in waiting] == [1, 2]
    assert all(one.arrived_at.tzinfo and one.size > 0 for one in waiting)


def test_fetching_gives_every_byte_and_leaves_the_message_waiting(world: World) -> None:
    world.deliver(FIRST, SECOND)
    keys = [one.key for one in world.mailbox.waiting()]
    fetched = content(world.mailbox, keys)
    assert [fetched[key].endswith(raw) for key, raw in zip(keys, (FIRST, SECOND), strict=True)] == [True, True]
    assert [one.key for one in world.mailbox.waiting()] == keys


def test_a_large_message_comes_in_pieces_of_at_most_a_mebibyte(world: World) -> None:
    world.deliver(LARGE)
    sizes, whole = [], b""
    for _, pieces in world.mailbox.fetch([world.mailbox.waiting()[0].key]):
        for piece in pieces:
            sizes.append(len(piece))
            whole += piece
    assert whole.endswith(LARGE)
    assert max(sizes) <= 1_048_576
    assert len(sizes) > 1


def test_a_filed_message_no_longer_waits(world: World) -> None:
    world.deliver(FIRST, SECOND)
    first, second = (one.key for one in world.mailbox.waiting())
    assert world.mailbox.file_away([first], into="Processed") == {first}
    assert [one.key for one in world.mailbox.waiting()] == [second]
    assert world.count("Processed") == 1


def test_filing_twice_moves_once(world: World) -> None:
    world.deliver(FIRST)
    key = world.mailbox.waiting()[0].key
    world.mailbox.file_away([key], into="Processed")
    assert world.mailbox.file_away([key], into="Processed") == frozenset()
    assert world.count("Processed") == 1


def test_a_message_that_has_gone_is_left_out(world: World) -> None:
    world.deliver(FIRST, SECOND)
    first, second = (one.key for one in world.mailbox.waiting())
    world.mailbox.file_away([first], into="Processed")
    assert set(content(world.mailbox, [first, second])) == {second}


def test_a_mailbox_that_is_only_read_keeps_all_it_has(world: World) -> None:
    world.only_read()
    world.deliver(FIRST)
    key = world.mailbox.waiting()[0].key
    assert world.mailbox.file_away([key], into="Processed") == frozenset()
    assert [one.key for one in world.mailbox.waiting()] == [key]


def test_waiting_for_news_ends_when_a_message_arrives(world: World) -> None:
    world.mailbox.waiting()
    later = Timer(0.3, world.deliver, [FIRST])
    later.start()
    began = time.monotonic()
    assert world.mailbox.wait(seconds=20, ended=Event())
    assert time.monotonic() - began < 10
    later.join()
    assert len(world.mailbox.waiting()) == 1


def test_what_came_after_the_last_listing_is_news_once(world: World) -> None:
    world.mailbox.waiting()
    world.deliver(FIRST)
    assert world.mailbox.wait(seconds=20, ended=Event())
    assert not world.mailbox.wait(seconds=0.2, ended=Event())


def test_what_has_been_listed_is_no_news(world: World) -> None:
    world.deliver(FIRST)
    world.mailbox.waiting()
    assert not world.mailbox.wait(seconds=0.2, ended=Event())
    assert len(world.mailbox.waiting()) == 1


def test_waiting_ends_soon_after_somebody_says_so(world: World) -> None:
    ended = Event()
    later = Timer(0.2, ended.set)
    later.start()
    began = time.monotonic()
    assert not world.mailbox.wait(seconds=20, ended=ended)
    assert time.monotonic() - began < 2
    later.join()
