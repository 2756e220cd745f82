"""Bad servers, bad mails, bad edits: one clear line, the exit code of the contract, and nothing is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import trustme

from roster.store import open_store
from roster.tables import message
from tests.servers.dovecot import HOST, Dovecot, dovecot
from tests.servers.environment import environment_for
from tests.servers.private import free_port
from tests.servers.relay import relay

pytestmark = pytest.mark.server

CONFIG = Path(__file__).parents[2] / "config"
# The words of the console's pages stop those pages alone (tests/unit/console/test_words.py), not the mail.
YAMLS = sorted(path.relative_to(CONFIG) for path in CONFIG.rglob("*.yaml") if path.parent.name != "console")
MAIL = b"From: a@example.org\r\nSubject: Application\r\n\r\nI apply. My CV follows.\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    mailboxes: Dovecot
    user: str
    data: Path
    environment: dict[str, str]

    def run(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "service.commands", *(arguments or ("run", "--once"))]
        environment = self.environment | {f"MICIC_{name}": value for name, value in changes.items()}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)

    def stages(self) -> list[str]:
        store = open_store(f"sqlite:///{self.data / 'micic.db'}")
        with store.read() as db:
            found = list(db.execute(sa.select(message.c.stage)).scalars())
        store.close()
        return found

    def waiting(self) -> int:
        told = self.mailboxes.doveadm("mailbox", "status", "-u", self.user, "messages", "INBOX")
        return int(told.rpartition("=")[2])


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def office(mailboxes: Dovecot, tmp_path: Path) -> Iterator[Office]:
    """One application waits."""
    user = mailboxes.new_user()
    mailboxes.deliver(user, MAIL)
    with relay() as taking:
        environment = environment_for(
            imap=mailboxes.imap,
            smtp=taking.port,
            user=user,
            data=tmp_path,
            MAILBOX__TIMEOUT_SECONDS="5",
            CONFIG=str(CONFIG),
        )
        yield Office(mailboxes=mailboxes, user=user, data=tmp_path, environment=environment)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What was said, which must be one line that the program means for people."""
    said = done.stderr.strip()
    assert "\n" not in said, said
    assert said.startswith("micic: "), said
    return said


def test_no_network_is_told_and_costs_nothing(office: Office) -> None:
    port = str(free_port())
    done = office.run(MAILBOX__PORT=port)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in one_line(done)
    assert office.waiting() == 1
    assert office.run().returncode in (0, 1)
    assert (office.stages(), office.waiting()) == (["settled"], 0)


def test_a_wrong_password_is_told_with_what_to_do(office: Office) -> None:
    done = office.run(MAILBOX__PASSWORD="wrong")
    assert done.returncode == 2
    assert "MICIC_MAILBOX__PASSWORD" in one_line(done)
    assert office.waiting() == 1


def test_an_expired_certificate_is_told_and_the_server_is_not_trusted(office: Office, tmp_path: Path) -> None:
    authority = trustme.CA()
    expired = authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=UTC))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    trusted = {"MAILBOX__SECURITY": "tls", "MAILBOX__HOST": HOST, "MAILBOX__CA_FILE": str(tmp_path / "ca.pem")}
    with dovecot(certificate=expired) as server:
        done = office.run(MAILBOX__PORT=str(server.imaps), **trusted)
    assert done.returncode == 2
    assert re.search("certificate.*expired", one_line(done))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="no byte"),
        pytest.param(b"\r\n", id="an empty mail"),
        pytest.param(
            MAIL.replace(b"\r\n\r\n", b'\r\nContent-Type: text/plain; charset="x-klingon"\r\n\r\n'), id="charset"
        ),
        pytest.param(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 200, id="nested without end"),
        pytest.param(bytes(range(256)) * 40, id="noise"),
    ],
)
def test_a_mail_that_makes_no_sense_is_settled_or_kept_for_a_person(office: Office, raw: bytes) -> None:
    office.mailboxes.doveadm("expunge", "-u", office.user, "mailbox", "INBOX", "all")
    path = office.data / "raw"
    path.write_bytes(raw)
    path.chmod(0o644)
    office.mailboxes.deliver(office.user, raw or b"\r\n")
    assert office.run().returncode in (0, 1)
    assert office.stages() in (["settled"], ["quarantined"])
    assert len([file for file in (office.data / "blobs").rglob("*") if file.is_file()]) >= 1


@pytest.mark.parametrize("name", YAMLS, ids=str)
def test_a_broken_file_is_told_by_name_and_line_and_nothing_is_touched(office: Office, name: Path) -> None:
    broken = office.data / "config"
    shutil.copytree(CONFIG, broken)
    lines = (broken / name).read_text("utf-8").splitlines()
    (broken / name).write_text("\n".join([*lines, "  - what: [is this", ""]), "utf-8")
    done = office.run("run", "--once", "--config", str(broken))
    assert done.returncode == 2, done.stderr
    assert re.match(rf"micic: (config/)?{re.escape(str(name).removeprefix('config/'))}:\d+: ", one_line(done))
    assert office.waiting() == 1
