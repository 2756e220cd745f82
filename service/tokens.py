"""Access tokens in place of passwords: one source for mailbox and relay."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.digest import Credential, CredentialEnd
from domain.errors import ConfigProblem
from domain.ports import Clock
from service.oauth import Endpoint, Grant, ask
from service.refreshing import FILE, Refreshing, Token, TokenFile, fingerprint
from service.settings import OAuthSettings, Settings

MARGIN = timedelta(seconds=60)  # so long before its end a token is used no more
TIMEOUT = 30.0  # seconds, for each step of the dialogue with the provider
PATIENCE = 3 * TIMEOUT  # longer than another process needs to renew
RENEW_SECRET = "renew the client's secret, MICIC_OAUTH__CLIENT_SECRET"  # noqa: S105 - the name of a variable

Fetch = Callable[[Callable[[Token], bool]], Token]  # one that will do, fetched anew unless there is one


@dataclass(slots=True, kw_only=True)
class CachedTokens:
    """domain.ports.AccessTokens: kept in memory until shortly before their end."""

    fetch: Fetch
    clock: Clock
    _current: Token | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, *, instead_of: str | None = None) -> str:
        def will_do(token: Token) -> bool:
            return token.text != instead_of and self.clock() + MARGIN < token.ends

        with self._lock:
            if self._current is None or not will_do(self._current):
                self._current = self.fetch(will_do)
            return self._current.text

    def fetch_anew(self) -> None:
        """Whatever there is: shows that the secrets still hold."""
        with self._lock:
            self._current = self.fetch(lambda _token: False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Access tokens for the client's own secret (RFC 6749 §4.4)."""

    endpoint: Endpoint
    clock: Clock

    def __call__(self, _will_do: Callable[[Token], bool]) -> Token:
        asked_at = self.clock()
        answer = ask(self.endpoint, Grant(type="client_credentials", renew=RENEW_SECRET))
        return Token(text=answer.access_token, ends=asked_at + answer.lives)


def access_tokens(settings: Settings, *, clock: Clock) -> CachedTokens | None:
    """None where neither mailbox nor relay logs in by token."""
    if not settings.logs_in_by_token:
        return None
    refreshing = _refreshing(settings, clock)
    return CachedTokens(fetch=refreshing or Asking(endpoint=endpoint(settings.oauth), clock=clock), clock=clock)


def credentials_end(settings: Settings) -> tuple[CredentialEnd, ...]:
    """What ends and when, the soonest first: as staff wrote it down, and as the provider last said. Asks nobody."""
    if not settings.logs_in_by_token:
        return ()
    known = {
        Credential.CLIENT_SECRET: settings.oauth.secret_ends,
        Credential.REFRESH_TOKEN: _end_of_refresh_token(settings),
    }
    ends = [CredentialEnd(what=what, ends=day) for what, day in known.items() if day is not None]
    return tuple(sorted(ends, key=lambda end: end.ends))


def _end_of_refresh_token(settings: Settings) -> date | None:
    given = settings.oauth.refresh_token
    if given is None:
        return None
    try:
        kept = token_file(settings).read()
    except (ConfigProblem, OSError):
        return None  # no day is known; the login itself says what is wrong with the file
    if kept is None or kept.refresh_token_ends is None:
        return None
    known = kept.given == fingerprint(endpoint(settings.oauth), given.get_secret_value())
    return kept.refresh_token_ends.date() if known else None


def _refreshing(settings: Settings, clock: Clock) -> Refreshing | None:
    given = settings.oauth.refresh_token
    if given is None:
        return None
    return Refreshing(
        endpoint=endpoint(settings.oauth),
        given=given.get_secret_value(),
        file=token_file(settings),
        clock=clock,
    )


def token_file(settings: Settings) -> TokenFile:
    return TokenFile(settings.store.data / FILE, patience=PATIENCE)


def endpoint(settings: OAuthSettings) -> Endpoint:
    return Endpoint(
        url=settings.endpoint_url or "",
        client_id=settings.client_id or "",
        client_secret=settings.client_secret.get_secret_value() if settings.client_secret else None,
        scope=settings.asked_scope,
        trust=ssl.create_default_context(cafile=settings.ca_file),
        timeout=TIMEOUT,
    )
