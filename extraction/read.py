"""Bytes of a document to its text."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers.limits import ReadLimits

__all__ = ["ReadLimits", "read"]

Reader = Callable[[Path, ReadLimits], DocumentText]

# Imported when first needed: a child that reads one PDF should not wait for the others.
READERS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "ooxml",
    "application/vnd.oasis.opendocument.text": "odt",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "plain",
    "text/csv": "plain",
}


def read(path: Path, *, media_type: str, limits: ReadLimits) -> DocumentText:
    """Read a document of a known type, as its bytes show it.

    Raises Unreadable, with the reason for staff, where there is no reader, no text, or the file is damaged,
    protected or over a limit.
    """
    module = READERS.get(media_type)
    if module is None:
        raise Unreadable(f"no reader for files of the type {media_type}")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limits.file_bytes:
        raise Unreadable(f"the file is larger than {limits.file_bytes // 1024**2} MB")
    reader: Reader = import_module(f"extraction.readers.{module}").read
    text = reader(path, limits)
    if not any(c.isalnum() for block in text.blocks for c in block.text):
        raise Unreadable("the file holds no text")
    return text
