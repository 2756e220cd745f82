"""Logging in to the mailbox with an access token, by the mechanism that the server offers."""

from __future__ import annotations

import imaplib
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from domain.ports import AccessTokens
from domain.sasl import TokenExchange, best_of
from intake.mailbox import MailboxAccess, is_busy, misconfigured

OFFER = b"AUTH="


@dataclass(frozen=True, slots=True)
class ByToken:
    """intake.mailbox.Authenticate. A token that is refused is fetched anew, once: it may have been revoked."""

    tokens: AccessTokens

    def __call__(self, client: IMAPClient, access: MailboxAccess) -> None:
        token = self.tokens.token()
        if _attempt(client, access, token) is None:
            return
        said = _attempt(client, access, self.tokens.token(instead_of=token))
        if said is not None:
            raise misconfigured(
                f"{access.where} refuses the login by token ({said}); check that mailbox.user is the mailbox's "
                "address, and that the application may use it: docs/mailbox-login.md"
            )


def _attempt(client: IMAPClient, access: MailboxAccess, token: str) -> str | None:
    """None where it succeeded, else what the server said. A server that is busy or gone raises."""
    offered = [name[len(OFFER) :].decode("ascii", "replace") for name in client.capabilities() if name[:5] == OFFER]
    mechanism = best_of(offered)
    if mechanism is None:
        raise misconfigured(f"{access.where} takes no login by token; set mailbox.login to password")
    exchange = TokenExchange(mechanism=mechanism, user=access.user, token=token, host=access.host, port=access.port)
    try:
        client.sasl_login(mechanism.value, exchange.answer)
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):  # the library takes a lost connection for a refusal
            raise error.__context__ from None
        if is_busy(error):
            raise
        return exchange.refusal or mechanism.value
    return None
