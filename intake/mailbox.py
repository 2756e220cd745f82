"""The call's mailbox over IMAP. Reading leaves no trace: BODY.PEEK only, and EXAMINE until something is filed away."""

from __future__ import annotations

import imaplib
import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from threading import Event
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError

from domain.errors import ConfigProblem, Problem, RetryLater
from domain.mail import MessageKey, Waiting

SLICE = 1_048_576  # bytes: a larger message is fetched in pieces of this size, so that memory stays low
GROUP = 25  # messages fetched by one command
GROUP_BYTES = 4 * SLICE  # the same, by size
IDLE_SECONDS = 40  # then the server is asked for a sign of life …
IDLE_ANSWER = 15  # … which it must give in so many seconds: a dead line is noticed within a minute
GLANCE = 0.5  # seconds between two looks at whether the waiting is to end
LISTED = 1000  # messages whose size and date are asked for by one command
SETTINGS = "config/settings.yaml"  # what a person must change where the mailbox cannot be used


class Security(StrEnum):
    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"
    PLAIN = "plain"  # to this machine only, unless allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccess:
    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    timeout: float = 30  # seconds, for each answer of the server
    plain_allowed: bool = False  # without encryption to another machine too
    read_only: bool = False  # nothing is ever moved, marked or made on the server
    idle_seconds: float = IDLE_SECONDS

    @property
    def where(self) -> str:
        return f"{self.host}:{self.port}"


Authenticate = Callable[[IMAPClient, MailboxAccess], None]


def by_password(client: IMAPClient, access: MailboxAccess) -> None:
    client.login(access.user, access.password)


