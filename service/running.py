"""The service at work: each pass fetches, processes, sends and files away until nothing is due."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.blocking import BlockingScheduler

from domain.errors import MicicError, RetryLater
from roster import leases, outbox
from roster.passes import PassFacts
from service.digesting import is_due, promise
from service.processing import Worker
from service.sending import Sender
from service.wiring import House, now, owner

LOG = logging.getLogger("micic.running")
POLLER = "poller"  # lease: of all programs on one store, one reads the mailbox
POLLING = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one full pass did."""

    fetched: int
    worked_on: int  # messages brought to their end or to their next try
    filed: int
    sent: int  # mails offered to the relay


def full_pass(house: House) -> Done:
    """Fetch, process, send and file away, until nothing is due; then end."""
    house.check()
    fetcher = house.fetcher()
    try:
        outbox.rescue(house.store, now=now())
        first: PassFacts = fetcher.run_pass()
        worked_on = process_all([house.worker(n) for n in range(house.settings.limits.workers)])
        if is_due(house, moment=now()):
            promise(house, moment=now())
        sent = send_all(house.sender())
        filed = fetcher.file_settled()
    finally:
        fetcher.mailbox.close()
    return Done(fetched=first.fetched, worked_on=worked_on, filed=first.filed + filed, sent=sent)


def keep_running(house: House) -> None:
    """A pass now, and then by the clock, until somebody ends the program (SIGINT or SIGTERM)."""
    mailbox = house.settings.mailbox
    scheduler = BlockingScheduler(timezone="UTC")  # the clock only: what is due stands in the store
    scheduler.add_job(
        one_round,
        "interval",
        args=[house],
        seconds=mailbox.poll_seconds if mailbox else 60,
        next_run_time=now(),
        coalesce=True,
        max_instances=1,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # how services are stopped
    try:
        scheduler.start()
    except KeyboardInterrupt:
        scheduler.shutdown(wait=True)  # the pass at hand is brought to its end
        LOG.info("ended; what is not done yet is done at the next start")


def one_round(house: House) -> None:
    """One pass; what goes wrong outside, or in the staff's files, is told and waits for the next."""
    try:
        exclusive_pass(house)
    except MicicError as error:
        LOG.error("the pass ended early: %s", error)  # noqa: TRY400 - one line, and no traceback: it is no bug


def exclusive_pass(house: House) -> Done | None:
    """One pass, unless another program on this store makes one: then None."""
    me = owner(POLLER)
    if not leases.take(house.store, POLLER, owner=me, now=now(), length=POLLING):
        LOG.warning("another program on this store reads the mailbox")
        return None
    ended = threading.Event()
    keeper = threading.Thread(target=keep_lease, args=(house, me, ended), name="lease")
    keeper.start()
    try:
        return full_pass(house)
    finally:
        ended.set()
        keeper.join()
        leases.give_back(house.store, POLLER, owner=me)


def keep_lease(house: House, me: str, ended: threading.Event) -> None:
    """Hold on to the lease while the pass lasts: it is short, so that a program that died is soon replaced."""
    while not ended.wait(POLLING.total_seconds() / 4):
        try:
            leases.take(house.store, POLLER, owner=me, now=now(), length=POLLING)
        except RetryLater as error:
            LOG.warning("the lease could not be renewed: %s", error)


def process_all(workers: list[Worker], *, each: Callable[[], object] = lambda: None) -> int:
    """Work until no message is due, and call `each` after each. Returns how many there were."""
    with ThreadPoolExecutor(len(workers)) as pool:
        return sum(pool.map(partial(drain, each=each), workers))


def drain(worker: Worker, *, each: Callable[[], object]) -> int:
    count = 0
    while worker.work_on_next() is not None:
        count += 1
        each()
    return count


def send_all(sender: Sender) -> int:
    count = 0
    try:
        while sender.send_next() is not None:
            count += 1
    finally:
        sender.transport.close()
    return count
