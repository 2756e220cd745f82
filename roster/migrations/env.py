"""Alembic's entry: it runs inside the transaction of roster.store, never on its own."""

from __future__ import annotations

from alembic import context

from roster.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
