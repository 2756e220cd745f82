"""File names as staff see them. They are display only: nothing is ever opened or written by a sender's name."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200  # characters

# Marks that turn the direction of what follows make fdp.exe of exe.pdf (Unicode TR 36 §3.4 and UAX 9 §2).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_AS_A_PATH = re.compile(r"^(?:[A-Za-z]:[\\/]|\.{0,2}[\\/]|~[\\/]|file:|\\\\)|\\")


def shown_name(name: str | None) -> str | None:
    """A name without folders, control characters and marks that turn it round; None where nothing is left."""
    if not name:
        return None
    if _AS_A_PATH.search(name):
        name = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    name = _TURNING.sub("", name.replace("/", "_"))
    name = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in name.replace("\x00", ""))
    name = " ".join(name.split())
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: LONGEST - 20]}…{dot}{ending}" if stem and len(ending) < 10 else f"{name[:LONGEST]}…"
    return name if name.strip(". ") else None


def inner_name(path: str | None) -> str | None:
    """The same of a file in a container, whose name there begins with its folders."""
    return shown_name(path.replace("\\", "/").rsplit("/", 1)[-1]) if path else None
