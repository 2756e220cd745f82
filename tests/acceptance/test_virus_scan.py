"""Mails with viruses, before a real scanner: nothing of them is opened, nobody is answered, a person is told."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from io import BytesIO

import pytest
import sqlalchemy as sa

from roster.days import digest
from roster.store import open_store
from roster.tables import message, outbox, part, person
from service.doctor import State
from service.doctor_servers import virus_scan
from service.settings import VirusScanSettings
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import ANSWERED, MAILS, application
from tests.servers.clamd import EICAR, STREAM_MAX, VIRUS, ClamdServer, clamd

pytestmark = [pytest.mark.server, pytest.mark.slow]


@pytest.fixture(scope="module")
def scanner() -> Iterator[ClamdServer]:
    with clamd() as running:
        yield running


def infected(*, content: bytes, name: str) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "eve.doe@example.com", "call@example.org", "Application"
    mail["Message-ID"] = "<eve@mail.example>"
    mail.set_content("Dear colleagues,\n\nI apply to join the roster. My CV is attached.\n")
    mail.add_attachment("Curriculum vitae of Eve Doe, eve.doe@example.com", filename="cv.txt")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def zipped(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("letter.txt", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "mail",
    [infected(content=EICAR, name="letter.txt"), infected(content=zipped(EICAR), name="letter.zip")],
    ids=["attached", "in an archive"],
)
def test_nothing_of_an_infected_mail_is_opened_and_a_person_is_told(
    scanner: ClamdServer, open_office: NewOffice, mail: bytes
) -> None:
    office = open_office(VIRUS_SCAN__SOCKET=str(scanner.socket))
    office.deliver(mail, *MAILS)
    office.run()
    rows = office.rows(sa.select(message.c.outcome, message.c.sender, message.c.review))
    (hit,) = [row for row in rows if "eve" in str(row.sender)]
    assert hit.outcome == "needs_review"
    assert any(VIRUS in reason for reason in hit.review)
    fates = office.rows(sa.select(part.c.file_name, part.c.fate, part.c.reason).where(part.c.fate == "refused"))
    assert {row.file_name: VIRUS in row.reason for row in fates} == {"cv.txt": False, "letter.txt": True}
    assert sorted(name for (name,) in office.rows(sa.select(person.c.name))) == ["Jane Doe", "Omar Doe"]
    assert sorted(one.recipients for one in office.relay.accepted) == [(name,) for name in ANSWERED]
    store = open_store(office.url)
    now = datetime.now(UTC)
    told = digest(store, since=now - timedelta(days=1), until=now + timedelta(minutes=1), day=now.date())
    store.close()
    assert [VIRUS in " ".join(one.reasons) for one in told.review if "eve" in one.sender] == [True]


def test_while_the_scanner_is_away_mails_wait_and_then_are_opened(scanner: ClamdServer, open_office: NewOffice) -> None:
    office = open_office(VIRUS_SCAN__HOST="127.0.0.1", VIRUS_SCAN__PORT="1")
    office.deliver(*MAILS)
    for _ in range(3):
        office.run()
    assert office.rows(sa.select(message.c.stage, message.c.attempts)) == [("received", 0)] * len(MAILS)
    assert not office.rows(sa.select(outbox.c.id))
    office.environment["MICIC_VIRUS_SCAN__PORT"] = str(scanner.port)
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


def test_a_mail_that_the_scanner_takes_for_too_large_is_never_opened_and_holds_up_no_other(
    scanner: ClamdServer, open_office: NewOffice
) -> None:
    office = open_office(VIRUS_SCAN__SOCKET=str(scanner.socket), RETRY__ATTEMPTS="2")
    office.deliver(application("Large Doe", padding=2 * STREAM_MAX), *MAILS)
    office.run()
    office.let_an_hour_pass()
    office.run()
    stages = office.rows(sa.select(message.c.stage, message.c.error).order_by(message.c.id))
    assert [row.stage for row in stages] == ["quarantined", *["settled"] * len(MAILS)]
    assert "virus scanner" in stages[0].error
    assert len(office.relay.accepted) == 2


def test_the_doctor_says_whether_it_takes_files(scanner: ClamdServer) -> None:
    now = datetime.now(UTC)
    assert virus_scan(VirusScanSettings(socket=scanner.socket), now=now).state is State.OK
    away = virus_scan(VirusScanSettings(socket=scanner.socket.with_name("none")), now=now)
    assert (away.state, "no mail is opened" in away.advice) == (State.BAD, True)
