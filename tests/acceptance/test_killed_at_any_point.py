"""`kill -9` before and after each commit and each call to a server: nothing lost, nothing twice, on both databases."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from roster.store import open_store
from roster.tables import lease, message, outbox, person
from service.demo.samples import sample_mails
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.environment import environment_for
from tests.servers.postgres import Postgres, postgres
from tests.servers.relay import Relay, relay

pytestmark = [pytest.mark.server, pytest.mark.slow]

POINTS = [
    ("before", "intake.blobs:FolderBatch.commit"),
    ("after", "intake.blobs:FolderBatch.commit"),
    ("before", "roster.ledger:record"),
    ("after", "roster.ledger:record"),
    ("after", "roster.ledger:claim"),
    ("before", "service.processing:settle"),
    ("after", "service.processing:settle"),
    ("before", "intake.mailbox:ImapMailbox.file_away"),
    ("after", "intake.mailbox:ImapMailbox.file_away"),
    ("after", "roster.ledger:filed"),
    ("before", "notifications.smtp:SmtpTransport.send"),
    ("after", "notifications.smtp:SmtpTransport.send"),
    ("after", "roster.outbox:sent"),
]
MAILS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    mailboxes: Dovecot
    relay: Relay
    url: str
    user: str
    environment: dict[str, str]

    def run(self, *prefix: str) -> int:
        command = [sys.executable, "-m", *(prefix or ("service.commands",)), "run", "--once"]
        return subprocess.run(command, env=self.environment, capture_output=True, check=False, timeout=200).returncode

    def let_leases_end(self) -> None:
        """What an hour would do."""
        store = open_store(self.url)
        with store.begin() as db:
            db.execute(sa.delete(lease))
            for table in (message, outbox):
                over = datetime.now(UTC) - timedelta(seconds=1)
                db.execute(sa.update(table).where(table.c.lease_until.is_not(None)).values(lease_until=over))
        store.close()

    def count(self, column: sa.Column[str]) -> Counter[str]:
        store = open_store(self.url)
        with store.read() as db:
            found = Counter(db.execute(sa.select(column)).scalars())
        store.close()
        return found


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, mailboxes: Dovecot, tmp_path: Path) -> Iterator[Office]:
    """Some applications wait in the mailbox, and the relay takes everything."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'micic.db'}" if sqlite else request.getfixturevalue("database").new_database()
    user = mailboxes.new_user()
    with relay() as taking:
        environment = environment_for(
            imap=mailboxes.imap, smtp=taking.port, user=user, data=tmp_path, STORE__DATABASE=url, LIMITS__WORKERS="1"
        )
        mails = list(sample_mails(datetime(2018, 3, 14, tzinfo=UTC)))[:MAILS]
        mailboxes.deliver(user, *mails)
        yield Office(mailboxes=mailboxes, relay=taking, url=url, user=user, environment=environment)


@pytest.mark.parametrize(("when", "step"), POINTS, ids=[f"{when} {step.partition(':')[2]}" for when, step in POINTS])
def test_killed_there_and_started_again_nothing_is_lost_and_nothing_done_twice(
    office: Office, when: str, step: str
) -> None:
    assert office.run("tests.acceptance.dying", when, step, "--") == -signal.SIGKILL
    office.let_leases_end()
    assert office.run() in (0, 1)
    assert office.count(message.c.stage) == {"settled": MAILS}
    inbox = office.mailboxes.doveadm("mailbox", "status", "-u", office.user, "messages", "INBOX")
    assert inbox.strip() == "INBOX messages=0"
    recipients = Counter(mail.recipients for mail in office.relay.accepted)
    assert set(recipients.values()) <= {1}  # nobody gets two
    states = office.count(outbox.c.state)
    assert states.total() == office.count(outbox.c.rfc_message_id).total()
    # A mail whose sender died is never sent again by itself: a person sees it as unknown.
    assert states["unknown"] == (1 if step.endswith("SmtpTransport.send") else 0)
    assert states["sent"] + states["unknown"] == states.total()
    assert max(office.count(person.c.name).values(), default=1) == 1
