"""What the pipeline asks of the outside. Each port has one real adapter; a fake passes the same contract test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Protocol

from domain.decision import OutgoingMail
from domain.mail import MessageKey, ParsedMessage, Waiting
from domain.profile import DocumentText, ReadDocument, Understanding


class Mailbox(Protocol):
    """The inbox of the call. Reading it leaves no trace on the server.

    Every method raises RetryLater where the server is away, and ConfigProblem where login, folder or
    certificate are wrong.
    """

    def waiting(self) -> Sequence[Waiting]:
        """All that lies in the inbox now, oldest first; nothing is fetched."""
        ...

    def fetch(self, keys: Sequence[MessageKey]) -> Iterator[tuple[MessageKey, Iterable[bytes]]]:
        """The raw bytes of each, in pieces of at most 1 MiB; a message that has gone meanwhile is left out.

        The pieces of one message must be taken before the next message is asked for, and the last message before
        anything else is asked of the mailbox.
        """
        ...

    def file_away(self, keys: Sequence[MessageKey], *, into: str) -> frozenset[MessageKey]:
        """Move messages into a folder (made if absent). Returns those that were moved.

        What does not lie there (any more) is left out, and so is a key of an earlier UIDVALIDITY. A mailbox that is
        only to be read moves nothing.
        """
        ...

    def wait(self, *, seconds: float, ended: Event) -> bool:
        """Return True once something new may wait that `waiting` has not told of, False after `seconds`.

        Where the server tells of nothing by itself this only sleeps. It returns within a second after another thread
        has set `ended`, and raises RetryLater within a minute where the connection has died without a word.
        """
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobRef:
    digest: str  # SHA-256, hex
    size: int  # bytes


class BlobBatch(Protocol):
    def put(self, pieces: Iterable[bytes]) -> BlobRef: ...


class Blobs(Protocol):
    """Bytes by their SHA-256. What has been put is never changed."""

    def batch(self) -> AbstractContextManager[BlobBatch]:
        """All that was put is on disk (written, synced, renamed, folder synced) when the block ends without error."""
        ...

    def path(self, digest: str) -> Path:
        """A local file with these bytes, to read only. KeyError where there is none."""
        ...

    def delete(self, digest: str) -> None: ...


class VirusScanner(Protocol):
    """Looks for harm in files, before anything else opens them."""

    def scan(self, file: Path) -> str | None:
        """The name of what was found; None where the whole file was looked at and nothing was.

        ScannerAway where it does not answer, RetryLater where it gives no answer for this file: neither means clean.
        """
        ...


class Workbench(Protocol):
    """Where untrusted bytes are taken apart: each call runs in a limited child process.

    Every method raises Unreadable where a limit was passed or the child died, with the reason for staff.
    """

    def parse(self, raw: Path, parts: Path) -> ParsedMessage:
        """Take a raw message apart; the bytes of its DOCUMENT parts are written into the folder `parts`, by digest."""
        ...

    def read(self, document: Path, *, media_type: str) -> DocumentText: ...

    def understand(
        self, message: ParsedMessage, documents: Sequence[ReadDocument], *, now: datetime
    ) -> Understanding: ...


class Transport(Protocol):
    """The relay."""

    def send(self, mail: OutgoingMail) -> None:
        """Return once the relay has accepted the mail.

        Raises RetryLater (not accepted, may be later), RelayAway (it was not even asked), Refused (not accepted, for
        good), OutcomeUnknown (the connection died after the data was sent), ConfigProblem (login or certificate).
        """
        ...

    def close(self) -> None: ...


class SentFolder(Protocol):
    """The folder in which the account's sent mail lies.

    Every method raises RetryLater where the server is away, and ConfigProblem where login or folder are wrong.
    """

    def holds(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Which of these (with angle brackets) lie there."""
        ...

    def keep(self, mails: Iterable[tuple[OutgoingMail, datetime]]) -> Iterator[OutgoingMail]:
        """Put copies there of mails that were sent then, unless they lie there already. Yields each once it does."""
        ...


class AccessTokens(Protocol):
    """Tokens that stand in for a password (OAuth 2, RFC 6749). Safe for several threads."""

    def token(self, *, instead_of: str | None = None) -> str:
        """One that is good for another minute at least; another than the given one, which a server has refused.

        Raises RetryLater where the token endpoint is away, and ConfigProblem where it refuses: a person must renew
        a secret.
        """
        ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, with a time zone."""
        ...
