import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from domain.errors import ConfigProblem
from domain.moves import Outcome
from service.settings import Security, Settings
from service.settings_loading import KEYS, is_secret, load_settings

REPOSITORY = Path(__file__).parents[3]
PASSWORD = {"MICIC_MAILBOX__PASSWORD": "s3cret-word"}
SERVERS = """\
mailbox:
  host: imap.example.org
  user: roster
relay:
  host: smtp.example.org
"""


def load(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "settings.yaml").write_text(text, "utf-8")
    return load_settings(config, environment or {})


def problems(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigProblem) as caught:
        load(folder, text, environment)
    return [str(problem) for problem in caught.value.problems]


def test_without_a_file_all_is_default_and_there_is_no_mailbox(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "config", {})
    assert settings.mailbox is None
    assert settings.relay is None
    assert settings.store.data == tmp_path / "var"
    assert settings.store.database_url == f"sqlite:///{tmp_path}/var/micic.db"
    assert settings.store.blob_folder == tmp_path / "var/blobs"
    assert settings.staff.digest_at == time(7)


def test_the_shipped_file_says_the_defaults(tmp_path: Path) -> None:
    shipped = load(tmp_path, (REPOSITORY / "config/settings.yaml").read_text("utf-8"))
    assert shipped == load_settings(tmp_path / "elsewhere", {})


def test_what_is_neither_true_nor_false_is_told(tmp_path: Path) -> None:
    text = "mailbox: {host: imap.example.org, user: icmpd, read_only: perhaps}\nrelay: {host: smtp.example.org}"
    password = {"MICIC_MAILBOX__PASSWORD": "secret"}
    assert problems(tmp_path, text, password) == ["config/settings.yaml:1: mailbox.read_only must be true or false"]


def test_a_named_mailbox_and_relay_are_ready_to_use(tmp_path: Path) -> None:
    settings = load(tmp_path, SERVERS, PASSWORD)
    assert settings.mailbox is not None
    assert settings.mailbox.security is Security.TLS
    assert settings.mailbox.password is not None
    assert settings.mailbox.password.get_secret_value() == "s3cret-word"
    assert settings.mailbox.folders.by_outcome()[Outcome.SET_ASIDE] == "Set aside"
    assert settings.relay is not None
    assert settings.relay.user is None


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load(tmp_path, SERVERS, PASSWORD)
    with pytest.raises(ValueError, match="frozen"):
        settings.staff.time_zone = "UTC"  # type: ignore[misc]


def test_printing_settings_shows_no_secret(tmp_path: Path) -> None:
    environment = PASSWORD | {"MICIC_STORE__DATABASE": "postgresql://micic:s3cret-word@db.example.org/micic"}
    assert "s3cret-word" not in repr(load(tmp_path, SERVERS, environment))


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    environment = {
        "MICIC_STAFF__DIGEST_AT": "18:30",
        "MICIC_STAFF__DIGEST_TO": "a@example.org, b@example.org",
        "MICIC_LIMITS__READ__PAGES": "40",
        "MICIC_LOGGING__LEVEL": "",  # compose files hand over what is not set
        "MICIC_CONFIG": "/etc/micic",  # no key of a section
    }
    settings = load(tmp_path, 'staff: {digest_at: "06:00"}\nlogging: {level: debug}', environment)
    assert settings.staff.digest_at == time(18, 30)
    assert settings.staff.digest_to == ("a@example.org", "b@example.org")
    assert settings.limits.read.pages == 40
    assert settings.logging.level == "debug"


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret-word\n")
    settings = load(tmp_path, SERVERS, {"MICIC_MAILBOX__PASSWORD_FILE": str(tmp_path / "secret")})
    assert settings.mailbox is not None
    assert settings.mailbox.password is not None
    assert settings.mailbox.password.get_secret_value() == "s3cret-word"


def test_a_certificate_file_is_no_secret_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("certificates")
    settings = load(tmp_path, SERVERS, PASSWORD | {"MICIC_MAILBOX__CA_FILE": "ca.pem"})
    assert settings.mailbox is not None
    assert settings.mailbox.ca_file == tmp_path / "ca.pem"


def test_relative_paths_start_beside_the_config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    settings = load(tmp_path, "store: {data: data, blobs: /srv/blobs}")
    assert settings.store.data == tmp_path / "data"
    assert settings.store.blob_folder == Path("/srv/blobs")


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
mailbox:
  host: imap.example.org
  prot: 993
  user: 12
  folders:
    enrolld: Done
stof: 1
staff:
  digest_to: [team@example.org, nobody]
  digest_at: 7
  time_zone: Vienna
limits: 3
retry:
  attempts: 1000
  jitter: much
  first_seconds: true
