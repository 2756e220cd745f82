"""A CV that did not come by mail, put into a mail, so that one pipeline serves both."""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path


def is_mail(path: Path) -> bool:
    return path.suffix.lower() == ".eml"


def as_message(document: Path) -> bytes:
    """A raw mail that carries this file and nothing else.

    The same file gives the same bytes, so that it is recognised when it comes again. Its date is the file's.
    """
    content = document.read_bytes()
    declared, _ = mimetypes.guess_type(document.name)
    main_type, _, sub_type = (declared or "application/octet-stream").partition("/")
    message = EmailMessage()
    message["Date"] = format_datetime(datetime.fromtimestamp(int(document.stat().st_mtime), UTC))
    message["Message-ID"] = f"<{sha256(content).hexdigest()[:32]}@file.invalid>"
    message.add_attachment(content, maintype=main_type, subtype=sub_type, filename=document.name)
    message.set_boundary("=_" + sha256(content).hexdigest()[:32])
    return message.as_bytes()
