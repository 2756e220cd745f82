"""What fetching costs beside the obvious ways: speed, memory, and calls that wait for the disk.

    .venv/bin/python -m benchmarks.fetching [--mails 2000] [--folder FOLDER]

A real Dovecot on this machine; in the second part behind a proxy with 50 ms of round trip. Ours makes every mail safe
on disk and enters it into the ledger; the bare loops only fetch. FOLDER is where it goes: it decides what a sync costs.
"""

from __future__ import annotations

import argparse
import base64
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from imap_tools import MailBoxUnencrypted
from imapclient import IMAPClient

from intake.mime import ParseLimits
from intake.parse import parse
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.fetching import HERE, fetching
from tests.servers.proxy import proxy

ROUND_TRIP = 0.05  # seconds
FAR_MAILS = 200  # of them, over the long line
BATCH = 200  # as config/settings.yaml has it
ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Place:
    """One user's inbox on one port."""

    port: int
    user: str

    def bare(self, uids: int | None = None, *, group: int) -> float:
        """imapclient as its manual shows it; nothing is kept. Returns seconds."""
        began = time.perf_counter()
        client = IMAPClient(HERE, self.port, ssl=False)
        client.login(self.user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        ids = client.search()[:uids]
        for at in range(0, len(ids), group):
            for answer in client.fetch(ids[at : at + group], ["BODY.PEEK[]"]).values():
                len(answer[b"BODY[]"])
        client.logout()
        return time.perf_counter() - began

    def in_bulk(self, folder: Path, *, group: int = 100) -> float:
        """imap_tools: fetch in bulk, parse, save the mail and its attachments, decoded. Nothing is synced."""
        began = time.perf_counter()
        with MailBoxUnencrypted(HERE, self.port).login(self.user, PASSWORD) as box:
            for number, message in enumerate(box.fetch(mark_seen=False, bulk=group)):
                message.subject, message.from_values, message.date, message.text  # noqa: B018 - parsed when asked for
                (folder / f"{number}.eml").write_bytes(message.obj.as_bytes())
                for at, file in enumerate(message.attachments):
                    (folder / f"{number}-{at}").write_bytes(file.payload)
        return time.perf_counter() - began

    def ours(self, folder: Path, *, parsed: bool = False) -> float:
        """The program's own fetching, into a new store; `parsed`: and taken apart, with a fate for each part."""
        with fetching(self.port, self.user, folder, batch=BATCH) as one:
            began = time.perf_counter()
            one.fetch_all()
            if parsed:
                parts = fresh(folder)
                for path in (path for path in one.blobs.root.rglob("*") if path.is_file()):
                    parse(path, parts, ParseLimits())
            return time.perf_counter() - began

    def syncs(self, folder: Path) -> int:
        with fetching(self.port, self.user, folder, batch=BATCH) as one:
            one.fetch_all()
            return len(one.syncs)


def mails(count: int, size: int) -> Iterator[bytes]:
    """Invented applications with a file in base64, no two alike."""
    chance = random.Random(1)
    for number in range(count):
        file = base64.encodebytes(b"%PDF-1.4\n" + chance.randbytes(size * 74 // 100)).replace(b"\n", b"\r\n")
        yield (
            b"From: Ana Sample <a@example.org>\r\nTo: call@example.org\r\nSubject: Application %d\r\n"
            b"Date: Wed, 14 Mar 2018 09:05:01 +0100\r\nMessage-ID: <%d@example.org>\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=part\r\n\r\n"
            b"--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear team,\r\n\r\nmy CV is attached.\r\n"
            b"--part\r\nContent-Type: application/pdf; name=cv.pdf\r\nContent-Transfer-Encoding: base64\r\n"
            b"Content-Disposition: attachment; filename=cv.pdf\r\n\r\n%b--part--\r\n" % (number, number, file)
        )


def near(server: Dovecot, count: int, folder: Path) -> None:
    """In turns, so that what else the machine does is shared out; the median of the rounds counts."""
    print(f"{count} mails of 100 KB from this machine, in {ROUNDS} rounds")
    place = Place(port=server.imap, user=filled(server, mails(count, 100_000)))
    ways: dict[str, Callable[[], float]] = {
        "imapclient, 25 at a time, fetched only": partial(place.bare, group=25),
        "imapclient, 100 at a time, fetched only": partial(place.bare, group=100),
        "ours, safe on disk and entered": lambda: place.ours(fresh(folder)),
        "imap_tools in bulk, parsed, mail and attachments saved": lambda: place.in_bulk(fresh(folder)),
        "ours, safe, entered, taken apart, parts saved": lambda: place.ours(fresh(folder), parsed=True),
    }
    place.bare(group=100)  # the server reads its files once
    place.ours(fresh(folder), parsed=True)
    rounds = [{name: count / way() for name, way in ways.items()} for _ in range(ROUNDS)]
    for name in ways:
        print(f"  {name:<58} {statistics.median(one[name] for one in rounds):8.0f} mails a second")
    of_25, of_100, ours, bulk, whole = ways
    told(rounds, ours, (of_25, of_100), "the faster bare loop (promised: 0.8)")
    told(rounds, whole, (bulk,), "imap_tools (promised: faster)")


def told(rounds: list[dict[str, float]], ours: str, others: Sequence[str], words: str) -> None:
    ratios = sorted(one[ours] / max(one[name] for name in others) for one in rounds)
    print(f"  ours is {statistics.median(ratios):.2f} times {words}; by rounds {', '.join(f'{r:.2f}' for r in ratios)}")


def far(server: Dovecot, folder: Path) -> None:
    print(f"{FAR_MAILS} mails of 100 KB at {ROUND_TRIP * 1000:.0f} ms of round trip")
    user = filled(server, mails(FAR_MAILS, 100_000))
    with proxy(server.imap) as line:
        line.delay(ROUND_TRIP)
        place = Place(port=line.port, user=user)
        single = place.bare(group=1)
        ours = place.ours(fresh(folder))
    print(f"  imapclient one by one {FAR_MAILS / single:.0f} mails a second, ours {FAR_MAILS / ours:.0f}")
    print(f"  ours is {single / ours:.0f} times as fast (promised: 10)")


def heavy(server: Dovecot, folder: Path) -> None:
    place = Place(port=server.imap, user=filled(server, mails(1, 50_000_000)))
    tracemalloc.start()
    place.ours(fresh(folder))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"a mail of 50 MB: {peak / 1e6:.1f} MB of memory at most (promised: 20)")


def syncs(server: Dovecot, folder: Path) -> None:
    for count in (1, 500):
        place = Place(port=server.imap, user=filled(server, mails(count, 10_000)))
        of_blobs = place.syncs(fresh(folder))
        commits = -(-count // BATCH)
        print(
            f"{count} mails: {of_blobs} syncs of blobs and {commits} commits: {(of_blobs + commits) / count:.2f} each"
        )


def filled(server: Dovecot, messages: Iterable[bytes]) -> str:
    user = server.new_user()
    server.deliver(user, *messages)
    return user


def fresh(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder, dovecot() as server:
        near(server, given.mails, Path(folder))
        far(server, Path(folder))
        heavy(server, Path(folder))
        syncs(server, Path(folder))


if __name__ == "__main__":
    main()
