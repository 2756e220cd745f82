"""The rules that the roster was last tagged with, kept beside it: an edit is compared with them before it goes live."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from extraction.rule_files import rules_hash

FOLDER = "rules-in-force"  # in the data folder


def kept_rules(data: Path) -> Path | None:
    """None where nothing was tagged yet."""
    folder = data / FOLDER
    return folder if folder.is_dir() else None


def keep_rules(rules: Path, data: Path, *, loaded: str) -> None:
    """Copy the folder of rules, as long as it is still what was loaded; `loaded` is the hash of that.

    Whoever reads meanwhile finds the copy of before or the new one.
    """
    kept = data / FOLDER
    if kept.is_dir() and rules_hash(kept) == loaded:
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data, prefix=f"{FOLDER}-", ignore_cleanup_errors=True) as made:
        fresh, old = Path(made) / "fresh", Path(made) / "old"
        shutil.copytree(rules, fresh)
        if rules_hash(fresh) != loaded:
            return  # it was edited since, and the edit is not in force before the service loads it
        with suppress(FileNotFoundError):  # the first time
            kept.rename(old)
        fresh.rename(kept)
