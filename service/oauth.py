"""The token endpoint of an OAuth 2 provider (RFC 6749 §3.2), asked through Authlib over httpx."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.client import OAuth2Client

from domain.errors import ConfigProblem, Problem, RetryLater

SETTINGS = "config/settings.yaml"
UNSAID = timedelta(minutes=5)  # how long a token is taken to live where the answer does not say
LONGEST = 200  # characters of a server's complaint
PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
RATE_LIMITED = frozenset({408, 425, 429})
ADDRESS = re.compile(r"[^\s<>:,;'\"]+@[^\s<>:,;'\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where tokens come from, and who asks for them."""

    url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    scope: str | None = None
    trust: ssl.SSLContext = field(repr=False)
    timeout: float  # seconds, for each step of the dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """By what right a token is asked for."""

    type: str  # grant_type
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # its further parameters
    renew: str  # what staff must renew where it is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    access_token: str = field(repr=False)
    lives: timedelta
    refresh_token: str | None = field(default=None, repr=False)  # the new one, where the old one is replaced
    refresh_token_lives: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Session:
    """What Authlib asks of a session. Its own integration of httpx is deprecated; this is all that we need of it."""

    http: httpx.Client

    def post(self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> httpx.Response:
        url, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return self.http.post(url, headers=sent, content=body)


class _Client(OAuth2Client):  # type: ignore[misc]  # Authlib has no types
    oauth_error_class = OAuthError  # the usual one breaks on a line end, which Microsoft's complaints have


def ask(endpoint: Endpoint, grant: Grant) -> Answer:
    """A new access token. RetryLater: the endpoint is away; ConfigProblem: it refuses. No secret is in either."""
    with httpx.Client(verify=endpoint.trust, timeout=endpoint.timeout) as http:
        client = _Client(
            _Session(http),
            client_id=endpoint.client_id,
            client_secret=endpoint.client_secret,
            scope=endpoint.scope,
            token_endpoint_auth_method="client_secret_post" if endpoint.client_secret else "none",
        )
        try:
            told = client.fetch_token(endpoint.url, grant_type=grant.type, **grant.secrets)
        except OAuthError as no:
            raise _refused(endpoint, grant, no) from None  # the library's error may repeat a secret
        except httpx.HTTPStatusError as odd:
            raise _odd(endpoint, odd.response) from odd
        except httpx.HTTPError as away:
            raise _away(endpoint, away) from away
        except ValueError:
            raise _no_endpoint(endpoint) from None
    return _understood(endpoint, told)


def _understood(endpoint: Endpoint, told: Mapping[str, Any]) -> Answer:
    access, refresh = told.get("access_token"), told.get("refresh_token")
    if not isinstance(access, str) or not access or not (refresh is None or isinstance(refresh, str)):
        raise _no_endpoint(endpoint)
    return Answer(
        access_token=access,
        lives=_seconds(told.get("expires_in")) or UNSAID,
        refresh_token=refresh or None,
        refresh_token_lives=_seconds(told.get("refresh_token_expires_in")),
    )


def _seconds(value: object) -> timedelta | None:
    """A number of seconds; some providers write it as text. None where there is none, 0 included: no limit is known."""
    try:
        seconds = int(str(value))
        return timedelta(seconds=seconds) if seconds > 0 else None
    except (ValueError, OverflowError):
        return None


def _refused(endpoint: Endpoint, grant: Grant, no: OAuthError) -> ConfigProblem | RetryLater:
    code, said = _clean(str(no.error), endpoint, grant), _clean(str(no.description or ""), endpoint, grant)
    told = f"{_where(endpoint)} says {code}" + (f": {said}" if said else "")
    if code in PASSING:
        return RetryLater(told)
    advice = {
        "invalid_client": "renew the client's secret, MICIC_OAUTH__CLIENT_SECRET, or check oauth.client_id",
        "invalid_grant": grant.renew,
        "invalid_scope": "check oauth.scope",
        "unauthorized_client": "check oauth.client_id, and what the application is allowed",
    }.get(code, "check the section oauth")
    return ConfigProblem(Problem(file=SETTINGS, line=None, message=f"{advice} (docs/mailbox-login.md); {told}"))


def _clean(said: str, endpoint: Endpoint, grant: Grant) -> str:
    """One line without secrets and addresses: a provider may repeat what it was sent."""
    for secret in _secrets(endpoint, grant):
        said = said.replace(secret, "…")
    return ADDRESS.sub("…", " ".join(said.split()))[:LONGEST]


def _secrets(endpoint: Endpoint, grant: Grant) -> Iterator[str]:
    yield from grant.secrets.values()
    if endpoint.client_secret:
        yield endpoint.client_secret


def _odd(endpoint: Endpoint, response: httpx.Response) -> ConfigProblem | RetryLater:
    """An error that is no answer of OAuth's: of a gateway, or of a page that is no token endpoint."""
    if response.status_code < 500 and response.status_code not in RATE_LIMITED:
        return _no_endpoint(endpoint)
    wish = response.headers.get("Retry-After", "")
    after = timedelta(seconds=int(wish)) if re.fullmatch(r"[0-9]{1,5}", wish) else None
    return RetryLater(f"{_where(endpoint)} gives no token now: status {response.status_code}", after=after)


def _away(endpoint: Endpoint, away: httpx.HTTPError) -> ConfigProblem | RetryLater:
    cause: BaseException | None = away
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            said = f"the certificate of {_where(endpoint)} is not trusted ({cause.verify_message}); check oauth.ca_file"
            return ConfigProblem(Problem(file=SETTINGS, line=None, message=said))
        cause = cause.__cause__ or cause.__context__
    if isinstance(away, httpx.TimeoutException):
        return RetryLater(f"{_where(endpoint)} did not answer within {endpoint.timeout:g} seconds")
    return RetryLater(f"{_where(endpoint)} cannot be reached: {type(away).__name__}")


def _no_endpoint(endpoint: Endpoint) -> ConfigProblem:
    said = f"{_where(endpoint)} does not answer as a token endpoint does; check oauth.token_url"
    return ConfigProblem(Problem(file=SETTINGS, line=None, message=said))


def _where(endpoint: Endpoint) -> str:
    return f"the token endpoint at {urlsplit(endpoint.url).netloc}"
