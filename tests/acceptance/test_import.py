"""`micic import` of many mails: killed half way and repeated, nothing is lost and nothing twice; memory stays small."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from roster.store import open_store
from roster.tables import message, outbox, person

pytestmark = pytest.mark.slow

CONFIG = Path(__file__).parents[2] / "config"
MAILS = 70  # more than one batch
CV = (
    "CURRICULUM VITAE\r\n\r\nName: Expert Number{n}\r\nE-mail: expert{n}@example.org\r\n\r\nWORK EXPERIENCE\r\n\r\n"
    "2010 - 2016 Programme manager, Example Organisation, Vienna. Managed assisted voluntary return.\r\n\r\n"
    "EDUCATION\r\n\r\n2008 MA in Migration Studies, University of Example\r\n\r\nLANGUAGES\r\n\r\nEnglish: native\r\n"
)
MEASURE = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from intake.blobs import FolderBlobs
from roster.store import open_store
from service.finding import sources_in
from service.importing import Importer
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
folder = Path(sys.argv[1])
store = open_store(f"sqlite:///{folder / 'micic.db'}")
importer = Importer(blobs=FolderBlobs(folder / "blobs"), store=store, answer=False, clock=lambda: datetime.now(UTC))
before = peak()
print(len(set(importer.take_in(sources_in([folder / "big.mbox"])))), peak() - before)
"""


def micic(data: Path, *arguments: str, dying: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "MICIC_STORE__DATA": str(data), "MICIC_CONFIG": str(CONFIG)}
    module = ["tests.acceptance.dying", *dying, "--"] if dying else ["service.commands"]
    command = [sys.executable, "-m", *module, "import", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def mail(number: int) -> bytes:
    lines = (
        f"From: expert{number}@example.org",
        f"Message-ID: <{number}@example.org>",
        f"Subject: Application {number}",
        "Date: Tue, 13 Mar 2018 09:00:00 +0100",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
        "\r\n--b\r\n\r\nMy CV.",
        "--b\r\nContent-Type: text/plain",
        "Content-Disposition: attachment; filename=cv.txt",
        "",
        CV.replace("{n}", str(number)),
        "--b--\r\n",
    )
    return "\r\n".join(lines).encode()


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    """An mbox of CVs, each with a person of its own."""
    folder = tmp_path / "heap"
    folder.mkdir()
    postmark = b"From a@example.org Tue Mar 13 09:00:00 2018\r\n"
    (folder / "old.mbox").write_bytes(b"".join(postmark + mail(number) + b"\r\n" for number in range(MAILS)))
    return folder


def counts(data: Path) -> tuple[int, int, int]:
    """Messages, people, mails that were promised."""
    store = open_store(f"sqlite:///{data / 'micic.db'}")
    with store.read() as db:
        found = [db.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in (message, person, outbox)]
    store.close()
    return found[0], found[1], found[2]


def let_leases_end(data: Path) -> None:
    """What some minutes would do."""
    store = open_store(f"sqlite:///{data / 'micic.db'}")
    over = datetime.now(UTC) - timedelta(seconds=1)
    with store.begin() as db:
        db.execute(sa.update(message).where(message.c.lease_until.is_not(None)).values(lease_until=over))
    store.close()


def test_what_another_program_works_on_is_told_to_wait(heap: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    micic(data, str(heap), dying=("before", "service.processing:settle"))
    again = micic(data, str(heap))
    assert again.returncode == 1
    assert "wait to be read" in again.stdout


@pytest.mark.parametrize(
    ("when", "step"),
    [
        ("before", "intake.blobs:FolderBatch.commit"),
        ("before", "roster.ledger:record"),
        ("after", "roster.ledger:record"),
        ("after", "service.processing:settle"),
    ],
)
def test_an_import_that_was_killed_is_simply_repeated(heap: Path, tmp_path: Path, when: str, step: str) -> None:
    data = tmp_path / "data"
    assert micic(data, str(heap), dying=(when, step)).returncode == -signal.SIGKILL
    let_leases_end(data)
    again = micic(data, str(heap))
    assert again.returncode == 0, again.stderr
    assert counts(data) == (MAILS, MAILS, 0)
    assert micic(data, str(heap)).returncode == 0
    assert counts(data) == (MAILS, MAILS, 0)


def test_what_cannot_be_taken_in_is_named_at_the_end_and_stops_nothing(heap: Path, tmp_path: Path) -> None:
    (heap / "a broken one.eml").write_bytes(b"")
    (heap / "zz.eml").symlink_to(heap / "old.mbox")
    done = micic(tmp_path / "data", str(heap))
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{MAILS} mails and CVs, {MAILS} of them new")
    assert [line.rpartition(": ")[2] for line in lines[1:]] == ["it is empty", "name what it leads to"]
    assert "a broken one.eml" in lines[1]


def test_applicants_are_answered_where_that_is_asked_for(heap: Path, tmp_path: Path) -> None:
    (heap / "old.mbox").unlink()
    (heap / "one.eml").write_bytes(mail(1))
    micic(tmp_path / "data", str(heap), "--acknowledge")
    assert counts(tmp_path / "data") == (1, 1, 1)


def test_ten_thousand_mails_are_made_safe_in_small_memory(tmp_path: Path) -> None:
    with (tmp_path / "big.mbox").open("wb") as out:
        for number in range(10_000):
            out.write(b"From a@example.org Tue Mar 13 09:00:00 2018\n" + mail(number) + b"x" * 4000 + b"\n\n")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, check=True, timeout=500
    )
    entered, added = map(int, done.stdout.split())
    assert entered == 10_000
    assert added < 30  # MiB
