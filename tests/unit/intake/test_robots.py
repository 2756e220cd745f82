"""Which messages no person wrote, by their headers, and which a person may have written all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.mail import Address, Fate, Kind, ParsedMessage
from intake.robots import answers_nobody, recognise
from intake.triage import triage
from tests.unit.intake.test_triage import NOTHING, OWN, PDF, understood

REPORT = "multipart/report; boundary=b; report-type="


def mail(
    *headers: tuple[str, str], sender: str = "ana@example.com", returns_to: str | None = "ana@example.com"
) -> ParsedMessage:
    return replace(
        NOTHING, headers=headers, sender=Address(name="", email=sender), return_path=returns_to, parts=(PDF,)
    )


PEOPLE = [
    mail(),
    mail(("auto-submitted", "no")),
    mail(("auto-submitted", "No (written by hand)")),
    mail(("auto-submitted", "no; by=hand")),
    mail(("precedence", "bulk")),
    mail(("precedence", "list")),
    mail(("precedence", "junk")),
    mail(("x-auto-response-suppress", "All")),  # Exchange sets it on ordinary mail
    mail(("x-auto-response-suppress", "DR, OOF, AutoReply")),
    mail(("x-autoreply", "no")),
    mail(("x-loop", "ana@example.com")),
    mail(("list-id", "The call <call.example.org>")),  # the call's mailbox is a group
    mail(("list-id", "<x.example.net>"), ("list-post", "<mailto:Call@example.org>")),
    mail(("content-type", "multipart/mixed; boundary=b")),
    mail(returns_to=None),
]


@pytest.mark.parametrize("message", PEOPLE)
def test_headers_that_people_s_mail_carries_too_make_no_robot(message: ParsedMessage) -> None:
    assert recognise(message, OWN) is None


REPORTS = [
    (mail(("content-type", REPORT + "delivery-status")), Kind.BOUNCE),
    (mail(("content-type", REPORT + '"delivery-status"')), Kind.BOUNCE),
    (mail(("content-type", "Multipart/Report; boundary=b")), Kind.BOUNCE),
    (mail(("content-type", REPORT + "disposition-notification")), Kind.AUTO_REPLY),
    (mail(("content-type", REPORT + "feedback-report")), Kind.BOUNCE),
    (mail(("x-ms-exchange-message-is-ndr", "")), Kind.BOUNCE),
    (mail(("x-failed-recipients", "ana@example.com"), ("auto-submitted", "auto-replied")), Kind.BOUNCE),
]


@pytest.mark.parametrize(("message", "kind"), REPORTS)
def test_a_report_is_a_report_whatever_comes_with_it(message: ParsedMessage, kind: Kind) -> None:
    verdict = triage(message, understood(cv=True), own_addresses=OWN)
    assert (verdict.kind, verdict.answer, verdict.review) == (kind, None, ())


PROGRAMS = [
    (mail(("auto-submitted", "auto-replied")), Kind.AUTO_REPLY),
    (mail(("auto-submitted", "Auto-Generated")), Kind.AUTO_REPLY),
    (mail(("auto-submitted", 'auto-notified; owner-email="a@example.com"')), Kind.AUTO_REPLY),
    (mail(("auto-submitted", "(vacation (v2)) auto-replied")), Kind.AUTO_REPLY),
    (mail(("auto-submitted", "no"), ("auto-submitted", "auto-replied")), Kind.AUTO_REPLY),
    (mail(("x-autoreply", "yes")), Kind.AUTO_REPLY),
    (mail(("x-autorespond", "Out of office")), Kind.AUTO_REPLY),
    (mail(("precedence", "auto_reply")), Kind.AUTO_REPLY),
    (mail(("x-rt-loop-prevention", "help.example.net")), Kind.AUTO_REPLY),
    (mail(returns_to=""), Kind.AUTO_REPLY),
    (mail(sender="MAILER-DAEMON@mx.example.net"), Kind.BOUNCE),
    (mail(sender="MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net"), Kind.BOUNCE),
    (mail(sender="call@example.org"), Kind.OTHER),
]


@pytest.mark.parametrize(("message", "kind"), PROGRAMS)
def test_a_program_s_mail_is_set_aside_but_a_cv_that_it_carries_is_not(message: ParsedMessage, kind: Kind) -> None:
    plain = triage(message, understood(other=True), own_addresses=OWN)
    assert (plain.kind, plain.answer, plain.review) == (kind, None, ())
    with_cv = triage(message, understood(cv=True), own_addresses=OWN)
    assert (with_cv.kind, with_cv.answer) == (Kind.APPLICATION, None)
    assert with_cv.review


def test_an_application_that_a_program_sent_goes_to_review_though_its_file_cannot_be_read() -> None:
    locked = replace(mail(("auto-submitted", "auto-generated")), parts=(replace(PDF, fate=Fate.UNREADABLE),))
    assert triage(locked, understood("application"), own_addresses=OWN).review
    assert triage(locked, understood("application", "out_of_office"), own_addresses=OWN).kind is Kind.AUTO_REPLY


LISTED = [
    mail(("list-id", "Experts <experts.example.net>"), ("list-post", "<mailto:experts@example.net>")),
    mail(("list-unsubscribe", "<mailto:off@example.net>")),
    mail(("feedback-id", "1:news:example")),
]


@pytest.mark.parametrize("message", LISTED)
def test_who_applies_through_a_group_is_answered_and_the_group_is_not(message: ParsedMessage) -> None:
    assert triage(message, understood("enquiry"), own_addresses=OWN).kind is Kind.OTHER
    assert triage(message, understood("advertising"), own_addresses=OWN).kind is Kind.SPAM
    verdict = triage(message, understood(cv=True), own_addresses=OWN)
    assert (verdict.kind, verdict.answer) == (Kind.APPLICATION, message.sender)


def test_the_address_of_a_list_is_never_answered() -> None:
    group = Address(name="Ana via Experts", email="Experts@example.net")
    message = replace(LISTED[0], sender=group, reply_to=(group,))
    verdict = triage(message, understood(cv=True), own_addresses=OWN)
    assert verdict.answer is None
    assert verdict.review


def test_our_own_mail_is_known_by_its_number_when_it_comes_back_from_elsewhere() -> None:
    returned = replace(mail(), message_id=f"<received.{'0a' * 16}@example.org>")
    verdict = triage(returned, understood(cv=True), own_addresses=OWN)
    assert (verdict.kind, verdict.answer) == (Kind.OTHER, None)
    assert recognise(replace(returned, message_id=f"<received.{'0a' * 16}@example.com>"), OWN) is None


def test_words_tell_a_bounce_from_an_answer_where_headers_do_not() -> None:
    """qmail's bounces are plain text with an empty return path."""
    for message in (mail(returns_to=""), mail(("auto-submitted", "auto-replied"))):
        assert triage(message, understood("bounce"), own_addresses=OWN).kind is Kind.BOUNCE


def test_a_bounce_that_a_person_attached_to_an_application_is_the_person_s() -> None:
    inner = replace(PDF, path="3.2", declared_type="message/delivery-status", fate=Fate.IGNORED)
    message = replace(mail(), parts=(PDF, inner))
    assert triage(message, understood(cv=True), own_addresses=OWN).answer == message.sender


@pytest.mark.parametrize(
    ("email", "nobody"),
    [
        ("no-reply@example.com", True),
        ("noreply+17@example.com", True),
        ("NE-PAS-REPONDRE@example.com", True),
        ("postmaster@example.com", True),
        ("norma.reply@example.com", False),
        ("noreen@example.com", False),
    ],
)
def test_addresses_that_nobody_reads(email: str, nobody: bool) -> None:
    assert answers_nobody(email) is nobody
