"""The connection beneath the library, for what the library cannot do: stream, ask ahead, wait and notice a dead line.

imapclient reads whole answers into memory and waits for each before the next question: a sixth of the speed. What is
written and read here goes past its bookkeeping, with tags of our own, and leaves the connection as it was found:
between two of its commands.
"""

from __future__ import annotations

import imaplib
import re
import select
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from threading import Event

from imapclient import IMAPClient

from intake.mailbox.pace import Pace

AHEAD = 2  # commands under way at a time: the server fills the second while the first is worked on
PIECE = 1_048_576  # bytes at a time, at most
GLANCE = 0.5  # seconds between two looks at whether the waiting is to end

LITERAL = re.compile(rb"\{(\d{1,19})\+?\}\r?\n$")
FETCH = re.compile(rb"^\* \d+ FETCH \(", re.IGNORECASE)
BODY = re.compile(rb"\bBODY\[\](?:<0>)? $", re.IGNORECASE)
SHORT_BODY = re.compile(rb'\bBODY\[\](?:<0>)? "((?:[^"\\]|\\.)*)"', re.IGNORECASE)
QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')
LIST = re.compile(rb"\([^()]*\)")
UID = re.compile(rb"\bUID (\d{1,10})\b", re.IGNORECASE)
EXISTS = re.compile(rb"^\* \d+ EXISTS\b", re.IGNORECASE)
TRANSIENT = re.compile(rb"\[(?:UNAVAILABLE|LIMIT|INUSE|THROTTLED)\]", re.IGNORECASE)


