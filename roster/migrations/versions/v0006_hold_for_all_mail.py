"""A person may hold all mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from roster.columns import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_hold",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("digests_go", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_mail_hold_one"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_hold"),
    )
