"""What every private test server needs: a program, a port, a folder, an unprivileged user, a clean end."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ELSEWHERE = "/usr/sbin:/usr/local/sbin"  # servers often lie outside an ordinary user's PATH


class RunAs(NamedTuple):
    """Whom servers run as: ourselves, or nobody where the suite itself is root (many servers refuse root)."""

    user: str
    group: str
    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that drop root; none where there is none to drop."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def run_as() -> RunAs:
    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return RunAs(entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name, entry.pw_uid, entry.pw_gid)


def program(name: str, *, path: str | None = None) -> str:
    """The full path of a program. Where it is missing the test is skipped by name, and fails in CI."""
    found = shutil.which(name, path=path or f"{os.environ.get('PATH', '')}:{ELSEWHERE}")
    if found:
        return found
    complaint = f"{name} is not installed"
    if os.environ.get("CI"):
        pytest.fail(complaint)
    pytest.skip(complaint)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def short_folder(prefix: str) -> Iterator[Path]:
    """A folder that the server's user owns, gone afterwards.

    Not pytest's tmp_path: paths of Unix sockets must stay below 108 bytes, and the user must be able to reach it.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir="/tmp"))
    try:
        folder.chmod(0o755)
        give(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give(folder: Path) -> None:
    """Hand a folder and all in it to the user that servers run as."""
    if os.geteuid() != 0:
        return
    who = run_as()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, who.uid, who.gid, follow_symlinks=False)


def wait_for_port(port: int, process: subprocess.Popen[bytes], *, greeting: bytes = b"", seconds: float = 15) -> None:
    """Return once the server takes connections and, where asked, greets. RuntimeError: it ended; TimeoutError: late."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"server ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as s:
                s.settimeout(2)
                if not greeting or s.recv(len(greeting)) == greeting:
                    return
        except OSError:
            pass  # not up yet
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers on port {port}")


def stop(process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, seconds: float = 5) -> None:
    """End a process that we started; by force where it does not heed the signal."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