logging: {level: loud}
"""
    assert problems(tmp_path, text, {"MICIC_STAFF__LANGUAGE": "de", "MICIC_MAILBOX__POT": "1"}) == [
        'environment variable MICIC_MAILBOX__POT: "pot" is not known in mailbox: did you mean "port"?',
        'config/settings.yaml:7: "stof" is not known here: did you mean "store"?',
        "config/settings.yaml: relay.host is missing: name the server that sends mail",
        "config/settings.yaml:4: mailbox.user must be text: write it in quotation marks",
        'config/settings.yaml:6: "enrolld" is not known in mailbox.folders: did you mean "enrolled"?',
        'config/settings.yaml:3: "prot" is not known in mailbox: did you mean "port"?',
        "config/settings.yaml:9: staff.digest_to.1 must be one mail address such as name@example.org, and nothing else",
        'config/settings.yaml:10: staff.digest_at must be an hour and minute in quotation marks, such as "07:00"',
        "config/settings.yaml:11: staff.time_zone must be a time zone of the IANA list, such as Europe/Vienna",
        "environment variable MICIC_STAFF__LANGUAGE: staff.language must be one of 'en', 'fr', 'es', 'ar' or 'ru'",
        'config/settings.yaml:12: limits must be a section: indented lines "key: value" below it',
        "config/settings.yaml:14: retry.attempts must be at most 100",
        "config/settings.yaml:16: retry.first_seconds must be a number",
        "config/settings.yaml:15: retry.jitter must be a number",
        "config/settings.yaml:17: logging.level must be one of 'debug', 'info', 'warning' or 'error'",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staff:\n  time_zone: UTC\n bad", "config/settings.yaml:3: is not YAML here"),
        ("staff:\n  language: en\n  language: fr", 'config/settings.yaml:3: found duplicate key "language": keep one'),
        ("- mailbox", 'config/settings.yaml:1: must consist of lines such as "key: value"'),
        ("mailbox:\n\tport: 1", "config/settings.yaml:2: is not YAML here"),
    ],
)
def test_a_file_that_is_no_yaml_gives_the_line(tmp_path: Path, text: str, said: str) -> None:
    (told,) = problems(tmp_path, text)
    assert told.startswith(said)


def test_a_file_in_another_encoding_gives_the_line(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_bytes("mailbox:\n  folder: Reçus".encode("latin-1"))
    with pytest.raises(ConfigProblem, match=r"settings.yaml:2: is not UTF-8 here"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("mailbox:\n  password: s3cret-word", "MICIC_MAILBOX__PASSWORD"),
        ("relay:\n  password: s3cret-word", "MICIC_RELAY__PASSWORD"),
        ("store:\n  database: postgresql://micic:s3cret-word@db/micic", "MICIC_STORE__DATABASE"),
        ("store:\n  database: postgresql://db/micic?password=s3cret-word", "MICIC_STORE__DATABASE"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str, variable: str) -> None:
    (told,) = problems(tmp_path, text)
    assert told.startswith("config/settings.yaml:2: ")
    assert variable in told
    assert "s3cret-word" not in told


def test_a_database_without_a_password_may_stand_in_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, "store: {database: postgresql://micic@db.example.org:5432/micic}")
    assert settings.store.database_url == "postgresql://micic@db.example.org:5432/micic"


def test_a_wrong_secret_is_not_repeated(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "", {"MICIC_STORE__DATABASE": "mysql://micic:s3cret-word@db/micic"})
    assert told.startswith("environment variable MICIC_STORE__DATABASE: store.database must be sqlite:")
    assert "s3cret-word" not in told


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"MICIC_MAILBOX__PASSWORD": ""}, "the password of mailbox.user is missing"),
        ({"MICIC_MAILBOX__SECURITY": "plain", "MICIC_MAILBOX__PORT": "143"}, "lets everybody on the way read along"),
        ({"MICIC_MAILBOX__PORT": "143"}, "write security: starttls"),
        ({"MICIC_RELAY__PORT": "465"}, "write security: tls"),
        ({"MICIC_RELAY__USER": "micic"}, "the password of relay.user is missing"),
        ({"MICIC_RELAY__CA_FILE": "nowhere.pem"}, "relay.ca_file names no file"),
        ({"MICIC_MAILBOX__FOLDERS__UPDATED": "INBOX"}, "must be another folder"),
        ({"MICIC_RETRY__CAP_SECONDS": "5"}, "must be at least retry.first_seconds"),
        ({"MICIC_MAILBOX__PASSWORD_FILE": "/nowhere/secret"}, "names a file that cannot be read"),
    ],
)
def test_what_cannot_work_together_is_refused(tmp_path: Path, extra: dict[str, str], said: str) -> None:
    told = problems(tmp_path, SERVERS, PASSWORD | extra)
    assert any(said in line for line in told), told


OAUTH = (
    SERVERS.replace("  user: roster", "  user: roster\n  login: oauth")
    + """\
