"""A TCP proxy on a loopback port that can do to a connection what bad lines do: cut it, slow it, go silent."""

from __future__ import annotations

import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 262_144  # bytes
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing drops what is under way, as a line that breaks does


@dataclass(slots=True, kw_only=True)
class _Fault:
    """What befalls one direction of a connection, once so many bytes or lines of it have passed."""

    after: int
    lines: bool  # `after` counts lines, else bytes
    silent: bool  # nothing more comes, and the connection stays open; else it is cut
    times: int  # connections that it still befalls
    act: Callable[[], None] | None = None  # happens in place of the cut, and the line stays sound

    def room(self, chunk: bytes, passed: int) -> int | None:
        """How much of the chunk still passes; None: all of it, and the fault is not due yet."""
        left = self.after - passed
        if not self.lines:
            return None if len(chunk) < left else max(left, 0)
        at = 0
        for _ in range(left):
            at = chunk.find(b"\n", at) + 1
            if not at:
                return None
        return None if self.act and at == len(chunk) else at  # held back is the next line, once it comes

    def count(self, chunk: bytes) -> int:
        return chunk.count(b"\n") if self.lines else len(chunk)


@dataclass(slots=True)
class Proxy:
    """What is set holds for the connections that come after, until `clear`; counts are of what the server sends.

    A fault befalls one connection (`times`) and is then spent, so that the next connection is sound.
    """

    target: int  # port on this machine
    port: int = 0
    hits: int = 0  # connections that a fault has befallen
    connections: int = 0  # so far
    heard: bytearray = field(default_factory=bytearray)  # all that the server sent
    _fault: _Fault | None = None
    _latency: float = 0  # seconds that each byte is under way, in each direction
    _byte_pause: float = 0  # seconds between two bytes of the server
    _hung: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)
    _ended: threading.Event = field(default_factory=threading.Event)

    def cut_after(self, *, bytes_: int, times: int = 1) -> None:
        """Reset the connection after so many bytes; 0: with the server's first."""
        self._fault = _Fault(after=bytes_, lines=False, silent=False, times=times)

    def cut_at_line(self, number: int, *, times: int = 1) -> None:
        """Reset the connection after so many lines; lines within a message count too. Senseless under TLS."""
        self._fault = _Fault(after=number, lines=True, silent=False, times=times)

    def meanwhile(self, number: int, act: Callable[[], None]) -> None:
        """Do something else after so many lines, while the next one is held back and the client waits for it."""
        self._fault = _Fault(after=number, lines=True, silent=False, times=1, act=act)

    def silence(self, *, after: int, times: int = 1) -> None:
        """A black hole: after so many bytes nothing more comes through, and nobody is told."""
        self._fault = _Fault(after=after, lines=False, silent=True, times=times)

    def hang(self) -> None:
        """A black hole from now on, for open connections and new ones; those that met it stay dead after `clear`."""
        self._hung = True

    def delay(self, round_trip: float) -> None:
        """Seconds from a question to its answer, as on a long line of full width; also for open connections."""
        self._latency = round_trip / 2

    def drip(self, pause: float) -> None:
        """The server's bytes one at a time, so many seconds apart; also for open connections."""
        self._byte_pause = pause

    def clear(self) -> None:
        self._fault, self._latency, self._byte_pause, self._hung = None, 0, 0, False

    def cut_all(self) -> None:
        """Reset every connection now."""
        with self._lock:
            for connection in tuple(self._open):
                _reset(connection)

    def _serve(self, listener: socket.socket) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                client, _ = listener.accept()
                self.connections += 1
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """Both directions of one connection, to their end."""
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            _reset(client)
            return
        both = (client, server)
        with self._lock:
            self._open |= {*both}
        for end in both:
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up = threading.Thread(target=self._pump, args=(client, server, None), kwargs={"down": False}, daemon=True)
        up.start()
        self._pump(server, client, self._fault, down=True)
        up.join()
        with self._lock:
            self._open -= {*both}
        for end in both:
            end.close()

    def _pump(self, source: socket.socket, sink: socket.socket, fault: _Fault | None, *, down: bool) -> None:
        line: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        writer = threading.Thread(target=self._write, args=(line, sink), daemon=True)
        writer.start()
        passed, struck = 0, False
        with suppress(OSError):  # the other direction may have ended both
            while not struck and (chunk := source.recv(CHUNK)):
                if self._hung:
                    self._ended.wait()
                if down:
                    self.heard += chunk
                room = fault.room(chunk, passed) if fault is not None and fault.times > 0 else None
                if room is None:
                    passed += fault.count(chunk) if fault is not None else len(chunk)
                    self._put(line, chunk, down=down)
                elif fault is not None:
                    fault.times -= 1
                    self.hits += 1
                    struck = fault.act is None
                    self._put(line, chunk[:room], down=down)
                    if fault.act is not None:
                        fault.act()
                        self._put(line, chunk[room:], down=down)
        if struck and fault is not None and fault.silent:
            self._ended.wait()
        line.put((time.monotonic() + self._latency, b""))
        writer.join()
        if struck:
            _reset(source)
            _reset(sink)
        else:
            with suppress(OSError):
                sink.shutdown(socket.SHUT_WR)

    def _put(self, line: queue.SimpleQueue[tuple[float, bytes]], chunk: bytes, *, down: bool) -> None:
        if not (down and self._byte_pause):
            line.put((time.monotonic() + self._latency, chunk))
            return
        for at in range(len(chunk)):
            line.put((time.monotonic() + self._latency, chunk[at : at + 1]))
            time.sleep(self._byte_pause)

    def _write(self, line: queue.SimpleQueue[tuple[float, bytes]], sink: socket.socket) -> None:
        with suppress(OSError):
            while True:
                due, chunk = line.get()
                time.sleep(max(0, due - time.monotonic()))
                if not chunk:
                    return
                sink.sendall(chunk)


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """A proxy before a server's port on this machine; all passes until something else is asked for."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        running = Proxy(target=target, port=listener.getsockname()[1])
        thread = threading.Thread(target=running._serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running._ended.set()
            thread.join()
            running.cut_all()


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.shutdown(socket.SHUT_RD)  # wakes the thread that reads it
    connection.close()
