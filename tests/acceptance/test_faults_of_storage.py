"""Disks that are full, databases that are locked or go away: the pass ends early, and nothing is lost or done twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from roster.tables import message, part
from service.running import Done
from service.wiring import House
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import MAILS, Office, application, application_with_scan, run_in, sender_of
from tests.servers.postgres import Postgres, postgres

pytestmark = [pytest.mark.server, pytest.mark.slow]

KIB, MIB = 1024, 1024**2
HEAVY = application("Ann Heavy", padding=400_000)
SCANNED = application_with_scan(pages=1)
NOT_TAKEN_APART = "mails cannot be taken apart: No space left on device in the folder for temporary files"
UNTRIED = [("received", 0, None)]
ANN = ("ann.heavy@example.com",)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of so many bytes. Skipped where mounting is not permitted, as it is to root in CI."""
    folder.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounting.returncode != 0:
        pytest.skip(f"mounting a small disk is not permitted: {mounting.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """All but so many bytes of the disk are somebody else's."""
    ballast = disk / "ballast"
    with ballast.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, shutil.disk_usage(disk).free - leave)
    return ballast


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 256 * MIB) as folder:
        yield folder


@pytest.mark.parametrize(
    "leave", [4 * KIB, 16 * KIB, 100 * KIB, 420 * KIB, 600 * KIB, 1000 * KIB], ids=lambda n: f"{n // KIB} KiB"
)
def test_a_data_folder_that_is_full_at_any_moment(open_office: NewOffice, disk: Path, leave: int) -> None:
    office = open_office(data=disk / "data")
    office.deliver(HEAVY)
    ballast = fill(disk, leave=leave)
    said = office.run()
    assert isinstance(said, Done) or "\n" not in said
    ballast.unlink()
    assert office.count(message.c.stage).keys() <= {"received", "settled"}
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice(answered=ANN)


@pytest.mark.parametrize(
    ("mail", "leave", "complaint"),
    [
        (HEAVY, 50 * KIB, "a file cannot be written: No space left on device"),
        (HEAVY, len(HEAVY) + 150 * KIB, NOT_TAKEN_APART),
        (SCANNED, len(SCANNED) + 150 * KIB, NOT_TAKEN_APART),
    ],
    ids=["the mail is handed over", "its parts are written", "a page is recognised"],
)
def test_a_full_disk_while_a_mail_is_taken_apart_is_not_the_fault_of_the_mail(
    open_office: NewOffice, disk: Path, monkeypatch: pytest.MonkeyPatch, mail: bytes, leave: int, complaint: str
) -> None:
    office = open_office(RETRY__ATTEMPTS="1")  # whatever counts as its fault ends in quarantine at once
    office.deliver(mail)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    with office.house() as house:
        del house.__dict__["sandbox"]  # children of its own, which work on the small disk
        with house.sandbox:
            house.check()
            ballast = fill(disk, leave=leave)
            assert run_in(house) == complaint
            assert office.rows(sa.select(message.c.stage, message.c.attempts, message.c.lease_owner)) == UNTRIED
            ballast.unlink()
            assert run_in(house) == Done(fetched=0, worked_on=1, filed=1, sent=1)
    assert office.count(part.c.fate).keys() <= {"body", "document", "container"}
    office.prove_that_nothing_was_lost_or_done_twice(answered=[sender_of(mail)])


def hasty(house: House) -> House:
    """It waits for others to let go of the database for a moment only, instead of 15 seconds."""
    sa.event.listen(house.store.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=200"))
    return house


@contextmanager
def locked(office: Office) -> Iterator[None]:
    with closing(sqlite3.connect(office.data / "micic.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_a_database_that_another_program_has_locked(open_office: NewOffice) -> None:
    office = open_office()
    office.deliver(*MAILS)
    with office.house() as house, locked(office):
        assert run_in(hasty(house)) == "the database cannot be used: database is locked"
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


@pytest.mark.parametrize("number", [40, 170])
def test_a_database_that_another_program_locks_in_mid_pass(open_office: NewOffice, number: int) -> None:
    office = open_office()
    office.deliver(*MAILS)
    with closing(sqlite3.connect(office.data / "micic.db", check_same_thread=False)) as other, office.house() as house:
        office.line.meanwhile(number, lambda: other.execute("BEGIN IMMEDIATE"))
        assert run_in(hasty(house)) == "the database cannot be used: database is locked"
        other.rollback()
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.mark.parametrize("number", [40, 170])
def test_a_database_server_that_starts_anew_in_mid_pass(
    open_office: NewOffice, database: Postgres, number: int
) -> None:
    office = open_office(STORE__DATABASE=database.new_database())
    office.deliver(*MAILS)
    office.line.meanwhile(number, database.restart)
    said = office.run()
    assert isinstance(said, Done) or "\n" not in said
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


def test_a_database_server_that_is_away_for_a_pass(open_office: NewOffice, database: Postgres) -> None:
    office = open_office(STORE__DATABASE=database.new_database())
    office.deliver(*MAILS)
    office.line.meanwhile(170, database.halt)
    assert office.run() == "the database did not answer: OperationalError"
    database.start()
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()
