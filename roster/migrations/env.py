"""Alembic's entry: it runs inside the transaction of roster.store, never on its own."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
