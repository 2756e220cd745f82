"""What should become of a message. A decision is a value; carrying it out is another's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.mail import Address, Kind, ParsedMessage, Part, ReplyLanguage
from domain.moves import Outcome
from domain.profile import Level, ReadDocument, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The promise to answer an applicant, and all that its wording may use."""

    template: str  # a folder of config/templates/: received, unreadable, update, enquiry, withdrawal, closed
    to: Address
    language: ReplyLanguage
    name: str  # for the salutation; empty where it is not sure
    subject: str  # of the message that is answered
    in_reply_to: str | None  # its Message-ID
    references: tuple[str, ...]
    files: tuple[str, ...]  # names of the CVs that arrived and could be read
    unreadable: tuple[str, ...]  # names of the documents that could not
    # What was understood from the CV; empty where it is not sure that the one who is answered is the one it speaks of.
    languages: tuple[tuple[str, Level], ...] = ()  # (code, level)
    themes: tuple[str, ...] = ()  # keys of THEMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything that follows from a message; one transaction carries it out."""

    kind: Kind
    outcome: Outcome
    message: ParsedMessage
    parts: tuple[Part, ...]  # with their final fates
    understanding: Understanding
    documents: tuple[ReadDocument, ...]
    acknowledgement: Acknowledgement | None  # None: nobody is answered
    review: tuple[str, ...]  # reasons for a person to look
    why: tuple[str, ...]  # how the kind was decided
    folder: str  # where the mailbox files the message, last of all


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A mail ready for the relay."""

    message_id: str  # our own, stable: the same cause always gives the same
    envelope_from: str  # "" for the null return path
    recipients: tuple[str, ...]
    content: bytes  # the whole message, CRLF line ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to work on a row until the lease ends. The attempt number fences off an older holder."""

    id: int
    digest: str  # of a message: SHA-256 of its raw bytes; of an outgoing mail: of its content
    owner: str
    attempt: int  # counted from 1
    lease_until: datetime
