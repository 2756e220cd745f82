"""Sends all that is due, as a pass of `micic run` does, in a process that may be killed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from service.sending import send_all
from service.wiring import open_house
from tests.acceptance.dying import deadly, owner_of

CONFIG = Path(__file__).parents[2] / "config"


def send(environment: Mapping[str, str], when: str = "", step: str = "") -> None:
    """`when`, before or after, and `step`, MODULE:NAME, say where it kills itself."""
    if step:
        owner, name = owner_of(step)
        setattr(owner, name, deadly(getattr(owner, name), when))
    with open_house(CONFIG, environment) as house:
        send_all(house.sender())


def sending(environment: Mapping[str, str], *step: str) -> ForkServerProcess:
    """Started. It comes from a server that has loaded the program once: each start of Python costs seconds."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=send, args=(environment, *step))
    process.start()
    return process
