"""Copies of sent mail are kept, mails may be discarded by a person, and sent ones are counted by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from roster.columns import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("kept_at", Instant(), nullable=True))
    op.add_column("outbox", sa.Column("discarded_at", Instant(), nullable=True))
    op.create_index("ix_outbox_moved_at", "outbox", ["moved_at"], unique=False)
