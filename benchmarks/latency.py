"""How long an applicant waits: from the delivery of an application to its acknowledgement in the applicant's mailbox.

    .venv/bin/python -m benchmarks.latency [--mails 21]

The program as it is started (`micic run`), with what it is given by default (SQLite, IDLE), between a real Dovecot and
a real Postfix. Each application carries a text PDF of two pages and comes when the program has nothing to do. The
first, for which templates and parsers are loaded, is not counted.
"""

from __future__ import annotations

import argparse
import imaplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chain import application
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.environment import environment_for
from tests.servers.postfix import postfix
from tests.servers.private import stop

PATIENCE = 120.0  # seconds
GLANCE = 0.01  # seconds between two looks into the applicant's mailbox
QUIET = 0.5  # seconds in which the program comes to rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The program at work between applicants and the mailbox of the call, which lie on the same server."""

    mailboxes: Dovecot
    call: str  # the user whose mailbox the program reads

    def waited(self, number: int) -> float:
        """Seconds from the delivery of an application to its acknowledgement. TimeoutError where none comes."""
        with imaplib.IMAP4("localhost", self.mailboxes.imap, timeout=10) as imap:
            imap.login(f"expert{number:03}", PASSWORD)
            imap.select("INBOX", readonly=True)
            self.mailboxes.deliver(self.call, application(number))
            delivered = time.monotonic()
            while time.monotonic() - delivered < PATIENCE:
                imap.noop()
                if (imap.response("EXISTS")[1] or [b"0"])[-1] not in (b"0", None):
                    return time.monotonic() - delivered
                time.sleep(GLANCE)
        raise TimeoutError(f"application {number} was not answered")


@contextmanager
def circle(data: Path) -> Iterator[Circle]:
    with dovecot() as mailboxes, postfix(lmtp=mailboxes.lmtp) as relay:
        call = mailboxes.new_user()
        environment = environment_for(imap=mailboxes.imap, smtp=relay.port, user=call, data=data)
        with (data / "log").open("wb") as log:
            command = [sys.executable, "-m", "service.commands", "run"]
            service = subprocess.Popen(command, env=environment, stderr=log)
        try:
            yield Circle(mailboxes=mailboxes, call=call)
        finally:
            stop(service, seconds=30)


def measure(data: Path, mails: int) -> list[float]:
    """Seconds that each of so many applicants waited, one after the other; the first, who is not counted, left out."""
    waited = []
    with circle(data) as running:
        for number in range(mails + 1):
            waited.append(running.waited(2 * number))  # the even ones carry a PDF
            time.sleep(QUIET)
    return waited[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=21)
    mails = parser.parse_args().mails
    with tempfile.TemporaryDirectory() as data:
        waited = measure(Path(data), mails)
    print(f"seconds from delivery to acknowledgement, {mails} applications one after the other")
    print(f"median {statistics.median(waited):.2f}, fastest {min(waited):.2f}, slowest {max(waited):.2f}")


if __name__ == "__main__":
    main()
