"""A private PostgreSQL on a loopback port: a database for each test, cloned from a template in some 50 ms."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests.servers.private import free_port, program, run_as, short_folder, stop, wait_for_port

# Tests kill workers, never the machine: nothing needs to be on disk.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=80")


@dataclass(slots=True, kw_only=True)
class Postgres:
    folder: Path
    port: int
    numbers: Iterator[int]
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def url(self, database: str) -> str:
        return f"postgresql://test@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, template: str = "template1") -> str:
        """The URL of a database that nobody else has. Nobody may be connected to the template meanwhile."""
        name = f"test{next(self.numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def start(self) -> None:
        settings = (
            *FAST, "listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}"
        )  # fmt: skip
        options = (word for setting in settings for word in ("-c", setting))
        command = [_program("postgres"), "-D", str(self.folder / "data"), *options]
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output, cwd=self.folder, **run_as().popen)
        wait_for_port(self.port, self._process)
        _wait_until_ready(self)

    def halt(self) -> None:
        """At once, whoever is still connected."""
        if self._process is not None:
            stop(self._process, how=signal.SIGINT)

    def restart(self) -> None:
        self.halt()
        self.start()

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected: each takes 7 MB of disk."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)'.encode())


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL, up in a second: one a test session is enough."""
    with short_folder("postgres") as folder:
        server = Postgres(folder=folder, port=free_port(), numbers=count(1))
        locale = ("-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
        _run(folder, _program("initdb"), "-D", str(folder / "data"), "-U", "test", "-A", "trust", *locale)
        try:
            server.start()
            yield server
        except (RuntimeError, TimeoutError) as error:
            error.add_note(f"PostgreSQL said: {(folder / 'output').read_text(errors='replace')}")
            raise
        finally:
            server.halt()


def _program(name: str) -> str:
    """Debian keeps the server's programs outside PATH, by version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return program(name, path=":".join(map(str, folders)) or None)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd=folder, **run_as().popen)


def _wait_until_ready(server: Postgres) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
