"""The service at work: each pass fetches, processes, sends beside that, and files away, until nothing is due."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from domain.errors import Interrupted, MicicError, RetryLater
from domain.ports import Mailbox
from roster import leases, ledger, outbox
from service.digesting import is_due, promise
from service.doctor_sandbox import findings
from service.processing import Worker
from service.restraints import restraints
from service.retrying import Backoff
from service.sending import Ended, sending_beside
from service.sent_mail import after_sending
from service.wiring import House, now, owner

LOG = logging.getLogger("micic.running")
POLLER = "poller"  # lease: of all programs on one store, one reads the mailbox
POLLING = timedelta(minutes=2)
LISTENING = 600.0  # seconds
MANY = 1_000_000  # the listener never gives up


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one full pass did."""

    fetched: int
    worked_on: int  # messages brought to their end or to their next try
    filed: int
    sent: int  # mails offered to the relay


def full_pass(house: House, *, ended: Ended = never) -> Done:
    """Fetch, process, send and file away, until nothing is due or the program is to end.

    What a message promises goes out while the next are worked on: one that takes minutes keeps nobody else waiting.
    """
    house.check()
    fetcher = house.fetcher(ended=ended)
    try:
        outbox.rescue(house.store, now=now())
        with sending_beside(house.sender, ended=ended) as post:
            try:
                begun = fetcher.run_pass()
                workers = [house.worker(number) for number in range(house.settings.limits.workers)]
                worked_on = process_all(workers, each=post.ring, ended=ended)
            finally:
                # Also where the mailbox cannot be read: staff hear of it by their digest, and mail of before goes out.
                if not ended() and is_due(house, moment=now()):
                    promise(house, moment=now())
        relay = house.settings.relay
        after_sending(house.store, house.sent_folder(), keeps=relay is not None and relay.keep_sent, now=now())
        facts = fetcher.close_pass(begun)
    finally:
        fetcher.mailbox.close()
    return Done(fetched=facts.fetched, worked_on=worked_on, filed=facts.filed, sent=post.sent)


def keep_running(house: House) -> None:
    """A pass now, then whenever the server tells of news and by the clock, until SIGINT or SIGTERM."""
    for finding in findings(house.workbench.walls()):
        LOG.warning("the sandbox is not tight (micic doctor): %s", finding)
    for restraint in restraints(house.store, house.settings):
        LOG.warning("mail does not reach its readers (micic status): %s", restraint.how.value)
    mailbox = house.settings.mailbox
    ended, bell, sandbox = threading.Event(), threading.Event(), house.sandbox
    scheduler = BackgroundScheduler(timezone="UTC")  # the clock only: what is due stands in the store
    scheduler.add_job(
        bell.set, "interval", seconds=mailbox.poll_seconds if mailbox else 60, coalesce=True, max_instances=1
    )
    listener = threading.Thread(target=listen, args=(house.mailbox(), house.backoff, bell, ended), name="listener")

    def end(_number: int, _frame: object) -> None:
        ended.set()
        sandbox.stop()  # a document may take minutes, and is read again at the next start
        bell.set()

    for how in (signal.SIGTERM, signal.SIGINT):
        signal.signal(how, end)
    scheduler.start()
    listener.start()
    bell.set()
    trouble = Trouble()
    try:
        while not ended.is_set():
            bell.wait()
            bell.clear()  # before the pass: what comes while it runs rings again
            if not ended.is_set():
                one_round(house, trouble, ended=ended.is_set)
    finally:
        # A bug ends the program in sight of everybody: a listener without passes would look alive.
        ended.set()
        scheduler.shutdown(wait=False)
        listener.join()
    LOG.info("ended; what is not done yet is done at the next start")


def listen(mailbox: Mailbox, backoff: Backoff, bell: threading.Event, ended: threading.Event) -> None:
    """Ring whenever there is news in the mailbox. A line that died is made anew, with growing pauses; the clock rings
    meanwhile."""
    pauses = replace(backoff, attempts=MANY, first=timedelta(seconds=2), cap=timedelta(minutes=1))
    failures = 0
    while not ended.is_set():
        try:
            if mailbox.wait(seconds=LISTENING, ended=ended) or failures:
                bell.set()  # after a line was dead, something may have come unheard
            failures = 0
        except MicicError as error:
            failures += 1
            LOG.log(logging.INFO if failures == 1 else logging.DEBUG, "listening to the mailbox broke off: %s", error)
            moment = now()
            until = pauses.next_try(failures, now=moment) or moment + pauses.cap
            ended.wait((until - moment).total_seconds())
    mailbox.close()


@dataclass(slots=True)
class Trouble:
    """What goes wrong pass after pass: told when it begins, when it changes, and when it is over."""

    said: str = ""
    count: int = 0

    def failed(self, error: str) -> None:
        self.count += 1
        if error != self.said:
            LOG.error("the pass ended early, and is tried again until it goes well: %s", error)
        self.said = error

    def over(self) -> None:
        if self.count:
            LOG.warning("the mailbox is read again, after %d passes that ended early", self.count)
        self.said, self.count = "", 0


def one_round(house: House, trouble: Trouble, *, ended: Ended = never) -> None:
    """One pass; what goes wrong outside, or in the staff's files, is told once and waits for the next."""
    try:
        done = exclusive_pass(house, ended=ended)
    except Interrupted:
        return  # as we were told to
    except MicicError as error:
        trouble.failed(str(error))
    else:
        if done is not None:
            trouble.over()


def exclusive_pass(house: House, *, ended: Ended = never) -> Done | None:
    """One pass, unless another program on this store makes one: then None."""
    me = owner(POLLER)
    if not leases.take(house.store, POLLER, owner=me, now=now(), length=POLLING):
        LOG.warning("another program on this store reads the mailbox")
        return None
    try:
        with held(lambda: leases.take(house.store, POLLER, owner=me, now=now(), length=POLLING), length=POLLING):
            return full_pass(house, ended=ended)
    finally:
        leases.give_back(house.store, POLLER, owner=me)


@contextmanager
def held(renew: Callable[[], object], *, length: timedelta) -> Iterator[None]:
    """Hold on to a lease while the block lasts: it is short, so that what a dead program held is soon taken over."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(length.total_seconds() / 4):
            try:
                renew()
            except RetryLater as error:
                LOG.warning("a lease could not be renewed: %s", error)

    keeper = threading.Thread(target=keep, name="lease")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def process_all(workers: list[Worker], *, each: Callable[[], object] = never, ended: Ended = never) -> int:
    """Work until no message is due, and call `each` after each. Returns how many there were."""
    first, owners = workers[0], [worker.owner for worker in workers]
    with (
        held(lambda: ledger.hold_on(first.store, owners, now=first.clock(), lease=first.lease), length=first.lease),
        ThreadPoolExecutor(len(workers)) as pool,
    ):
        return sum(pool.map(partial(drain, each=each, ended=ended), workers))


def drain(worker: Worker, *, each: Callable[[], object], ended: Ended) -> int:
    count = 0
    while not ended() and worker.work_on_next() is not None:
        count += 1
        each()
    return count
