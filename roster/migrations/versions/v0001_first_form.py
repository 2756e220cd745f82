"""The first form of everything that is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "digest_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_digest_day"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "mail_pass",
        sa.Column("id", KEY, nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("filed", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mail_pass"),
    )
    op.create_index("ix_mail_pass_finished_at", "mail_pass", ["finished_at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("sender_key", sa.Text(), nullable=True),
        sa.Column("answer", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("reply_language", sa.String(length=2), nullable=True),
        sa.Column("review", sa.JSON(), nullable=True),
        sa.Column("why", sa.JSON(), nullable=True),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("rules_hash", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.CheckConstraint("(stage = 'settled') = (outcome IS NOT NULL)", name="ck_message_outcome_once_settled"),
        sa.CheckConstraint(
            "kind IN ('application', 'update', 'withdrawal', 'enquiry', 'auto_reply', 'bounce', 'spam', 'other')",
            name="ck_message_kind",
        ),
        sa.CheckConstraint(
            "outcome IN ('enrolled', 'updated', 'answered', 'set_aside', 'withdrawal', 'needs_review')",
            name="ck_message_outcome",
        ),
        sa.CheckConstraint("reply_language IN ('en', 'fr', 'es', 'ar', 'ru')", name="ck_message_reply_language"),
        sa.CheckConstraint("stage IN ('received', 'settled', 'quarantined')", name="ck_message_stage"),
        sa.CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="ck_message_whole_lease"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("digest", name="uq_message_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["run_at", "id"],
        unique=False,
        sqlite_where=sa.text("stage = 'received'"),
        postgresql_where=sa.text("stage = 'received'"),
    )
    op.create_index(
        "ix_message_leased",
        "message",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("stage = 'received' AND lease_until IS NOT NULL"),
        postgresql_where=sa.text("stage = 'received' AND lease_until IS NOT NULL"),
    )
    op.create_index("ix_message_moved_at", "message", ["moved_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("message", KEY, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("rfc_message_id", sa.Text(), nullable=False),
        sa.Column("envelope_from", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("lease_owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="ck_outbox_lease_while_sending"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="ck_outbox_sent_at_once_sent"),
        sa.CheckConstraint("purpose IN ('acknowledgement', 'digest')", name="ck_outbox_purpose"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'unknown', 'held', 'given_up')", name="ck_outbox_state"
        ),
        sa.CheckConstraint("(message IS NULL) <> (day IS NULL)", name="ck_outbox_one_cause"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_outbox_message"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("purpose", "day", name="uq_outbox_purpose_day"),
        sa.UniqueConstraint("purpose", "message", name="uq_outbox_purpose_message"),
        sa.UniqueConstraint("rfc_message_id", name="uq_outbox_rfc_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_run_at", "outbox", ["state", "run_at"], unique=False)
    op.create_table(
        "part",
        sa.Column("message", KEY, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("declared_type", sa.Text(), nullable=False),
        sa.Column("detected_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "fate IN ('body', 'document', 'container', 'decoration', 'duplicate', 'ignored', 'empty', "
            "'refused', 'unreadable')",
            name="ck_part_fate",
        ),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_part_message"),
        sa.PrimaryKeyConstraint("message", "position", name="pk_part"),
    )
    op.create_table(
        "person",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entered_with", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_name", sa.Text(), nullable=False),
        sa.Column("nationalities", sa.JSON(), nullable=False),
        sa.Column("residence", sa.String(length=2), nullable=True),
        sa.Column("degree", sa.String(length=16), nullable=True),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=True),
        sa.Column("cv_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("degree IN ('doctorate', 'master', 'bachelor', 'other')", name="ck_person_degree"),
        sa.ForeignKeyConstraint(["entered_with"], ["message.id"], name="fk_person_entered_with"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_residence", "person", ["residence"], unique=False)
    op.create_index("ix_person_search_name", "person", ["search_name"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("message", KEY, nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_sighting_message"),
        sa.PrimaryKeyConstraint("id", name="pk_sighting"),
        sa.UniqueConstraint("mailbox", "uid_validity", "uid", name="uq_sighting_mailbox_uid_validity_uid"),
    )
    op.create_index("ix_sighting_message", "sighting", ["message"], unique=False)
    op.create_index(
        "ix_sighting_unfiled",
        "sighting",
        ["id"],
        unique=False,
        sqlite_where=sa.text("filed_at IS NULL"),
        postgresql_where=sa.text("filed_at IS NULL"),
    )
    op.create_table(
        "address",
        sa.Column("person", KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("bounced_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('email', 'phone')", name="ck_address_kind"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_address_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "kind", "value", name="pk_address"),
    )
    op.create_index("ix_address_kind_value", "address", ["kind", "value"], unique=False)
    op.create_table(
        "cv_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("message", KEY, nullable=False),
        sa.Column("part_path", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cv', 'letter', 'certificate', 'photo', 'form', 'other')", name="ck_cv_version_kind"
        ),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_cv_version_message"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_cv_version_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_cv_version"),
        sa.UniqueConstraint("person", "message", "part_path", name="uq_cv_version_person_message_part_path"),
    )
    op.create_index("ix_cv_version_message", "cv_version", ["message"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("message", KEY, nullable=False),
        sa.Column("part_path", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(length=24), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rules_hash", sa.Text(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("about IN ('theme', 'input', 'language')", name="ck_evidence_about"),
        sa.CheckConstraint(
            "section IN ('personal', 'summary', 'objective', 'experience', 'education', "
            "'training_attended', 'training_given', 'languages', 'publications', 'skills', 'interests', "
            "'references', 'letter', 'other')",
            name="ck_evidence_section",
        ),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_evidence_message"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_evidence_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_message", "evidence", ["message"], unique=False)
    op.create_index("ix_evidence_person_about_key", "evidence", ["person", "about", "key"], unique=False)
    op.create_table(
        "language_skill",
        sa.Column("person", KEY, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("found", sa.String(length=8), nullable=True),
        sa.Column("confirmed", sa.String(length=8), nullable=True),
        sa.Column("holds", sa.String(length=8), nullable=True),
        sa.Column("claimed", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "coalesce(holds, 'none') = coalesce(confirmed, found, 'none')", name="ck_language_skill_holding"
        ),
        sa.CheckConstraint(
            "confirmed IN ('native', 'C', 'B', 'A', 'unknown', 'none')", name="ck_language_skill_confirmed"
        ),
        sa.CheckConstraint("found IN ('native', 'C', 'B', 'A', 'unknown')", name="ck_language_skill_found"),
        sa.CheckConstraint("holds IN ('native', 'C', 'B', 'A', 'unknown')", name="ck_language_skill_holds"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_language_skill_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "code", name="pk_language_skill"),
    )
    op.create_index("ix_language_skill_code_holds", "language_skill", ["code", "holds"], unique=False)
    op.create_table(
        "tag",
        sa.Column("person", KEY, nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.CheckConstraint("about IN ('theme', 'input')", name="ck_tag_about"),
        sa.CheckConstraint("holds = coalesce(confirmed, found)", name="ck_tag_holding"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_tag_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "about", "key", name="pk_tag"),
    )
    op.create_index("ix_tag_key_holds", "tag", ["key", "holds"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _full_text_of_postgresql()
    else:
        _full_text_of_sqlite()


# Stems are words already: both indexes take them as they are, and SQLAlchemy's metadata does not know them.


def _full_text_of_postgresql() -> None:
    # A tsvector holds 1 MB; a document longer than 200,000 characters is found by its beginning.
    op.execute(
        "ALTER TABLE cv_version ADD COLUMN search_words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', left(stems, 200000))) STORED"
    )
    op.execute("CREATE INDEX search_cv_version ON cv_version USING gin (search_words)")


def _full_text_of_sqlite() -> None:
    """An index beside the table, not a second copy of the text; triggers keep it in step (FTS5 §4.4.3)."""
    op.execute(
        "CREATE VIRTUAL TABLE search_cv_version USING fts5("
        "stems, content='cv_version', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
    )
    forget = "INSERT INTO search_cv_version(search_cv_version, rowid, stems) VALUES ('delete', old.id, old.stems);"
    learn = "INSERT INTO search_cv_version(rowid, stems) VALUES (new.id, new.stems);"
    for event, work in (("INSERT", learn), ("DELETE", forget), ("UPDATE OF id, stems", forget + learn)):
        name = event.split()[0].lower()
        op.execute(f"CREATE TRIGGER search_cv_version_{name} AFTER {event} ON cv_version BEGIN {work} END")
