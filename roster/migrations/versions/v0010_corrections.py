"""What staff say of what rules found in a CV is kept, with who said so and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from roster.columns import Instant, Key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("found", sa.String(length=8), nullable=True),
        sa.Column("said", sa.String(length=8), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("about IN ('theme', 'input', 'language')", name="ck_correction_about"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_correction_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_person", "correction", ["person"], unique=False)
    op.create_index("ix_correction_at", "correction", ["at"], unique=False)
