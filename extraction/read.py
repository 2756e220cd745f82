"""Bytes of a document to its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers.limits import ReadLimits

__all__ = ["ReadLimits", "read"]

Reader = Callable[[Path, ReadLimits], DocumentText]

# Module and function, imported when first needed: a child that reads one PDF should not wait for the others.
READERS = {
    "application/pdf": "pdf:read",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "ooxml:read",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx:read",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx:read",
    "application/x-word-xml": "word_xml:read",
    "application/x-excel-xml": "sheet_xml:read",
    "application/msword": "office:read_doc",
    "application/vnd.ms-excel": "xls:read",
    "application/vnd.ms-powerpoint": "ppt:read",
    "application/vnd.wordperfect": "office:read_wordperfect",
    "application/vnd.ms-works": "office:read_works",
    "application/x-mimearchive": "mhtml:read",
    "application/vnd.sun.xml.writer": "odt:read",
    "application/x-opendocument-flat": "odt:read_flat",
    "application/rtf": "office:read_rtf",
    "text/rtf": "office:read_rtf",
    "text/html": "html:read",
    "application/xhtml+xml": "html:read",
    "text/plain": "plain:read",
    "text/csv": "plain:read",
    "image/jpeg": "picture:read",
    "image/png": "picture:read",
    "image/tiff": "picture:read",
    "image/webp": "picture:read",
    "image/gif": "picture:read",
    "image/bmp": "picture:read",
    "image/heic": "picture:read",
    "image/avif": "picture:read",
    "image/jp2": "picture:read",
}
# For files on which the first reader crashes, hangs or takes all memory. They are no standing of what they read
# (`versions`): the machine may have been busy, so that such a file is read anew when it is met again.
SECOND_READERS = {
    "application/pdf": "pdf_plain:read",
    "application/msword": "office:read_words_of_doc",
}
VERSION = re.compile(r"[a-z][\w+]*/\d+")
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."  # texts, workbooks, slides, and templates of each
ENCRYPTED = frozenset({"application/x-ole-encrypted"})


def versions() -> frozenset[str]:
    """The readers by name and version, as they stand on what they read: each module names its own by constants."""
    places = {place.partition(":")[0] for place in READERS.values()}
    constants = (value for place in places for value in vars(import_module(f"extraction.readers.{place}")).values())
    return frozenset(value for value in constants if isinstance(value, str) and VERSION.fullmatch(value))


def read(path: Path, *, media_type: str, limits: ReadLimits, again: bool = False) -> DocumentText:
    """Read a document of a known type, as its bytes show it; `again`: by the second reader of its type.

    Raises Unreadable, with the reason for staff, where there is no reader, no text, or the file is damaged,
    protected or over a limit.
    """
    if media_type in ENCRYPTED:
        raise Unreadable("the file is protected by a password")
    readers = SECOND_READERS if again else READERS
    place = "odt:read" if media_type.startswith(OPEN_DOCUMENT) and not again else readers.get(media_type)
    if place is None and media_type.startswith("image/"):
        raise Unreadable(f"no reader for pictures of the type {media_type}; it can be sent as PDF or JPEG")
    if place is None:
        raise Unreadable(f"no reader for files of the type {media_type}")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limits.file_bytes:
        raise Unreadable(f"the file is larger than {limits.file_bytes // 1024**2} MB")
    module, _, function = place.partition(":")
    reader: Reader = getattr(import_module(f"extraction.readers.{module}"), function)
    text = reader(path, limits)
    if not any(c.isalnum() for block in text.blocks for c in block.text):
        raise Unreadable("the file holds no text")
    return text
