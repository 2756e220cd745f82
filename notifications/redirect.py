"""A mail as it goes to the address of a trial in place of its reader's."""

from __future__ import annotations

import re
from dataclasses import replace
from email import policy
from email.parser import BytesHeaderParser

from domain.decision import OutgoingMail
from notifications.message import CRLF, addresses_line, routable, stable_id, subject_line

HEADER = re.compile(rb"[!-9;-~]+:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")  # with its continuation lines (RFC 5322 §2.2.3)
REPLACED = (b"to", b"subject", b"message-id")


def redirected(mail: OutgoingMail, to: str) -> OutgoingMail:
    """The same mail to `to` alone; its subject says for whom it was.

    It has an id of its own: an answer or bounce of the trial must not pass for one to the mail itself.
    """
    head, end, body = mail.content.partition(b"\r\n\r\n")
    subject = BytesHeaderParser(policy=policy.default).parsebytes(head + end).get("Subject", "")
    message_id = stable_id("trial", mail.message_id, mail.message_id.strip("<>"))
    lines = (
        addresses_line("To", [("", to)]),
        subject_line(f"[trial, for {', '.join(mail.recipients)}] {subject}"),
        f"Message-ID: {message_id}",
    )
    kept = [line for line in HEADER.findall(head + b"\r\n") if line.partition(b":")[0].lower() not in REPLACED]
    content = b"".join([*kept, *(f"{line}{CRLF}".encode() for line in lines), b"\r\n", body])
    return replace(mail, message_id=message_id, recipients=(routable(to),), content=content)
