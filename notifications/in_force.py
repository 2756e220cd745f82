"""The templates that the running program uses: what staff save takes effect by itself, and a mistake does not."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import ConfigProblem, Problem
from notifications.templates import Templates

LOG = logging.getLogger("micic.templates")


@dataclass(slots=True)
class TemplatesInForce:
    """Those of a folder as they were when all of them were last sound. Never a mixture of old and new."""

    folder: Path
    kept: Path | None = None  # where a copy of those lies that were last sound, for a start with a mistake
    problems: tuple[Problem, ...] = field(default=(), init=False)  # of the files as they stand there now
    loaded: str = field(default="", init=False)  # fingerprint of the folder when it was last taken over
    _sound: Templates | None = field(default=None, init=False)
    _seen: str = field(default="", init=False)  # what was last tried

    @property
    def current(self) -> Templates:
        """Those in force, loaded if none are. ConfigProblem where there never were sound ones."""
        if self._sound is None:
            self.refresh()
        assert self._sound is not None
        return self._sound

    def refresh(self) -> bool:
        """Take over what changed, if all of it is sound; else `problems` says why not, and the last sound ones stay.

        Whether something was taken over. ConfigProblem where there are none to stay.
        """
        seen = fingerprint(self.folder)
        if seen == self._seen:
            return False
        try:
            self._sound = Templates.load(self.folder)
        except ConfigProblem as error:
            self.problems = error.problems
            self._sound = self._sound or self._of_before()
            if self._sound is None:
                raise
            LOG.error("the templates cannot be used as they are now, those of before stay: %s", error)  # noqa: TRY400 - no bug
            self._seen = seen
            return False
        if self._seen:
            LOG.info("the templates were changed and are in force")
        self.problems, self.loaded, self._seen = (), seen, seen
        return True

    def _of_before(self) -> Templates | None:
        """The copy; None where there is none, or another version of the program kept it and they lack something."""
        try:
            return Templates.load(self.kept) if self.kept is not None else None
        except ConfigProblem:
            return None  # whoever asked tells what is wrong with the folder itself


def fingerprint(folder: Path) -> str:
    """Changes whenever a file of the folder does. Files that cannot be read count as empty: loading tells of them."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".txt", ".html", ".yaml")):
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
        total.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return total.hexdigest()
