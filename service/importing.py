"""`micic import`: mails and CVs that lie in files take the same way as those that come by mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from domain.ports import BlobRef, Blobs, Clock
from roster import ledger
from roster.ledger import Arrival
from roster.store import Store
from service.fetching import HEAD, sender_address
from service.finding import Source

BATCH = 50  # messages that are made safe and entered together


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    blobs: Blobs
    store: Store
    answer: bool  # whether the applicants are acknowledged
    clock: Clock

    def take_in(self, sources: Iterable[Source]) -> Iterator[int]:
        """Make mails safe and enter them, a batch at a time; yields the ids of each batch's messages one by one.

        What was taken in before is recognised by its bytes, so that an import that was broken off is simply repeated.
        """
        rest = iter(sources)
        while True:
            with self.blobs.batch() as batch:  # one mail is held at a time, whatever the batch
                arrivals = [self.arrival(source, batch.put([source.raw])) for source in islice(rest, BATCH)]
            if not arrivals:
                return
            yield from ledger.record(self.store, arrivals, now=self.clock())

    def arrival(self, source: Source, ref: BlobRef) -> Arrival:
        return Arrival(
            key=None,
            ref=ref,
            arrived_at=source.arrived_at,
            sender_key=sender_address(source.raw[:HEAD]),
            answer=self.answer,
        )
