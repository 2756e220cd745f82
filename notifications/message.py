"""An outgoing message as bytes: headers that cannot be broken out of, and text and HTML side by side."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from notifications.wording import one_line

LONGEST_NAME = 120
LONGEST_SUBJECT = 200
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")  # one word of printable ASCII in angle brackets
MOST_REFERENCES = 20
CRLF = "\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """All that a mail says. Names, subject and references may come from strangers."""

    message_id: str
    date: datetime
    sender: tuple[str, str]  # name and address, both our own
    to: Sequence[tuple[str, str]]
    subject: str
    text: str
    html: str
    language: str
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    more: Sequence[tuple[str, str]] = ()  # our own headers, ASCII


def stable_id(purpose: str, cause: str, mailbox: str) -> str:
    """A Message-ID that the same cause always gives (RFC 5322 §3.6.4), in the domain of our mailbox."""
    digest = hashlib.sha256(f"{purpose}\0{cause}".encode()).hexdigest()[:32]
    return f"<{purpose}.{digest}@{routable(mailbox).rpartition('@')[2]}>"


def routable(address: str) -> str:
    """The address with its domain in ASCII where that is the same domain (RFC 5891); else as it is."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        same = ascii_domain.encode("ascii").decode("idna") == domain.lower()  # the codec turns ß into ss
    except UnicodeError:
        return address
    return f"{local}{at}{ascii_domain}" if same else address


def to_bytes(message: Message) -> bytes:
    """multipart/alternative (RFC 2046 §5.1.4), CRLF line ends; all ASCII but for addresses that are not (RFC 6532)."""
    boundary = "=_" + hashlib.sha256(message.message_id.encode()).hexdigest()[:24]
    lines = [
        f"Date: {format_datetime(message.date)}",
        addresses_line("From", [message.sender]),
        addresses_line("Reply-To", [message.sender]),
        addresses_line("To", message.to),
        subject_line(message.subject),
        f"Message-ID: {message.message_id}",
        *_thread(message.in_reply_to, message.references),
        *(f"{name}: {value}" for name, value in message.more),
        f"Content-Language: {message.language}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        *_part(boundary, "plain", message.text),
        *_part(boundary, "html", message.html),
        f"--{boundary}--",
        "",
    ]
    return CRLF.join(lines).encode()


def subject_line(subject: str) -> str:
    """The header; a subject that is too long is cut."""
    value = one_line(subject, limit=LONGEST_SUBJECT)
    # A stranger's "=?…?=" must be read as these letters, not decoded.
    charset = "us-ascii" if value.isascii() and "=?" not in value else "utf-8"
    return f"Subject: {Header(value, charset, header_name='Subject').encode(linesep=CRLF)}"


def addresses_line(name: str, addresses: Sequence[tuple[str, str]]) -> str:
    """The header `name` with names and addresses."""
    return f"{name}: " + f",{CRLF} ".join(_mailbox(name, *address) for address in addresses)


def _mailbox(header: str, name: str, address: str) -> str:
    route = f"<{routable(one_line(re.sub('[<>]', '', address), limit=320))}>"
    shown = one_line(name, limit=LONGEST_NAME)
    if not shown:
        return route
    if shown.isascii() and "=?" not in shown:
        quoted = re.sub(r'(["\\])', r"\\\1", shown)
        return f'"{quoted}"{CRLF} {route}'
    return f"{Header(shown, 'utf-8', header_name=header).encode(linesep=CRLF)}{CRLF} {route}"


def _thread(in_reply_to: str | None, references: Sequence[str]) -> list[str]:
    """What the mail answers (RFC 5322 §3.6.4), without ids that are none; of a long thread its root and its end."""
    known = [reference for reference in dict.fromkeys(references) if MESSAGE_ID.fullmatch(reference)]
    if len(known) > MOST_REFERENCES:
        known = [known[0], *known[1 - MOST_REFERENCES :]]
    lines = [f"In-Reply-To: {in_reply_to}"] if in_reply_to and MESSAGE_ID.fullmatch(in_reply_to) else []
    return lines + ([f"References: {f'{CRLF} '.join(known)}"] if known else [])


def _part(boundary: str, subtype: str, text: str) -> list[str]:
    encoding, lines = _encoded(text)
    return [
        f"--{boundary}",
        f'Content-Type: text/{subtype}; charset="utf-8"',
        f"Content-Transfer-Encoding: {encoding}",
        "",
        lines,
    ]


def _encoded(text: str) -> tuple[str, str]:
    """The shorter of quoted-printable and base64 (RFC 2045 §6), so that no relay needs 8BITMIME."""
    data = text.replace("\n", CRLF).encode()
    quoted = binascii.b2a_qp(data, istext=True).decode("ascii")
    if len(quoted) * 3 <= len(data) * 4:
        return "quoted-printable", quoted
    return "base64", base64.encodebytes(data).decode("ascii").rstrip().replace("\n", CRLF)
