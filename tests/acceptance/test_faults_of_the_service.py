"""The running service: it hears of mail at once, notices a dead line, and ends promptly whatever it is doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from roster.tables import lease, message
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import MAILS, Office, application, application_with_scan
from tests.servers.private import free_port

pytestmark = [pytest.mark.server, pytest.mark.slow]

A_DAY = {"MAILBOX__POLL_SECONDS": "86400", "STAFF__ALARM_AFTER_MINUTES": "100000"}  # only the server tells of mail
PATIENCE = 60  # seconds until a promise counts as broken, on a busy machine
PAGES = 12


@contextmanager
def running(office: Office, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        command = [sys.executable, "-m", "service.commands", "run"]
        service = subprocess.Popen(command, env=office.environment, stderr=out, stdout=out)
        try:
            yield service
        finally:
            service.kill()
            service.wait()


def wait(until: Callable[[], object], seconds: float = PATIENCE) -> float:
    """How long it took."""
    began = time.monotonic()
    while not until():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def test_mail_that_comes_while_it_listens_is_answered_at_once_also_after_the_line_was_dead(
    open_office: NewOffice, tmp_path: Path
) -> None:
    office, log = open_office(MAILBOX__IDLE_SECONDS="1", **A_DAY), tmp_path / "log"
    office.deliver(MAILS[0])
    with running(office, log) as service:
        wait(lambda: len(office.relay.accepted) == 1 and b"+ idling" in office.line.heard)
        office.deliver(MAILS[1], MAILS[2])
        assert wait(lambda: len(office.relay.accepted) == 2) < 20
        office.line.hang()
        office.deliver(application("Eve Doe"))
        assert wait(lambda: b"listening to the mailbox broke off" in log.read_bytes()) < 20
        assert len(office.relay.accepted) == 2
        office.line.clear()
        assert wait(lambda: len(office.relay.accepted) == 3) < 30
        service.send_signal(signal.SIGTERM)
        assert service.wait(PATIENCE) == 0
    assert b"Traceback" not in log.read_bytes()
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice(
        answered=["jane.doe@example.com", "omar.doe@example.com", "eve.doe@example.com"]
    )


def test_told_to_end_it_does_not_wait_for_a_long_document(open_office: NewOffice, tmp_path: Path) -> None:
    office, log, temporary = open_office(), tmp_path / "log", tmp_path / "temporary"
    temporary.mkdir()
    office.environment["TMPDIR"] = str(temporary)
    office.deliver(application_with_scan(pages=PAGES))
    with running(office, log) as service:
        wait(lambda: any("ocr-" in folder for folder, _, _ in os.walk(temporary)))
        began = time.monotonic()
        service.send_signal(signal.SIGTERM)
        assert service.wait(PATIENCE) == 0
        assert time.monotonic() - began < 5
    assert b"ended; what is not done yet is done at the next start" in log.read_bytes()
    assert b"Traceback" not in log.read_bytes()
    assert list(temporary.iterdir()) == []  # the children ended too
    assert office.rows(sa.select(message.c.stage, message.c.attempts, message.c.lease_owner)) == [("received", 0, None)]
    assert office.rows(sa.select(lease.c.name)) == []
    office.environment["MICIC_LIMITS__READ__RECOGNISED_PAGES"] = "1"
    office.run()
    office.prove_that_nothing_was_lost_or_done_twice(answered=["ann.slow@example.com"])


def test_staff_hear_by_their_digest_also_of_a_mailbox_that_cannot_be_read(open_office: NewOffice) -> None:
    nobody = {"MAILBOX__PORT": str(free_port())}
    office = open_office(STAFF__DIGEST_TO="staff@example.org", STAFF__DIGEST_AT="00:00", **nobody)
    assert "refuses connections" in str(office.run())
    assert [one.recipients for one in office.relay.accepted] == [("staff@example.org",)]
