"""The files of config/rules as one state of the rules."""

from __future__ import annotations

import hashlib
from pathlib import Path

_KINDS = ("*.yaml", "*.txt")  # rules and lists of words; long lists of names


def rule_files(folder: Path) -> tuple[str, ...]:
    """The names of all rule files below the folder, sorted: none else is read."""
    return tuple(sorted(path.relative_to(folder).as_posix() for kind in _KINDS for path in folder.rglob(kind)))


def rules_hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of all rule files, hex; the same rules give the same on every machine."""
    digest = hashlib.sha256()
    for name in rule_files(folder):
        content = (folder / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def differing(one: Path, other: Path) -> tuple[str, ...]:
    """The names of the rule files in which two folders differ, or that one of them lacks, sorted."""
    here, there = set(rule_files(one)), set(rule_files(other))
    shared = (name for name in here & there if (one / name).read_bytes() != (other / name).read_bytes())
    return tuple(sorted([*(here ^ there), *shared]))
