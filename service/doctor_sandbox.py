"""What the doctor asks of the sandbox: which walls stand, and whether LibreOffice works within them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from domain.errors import MicicError, Unreadable
from service.doctor import Check, State
from service.jobs import READ, ReadArguments
from service.sandbox import Files, Limits, Sandbox
from service.sandbox_folder import GIVEN
from service.sandbox_walls import Walls
from service.workbench import run, walls

SECONDS = 60.0  # LibreOffice takes some at its first start
LIMITS = Limits(seconds=SECONDS, memory=1536 * 1024**2)
RTF = rb"{\rtf1 It can be read.}"


def sandbox() -> Check:
    """Takes a second, three where LibreOffice is installed."""
    with Sandbox(size=1) as one:
        try:
            standing = walls(one, LIMITS)
            if shutil.which("soffice") is not None:
                _read_by_office(one)
        except MicicError as error:
            advice = "documents go to review unread; tell the people who look after the program"
            return Check(name="sandbox", state=State.BAD, found=str(error), advice=advice)
    faults = list(findings(standing))
    advice = "run it on Linux 5.13 or later, in a container that allows seccomp and Landlock" if faults else ""
    if os.geteuid() == 0:
        faults.append("the program runs as root, for whom the limit on processes does not hold")
        advice = "; ".join(filter(None, (advice, "run it as an account of its own")))
    if faults:
        return Check(name="sandbox", state=State.WARNING, found="; ".join(faults), advice=advice)
    return Check(name="sandbox", state=State.OK, found="no network (seccomp), no files of others (Landlock)")


def findings(standing: Walls) -> Iterator[str]:
    """What a document that takes over its reader could do, for want of a wall."""
    if standing.calls is not None:
        yield f"whatever takes over a reader could use the network and outlive it: {standing.calls}"
    if standing.files is not None:
        yield f"whatever takes over a reader could read files of this account: {standing.files}"


def _read_by_office(one: Sandbox) -> None:
    with tempfile.NamedTemporaryFile(prefix="micic-") as file:
        file.write(RTF)
        file.flush()
        given = ReadArguments(document=GIVEN, media_type="application/rtf", limits={})
        text = run(one, READ, given, LIMITS, Files(given=Path(file.name)))
    if not text.reader.startswith("soffice"):  # something of ours has read it instead
        raise Unreadable("LibreOffice does not work within the sandbox")
