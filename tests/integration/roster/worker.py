"""A worker in a process of its own: claims messages and settles them. Started by test_workers."""

from __future__ import annotations

import argparse
import os
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from domain.errors import RetryLater, StaleStage
from roster import ledger
from roster.settlement import settle
from roster.store import Store, open_store
from roster.tables import message
from tests.integration.roster.cases import POLICY, TERMS, answer, decision, profile

LEASE = timedelta(seconds=3)
# Every message has its answer, so that one that is lost shows: no window, clocks of several workers considered.
NO_LIMITS = replace(TERMS, answers=replace(POLICY, window=-timedelta(minutes=1), per_address=10_000))


def work(url: str, owner: str, dies_at: int) -> None:
    """Until everything is settled. Prints one line a message: id, sender, begin and end of the work on it."""
    store = open_store(url)
    done = 0
    while something_is_left(store):
        for claim in ledger.claim(store, owner=owner, now=datetime.now(UTC), lease=LEASE, limit=3):
            begun = time.time()
            time.sleep(0.002)
            done += 1
            if done == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            sender = f"p{claim.id % 40}@example.org"
            someone = profile(name=f"Person {claim.id % 40}", emails=(sender,), phones=())
            ended = time.time()
            try:
                decided = decision(someone, sender=sender)
                settle(store, claim, decided, answer(claim.id), terms=NO_LIMITS, now=datetime.now(UTC))
            except (StaleStage, RetryLater):
                continue  # another has it, or will
            print(claim.id, claim.id % 40, begun, ended, flush=True)
        time.sleep(0.005)
    store.close()


def something_is_left(store: Store) -> bool:
    with store.read() as db:
        return bool(db.execute(sa.select(sa.exists().where(message.c.stage == "received"))).scalar())


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("url")
    arguments.add_argument("owner")
    arguments.add_argument("dies_at", type=int)
    given = arguments.parse_args()
    work(given.url, given.owner, given.dies_at)
