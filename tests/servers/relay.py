"""An SMTP relay on a loopback port that fails as told: any reply, a cut or a delay at any stage of the dialogue."""

# ruff: noqa: N802 - aiosmtpd finds commands and hooks by these names

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import trustme
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "micic"
PASSWORD = "secret"
HOST = "localhost"


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer this in place of doing what was asked."""

    line: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Abort the connection in place of answering. At stage DOT with `accept`, take the mail first.

    `answered`: only after the answer. `act`: what happens at that moment, such as that the client is killed.
    """

    accept: bool = False
    answered: bool = False
    act: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait, then go on as usual."""

    seconds: float


Fault = Reply | Cut | Delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    envelope_from: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass(slots=True, kw_only=True)
class Relay:
    port: int
    trust: ssl.SSLContext  # verifies the certificate, which is for HOST
    accepted: list[Accepted] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)  # as received, without the AUTH secrets
    tokens: set[str] = field(default_factory=set)  # access tokens that let USER in, where the relay takes tokens
    script: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def fail(self, stage: str, *faults: Fault) -> None:
        """The next times that stage (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DOT, RSET) is reached."""
        self.script[stage].extend(faults)


class ScriptedServer(SMTP):
    """aiosmtpd's server; each command first asks the script."""

    def __init__(self, relay: Relay, **options: Any) -> None:
        self._relay = relay
        self._greeted = False
        self._cut_later: Cut | None = None
        super().__init__(Box(relay), **options)

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            self._relay.connections += 1
            if await self._fails("CONNECT"):
                return
        await super().push(status)

    async def _fails(self, stage: str) -> bool:
        """Whether the script has answered in our place."""
        fault = self._relay.script[stage].popleft() if self._relay.script[stage] else None
        match fault:
            case Reply(line):
                await super().push(line)
                if line.startswith("421"):
                    self.transport.close()
                return True
            case Cut():
                self.cut(fault)
                return not fault.answered
            case Delay(seconds):
                await asyncio.sleep(seconds)
        return False

    def cut(self, fault: Cut) -> None:
        """Now, or once the answer to the command has gone."""
        if fault.answered:
            self._cut_later = fault
        else:
            fault.act()
            self.transport.abort()

    async def _ask(self, stage: str, usual: Callable[[str], Awaitable[None]], argument: str) -> None:
        self._relay.commands.append(stage if stage == "AUTH" else f"{stage} {argument or ''}".strip())
        if not await self._fails(stage):
            await usual(argument)
        if self._cut_later is not None:
            self._cut_later.act()
            self.transport.abort()

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._ask("EHLO", super().smtp_EHLO, hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        await self._ask("STARTTLS", super().smtp_STARTTLS, arg)

    async def smtp_AUTH(self, arg: str) -> None:
        await self._ask("AUTH", super().smtp_AUTH, arg)

    async def auth_XOAUTH2(self, _server: SMTP, args: list[str]) -> AuthResult:
        return await self._by_token(f"user={USER}\1auth=Bearer ", answer=b"")

    async def auth_OAUTHBEARER(self, _server: SMTP, args: list[str]) -> AuthResult:
        return await self._by_token(f"n,a={USER},\1", answer=b"\1")

    async def _by_token(self, begins: str, *, answer: bytes) -> AuthResult:
        said = await self.challenge_auth("")
        assert said is not MISSING
        token = said.decode().partition("auth=Bearer ")[2].removesuffix("\1\1")
        right = said.decode().startswith(begins) and token in self._relay.tokens
        if not right:
            # RFC 7628 §3.2.2: the client must answer before it is refused.
            answered = await self.challenge_auth('{"status":"invalid_token","schemes":"bearer","scope":"mail"}')
            assert answered == answer
        return AuthResult(success=right, handled=right)

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._ask("MAIL", super().smtp_MAIL, arg or "")

    async def smtp_RCPT(self, arg: str | None) -> None:
        await self._ask("RCPT", super().smtp_RCPT, arg or "")

    async def smtp_DATA(self, arg: str) -> None:
        await self._ask("DATA", super().smtp_DATA, arg)

    async def smtp_RSET(self, arg: str) -> None:
        await self._ask("RSET", super().smtp_RSET, arg)


class Box:
    """Keeps what was accepted; the fault of stage DOT decides whether it was."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        script = self._relay.script["DOT"]
        fault = script.popleft() if script else None
        if isinstance(fault, Reply):
            return fault.line
        if isinstance(fault, Delay):
            await asyncio.sleep(fault.seconds)
        if not isinstance(fault, Cut) or fault.accept:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self._relay.accepted.append(
                Accepted(
                    envelope_from=(envelope.mail_from or "").removeprefix("<>"),
                    recipients=tuple(envelope.rcpt_tos),
                    content=content,
                )
            )
        if isinstance(fault, Cut):
            assert isinstance(server, ScriptedServer)
            server.cut(fault)
        return "250 2.0.0 accepted"


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)  # else no answer is sent


@contextmanager
def relay(
    *,
    security: str = "plain",
    login: bool = False,
    mechanisms: frozenset[str] = frozenset({"LOGIN", "PLAIN"}),
    smtputf8: bool = True,
    certificate: trustme.LeafCert | None = None,
) -> Iterator[Relay]:
    """A relay in a thread of its own. `security`: plain, starttls or tls; `login`: USER with PASSWORD or a token."""
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    (certificate or authority.issue_cert(HOST)).configure_cert(tls)
    state = Relay(port=0, trust=trust)
    loop = asyncio.new_event_loop()

    def connection() -> ScriptedServer:
        return ScriptedServer(
            state,
            hostname="relay.example",
            loop=loop,
            enable_SMTPUTF8=smtputf8,
            tls_context=tls if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=_authenticate if login else None,
            auth_required=login and security != "tls",  # aiosmtpd knows of no TLS but its own
            auth_exclude_mechanism={"LOGIN", "PLAIN", "XOAUTH2", "OAUTHBEARER"} - mechanisms,
            auth_require_tls=security != "tls",
        )

    thread = Thread(target=loop.run_forever, name="relay", daemon=True)
    thread.start()
    listening = loop.create_server(connection, "127.0.0.1", 0, ssl=tls if security == "tls" else None)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(10)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
    ours = asyncio.current_task()
    rest = [task for task in asyncio.all_tasks() if task is not ours]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
