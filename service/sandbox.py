"""Child processes with limits, in which untrusted bytes are opened.

A child is a fresh interpreter in its own process group, with an empty folder, no secrets in its environment, no
descriptors but two pipes, and the walls of service.sandbox_walls. It does one job at a time and answers in JSON. A
crash, a hang, a bomb of memory or disk, or an answer without end costs one job and leaves a reason; the child is
replaced. So is one that has done many jobs, has grown, or has let a program go on.
"""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import Interrupted, StorageFails, Unreadable
from service.frames import BYTES_OF_LENGTH, unpack_length
from service.sandbox_folder import GIVEN, MADE, clear, fetch, is_fuller, remove

PIECE = 1_048_576  # bytes
MIB = 1_048_576
GLANCE = 0.25  # seconds between two looks at whether the program is to end, and into the folder of a child at work
MOST_JOBS = 2000
MOST_MEMORY = 512 * MIB  # that an idle child may hold
CHILD = (sys.executable, "-I", "-m", "service.sandbox_child")
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one job."""

    seconds: float  # by the clock on the wall; the job's own processor time is held to the same
    memory: int  # bytes of address space
    answer: int = 64 * MIB  # bytes
    disk: int = 512 * MIB  # bytes in the child's folder, what it is given included


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What goes into the child's folder with a request, and what comes out of it with the answer."""

    given: Path  # a file; the child finds a copy at GIVEN
    made: Path | None = None  # a folder, into which what the child wrote into MADE is moved


class Away(Exception):
    """The child has ended before it answered."""


class Failed(Unreadable):
    """The child has ended, or was ended at a limit: another reader may fare better."""


class Child:
    """One process. Not for two threads at once."""

    def __init__(self, command: Sequence[str], ended: threading.Event) -> None:
        self._ended = ended
        self.folder = Path(tempfile.mkdtemp(prefix="micic-sandbox-"))
        self.jobs = 0
        self.is_clear()
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "OMP_THREAD_LIMIT": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self.process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what parsers print may hold what people wrote
            cwd=self.folder,
            env=environment,
            start_new_session=True,  # so that what it starts ends with it
        )
        assert self.process.stdin and self.process.stdout  # as asked for above: told to the type checker
        self._requests, self._answers = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._requests, False)  # a child that does not read must not hold us beyond the deadline

    def ask(self, request: bytes, limits: Limits, files: Files | None = None) -> bytes:
        """The answer to one request, both as service.frames packs them; the answer comes without its length.

        Unreadable where a limit was passed; Away where the child ended; Interrupted where the program is to end.
        """
        self.jobs += 1
        self._lay_out(files)
        deadline = time.monotonic() + limits.seconds
        self._send(request, deadline, limits)
        length = unpack_length(self._take(BYTES_OF_LENGTH, deadline, limits))
        if length > limits.answer:
            raise Unreadable(f"gave more than {limits.answer // MIB} MiB of text")
        answer = self._take(length, deadline, limits)
        if files is not None and files.made is not None:
            fetch(self.folder / MADE, files.made)
        return answer

    def _lay_out(self, files: Files | None) -> None:
        if files is None:
            return
        try:
            shutil.copyfile(files.given, self.folder / GIVEN)  # a copy: the child reads no other file of ours
        except FileNotFoundError:
            raise Unreadable("the file is not where it was kept") from None

    def _send(self, request: bytes, deadline: float, limits: Limits) -> None:
        unsent = memoryview(request)
        with contextlib.suppress(BrokenPipeError):  # the child has ended: whoever waits for the answer will see it
            while unsent:
                self._wait(self._requests, select.POLLOUT, deadline, limits)
                unsent = unsent[os.write(self._requests, unsent) :]

    def _take(self, size: int, deadline: float, limits: Limits) -> bytes:
        taken = bytearray()
        while len(taken) < size:
            self._wait(self._answers, select.POLLIN, deadline, limits)
            piece = os.read(self._answers, min(PIECE, size - len(taken)))
            if not piece:
                raise Away
            taken += piece
        return bytes(taken)

    def _wait(self, pipe: int, event: int, deadline: float, limits: Limits) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        while not poll.poll(1000 * min(GLANCE, max(0.0, deadline - time.monotonic()))):
            if self._ended.is_set():
                raise Interrupted
            if time.monotonic() >= deadline:
                raise Failed(f"took longer than {limits.seconds:g} seconds")
            if is_fuller(self.folder, than=limits.disk):
                raise Unreadable(f"unpacks to more than {limits.disk // MIB} MiB of files")

    def is_spent(self) -> bool:
        """Whether another should take its place: it has ended, has grown, or a program that it started goes on."""
        if self.process.poll() is not None or self.jobs >= MOST_JOBS:
            return True
        own = Path(f"/proc/{self.process.pid}")
        try:
            pages = int((own / "statm").read_text().split()[1])
            return pages * resource.getpagesize() > MOST_MEMORY or bool((own / f"task/{own.name}/children").read_text())
        except OSError:  # no Linux: the number of jobs must do
            return False

    def is_clear(self) -> bool:
        """Whether its folder, once cleared, is as at first: what one document left, the next must not meet."""
        try:
            clear(self.folder)
        except OSError:
            return False
        return True

    def how_it_ended(self) -> str:
        """Why a child that is gone is gone, in words for staff."""
        code = self.process.wait()
        if code == -signal.SIGXCPU:
            return "took too much processor time"
        if code < 0:
            return f"the reader crashed ({signal.Signals(-code).name})"
        return f"the reader ended ({code})"

    def end(self) -> None:
        """Kill it and all that it started, and clear up after it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        remove(self.folder)


class Sandbox:
    """Up to `size` children, made when they are needed and kept warm. For any number of threads."""

    def __init__(self, *, size: int, command: Sequence[str] = CHILD, readable: Sequence[Path] = ()) -> None:
        """`readable` are files and folders that the jobs read besides what they are given."""
        self._command = (*command, *map(str, readable))
        self._free: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        for _ in range(size):
            self._free.put(None)
        self._size = size
        self._ended = threading.Event()

    def run(self, request: bytes, limits: Limits, files: Files | None = None) -> bytes:
        """The child's answer to a request.

        Unreadable says which limit was passed (Failed: or how the child ended); StorageFails that no child could be
        made; Interrupted follows `stop`.
        """
        if self._ended.is_set():
            raise Interrupted
        with self._borrowed() as child:
            try:
                return child.ask(request, limits, files)
            except Away:
                raise Failed(child.how_it_ended()) from None

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[Child]:
        child = self._free.get()
        try:
            child = child if child is not None and child.process.poll() is None else self._fresh(child)
            yield child
        except BaseException:
            if child is not None:
                child.end()  # whatever it was doing, its next answer could not be trusted
            self._free.put(None)
            raise
        if child.is_spent() or not child.is_clear():
            child.end()
            self._free.put(None)
        else:
            self._free.put(child)

    def _fresh(self, dead: Child | None) -> Child:
        if dead is not None:
            dead.end()
        try:
            return Child(self._command, self._ended)
        except OSError as error:
            raise StorageFails(f"no process can be started to read mails in: {error.strerror}") from error

    def stop(self) -> None:
        """The program is to end: whoever waits for a child, or asks for one, gets Interrupted. For signal handlers."""
        self._ended.set()

    def close(self) -> None:
        """End all children. Waits for those that are at work."""
        for _ in range(self._size):
            child = self._free.get()
            if child is not None:
                child.end()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
