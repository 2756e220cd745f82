"""What is kept, table by table. Migrations build the same; a test compares them on both databases."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from domain.mail import Fate, Kind, ReplyLanguage
from domain.moves import Delivery, Outcome, Stage
from domain.profile import Degree, DocumentKind, Level, SectionKind
from roster.columns import NAMING, Instant, Key, Prose, Words, of_person, one_of


class Purpose(StrEnum):
    """What an outgoing mail is for. One cause has at most one mail of each purpose."""

    ACKNOWLEDGEMENT = "acknowledgement"
    DIGEST = "digest"


class Ending(StrEnum):
    """How a message came to lie in its place no longer."""

    FILED = "filed"  # by us, into its folder
    BY_HAND = "by_hand"  # somebody else moved or deleted it
    RENUMBERED = "renumbered"  # a new UIDVALIDITY, or another folder in the settings: the old place names nothing


class AddressKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class About(StrEnum):
    """What a piece of evidence speaks for."""

    THEME = "theme"
    INPUT = "input"
    LANGUAGE = "language"


TAGS = (About.THEME, About.INPUT)
REJECTED = "none"  # a person's word that somebody does not speak a language that a rule found
LEVELS = tuple(Level)

metadata = sa.MetaData(naming_convention=NAMING)

message = Table(
    "message",
    metadata,
    Column("id", Key, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the raw bytes: the mail's identity
    Column("size", sa.BigInteger, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("sender_key", Prose),  # messages of one key are worked on one at a time; NULL: no such rule
    Column("answer", sa.Boolean(), nullable=False),  # False: imported, so that nobody is answered
    Column("stage", String(16), nullable=False),
    Column("moved_at", Instant, nullable=False),  # when the stage last changed
    Column("attempts", Integer, nullable=False),  # since it was received, or retried; fences off older claims
    Column("run_at", Instant, nullable=False),  # not to be worked on before
    Column("lease_owner", String(120)),
    Column("lease_until", Instant),
    Column("error", Prose),
    # What follows is known once it is settled.
    Column("outcome", String(16)),
    Column("kind", String(16)),
    Column("reply_language", String(2)),
    Column("review", Words),
    Column("why", Words),
    Column("folder", Prose),  # where the mailbox files it
    Column("rules_hash", Prose),
    Column("message_id", Prose),
    Column("sent_at", Instant),
    Column("sender", Prose),  # address
    Column("subject", Prose),
    Column("erased_at", Instant),
    Column("unanswered", Prose),  # why nobody was answered, though the message would have had an answer
    one_of("stage", Stage),
    one_of("outcome", Outcome),
    one_of("kind", Kind),
    one_of("reply_language", ReplyLanguage),
    CheckConstraint("(stage = 'settled') = (outcome IS NOT NULL)", name="outcome_once_settled"),
    CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="whole_lease"),
    sqlite_autoincrement=True,
)
_waiting = sa.text("stage = 'received'")
Index("ix_message_due", message.c.run_at, message.c.id, sqlite_where=_waiting, postgresql_where=_waiting)
_leased = sa.text("stage = 'received' AND lease_until IS NOT NULL")
Index("ix_message_leased", message.c.lease_until, sqlite_where=_leased, postgresql_where=_leased)
Index("ix_message_moved_at", message.c.moved_at)

sighting = Table(
    "sighting",
    metadata,
    Column("id", Key, primary_key=True),
    Column("message", Key, ForeignKey("message.id"), nullable=False, index=True),
    Column("mailbox", Prose, nullable=False),
    Column("uid_validity", sa.BigInteger, nullable=False),
    Column("uid", sa.BigInteger, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("gone_at", Instant),  # when it was found to be gone from there; NULL: it lies there
    Column("ending", String(16)),  # how it went; NULL while it lies there
    Column("size", sa.BigInteger),  # bytes, as the server said: another size under the same UID is another message
    Column("refusals", Integer, nullable=False, server_default="0"),  # how often the server would not move it
    Column("file_after", Instant),  # not to be tried before; NULL: at once
    one_of("ending", Ending),
    UniqueConstraint("mailbox", "uid_validity", "uid"),
)
_unfiled = sa.text("gone_at IS NULL")
Index("ix_sighting_unfiled", sighting.c.id, sqlite_where=_unfiled, postgresql_where=_unfiled)

part = Table(
    "part",
    metadata,
    Column("message", Key, ForeignKey("message.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # depth first, from 0
    Column("path", Prose, nullable=False),
    Column("file_name", Prose),
    Column("declared_type", Prose, nullable=False),
    Column("detected_type", Prose, nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("reason", Prose, nullable=False),
    one_of("fate", Fate),
)

person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("entered_with", Key, ForeignKey("message.id"), nullable=False),  # the first message
    Column("name", Prose, nullable=False),  # empty where nobody is named
    Column("search_name", Prose, nullable=False, index=True),  # its words folded, in alphabetical order
    Column("nationalities", Words, nullable=False),
    Column("residence", String(2), index=True),
    Column("degree", String(16)),
    Column("years", Integer),
    Column("eligible", sa.Boolean),
    Column("cv_at", Instant, nullable=False),  # date of the newest CV: an older one fills gaps and overwrites nothing
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    one_of("degree", Degree),
    sqlite_autoincrement=True,
)


address = Table(
    "address",
    metadata,
    of_person(primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("value", Prose, primary_key=True),  # lower-case address, or E.164
    Column("own", sa.Boolean, nullable=False),  # the CV or the body says so; else only a mail came from there
    one_of("kind", AddressKind),
)
Index("ix_address_kind_value", address.c.kind, address.c.value)

cv_version = Table(
    "cv_version",
    metadata,
    Column("id", Key, primary_key=True),
    of_person(),
    Column("message", Key, ForeignKey("message.id"), nullable=False, index=True),
    Column("part_path", Prose, nullable=False),
    Column("file_name", Prose),
    Column("digest", String(64), nullable=False),  # of the document's bytes
    Column("arrived_at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("reader", Prose, nullable=False),
    Column("text", Prose, nullable=False),
    Column("stems", Prose, nullable=False),  # the full-text index holds these
    Column("outline", Prose, nullable=False, server_default=""),  # see domain.profile.DocumentFinding; "": not kept
    one_of("kind", DocumentKind),
    UniqueConstraint("person", "message", "part_path"),
)

# What was read from documents, so that the same file is read once: a cache, see roster.readings.
reading = Table(
    "reading",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the document's bytes
    Column("media_type", Prose, primary_key=True),
    Column("extent", Prose, primary_key=True),
    Column("reader", Prose, nullable=False),
    Column("content", sa.LargeBinary, nullable=False),
)

# found: what rules say. confirmed: what a person says, never touched by rules. holds: what counts now.
language_skill = Table(
    "language_skill",
    metadata,
    of_person(primary_key=True),
    Column("code", String(8), primary_key=True),
    Column("found", String(8)),
    Column("confirmed", String(8)),
    Column("holds", String(8)),
    Column("claimed", Prose, nullable=False),  # the level in the CV's own words
    one_of("found", LEVELS),
    one_of("confirmed", (*LEVELS, REJECTED)),
    one_of("holds", LEVELS),
    CheckConstraint(f"coalesce(holds, '{REJECTED}') = coalesce(confirmed, found, '{REJECTED}')", name="holding"),
)
Index("ix_language_skill_code_holds", language_skill.c.code, language_skill.c.holds)

tag = Table(
    "tag",
    metadata,
    of_person(primary_key=True),
    Column("about", String(8), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("found", sa.Boolean, nullable=False),
    Column("confirmed", sa.Boolean),
    Column("holds", sa.Boolean, nullable=False),
    Column("strength", sa.Float, nullable=False),  # 0 to 1, for ranking only
    one_of("about", TAGS),
    CheckConstraint("holds = coalesce(confirmed, found)", name="holding"),
)
Index("ix_tag_key_holds", tag.c.key, tag.c.holds)

# All that staff have said of them, never changed; the last of each stands in `confirmed`.
correction = Table(
    "correction",
    metadata,
    Column("id", Key, primary_key=True),
    of_person(),
    Column("about", String(8), nullable=False),
    Column("key", String(64), nullable=False),
    Column("found", String(8)),  # what rules said then: yes or no of a tag, a level of a language or NULL
    Column("said", String(8)),  # the same by a person, or none; NULL: what rules find shall hold again
    Column("at", Instant, nullable=False, index=True),
    Column("actor", Prose, nullable=False),
    one_of("about", About),
)
Index("ix_correction_person", correction.c.person)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Key, primary_key=True),
    of_person(),
    Column("about", String(8), nullable=False),
    Column("key", String(64), nullable=False),  # of a tag, or the code of a language
    Column("message", Key, ForeignKey("message.id"), nullable=False, index=True),
    Column("part_path", Prose, nullable=False),
    Column("page", Integer),
    Column("section", String(24), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentence", Prose, nullable=False),
    Column("rule", Prose, nullable=False),
    Column("rules_hash", Prose, nullable=False),
    Column("counted", sa.Boolean, nullable=False),
    Column("reason", Prose, nullable=False),
    Column("began", Integer),  # the year in which the post began, and ended
    Column("ended", Integer),
    one_of("about", About),
    one_of("section", SectionKind),
)
Index("ix_evidence_person_about_key", evidence.c.person, evidence.c.about, evidence.c.key)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("message", Key, ForeignKey("message.id")),  # the cause: a message, or
    Column("day", sa.Date),  # the day of a digest
    Column("rfc_message_id", Prose, nullable=False, unique=True),
    Column("envelope_from", Prose, nullable=False),
    Column("recipients", Words, nullable=False),
    Column("content", sa.LargeBinary, nullable=False),  # empty once erased
    Column("digest", String(64), nullable=False),  # of the content
    Column("state", String(16), nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("run_at", Instant, nullable=False),
    Column("lease_owner", String(120)),
    Column("lease_until", Instant),
    Column("error", Prose),
    Column("queued_at", Instant, nullable=False),
    Column("sent_at", Instant),
    # Of an acknowledgement, to count by: roster.answers.
    Column("template", Prose),
    Column("address", Prose),  # its key
    Column("domain", Prose),
    Column("kept_at", Instant),  # when a copy was put into the folder of sent mail
    Column("discarded_at", Instant),  # of one that is given up: a person decided that it never goes
    one_of("purpose", Purpose),
    one_of("state", Delivery),
    CheckConstraint("(message IS NULL) <> (day IS NULL)", name="one_cause"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_once_sent"),
    CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease_while_sending"),
    UniqueConstraint("purpose", "message"),
    UniqueConstraint("purpose", "day"),
    sqlite_autoincrement=True,
)
Index("ix_outbox_state_run_at", outbox.c.state, outbox.c.run_at)
Index("ix_outbox_moved_at", outbox.c.moved_at)
Index("ix_outbox_address_queued_at", outbox.c.address, outbox.c.queued_at)
Index("ix_outbox_domain_queued_at", outbox.c.domain, outbox.c.queued_at)
Index("ix_outbox_queued_at", outbox.c.queued_at)

mail_hold = Table(
    "mail_hold",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row while all mail is held, else none
    Column("since", Instant, nullable=False),
    Column("digests_go", sa.Boolean(), nullable=False),
    CheckConstraint("id = 1", name="one"),
)

reaction = Table(
    "reaction",
    metadata,
    Column("message", Key, ForeignKey("message.id"), primary_key=True),  # it quotes the Message-ID of a mail of ours
    Column("mail", Key, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("failed", sa.Boolean),  # a bounce: whether for good; NULL where it does not say, or is no bounce
    Column("status", Prose),  # of a bounce: its code and the server's words
)

bounced = Table(
    "bounced",
    metadata,
    Column("address", Prose, primary_key=True),  # its key, as in the outbox
    Column("mail", Key, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("status", Prose, nullable=False),
    Column("at", Instant, nullable=False),
)

digest_day = Table(
    "digest_day",
    metadata,
    Column("day", sa.Date, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
)

mail_pass = Table(
    "mail_pass",
    metadata,
    Column("id", Key, primary_key=True),
    Column("mailbox", Prose, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),  # NULL: it is under way, or broke off
    Column("on_server", Integer, nullable=False),  # messages that lay in the inbox
    Column("fetched", Integer, nullable=False),
    Column("filed", Integer, nullable=False),
    Column("error", Prose),
    # What the ledger knew of those on the server. NULL: the pass broke off before it could compare.
    Column("settled", Integer),
    Column("waiting", Integer),
    Column("quarantined", Integer),
    Column("undelivered", Integer),
    Column("unknown", Integer),
    # What had changed in the inbox without us since the pass before.
    Column("by_hand", Integer),
    Column("renumbered", Integer),
    Column("came_back", Integer),
    Column("closed_at", Instant),  # when it had filed away and compared again; NULL: it was cut off before
)
Index("ix_mail_pass_finished_at", mail_pass.c.finished_at)

undelivered = Table(
    "undelivered",
    metadata,
    Column("mailbox", Prose, primary_key=True),
    Column("uid_validity", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("uid", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("first_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("run_at", Instant, nullable=False),  # not to be asked for before
    Column("error", Prose, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(120), nullable=False),
    Column("until", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Prose, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False),  # such as "person 12": ids, never personal data
    Column("detail", sa.JSON, nullable=False),
)