@dataclass(slots=True)
class ImapMailbox:
    """One connection, made when it is needed and thrown away after any failure. Not for two threads at once."""

    access: MailboxAccess
    trust: ssl.SSLContext | None = None  # None: the system's authorities
    authenticate: Authenticate = by_password
    _client: IMAPClient | None = None
    _uid_validity: int = 0
    _sizes: dict[int, int] = field(default_factory=dict)  # UID → bytes, as last listed
    _next: tuple[int, int] | None = None  # UIDVALIDITY and the next UID, as last told to the caller
    _opened: tuple[int, int] | None = None  # the same, as the folder was last opened

    def waiting(self) -> Sequence[Waiting]:
        """All that lies in the folder now, oldest first; what is marked as deleted has left already."""
        with self._talking() as client:
            self._select(client, writable=False)
            self._next = self._opened
            uids: list[int] = client.search("UNDELETED")
            found: list[Waiting] = []
            self._sizes.clear()
            for some in _chunks(uids, LISTED):
                for uid, data in client.fetch(some, ["INTERNALDATE", "RFC822.SIZE"]).items():
                    self._sizes[uid] = data[b"RFC822.SIZE"]
                    found.append(
                        Waiting(key=self._key(uid), size=data[b"RFC822.SIZE"], arrived_at=_aware(data[b"INTERNALDATE"]))
                    )
        return sorted(found, key=lambda one: (one.arrived_at, one.key.uid))

    def fetch(self, keys: Sequence[MessageKey]) -> Iterator[tuple[MessageKey, Iterable[bytes]]]:
        """The raw bytes of each; small messages come in groups, large ones in slices."""
        for group in self._groups(keys):
            with self._talking() as client:
                self._select(client, writable=False)
                uids = [key.uid for key in group if self._is_current(key)]
                if len(uids) == 1 and self._size(client, uids[0]) > SLICE:
                    first = self._slice(client, uids[0], 0)
                    answers = {uids[0]: {b"BODY[]": first}} if first is not None else {}
                else:
                    answers = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            for key in group:
                raw = answers.pop(key.uid, {}).get(b"BODY[]") if self._is_current(key) else None
                if raw is not None:
                    yield key, (raw,) if len(raw) < SLICE else self._rest(key, raw)

    def file_away(self, keys: Sequence[MessageKey], *, into: str) -> frozenset[MessageKey]:
        """Move messages into a folder (made if absent). Returns those no longer in the inbox.

        A key of an earlier UIDVALIDITY names nothing any more: nothing is moved for it, and it counts as gone. On a
        server without MOVE and UIDPLUS (RFC 6851, RFC 4315) a moved message stays behind marked as deleted, since a
        plain EXPUNGE would take away what others have marked.
        """
        if self.access.read_only:
            return frozenset()
        with self._talking() as client:
            self._select(client, writable=True)
            uids = [key.uid for key in keys if self._is_current(key)]
            there = self._present(client, uids)
            if there:
                self._ensure_folder(client, into)
                if client.has_capability("MOVE"):
                    client.move(there, into)
                else:
                    client.copy(there, into)
                    client.delete_messages(there)
                    if client.has_capability("UIDPLUS"):
                        client.uid_expunge(there)
                there = self._present(client, there)
        return frozenset(key for key in keys if not self._is_current(key) or key.uid not in there)

    def wait(self, *, seconds: float, ended: Event) -> bool:
        """IDLE (RFC 2177), ended and begun again every 40 seconds so that a dead line shows. Without IDLE, a sleep."""
        until = time.monotonic() + seconds
        with self._talking() as client:
            client.socket().settimeout(min(self.access.timeout, IDLE_ANSWER))
            self._select(client, writable=False)
            told, self._next = self._next, self._opened
            news = told is not None and told != self._opened  # it came between the last listing and now
            if client.has_capability("IDLE"):
                while not news and not ended.is_set() and (left := until - time.monotonic()) > 0:
                    news = _idle(client, seconds=min(left, self.access.idle_seconds), ended=ended)
            client.socket().settimeout(self.access.timeout)
        if not news:
            ended.wait(max(0, until - time.monotonic()))
        return news

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, imaplib.IMAP4.error):  # the server may have gone first
                client.logout()

    @contextmanager
    def _talking(self) -> Iterator[IMAPClient]:
        """A logged-in connection; the library's errors become ours, and a connection that failed is thrown away."""
        try:
            if self._client is None:
                self._client = self._connect()
            yield self._client
        except (OSError, imaplib.IMAP4.error) as error:
            self._throw_away()
            raise _explained(error, self.access) from error
        except BaseException:
            self._throw_away()  # an answer may be half read
            raise

    def _connect(self) -> IMAPClient:
        access = self.access
        if access.security is Security.PLAIN and not (access.plain_allowed or _is_here(access.host)):
            raise misconfigured(
                f"{access.where} would get the password unencrypted; set mailbox.security to tls or starttls"
            )
        trust = self.trust or ssl.create_default_context()
        client = IMAPClient(
            access.host,
            access.port,
            ssl=access.security is Security.TLS,
            ssl_context=trust if access.security is Security.TLS else None,
            timeout=access.timeout,
        )
        try:
            client.normalise_times = False  # dates keep their zone
            if access.security is Security.STARTTLS:
                client.starttls(trust)
            self.authenticate(client, access)
        except BaseException:
            _hang_up(client)
            raise
        self._uid_validity = 0
        return client

    def _select(self, client: IMAPClient, *, writable: bool) -> None:
        """Open the folder anew each time: only so is its UIDVALIDITY known to be the one in force."""
        try:
            answer: Mapping[bytes, Any] = client.select_folder(self.access.folder, readonly=not writable)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if is_busy(error):
                raise
            raise misconfigured(
                f"the folder {self.access.folder} of {self.access.where} cannot be opened; check mailbox.folder"
            ) from error
        validity = int(answer[b"UIDVALIDITY"])
        if validity != self._uid_validity:
            self._sizes.clear()
        self._uid_validity = validity
        self._opened = (validity, int(answer[b"UIDNEXT"])) if b"UIDNEXT" in answer else None

    def _key(self, uid: int) -> MessageKey:
        return MessageKey(mailbox=self.access.folder, uid_validity=self._uid_validity, uid=uid)

    def _is_current(self, key: MessageKey) -> bool:
        return key.mailbox == self.access.folder and key.uid_validity == self._uid_validity

    def _groups(self, keys: Sequence[MessageKey]) -> Iterator[list[MessageKey]]:
        group: list[MessageKey] = []
        size = 0
        for key in keys:
            its_size = self._sizes.get(key.uid, SLICE + 1)  # of unknown size: alone
            if its_size > SLICE:
                yield [key]
                continue
            if group and (len(group) == GROUP or size + its_size > GROUP_BYTES):
                yield group
                group, size = [], 0
            group.append(key)
            size += its_size
        if group:
            yield group

    def _size(self, client: IMAPClient, uid: int) -> int:
        if uid not in self._sizes:
            answer = client.fetch([uid], ["RFC822.SIZE"])
            self._sizes[uid] = int(answer[uid][b"RFC822.SIZE"]) if uid in answer else 0
        return self._sizes[uid]

    def _slice(self, client: IMAPClient, uid: int, offset: int) -> bytes | None:
        answer = client.fetch([uid], [f"BODY.PEEK[]<{offset}.{SLICE}>"])
        if uid not in answer:
            return None
        return bytes(answer[uid].get(b"BODY[]<%d>" % offset) or b"")

    def _rest(self, key: MessageKey, first: bytes) -> Iterator[bytes]:
        """The first slice and all that follow it."""
        yield first
        offset, piece = len(first), first
        while len(piece) == SLICE:
            with self._talking() as client:
                if self._uid_validity == 0:  # the connection was made anew between two slices
                    self._select(client, writable=False)
                found = self._slice(client, key.uid, offset) if self._is_current(key) else None
            if found is None:
                raise RetryLater("A message went away while it was fetched.")
            piece = found
            offset += len(piece)
            if piece:
                yield piece

    def _present(self, client: IMAPClient, uids: Sequence[int]) -> list[int]:
        """Those that still lie in the folder and are not marked as deleted."""
        if not uids:
            return []
        flags = client.get_flags(list(uids))
        return [uid for uid in uids if uid in flags and b"\\Deleted" not in flags[uid]]

    def _ensure_folder(self, client: IMAPClient, name: str) -> None:
        if client.folder_exists(name):
            return
        try:
            client.create_folder(name)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if client.folder_exists(name):  # somebody was faster
                return
            raise misconfigured(f"the folder {name} cannot be made on {self.access.where}; make it by hand") from error

    def _throw_away(self) -> None:
        client, self._client = self._client, None
        self._uid_validity = 0
        if client is not None:
            _hang_up(client)


