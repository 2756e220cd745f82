"""A real server that takes access tokens, and tokens from a real endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from domain.errors import ConfigProblem, RetryLater
from intake.bearer import ByToken
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.dovecot import HOST, Dovecot, dovecot
from tests.servers.oauth import Provider, let_in, provider

pytestmark = pytest.mark.server
MAIL = b"Subject: hello\r\n\r\nworld\r\n"


@dataclass
class Given:
    """Tokens in a row, the last one for ever."""

    row: list[str]
    asked_for: int = 0

    def token(self, *, instead_of: str | None = None) -> str:
        self.asked_for += 1
        if instead_of is not None and len(self.row) > 1 and self.row[0] == instead_of:
            self.row.pop(0)
        return self.row[0]


@pytest.fixture(scope="module")
def bank() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module", params=["oauthbearer", "xoauth2", "xoauth2 oauthbearer"])
def server(request: pytest.FixtureRequest, bank: Provider) -> Iterator[Dovecot]:
    with let_in(bank, mechanisms=request.param) as extra, dovecot(extra=extra) as running:
        yield running


def mailbox(server: Dovecot, bank: Provider, tokens: Given) -> ImapMailbox:
    bank.user = server.new_user()
    access = MailboxAccess(host=HOST, port=server.imaps, security=Security.TLS, user=bank.user, password="", timeout=5)
    return ImapMailbox(access, trust=server.trust, authenticate=ByToken(tokens))


def test_a_token_lets_us_in_and_mail_is_fetched_and_filed(server: Dovecot, bank: Provider) -> None:
    bank.good.add("good")
    box = mailbox(server, bank, Given(["good"]))
    server.deliver(bank.user, MAIL, MAIL)
    keys = [one.key for one in box.waiting()]
    assert len(dict(box.fetch(keys))) == 2
    assert box.file_away(keys[:1], into="Processed") == {keys[0]}
    assert len(box.waiting()) == 1
    box.close()


def test_a_refused_token_is_replaced_once(server: Dovecot, bank: Provider) -> None:
    bank.good.add("good")
    tokens = Given(["stale", "good"])
    box = mailbox(server, bank, tokens)
    assert list(box.waiting()) == []
    assert tokens.asked_for == 2
    box.close()


def test_a_token_refused_twice_is_for_a_person_and_told_in_one_line(server: Dovecot, bank: Provider) -> None:
    tokens = Given(["s3cret-stale", "s3cret-other"])
    with pytest.raises(ConfigProblem) as caught:
        mailbox(server, bank, tokens).waiting()
    told = str(caught.value)
    assert "refuses the login by token" in told
    assert "\n" not in told
    assert "s3cret" not in told
    assert tokens.asked_for == 2


def test_a_token_that_ends_in_mid_pass_costs_nothing(server: Dovecot, bank: Provider) -> None:
    bank.good.add("morning")
    tokens = Given(["morning", "noon"])
    box = mailbox(server, bank, tokens)
    server.deliver(bank.user, MAIL, MAIL)
    first, second = (one.key for one in box.waiting())
    assert len(dict(box.fetch([first]))) == 1
    bank.revoke_access()
    bank.good.add("noon")
    server.doveadm("kick", bank.user)
    with pytest.raises(RetryLater):
        dict(box.fetch([second]))
    assert [one.key for one in box.waiting()] == [first, second]
    assert [key for key, _ in box.fetch([second])] == [second]
    box.close()


def test_a_server_that_takes_no_tokens_is_told_so(bank: Provider) -> None:
    with dovecot() as bare, pytest.raises(ConfigProblem, match="takes no login by token"):
        mailbox(bare, bank, Given(["good"])).waiting()
