"""Several processes on one store, one of them killed: nothing lost, nothing twice, a sender one message at a time."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from roster import ledger, outbox
from roster.store import Store
from roster.tables import cv_version, message, person
from roster.tables import outbox as outgoing
from tests.integration.roster.cases import LEASE, NOW, answer, arrival

JOBS = 200
SENDERS = 40


def start(url: str, owner: str, said: Path, *, dies_at: int = 0) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.integration.roster.worker", url, owner, str(dies_at)]
    with (said / owner).open("wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(store: Store, url: str, tmp_path: Path) -> None:
    arrivals = [arrival(n, sender=str(n % SENDERS), at=NOW) for n in range(1, JOBS + 1)]
    ids = ledger.record(store, arrivals, now=datetime.now(UTC))
    assert ids == tuple(range(1, JOBS + 1))
    doomed = start(url, "doomed", tmp_path, dies_at=20)
    while doomed.poll() is None and not (tmp_path / "doomed").stat().st_size:
        time.sleep(0.01)  # else the others might leave it nothing to die of
    workers = [start(url, "a", tmp_path), start(url, "b", tmp_path), doomed]
    ends = [worker.wait(timeout=120) for worker in workers]
    said = "".join((tmp_path / owner).read_text() for owner in ("a", "b", "doomed"))
    assert ends == [0, 0, -9], said
    work = [tuple(map(float, line.split())) for line in said.splitlines()]
    assert sorted(int(id_) for id_, *_ in work) == list(ids)
    with store.read() as db:
        assert db.execute(sa.select(sa.func.count()).where(message.c.stage == "settled")).scalar() == JOBS
        assert sorted(db.execute(sa.select(outgoing.c.message)).scalars()) == list(ids)
        assert db.execute(sa.select(sa.func.count()).select_from(person)).scalar() == SENDERS
        assert db.execute(sa.select(sa.func.count()).select_from(cv_version)).scalar() == JOBS
        taken_over = db.execute(sa.select(message.c.id).where(message.c.attempts > 1)).scalars().all()
    assert taken_over  # what the killed one held
    by_sender: dict[float, list[tuple[float, float]]] = {}
    for _, sender, begun, ended in work:
        by_sender.setdefault(sender, []).append((begun, ended))
    for spans in by_sender.values():
        spans.sort()
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def test_no_mail_is_handed_to_two_senders(store: Store) -> None:
    with store.begin() as db:
        for number in range(60):
            outbox.queue(db, answer(number), cause=NOW.date().replace(year=2000 + number), now=NOW)

    def drain(owner: str) -> list[int]:
        taken: list[int] = []
        while sendings := outbox.claim(store, owner=owner, now=NOW, lease=LEASE, limit=3):
            for sending in sendings:
                outbox.sent(store, sending.claim, now=NOW)
                taken.append(sending.claim.id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [id_ for some in pool.map(drain, "abcd") for id_ in some]
    assert sorted(taken) == list(range(1, 61))


def test_recorders_that_meet_the_same_mails_agree(store: Store) -> None:
    def record(step: int) -> dict[int, int]:
        numbers = list(range(50))[::step]
        return dict(zip(numbers, ledger.record(store, [arrival(n) for n in numbers], now=NOW), strict=True))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(record, [1, -1, 1, -1]))
    assert all(one == answers[0] for one in answers)
    assert sorted(answers[0].values()) == list(range(1, 51))
