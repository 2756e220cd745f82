from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest

from service.call import load_call
from service.demo.samples import sample_mails

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RAW = list(sample_mails(NOW))
MAILS = [cast(EmailMessage, message_from_bytes(raw, policy=default)) for raw in RAW]


def test_the_samples_show_five_formats_of_cvs_and_what_else_arrives() -> None:
    types = [part.get_content_type() for mail in MAILS for part in mail.iter_attachments()]
    assert sorted(types) == [
        "application/pdf",
        "application/pdf",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/plain",
    ]
    assert len(MAILS) == 9


def test_the_samples_are_dated_now_and_change_in_nothing_else() -> None:
    later = list(sample_mails(NOW.replace(year=2027)))
    for mail, raw, other in zip(MAILS, RAW, later, strict=True):
        assert mail["Date"].datetime == NOW
        assert raw != other
        assert raw.replace(b"01 Mar 2026", b"01 Mar 2027").replace(b"Date: Sun", b"Date: Mon") == other


def test_the_samples_go_to_the_mailbox_of_the_call() -> None:
    mailbox = load_call(Path(__file__).parents[3] / "config").mailbox
    assert {mail["To"] for mail in MAILS} == {mailbox}
    assert len({mail["Message-ID"] for mail in MAILS}) == len(MAILS)


@pytest.mark.parametrize("number", range(len(RAW)))
def test_a_sample_is_small_and_names_no_real_address(number: int) -> None:
    assert len(RAW[number]) < 150_000
    domain = MAILS[number]["From"].addresses[0].domain
    assert domain.endswith((".example", "example.org", "example.com", "example.net"))
