"""Streams of the compound files ([MS-CFB]) that Office wrote until 2003."""

from __future__ import annotations

from pathlib import Path

import olefile


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
