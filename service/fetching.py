"""Between mailbox and ledger: new mail is made safe, then entered; settled mail is filed away, last of all."""

from __future__ import annotations

import logging
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain, islice

from domain.errors import ConfigProblem, MicicError, RetryLater, StorageFails
from domain.mail import MessageKey, Waiting
from domain.ports import BlobBatch, Blobs, Clock, Mailbox
from roster import inbox, ledger, passes
from roster.inbox import Differences, Undelivered
from roster.ledger import Arrival, Filing
from roster.passes import PassFacts
from roster.store import Store
from service.retrying import Backoff

HEAD = 65_536  # bytes of a raw mail in which its sender is looked for
FROM = re.compile(rb"^From:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
ADDRESS = re.compile(rb"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,255}")
FILED_AT_ONCE = 200
REFUSALS = 3  # of one folder in one pass; then the rest of it waits for the next
NOTHING = PassFacts(on_server=0, fetched=0, filed=0)

LOG = logging.getLogger("micic.fetching")

Listed = Mapping[MessageKey, Waiting]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A pass that has read the mailbox."""

    id: int
    facts: PassFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Messages whose bytes are written, but not yet safe."""

    arrivals: list[Arrival]
    batch: ExitStack  # closing it makes them safe
    broke_off: RetryLater | None  # why no more came


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """One reader of the mailbox. Not for two threads at once."""

    mailbox: Mailbox
    name: str  # of the mailbox, for the record of passes
    folder: str  # where new mails arrive
    read_only: bool  # nothing is ever filed away
    blobs: Blobs
    store: Store
    batch: int  # messages that are made safe and entered together
    backoff: Backoff  # for a message that the server does not hand out, or does not move
    clock: Clock
    ended: Callable[[], bool] = lambda: False  # whether to stop between two batches

    def run_pass(self) -> Pass:
        """Compare the inbox with the ledger and fetch all that is new. What the mailbox raises goes on, and is
        recorded. `close_pass` belongs to it, once what was fetched is settled."""
        id_ = passes.begin(self.store, self.name, now=self.clock())
        try:
            listed = self.mailbox.waiting()
            found = self.compare(listed, moved_unnoticed=passes.was_cut_off(self.store, id_))
            fetched = self.fetch(self.due(inbox.unknown(self.store, listed)))
            facts = PassFacts(
                on_server=len(listed),
                fetched=len(fetched),
                filed=0,
                by_hand=len(found.by_hand),
                renumbered=len(found.renumbered),
                came_back=len(found.came_back) + len(self.known_again(fetched)),
                inbox=inbox.account(self.store, listed, folder=self.folder),
            )
        except MicicError as error:
            passes.finish(self.store, id_, NOTHING, now=self.clock(), error=str(error))
            raise
        passes.finish(self.store, id_, facts, now=self.clock())
        return Pass(id=id_, facts=facts)

    def close_pass(self, begun: Pass) -> PassFacts:
        """File away what is settled, and compare once more."""
        try:
            filed = self.file_settled()
            listed = self.mailbox.waiting()
            found = self.compare(listed, moved_unnoticed=False)
        except MicicError as error:
            passes.fail(self.store, begun.id, now=self.clock(), error=str(error))
            raise
        facts = replace(
            begun.facts,
            filed=filed,
            by_hand=begun.facts.by_hand + len(found.by_hand),
            renumbered=begun.facts.renumbered + len(found.renumbered),
            came_back=begun.facts.came_back + len(found.came_back),
            inbox=inbox.account(self.store, listed, folder=self.folder),
        )
        passes.close(self.store, begun.id, facts, now=self.clock())
        return facts

    def compare(self, listed: Sequence[Waiting], *, moved_unnoticed: bool) -> Differences:
        found = inbox.compare(self.store, listed, folder=self.folder, now=self.clock(), moved_unnoticed=moved_unnoticed)
        for id_ in found.by_hand:
            LOG.info("message %d: somebody else moved or deleted it in the mailbox; its bytes are kept", id_)
        for id_ in found.came_back:
            LOG.info("message %d: lies in the inbox again; it is filed away again", id_)
        if found.renumbered:
            LOG.warning("the inbox was renumbered or renamed; %d messages are recognised anew", len(found.renumbered))
        return found

    def known_again(self, keys: Sequence[MessageKey]) -> tuple[int, ...]:
        again = inbox.known_again(self.store, keys)
        for id_ in again:
            LOG.info("message %d: was met before and is not processed again", id_)
        return again

    def due(self, new: Sequence[Waiting]) -> list[Waiting]:
        """Without those that the server did not hand out and that are not to be asked for yet."""
        now = self.clock()
        later = {one.key for one in inbox.not_delivered(self.store, self.folder) if one.run_at > now}
        return [one for one in new if one.key not in later]

    def fetch(self, new: Sequence[Waiting]) -> list[MessageKey]:
        """Make messages safe and enter them, a batch at a time. Returns those entered; some may have gone meanwhile.

        All are asked for at once, so that the server works on the next batch while one is made safe. Where that breaks
        off, the batch that would be next is asked for by itself.
        """
        rest = list(new)
        entered: list[MessageKey] = []
        while rest and not self.ended():
            try:
                self.enter(rest, entered)
                break
            except StorageFails:
                raise
            except RetryLater as error:
                LOG.warning("the fetch broke off after %d messages: %s", len(entered), error)
            done = frozenset(entered)
            rest = [one for one in rest if one.key not in done]
            entered += self.fetch_group(rest[: self.batch])
            rest = rest[self.batch :]
        return entered

    def fetch_group(self, group: Sequence[Waiting]) -> list[MessageKey]:
        """A message that the server does not hand out is found by halving, put off, and holds up no others."""
        entered: list[MessageKey] = []
        try:
            self.enter(group, entered)
            return entered
        except StorageFails:
            raise
        except RetryLater as error:
            self.mailbox.waiting()  # raises where the server is away: then no message is at fault
            if len(group) == 1:
                return self.once_more(group[0], str(error))
        rest = [one for one in group if one.key not in entered]
        middle = (len(rest) + 1) // 2
        return [*entered, *self.fetch_group(rest[:middle]), *self.fetch_group(rest[middle:])]

    def once_more(self, one: Waiting, error: str) -> list[MessageKey]:
        """A line that was cut once is no fault of the message."""
        entered: list[MessageKey] = []
        try:
            self.enter([one], entered)
            return entered
        except StorageFails:
            raise
        except RetryLater:
            self.mailbox.waiting()
        now = self.clock()
        before = {tried.key: tried for tried in inbox.not_delivered(self.store, self.folder)}.get(one.key)
        attempts = before.attempts + 1 if before else 1
        until = self.backoff.next_try(attempts, now=now) or now + self.backoff.cap
        LOG.warning("UID %d of %s is not handed out, next try %s: %s", one.key.uid, self.folder, until, error)
        inbox.put_off(
            self.store,
            Undelivered(
                key=one.key,
                first_at=before.first_at if before else now,
                attempts=attempts,
                run_at=until,
                error=error,
            ),
        )
        return []

    def enter(self, group: Sequence[Waiting], entered: list[MessageKey]) -> None:
        """Make safe and enter what the server hands out, and add it to `entered`, also where it breaks off.

        One batch is made safe while the next comes in: the disk and the line need not wait for each other.
        """
        listed = {one.key: one for one in group}
        handed_out = self.mailbox.fetch(list(listed))
        under_way: deque[Future[list[MessageKey]]] = deque()
        with ThreadPoolExecutor(1, thread_name_prefix="safe") as pool:
            try:
                while not self.ended():
                    came = self.receive(handed_out, listed)
                    under_way.append(pool.submit(self.make_safe, came))
                    if came.broke_off is not None:
                        raise came.broke_off
                    if not came.arrivals:
                        break
                    if len(under_way) > 1:
                        entered += under_way.popleft().result()
            finally:
                for one in under_way:
                    entered += one.result()

    def receive(self, handed_out: Iterator[tuple[MessageKey, Iterable[bytes]]], listed: Listed) -> Received:
        """Write one batch down as it comes in."""
        arrivals: list[Arrival] = []
        broke_off: RetryLater | None = None
        with ExitStack() as opened:
            batch = opened.enter_context(self.blobs.batch())
            try:
                for key, pieces in islice(handed_out, self.batch):
                    arrivals.append(arrival(listed[key], pieces, batch))
            except StorageFails:
                raise
            except RetryLater as error:
                broke_off = error  # what came before is whole, and on a bad line all that there is
            return Received(arrivals=arrivals, batch=opened.pop_all(), broke_off=broke_off)

    def make_safe(self, came: Received) -> list[MessageKey]:
        came.batch.close()
        # Only now are the bytes on disk: a row before that could point to nothing after a power cut.
        ledger.record(self.store, came.arrivals, now=self.clock())
        keys = [one.key for one in came.arrivals if one.key is not None]
        inbox.delivered(self.store, keys, folder=self.folder)
        return keys

    def file_settled(self) -> int:
        """Move settled messages into their folders. Returns how many have left the inbox.

        What the server will not move, and a folder that it will not make, hold up no others.
        """
        if self.read_only:
            return 0
        count = after = 0
        troubled: dict[str, int] = defaultdict(int)  # folder → refusals in this pass
        while filings := ledger.to_file(self.store, limit=FILED_AT_ONCE, now=self.clock(), after=after):
            after = filings[-1].sighting
            by_folder: defaultdict[str, list[Filing]] = defaultdict(list)
            for filing in filings:
                by_folder[filing.folder].append(filing)
            for folder, those in by_folder.items():
                count += self.file_group(those, folder, troubled)
            if self.ended():
                break
        return count

    def file_group(self, filings: Sequence[Filing], folder: str, troubled: dict[str, int]) -> int:
        """Returns how many were moved. What has gone without us is left to the comparison that follows."""
        if troubled[folder] >= REFUSALS:
            return 0
        refusal = "the server left it where it was"
        try:
            moved = self.mailbox.file_away([filing.key for filing in filings], into=folder)
        except ConfigProblem as error:
            LOG.error("the folder %s cannot be used: %s", folder, error)  # noqa: TRY400 - no bug
            troubled[folder] = REFUSALS
            return 0
        except RetryLater as error:
            moved, refusal = self.moved_unnoticed(filings), str(error)
        ledger.filed(self.store, moved, now=self.clock())
        kept = self.still_there([filing for filing in filings if filing.key not in moved])
        if not kept:
            return len(moved)
        if len(filings) == 1:
            troubled[folder] += 1
            self.leave(kept[0], refusal)
            return 0
        middle = (len(kept) + 1) // 2
        halves = (half for half in (kept[:middle], kept[middle:]) if half)
        return len(moved) + sum(self.file_group(half, folder, troubled) for half in halves)

    def moved_unnoticed(self, filings: Sequence[Filing]) -> frozenset[MessageKey]:
        """Those that a dialogue which broke off has moved: they have gone, and no new UIDVALIDITY explains it."""
        listed = self.mailbox.waiting()  # raises where the server is away
        there, validities = {one.key for one in listed}, {one.key.uid_validity for one in listed}
        gone = frozenset(filing.key for filing in filings) - there
        return frozenset(key for key in gone if not listed or key.uid_validity in validities)

    def still_there(self, filings: Sequence[Filing]) -> list[Filing]:
        if not filings:
            return []
        there = {one.key for one in self.mailbox.waiting()}
        return [filing for filing in filings if filing.key in there]

    def leave(self, filing: Filing, error: str) -> None:
        now = self.clock()
        until = self.backoff.next_try(filing.refusals + 1, now=now) or now + self.backoff.cap
        LOG.warning("message %d: not filed away, next try %s: %s", filing.message, until, error)
        ledger.not_filed(self.store, [filing.sighting], until=until)


def arrival(listed: Waiting, pieces: Iterable[bytes], batch: BlobBatch) -> Arrival:
    head, whole = peek(pieces)
    return Arrival(
        key=listed.key,
        ref=batch.put(whole),
        arrived_at=listed.arrived_at,
        sender_key=sender_key(head, listed.key),
        told_size=listed.size,
    )


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
