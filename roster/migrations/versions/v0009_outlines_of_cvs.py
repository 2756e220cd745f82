"""How a CV was cut is kept beside its text, so that an edit of the rules can be tried on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cv_version", sa.Column("outline", sa.Text(), nullable=False, server_default=""))
