"""Copies of the staff's files as they were in force, in the data folder.

Of the rules, so that an edit is compared with them before it goes live; of the templates, so that a mistake in them
does not stop a program that has just been started.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from extraction.rule_files import rules_hash
from notifications.in_force import fingerprint

RULES, TEMPLATES = "rules-in-force", "templates-in-force"  # in the data folder

LOG = logging.getLogger("micic.in_force")


def kept_rules(data: Path) -> Path | None:
    """Those that the roster was last tagged with; None where nothing was tagged yet."""
    folder = data / RULES
    return folder if folder.is_dir() else None


def kept_templates(data: Path) -> Path:
    """Where those lie that were last sound; it may not be there yet."""
    return data / TEMPLATES


def keep_rules(rules: Path, data: Path, *, loaded: str) -> None:
    """`loaded` is the hash of what was loaded. On a disk that takes no copy none is kept: no mail is to wait for that,
    and the next start tries again."""
    try:
        _keep(rules, data / RULES, loaded=loaded, hash_of=rules_hash)
    except OSError as error:
        LOG.warning("the rules in force cannot be copied into %s (%s); rules impact misses them", data, _why(error))


def keep_templates(templates: Path, data: Path, *, loaded: str) -> None:
    """Likewise; `loaded` is their fingerprint."""
    try:
        _keep(templates, data / TEMPLATES, loaded=loaded, hash_of=fingerprint)
    except OSError as error:
        why = _why(error)
        LOG.warning("the templates in force cannot be copied into %s (%s); a restart would miss them", data, why)


def _keep(source: Path, kept: Path, *, loaded: str, hash_of: Callable[[Path], str]) -> None:
    """Copy a folder, as long as it is still what was loaded.

    Whoever reads meanwhile finds the copy of before or the new one.
    """
    if kept.is_dir() and hash_of(kept) == loaded:
        return
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix=f"{kept.name}-", ignore_cleanup_errors=True) as made:
        fresh, old = Path(made) / "fresh", Path(made) / "old"
        shutil.copytree(source, fresh)
        if hash_of(fresh) != loaded:
            return  # it was edited since, and the edit is not in force before the service loads it
        with suppress(FileNotFoundError):  # the first time
            kept.rename(old)
        fresh.rename(kept)


def _why(error: OSError) -> str:
    """In a few words: shutil tells the same of every file."""
    return (
        str(error.args[0][0][2]).partition(": '")[0]
        if isinstance(error, shutil.Error)
        else error.strerror or str(error)
    )
