"""An acknowledgement goes through a real Postfix into a real Dovecot, and is read as the applicant would read it."""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import mailparser
import pytest

from domain.decision import Acknowledgement, OutgoingMail
from domain.errors import Refused, RetryLater
from domain.mail import Address, ReplyLanguage
from notifications import samples
from notifications.acknowledgement import compose
from notifications.smtp import RelayAccess, Security, SmtpTransport
from notifications.templates import Templates
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.postfix import GREYLISTED, REFUSED, Postfix, postfix

pytestmark = pytest.mark.server
NOW = datetime(2018, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def relay(mailboxes: Dovecot) -> Iterator[Postfix]:
    with postfix(lmtp=mailboxes.lmtp) as server:
        yield server


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates.load(Path(__file__).parents[3] / "config/templates")


@pytest.fixture
def transport(relay: Postfix) -> Iterator[SmtpTransport]:
    access = RelayAccess(
        host="127.0.0.1",
        port=relay.port,
        security=Security.PLAIN,
        trust=ssl.create_default_context(),
        local_name="call.example",
    )
    with closing(SmtpTransport(access)) as transport:
        yield transport


def acknowledgement(to: str, language: ReplyLanguage, templates: Templates) -> OutgoingMail:
    ack = Acknowledgement(
        template="received",
        to=Address(name="أمينة حداد", email=to),
        language=language,
        name="أمينة حداد",
        subject="Candidature – réseau d’experts",
        in_reply_to="<application@example.org>",
        references=("<root@example.org>", "<application@example.org>"),
        files=("CV Haddad.pdf", "السيرة الذاتية.docx"),
        unreadable=(),
    )
    return compose(ack, call=samples.call(), templates=templates, message_key=to, now=NOW)


def received(mailboxes: Dovecot, user: str, item: str) -> bytes:
    """One item (such as BODY[]) of the only message in the user's inbox, once it is there."""
    deadline = time.monotonic() + 20
    with imaplib.IMAP4("localhost", mailboxes.imap, timeout=10) as imap:
        imap.login(user, PASSWORD)
        while time.monotonic() < deadline:
            (count,) = imap.select("INBOX")[1]
            if count == b"1":
                (reply, *_) = imap.fetch("1", f"({item})")[1]
                return reply[1] if isinstance(reply, tuple) else bytes(reply or b"")
            time.sleep(0.05)
    raise TimeoutError("nothing arrived")


@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_what_was_composed_is_what_the_applicant_reads(
    mailboxes: Dovecot, transport: SmtpTransport, templates: Templates, language: ReplyLanguage
) -> None:
    user = mailboxes.new_user()
    mail = acknowledgement(f"{user}@example.org", language, templates)
    transport.send(mail)
    raw = received(mailboxes, user, "BODY[]")
    assert raw.endswith(mail.content)  # nobody on the way had to re-encode a line
    parsed = mailparser.parse_from_bytes(raw)
    assert parsed.message_id == mail.message_id
    assert parsed.subject == "Re: Candidature – réseau d’experts"
    assert parsed.to == [("أمينة حداد", f"{user}@example.org")]
    assert parsed.from_ == [("Sample", "experts@call.example")]
    assert parsed.date == NOW
    headers = {name.lower(): value for name, value in parsed.headers.items()}
    assert headers["auto-submitted"] == "auto-replied"
    assert headers["in-reply-to"] == "<application@example.org>"
    assert headers["references"].split() == ["<root@example.org>", "<application@example.org>"]
    assert headers["return-path"] == "<>"
    for text in (*parsed.text_plain, *parsed.text_html):
        assert "CV Haddad.pdf" in text
        assert "السيرة الذاتية.docx" in text
    assert (len(parsed.text_plain), len(parsed.text_html), parsed.defects) == (1, 1, [])


def test_the_server_sees_two_alternatives_in_utf8(
    mailboxes: Dovecot, transport: SmtpTransport, templates: Templates
) -> None:
    user = mailboxes.new_user()
    transport.send(acknowledgement(f"{user}@example.org", ReplyLanguage.AR, templates))
    structure = received(mailboxes, user, "BODYSTRUCTURE").decode()
    assert '("text" "plain" ("charset" "utf-8")' in structure
    assert '("text" "html" ("charset" "utf-8")' in structure
    assert '"alternative"' in structure


def test_a_recipient_whom_postfix_refuses_is_refused_for_good(transport: SmtpTransport, templates: Templates) -> None:
    with pytest.raises(Refused, match="No such user"):
        transport.send(acknowledgement(REFUSED, ReplyLanguage.EN, templates))


def test_a_recipient_whom_postfix_puts_off_is_tried_later(transport: SmtpTransport, templates: Templates) -> None:
    with pytest.raises(RetryLater, match="Later"):
        transport.send(acknowledgement(GREYLISTED, ReplyLanguage.EN, templates))


def test_an_address_in_arabic_is_taken(transport: SmtpTransport, templates: Templates) -> None:
    transport.send(acknowledgement("أمينة@example.org", ReplyLanguage.AR, templates))
