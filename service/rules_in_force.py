"""The rules that the roster was last tagged with, kept beside it: an edit is compared with them before it goes live."""

from __future__ import annotations

import logging
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from extraction.rule_files import rules_hash

FOLDER = "rules-in-force"  # in the data folder

LOG = logging.getLogger("micic.rules")


def kept_rules(data: Path) -> Path | None:
    """None where nothing was tagged yet."""
    folder = data / FOLDER
    return folder if folder.is_dir() else None


def keep_rules(rules: Path, data: Path, *, loaded: str) -> None:
    """Copy the folder of rules, as long as it is still what was loaded; `loaded` is the hash of that.

    Whoever reads meanwhile finds the copy of before or the new one. On a disk that takes no copy none is kept: no
    mail is to wait for that, and the next start tries again.
    """
    kept = data / FOLDER
    if kept.is_dir() and rules_hash(kept) == loaded:
        return
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=data, prefix=f"{FOLDER}-", ignore_cleanup_errors=True) as made:
            _replace(kept, rules, Path(made), loaded=loaded)
    except OSError as error:
        LOG.warning("the rules in force cannot be copied into %s (%s); rules impact misses them", data, _why(error))


def _replace(kept: Path, rules: Path, made: Path, *, loaded: str) -> None:
    fresh, old = made / "fresh", made / "old"
    shutil.copytree(rules, fresh)
    if rules_hash(fresh) != loaded:
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
