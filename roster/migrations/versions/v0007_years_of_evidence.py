"""Evidence tells the years of the post in which it stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("began", sa.Integer(), nullable=True))
    op.add_column("evidence", sa.Column("ended", sa.Integer(), nullable=True))
