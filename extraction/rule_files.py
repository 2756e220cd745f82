"""The files of config/rules as one state of the rules."""

from __future__ import annotations

import hashlib
from pathlib import Path


def rules_hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of all rule files, hex; the same rules give the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml"), key=lambda path: path.relative_to(folder).as_posix()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
