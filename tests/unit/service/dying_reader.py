"""A sandbox child whose first reader is killed, or goes on for ever, over every file; the second is ours."""

from __future__ import annotations

import os
import signal
import time

from domain.profile import DocumentText
from service.jobs import JOBS, READ, Job, ReadArguments, read
from service.sandbox_child import main


def dies_first(given: ReadArguments) -> DocumentText:
    if given.again:
        return read(given)
    if given.document.read_bytes().endswith(b"%hang"):
        time.sleep(60)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


if __name__ == "__main__":
    main({**JOBS, READ.name: Job(READ.name, dies_first, READ.takes, READ.gives)})
