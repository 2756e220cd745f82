"""An IMAP server on a loopback port that answers as told, right or wrong: what real servers do, but not on demand."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import trustme

HOST = "localhost"
SOUND: Mapping[str, bytes] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n",
    "LOGIN": b"{tag} OK in\r\n",
    "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 10] x\r\n{tag} OK [READ-ONLY] done\r\n",
    "LOGOUT": b"* BYE\r\n{tag} OK out\r\n",
}


@dataclass(slots=True)
class ScriptedImap:
    """`answers`: the beginning of a command (a regular expression) → what is sent, with {tag} in its place."""

    answers: Mapping[str, bytes]
    port: int
    trust: ssl.SSLContext  # verifies the certificate, which is for HOST
    greeting: bytes = b"* OK ready\r\n"
    after_starttls: bytes = b""  # sent in one piece with the answer to STARTTLS, before the encryption
    commands: list[str] = field(default_factory=list)  # so far, without tags

    def _serve(self, connection: socket.socket, secure: ssl.SSLContext) -> None:
        with ExitStack() as ends, suppress(OSError, ValueError):
            ends.enter_context(connection)
            connection.sendall(self.greeting)
            lines = ends.enter_context(connection.makefile("rb"))
            while line := lines.readline().decode("ascii").strip():
                tag, _, command = line.partition(" ")
                self.commands.append(command or tag)
                if command == "STARTTLS":
                    connection.sendall(f"{tag} OK go\r\n".encode() + self.after_starttls)
                    connection = ends.enter_context(secure.wrap_socket(connection, server_side=True))
                    lines = ends.enter_context(connection.makefile("rb"))
                elif command:
                    connection.sendall(self._answer(command).replace(b"{tag}", tag.encode()))

    def _answer(self, command: str) -> bytes:
        for beginning, answer in (*self.answers.items(), *SOUND.items()):
            if re.match(beginning, command):
                return answer
        return b"{tag} BAD what?\r\n"


@contextmanager
def scripted_imap(answers: Mapping[str, bytes]) -> Iterator[ScriptedImap]:
    """A server that answers soundly what the script does not name."""
    authority = trustme.CA()
    trust, secure = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(trust)
    authority.issue_cert(HOST).configure_cert(secure)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = ScriptedImap(answers, listener.getsockname()[1], trust)
        ended = threading.Event()

        def accept() -> None:
            listener.settimeout(0.05)
            while not ended.is_set():
                with suppress(TimeoutError):
                    connection, _ = listener.accept()
                    connection.settimeout(10)
                    threading.Thread(target=server._serve, args=(connection, secure), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            thread.join()
