"""Reading from a server that may be slow: each answer is waited for, but not for ever.

A socket's time-out begins anew with every byte. A server that gives one now and then would hold a pass for hours.
"""

from __future__ import annotations

import imaplib
import time
from dataclasses import dataclass
from io import BufferedReader

from imapclient import IMAPClient

LONGEST_LINE = 1_048_576
SLOWEST = 1024  # bytes a second, beyond the time-out: a server slower than that is as good as gone


@dataclass(slots=True)
class Pace:
    """What a server sends, with an account of how long it has kept us waiting. TimeoutError where that is too long."""

    file: BufferedReader
    timeout: float  # seconds
    _waited: float = 0  # seconds spent for the server, since the last question
    _came: int = 0  # bytes, since then

    def asked(self) -> None:
        """A question has gone out: the account begins anew."""
        self._waited, self._came = 0, 0

    def take(self, most: int) -> bytes:
        """Some bytes, as soon as there are any."""
        began = time.monotonic()
        piece = self.file.read1(most)
        self._account(len(piece), began)
        return piece

    def exactly(self, size: int) -> bytes:
        whole = b""
        while len(whole) < size:
            whole += self.take(size - len(whole))
        return whole

    def line(self) -> bytes:
        """One line with its end, and not a byte more: what follows may be another's."""
        line = b""
        while not line.endswith(b"\n"):
            began = time.monotonic()
            there = self.file.peek(1)
            some = self.file.read(there.find(b"\n") + 1 or len(there))
            self._account(len(some), began)
            line += some
            if len(line) > LONGEST_LINE:
                raise imaplib.IMAP4.abort("the server's line has no end")
        return line

    def _account(self, came: int, began: float) -> None:
        if not came:
            raise imaplib.IMAP4.abort("the server ended the connection")
        self._waited += time.monotonic() - began
        self._came += came
        if self._waited > self.timeout + self._came / SLOWEST:
            raise TimeoutError("the server is too slow")


def keep_pace(client: IMAPClient, timeout: float) -> None:
    """Have the library read in this way too. After STARTTLS, which makes its reader anew."""
    imap = client._imap  # the library has no door to its reading and sending
    pace, send = Pace(imap.file, timeout), imap.send

    def ask(data: bytes) -> None:
        pace.asked()
        send(data)

    imap.readline, imap.read, imap.send = pace.line, pace.exactly, ask
