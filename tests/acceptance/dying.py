"""Runs `micic` and kills it, as `kill -9` would, just before or after a step.

python -m tests.acceptance.dying before|after MODULE:NAME -- run --once
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def owner_of(step: str) -> tuple[Any, str]:
    """The module or class that holds a step such as "intake.blobs:FolderBatch.commit", and the step's name."""
    module, _, path = step.partition(":")
    *owners, name = path.split(".")
    found = importlib.import_module(module)
    for owner in owners:
        found = getattr(found, owner)
    return found, name


def deadly(step: Callable[..., Any], when: str) -> Callable[..., Any]:
    def dies(*arguments: Any, **more: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        step(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    return dies


def main() -> None:
    when, step, _, *arguments = sys.argv[1:]
    owner, name = owner_of(step)
    setattr(owner, name, deadly(getattr(owner, name), when))
    sys.argv = ["micic", *arguments]
    importlib.import_module("service.commands").main()


if __name__ == "__main__":
    main()
