"""The program as a service: it reads by the clock, answers, ends when it is told to, and never works twice at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roster import leases
from roster.store import open_store
from service.demo.samples import sample_mails
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.environment import environment_for
from tests.servers.relay import Relay, relay

pytestmark = [pytest.mark.server, pytest.mark.slow]
SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    mailboxes: Dovecot
    relay: Relay
    user: str
    url: str
    environment: dict[str, str]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "service.commands", "run", *arguments]
        return subprocess.Popen(command, env=self.environment, stderr=subprocess.PIPE, text=True)

    def deliver(self, number: int) -> None:
        mails = list(sample_mails(datetime(2018, 3, 14, tzinfo=UTC)))
        self.mailboxes.deliver(self.user, mails[number])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with dovecot() as mailboxes, relay() as taking:
        user, url = mailboxes.new_user(), f"sqlite:///{tmp_path / 'micic.db'}"
        environment = environment_for(
            imap=mailboxes.imap, smtp=taking.port, user=user, data=tmp_path, MAILBOX__POLL_SECONDS="5"
        )
        yield Office(mailboxes=mailboxes, relay=taking, user=user, url=url, environment=environment)


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_answers_what_comes_while_it_runs_and_ends_when_it_is_told_to(office: Office) -> None:
    service = office.start()
    try:
        for number in (0, 1):  # one before the first pass, one while it waits for the next
            office.deliver(number)
            wait(lambda expected=number + 1: len(office.relay.accepted) == expected)
        service.send_signal(signal.SIGTERM)
        _, said = service.communicate(timeout=SECONDS)
    finally:
        service.kill()
    assert service.returncode == 0
    assert "ended; what is not done yet is done at the next start" in said
    assert "Traceback" not in said


def test_two_programs_on_one_store_do_not_read_the_mailbox_at_once(office: Office) -> None:
    office.deliver(0)
    store = open_store(office.url)
    assert leases.take(store, "poller", owner="another", now=datetime.now(UTC), length=timedelta(minutes=2))
    second = office.start("--once")
    _, said = second.communicate(timeout=SECONDS)
    assert second.returncode == 1
    assert "another program on this store reads the mailbox" in said
    leases.give_back(store, "poller", owner="another")
    store.close()
    third = office.start("--once")
    third.communicate(timeout=SECONDS)
    assert len(office.relay.accepted) == 1
