"""Streams of the compound files ([MS-CFB]) that Office wrote until 2003."""

from __future__ import annotations

from pathlib import Path

import olefile

from domain.charsets import decode_text
from extraction.readers.properties import Properties
from extraction.readers.properties import properties as in_order

_NAMES = {
    "title": "title", "subject": "subject", "author": "author", "last_saved_by": "last modified by",
    "creating_application": "application", "company": "company", "create_time": "created",
    "last_saved_time": "modified",
}  # fmt: skip


def properties(path: Path) -> Properties:
    """What the file says of itself ([MS-OLEPS]); nothing where that is damaged."""
    try:
        with olefile.OleFileIO(str(path)) as file:
            said = file.get_metadata()
            found = [(name, _decoded(getattr(said, name))) for name in _NAMES]
    except Exception:  # noqa: BLE001 - olefile raises a dozen kinds on damaged files; properties are no more than a hint
        return ()
    return in_order(found, _NAMES)


def _decoded(value: object) -> str:
    return decode_text(value, None)[0] if isinstance(value, bytes) else str(value or "")


def stream(path: Path, name: str, most: int) -> bytes | None:
    """The first `most` bytes of a stream; None where the file has none of this name, or is damaged."""
    try:
        with olefile.OleFileIO(str(path)) as file:
            if not file.exists(name):
                return None
            with file.openstream(name) as opened:
                return bytes(opened.read(most))
    except Exception:  # noqa: BLE001 - olefile raises a dozen kinds on damaged files; then another reader may try
        return None