def _idle(client: IMAPClient, *, seconds: float, ended: Event) -> bool:
    """Whether the server told of a message within so many seconds. Whatever it says ends the IDLE, news or not."""
    until = time.monotonic() + seconds
    client.idle()
    poll = select.poll()
    poll.register(client.socket(), select.POLLIN)
    # Not idle_check: that takes a closed connection for silence.
    while not ended.is_set() and (left := until - time.monotonic()) > 0:
        if poll.poll(min(left, GLANCE) * 1000):
            break
    _, said = client.idle_done()
    return any(len(what) > 1 and what[1] == b"EXISTS" for what in said)


def _hang_up(client: IMAPClient) -> None:
    with suppress(OSError, imaplib.IMAP4.error):  # it is of no more use either way
        client.shutdown()


def _chunks(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (uids[at : at + size] for at in range(0, len(uids), size))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def misconfigured(message: str) -> ConfigProblem:
    return ConfigProblem(Problem(file=SETTINGS, line=None, message=message))


def _explained(error: Exception, access: MailboxAccess) -> ConfigProblem | RetryLater:
    """One line: what, where, what to do."""
    wrong = _what_is_wrong(error, access)
    return misconfigured(wrong) if wrong else RetryLater(_what_is_away(error, access))


def _what_is_wrong(error: Exception, access: MailboxAccess) -> str | None:
    """What a person must change, None where trying again may help."""
    where = access.where
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"the certificate of {where} is not trusted ({error.verify_message}); check mailbox.host, "
                "set mailbox.ca_file, or ask the server's operator"
            )
        case ssl.SSLError():
            return f"{where} does not speak TLS as asked; check mailbox.port and mailbox.security"
        case LoginError() if not is_busy(error):
            return f"{where} refuses the login; check mailbox.user and MICIC_MAILBOX__PASSWORD"
        case CapabilityError():
            return f"{where} does not offer STARTTLS; set mailbox.security to tls, and mailbox.port"
        case socket.gaierror() if error.errno == socket.EAI_NONAME:
            return f"the host {access.host} is not known; check mailbox.host and the network"
    return None


def _what_is_away(error: Exception, access: MailboxAccess) -> str:
    match error:
        case LoginError():
            return f"{access.where} takes no login at the moment."
        case ConnectionRefusedError():
            return f"{access.where} refuses connections; check that the server runs, and mailbox.port."
        case TimeoutError():
            return f"{access.where} did not answer within {access.timeout:g} seconds."
    return f"The connection to {access.where} broke: {type(error).__name__}."


def is_busy(error: Exception) -> bool:
    """The server's own codes for a refusal that passes (RFC 5530 §3)."""
    return any(code in str(error).upper() for code in ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "[SERVERBUG]"))
