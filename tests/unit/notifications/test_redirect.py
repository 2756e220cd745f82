"""In a trial every mail goes to one address, and says for whom it was."""

from __future__ import annotations

import email
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTPUTF8

import pytest

from domain.decision import Acknowledgement, OutgoingMail
from domain.mail import Address, ReplyLanguage
from notifications import samples
from notifications.acknowledgement import compose
from notifications.redirect import redirected
from notifications.templates import Templates

TRIAL = "trial@example.org"


def mail(templates: Templates, *, to: str = "amina@example.org", subject: str = "Application") -> OutgoingMail:
    ack = Acknowledgement(
        template="received",
        to=Address(name="أمينة حداد", email=to),
        language=ReplyLanguage.AR,
        name="أمينة حداد",
        subject=subject,
        in_reply_to="<one@example.org>",
        references=("<one@example.org>",),
        files=("CV.pdf",),
        unreadable=(),
    )
    return compose(ack, call=samples.call(), templates=templates, message_key="key", now=samples.NOW)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=SMTPUTF8)
    assert isinstance(message, EmailMessage)
    return message


def test_it_goes_to_the_trial_alone_and_its_subject_says_to_whom_it_would_have_gone(templates: Templates) -> None:
    one = mail(templates)
    other = redirected(one, TRIAL)
    message = read(other.content)
    assert other.recipients == (TRIAL,)
    assert message["To"] == TRIAL
    assert message["Subject"] == f"[trial, for amina@example.org] {read(one.content)['Subject']}"
    assert "\r\nTo: <trial@example.org>\r\n" in other.content.decode()


def test_all_else_stays_byte_for_byte(templates: Templates) -> None:
    one = mail(templates)
    other = redirected(one, TRIAL)
    assert other.content.partition(b"\r\n\r\n")[2] == one.content.partition(b"\r\n\r\n")[2]
    kept = [(name, value) for name, value in read(one.content).items() if name not in ("To", "Subject", "Message-ID")]
    there = read(other.content).items()
    assert [(name, value) for name, value in there if name not in ("To", "Subject", "Message-ID")] == kept


def test_it_has_an_id_of_its_own_that_is_always_the_same(templates: Templates) -> None:
    one = mail(templates)
    other = redirected(one, TRIAL)
    assert other == redirected(one, TRIAL)
    assert other.message_id == read(other.content)["Message-ID"] != one.message_id
    assert other.message_id.endswith("@call.example>")


@pytest.mark.parametrize("recipient", ["x\r\nBcc: all@example.org", "=?utf-8?q?x?=@example.org", "é@example.org"])
def test_no_recipient_breaks_out_of_the_subject(templates: Templates, recipient: str) -> None:
    other = redirected(replace(mail(templates), recipients=(recipient,)), TRIAL)
    message = read(other.content)
    assert message["Bcc"] is None
    assert recipient.split("\r\n", maxsplit=1)[0] in message["Subject"]
