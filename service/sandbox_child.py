"""The child's side of the sandbox: puts up its walls, then takes a request, sets its limits, does the job, answers."""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from domain.errors import ConfigProblem, NeedsReview
from service.frames import BYTES_OF_LENGTH, Answer, Request, pack, unpack, unpack_length
from service.jobs import JOBS, WALLS, Job
from service.sandbox_walls import put_up

DISK_FAILS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})
MOST_FILES = 256
MOST_PROCESSES = 4096  # of the account, all its programs together: the kernel counts no other way
MIB = 1_048_576
GRACE = 10  # seconds after which an answer is no longer waited for: whoever waited is gone


def main(jobs: Mapping[str, Job[Any, Any]] = JOBS) -> None:
    """Work until the parent closes the pipe. The arguments of the command are what may be read besides the program."""
    requests, answers = _pipes()
    tempfile.tempdir = os.environ.get("TMPDIR")  # it would try to write there first, and pass over a full disk
    _limit_for_good(resource.RLIMIT_CORE, 0)
    _limit_for_good(resource.RLIMIT_NOFILE, MOST_FILES)
    _limit_for_good(resource.RLIMIT_NPROC, MOST_PROCESSES)
    walls = put_up(Path.cwd(), map(Path, sys.argv[1:]))
    jobs = {**jobs, WALLS.name: replace(WALLS, function=lambda _: walls)}
    while head := requests.read(BYTES_OF_LENGTH):
        request, arguments = unpack(Request, requests.read(unpack_length(head)))
        answers.write(_answer(jobs[request.job], request, arguments))
        answers.flush()


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes to the parent, out of reach of whatever a library prints or reads."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, answers


def _limit_for_good(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _answer(job: Job[Any, Any], request: Request, arguments: bytes) -> bytes:
    _limit(request)
    try:
        return pack(Answer(), job.run(arguments))
    except NeedsReview as error:
        return pack(Answer(unreadable=str(error)))
    except ConfigProblem as error:
        return pack(Answer(problems=[(p.file, p.line, p.message) for p in error.problems]))
    except MemoryError:
        return pack(Answer(unreadable=f"needed more than {request.memory // MIB} MiB of memory", failed=True))
    except RecursionError:
        return pack(Answer(unreadable="is nested too deeply"))
    except Exception as error:  # noqa: BLE001 - a bug is told to the parent, which raises it there
        return pack(_trouble(error, request))
    finally:
        signal.alarm(0)
        _bury()


def _trouble(error: Exception, request: Request) -> Answer:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EFBIG:
        return Answer(unreadable=f"unpacks to a file of more than {request.disk // MIB} MiB")
    if number in DISK_FAILS:
        return Answer(storage=os.strerror(number))
    return Answer(bug=_where(error))


def _limit(request: Request) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (request.memory, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (request.disk, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + request.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    signal.alarm(int(request.seconds) + GRACE)  # by its default action: the end


def _bury() -> None:
    """Programs that have ended. Those that have not are seen by the parent, which ends them with this process."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _where(error: Exception) -> str:
    """Kind and place of a bug. The message is left out: it may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join([type(error).__name__, *(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))])


if __name__ == "__main__":
    main()
