"""Access tokens from a real token endpoint, as strict as they come."""

import json
import os
import ssl
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from domain.digest import Credential, CredentialEnd
from domain.errors import ConfigProblem, RetryLater
from service.oauth import Endpoint, Grant, ask
from service.settings import Login, MailboxSettings, OAuthSettings, Settings, StoreSettings
from service.settings import Provider as Known
from service.tokens import CachedTokens, access_tokens, credentials_end
from tests.servers.oauth import CLIENT, FIRST, SECRET, Answer, Provider, provider
from tests.servers.relay import relay

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


def test_another_refresh_token_from_staff_goes_before_the_kept_one(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    source(settings(bank, tmp_path, refresh_token=FIRST), watch).token()
    bank.refresh_token = "second-consent"  # a person consented anew
    source(settings(bank, tmp_path, refresh_token="second-consent"), watch).token()
    assert bank.spent == [FIRST, "second-consent"]


def test_a_provider_that_does_not_replace_refresh_tokens_is_asked_with_the_first_for_ever(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    bank.rotates = False
    for _ in range(3):
        source(settings(bank, tmp_path, refresh_token=FIRST), watch).token()
        watch.wait(hours=1)
    assert bank.spent == [FIRST] * 3


def test_a_process_that_finds_what_another_fetched_spends_nothing(bank: Provider, watch: Watch, tmp_path: Path) -> None:
    one, other = (source(settings(bank, tmp_path, refresh_token=FIRST), watch) for _ in range(2))
    assert one.token() == other.token()
    assert bank.spent == [FIRST]
    other.fetch_anew()
    assert len(bank.spent) == 2


IN_ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from service.settings_loading import load_settings
from service.tokens import access_tokens
import os
tokens = access_tokens(load_settings(Path(sys.argv[1]), os.environ), clock=lambda: datetime.now(UTC))
sys.stdin.readline()
print(tokens.token(), flush=True)
sys.stdin.readline()
"""


def child(bank: Provider, folder: Path, script: str = IN_ANOTHER_PROCESS) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MICIC_")}
    environment |= {
        "MICIC_MAILBOX__HOST": "imap.example.org",
        "MICIC_MAILBOX__USER": "experts@example.org",
        "MICIC_MAILBOX__LOGIN": "oauth",
        "MICIC_RELAY__HOST": "smtp.example.org",
        "MICIC_OAUTH__TOKEN_URL": bank.url,
        "MICIC_OAUTH__CLIENT_ID": CLIENT,
        "MICIC_OAUTH__CLIENT_SECRET": SECRET,
        "MICIC_OAUTH__REFRESH_TOKEN": FIRST,
        "MICIC_STORE__DATA": str(folder / "data"),
    }
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder / "config")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_spend_a_refresh_token_once(bank: Provider, tmp_path: Path) -> None:
    bank.script.append(Answer(delay=0.5))  # so that both want it at the same time
    children = [child(bank, tmp_path) for _ in range(2)]
    for one in children:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    told = [one.communicate("\n", timeout=60) for one in children]
    assert told[0] == told[1] != ("", "")
    assert bank.spent == [FIRST]
    assert bank.refresh_token is not None


def test_a_process_killed_as_it_begins_to_use_a_token_leaves_the_chain_whole(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    with child(bank, tmp_path) as one:
        assert one.stdin
        assert one.stdout
        one.stdin.write("\n")
        one.stdin.flush()
        assert one.stdout.readline().startswith("access-")
        one.kill()
    next_one = source(settings(bank, tmp_path / "data", refresh_token=FIRST), watch)
    next_one.fetch_anew()
    assert len(set(bank.spent)) == len(bank.spent) == 2
    assert bank.refresh_token is not None


NO_ROOM = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n" + IN_ANOTHER_PROCESS


def test_no_refresh_token_is_spent_where_the_disk_has_no_room_for_the_next(bank: Provider, tmp_path: Path) -> None:
    with child(bank, tmp_path, NO_ROOM) as one:
        _, said = one.communicate("\n\n", timeout=60)
    assert "cannot be kept in" in said
    assert bank.spent == []


def test_a_new_refresh_token_that_could_not_be_saved_is_saved_before_anything_else(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    beside = tmp_path / "oauth.new"

    def fail() -> None:
        beside.unlink()
        beside.mkdir()

    bank.meanwhile = fail
    tokens = source(settings(bank, tmp_path, refresh_token=FIRST), watch)
    with pytest.raises(RetryLater, match="cannot be kept"):
        tokens.token()  # the old one is spent, and the new one is not on disk: so no access token is handed out
    bank.meanwhile = lambda: None
    beside.rmdir()
    assert tokens.token() in bank.good
    assert bank.spent == [FIRST]
    assert kept(tmp_path)["refresh_token"] == bank.refresh_token


def test_a_spoilt_file_is_told_and_the_given_token_is_not_spent_again(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    (tmp_path / "oauth.json").write_text("{")
    chosen = settings(bank, tmp_path, refresh_token=FIRST)
    with pytest.raises(ConfigProblem, match="is damaged: give a new refresh token"):
        source(chosen, watch).token()
    assert bank.spent == []
    assert credentials_end(chosen) == ()


def test_the_days_on_which_secrets_end_are_known_the_soonest_first(
    bank: Provider, watch: Watch, tmp_path: Path
) -> None:
    noted = settings(bank, tmp_path, refresh_token=FIRST, secret_ends="2026-12-31")
    secret = CredentialEnd(what=Credential.CLIENT_SECRET, ends=date(2026, 12, 31))
    assert credentials_end(noted) == (secret,)
    bank.refresh_lives = 10 * 86_400
    source(noted, watch).token()
    assert credentials_end(noted) == (CredentialEnd(what=Credential.REFRESH_TOKEN, ends=date(2026, 3, 11)), secret)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (
            Answer(status=503, body=b"busy", headers=(("Retry-After", "120"),)),
            RetryLater,
            "no token now: status 503",
        ),
        (Answer(status=429, body=b"slow down"), RetryLater, "status 429"),
        (Answer(status=400, body=b'{"error": "temporarily_unavailable"}'), RetryLater, "temporarily_unavailable"),
        (Answer(status=404, body=b"<html>"), ConfigProblem, "check oauth.token_url"),
        (Answer(body=b"<html>log in to the hotel</html>"), ConfigProblem, "check oauth.token_url"),
        (Answer(body=b'{"token_type": "Bearer"}'), ConfigProblem, "check oauth.token_url"),
        (Answer(body=b'["access_token"]'), ConfigProblem, "check oauth.token_url"),
        (Answer(status=400, body=b'{"error": "invalid_grant"}'), ConfigProblem, "MICIC_OAUTH__REFRESH_TOKEN"),
        (Answer(status=401, body=b'{"error": "invalid_client"}'), ConfigProblem, "MICIC_OAUTH__CLIENT_SECRET"),
        (Answer(status=400, body=b'{"error": "invalid_scope"}'), ConfigProblem, "check oauth.scope"),
        (Answer(status=400, body=b'{"error": "consent_required"}'), ConfigProblem, "says consent_required"),
    ],
    ids=lambda value: value.body.decode()[:20] if isinstance(value, Answer) else None,
)
def test_what_the_provider_says_leads_to_waiting_or_to_a_person(
    bank: Provider, watch: Watch, tmp_path: Path, answer: Answer, error: type[Exception], said: str
) -> None:
    bank.script.append(answer)
    tokens = source(settings(bank, tmp_path, refresh_token=FIRST), watch)
    with pytest.raises(error) as caught:
        tokens.token()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert tokens.token()  # nothing was spent


def test_the_wish_of_a_provider_that_is_busy_is_heeded(bank: Provider, watch: Watch, tmp_path: Path) -> None:
    bank.script.append(Answer(status=429, body=b"slow down", headers=(("Retry-After", "120"),)))
    with pytest.raises(RetryLater) as caught:
        source(settings(bank, tmp_path), watch).token()
    assert caught.value.after == timedelta(seconds=120)


def test_a_provider_that_is_away_is_waited_for(watch: Watch, tmp_path: Path) -> None:
    with provider() as gone:
        pass
    with pytest.raises(RetryLater, match="cannot be reached"):
        source(settings(gone, tmp_path), watch).token()


def test_a_provider_that_is_silent_is_waited_for_no_longer_than_agreed(bank: Provider) -> None:
    bank.script.append(Answer(delay=1))
    trust = ssl.create_default_context()
    slow = Endpoint(url=bank.url, client_id=CLIENT, client_secret=SECRET, trust=trust, timeout=0.2)
    with pytest.raises(RetryLater, match=r"did not answer within 0\.2 seconds"):
        ask(slow, Grant(type="client_credentials", renew=""))


def test_a_certificate_of_an_unknown_authority_is_for_a_person(watch: Watch, tmp_path: Path) -> None:
    with relay(security="tls") as stranger:  # any server that speaks TLS
        url = f"https://localhost:{stranger.port}/token"
        chosen = settings(Provider(), tmp_path, token_url=url)
        with pytest.raises(ConfigProblem, match=r"is not trusted .* check oauth\.ca_file"):
            source(chosen, watch).token()


@pytest.mark.parametrize("lives", ["3600", None, 0])
def test_how_long_a_token_lives_may_be_text_or_unsaid(
    bank: Provider, watch: Watch, tmp_path: Path, lives: int | str | None
) -> None:
    bank.lives = lives
    tokens = source(settings(bank, tmp_path), watch)
    first = tokens.token()
    watch.wait(minutes=3)
    assert tokens.token() == first


def test_no_secret_is_in_what_is_said_logged_or_shown(
    bank: Provider, watch: Watch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    chosen = settings(bank, tmp_path, refresh_token=FIRST)
    tokens = source(chosen, watch)
    secrets = {SECRET, FIRST, tokens.token(), str(kept(tmp_path)["refresh_token"])}
    bank.refresh_token = None  # withdrawn; the provider's complaint repeats the token
    with pytest.raises(ConfigProblem) as caught:
        tokens.fetch_anew()
    said = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(chosen) + repr(tokens)
    assert [secret for secret in secrets if secret in said] == []


def test_microsoft_and_google_need_no_address_and_no_scope() -> None:
    tenant = OAuthSettings(provider=Known.MICROSOFT, tenant="example.org", client_id="1")
    assert tenant.endpoint_url == "https://login.microsoftonline.com/example.org/oauth2/v2.0/token"
    assert tenant.asked_scope == "https://outlook.office365.com/.default"
    consented = tenant.model_copy(update={"refresh_token": SecretStr("r")})
    assert consented.asked_scope == "https://outlook.office.com/.default offline_access"
    google = OAuthSettings(provider=Known.GOOGLE, client_id="1")
    assert google.endpoint_url == "https://oauth2.googleapis.com/token"
    assert google.asked_scope is None