oauth:
  provider: microsoft
  tenant: example.org
  client_id: 00000000-0000-0000-0000-000000000000
"""
)
CLIENT_SECRET = {"MICIC_OAUTH__CLIENT_SECRET": "s3cret-word"}


def test_a_login_by_token_needs_no_password(tmp_path: Path) -> None:
    settings = load(tmp_path, OAUTH, CLIENT_SECRET)
    assert settings.logs_in_by_token
    assert settings.oauth.client_secret is not None
    assert "s3cret-word" not in repr(settings)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"MICIC_OAUTH__CLIENT_SECRET": ""}, "give it as environment variable MICIC_OAUTH__CLIENT_SECRET"),
        ({"MICIC_OAUTH__PROVIDER": "google"}, "give it as environment variable MICIC_OAUTH__REFRESH_TOKEN"),
        ({"MICIC_OAUTH__PROVIDER": "other"}, "oauth.token_url is missing"),
        ({"MICIC_OAUTH__TOKEN_URL": "http://login.example.org/token"}, "must begin with https://"),
        ({"MICIC_OAUTH__TOKEN_URL": "https://[login"}, "must begin with https://"),
        ({"MICIC_OAUTH__SECRET_ENDS": "next year"}, "must be a date such as"),
        ({"MICIC_OAUTH__CA_FILE": "nowhere.pem"}, "oauth.ca_file names no file"),
        ({"MICIC_RELAY__LOGIN": "oauth"}, "relay.user is missing"),
    ],
)
def test_what_a_login_by_token_lacks_is_told(tmp_path: Path, extra: dict[str, str], said: str) -> None:
    told = problems(tmp_path, OAUTH, CLIENT_SECRET | extra)
    assert any(said in line for line in told), told


@pytest.mark.parametrize("key", ["tenant", "client_id"])
def test_what_microsoft_wants_to_know_is_told(tmp_path: Path, key: str) -> None:
    (told,) = problems(tmp_path, re.sub(rf"  {key}: .*\n", "", OAUTH), CLIENT_SECRET)
    assert f"oauth.{key} is missing" in told


def test_a_client_secret_in_the_file_is_refused(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, OAUTH + "  client_secret: s3cret-word\n", CLIENT_SECRET)
    assert "must not stand in a file" in told
    assert "s3cret-word" not in told


def test_a_server_on_this_machine_may_be_plain(tmp_path: Path) -> None:
    text = SERVERS.replace("imap.example.org", "127.0.0.1\n  port: 1143\n  security: plain")
    settings = load(tmp_path, text, PASSWORD)
    assert settings.mailbox is not None
    assert settings.mailbox.security is Security.PLAIN


def documented() -> dict[str, str]:
    """key → default, from the table of docs/settings.md."""
    text = (REPOSITORY / "docs/settings.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([a-z_.]+)` \| (.+?) \| .+ \|$", text, re.MULTILINE))


def commented() -> set[str]:
    """The keys of the shipped file that have a comment of their own, or stand below one with a comment."""
    names: list[tuple[int, str, bool]] = []
    found = set()
    for line in (REPOSITORY / "config/settings.yaml").read_text("utf-8").splitlines():
        match = re.match(r"^( *)([a-z_]+):(.*)$", line)
        if match:
            indent, name, rest = len(match[1]), match[2], match[3]
            names = [*(n for n in names if n[0] < indent), (indent, name, "#" in rest)]
            if any(has_comment for _, _, has_comment in names):
                found.add(".".join(n for _, n, _ in names))
    return found


def in_words(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return value.strftime("%H:%M") if isinstance(value, time) else str(getattr(value, "value", value))


def test_every_key_is_documented_with_its_real_default() -> None:
    real = {}
    for key, info in KEYS.items():
        name = ".".join(key)
        if is_secret(info) and key != ("store", "database"):
            real[name] = "secret"
        elif info.default is PydanticUndefined:
            real[name] = "required"
        else:
            real[name] = "none" if info.default is None else f"`{in_words(info.default)}`"
    assert documented() == real


def test_every_key_stands_in_the_shipped_file_with_a_comment() -> None:
    sections = {".".join(key[:n]) for key in KEYS for n in range(1, len(key))}
    assert commented() - sections == {
        ".".join(key) for key, info in KEYS.items() if not is_secret(info) or key == ("store", "database")
    }
