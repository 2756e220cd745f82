"""The main job on every labelled mail: real Dovecot, real Postfix, the program as its users start it."""

from __future__ import annotations

import json
import mailbox
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.mail import ReplyLanguage
from notifications.templates import Templates
from roster.store import open_store
from roster.tables import message, part, person
from tests.corpus.score import CASES
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.environment import environment_for
from tests.servers.postfix import Postfix, postfix

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(1200)]

TO_BE_SEEN = message.c.outcome.in_(("set_aside", "needs_review", "withdrawal"))
TEMPLATES = Path(__file__).parents[2] / "config/templates"
CALL = "icmpd-micic"  # the user whose INBOX is the call's
SECONDS_IN_THE_POST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    name: str
    raw: bytes
    labels: dict[str, Any]

    @property
    def ids(self) -> set[str]:
        """The Message-IDs of the mail and of those attached to it."""
        found = (part["Message-ID"] for part in BytesParser().parsebytes(self.raw).walk())
        return {str(id_).strip() for id_ in found if id_}

    @property
    def envelope_sender(self) -> str:
        return str(BytesParser().parsebytes(self.raw, headersonly=True).get("Return-Path", "")).strip(" <>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The servers, the program's environment, and the cases that were delivered."""

    mailboxes: Dovecot
    relay: Postfix
    environment: dict[str, str]
    data: Path
    cases: tuple[Case, ...]

    def micic(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "service.commands", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=1000)

    def received(self) -> list[Message]:
        """All mails in all mailboxes but the call's, as an independent program finds them."""
        homes = (self.mailboxes.folder / "home").iterdir()
        boxes = [mailbox.Maildir(home / "Maildir", create=False) for home in homes if home.name != CALL]
        return [mail for box in boxes for mail in box]

    def wait_for_the_post(self) -> None:
        """Return once Postfix has handed on all that it took."""
        deadline = time.monotonic() + SECONDS_IN_THE_POST
        queue = [self.relay.folder / "spool" / name for name in ("incoming", "active", "deferred")]
        while any(file.is_file() for folder in queue for file in folder.rglob("*")):
            assert time.monotonic() < deadline, self.relay.log()
            time.sleep(0.1)


def load(folder: Path) -> Case:
    labels = json.loads((folder / "gold.json").read_text("utf-8"))
    return Case(name=folder.name, raw=(folder / "message.eml").read_bytes(), labels=labels)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Every case delivered, and one pass made."""
    data = tmp_path_factory.mktemp("office")
    cases = tuple(load(path.parent) for path in sorted(CASES.glob("*/gold.json")))
    with dovecot() as mailboxes, postfix(lmtp=mailboxes.lmtp) as relay:
        environment = environment_for(imap=mailboxes.imap, smtp=relay.port, user=CALL, data=data)
        for case in cases:
            mailboxes.deliver(CALL, case.raw, sender=case.envelope_sender)
        made = Office(mailboxes=mailboxes, relay=relay, environment=environment, data=data, cases=cases)
        done = made.micic("run", "--once")
        assert done.returncode in (0, 1), done.stderr
        made.wait_for_the_post()
        yield made


def rows(office: Office, wanted: sa.Select[Any]) -> list[Any]:
    store = open_store(f"sqlite:///{office.data / 'micic.db'}")
    try:
        with store.read() as db:
            return list(db.execute(wanted).all())
    finally:
        store.close()


def test_every_mail_is_settled_and_filed(office: Office) -> None:
    stages = Counter(row.stage for row in rows(office, sa.select(message.c.stage)))
    assert stages == {"settled": len(office.cases)}
    inbox = office.mailboxes.doveadm("mailbox", "status", "-u", CALL, "messages", "INBOX")
    assert inbox.strip() == "INBOX messages=0"


@pytest.mark.parametrize("language", [one for one in ReplyLanguage if one is not ReplyLanguage.EN])
def test_whatever_staff_are_told_of_a_mail_is_told_in_their_language(office: Office, language: ReplyLanguage) -> None:
    remarks = Templates.load(TEMPLATES).remarks
    told = {
        reason
        for row in rows(office, sa.select(message.c.review, message.c.why, message.c.unanswered))
        for reason in (*(row.review or ()), *(row.why or ()), row.unanswered)
        if reason
    }
    told |= {note for row in rows(office, sa.select(part.c.reason)) for note in row.reason.split("\n")[1:]}
    assert len(told) > 20
    assert not [reason for reason in sorted(told) if remarks.said(reason, language) == reason]


def test_every_part_of_every_mail_has_a_fate_and_a_reason(office: Office) -> None:
    mails = {row.id for row in rows(office, sa.select(message.c.id))}
    parts = rows(office, sa.select(part.c.message, part.c.fate, part.c.reason))
    assert {row.message for row in parts} == mails
    assert all(row.fate and row.reason for row in parts)


def test_whoever_should_be_answered_is_answered_once_and_nobody_else(office: Office) -> None:
    answered = Counter(str(mail["In-Reply-To"]).strip() for mail in office.received())
    wrong = {
        case.name: (case.labels["message"]["acknowledge"], count)
        for case in office.cases
        if (count := sum(answered[id_] for id_ in case.ids)) != case.labels["message"]["acknowledge"]
    }
    assert wrong == {}


def test_a_second_run_changes_nothing(office: Office) -> None:
    before = rows(office, sa.select(message.c.id, message.c.stage, message.c.moved_at)), len(office.received())
    assert "0 new, 0 processed, 0 filed away, 0 mails sent" in office.micic("run", "--once").stdout
    office.wait_for_the_post()
    assert (
        rows(office, sa.select(message.c.id, message.c.stage, message.c.moved_at)),
        len(office.received()),
    ) == before


def test_the_digest_names_all_of_it(office: Office) -> None:
    printed = " ".join(office.micic("digest").stdout.split())  # long lines are folded
    kinds = Counter(row.kind for row in rows(office, sa.select(message.c.kind)))
    assert {str(count) for count in kinds.values()} <= set(re.findall(r"\d+", printed))
    named = rows(office, sa.select(person.c.name)) + rows(office, sa.select(message.c.sender).where(TO_BE_SEEN))
    assert [value for (value,) in named if " ".join(value.split()) not in printed] == []
