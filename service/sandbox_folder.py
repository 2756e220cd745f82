"""The folder of a sandbox child, seen from outside: nothing in it is trusted."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from pathlib import Path

GIVEN = Path("given")  # a file that the child is to open, seen from its folder
MADE = Path("made")  # a folder for what it makes of it
MOST_ENTRIES = 20_000


def is_fuller(folder: Path, *, than: int) -> bool:
    """Whether the files in a folder take more bytes on disk, or are more or deeper than anybody needs."""
    used = entries = 0
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as inner:
                for entry in inner:
                    entries += 1
                    found = entry.stat(follow_symlinks=False)
                    used += 512 * found.st_blocks
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(entry.path)
                    if used > than or entries > MOST_ENTRIES:
                        return True
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return True
            continue  # gone since it was listed
    return False


def fetch(made: Path, into: Path) -> None:
    """Move the plain files out. A link could lead out of the folder, and a pipe hold whoever opens it."""
    if not stat.S_ISDIR(os.lstat(made).st_mode):
        return
    for source in list(made.iterdir()):
        target = into / source.name
        if not stat.S_ISREG(os.lstat(source).st_mode):
            continue
        shutil.move(source, target)
        if not stat.S_ISREG(os.lstat(target).st_mode):  # it was another thing by then
            target.unlink()


def clear(folder: Path) -> None:
    """Have an empty MADE in the folder, and nothing else. OSError where that cannot be done."""
    made = folder / MADE  # kept, where it is still a folder: to make one takes the disk longer than all the rest
    _empty(folder, but=MADE.name)
    try:
        made.mkdir()
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(made).st_mode):
            made.unlink()
            made.mkdir()
        _empty(made)


def _empty(folder: Path, *, but: str = "") -> None:
    for entry in list(os.scandir(folder)):
        if entry.name == but:
            continue
        if entry.is_dir(follow_symlinks=False):
            remove(Path(entry.path))
        else:
            Path(entry.path).unlink()


def remove(folder: Path) -> None:
    """Remove a folder with all that lies in it, as far as it can be."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # folders in folders, deeper than shutil goes
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
