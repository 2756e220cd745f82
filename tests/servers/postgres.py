"""A private PostgreSQL on a loopback port: a database for each test, cloned from a template in some 50 ms."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from tests.servers.private import free_port, program, run_as, short_folder, stop, wait_for_port

# Tests kill workers, never the machine: nothing needs to be on disk.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=80")


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    port: int
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        return f"postgresql://test@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, template: str = "template1") -> str:
        """The URL of a database that nobody else has. Nobody may be connected to the template meanwhile."""
        name = f"test{next(self.numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected: each takes 7 MB of disk."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)'.encode())


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL, up in a second: one a test session is enough."""
    with short_folder("postgres") as folder:
        server = Postgres(port=free_port(), numbers=count(1))
        data = folder / "data"
        locale = ("-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
        _run(folder, _program("initdb"), "-D", str(data), "-U", "test", "-A", "trust", *locale)
        settings = (*FAST, "listen_addresses=127.0.0.1", f"port={server.port}", f"unix_socket_directories={folder}")
        command = [_program("postgres"), "-D", str(data), *(word for setting in settings for word in ("-c", setting))]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, **run_as().popen)
        try:
            wait_for_port(server.port, process)
            _wait_until_ready(server)
            yield server
        except (RuntimeError, TimeoutError) as error:
            error.add_note(f"PostgreSQL said: {(folder / 'output').read_text(errors='replace')}")
            raise
        finally:
            stop(process, how=signal.SIGINT)  # at once, whoever is still connected


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
