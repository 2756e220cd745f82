"""What lies in files is found wherever it lies, entered once, and answered only where that is wanted."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.blobs import FolderBlobs
from roster import ledger
from roster.store import Store
from service.finding import Missed, Source, sources_in
from service.importing import Importer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def mail(number: int) -> bytes:
    date = f"Date: Tue, {number} Mar 2018 09:00:00 +0100\n"
    return f"From: a{number}@example.org\n{date}Subject: {number}\n\ntext\n".encode()


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    """A folder in which everything lies about: a mail, an mbox, a Maildir, a bare CV."""
    folder = tmp_path / "heap"
    (folder / "deeper").mkdir(parents=True)
    (folder / "deeper/one.eml").write_bytes(mail(1))
    (folder / "cv.txt").write_text("Jane Doe, expert")
    (folder / ".DS_Store").write_bytes(b"x")
    box = mailbox.mbox(folder / "old.mbox")
    for number in (2, 3):
        box.add(mail(number))
    box.close()
    mailbox.Maildir(folder / "maildir", create=True).add(mail(4))
    return folder


def mails_in(*paths: Path) -> list[Source]:
    found = list(sources_in(paths))
    assert not [one for one in found if isinstance(one, Missed)]
    return [one for one in found if isinstance(one, Source)]


def importer(store: Store, folder: Path, *, answer: bool = False) -> Importer:
    return Importer(blobs=FolderBlobs(folder / "blobs"), store=store, answer=answer, clock=lambda: NOW)


def test_every_mail_and_cv_is_found_with_its_own_date(heap: Path) -> None:
    found = {source.arrived_at.date().isoformat() for source in mails_in(heap)}
    assert {"2018-03-01", "2018-03-02", "2018-03-03", "2018-03-04"} < found
    assert len(mails_in(heap)) == 5


def test_repeating_an_import_enters_nothing_twice(heap: Path, store: Store, tmp_path: Path) -> None:
    first = list(importer(store, tmp_path).take_in(mails_in(heap)))
    assert len(set(first)) == 5
    assert list(importer(store, tmp_path).take_in(mails_in(heap))) == first


@pytest.mark.parametrize("answer", [True, False])
def test_nobody_is_answered_unless_that_is_wanted(heap: Path, store: Store, tmp_path: Path, answer: bool) -> None:
    ids = list(importer(store, tmp_path, answer=answer).take_in(mails_in(heap)))
    assert {ledger.received(store, id_).answer for id_ in ids} == {answer}