@dataclass(slots=True)
class Wire:
    """One logged-in connection with a folder open. Errors are imaplib's and the socket's."""

    client: IMAPClient
    timeout: float  # seconds
    _pace: Pace = field(init=False)
    _number: int = 0  # of the last command
    _unread: int = 0  # bytes of a literal that nobody has taken yet
    _within: bool = False  # an answer with a body has been read up to that body
    _tail: bytes = b""  # what followed the body

    def __post_init__(self) -> None:
        self._pace = Pace(self.client._imap.file, self.timeout)  # the library has no door to it

    def bodies(self, groups: Iterable[Sequence[int]]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The raw bytes of messages by UID, each once, as they come in. What is not taken of one is passed over.

        Left out are those that the server does not have, or does not give even when asked for alone.
        """
        todo = deque(groups)
        asked: dict[bytes, Sequence[int]] = {}
        missing: set[int] = set()
        while todo or asked:
            while todo and len(asked) < AHEAD:
                group = todo.popleft()
                asked[self._ask(f"UID FETCH {','.join(map(str, group))} (UID BODY.PEEK[])")] = group
                missing.update(group)
            line = self._line()
            tag = line.split(b" ", 1)[0]
            if tag in asked:
                group = asked.pop(tag)
                lacking = [uid for uid in group if uid in missing]
                missing.difference_update(lacking)
                if lacking and not _went_well(line) and len(group) > 1:
                    todo.extend([uid] for uid in lacking)  # one of them spoilt it for the others
            elif (found := self._body(line)) is not None:
                uid, pieces = found
                if uid in missing:
                    missing.discard(uid)
                    yield uid, pieces
                self._finish()

    def listing(self) -> Iterator[bytes]:
        """What is known of every message of the folder: the text of one FETCH answer each, without literals."""
        tag = self._ask("UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)")
        while not (line := self._line()).startswith(tag + b" "):
            text = self._whole(line)
            if FETCH.match(text):
                yield text
        if not _went_well(line):
            raise imaplib.IMAP4.error("the folder could not be listed")

    def idle(self, *, seconds: float, ended: Event) -> bool:
        """Whether the server told of a message within so many seconds. Whatever it says ends the IDLE, news or not."""
        until = time.monotonic() + seconds
        tag = self._ask("IDLE")
        news = False
        while not (line := self._line()).startswith(b"+"):
            if line.startswith(tag + b" "):
                raise imaplib.IMAP4.error("the server refuses to IDLE")
            news |= bool(EXISTS.match(line))
        poll = select.poll()
        poll.register(self.client.socket(), select.POLLIN)
        # Any sign ends the wait, the end of the connection too: what it is, the answer to DONE shows.
        while not news and not ended.is_set() and (left := until - time.monotonic()) > 0:
            if poll.poll(min(left, GLANCE) * 1000):
                break
        self.client._imap.send(b"DONE\r\n")
        while not (line := self._line()).startswith(tag + b" "):
            news |= bool(EXISTS.match(self._whole(line)))
        return news

    def _ask(self, command: str) -> bytes:
        self._number += 1
        self._pace.asked()
        tag = b"W%d" % self._number  # the library's tags have letters from A to P
        self.client._imap.send(b"%s %s\r\n" % (tag, command.encode("ascii")))
        return tag

    def _body(self, line: bytes) -> tuple[int | None, Iterator[bytes]] | None:
        """Read one answer up to the bytes of a message; None where there are none in it."""
        text = b""
        while literal := LITERAL.search(line):
            text += line[: literal.start()]
            size = int(literal[1])
            self._unread = size
            if FETCH.match(text) and BODY.search(text):
                self._within = True
                if size:
                    return self._numbered(uid_of(text))
                self._finish()  # an empty message is none: servers give it in place of one that they cannot give
                return None
            self._skip()
            text += b'""'
            line = self._line()
        text += line
        short = SHORT_BODY.search(text) if FETCH.match(text) else None
        if short is None or not short[1]:
            return None
        return uid_of(SHORT_BODY.sub(b"", text)), iter((re.sub(rb"\\(.)", rb"\1", short[1]),))

    def _numbered(self, uid: int | None) -> tuple[int | None, Iterator[bytes]]:
        if uid is not None:
            return uid, self._pieces()
        # A server that tells the UID only after the bytes (no order is promised): the bytes wait on disk meanwhile.
        spool = SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115 - closed by who reads it
        for piece in self._pieces():
            spool.write(piece)
        spool.seek(0)
        return uid_of(self._tail), _read(spool)

    def _pieces(self) -> Iterator[bytes]:
        while self._unread:
            yield self._take(min(self._unread, PIECE))
        self._finish()  # only now is it certain that the message ended where the server said

    def _finish(self) -> None:
        """Read what is left of an answer that was begun. abort where the server lost count."""
        if not self._within:
            return
        self._skip()
        self._tail = self._whole(self._line())
        self._within = False
        if not self._tail.startswith((b")", b" ")) or not self._tail.rstrip().endswith(b")"):
            raise imaplib.IMAP4.abort("the server's answer is not as long as it said")

    def _whole(self, line: bytes) -> bytes:
        """One answer to its end, with "" for each literal."""
        text = b""
        while literal := LITERAL.search(line):
            text += line[: literal.start()] + b'""'
            self._unread = int(literal[1])
            self._skip()
            line = self._line()
        return text + line

    def _skip(self) -> None:
        while self._unread:
            self._take(min(self._unread, PIECE))

    def _take(self, most: int) -> bytes:
        piece = self._pace.take(most)
        self._unread -= len(piece)
        return piece

    def _line(self) -> bytes:
        line = self._pace.line()
        if line[:5].upper() == b"* BYE":
            raise imaplib.IMAP4.abort("the server said BYE")
        return line


def _read(spool: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with spool:
        while piece := spool.read(PIECE):
            yield piece


def uid_of(text: bytes) -> int | None:
    """The UID in a FETCH answer without its body; never one that stands in a flag or in quotation marks."""
    found = UID.search(LIST.sub(b"()", QUOTED.sub(b'""', FETCH.sub(b"", text))))
    return int(found[1]) if found else None


def _went_well(line: bytes) -> bool:
    """Whether a tagged answer is OK. Error where it is not, and speaks of the server rather than of a message."""
    status = line.split(b" ", 2)[1].strip().upper()
    if status == b"OK":
        return True
    if status != b"NO" or TRANSIENT.search(line):
        raise imaplib.IMAP4.error(line.decode("ascii", "replace").strip())
    return False
