"""How the program can be set: every section, key, default and bound frozen. Every key: docs/settings.md."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit
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

from domain.mail import ReplyLanguage
from domain.moves import Outcome

DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
# Where strangers to each other have their mailboxes: no cap of their own.
SHARED_DOMAINS = (
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "yahoo.fr",
    "icloud.com",
    "mail.ru",
    "yandex.ru",
)
ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")

LISTEN = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}")


class Security(StrEnum):
    TLS = "tls"  # from the first byte (RFC 8314 §3)
    STARTTLS = "starttls"  # required, never optional
    PLAIN = "plain"  # only for a server on this machine


class Login(StrEnum):
    PASSWORD = "password"  # noqa: S105 - no secret
    OAUTH = "oauth"  # by an access token; see the section oauth


class Provider(StrEnum):
    MICROSOFT = "microsoft"
    GOOGLE = "google"
    OTHER = "other"


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic gathers ValueErrors
    return value


def _one_or_many(value: Any) -> Any:
    if isinstance(value, str):  # from the environment, or a single one
        return tuple(part.strip() for part in value.split(",") if part.strip())
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
    login: Login = Login.PASSWORD
    password: SecretStr | None = None  # never None once loaded, where the login is by password
    folder: Name = "INBOX"
    folders: FolderSettings = FolderSettings()
    poll_seconds: Annotated[Whole, Field(ge=5, le=86_400)] = 120
    idle_seconds: Annotated[Whole, Field(ge=1, le=40)] = 40  # a dead line is to show within a minute
    timeout_seconds: Annotated[Number, Field(ge=1, le=600)] = 30
    batch: Annotated[Whole, Field(ge=1, le=500)] = 200
    read_only: bool = False
    authserv_id: Name | None = None
    ca_file: SomePath | None = None


class RelaySettings(Section):
    host: Name
    port: Port = 587
    security: Security = Security.STARTTLS
    user: Name | None = None
    login: Login = Login.PASSWORD
    password: SecretStr | None = None
    envelope_from: MailAddress | None = None
    redirect_to: MailAddress | None = None
    dry_run: bool = False
    per_minute: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    per_hour: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    sent_folder: Name | None = None
    keep_sent: bool = False
    timeout_seconds: Annotated[Number, Field(ge=1, le=600)] = 30
    ca_file: SomePath | None = None


class OAuthSettings(Section):
    """Where access tokens come from, for whatever logs in by `login: oauth`."""

    provider: Provider = Provider.OTHER
    tenant: Name | None = None
    client_id: Name | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None  # the first one: see service/refreshing.py
    token_url: Name | None = None
    scope: Name | None = None
    secret_ends: date | None = None
    ca_file: SomePath | None = None

    @property
    def endpoint_url(self) -> str | None:
        """The provider's own unless another is named; None where staff must name one."""
        match self.provider:
            case _ if self.token_url:
                return self.token_url
            case Provider.MICROSOFT if self.tenant:
                return f"https://login.microsoftonline.com/{quote(self.tenant, safe='')}/oauth2/v2.0/token"
            case Provider.GOOGLE:
                return "https://oauth2.googleapis.com/token"
        return None

    @property
    def asked_scope(self) -> str | None:
        """None leaves it to the provider: all that the refresh token was given for (RFC 6749 §6)."""
        if self.scope or self.provider is not Provider.MICROSOFT:
            return self.scope
        # All that an administrator has granted on Exchange Online, by the name that each of the two ways wants.
        if self.refresh_token:
            return "https://outlook.office.com/.default offline_access"
        return "https://outlook.office365.com/.default"


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
    digest_to: Annotated[tuple[MailAddress, ...], BeforeValidator(_one_or_many)] = ()
    digest_at: time = time(7, 0)
    time_zone: Name = "Europe/Vienna"
    language: ReplyLanguage = ReplyLanguage.EN
    digest_evidence: bool = True
    alarm_after_minutes: Annotated[Whole, Field(ge=5, le=100_000)] = 60
    keep_months: Annotated[Whole, Field(ge=1, le=600)] | None = None

    @property
    def alarm_after(self) -> timedelta:
        """How long the mailbox may stay unread before somebody must look."""
        return timedelta(minutes=self.alarm_after_minutes)

    def due_before(self, now: datetime) -> datetime | None:
        """Entries without a CV since then are due to be looked through; None where no age is set."""
        return now - timedelta(days=round(365.25 / 12 * self.keep_months)) if self.keep_months else None

    def overdue(self, last_pass: datetime | None, *, now: datetime) -> bool:
        """Whether the mailbox was not read to its end for longer than that; so too where it never was."""
        return last_pass is None or now - last_pass > self.alarm_after

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

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


