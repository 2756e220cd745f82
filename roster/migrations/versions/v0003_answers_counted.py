"""Answers are counted by address and domain; what comes back to our mails is tied to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("message", sa.Column("unanswered", sa.Text(), nullable=True))
    for name in ("template", "address", "domain"):
        op.add_column("outbox", sa.Column(name, sa.Text(), nullable=True))
    _fill_in()
    op.create_index("ix_outbox_address_queued_at", "outbox", ["address", "queued_at"], unique=False)
    op.create_index("ix_outbox_domain_queued_at", "outbox", ["domain", "queued_at"], unique=False)
    op.create_index("ix_outbox_queued_at", "outbox", ["queued_at"], unique=False)
    op.create_table(
        "reaction",
        sa.Column("message", KEY, nullable=False),
        sa.Column("mail", KEY, nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_reaction_message"),
        sa.ForeignKeyConstraint(["mail"], ["outbox.id"], name="fk_reaction_mail", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message", name="pk_reaction"),
    )
    op.create_index("ix_reaction_mail", "reaction", ["mail"], unique=False)
    op.create_table(
        "bounced",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("mail", KEY, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["mail"], ["outbox.id"], name="fk_bounced_mail", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("address", name="pk_bounced"),
    )
    op.create_index("ix_bounced_mail", "bounced", ["mail"], unique=False)
    op.drop_column("address", "bounced_at")  # nothing ever wrote it; the new table also holds who is no person's


def _fill_in() -> None:
    """Acknowledgements of before have one recipient each."""
    outbox = sa.table(
        "outbox",
        sa.column("id"),
        sa.column("purpose"),
        sa.column("recipients", sa.JSON()),
        sa.column("address"),
        sa.column("domain"),
    )
    db = op.get_bind()
    mine = outbox.c
    for id_, recipients in db.execute(sa.select(mine.id, mine.recipients).where(mine.purpose == "acknowledgement")):
        local, _, domain = recipients[0].lower().rpartition("@")
        key = f"{local.partition('+')[0] or local}@{domain}"
        db.execute(sa.update(outbox).where(mine.id == id_).values(address=key, domain=domain))
