"""The call's mailbox over IMAP. Reading leaves no trace: BODY.PEEK only, and EXAMINE until something is filed away."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any

from imapclient import IMAPClient

from domain.errors import RetryLater
from domain.mail import MessageKey, Waiting
from domain.ports import Clock
from intake.mailbox.access import Authenticate, MailboxAccess, by_password, connect, hang_up
from intake.mailbox.complaints import explained, is_busy, misconfigured
from intake.mailbox.folders import FolderNames, ensure, names_of
from intake.mailbox.moving import move, present
from intake.mailbox.wire import Wire, uid_of

GROUP = 50  # messages asked for by one command: its line stays below 1000 bytes (RFC 2683 §3.2.1.5)
IDLE_ANSWER = 15  # seconds in which a server must give a sign of life when it is waited for

FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)", re.IGNORECASE)
SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b", re.IGNORECASE)
DATE = re.compile(rb'\bINTERNALDATE "([^"]*)"', re.IGNORECASE)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class ImapMailbox:
    """One connection, made when it is needed and thrown away after any failure. Not for two threads at once."""

    access: MailboxAccess
    trust: ssl.SSLContext | None = None  # None: the system's authorities
    authenticate: Authenticate = by_password
    clock: Clock = _now  # the arrival of a message whose date the server does not tell
    _client: IMAPClient | None = None
    _names: FolderNames | None = None
    _uid_validity: int = 0
    _fetching: bool = False  # answers are under way on the connection
    _count: int = 0  # messages in the folder as it was last opened
    _next: tuple[int, int] | None = None  # UIDVALIDITY and the next UID, as last told to the caller
    _opened: tuple[int, int] | None = None  # the same, as the folder was last opened

    def waiting(self) -> Sequence[Waiting]:
        """All that lies in the folder now, oldest first; what is marked as deleted has left already."""
        with self._talking() as client:
            self._select(client, writable=False)
            self._next = self._opened
            if not self._count:
                return []
            found = [one for text in self._wire(client).listing() if (one := self._told(text)) is not None]
        return sorted({one.key: one for one in found}.values(), key=lambda one: (one.arrived_at, one.key.uid))

    def fetch(self, keys: Sequence[MessageKey]) -> Iterator[tuple[MessageKey, Iterable[bytes]]]:
        """The raw bytes of each, in the server's order, as they come in: nothing is held in memory.

        Whoever asks something else of the mailbox before the last has been taken ends the fetch. A message that the
        server does not give, or gives without a byte, is left out, and goes on waiting.
        """
        with self._talking() as client:
            self._select(client, writable=False)
            self._fetching = True
            uids = [key.uid for key in keys if self._is_current(key)]
            groups = (uids[at : at + GROUP] for at in range(0, len(uids), GROUP))
            for uid, pieces in self._wire(client).bodies(groups):
                yield self._key(uid), self._explaining(client, pieces)
                if self._client is not client:
                    raise RetryLater(f"The connection to {self.access.where} broke.")
            self._fetching = False

    def file_away(self, keys: Sequence[MessageKey], *, into: str) -> frozenset[MessageKey]:
        """Move messages into a folder (made if absent). Returns those that were moved.

        A key of an earlier UIDVALIDITY names nothing any more, and nothing is moved for it. On a server without MOVE
        and UIDPLUS (RFC 6851, RFC 4315) a moved message stays behind marked as deleted, since a plain EXPUNGE would
        take away what others have marked.
        """
        if self.access.read_only:
            return frozenset()
        with self._talking() as client:
            self._select(client, writable=True)
            there = present(client, [key.uid for key in keys if self._is_current(key)])
            if not there:
                return frozenset()
            folder = self._spelled(client, into)
            ensure(client, folder, where=self.access.where)
            move(client, there, folder, reopen=lambda: self._reopen(client))
            moved = set(there) - set(present(client, there))
        return frozenset(key for key in keys if self._is_current(key) and key.uid in moved)

    def wait(self, *, seconds: float, ended: Event) -> bool:
        """IDLE (RFC 2177), ended and begun again every 40 seconds so that a dead line shows. Without IDLE, a sleep."""
        until = time.monotonic() + seconds
        with self._talking() as client:
            patience = min(self.access.timeout, IDLE_ANSWER)
            client.socket().settimeout(patience)
            self._select(client, writable=False)
            told, self._next = self._next, self._opened
            news = told is not None and told != self._opened  # it came between the last listing and now
            if client.has_capability("IDLE"):
                wire = Wire(client, patience)
                while not news and not ended.is_set() and (left := until - time.monotonic()) > 0:
                    news = wire.idle(seconds=min(left, self.access.idle_seconds), ended=ended)
            client.socket().settimeout(self.access.timeout)
        if not news:
            ended.wait(max(0, until - time.monotonic()))
        return news

    def close(self) -> None:
        client, fetching = self._client, self._fetching
        if client is not None and not fetching:
            with suppress(OSError, imaplib.IMAP4.error):  # the server may have gone first
                client.logout()
        self._throw_away(client)

    @contextmanager
    def _talking(self) -> Iterator[IMAPClient]:
        """A logged-in connection, for one question after the other."""
        if self._fetching:
            self._throw_away(self._client)  # the rest of an answer that nobody took is still to come
        if self._client is None:
            self._names = None
            with self._guarding(None):
                self._client = connect(self.access, self.trust, self.authenticate)
        with self._guarding(self._client):
            yield self._client

    @contextmanager
    def _guarding(self, client: IMAPClient | None) -> Iterator[None]:
        """The library's errors become ours, and a connection that failed is thrown away."""
        try:
            yield
        except (OSError, imaplib.IMAP4.error) as error:
            self._throw_away(client)
            access = self.access
            raise explained(error, host=access.host, port=access.port, timeout=access.timeout) from error
        except BaseException:
            self._throw_away(client)  # an answer may be half read
            raise

    def _explaining(self, client: IMAPClient, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces; what goes wrong with them goes wrong with the connection."""
        with self._guarding(client):
            yield from pieces

    def _throw_away(self, client: IMAPClient | None) -> None:
        if client is not None:
            hang_up(client)
            if client is self._client:
                self._client, self._fetching = None, False

    def _wire(self, client: IMAPClient) -> Wire:
        return Wire(client, self.access.timeout)

    def _select(self, client: IMAPClient, *, writable: bool) -> None:
        """Open the folder anew each time: only so is its UIDVALIDITY known to be the one in force."""
        folder = self._spelled(client, self.access.folder)
        try:
            answer: Mapping[bytes, Any] = client.select_folder(folder, readonly=not writable)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if is_busy(error):
                raise
            raise misconfigured(
                f"the folder {self.access.folder} of {self.access.where} cannot be opened; check mailbox.folder"
            ) from error
        if b"UIDVALIDITY" not in answer:
            raise misconfigured(f"{self.access.where} gives messages no lasting numbers, and cannot be used")
        self._uid_validity = int(answer[b"UIDVALIDITY"])
        self._count = int(answer[b"EXISTS"])
        self._opened = (self._uid_validity, int(answer[b"UIDNEXT"])) if b"UIDNEXT" in answer else None

    def _reopen(self, client: IMAPClient) -> None:
        before = self._uid_validity
        self._select(client, writable=True)
        if self._uid_validity != before:
            raise imaplib.IMAP4.abort("the numbers that we hold name other messages now")

    def _spelled(self, client: IMAPClient, folder: str) -> str:
        if folder.upper() == "INBOX":
            return "INBOX"
        if self._names is None:
            self._names = names_of(client)
        return self._names.spelled(folder)

    def _told(self, text: bytes) -> Waiting | None:
        """A message, from what the listing says of it; None where it is deleted or the answer is about no message."""
        uid, size, flags, date = uid_of(text), SIZE.search(text), FLAGS.search(text), DATE.search(text)
        if uid is None or size is None or (flags and b"\\deleted" in flags[1].lower().split()):
            return None
        arrived_at = _moment(date[1].decode("ascii", "replace")) if date else None
        return Waiting(key=self._key(uid), size=int(size[1]), arrived_at=arrived_at or self.clock())

    def _key(self, uid: int) -> MessageKey:
        return MessageKey(mailbox=self.access.folder, uid_validity=self._uid_validity, uid=uid)

    def _is_current(self, key: MessageKey) -> bool:
        return key.mailbox == self.access.folder and key.uid_validity == self._uid_validity


def _moment(text: str) -> datetime | None:
    """An INTERNALDATE such as " 7-Feb-2018 09:05:01 +0100" (RFC 3501 §9); None where it is no date."""
    try:
        return datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return None
