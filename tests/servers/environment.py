"""The environment by which `micic` is led to the suite's private servers, and to nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from tests.servers.dovecot import PASSWORD


def environment_for(*, imap: int, smtp: int, user: str, data: Path, **more: str) -> dict[str, str]:
    """Ports of an IMAP and an SMTP server on this machine, a mailbox, a data folder; `more` without MICIC_."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MICIC_")}
    settings = {
        "MAILBOX__HOST": "127.0.0.1",
        "MAILBOX__PORT": str(imap),
        "MAILBOX__SECURITY": "plain",
        "MAILBOX__USER": user,
        "MAILBOX__PASSWORD": PASSWORD,
        "RELAY__HOST": "127.0.0.1",
        "RELAY__PORT": str(smtp),
        "RELAY__SECURITY": "plain",
        "STORE__DATA": str(data),
    }
    return inherited | {f"MICIC_{name}": value for name, value in (settings | more).items()}
