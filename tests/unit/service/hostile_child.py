"""A sandbox child whose jobs misbehave in every way that parsers do."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from pathlib import Path

from domain.errors import ConfigProblem, Problem, Unreadable
from service.jobs import Job
from service.sandbox_child import main


def answer(given: str) -> str:
    return given[::-1]


def hang(given: str) -> str:
    time.sleep(60)
    return given


def hang_with_a_child(given: str) -> str:
    process = subprocess.Popen(["sleep", "60"])
    Path(given).write_text(str(process.pid))
    return hang(given)


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
        unreadable,
        misconfigured,
        fill_the_disk,
        bug,
    )
}

if __name__ == "__main__":
    main(JOBS)
