"""What is kept: tables, migrations, the ledger of messages, identity of people, search, the outbox."""
