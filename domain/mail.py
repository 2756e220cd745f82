"""Mail as it arrives: where it lies, what it carries, what kind of message it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What kind of message it is; exactly one. The meaning of each: docs/glossary.md."""

    APPLICATION = "application"
    UPDATE = "update"
    WITHDRAWAL = "withdrawal"
    ENQUIRY = "enquiry"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    SPAM = "spam"
    OTHER = "other"


class ReplyLanguage(StrEnum):
    """The five languages in which the programme answers."""

    EN = "en"
    FR = "fr"
    ES = "es"
    AR = "ar"
    RU = "ru"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MessageKey:
    """A place on the server. It names a place, never a message: the same bytes may lie in several."""

    mailbox: str  # the folder, decoded
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that lies in the inbox, not fetched yet."""

    key: MessageKey
    size: int  # bytes, as the server says
    arrived_at: datetime  # INTERNALDATE, with a time zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mail address as a header writes it."""

    name: str  # the display name; empty where there is none. The sender's claim, never a person's name by itself
    email: str  # local part and domain as written; compare with lower()


class Fate(StrEnum):
    """What became of a part. Every part has exactly one fate and a reason."""

    BODY = "body"  # its text is (part of) what the sender wrote
    DOCUMENT = "document"  # handed to extraction as a document
    CONTAINER = "container"  # multipart, archive, nested message: its inner parts have fates of their own
    DECORATION = "decoration"  # inline logo, signature picture, tracking pixel
    DUPLICATE = "duplicate"  # another rendering or copy of a part that has a fate already
    IGNORED = "ignored"  # no document by nature: signature, calendar entry, contact card, delivery report
    EMPTY = "empty"
    REFUSED = "refused"  # over a limit or unsafe; only the raw mail keeps it
    UNREADABLE = "unreadable"  # a document of which no text could be had


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One node of the MIME tree, or one member of an archive in it. Its bytes lie in the parse folder by digest."""

    path: str  # IMAP section numbers, "2.1"; members of an archive follow a slash, "2/1"; "0" is the message itself
    file_name: str | None  # the sender's spelling, decoded; shown to staff, never used as a path
    declared_type: str  # lower-case media type that the sender claims
    detected_type: str  # what the bytes say; decides which reader is used
    disposition: str | None  # "attachment", "inline" or None
    content_id: str | None
    size: int  # decoded bytes
    digest: str  # SHA-256 of the decoded bytes, hex
    fate: Fate
    reason: str  # in words for staff, never empty; what its reading adds stands on lines of its own below


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What a message says of the delivery of another: as RFC 3464 has it, or in the words of a mail server."""

    quoted: tuple[str, ...]  # Message-IDs, with angle brackets, that it gives back; one may be of a mail of ours
    action: str  # RFC 3464 §2.3.3: failed, delayed, delivered, relayed, expanded; empty where it does not say
    status: str  # RFC 3463, such as 5.1.1; empty where it does not say
    told: str  # the server's own words, one line; empty where there are none

    @property
    def permanent(self) -> bool:
        """Whether another mail to the same address would fare no better."""
        return self.action in ("failed", "") and self.status.startswith("5")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMessage:
    """A message taken apart. Pure data: no bytes of attachments, no library objects."""

    message_id: str | None  # with angle brackets; None where absent or unusable
    sent_at: datetime | None  # Date header, with a time zone (UTC where it has none)
    sender: Address | None  # From
    reply_to: tuple[Address, ...]
    recipients: tuple[Address, ...]  # To and Cc
    return_path: str | None  # "" for the null return path <>, None where the header is absent
    subject: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]  # (lower-case name, unfolded decoded value), in order; capped in length
    body: str  # the body as text (from text/plain, else from HTML), whole
    written: str  # what the sender wrote anew: body without quoted earlier mail and without an inline forward
    parts: tuple[Part, ...]  # depth first, the root first; those of nested messages included
    nested: tuple[ParsedMessage, ...]  # attached messages (message/rfc822) and one inline forward, outermost first
    defects: tuple[str, ...]  # what was wrong with the mail and how it was repaired
    report: DeliveryReport | None = None  # what it says of a delivery, whether it is a bounce or not

    def header(self, name: str) -> str | None:
        """The first header of that name (any case), None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A sentence of subject or body that says what the message is about, found by config/rules/triage/."""

    name: str  # the rule set, such as "withdrawal", "enquiry", "out_of_office", "advertising"
    rule: str  # the rule's id
    sentence: str
    place: str  # "subject", "body" or "header"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """What the roster knows of whoever wrote a message, before it is said what kind of message it is."""

    has: frozenset[str] = frozenset()  # digests of the CVs of whoever the From address is
    answers: str | None = None  # the template of the acknowledgement of ours that it replies to

    @property
    def on_roster(self) -> bool:
        """Nobody is without a CV."""
        return bool(self.has)


STRANGER = Acquaintance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What kind of message it is, whom to answer, and why."""

    kind: Kind
    answer: Address | None  # whom an acknowledgement would go to; None where none may be sent
    why: tuple[str, ...]  # in words for staff, never empty
    review: tuple[str, ...]  # reasons for a person to look; empty where there are none
