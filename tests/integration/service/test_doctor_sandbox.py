"""The doctor tries the sandbox as it is, and says what a missing wall would mean."""

from __future__ import annotations

import os

import pytest

from service.doctor import State
from service.doctor_sandbox import findings, sandbox
from service.sandbox_walls import Walls


@pytest.mark.slow
def test_a_document_that_libreoffice_reads_is_read_behind_the_walls() -> None:
    check = sandbox()
    assert check.state is (State.WARNING if os.geteuid() == 0 else State.OK), check
    assert ("as root" in check.found) == (os.geteuid() == 0)


def test_a_wall_that_does_not_stand_is_told_with_what_it_means() -> None:
    assert list(findings(Walls(calls=None, files=None))) == []
    told = list(findings(Walls(calls="no filter", files="no Landlock")))
    assert ["network" in told[0], "no filter" in told[0]] == [True, True]
    assert ["files" in told[1], "no Landlock" in told[1]] == [True, True]
