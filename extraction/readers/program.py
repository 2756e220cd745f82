"""Programs beside our own: found on PATH, limited in time and memory, nothing inherited but the sandbox's limits."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from domain.errors import Unreadable
from extraction.readers.limits import ReadLimits

ROOM = 8 * 1024**2  # bytes on the disk; with less, programs fail and do not say why


def find(name: str) -> str | None:
    return shutil.which(name)


def run(
    command: Sequence[str],
    *,
    seconds: float,
    limits: ReadLimits,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    """Exit code and what the program printed; `environment` is None for our own.

    Raises Unreadable where it takes too long, OSError on a full disk.
    It stays in the process group of the sandbox child: whoever ends the group ends it too.
    """
    with _more_memory(limits.program_memory):
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
    with process:
        try:
            output, _ = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise Unreadable(f"the program that reads it took longer than {seconds:g} s") from error
    need_room()
    return process.returncode, output


def need_room(size: int = 0) -> None:
    """OSError (ENOSPC) where there is no room for a file of so many bytes: no fault of what is being read."""
    folder = tempfile.gettempdir()
    if shutil.disk_usage(folder).free < size + ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)


@contextmanager
def _more_memory(wanted: int) -> Iterator[None]:
    """A program begins with the limits of its parent, and large ones need more of the address space than we do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft in (resource.RLIM_INFINITY, allowed) or 0 <= allowed < soft:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
