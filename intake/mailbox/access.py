"""Where the mailbox is, and how a connection to it is made."""

from __future__ import annotations

import imaplib
import ipaddress
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from intake.mailbox.complaints import misconfigured
from intake.mailbox.pace import keep_pace

IDLE_SECONDS = 40  # then the server is asked for a sign of life: with its answer due, below a minute


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
    try:
        client.login(access.user, access.password)
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):  # the library takes a lost connection for a refusal
            raise error.__context__ from None
        raise


def connect(access: MailboxAccess, trust: ssl.SSLContext | None, authenticate: Authenticate) -> IMAPClient:
    """A connection that is logged in. What the library raises goes on; ConfigProblem where it would not be safe."""
    if access.security is Security.PLAIN and not (access.plain_allowed or _is_here(access.host)):
        raise misconfigured(
            f"{access.where} would get the password unencrypted; set mailbox.security to tls or starttls"
        )
    trust = trust or ssl.create_default_context()
    client = IMAPClient(
        access.host,
        access.port,
        ssl=access.security is Security.TLS,
        ssl_context=trust if access.security is Security.TLS else None,
        timeout=access.timeout,
    )
    try:
        if access.security is Security.STARTTLS:
            client.starttls(trust)
        keep_pace(client, access.timeout)
        authenticate(client, access)
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: IMAPClient) -> None:
    with suppress(OSError, imaplib.IMAP4.error):  # it is of no more use either way
        client.shutdown()


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
