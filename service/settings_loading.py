"""The settings of a folder: config/settings.yaml, each key overridden by the environment, all problems told at once."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import get_args
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from domain.errors import ConfigProblem, Problem
from service.settings import (
    AnswerSettings,
    ConsoleSettings,
    LimitSettings,
    LoggingSettings,
    Login,
    MailboxSettings,
    OAuthSettings,
    Provider,
    RelaySettings,
    RetrySettings,
    Section,
    Security,
    Settings,
    StaffSettings,
    StoreSettings,
    VirusScanSettings,
)
from service.settings_files import Key, Place, Sheet, check, keys_of, read_sheet, siblings, unknown

FILE = "settings.yaml"
PREFIX = "MICIC_"
BETWEEN = "__"  # section and key in the name of a variable
FROM_FILE = "_FILE"  # a variable of that ending names a file that holds the secret

SECTIONS: Mapping[str, type[Section]] = {
    "mailbox": MailboxSettings,
    "relay": RelaySettings,
    "oauth": OAuthSettings,
    "store": StoreSettings,
    "staff": StaffSettings,
    "answers": AnswerSettings,
    "limits": LimitSettings,
    "retry": RetrySettings,
    "virus_scan": VirusScanSettings,
    "console": ConsoleSettings,
    "logging": LoggingSettings,
}
SERVERS = ("mailbox", "relay")
KEYS: Mapping[Key, FieldInfo] = {key: info for name, model in SECTIONS.items() for key, info in keys_of(model, (name,))}


def is_secret(info: FieldInfo) -> bool:
    kind = info.annotation
    return SecretStr in (get_args(kind) if isinstance(kind, UnionType) else (kind,))


def load_settings(config: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the folder `config`, each key overridden by MICIC_<SECTION>__<KEY> of the environment.

    A missing settings.yaml means all defaults. Relative paths start at the folder that holds `config`.
    Raises ConfigProblem with every problem of file and environment at once.
    """
    shown = f"{config.name}/{FILE}"
    sheet = Sheet(places={(): Place(file=shown)})
    problems: list[Problem] = []
    if (config / FILE).exists():
        sheet, problems = read_sheet(config / FILE, shown=shown)
    problems += _misplaced_secrets(sheet)
    problems += _overlay(sheet, environment)
    problems += (
        sheet.place((name,)).problem(unknown((name,), list(SECTIONS))) for name in sheet.values if name not in SECTIONS
    )
    served = {name for name in SERVERS if _has_host(sheet, name)}
    if "mailbox" in served and "relay" not in served:
        problems.append(
            sheet.place(("relay", "host")).problem("relay.host is missing: name the server that sends mail")
        )
    sections: dict[str, Section] = {}
    for name, model in SECTIONS.items():
        if name in SERVERS and name not in served:
            _stand_in(sheet, name)
        section, faults = check(model, sheet, at=(name,), context={"base": config.resolve().parent})
        problems += faults
        if section is not None and (name in served or name not in SERVERS):
            sections[name] = section
            problems += (sheet.place((name, *key)).problem(words) for key, words in _contradictions(section))
    if problems:
        raise ConfigProblem(*problems)
    settings = Settings.model_validate(sections)
    if settings.mailbox and settings.staff.alarm_after_minutes * 60 <= settings.mailbox.poll_seconds:
        words = "staff.alarm_after_minutes must be longer than mailbox.poll_seconds: else the alarm is always on"
        problems.append(sheet.place(("staff", "alarm_after_minutes")).problem(words))
    problems += (sheet.place(("oauth", name)).problem(words) for name, words in _lacking_for_tokens(settings))
    if problems:
        raise ConfigProblem(*problems)
    return settings


def _has_host(sheet: Sheet, name: str) -> bool:
    section = sheet.values.get(name)
    return isinstance(section, dict) and section.get("host") is not None


def _stand_in(sheet: Sheet, name: str) -> None:
    """Let the other keys of a server that is not named be checked all the same."""
    section = sheet.values.get(name)
    if section is None or isinstance(section, dict):
        user = {"user": (section or {}).get("user") or "nobody"}
        sheet.values[name] = (section or {}) | user | {"host": "unnamed.invalid"}


def _misplaced_secrets(sheet: Sheet) -> list[Problem]:
    """Secrets that stand in the file; they are taken out, so that nothing repeats them."""
    problems = []
    for key, info in KEYS.items():
        section = sheet.values.get(key[0])
        if not is_secret(info) or not isinstance(section, dict) or section.get(key[1]) is None:
            continue
        if key == ("store", "database") and not _has_password(str(section[key[1]])):
            continue
        variable = PREFIX + BETWEEN.join(key).upper()
        words = f"{'.'.join(key)} holds a secret and must not stand in a file: take it out, give it as {variable}"
        problems.append(sheet.place(key).problem(f"{words} or name a file that holds it as {variable}{FROM_FILE}"))
        del section[key[1]]
    return problems


def _has_password(url: str) -> bool:
    parts = urlsplit(url)
    return parts.password is not None or "password" in parse_qs(parts.query)


