"""A private ClamAV daemon that knows one virus: the test file that every scanner takes for one (EICAR)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.private import free_port, give, program, run_as, short_folder, stop, wait_for_port

# In two pieces: else scanners would take this file for the virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = "Test.Eicar.UNOFFICIAL"  # as the daemon names what comes from a database of its operator
STREAM_MAX = 2 * 1024**2  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ClamdServer:
    socket: Path
    port: int


@contextmanager
def clamd() -> Iterator[ClamdServer]:
    daemon = program("clamd")
    with short_folder("clamd") as folder:
        running = ClamdServer(socket=folder / "clamd.sock", port=free_port())
        database = folder / "db"
        database.mkdir()
        (database / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
        settings = {
            "LocalSocket": str(running.socket),
            "TCPSocket": str(running.port),
            "TCPAddr": "127.0.0.1",
            "DatabaseDirectory": str(database),
            "Foreground": "yes",
            "StreamMaxLength": str(STREAM_MAX),
            "AlertExceedsMax": "yes",
        }
        conf = folder / "clamd.conf"
        conf.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        give(folder)
        process = subprocess.Popen(
            [daemon, "--config-file", str(conf)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **run_as().popen,
        )
        try:
            wait_for_port(running.port, process)
            yield running
        finally:
            stop(process)