class AnswerSettings(Section):
    read_back: bool = True
    window_hours: Annotated[Whole, Field(ge=1, le=720)] = 24
    per_address: Annotated[Whole, Field(ge=1, le=100)] = 3
    per_address_days: Annotated[Whole, Field(ge=1, le=365)] = 30
    per_domain: Annotated[Whole, Field(ge=1, le=100_000)] = 50
    overall: Annotated[Whole, Field(ge=1, le=100_000)] = 500
    shared_domains: Annotated[tuple[Name, ...], BeforeValidator(_one_or_many)] = SHARED_DOMAINS

    @field_validator("shared_domains")
    @classmethod
    def _in_lower_case(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("@" in domain or "." not in domain for domain in value):
            raise ValueError("must be domains such as gmail.com")
        return tuple(domain.lower() for domain in value)


class ParseLimits(Section):
    seconds: Annotated[Whole, Field(ge=1, le=3600)] = 20
    memory_mib: Annotated[Whole, Field(ge=256, le=65_536)] = 1536
    parts: Annotated[Whole, Field(ge=1, le=100_000)] = 1000
    depth: Annotated[Whole, Field(ge=1, le=100)] = 20
    ratio: Annotated[Whole, Field(ge=2, le=10_000)] = 200
    unpacked_mib: Annotated[Whole, Field(ge=1, le=8192)] = 200


class ReadLimits(Section):
    seconds: Annotated[Whole, Field(ge=1, le=3600)] = 180
    memory_mib: Annotated[Whole, Field(ge=256, le=65_536)] = 1536
    pages: Annotated[Whole, Field(ge=1, le=10_000)] = 80
    recognised_pages: Annotated[Whole, Field(ge=0, le=1000)] = 12
    pages_at_once: Annotated[Whole, Field(ge=1, le=64)] = 2


class LimitSettings(Section):
    workers: Annotated[Whole, Field(ge=1, le=64)] = 2
    parse: ParseLimits = ParseLimits()
    read: ReadLimits = ReadLimits()


class RetrySettings(Section):
    attempts: Annotated[Whole, Field(ge=1, le=100)] = 8
    first_seconds: Annotated[Number, Field(ge=1, le=86_400)] = 60
    cap_seconds: Annotated[Number, Field(ge=1, le=604_800)] = 21_600
    jitter: Annotated[Number, Field(ge=0, le=1)] = 0.2


class VirusScanSettings(Section):
    """A ClamAV daemon that is to look at every mail before it is opened. Neither socket nor host: none is."""

    socket: SomePath | None = None
    host: Name | None = None
    port: Port = 3310
    timeout_seconds: Annotated[Number, Field(ge=1, le=3600)] = 120

    @property
    def address(self) -> str | tuple[str, int] | None:
        if self.socket is not None:
            return str(self.socket)
        return (self.host, self.port) if self.host is not None else None


class ConsoleSettings(Section):
    """The pages that the links of the digest lead to. Without a URL the digest has no links."""

    url: Name | None = None  # without a slash at its end
    listen: Name = "127.0.0.1:8025"
    link_days: Annotated[Whole, Field(ge=1, le=90)] = 14

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @field_validator("url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else None

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        if not LISTEN.fullmatch(value) or int(value.rpartition(":")[2]) > 65535:
            raise ValueError("must be an address and a port such as 127.0.0.1:8025")
        return value


class LoggingSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["text", "json"] = "text"


class Settings(Section):
    """Everything that is set. A mailbox or relay is None where no host is named: the demo brings its own."""

    mailbox: MailboxSettings | None = None
    relay: RelaySettings | None = None
    oauth: OAuthSettings = OAuthSettings()
    store: StoreSettings = StoreSettings()
    staff: StaffSettings = StaffSettings()
    answers: AnswerSettings = AnswerSettings()
    limits: LimitSettings = LimitSettings()
    retry: RetrySettings = RetrySettings()
    virus_scan: VirusScanSettings = VirusScanSettings()
    console: ConsoleSettings = ConsoleSettings()
    logging: LoggingSettings = LoggingSettings()

    @property
    def logs_in_by_token(self) -> bool:
        return any(server is not None and server.login is Login.OAUTH for server in (self.mailbox, self.relay))
