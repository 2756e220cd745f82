"""The child's side of the sandbox: takes a request, sets its limits, does the job, answers."""

from __future__ import annotations

import errno
import os
import resource
import tempfile
import traceback
from collections.abc import Mapping
from typing import Any, BinaryIO

from domain.errors import ConfigProblem, NeedsReview
from service.frames import BYTES_OF_LENGTH, Answer, Request, pack, unpack, unpack_length
from service.jobs import JOBS, Job

DISK_FAILS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})
MOST_FILES = 256
MOST_BYTES_OF_A_FILE = 1024**3


def main(jobs: Mapping[str, Job[Any, Any]] = JOBS) -> None:
    """Work until the parent closes the pipe."""
    requests, answers = _pipes()
    tempfile.tempdir = os.environ.get("TMPDIR")  # it would try to write there first, and pass over a full disk
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES_OF_A_FILE, MOST_BYTES_OF_A_FILE))
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


def _answer(job: Job[Any, Any], request: Request, arguments: bytes) -> bytes:
    _limit(request)
    try:
        return pack(Answer(), job.run(arguments))
    except NeedsReview as error:
        return pack(Answer(unreadable=str(error)))
    except ConfigProblem as error:
        return pack(Answer(problems=[(p.file, p.line, p.message) for p in error.problems]))
    except MemoryError:
        return pack(Answer(unreadable=f"needed more than {request.memory // 1024**2} MiB of memory"))
    except RecursionError:
        return pack(Answer(unreadable="is nested too deeply"))
    except OSError as error:
        if error.errno not in DISK_FAILS:
            return pack(Answer(bug=_where(error)))
        return pack(Answer(storage=os.strerror(error.errno)))
    except Exception as error:  # noqa: BLE001 - a bug is told to the parent, which raises it there
        return pack(Answer(bug=_where(error)))


def _limit(request: Request) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (request.memory, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + request.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _where(error: Exception) -> str:
    """Kind and place of a bug. The message is left out: it may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join([type(error).__name__, *(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))])


if __name__ == "__main__":
    main()
