"""A withdrawal is carried out by one command, after a check that it comes from the person whose entry it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from domain.decision import OutgoingMail
from domain.mail import Kind
from domain.moves import Outcome
from domain.ports import BlobRef
from intake.blobs import FolderBlobs
from roster import ledger
from roster.ledger import Arrival
from roster.settlement import settle
from roster.store import Store, open_store
from roster.tables import audit, message, person
from service.commands import app
from tests.integration.roster.cases import LEASE, TERMS, answer, decision, profile

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONFIG = Path(__file__).parents[3] / "config"
VOUCHED = "Authentication-Results: mx.office.example; dmarc=pass header.from=example.org\r\n"
FORGED = "Authentication-Results: mx.office.example; dmarc=fail header.from=example.org\r\n"
ANSWERED = "In-Reply-To: <answer-1@roster.example>\r\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Aïssatou Diop stands on the roster, entry 1; she had our mail 1."""
    settings = {
        "STORE__DATA": str(tmp_path),
        "MAILBOX__HOST": "imap.office.example",
        "MAILBOX__USER": "call",
        "MAILBOX__PASSWORD": "secret",
        "MAILBOX__AUTHSERV_ID": "mx.office.example",
        "RELAY__HOST": "smtp.office.example",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"MICIC_{name}", value)
    store = open_store(f"sqlite:///{tmp_path / 'micic.db'}")
    comes(store, tmp_path, "a.diop@example.org", profiles=True)
    yield store
    store.close()


def comes(
    store: Store, data: Path, sender: str, headers: str = "", *, profiles: bool = False, kind: Kind = Kind.WITHDRAWAL
) -> int:
    """A message with these bytes, settled: an application, or else a withdrawal."""
    wish = "I apply" if profiles else "Please take me off"
    raw = f"{headers}From: {sender}\r\nSubject: {wish}\r\n\r\n{wish}.\r\n".encode()
    with FolderBlobs(data / "blobs").batch() as batch:
        batch.put([raw])
    digest = hashlib.sha256(raw).hexdigest()
    ref = BlobRef(digest=digest, size=len(raw))
    ids = ledger.record(store, [Arrival(key=None, ref=ref, arrived_at=NOW, sender_key=sender)], now=NOW)
    (claim,) = ledger.claim(store, owner="w", now=NOW, lease=LEASE)
    outgoing: OutgoingMail | None = None
    decided = decision(sender=sender, kind=kind, outcome=Outcome.WITHDRAWAL)
    if profiles:
        decided, outgoing = decision(profile(), sender=sender), answer(1, to=sender)
    replies = ("<answer-1@roster.example>",) if ANSWERED in headers else ()
    decided = replace(decided, message=replace(decided.message, message_id=f"<{digest}@x>", in_reply_to=replies))
    settle(store, claim, decided, outgoing, terms=TERMS, now=NOW + timedelta(seconds=ids[0]))
    return ids[0]


def erase(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["roster", "erase", *map(str, arguments), "--config", str(CONFIG)])
    return done.exit_code, done.output


def people(store: Store) -> int:
    with store.read() as db:
        return int(db.execute(sa.select(sa.func.count()).select_from(person)).scalar_one())


@pytest.mark.parametrize("proof", [VOUCHED, ANSWERED], ids=["by our server", "by our own mail"])
def test_what_is_proven_is_carried_out_and_leaves_no_more_than_numbers(
    office: Store, tmp_path: Path, proof: str
) -> None:
    asked = comes(office, tmp_path, "a.diop@example.org", proof)
    code, said = erase("--withdrawal", asked, "--yes")
    assert (code, people(office)) == (0, 0), said
    assert "an address of this person" in said
    assert "person 1 is erased" in said
    assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    with office.read() as db:
        (row,) = db.execute(sa.select(audit)).all()
        senders = set(db.execute(sa.select(message.c.sender)).scalars())
    assert (row.subject, row.detail["asked by message"], senders) == ("person 1", asked, {None})
    assert "diop" not in str(row).lower()


@pytest.mark.parametrize(
    ("sender", "headers", "because"),
    [
        ("a.diop@example.org", "", "mx.office.example does not say"),
        ("a.diop@example.org", FORGED, "the address is forged"),
        ("a.diop@example.org", FORGED + ANSWERED, "the address is forged"),
        ("rival@example.org", VOUCHED + ANSWERED, "an address that is not this person's"),
    ],
)
def test_what_is_not_proven_is_refused_with_the_reason_and_carried_out_on_a_persons_word(
    office: Store, tmp_path: Path, sender: str, headers: str, because: str
) -> None:
    asked = comes(office, tmp_path, sender, headers)
    code, said = erase("--withdrawal", asked, "--yes")
    assert (code, people(office)) == (1, 1)
    assert because in said
    assert erase("--withdrawal", asked, "--yes", "--unproven")[0] == 0
    assert people(office) == 0


def test_a_message_that_asks_for_something_else_erases_nobody(office: Store, tmp_path: Path) -> None:
    """A slip of one digit in the number must not erase who wrote the next mail."""
    asked = comes(office, tmp_path, "a.diop@example.org", VOUCHED, kind=Kind.ENQUIRY)
    code, said = erase("--withdrawal", asked, "--yes")
    assert (code, people(office)) == (1, 1)
    assert "it was read as an enquiry, not as a withdrawal" in said
    assert erase("--withdrawal", asked, "--yes", "--unproven")[0] == 0


def test_a_withdrawal_of_nobody_known_asks_for_the_entry(office: Store, tmp_path: Path) -> None:
    asked = comes(office, tmp_path, "new@example.com", VOUCHED)
    code, said = erase("--withdrawal", asked, "--yes")
    assert (code, people(office)) == (1, 1)
    assert f"micic roster erase ID --withdrawal {asked}" in said
    code, said = erase(1, "--withdrawal", asked, "--yes")
    assert code == 1
    assert "not this person's" in said


def test_without_yes_it_asks_and_names_the_person(office: Store, tmp_path: Path) -> None:
    asked = comes(office, tmp_path, "a.diop@example.org", VOUCHED)
    code, said = erase("--withdrawal", asked)
    assert (code, people(office)) == (1, 1)
    assert "Erase person 1 (Aïssatou Diop)" in said


@pytest.mark.parametrize("arguments", [("--withdrawal", 99, "--yes"), ("--yes",)])
def test_a_wrong_number_is_wrong_use(office: Store, arguments: tuple[object, ...]) -> None:
    assert erase(*arguments)[0] == 2
    assert people(office) == 1
