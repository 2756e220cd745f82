"""The service at work: passes over the mailbox, workers, the sender. Everything here is a loop over one small step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from roster import outbox
from roster.passes import PassFacts
from service.processing import Worker
from service.sending import Sender
from service.wiring import House, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one full pass did."""

    fetched: int
    worked_on: int  # messages brought to their end or to their next try
    filed: int
    sent: int  # mails offered to the relay


def full_pass(house: House) -> Done:
    """Fetch, process, send and file away, until nothing is due; then end."""
    fetcher = house.fetcher()
    try:
        outbox.rescue(house.store, now=now())
        first: PassFacts = fetcher.run_pass()
        worked_on = process_all([house.worker(n) for n in range(house.settings.limits.workers)])
        sent = send_all(house.sender())
        filed = fetcher.file_settled()
    finally:
        fetcher.mailbox.close()
    return Done(fetched=first.fetched, worked_on=worked_on, filed=first.filed + filed, sent=sent)


def process_all(workers: list[Worker]) -> int:
    """Work until no message is due. Returns how many there were."""
    with ThreadPoolExecutor(len(workers)) as pool:
        return sum(pool.map(drain, workers))


def drain(worker: Worker) -> int:
    count = 0
    while worker.work_on_next() is not None:
        count += 1
    return count


def send_all(sender: Sender) -> int:
    count = 0
    try:
        while sender.send_next() is not None:
            count += 1
    finally:
        sender.transport.close()
    return count
