"""Between mailbox and ledger: new mail is made safe, then entered; settled mail is filed away, last of all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from domain.mail import MessageKey, Waiting
from domain.ports import Blobs, Clock, Mailbox
from roster import ledger, passes
from roster.ledger import Arrival
from roster.passes import PassFacts
from roster.store import Store

HEAD = 65_536  # bytes of a raw mail in which its sender is looked for
FROM = re.compile(rb"^From:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
ADDRESS = re.compile(rb"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,255}")
FILED_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """One reader of the mailbox. Not for two threads at once."""

    mailbox: Mailbox
    name: str  # of the mailbox, for the record of passes
    blobs: Blobs
    store: Store
    batch: int  # messages that are made safe and entered together
    clock: Clock

    def run_pass(self) -> PassFacts:
        """File away what is settled, then fetch all that is new. What the mailbox raises goes on, and is recorded."""
        id_ = passes.begin(self.store, self.name, now=self.clock())
        facts = PassFacts(waiting=0, fetched=0, filed=0)
        try:
            filed = self.file_settled()
            waiting = self.mailbox.waiting()
            fetched = self.fetch(self.unknown(waiting))
            facts = PassFacts(waiting=len(waiting), fetched=fetched, filed=filed)
        except Exception as error:
            passes.finish(self.store, id_, facts, now=self.clock(), error=str(error))
            raise
        passes.finish(self.store, id_, facts, now=self.clock())
        return facts

    def unknown(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Those that the ledger has not met at this place, in the same order."""
        known: dict[tuple[str, int], frozenset[int]] = {}
        for place in {(w.key.mailbox, w.key.uid_validity) for w in waiting}:
            known[place] = ledger.known(self.store, mailbox=place[0], uid_validity=place[1])
        return [w for w in waiting if w.key.uid not in known[w.key.mailbox, w.key.uid_validity]]

    def fetch(self, new: Sequence[Waiting]) -> int:
        """Make messages safe and enter them, a batch at a time. Returns how many; those gone meanwhile do not count."""
        arrived_at = {w.key: w.arrived_at for w in new}
        keys = iter(arrived_at)
        count = 0
        while group := list(islice(keys, self.batch)):
            arrivals = []
            with self.blobs.batch() as batch:
                for key, pieces in self.mailbox.fetch(group):
                    head, whole = peek(pieces)
                    ref = batch.put(whole)
                    arrivals.append(
                        Arrival(key=key, ref=ref, arrived_at=arrived_at[key], sender_key=sender_key(head, key))
                    )
            # Only now are the bytes on disk: a row before that could point to nothing after a power cut.
            ledger.record(self.store, arrivals, now=self.clock())
            count += len(arrivals)
        return count

    def file_settled(self) -> int:
        """Move settled messages into their folders. Returns how many have left the inbox."""
        count = 0
        while filings := ledger.to_file(self.store, limit=FILED_AT_ONCE):
            by_folder: defaultdict[str, list[MessageKey]] = defaultdict(list)
            for filing in filings:
                by_folder[filing.folder].append(filing.key)
            gone = [key for folder, keys in by_folder.items() for key in self.mailbox.file_away(keys, into=folder)]
            ledger.filed(self.store, gone, now=self.clock())
            count += len(gone)
            if len(gone) < len(filings):
                break  # the server kept some: the next pass tries again
        return count


def peek(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes of a raw mail, and all of it."""
    rest = iter(pieces)
    first = next(rest, b"")
    return first[:HEAD], chain((first,), rest)


def sender_key(head: bytes, key: MessageKey) -> str:
    """What messages of one sender share: the address in From. A mail without one stands alone.

    Only a lock hangs on it, so the raw header will do: who the sender is, the parsed message says.
    """
    return sender_address(head) or f"{key.mailbox}/{key.uid}"


def sender_address(head: bytes) -> str | None:
    """The last address in the From header of a raw mail, lower-case; None where there is none."""
    line = FROM.search(END_OF_HEADERS.split(head, maxsplit=1)[0])
    addresses = ADDRESS.findall(line[1]) if line else []
    return addresses[-1].decode("ascii", "replace").lower() if addresses else None
