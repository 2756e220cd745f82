"""A token endpoint on a loopback port (RFC 6749), which also tells Dovecot whether a token holds (RFC 7662)."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from tests.servers.private import give, short_folder

CLIENT = "app-1"
SECRET = "cl13nt-s3cret"
FIRST = "refresh-0"  # the refresh token that a person consented to


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer this in place of what was asked."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0  # seconds


@dataclass(slots=True, kw_only=True)
class Provider:
    """As strict as they come: a refresh token is good for one use, and a second use withdraws the whole grant."""

    port: int = 0
    user: str = "office@example.org"  # whose tokens these are
    lives: int | str | None = 3600  # expires_in
    refresh_lives: int | None = None  # refresh_token_expires_in
    rotates: bool = True
    refresh_token: str | None = FIRST  # in force; None once the grant was withdrawn
    spent: list[str] = field(default_factory=list)  # refresh tokens, as they were used
    asked: list[dict[str, str]] = field(default_factory=list)  # forms that came to the token endpoint
    good: set[str] = field(default_factory=set)  # access tokens
    introspected: list[str] = field(default_factory=list)
    script: deque[Answer] = field(default_factory=deque)  # answers for the next requests to the token endpoint
    meanwhile: Callable[[], None] = lambda: None  # happens while the answer is on its way
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self.port}/introspect"

    def revoke_access(self) -> None:
        """No access token that was given out holds any more; as when they have expired."""
        self.good.clear()

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client", "error_description": f"AADSTS7000215: no.\r\nGot {form}"}
        told: dict[str, Any] = {"token_type": "Bearer"}
        match form.get("grant_type"):
            case "client_credentials":
                pass
            case "refresh_token":
                given = form.get("refresh_token", "")
                self.spent.append(given)
                if given != self.refresh_token:
                    self.refresh_token = None
                    return 400, {"error": "invalid_grant", "error_description": f"The token {given} was used."}
                if self.rotates:
                    self.refresh_token = told["refresh_token"] = f"refresh-{next(self.numbers)}"
                if self.refresh_lives is not None:
                    told["refresh_token_expires_in"] = self.refresh_lives
            case _:
                return 400, {"error": "unsupported_grant_type"}
        access = told["access_token"] = f"access-{next(self.numbers)}"
        self.good.add(access)
        if self.lives is not None:
            told["expires_in"] = self.lives
        return 200, told


class _Server(ThreadingHTTPServer):
    provider: Provider
    daemon_threads = True


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        provider = self.server.provider
        length = int(self.headers.get("Content-Length", "0"))
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        if self.path == "/introspect":
            token = form.get("token", "")
            provider.introspected.append(token)
            active = token in provider.good
            told = {"active": str(active).lower()} | ({"email": provider.user} if active else {})
            self._say(Answer(body=json.dumps(told).encode()))
            return
        with provider.lock:
            scripted = provider.script.popleft() if provider.script else None
            if scripted is not None and scripted.body:
                provider.asked.append(form)
                answer = scripted
            else:
                status, known = provider.answer(form)
                delay = scripted.delay if scripted else 0
                answer = Answer(status=status, body=json.dumps(known).encode(), delay=delay)
        provider.meanwhile()
        time.sleep(answer.delay)
        self._say(answer)

    def _say(self, answer: Answer) -> None:
        try:
            self.send_response(answer.status)
            for name, value in (("Content-Type", "application/json"), *answer.headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:
            pass  # whoever asked has given up waiting

    def log_message(self, *arguments: object) -> None:
        """Tests read what was asked from the provider's lists."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A running provider, in threads of its own."""
    state = Provider()
    server = _Server(("127.0.0.1", 0), _Desk)
    server.provider = state
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="oauth", daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


INTROSPECTING = """
introspection_url = {url}
introspection_mode = post
username_attribute = email
username_format = %Ln
active_attribute = active
active_value = true
"""


@contextmanager
def let_in(state: Provider, *, mechanisms: str = "xoauth2 oauthbearer") -> Iterator[str]:
    """`extra` for a Dovecot that asks this provider whether a token holds, and for whom."""
    with short_folder("oauth") as folder:
        configuration = folder / "oauth2.conf"
        configuration.write_text(INTROSPECTING.format(url=state.introspection))
        give(folder)
        yield f"""
auth_mechanisms = plain {mechanisms}
auth_cache_size = 0
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {configuration}
}}
"""
