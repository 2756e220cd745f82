"""What a child that has been taken over could still reach."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.sandbox import Limits, Sandbox
from service.workbench import run, walls
from tests.unit.service.hostile_child import JOBS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are the kernel's")

LIMITS = Limits(seconds=10, memory=1536 * 1_048_576)


@pytest.fixture(scope="module")
def readable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rules") / "rules"
    file.write_text("four")
    return file


@pytest.fixture(scope="module")
def sandbox(readable: Path) -> Iterator[Sandbox]:
    command = (sys.executable, "-m", "tests.unit.service.hostile_child")
    with Sandbox(size=1, command=command, readable=[readable]) as made:
        standing = walls(made, LIMITS)
        if standing.calls or standing.files:
            pytest.skip(f"this kernel: {standing}")
        yield made


def ask(sandbox: Sandbox, job: str, given: object = "") -> str:
    return run(sandbox, JOBS[job], str(given), LIMITS)


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"])
def test_it_reaches_no_network(sandbox: Sandbox, family: str) -> None:
    assert ask(sandbox, "ask_for_a_socket", family) == "EACCES"


def test_it_reaches_no_server_on_this_machine(sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0micic-test-walls")
        server.listen()
        assert ask(sandbox, "connect_to", "\0micic-test-walls") == "EACCES"


def test_it_reads_nothing_but_programs_and_what_it_was_allowed(
    sandbox: Sandbox, readable: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other CV"
    other.write_text("somebody else")
    assert ask(sandbox, "read_file", readable) == "4"
    for forbidden in (other, f"/proc/{os.getpid()}/environ", Path(__file__).parents[3] / "README.md", "/etc/hostname"):
        assert ask(sandbox, "read_file", forbidden) == "EACCES", forbidden


def test_it_writes_nowhere_but_in_its_folder(sandbox: Sandbox, readable: Path, tmp_path: Path) -> None:
    for forbidden in (readable, tmp_path / "new", Path(__file__).parents[3] / "extraction" / "new.py"):
        assert ask(sandbox, "write_file", forbidden) == "EACCES", forbidden
    assert ask(sandbox, "write_file", "in my folder") == "5"


def test_it_signals_no_process_but_its_own(sandbox: Sandbox) -> None:
    assert ask(sandbox, "signal_the_parent") in ("EPERM", "None")  # EPERM since Linux 6.12


def test_it_inherits_nothing_that_is_open(sandbox: Sandbox) -> None:
    assert ask(sandbox, "descriptors") == "3"  # its two pipes and the null device


def test_it_leaves_no_core_and_opens_few_files(sandbox: Sandbox) -> None:
    assert ask(sandbox, "limits") == "0 256"
