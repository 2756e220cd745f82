"""The folder of the account in which its sent mail lies: proof that a mail has gone, and a place for copies."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from imapclient import IMAPClient

from domain.decision import OutgoingMail
from intake.mailbox.access import Authenticate, MailboxAccess, by_password, connect, hang_up
from intake.mailbox.complaints import explained, is_busy, misconfigured
from intake.mailbox.folders import ensure, names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSentFolder:
    """domain.ports.SentFolder: `access.folder` is the folder. A connection for each call: there are few."""

    access: MailboxAccess
    trust: ssl.SSLContext | None = None  # None: the system's authorities
    authenticate: Authenticate = by_password

    def holds(self, message_ids: Sequence[str]) -> frozenset[str]:
        with self._opened(writable=False) as (client, _):
            return frozenset(message_id for message_id in message_ids if _search(client, message_id))

    def takes_copies(self) -> bool:
        """Whether it lets us put mail there, as it says when it is opened for that (RFC 3501 §6.3.1)."""
        with self._opened(writable=False) as (client, folder):
            try:
                client.select_folder(folder)
            except imaplib.IMAP4.readonly:
                self._select(client, folder)  # else the library refuses whatever follows
                return False
            return True

    def keep(self, mails: Iterable[tuple[OutgoingMail, datetime]]) -> Iterator[OutgoingMail]:
        with self._opened(writable=True) as (client, folder):
            for mail, sent_at in mails:
                # The server may keep copies by itself, or we died before we knew.
                if not _search(client, mail.message_id):
                    client.append(folder, mail.content, flags=(rb"\Seen",), msg_time=sent_at)
                yield mail

    @contextmanager
    def _opened(self, *, writable: bool) -> Iterator[tuple[IMAPClient, str]]:
        access, client = self.access, None
        try:
            client = connect(access, self.trust, self.authenticate)
            folder = names_of(client).spelled(access.folder)
            if writable:
                ensure(client, folder, where=access.where)
            self._select(client, folder)
            yield client, folder
            client.logout()
        except (OSError, imaplib.IMAP4.error) as error:
            raise explained(error, host=access.host, port=access.port, timeout=access.timeout) from error
        finally:
            if client is not None:
                hang_up(client)

    def _select(self, client: IMAPClient, folder: str) -> None:
        try:
            client.select_folder(folder, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if is_busy(error):
                raise
            where = self.access.where
            raise misconfigured(
                f"the folder {self.access.folder} of {where} cannot be opened; check relay.sent_folder"
            ) from error


def _search(client: IMAPClient, message_id: str) -> list[int]:
    found: list[int] = client.search(["HEADER", "Message-ID", message_id])
    return found
