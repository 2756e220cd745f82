"""domain.ports.VirusScanner over a ClamAV daemon, which is sent the bytes (clamd(8), INSTREAM)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from domain.errors import RetryLater, ScannerAway, Unreadable

PIECE = 65_536  # bytes
LONGEST_ANSWER = 4096
# With AlertExceedsMax the daemon reports files that it did not look at to the end as if it had found a virus.
UNFINISHED = "Heuristics.Limits.Exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clamd:
    """One connection a file: the daemon closes it after each. For any number of threads."""

    address: str | tuple[str, int]  # the path of its socket, or host and port
    timeout: float  # seconds for each step

    def scan(self, file: Path) -> str | None:
        """As the port says. Unreadable where there is no such file."""
        try:
            return _found(self._streamed(file))
        except FileNotFoundError:
            raise Unreadable("the file is not where it was kept") from None
        except _Broken as error:
            # Past its StreamMaxLength the daemon hangs up, sometimes before its answer is read. Is it there at all?
            self.version()
            raise RetryLater(
                f"the virus scanner broke off at a file of {file.stat().st_size} bytes: {error}"
            ) from error

    def _streamed(self, file: Path) -> str:
        with file.open("rb") as source, self._asked(b"INSTREAM") as line:
            with suppress(BrokenPipeError, ConnectionResetError):  # it has answered already, or is gone
                while piece := source.read(PIECE):
                    line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
            return _answer(line)

    def version(self) -> str:
        """Such as "ClamAV 1.4.3/27800/Mon Nov 23 09:20:47 2026": of the program, of its signatures, their date."""
        try:
            with self._asked(b"VERSION") as line:
                return _answer(line)
        except _Broken as error:
            raise ScannerAway(f"the virus scanner does not answer: {error}") from error

    @contextmanager
    def _asked(self, command: bytes) -> Iterator[socket.socket]:
        try:
            line = self._connected()
        except OSError as error:
            raise ScannerAway(f"the virus scanner cannot be reached: {_words(error)}") from error
        with line:
            try:
                line.sendall(b"z" + command + b"\0")
                yield line
            except OSError as error:
                raise _Broken(_words(error)) from error

    def _connected(self) -> socket.socket:
        if not isinstance(self.address, str):
            return socket.create_connection(self.address, self.timeout)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(self.timeout)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


class _Broken(Exception):
    """The connection ended before the answer."""


def _words(error: OSError) -> str:
    return "took too long" if isinstance(error, TimeoutError) else error.strerror or str(error)


def _answer(line: socket.socket) -> str:
    """One answer, up to its NUL. ConnectionResetError where the line ends before it."""
    taken = b""
    while b"\0" not in taken:
        piece = line.recv(LONGEST_ANSWER)
        if not piece or len(taken) > LONGEST_ANSWER:
            raise ConnectionResetError("the answer was cut off")
        taken += piece
    return taken.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _found(answer: str) -> str | None:
    name, _, verdict = answer.removeprefix("stream: ").rpartition(" ")
    if answer == "stream: OK":
        return None
    if verdict == "FOUND" and name and not name.startswith(UNFINISHED):
        return name
    raise RetryLater(f"the virus scanner gives no answer for a file: {answer[:200]}")
