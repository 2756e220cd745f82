"""Every fault at every stage of the dialogue, and what it must mean for the mail."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, OutcomeUnknown, Refused, RetryLater
from notifications.smtp import RelayAccess, Security, SmtpTransport
from tests.servers.relay import HOST, PASSWORD, USER, Cut, Delay, Relay, Reply, relay

MAIL = OutgoingMail(
    message_id="<one@call.example>",
    envelope_from="",
    recipients=("amina@example.org",),
    content=b"Subject: Hello\r\n\r\nGood day\r\n",
)
BEFORE_THE_DOT = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA")


@contextmanager
def transport_to(server: Relay, security: Security = Security.PLAIN, **changes: object) -> Iterator[SmtpTransport]:
    access = RelayAccess(
        host=HOST,
        port=server.port,
        security=security,
        trust=server.trust,
        local_name="call.example",
        timeout=5,
        verdict_timeout=5,
    )
    transport = SmtpTransport(replace(access, **changes))  # type: ignore[arg-type]
    try:
        yield transport
    finally:
        transport.close()


@pytest.fixture
def secure() -> Iterator[Relay]:
    with relay(security="starttls", login=True) as server:
        yield server


@pytest.fixture
def plain() -> Iterator[Relay]:
    with relay() as server:
        yield server


@pytest.fixture
def transport(secure: Relay) -> Iterator[SmtpTransport]:
    with transport_to(secure, Security.STARTTLS, user=USER, password=PASSWORD) as transport:
        yield transport


@pytest.mark.parametrize("stage", BEFORE_THE_DOT)
def test_a_connection_cut_before_the_mail_was_whole_may_be_tried_again(
    secure: Relay, transport: SmtpTransport, stage: str
) -> None:
    secure.fail(stage, Cut())
    with pytest.raises(RetryLater):
        transport.send(MAIL)
    assert secure.accepted == []
    transport.send(MAIL)
    assert len(secure.accepted) == 1


@pytest.mark.parametrize("stage", [*BEFORE_THE_DOT, "DOT"])
@pytest.mark.parametrize("line", ["421 4.3.2 Shutting down", "451 4.3.0 Try later"])
def test_a_4xx_reply_at_any_stage_means_later(secure: Relay, transport: SmtpTransport, stage: str, line: str) -> None:
    secure.fail(stage, *[Reply(line)] * (2 if stage == "EHLO" else 1))  # HELO is tried next, then the rest fails
    with pytest.raises(RetryLater):
        transport.send(MAIL)
    assert secure.accepted == []
    secure.script.clear()
    transport.send(MAIL)
    assert len(secure.accepted) == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_5xx_reply_to_the_mail_is_final_and_keeps_the_connection(
    secure: Relay, transport: SmtpTransport, stage: str
) -> None:
    secure.fail(stage, Reply("554 5.7.1 Not wanted"))
    with pytest.raises(Refused, match="Not wanted"):
        transport.send(MAIL)
    transport.send(MAIL)
    assert len(secure.accepted) == 1
    assert secure.connections == 1


@pytest.mark.parametrize(("accept", "arrived"), [(True, 1), (False, 0)])
def test_a_connection_cut_after_the_dot_is_unknown_whether_it_was_accepted_or_not(
    secure: Relay, transport: SmtpTransport, accept: bool, arrived: int
) -> None:
    secure.fail("DOT", Cut(accept=accept))
    with pytest.raises(OutcomeUnknown):
        transport.send(MAIL)
    assert len(secure.accepted) == arrived


def test_a_relay_that_is_silent_after_the_dot_is_unknown(plain: Relay) -> None:
    plain.fail("DOT", Delay(1.0))
    with transport_to(plain, verdict_timeout=0.2) as transport, pytest.raises(OutcomeUnknown):
        transport.send(MAIL)


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_relay_that_is_silent_before_the_dot_may_be_tried_again(plain: Relay, stage: str) -> None:
    plain.fail(stage, Delay(1.0))
    with transport_to(plain, timeout=0.2) as transport, pytest.raises(RetryLater):
        transport.send(MAIL)


def test_a_slow_relay_is_waited_for(plain: Relay) -> None:
    plain.fail("DOT", Delay(0.5))
    with transport_to(plain, timeout=0.3) as transport:
        transport.send(MAIL)
    assert len(plain.accepted) == 1


def test_an_answer_that_is_no_smtp_after_the_dot_is_unknown(plain: Relay) -> None:
    plain.fail("DOT", Reply("what a nice mail"))
    with transport_to(plain) as transport, pytest.raises(OutcomeUnknown):
        transport.send(MAIL)


def test_a_burst_uses_one_connection(plain: Relay) -> None:
    with transport_to(plain) as transport:
        for _ in range(20):
            transport.send(MAIL)
    assert (plain.connections, len(plain.accepted)) == (1, 20)


@pytest.mark.parametrize("fault", [Cut(), Reply("421 4.4.2 Idle for too long")])
def test_a_kept_connection_that_the_relay_closed_is_replaced_without_a_word(plain: Relay, fault: Cut | Reply) -> None:
    with transport_to(plain) as transport:
        transport.send(MAIL)
        plain.fail("RSET", fault)
        transport.send(MAIL)
    assert (plain.connections, len(plain.accepted)) == (2, 2)


def test_a_relay_that_is_away_is_tried_later(plain: Relay) -> None:
    with transport_to(plain, port=1) as transport, pytest.raises(RetryLater, match="localhost:1 cannot be reached"):
        transport.send(MAIL)


def test_a_wrong_password_is_a_matter_of_configuration(secure: Relay) -> None:
    with (
        transport_to(secure, Security.STARTTLS, user=USER, password="wrong") as transport,
        pytest.raises(ConfigProblem, match=r"check relay.user and MICIC_RELAY__PASSWORD") as caught,
    ):
        transport.send(MAIL)
    assert "wrong" not in str(caught.value)


def test_a_relay_that_wants_a_login_first_is_a_matter_of_configuration(secure: Relay) -> None:
    with transport_to(secure, Security.STARTTLS) as transport, pytest.raises(ConfigProblem, match="login"):
        transport.send(MAIL)


def test_a_password_never_goes_over_an_open_line(plain: Relay) -> None:
    with (
        transport_to(plain, user=USER, password=PASSWORD) as transport,
        pytest.raises(ConfigProblem, match="only ever sent over TLS"),
    ):
        transport.send(MAIL)
    assert plain.connections == 0


def test_a_relay_without_starttls_never_gets_the_mail_in_the_open(plain: Relay) -> None:
    with transport_to(plain, Security.STARTTLS) as transport, pytest.raises(ConfigProblem, match="STARTTLS"):
        transport.send(MAIL)
    assert plain.accepted == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_is_not_trusted_is_a_matter_of_configuration(security: Security) -> None:
    with (
        relay(security=security.value) as server,
        transport_to(server, security, trust=ssl.create_default_context()) as transport,
        pytest.raises(ConfigProblem, match="certificate cannot be trusted"),
    ):
        transport.send(MAIL)


@pytest.mark.parametrize("flaw", ["expired", "other name"])
def test_an_expired_certificate_and_one_for_another_name_are_matters_of_configuration(flaw: str) -> None:
    authority = trustme.CA()
    over = datetime.now(UTC) - timedelta(days=1)
    leaf = authority.issue_cert(HOST, not_after=over) if flaw == "expired" else authority.issue_cert("mx.example")
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with (
        relay(security="tls", certificate=leaf) as server,
        transport_to(server, Security.TLS, trust=trust) as transport,
        pytest.raises(ConfigProblem, match="certificate cannot be trusted"),
    ):
        transport.send(MAIL)


def test_tls_from_the_first_byte_works_with_a_login() -> None:
    with (
        relay(security="tls", login=True) as server,
        transport_to(server, Security.TLS, user=USER, password=PASSWORD) as transport,
    ):
        transport.send(MAIL)
        assert len(server.accepted) == 1


def test_tls_spoken_to_a_plain_port_is_a_matter_of_configuration(plain: Relay) -> None:
    with transport_to(plain, Security.TLS) as transport, pytest.raises(ConfigProblem, match="check port and security"):
        transport.send(MAIL)


def test_a_refused_null_return_path_says_what_to_set(plain: Relay) -> None:
    plain.fail("MAIL", Reply("550 5.1.7 Null sender not allowed"))
    with transport_to(plain) as transport, pytest.raises(Refused, match="set envelope_from"):
        transport.send(MAIL)


def test_a_set_return_path_is_used(plain: Relay) -> None:
    with transport_to(plain) as transport:
        transport.send(replace(MAIL, envelope_from="bounces@call.example"))
    assert plain.accepted[0].envelope_from == "bounces@call.example"


def test_an_internationalised_address_goes_to_a_relay_that_knows_them(plain: Relay) -> None:
    with transport_to(plain) as transport:
        transport.send(replace(MAIL, recipients=("أمينة@example.org",)))
    assert plain.accepted[0].recipients == ("أمينة@example.org",)


def test_an_internationalised_address_is_refused_clearly_where_the_relay_does_not_know_them() -> None:
    with relay(smtputf8=False) as server, transport_to(server) as transport:
        with pytest.raises(Refused, match="letters beyond ASCII"):
            transport.send(replace(MAIL, recipients=("أمينة@example.org",)))
        transport.send(MAIL)
        assert len(server.accepted) == 1


@pytest.mark.parametrize("address", ["a@b.example>\r\nDATA", "a@b.example\nRSET", "a@b.example> SIZE=1 <", "a\x00@b"])
def test_an_address_cannot_smuggle_in_a_command(plain: Relay, address: str) -> None:
    with transport_to(plain) as transport, pytest.raises(Refused):
        transport.send(replace(MAIL, recipients=(address,)))
    assert plain.commands == []


def test_one_colleague_who_has_left_does_not_stop_the_digest_for_the_others(
    plain: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    plain.fail("RCPT", Reply("550 5.1.1 <gone@example.org>: no such user"))
    with transport_to(plain) as transport:
        transport.send(replace(MAIL, recipients=("gone@example.org", "here@example.org")))
    assert plain.accepted[0].recipients == ("here@example.org",)
    assert "1 recipients fewer" in caplog.text
    assert "gone@" not in caplog.text


def test_where_one_of_several_is_put_off_nobody_gets_it_twice(plain: Relay) -> None:
    both = replace(MAIL, recipients=("one@example.org", "two@example.org"))
    plain.fail("RCPT", Delay(0), Reply("450 4.2.1 Busy"))
    with transport_to(plain) as transport:
        with pytest.raises(RetryLater):
            transport.send(both)
        assert plain.accepted == []
        transport.send(both)
    assert [mail.recipients for mail in plain.accepted] == [both.recipients]


def test_no_error_names_a_person(plain: Relay) -> None:
    plain.fail("RCPT", Reply("550 5.1.1 <amina@example.org>: no such user"))
    with transport_to(plain) as transport, pytest.raises(Refused) as caught:
        transport.send(MAIL)
    assert "amina" not in str(caught.value)


@dataclass
class Given:
    """Access tokens in a row, the last one for ever."""

    row: list[str]

    def token(self, *, instead_of: str | None = None) -> str:
        if instead_of == self.row[0] and len(self.row) > 1:
            self.row.pop(0)
        return self.row[0]


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
def by_token(request: pytest.FixtureRequest) -> Iterator[Relay]:
    with relay(security="starttls", login=True, mechanisms=frozenset({"PLAIN", request.param})) as server:
        server.tokens.add("good")
        yield server


def test_a_relay_lets_us_in_by_token_and_a_refused_one_is_replaced_once(by_token: Relay) -> None:
    with transport_to(by_token, Security.STARTTLS, user=USER, tokens=Given(["stale", "good"])) as transport:
        transport.send(MAIL)
    assert len(by_token.accepted) == 1
    assert by_token.commands.count("AUTH") == 2


def test_a_token_refused_twice_is_for_a_person_and_is_not_repeated(by_token: Relay) -> None:
    with (
        transport_to(by_token, Security.STARTTLS, user=USER, tokens=Given(["s3cret-a", "s3cret-b"])) as transport,
        pytest.raises(ConfigProblem) as caught,
    ):
        transport.send(MAIL)
    said = str(caught.value)
    assert "status invalid_token" in said
    assert "docs/mailbox-login.md" in said
    assert "s3cret" not in said
    assert "\n" not in said
    assert by_token.commands.count("AUTH") == 2


def test_a_relay_that_cannot_check_tokens_now_is_tried_later(by_token: Relay) -> None:
    by_token.fail("AUTH", Reply("454 4.7.0 Temporary authentication failure"))
    tokens = Given(["good", "other"])
    with transport_to(by_token, Security.STARTTLS, user=USER, tokens=tokens) as transport:
        with pytest.raises(RetryLater):
            transport.send(MAIL)
        transport.send(MAIL)
    assert tokens.row == ["good", "other"]


def test_a_relay_that_takes_no_tokens_is_told_so(secure: Relay) -> None:
    with (
        transport_to(secure, Security.STARTTLS, user=USER, tokens=Given(["good"])) as transport,
        pytest.raises(ConfigProblem, match="offers no login by token"),
    ):
        transport.send(MAIL)


def test_a_token_is_never_sent_without_tls(plain: Relay) -> None:
    with (
        transport_to(plain, user=USER, tokens=Given(["good"])) as transport,
        pytest.raises(ConfigProblem, match="only ever sent over TLS"),
    ):
        transport.send(MAIL)
    assert plain.connections == 0
