"""What lies in the inbox, how it left, and what the server would not hand out: each pass compares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COMPARED = ("settled", "waiting", "quarantined", "undelivered", "unknown", "by_hand", "renumbered", "came_back")


def upgrade() -> None:
    _sightings()
    # Both databases spell this alike; Alembic would build the table anew on SQLite.
    op.execute("ALTER TABLE mail_pass RENAME COLUMN waiting TO on_server")
    for name in COMPARED:
        op.add_column("mail_pass", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("mail_pass", sa.Column("closed_at", MOMENT, nullable=True))
    op.create_table(
        "undelivered",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "uid_validity", "uid", name="pk_undelivered"),
    )


def _sightings() -> None:
    op.drop_index("ix_sighting_unfiled", "sighting")
    op.execute("ALTER TABLE sighting RENAME COLUMN filed_at TO gone_at")
    op.execute(
        "ALTER TABLE sighting ADD COLUMN ending VARCHAR(16) "
        "CONSTRAINT ck_sighting_ending CHECK (ending IN ('filed', 'by_hand', 'renumbered'))"
    )
    op.execute("UPDATE sighting SET ending = 'filed' WHERE gone_at IS NOT NULL")
    op.add_column("sighting", sa.Column("size", sa.BigInteger(), nullable=True))
    op.add_column("sighting", sa.Column("refusals", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sighting", sa.Column("file_after", MOMENT, nullable=True))
    op.create_index(
        "ix_sighting_unfiled",
        "sighting",
        ["id"],
        unique=False,
        sqlite_where=sa.text("gone_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL"),
    )
