"""A post office for demo and tests: SMTP and IMAP in one event loop. Nothing leaves the machine."""

from __future__ import annotations

import asyncio
import re
import threading
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata

HOST = "127.0.0.1"
PASSWORD = "demo"  # noqa: S105 - of invented mailboxes on this machine
LARGEST = 64 * 1024 * 1024  # bytes of one mail
START_SECONDS = 10
_NUMBER = re.compile(r"(\d+)\.eml")


@dataclass(slots=True, kw_only=True)
class PostOffice:
    """A running post office, as a context manager. Mails are delivered byte for byte, by envelope; IDLE announces them.

    Log in to IMAP with any address and the password. A delivered mail is also written to `keep`, so that another
    process can read it (`letters`). Mailboxes live in memory and begin empty.
    """

    keep: Path | None = None
    password: str = PASSWORD
    imap_port: int = 0  # 0 before the start: any free port
    smtp_port: int = 0
    _counter: _Counter = field(init=False, repr=False)
    _loop: asyncio.AbstractEventLoop = field(init=False, repr=False)
    _stop: asyncio.Event = field(init=False, repr=False)
    _thread: threading.Thread = field(init=False, repr=False)

    def __enter__(self) -> Self:
        started: list[BaseException | None] = []
        up = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(started, up), name="post office", daemon=True)
        self._thread.start()
        if not up.wait(START_SECONDS):
            raise TimeoutError("the demo's post office did not start")
        if started and started[0] is not None:
            raise started[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(START_SECONDS)

    def deliver(self, address: str, content: bytes) -> None:
        """Put a mail into the mailbox of an address, as if it had come from outside."""
        asyncio.run_coroutine_threadsafe(self._counter.deliver(address, content), self._loop).result(START_SECONDS)

    def _work(self, started: list[BaseException | None], up: threading.Event) -> None:
        try:
            asyncio.run(self._serve(up))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
            started.append(error)
            up.set()

    async def _serve(self, up: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        config = _configuration(self.password)
        login = _AnyUser(config)
        login.secret = await Passwords(config).hash_password(self.password)
        self._counter = _Counter(config=config, password=self.password, keep=self.keep)
        server = IMAPServer(DictBackend(login, config).login, config)

        async def whole_lines(reader: Any, writer: Any, socket: Any) -> None:
            replies: Any = _WholeReplies(inner=writer)
            await server(reader, replies, socket)

        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(whole_lines)
        imap = await asyncio.start_server(answer, HOST, self.imap_port)
        smtp = await self._loop.create_server(self._counter.session, HOST, self.smtp_port)
        async with imap, smtp:
            self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in (imap, smtp))
            up.set()
            await self._stop.wait()


def addresses(keep: Path) -> list[str]:
    """All addresses that got a mail, from the folder that a post office kept."""
    return sorted(unquote(folder.name) for folder in keep.iterdir()) if keep.is_dir() else []


def letters(keep: Path, address: str) -> list[Path]:
    """The mails of an address, in the order of delivery."""
    return [path for _, path in sorted(_numbered(keep / _folder(address)))]


def _folder(address: str) -> str:
    return quote(address.lower(), safe="@+")


def _numbered(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.glob("*.eml"):
        if found := _NUMBER.fullmatch(path.name):
            yield int(found[1]), path


def _configuration(password: str) -> Config:
    arguments = Namespace(
        demo_data=False, demo_user="postmaster", demo_password=password, host=HOST, port="0", debug=False, cert=None,
        key=None, passlib_cfg=None, tls=False, proxy_protocol=None, inherited_sockets=None,
    )  # fmt: skip
    return Config.from_args(arguments, invalid_user_sleep=0.0)


async def _mailboxes(config: Config, name: str) -> MailboxSet:
    """The mailboxes of an address, made on first use. Case does not count."""
    name = name.lower()
    if name not in config.set_cache:
        mailboxes = MailboxSet()
        await mailboxes.get_mailbox("INBOX")
        config.set_cache[name] = (mailboxes, FilterSet())
    found: MailboxSet = config.set_cache[name][0]
    return found


class _AnyUser(Login):
    """Everybody who knows the password has a mailbox."""

    secret: str

    async def authenticate(self, credentials: Any) -> Any:
        name = credentials.authcid
        self.users_dict.setdefault(name, UserMetadata(self.config, name, password=self.secret))
        identity = await super().authenticate(credentials)
        await _mailboxes(self.config, name)
        self.config.set_cache[name] = self.config.set_cache[name.lower()]
        return identity


@dataclass(slots=True, kw_only=True)
class _WholeReplies:
    """Sends a reply in one piece: pymap writes it word by word, and an idle client breaks on half a line."""

    inner: Any
    held: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> None:
        self.held += data

    async def drain(self) -> None:
        self.inner.write(bytes(self.held))
        self.held.clear()
        await self.inner.drain()

    def close(self) -> None:
        self.inner.close()


@dataclass(slots=True, kw_only=True)
class _Counter:
    """Where mails are handed in. The names of the methods are those that aiosmtpd calls."""

    config: Config
    password: str
    keep: Path | None

    def session(self) -> SMTP:
        return SMTP(
            self,
            hostname="post-office.example",
            enable_SMTPUTF8=True,
            authenticator=self._check,
            auth_require_tls=False,
            data_size_limit=LARGEST,
        )

    def _check(self, _server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password.decode("utf-8", "replace") == self.password
        return AuthResult(success=known, handled=False)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if "@" not in address:
            return "553 5.1.3 not an address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        for address in dict.fromkeys(address.lower() for address in envelope.rcpt_tos):
            await self.deliver(address, envelope.content)
        return "250 2.0.0 Ok: delivered"

    async def deliver(self, address: str, content: bytes) -> None:
        if self.keep is not None:
            self._write(address, content, self.keep)
        inbox = await (await _mailboxes(self.config, address)).get_mailbox("INBOX")
        await inbox.append(AppendMessage(content, datetime.now(UTC), frozenset()))

    def _write(self, address: str, content: bytes, keep: Path) -> None:
        folder = keep / _folder(address)
        folder.mkdir(parents=True, exist_ok=True)
        number = max((number for number, _ in _numbered(folder)), default=0) + 1
        (folder / f"{number:04}.eml").write_bytes(content)
