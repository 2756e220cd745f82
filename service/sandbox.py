"""Child processes with limits, in which untrusted bytes are opened.

A child is a fresh interpreter in its own session, with an empty folder, no secrets in its environment and no
descriptors but two pipes. It does one job at a time and answers in JSON. A crash, a hang, a memory bomb or an
answer without end costs one job and leaves a reason; the child is replaced.
"""

from __future__ import annotations

import contextlib
import os
import queue
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
from typing import Any

from domain.errors import Interrupted, StorageFails, Unreadable
from service.frames import BYTES_OF_LENGTH, unpack_length

PIECE = 1_048_576  # bytes
MIB = 1_048_576
CHILD = (sys.executable, "-I", "-m", "service.sandbox_child")
GLANCE = 0.5  # seconds between two looks at whether the program is to end
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one job."""

    seconds: float  # by the clock on the wall; the job's own processor time is held to the same
    memory: int  # bytes of address space
    answer: int = 64 * MIB  # bytes


class Away(Exception):
    """The child has ended before it answered."""


class Child:
    """One process. Not for two threads at once."""

    def __init__(self, command: Sequence[str], ended: threading.Event) -> None:
        self._ended = ended
        self.folder = tempfile.mkdtemp(prefix="micic-sandbox-")
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {
            "HOME": self.folder,
            "TMPDIR": self.folder,
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

    def ask(self, request: bytes, limits: Limits) -> bytes:
        """The answer to one request, both as service.frames packs them; the answer comes without its length.

        Unreadable where a limit was passed; Away where the child ended; Interrupted where the program is to end.
        """
        deadline = time.monotonic() + limits.seconds
        self._send(request, deadline, limits)
        length = unpack_length(self._take(BYTES_OF_LENGTH, deadline, limits))
        if length > limits.answer:
            raise Unreadable(f"gave more than {limits.answer // MIB} MiB of text")
        return self._take(length, deadline, limits)

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
                raise Unreadable(f"took longer than {limits.seconds:g} seconds")

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
        shutil.rmtree(self.folder, ignore_errors=True)


class Sandbox:
    """Up to `size` children, made when they are needed and kept warm. For any number of threads."""

    def __init__(self, *, size: int, command: Sequence[str] = CHILD) -> None:
        self._command = command
        self._free: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        for _ in range(size):
            self._free.put(None)
        self._size = size
        self._ended = threading.Event()

    def run(self, request: bytes, limits: Limits) -> bytes:
        """The child's answer to a request.

        Unreadable says which limit was passed; StorageFails that no child could be made; Interrupted follows `stop`.
        """
        if self._ended.is_set():
            raise Interrupted
        with self._borrowed() as child:
            try:
                return child.ask(request, limits)
            except Away:
                raise Unreadable(child.how_it_ended()) from None

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
