"""Mails that experts and others might send, for the demo. All people are invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from importlib.resources import files

_DATE = re.compile(rb"^Date: [^\r\n]*", re.MULTILINE)


def sample_mails(now: datetime) -> Iterator[bytes]:
    """Raw mails in a fixed order, dated `now`: applications in five languages, and what else comes into a mailbox."""
    folder = files("service.demo") / "applications"
    date = b"Date: " + format_datetime(now).encode("ascii")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".eml"):
            yield _DATE.sub(date, entry.read_bytes(), count=1)
