"""What the staff's daily digest tells. Figures and facts only: the wording is a template's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.mail import Kind
from domain.moves import Delivery
from domain.profile import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """A new or updated entry of the roster."""

    person: int  # id in the roster
    message: int  # id of the message that it came with
    name: str
    updated: bool  # the person stood on the roster before
    residence: str | None  # ISO 3166-1 alpha-2
    languages: tuple[tuple[str, Level], ...]  # (code, level), best first
    themes: tuple[tuple[str, str], ...]  # (key of THEMES, one sentence of evidence)
    eligible: bool | None
    # On how its documents were read, damaged, hidden text kept apart: (file name or empty, in words for staff).
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMessage:
    """A message that is named in the digest."""

    message: int
    arrived_at: datetime
    sender: str  # address, for staff
    subject: str
    kind: Kind | None  # None where it could not be decided: quarantined
    reasons: tuple[str, ...]  # why it needs a person, or why it was set aside


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMail:
    """An outgoing mail that did not go out as it should."""

    outbox: int
    state: Delivery
    recipients: tuple[str, ...]
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReturn:
    """A mail of ours that came back."""

    message: int  # id of the bounce
    outbox: int
    answers: int | None  # id of the message that the mail answered; None for a digest
    recipients: tuple[str, ...]
    status: str  # code and the server's words; empty where it told none
    for_good: bool  # the address gets no more acknowledgements by itself


class Credential(StrEnum):
    """What the program logs in with and does not last for ever."""

    CLIENT_SECRET = "client_secret"  # noqa: S105 - no secret, but the name of one
    REFRESH_TOKEN = "refresh_token"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialEnd:
    """From that day on there is no login to mailbox or relay, unless a person renews what ends."""

    what: Credential
    ends: date


class Restrained(StrEnum):
    """Why mail does not reach its readers just now, because a person wants it so."""

    HELD = "held"
    REDIRECTED = "redirected"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    how: Restrained
    since: datetime | None = None  # of a hold
    to: str | None = None  # of a redirect: the address that gets everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What lay in the inbox when it was last read, and what the ledger knew of each message there."""

    on_server: int
    settled: int  # decided, and not filed away yet
    waiting: int  # its bytes are safe; to be decided
    quarantined: int
    undelivered: int = 0  # listed by the server, and not handed out
    unknown: int = 0  # came meanwhile: the next pass fetches it

    @property
    def adds_up(self) -> bool:
        return self.on_server == self.settled + self.waiting + self.quarantined


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Of the tags of one kind that rules had found and a person looked at lately: how many were right."""

    key: str  # of a theme or an input, or the code of a language
    language: bool
    looked_at: int
    right: int
    added: int  # by a person, where rules had found none


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    hash: str
    since: datetime | None  # when the first mail was read with them; None: none was yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Entries that have grown old, to be looked through or erased."""

    months: int  # older than that is the newest CV of each
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    waiting: int  # messages received and not settled
    quarantined: int
    last_pass: datetime | None  # when the mailbox was last read to the end
    unsent: int  # outgoing mails queued
    credentials: tuple[CredentialEnd, ...] = ()  # the soonest first
    overdue: bool = False  # the mailbox was not read to the end for longer than staff allow
    inbox: Inbox | None = None  # None: never compared
    by_hand: int = 0  # messages that somebody else moved out of the inbox, in the time told of
    came_back: int = 0  # messages that were met again and filed away again, in the time told of
    restraints: tuple[Restraint, ...] = ()  # what keeps all mail from its readers
    rules: RulesInForce | None = None  # None: none were loaded yet
    due: Due | None = None  # None: staff have said no age
    faulty_templates: tuple[str, ...] = ()  # file:line of what staff wrote and is not in force, since it cannot be used


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that happened from `since` up to `until` (half open)."""

    day: date  # the day that it is named after
    since: datetime
    until: datetime
    arrived: Mapping[Kind, int]
    entries: tuple[DigestEntry, ...]
    review: tuple[DigestMessage, ...]  # what needs a person: review, withdrawals and quarantine
    set_aside: tuple[DigestMessage, ...]
    unsent: tuple[DigestMail, ...]
    health: Health
    roster_size: int
    roster_themes: Mapping[str, int]  # people by theme, over the whole roster
    roster_languages: Mapping[str, int]  # people by language (native or C), over the whole roster
    returned: tuple[DigestReturn, ...] = ()
    unanswered: tuple[DigestMessage, ...] = ()  # had an answer before, or a limit was reached; the reason says which
    answered: Mapping[Kind, int] = field(default_factory=dict)  # acknowledgements that went out, by what they answer
    erased: int = 0  # people who were taken off the roster
    # Of the last weeks, whole days only, the oldest first, none left out:
    arrived_by_day: Mapping[date, int] = field(default_factory=dict)
    precision: tuple[Precision, ...] = ()  # of the last weeks, themes and inputs before languages
    answer_times: tuple[timedelta, ...] = ()  # from arrival to acknowledgement, of what arrived on these days
