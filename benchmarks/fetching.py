"""What fetching costs beside the obvious ways: speed, memory, and calls that wait for the disk.

    .venv/bin/python -m benchmarks.fetching [--mails 2000] [--folder FOLDER]

A real Dovecot on this machine; in the second part behind a proxy with 50 ms of round trip. Ours makes every mail safe
on disk and enters it into the ledger; the bare loops only fetch. FOLDER is where it goes: it decides what a sync costs.
"""

from __future__ import annotations

import argparse
import base64
import email
import gc
import random
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
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


@dataclass(frozen=True, kw_only=True)
class Place:
    """One user's inbox on one port."""

    port: int
    user: str

    def bare(self, uids: int | None = None, *, group: int) -> int:
        """imapclient as its manual shows it. Returns the bytes."""
        client = IMAPClient(HERE, self.port, ssl=False)
        client.login(self.user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        ids = client.search()[:uids]
        total = 0
        for at in range(0, len(ids), group):
            for answer in client.fetch(ids[at : at + group], ["BODY.PEEK[]"]).values():
                total += len(answer[b"BODY[]"])
        client.logout()
        return total

    def in_bulk(self, folder: Path, *, group: int = 100) -> int:
        """imap_tools: fetch in bulk, parse, save."""
        total = 0
        with MailBoxUnencrypted(HERE, self.port).login(self.user, PASSWORD) as box:
            for number, message in enumerate(box.fetch(mark_seen=False, bulk=group)):
                raw = message.obj.as_bytes()
                message.subject, message.text, message.attachments  # noqa: B018 - they are parsed when asked for
                (folder / str(number)).write_bytes(raw)
                total += len(raw)
        return total

    def ours(self, folder: Path, *, parsed: Callable[[Path], object] | None = None) -> tuple[int, int]:
        """The program's own fetching. Returns the mails, and the syncs of the blob store."""
        with fetching(self.port, self.user, folder, batch=BATCH) as one:
            count = one.fetch_all()
            if parsed is not None:
                for path in (path for path in one.blobs.root.rglob("*") if path.is_file()):
                    parsed(path)
            return count, len(one.syncs)


def mails(count: int, size: int) -> Iterator[bytes]:
    """Invented mails with an attachment in base64, no two alike."""
    chance = random.Random(1)
    for number in range(count):
        body = base64.encodebytes(chance.randbytes(size * 74 // 100)).replace(b"\n", b"\r\n")
        yield (
            b"From: a@example.org\r\nSubject: %d\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf; name=cv.pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n%b" % (number, body)
        )


def timed(name: str, count: int, work: Callable[[], object]) -> float:
    """Print and return mails a second."""
    gc.collect()
    began = time.perf_counter()
    work()
    speed = count / (time.perf_counter() - began)
    print(f"  {name:<58} {speed:8.0f} mails a second")
    return speed


def near(server: Dovecot, count: int, folder: Path) -> None:
    print(f"{count} mails of 100 KB from this machine")
    place = Place(port=server.imap, user=filled(server, mails(count, 100_000)))
    bare = [
        timed(f"imapclient, {n} at a time, fetched only", count, partial(place.bare, group=n)) for n in (1, 25, 100)
    ]
    ours = timed("ours, safe on disk and entered", count, lambda: place.ours(fresh(folder)))
    print(f"  ours is {ours / max(bare):.1f} times the fastest bare loop (promised: 0.8)")
    bulk = timed("imap_tools in bulk, parsed and saved", count, lambda: place.in_bulk(fresh(folder)))
    plain = timed(
        "ours, safe, entered and parsed as imap_tools does", count, lambda: place.ours(fresh(folder), parsed=by_library)
    )
    print(f"  ours is {plain / bulk:.1f} times imap_tools (promised: faster)")
    parts = fresh(folder)
    timed(
        "ours, safe, entered and parsed with a fate for each part",
        count,
        lambda: place.ours(fresh(folder), parsed=lambda path: parse(path, parts, ParseLimits())),
    )


def by_library(path: Path) -> object:
    message = email.message_from_bytes(path.read_bytes())
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]


def far(server: Dovecot, folder: Path) -> None:
    print(f"{FAR_MAILS} mails of 100 KB at {ROUND_TRIP * 1000:.0f} ms of round trip")
    user = filled(server, mails(FAR_MAILS, 100_000))
    with proxy(server.imap) as line:
        line.delay(ROUND_TRIP)
        place = Place(port=line.port, user=user)
        single = timed("imapclient, one by one", FAR_MAILS, lambda: place.bare(group=1))
        ours = timed("ours", FAR_MAILS, lambda: place.ours(fresh(folder)))
    print(f"  ours is {ours / single:.0f} times as fast (promised: 10)")


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
        _, of_blobs = place.ours(fresh(folder))
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
