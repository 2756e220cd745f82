"""How the program is set: config/settings.yaml and environment as one frozen value. Every key: docs/settings.md."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

from domain.errors import ConfigProblem, Problem
from domain.mail import ReplyLanguage
from domain.moves import Outcome
from service.settings_files import Key, Place, Sheet, check, keys_of, read_sheet, siblings, unknown

FILE = "settings.yaml"
PREFIX = "MICIC_"
BETWEEN = "__"  # section and key in the name of a variable
FROM_FILE = "_FILE"  # a variable of that ending names a file that holds the secret
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")


class Security(StrEnum):
    TLS = "tls"  # from the first byte (RFC 8314 §3)
    STARTTLS = "starttls"  # required, never optional
    PLAIN = "plain"  # only for a server on this machine


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic gathers ValueErrors
    return value


def address(value: Any) -> Any:
    if isinstance(value, str) and not ADDRESS.fullmatch(value.strip()):
        raise ValueError("must be one mail address such as name@example.org, and nothing else")
    return value.strip() if isinstance(value, str) else value


def _from_base(value: Path, info: ValidationInfo) -> Path:
    base: Path = (info.context or {}).get("base", Path())
    return (base / value.expanduser()).resolve()


Whole = Annotated[int, BeforeValidator(_no_truth)]
Number = Annotated[float, BeforeValidator(_no_truth), Field(allow_inf_nan=False)]
MailAddress = Annotated[str, BeforeValidator(address)]
Name = Annotated[str, Field(min_length=1)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
SomePath = Annotated[Path, AfterValidator(_from_base)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class FolderSettings(Section):
    """The folder of the mailbox into which a message goes once it is settled, by its outcome."""

    enrolled: Name = "Processed"
    updated: Name = "Processed"
    answered: Name = "Processed"
    set_aside: Name = "Set aside"
    withdrawal: Name = "Needs review"
    needs_review: Name = "Needs review"

    def by_outcome(self) -> dict[Outcome, str]:
        return {outcome: getattr(self, outcome.value) for outcome in Outcome}


class MailboxSettings(Section):
    host: Name
    port: Port = 993
    security: Security = Security.TLS
    user: Name
    password: SecretStr | None = None  # never None once loaded
    folder: Name = "INBOX"
    folders: FolderSettings = FolderSettings()
    poll_seconds: Annotated[Whole, Field(ge=5, le=86_400)] = 120
    timeout_seconds: Annotated[Number, Field(ge=1, le=600)] = 30
    batch: Annotated[Whole, Field(ge=1, le=500)] = 50
    ca_file: SomePath | None = None


class RelaySettings(Section):
    host: Name
    port: Port = 587
    security: Security = Security.STARTTLS
    user: Name | None = None
    password: SecretStr | None = None
    envelope_from: MailAddress | None = None
    timeout_seconds: Annotated[Number, Field(ge=1, le=600)] = 30
    ca_file: SomePath | None = None


class StoreSettings(Section):
    data: SomePath = Field(default=Path("var"), validate_default=True)
    database: SecretStr | None = None
    blobs: SomePath | None = None

    @property
    def database_url(self) -> str:
        """The URL with its password: for the engine only, never for a log."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'micic.db'}"

    @property
    def blob_folder(self) -> Path:
        return self.blobs or self.data / "blobs"

    @field_validator("database", mode="after")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and urlsplit(value.get_secret_value()).scheme not in DATABASES:
            raise ValueError("must be sqlite:////path/to/file.db or postgresql://user@host/name")
        return value


class StaffSettings(Section):
    digest_to: tuple[MailAddress, ...] = ()
    digest_at: time = time(7, 0)
    time_zone: Name = "Europe/Vienna"
    language: ReplyLanguage = ReplyLanguage.EN

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @field_validator("digest_to", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        if isinstance(value, str):  # from the environment, or a single reader
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("digest_at", mode="before")
    @classmethod
    def _hour_and_minute(cls, value: Any) -> Any:
        if isinstance(value, time) or (isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value)):
            return value if isinstance(value, time) else datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007
        raise ValueError('must be an hour and minute in quotation marks, such as "07:00"')

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):
            raise ValueError("must be a time zone of the IANA list, such as Europe/Vienna") from None
        return value


class ParseLimits(Section):
    seconds: Annotated[Whole, Field(ge=1, le=3600)] = 20
    memory_mib: Annotated[Whole, Field(ge=256, le=65_536)] = 1536
    parts: Annotated[Whole, Field(ge=1, le=100_000)] = 1000
    depth: Annotated[Whole, Field(ge=1, le=100)] = 20
    ratio: Annotated[Whole, Field(ge=2, le=10_000)] = 200


class ReadLimits(Section):
    seconds: Annotated[Whole, Field(ge=1, le=3600)] = 180
    memory_mib: Annotated[Whole, Field(ge=256, le=65_536)] = 1536
    pages: Annotated[Whole, Field(ge=1, le=10_000)] = 80
    recognised_pages: Annotated[Whole, Field(ge=0, le=1000)] = 12


class LimitSettings(Section):
    workers: Annotated[Whole, Field(ge=1, le=64)] = 2
    parse: ParseLimits = ParseLimits()
    read: ReadLimits = ReadLimits()


class RetrySettings(Section):
    attempts: Annotated[Whole, Field(ge=1, le=100)] = 8
    first_seconds: Annotated[Number, Field(ge=1, le=86_400)] = 60
    cap_seconds: Annotated[Number, Field(ge=1, le=604_800)] = 21_600
    jitter: Annotated[Number, Field(ge=0, le=1)] = 0.2


class LoggingSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["text", "json"] = "text"


class Settings(Section):
    """Everything that is set. A mailbox or relay is None where no host is named: the demo brings its own."""

    mailbox: MailboxSettings | None = None
    relay: RelaySettings | None = None
    store: StoreSettings = StoreSettings()
    staff: StaffSettings = StaffSettings()
    limits: LimitSettings = LimitSettings()
    retry: RetrySettings = RetrySettings()
    logging: LoggingSettings = LoggingSettings()


SECTIONS: Mapping[str, type[Section]] = {
    "mailbox": MailboxSettings,
    "relay": RelaySettings,
    "store": StoreSettings,
    "staff": StaffSettings,
    "limits": LimitSettings,
    "retry": RetrySettings,
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
    return Settings.model_validate(sections)


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
    if isinstance(section, RetrySettings) and section.cap_seconds < section.first_seconds:
        yield ("cap_seconds",), "retry.cap_seconds must be at least retry.first_seconds"


def _server_contradictions(section: MailboxSettings | RelaySettings) -> Iterator[tuple[Key, str]]:
    name = "mailbox" if isinstance(section, MailboxSettings) else "relay"
    if section.ca_file is not None and not section.ca_file.is_file():
        yield ("ca_file",), f"{name}.ca_file names no file: {section.ca_file}"
    if section.user is not None and section.password is None:
        variable = f"{PREFIX}{name.upper()}{BETWEEN}PASSWORD"
        yield ("user",), f"the password of {name}.user is missing: give it as environment variable {variable}"
    if section.security is Security.PLAIN and not _is_here(section.host):
        yield ("security",), f"{name}.security plain lets everybody on the way read along: write tls or starttls"
    if section.security is not Security.TLS and section.port in (993, 465):
        yield ("security",), f"{name}.port {section.port} speaks tls from the first byte: write security: tls"
    if section.security is Security.TLS and section.port in (143, 587, 25):
        yield ("security",), f"{name}.port {section.port} begins without tls: write security: starttls"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