def _overlay(sheet: Sheet, environment: Mapping[str, str]) -> list[Problem]:
    """Put the values of the environment over those of the file. An empty variable counts as not given."""
    problems = []
    for variable, value in sorted(environment.items()):
        if not variable.startswith(PREFIX) or BETWEEN not in variable or not value.strip():
            continue
        place = Place(file=f"environment variable {variable}")
        key = tuple(variable.removeprefix(PREFIX).lower().split(BETWEEN))
        stem = (*key[:-1], key[-1].removesuffix(FROM_FILE.lower()))
        if key not in KEYS and stem in KEYS and is_secret(KEYS[stem]):
            try:
                _put(sheet, stem, Path(value).read_text("utf-8").strip(), place)
            except (OSError, UnicodeDecodeError):
                problems.append(place.problem(f"names a file that cannot be read: {value}"))
        elif key in KEYS:
            _put(sheet, key, value, place)
        elif key[0] not in SECTIONS:
            problems.append(place.problem(unknown(key[:1], list(SECTIONS))))
        else:
            problems.append(place.problem(unknown(key, siblings(SECTIONS[key[0]], key[1:-1]))))
    return problems


def _put(sheet: Sheet, key: Key, value: str, place: Place) -> None:
    inside = sheet.values
    for name in key[:-1]:
        if not isinstance(inside.get(name), dict):
            inside[name] = {}
        inside = inside[name]
    inside[key[-1]] = value
    sheet.places[key] = place


def _contradictions(section: Section) -> Iterator[tuple[Key, str]]:
    """What is wrong between keys that are right each by itself."""
    if isinstance(section, MailboxSettings | RelaySettings):
        yield from _server_contradictions(section)
    if isinstance(section, MailboxSettings):
        for outcome, folder in section.folders.by_outcome().items():
            if folder == section.folder:
                yield ("folders", outcome.value), f"must be another folder than mailbox.folder, {folder}"
    if isinstance(section, RelaySettings) and section.keep_sent and section.sent_folder is None:
        yield ("sent_folder",), "relay.sent_folder is missing: name the folder in which copies are kept"
    if isinstance(section, VirusScanSettings) and section.socket is not None and section.host is not None:
        yield ("host",), "virus_scan.socket and virus_scan.host name two daemons: keep one of them"
    if isinstance(section, ConsoleSettings) and section.url is not None and not _is_safe(section.url):
        yield ("url",), "console.url must begin with https://: whoever reads a link on the way could use it"
    if isinstance(section, RetrySettings) and section.cap_seconds < section.first_seconds:
        yield ("cap_seconds",), "retry.cap_seconds must be at least retry.first_seconds"


def _server_contradictions(section: MailboxSettings | RelaySettings) -> Iterator[tuple[Key, str]]:
    name = "mailbox" if isinstance(section, MailboxSettings) else "relay"
    if section.ca_file is not None and not section.ca_file.is_file():
        yield ("ca_file",), f"{name}.ca_file names no file: {section.ca_file}"
    if section.login is Login.OAUTH and section.user is None:
        yield ("user",), f"{name}.user is missing: name the account that the relay knows the program by"
    if section.login is Login.PASSWORD and section.user is not None and section.password is None:
        variable = f"{PREFIX}{name.upper()}{BETWEEN}PASSWORD"
        yield ("user",), f"the password of {name}.user is missing: give it as environment variable {variable}"
    if section.security is Security.PLAIN and not _is_here(section.host):
        yield ("security",), f"{name}.security plain lets everybody on the way read along: write tls or starttls"
    if section.security is not Security.TLS and section.port in (993, 465):
        yield ("security",), f"{name}.port {section.port} speaks tls from the first byte: write security: tls"
    if section.security is Security.TLS and section.port in (143, 587, 25):
        yield ("security",), f"{name}.port {section.port} begins without tls: write security: starttls"


def _lacking_for_tokens(settings: Settings) -> Iterator[tuple[str, str]]:
    """What the section oauth must say once something logs in by token."""
    oauth = settings.oauth
    if not settings.logs_in_by_token:
        return
    if oauth.client_id is None:
        yield "client_id", "oauth.client_id is missing: the number or name under which the application is registered"
    if oauth.provider is Provider.MICROSOFT and oauth.tenant is None and oauth.token_url is None:
        yield "tenant", "oauth.tenant is missing: the number of your organisation's directory, or its domain"
    elif oauth.endpoint_url is None:
        yield "token_url", "oauth.token_url is missing: name the provider, microsoft or google, or its token endpoint"
    elif not _is_safe(oauth.endpoint_url):
        yield "token_url", "oauth.token_url must begin with https://: secrets are sent there"
    if oauth.provider is Provider.GOOGLE and oauth.refresh_token is None:
        yield "provider", f"Google wants a refresh token: give it as environment variable {PREFIX}OAUTH__REFRESH_TOKEN"
    elif oauth.client_secret is None and oauth.refresh_token is None:
        variable = f"{PREFIX}OAUTH__CLIENT_SECRET"
        yield "client_id", f"the secret of oauth.client_id is missing: give it as environment variable {variable}"
    if oauth.ca_file is not None and not oauth.ca_file.is_file():
        yield "ca_file", f"oauth.ca_file names no file: {oauth.ca_file}"


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.scheme == "https" or _is_here(parts.hostname or ""))
    except ValueError:
        return False


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
