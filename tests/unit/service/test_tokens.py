"""Access tokens from a real token endpoint, as strict as they come."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.settings import Login, MailboxSettings, OAuthSettings, Settings, StoreSettings
from service.tokens import CachedTokens, access_tokens
from tests.servers.oauth import CLIENT, FIRST, SECRET, Provider, provider

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def bank() -> Iterator[Provider]:
    with provider() as running:
        yield running


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def settings(bank: Provider, data: Path, *, refresh_token: str | None = None, **changes: object) -> Settings:
    usual = {"token_url": bank.url, "client_id": CLIENT, "client_secret": SecretStr(SECRET)}
    given = {"refresh_token": SecretStr(refresh_token)} if refresh_token else {}
    return Settings(
        mailbox=MailboxSettings(host="imap.example.org", user="experts@example.org", login=Login.OAUTH),
        oauth=OAuthSettings.model_validate(usual | given | changes),
        store=StoreSettings(data=data),
    )


def source(settings: Settings, watch: Watch) -> CachedTokens:
    found = access_tokens(settings, clock=watch)
    assert found is not None
    return found


def kept(data: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((data / "oauth.json").read_text())
    return found


def test_a_token_is_asked_for_once_and_again_a_minute_before_its_end(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    tokens = source(settings(bank, tmp_path, scope="mail"), watch)
    first = tokens.token()
    watch.wait(minutes=58)
    assert tokens.token() == first
    watch.wait(minutes=1)
    assert tokens.token() != first
    asked = {"grant_type": "client_credentials", "scope": "mail", "client_id": CLIENT, "client_secret": SECRET}
    assert bank.asked == [asked, asked]
    assert list(tmp_path.iterdir()) == []


def test_a_token_that_was_refused_is_not_given_again(bank: Provider, watch: Watch, tmp_path: Path) -> None:
    tokens = source(settings(bank, tmp_path), watch)
    first = tokens.token()
    second = tokens.token(instead_of=first)
    assert second != first
    assert tokens.token(instead_of=first) == second  # the other login was refused the same one
    assert len(bank.asked) == 2


def test_a_new_refresh_token_is_on_disk_before_the_access_token_is_used(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    tokens = source(settings(bank, tmp_path, refresh_token=FIRST), watch)
    tokens.token()
    assert kept(tmp_path)["refresh_token"] == bank.refresh_token != FIRST
    assert stat.S_IMODE((tmp_path / "oauth.json").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"oauth.json", "oauth.lock"}


def test_the_chain_goes_on_after_a_restart(bank: Provider, watch: Watch, tmp_path: Path) -> None:
    for _ in range(4):
        source(settings(bank, tmp_path, refresh_token=FIRST), watch).token()
        watch.wait(hours=1)
    assert len(bank.spent) == 4
    assert len(set(bank.spent)) == 4
    assert bank.spent[0] == FIRST
