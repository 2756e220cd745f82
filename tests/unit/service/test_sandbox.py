"""Whatever a job does, it costs one job, leaves a reason, and the next one is served."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from domain.errors import ConfigProblem, Interrupted, StorageFails, Unreadable
from service.sandbox import Child, Files, Limits, Sandbox
from service.workbench import run
from tests.unit.service.hostile_child import JOBS

MIB = 1_048_576
COMMAND = (sys.executable, "-m", "tests.unit.service.hostile_child")
LIMITS = Limits(seconds=10, memory=1536 * MIB, answer=MIB)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=2, command=COMMAND) as made:
        yield made


def idle_child(sandbox: Sandbox) -> Child:
    """The only one, warm."""
    child = sandbox._free.get()
    sandbox._free.put(child)
    assert child is not None
    return child


def ask(sandbox: Sandbox, job: str, given: str = "abc", *, limits: Limits = LIMITS) -> str:
    return run(sandbox, JOBS[job], given, limits)


@pytest.mark.parametrize(
    ("job", "limits", "reason"),
    [
        ("hang", Limits(seconds=0.5, memory=LIMITS.memory), "took longer than 0.5 seconds"),
        ("spin", Limits(seconds=0.5, memory=LIMITS.memory), "took longer than 0.5 seconds"),
        ("eat_memory", LIMITS, "needed more than 1536 MiB of memory"),
        ("crash", LIMITS, "the reader crashed (SIGSEGV)"),
        ("exit_early", LIMITS, "the reader ended (3)"),
        ("talk_without_end", LIMITS, "gave more than 1 MiB of text"),
        ("unreadable", LIMITS, "is protected by a password"),
    ],
)
def test_what_a_job_does_wrong_is_told_and_the_next_is_served(
    sandbox: Sandbox, job: str, limits: Limits, reason: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        ask(sandbox, job, limits=limits)
    assert str(caught.value) == reason
    assert ask(sandbox, "answer") == "cba"


def test_what_a_job_prints_is_no_part_of_its_answer(sandbox: Sandbox) -> None:
    assert ask(sandbox, "print_and_answer") == "abc"


def test_a_request_and_an_answer_of_megabytes_arrive_whole(sandbox: Sandbox) -> None:
    given = "".join(map(str, range(600_000)))
    assert ask(sandbox, "answer", given, limits=Limits(seconds=10, memory=LIMITS.memory)) == given[::-1]


def test_a_child_that_does_not_read_holds_nobody_beyond_the_deadline() -> None:
    with Sandbox(size=1, command=("sleep", "60")) as deaf, pytest.raises(Unreadable, match=r"longer than 0\.5 seconds"):
        deaf.run(bytes(MIB), Limits(seconds=0.5, memory=LIMITS.memory))


def test_a_child_that_ends_while_it_is_asked_leaves_a_reason() -> None:
    with Sandbox(size=1, command=("false",)) as short, pytest.raises(Unreadable, match=r"the reader ended \(1\)"):
        short.run(bytes(MIB), LIMITS)


def test_a_child_sees_no_secret(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICIC_MAILBOX__PASSWORD", "hunter2")
    with Sandbox(size=1, command=COMMAND) as fresh:
        seen = ask(fresh, "environment")
    assert "hunter2" not in seen
    assert "OMP_THREAD_LIMIT=1" in seen


def test_a_mistake_of_staff_comes_back_with_file_and_line(sandbox: Sandbox) -> None:
    with pytest.raises(ConfigProblem, match=r"config/rules/x\.yaml:4: is no list"):
        ask(sandbox, "misconfigured")


def test_a_bug_comes_back_as_a_bug_and_without_the_data(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="KeyError") as caught:
        ask(sandbox, "bug", "somebody's name")
    assert "somebody" not in str(caught.value)


def test_a_full_disk_is_no_fault_of_what_was_read(sandbox: Sandbox) -> None:
    with pytest.raises(StorageFails, match="No space left on device in the folder for temporary files") as caught:
        ask(sandbox, "fill_the_disk")
    assert "somebody" not in str(caught.value)


def test_where_no_child_can_be_made_nothing_that_is_read_is_at_fault(tmp_path: Path) -> None:
    with Sandbox(size=1, command=(str(tmp_path / "missing"),)) as broken, pytest.raises(StorageFails, match="No such"):
        broken.run(b"", LIMITS)


def test_whoever_waits_for_a_child_is_let_go_when_the_program_is_to_end() -> None:
    with Sandbox(size=1, command=COMMAND) as one:
        threading.Timer(0.3, one.stop).start()
        began = time.monotonic()
        with pytest.raises(Interrupted):
            ask(one, "hang")
        with pytest.raises(Interrupted):
            ask(one, "answer")
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(("job", "seconds"), [("hang_with_a_child", "61.25"), ("leave_a_child", "62.25")])
def test_what_a_job_started_ends_with_it(sandbox: Sandbox, job: str, seconds: str) -> None:
    with suppress(Unreadable):
        ask(sandbox, job, seconds, limits=Limits(seconds=1, memory=LIMITS.memory))
    deadline = time.monotonic() + 5
    while is_running("sleep", seconds) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running("sleep", seconds)


def is_running(*command: str) -> bool:
    wanted = b"\0".join(part.encode() for part in (*command, ""))
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            if process.read_bytes() == wanted:
                return True
    return False


@pytest.mark.parametrize("job", ["fill_the_disk_with_one_file", "fill_the_disk_with_many_files", "bury_the_disk"])
def test_a_job_that_fills_the_disk_is_stopped_and_cleared_away(job: str) -> None:
    with Sandbox(size=1, command=COMMAND) as one:
        with pytest.raises(Unreadable, match=r"unpacks to (more than|a file of more than) 4 MiB"):
            ask(one, job, limits=Limits(seconds=20, memory=LIMITS.memory, disk=4 * MIB))
        assert ask(one, "list_files") == "made"


def test_what_a_job_leaves_in_its_folder_the_next_does_not_meet(sandbox: Sandbox) -> None:
    with Sandbox(size=1, command=COMMAND) as one:
        ask(one, "leave_a_file")
        child = idle_child(one)
        assert ask(one, "list_files") == "made"
        assert idle_child(one) is child


def test_of_what_a_job_makes_only_plain_files_come_out(sandbox: Sandbox, tmp_path: Path) -> None:
    given, made = tmp_path / "given", tmp_path / "made"
    given.write_text("a CV")
    made.mkdir()
    run(sandbox, JOBS["make_files"], "", LIMITS, Files(given=given, made=made))
    assert [(file.name, file.read_text()) for file in made.iterdir()] == [("copy", "a CV")]


def test_a_file_that_is_gone_costs_one_job(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not where it was kept"):
        run(sandbox, JOBS["answer"], "", LIMITS, Files(given=tmp_path / "gone"))


def test_a_child_that_has_grown_is_replaced() -> None:
    with Sandbox(size=1, command=COMMAND) as one:
        ask(one, "hold_on_to_memory", "100")
        first = idle_child(one)
        ask(one, "answer")
        assert idle_child(one) is first
        ask(one, "hold_on_to_memory", "500")
        assert ask(one, "answer") == "cba"
        assert idle_child(one) is not first


def test_a_child_that_is_killed_from_outside_costs_one_job() -> None:
    with Sandbox(size=1, command=COMMAND) as one:
        ask(one, "answer")
        threading.Timer(0.3, os.kill, (idle_child(one).process.pid, signal.SIGKILL)).start()
        with pytest.raises(Unreadable, match="SIGKILL"):
            ask(one, "hang")
        assert ask(one, "answer") == "cba"


def test_many_threads_share_few_children(sandbox: Sandbox) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(ask(sandbox, "answer", str(n)))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(str(n)[::-1] for n in range(20))


def test_nothing_is_left_when_it_is_closed() -> None:
    with Sandbox(size=1, command=COMMAND) as one:
        ask(one, "answer")
        child = idle_child(one)
    assert child.process.poll() is not None
    assert not Path(child.folder).exists()
