"""What bounces say: of which mail, whether for good, and in whose words."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.mail import DeliveryReport
from intake.parse import ParseLimits, parse

OURS = "<acknowledgement.0123456789abcdef0123456789abcdef@call.example>"
HEAD = (
    "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: call@call.example\r\n"
    "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
)
REPORT = HEAD + 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
RETURNED = f"Message-ID: {OURS}\r\nFrom: call@call.example\r\nTo: gone@example.org\r\nSubject: Hi\r\n\r\nThanks.\r\n"


def status_part(*fields: str) -> str:
    return (
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n"
        "Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\n" + "\r\n".join(fields) + "\r\n\r\n"
    )


FAILED = status_part(
    "Final-Recipient: rfc822; gone@example.org",
    "Original-Recipient: rfc822;gone@example.org",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>:\r\n    Recipient address rejected",
)
DELAYED = status_part(
    "Final-Recipient: rfc822; gone@example.org", "Action: delayed", "Status: 4.4.1", "Diagnostic-Code: X-Postfix; time"
)
TEXT = "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\r\n"
WHOLE = f"--b\r\nContent-Type: message/rfc822\r\n\r\n{RETURNED}\r\n--b--\r\n"
HEADERS = f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{RETURNED.partition('Thanks')[0]}\r\n--b--\r\n"


def report(tmp_path: Path, raw: str) -> DeliveryReport:
    (tmp_path / "raw").write_bytes(raw.encode())
    found = parse(tmp_path / "raw", tmp_path, ParseLimits()).report
    assert found is not None
    return found


@pytest.mark.parametrize("returned", [WHOLE, HEADERS])
def test_a_failure_tells_of_which_mail_it_is_and_why(tmp_path: Path, returned: str) -> None:
    found = report(tmp_path, REPORT + TEXT + FAILED + returned)
    assert OURS in found.quoted
    assert (found.action, found.status, found.permanent) == ("failed", "5.1.1", True)
    assert found.told == "550 5.1.1 <gone@example.org>: Recipient address rejected"


def test_a_delay_is_not_for_good(tmp_path: Path) -> None:
    found = report(tmp_path, REPORT + TEXT + DELAYED + WHOLE)
    assert (found.action, found.status, found.permanent) == ("delayed", "4.4.1", False)


def test_giving_up_after_delays_says_nothing_of_the_address(tmp_path: Path) -> None:
    given_up = FAILED.replace("5.1.1", "4.4.7")
    assert not report(tmp_path, REPORT + TEXT + given_up + WHOLE).permanent


def test_of_several_recipients_the_worst_is_told(tmp_path: Path) -> None:
    both = DELAYED.rstrip() + "\r\n\r\nFinal-Recipient: rfc822; b@b.example\r\nAction: failed\r\nStatus: 5.2.1\r\n\r\n"
    assert report(tmp_path, REPORT + TEXT + both + WHOLE).status == "5.2.1"


@pytest.mark.parametrize(
    ("words", "permanent"),
    [
        ("<gone@example.org>:\r\nSorry, no mailbox here by that name. (#5.1.1)", True),
        ("host mx.example said: 550 unknown user", True),
        ("Your message has been delayed: 451 try again", False),
        ("We could not deliver your mail in 2024.", False),
    ],
)
def test_servers_without_a_standard_are_understood_by_their_codes(tmp_path: Path, words: str, permanent: bool) -> None:
    raw = f"{HEAD}Content-Type: text/plain\r\n\r\n{words}\r\n\r\n--- Below is a copy of the message.\r\n\r\n{RETURNED}"
    found = report(tmp_path, raw)
    assert OURS in found.quoted
    assert found.permanent is permanent


def test_a_report_that_is_nonsense_fails_nothing(tmp_path: Path) -> None:
    found = report(tmp_path, REPORT + status_part("Action: \ufffd", "Status: hello", ":::") + WHOLE)
    assert (found.action, found.status, found.permanent) == ("", "", False)


def test_an_ordinary_mail_reports_nothing(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"From: a@example.org\r\nSubject: Hello\r\n\r\nMy CV follows.\r\n")
    assert parse(tmp_path / "raw", tmp_path, ParseLimits()).report is None
