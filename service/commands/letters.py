"""A mail of ours in a terminal, as its reader gets it."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from domain.decision import OutgoingMail


def in_words(mail: OutgoingMail) -> str:
    return f"Subject: {subject(mail)}\n\n{body(mail, 'plain')}"


def subject(mail: OutgoingMail) -> str:
    return str(parsed(mail).get("Subject", ""))


def body(mail: OutgoingMail, form: str) -> str:
    """The text of one form, `plain` or `html`; empty where there is none."""
    found = parsed(mail).get_body((form,))
    return str(found.get_content()).replace("\r\n", "\n") if found else ""


def parsed(mail: OutgoingMail) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(mail.content)
