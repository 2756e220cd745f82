"""A sandbox child whose jobs misbehave in every way that parsers do."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from domain.errors import ConfigProblem, Problem, Unreadable
from service.jobs import Job
from service.sandbox_child import main
from service.sandbox_folder import GIVEN, MADE

MIB = 1_048_576
HELD: list[bytearray] = []


def answer(given: str) -> str:
    return given[::-1]


def hang(given: str) -> str:
    time.sleep(60)
    return given


def hang_with_a_child(given: str) -> str:
    """`given` seconds, by which the test finds it."""
    subprocess.Popen(["sleep", given])
    return hang(given)


def leave_a_child(given: str) -> str:
    """Of the kind that takes care not to be found: forked twice, in a session of its own where it may."""
    first = os.fork()
    if not first:
        with contextlib.suppress(OSError):
            os.setsid()
        if not os.fork():
            os.execvp("sleep", ["sleep", given])
        os._exit(0)
    os.waitpid(first, 0)
    return given


def spin(given: str) -> str:
    while True:
        given = given[::-1]


def eat_memory(given: str) -> str:
    return given * 2**34


def crash(_given: str) -> str:
    os.kill(os.getpid(), signal.SIGSEGV)
    return ""


def exit_early(_given: str) -> str:
    os._exit(3)


def fill_the_disk_with_one_file(_given: str) -> str:
    with Path("large").open("wb") as file:
        while True:
            file.write(bytes(MIB))


def fill_the_disk_with_many_files(_given: str) -> str:
    for number in itertools.count():
        Path(str(number)).write_bytes(bytes(MIB))
        time.sleep(0.001)
    return ""


def bury_the_disk(_given: str) -> str:
    """Folders in folders, deeper than most programs go."""
    while True:
        Path("in").mkdir()
        os.chdir("in")


def leave_a_file(given: str) -> str:
    Path("left").write_text(given)
    return given


def list_files(_given: str) -> str:
    return " ".join(sorted(path.name for path in Path().iterdir()))


def make_files(_given: str) -> str:
    (MADE / "copy").write_bytes(GIVEN.read_bytes())
    (MADE / "link").symlink_to("/etc/passwd")
    os.mkfifo(MADE / "pipe")
    return ""


def read_file(given: str) -> str:
    return tried(lambda: str(len(Path(given).read_bytes())))


def write_file(given: str) -> str:
    return tried(lambda: str(Path(given).write_text("taken")))


def ask_for_a_socket(given: str) -> str:
    return tried(lambda: socket.socket(getattr(socket, given)).close() or "a socket")


def connect_to(given: str) -> str:
    return tried(lambda: str(socket.socket(socket.AF_UNIX).connect(given)))


def signal_the_parent(_given: str) -> str:
    return tried(lambda: str(os.kill(os.getppid(), 0)))


def descriptors(_given: str) -> str:
    """Those that are open besides the three standard ones."""
    found = []
    for number in range(3, 256):
        with contextlib.suppress(OSError):
            os.fstat(number)
            found.append(number)
    return str(len(found))


def limits(_given: str) -> str:
    return " ".join(str(resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0]) for name in ("CORE", "NOFILE"))


def tried(attempt: Callable[[], str]) -> str:
    try:
        return attempt()
    except OSError as error:
        return errno.errorcode[error.errno or 0]


def hold_on_to_memory(given: str) -> str:
    HELD.append(bytearray(int(given) * MIB))
    return given


def talk_without_end(given: str) -> str:
    return given * 3_000_000


def print_and_answer(given: str) -> str:
    print("not part of the answer", flush=True)
    os.write(1, b"nor this")
    return given


def environment(_given: str) -> str:
    return "\n".join(f"{name}={value}" for name, value in os.environ.items())


def unreadable(_given: str) -> str:
    raise Unreadable("is protected by a password")


def misconfigured(_given: str) -> str:
    raise ConfigProblem(Problem(file="config/rules/x.yaml", line=4, message="is no list"))


def fill_the_disk(_given: str) -> str:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somebody's file")


def bug(given: str) -> str:
    raise KeyError(given)


JOBS = {
    function.__name__: Job(function.__name__, function, str, str)
    for function in (
        answer,
        hang,
        hang_with_a_child,
        spin,
        eat_memory,
        crash,
        exit_early,
        talk_without_end,
        print_and_answer,
        environment,
        leave_a_child,
        fill_the_disk_with_one_file,
        fill_the_disk_with_many_files,
        bury_the_disk,
        leave_a_file,
        list_files,
        make_files,
        read_file,
        write_file,
        ask_for_a_socket,
        connect_to,
        signal_the_parent,
        descriptors,
        limits,
        hold_on_to_memory,
        unreadable,
        misconfigured,
        fill_the_disk,
        bug,
    )
}

if __name__ == "__main__":
    main(JOBS)
