"""The rules that a running program works by: a copy that no edit reaches (decision 53)."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigProblem, Problem, StorageFails
from extraction.rule_files import rule_files


@dataclass(slots=True, kw_only=True)
class HeldRules:
    """A copy of the rules that no edit reaches: a child that is made later works by the same as those before it."""

    source: Path
    folder: Path
    lock: int  # a descriptor: what clears folders of temporary files leaves one alone that is locked
    loaded: str | None = None  # the hash of the rules in force; None before any were loaded

    def refresh(self) -> None:
        """Take the rules as they are now, unless some are in force. ConfigProblem where a file cannot be read."""
        if self.loaded is not None:
            return
        _empty(self.folder)
        for name in rule_files(self.source):
            try:
                content = (self.source / name).read_bytes()
            except OSError as error:
                message = f"cannot be read: {error.strerror}"
                raise ConfigProblem(Problem(file=f"config/rules/{name}", line=None, message=message)) from error
            try:
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_bytes(content)
            except OSError as error:
                message = f"the rules cannot be copied into {self.folder}: {error.strerror}"
                raise StorageFails(message) from error

    def close(self) -> None:
        shutil.rmtree(_root(self.folder), ignore_errors=True)
        os.close(self.lock)


def hold_rules(source: Path) -> HeldRules:
    """Copy the rules into a folder of their own, among the temporary files. StorageFails where it takes none."""
    try:
        # Named as the folder of which it is a copy: complaints name a file by its last two folders.
        folder = Path(tempfile.mkdtemp(prefix="micic-rules-")) / "config" / "rules"
        folder.mkdir(parents=True)
    except OSError as error:
        raise StorageFails(f"the rules cannot be copied: {error.strerror}") from error
    lock = os.open(_root(folder), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_SH)
    held = HeldRules(source=source, folder=folder, lock=lock)
    try:
        held.refresh()
    except (ConfigProblem, StorageFails):
        held.close()
        raise
    return held


def _root(folder: Path) -> Path:
    """Of the folders of a copy, the temporary one."""
    return folder.parents[1]


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
