"""What the virus scanner says, and what its silence means: never that a file is clean."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from domain.errors import RetryLater, ScannerAway, Unreadable
from intake.clamd import Clamd

Part = Callable[[socket.socket], None]


@contextmanager
def daemon(*parts: Part) -> Iterator[Clamd]:
    """Plays one part for each connection, then takes no more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(1)

        def play() -> None:
            with suppress(TimeoutError):  # whether it is asked again may hang on who is faster
                for part in parts:
                    line, _ = server.accept()
                    with line:
                        part(line)
            server.close()

        playing = threading.Thread(target=play)
        playing.start()
        yield Clamd(address=server.getsockname(), timeout=0.5)
        playing.join()


def streamed(line: socket.socket) -> bytes:
    """The file that was sent by INSTREAM."""
    reader = line.makefile("rb")
    assert reader.read(10) == b"zINSTREAM\0"
    taken = b""
    while length := struct.unpack(">I", reader.read(4))[0]:
        taken += reader.read(length)
    return taken


def says(answer: bytes) -> Part:
    def part(line: socket.socket) -> None:
        streamed(line)
        line.sendall(answer)

    return part


def version(line: socket.socket) -> None:
    line.recv(100)
    line.sendall(b"ClamAV 1.4.3\0")


def hang_up(line: socket.socket) -> None:
    line.recv(10)


def fall_silent(line: socket.socket) -> None:
    streamed(line)
    line.recv(1)  # until the other side gives up


def refuse_in_the_middle(line: socket.socket) -> None:
    line.recv(100)
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"a CV" * 100_000)
    return path


def test_the_whole_file_is_sent_and_found_clean(file: Path) -> None:
    sent = []

    def part(line: socket.socket) -> None:
        sent.append(streamed(line))
        line.sendall(b"stream: OK\0")

    with daemon(part) as scanner:
        assert scanner.scan(file) is None
    assert sent == [file.read_bytes()]


def test_an_answer_in_pieces_is_put_together(file: Path) -> None:
    def part(line: socket.socket) -> None:
        streamed(line)
        line.sendall(b"stream: Win.Test")
        line.sendall(b".EICAR_HDB-1 FOUND\0")

    with daemon(part) as scanner:
        assert scanner.scan(file) == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: FOUND\0",
        b"\0",
    ],
)
def test_a_file_that_was_not_looked_at_to_the_end_is_tried_again(file: Path, answer: bytes) -> None:
    with daemon(says(answer)) as scanner, pytest.raises(RetryLater) as caught:
        scanner.scan(file)
    assert not isinstance(caught.value, ScannerAway)


@pytest.mark.parametrize("part", [hang_up, fall_silent, refuse_in_the_middle, says(b"stream: O")])
def test_a_daemon_that_breaks_off_at_one_file_and_lives_holds_up_that_file_only(file: Path, part: Part) -> None:
    with daemon(part, version) as scanner, pytest.raises(RetryLater) as caught:
        scanner.scan(file)
    assert not isinstance(caught.value, ScannerAway)


def test_a_daemon_that_breaks_off_and_is_gone_is_away(file: Path) -> None:
    with daemon(hang_up, hang_up) as scanner, pytest.raises(ScannerAway):
        scanner.scan(file)


def test_where_nobody_listens_the_scanner_is_away(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ScannerAway, match="No such file"):
        Clamd(address=str(tmp_path / "none"), timeout=1).scan(file)


def test_a_file_that_is_gone_is_not_clean(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Clamd(address=str(tmp_path / "none"), timeout=1).scan(tmp_path / "gone")
