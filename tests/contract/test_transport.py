"""What every transport promises, by a list and by SMTP against a relay that fails as told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, MicicError, OutcomeUnknown, Refused, RetryLater
from domain.ports import Transport
from notifications.smtp import RelayAccess, Security, SmtpTransport
from tests.servers import relay as servers

MAIL = OutgoingMail(
    message_id="<one@call.example>",
    envelope_from="",
    recipients=("amina@example.org",),
    content=b"Subject: Hello\r\nMessage-ID: <one@call.example>\r\n\r\nGood day\r\n.\r\n..two dots\r\nthe end\r\n",
)


@dataclass(slots=True)
class ListTransport:
    """The fake: a list, and errors to raise in place of the next sends. `lost` ones are kept and raise all the same."""

    sent: list[OutgoingMail] = field(default_factory=list)
    errors: list[MicicError] = field(default_factory=list)
    lost: bool = False

    def send(self, mail: OutgoingMail) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error is None or self.lost:
            self.sent.append(mail)
        if error is not None:
            raise error

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A transport, what arrived, and how to make the next send end badly."""

    transport: Transport
    arrived: Callable[[], list[tuple[str, tuple[str, ...], bytes]]]
    later: Callable[[], None]
    refuse: Callable[[], None]
    lose: Callable[[], None]  # it arrives, and the answer is lost
    log_in_fails: Callable[[], None]


def _fake() -> Iterator[Rig]:
    box = ListTransport()

    def lose() -> None:
        box.lost = True
        box.errors.append(OutcomeUnknown())

    yield Rig(
        transport=box,
        arrived=lambda: [(mail.envelope_from, mail.recipients, mail.content) for mail in box.sent],
        later=lambda: box.errors.append(RetryLater()),
        refuse=lambda: box.errors.append(Refused()),
        lose=lose,
        log_in_fails=lambda: box.errors.append(ConfigProblem()),
    )


def _smtp() -> Iterator[Rig]:
    with servers.relay(security="starttls", login=True) as relay:
        access = RelayAccess(
            host=servers.HOST,
            port=relay.port,
            security=Security.STARTTLS,
            trust=relay.trust,
            local_name="call.example",
            user=servers.USER,
            password=servers.PASSWORD,
            timeout=5,
            verdict_timeout=5,
        )
        transport = SmtpTransport(access)
        yield Rig(
            transport=transport,
            arrived=lambda: [(mail.envelope_from, mail.recipients, mail.content) for mail in relay.accepted],
            later=lambda: relay.fail("RCPT", servers.Reply("451 4.7.1 Greylisted")),
            refuse=lambda: relay.fail("RCPT", servers.Reply("550 5.1.1 No such user")),
            lose=lambda: relay.fail("DOT", servers.Cut(accept=True)),
            log_in_fails=lambda: relay.fail("AUTH", servers.Reply("535 5.7.8 Wrong")),
        )
        transport.close()


@pytest.fixture(params=[_fake, _smtp], ids=["list", "smtp"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    yield from request.param()


def test_a_mail_that_is_sent_arrives_byte_for_byte(rig: Rig) -> None:
    rig.transport.send(MAIL)
    assert rig.arrived() == [("", ("amina@example.org",), MAIL.content)]


def test_mails_arrive_in_the_order_in_which_they_were_sent(rig: Rig) -> None:
    mails = [replace(MAIL, content=f"Subject: {i}\r\n\r\n{i}\r\n".encode()) for i in range(5)]
    for mail in mails:
        rig.transport.send(mail)
    assert [content for _, _, content in rig.arrived()] == [mail.content for mail in mails]


def test_a_mail_that_is_put_off_has_not_arrived_and_may_be_sent_again(rig: Rig) -> None:
    rig.later()
    with pytest.raises(RetryLater):
        rig.transport.send(MAIL)
    assert rig.arrived() == []
    rig.transport.send(MAIL)
    assert len(rig.arrived()) == 1


def test_a_mail_that_is_refused_does_not_hinder_the_next(rig: Rig) -> None:
    rig.refuse()
    with pytest.raises(Refused):
        rig.transport.send(MAIL)
    assert rig.arrived() == []
    rig.transport.send(MAIL)
    assert len(rig.arrived()) == 1


def test_a_lost_answer_is_told_as_unknown_and_the_next_mail_goes_out(rig: Rig) -> None:
    rig.lose()
    with pytest.raises(OutcomeUnknown):
        rig.transport.send(MAIL)
    assert len(rig.arrived()) == 1
    rig.transport.send(MAIL)
    assert len(rig.arrived()) == 2


def test_a_login_that_fails_is_a_matter_of_configuration(rig: Rig) -> None:
    rig.log_in_fails()
    with pytest.raises(ConfigProblem):
        rig.transport.send(MAIL)
    assert rig.arrived() == []


def test_closing_twice_is_fine_and_sending_opens_again(rig: Rig) -> None:
    rig.transport.send(MAIL)
    rig.transport.close()
    rig.transport.close()
    rig.transport.send(MAIL)
    assert len(rig.arrived()) == 2
