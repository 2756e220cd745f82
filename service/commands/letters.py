"""A mail of ours in a terminal or a browser, as its reader gets it."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, Problem


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


def write_page(file: Path, page: str) -> None:
    """For a browser; folders that are missing are made. ConfigProblem where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        problem = Problem(file=str(file), line=None, message=f"cannot be written: {error.strerror}")
        raise ConfigProblem(problem) from None
