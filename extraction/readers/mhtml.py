"""Web pages in one file (RFC 2557): what Word stores as "single file web page", mostly under the name of a DOC."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from domain.charsets import decode_text, markup_charset
from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import html
from extraction.readers.limits import ReadLimits

READER = "mhtml/1"


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """The first page in it. Raises Unreadable where there is none."""
    try:
        archive = message_from_bytes(path.read_bytes().lstrip())
        page = next((part for part in archive.walk() if part.get_content_type() == "text/html"), None)
    except RecursionError as error:
        raise Unreadable("the file is nested deeper than any page") from error
    data = _content(page) if page is not None else b""
    if not data:
        raise Unreadable("the file is damaged: it holds no page")
    declared = page.get_param("charset") if page is not None else None
    text, _ = decode_text(data, declared if isinstance(declared, str) else markup_charset(data))
    return replace(html.read_text(text, limits), reader=READER)


def _content(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
