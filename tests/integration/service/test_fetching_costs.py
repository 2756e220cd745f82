"""What fetching may cost: calls that wait for the disk, memory, and time beside the obvious way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from roster.store import open_store
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.fetching import HERE, fetching
from tests.servers.proxy import proxy

pytestmark = pytest.mark.server
BATCH = 50


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def mail(number: int, size: int) -> bytes:
    return b"From: a@example.org\r\nSubject: %d\r\n\r\n" % number + (b"%075d\r\n" % number) * (size // 77)


def fetch_all(port: int, user: str, folder: Path) -> tuple[int, int]:
    """How many mails were made safe and entered, and how often the blob store waited for the disk."""
    with fetching(port, user, folder, batch=BATCH) as one:
        return one.fetch_all(), len(one.syncs)


@pytest.mark.parametrize(("count", "at_most"), [(1, 2), (BATCH * 3, 6)])
def test_a_batch_waits_for_the_disk_twice_and_a_third_time_for_its_rows(
    server: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, at_most: int
) -> None:
    single: list[int] = []
    monkeypatch.setattr(os, "fsync", single.append)  # nothing of ours is to sync by the piece
    user = server.new_user()
    server.deliver(user, *(mail(number, 500) for number in range(count)))
    assert fetch_all(server.imap, user, tmp_path) == (count, at_most)
    assert not single


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace counts the calls")
def test_a_whole_pass_over_a_lone_mail_waits_for_the_disk_three_times(tmp_path: Path) -> None:
    assert syncs_of_passes(tmp_path / "ten", 10) - syncs_of_passes(tmp_path / "none", 0) == 30


def syncs_of_passes(folder: Path, passes: int) -> int:
    """How often a process waited for the disk that made so many passes, each over a mail, from its start to its end."""
    folder.mkdir()
    trace = folder / "trace"
    counted = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,syncfs,sync", "-e", "signal=none", "-o", str(trace)]
    subprocess.run(
        [*counted, sys.executable, "-m", "tests.integration.service.lone_passes", str(folder), str(passes)],
        check=True,
    )
    return len(re.findall(r"sync\w*\(", trace.read_text()))


def test_fifty_megabytes_cost_less_than_twenty_of_memory(server: Dovecot, tmp_path: Path) -> None:
    user = server.new_user()
    server.deliver(user, mail(1, 50_000_000))
    open_store(f"sqlite:///{tmp_path / 'micic.db'}").close()  # what the first opening loads is not counted
    tracemalloc.start()
    fetched, _ = fetch_all(server.imap, user, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fetched == 1
    assert peak < 20_000_000


def test_on_a_long_line_it_is_many_times_faster_than_one_by_one(server: Dovecot, tmp_path: Path) -> None:
    count = 100
    user = server.new_user()
    server.deliver(user, *(mail(number, 20_000) for number in range(count)))
    with proxy(server.imap) as line:
        line.delay(0.05)
        client = IMAPClient(HERE, line.port, ssl=False)
        client.login(user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        began = time.monotonic()
        for uid in client.search()[:20]:
            client.fetch([uid], ["BODY.PEEK[]"])
        one_by_one = (time.monotonic() - began) / 20
        client.logout()
        with fetching(line.port, user, tmp_path, batch=BATCH) as one:  # the database is made once in its life
            began = time.monotonic()
            one.fetch_all()
            ours = (time.monotonic() - began) / count
    assert ours * 5 < one_by_one  # ten on a quiet machine, logging in and all: benchmarks/fetching.py
