"""Who answers our acknowledgement is put before staff, unless the mail only says thank you."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from roster.tables import message
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import application

pytestmark = [pytest.mark.server, pytest.mark.slow]


def test_thanks_are_set_aside_and_a_correction_is_put_before_a_person(open_office: NewOffice) -> None:
    office = open_office()
    office.deliver(application("Jane Doe"))
    office.run()
    (ours,) = office.relay.accepted
    for number, words in enumerate(("Thank you very much!\n\nBest wishes\nJane", "Thank you. My French is native.")):
        office.deliver(answer(ours.content, words, number))
    office.run()
    told = office.rows(sa.select(message.c.outcome, message.c.why, message.c.review).order_by(message.c.id))
    assert [row.outcome for row in told] == ["enrolled", "set_aside", "needs_review"]
    assert "It thanks for our confirmation, and says nothing else." in told[1].why
    assert "micic roster correct" in told[2].review[0]
    assert len(office.relay.accepted) == 1


def answer(ours: bytes, words: str, number: int) -> bytes:
    """As a mail program makes it, with our mail below."""
    original = message_from_bytes(ours, policy=policy.default)
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = "Jane Doe <jane.doe@example.com>", "call@example.org"
    mail["Subject"], mail["Message-ID"] = f"Re: {original['Subject']}", f"<answer-{number}@mail.example>"
    mail["In-Reply-To"] = mail["References"] = original["Message-ID"]
    body = original.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in str(body.get_content()).splitlines()) if body else ""
    mail.set_content(f"{words}\n\nOn Tue, 13 Mar 2018 at 10:00, the roster wrote:\n{quoted}\n")
    return mail.as_bytes()
