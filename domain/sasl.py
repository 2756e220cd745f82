"""Logging in with an access token: what is said in the two mechanisms, whatever the protocol around them.

OAUTHBEARER is RFC 7628; XOAUTH2 is its forerunner, which Google and Microsoft describe.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

END = "\x01"
LONGEST = 200  # characters of a server's complaint


class Mechanism(StrEnum):
    """The better first."""

    OAUTHBEARER = "OAUTHBEARER"
    XOAUTH2 = "XOAUTH2"


def best_of(offered: Iterable[str]) -> Mechanism | None:
    """The best mechanism among those that a server offers, None where it takes no tokens."""
    names = {name.upper() for name in offered}
    return next((mechanism for mechanism in Mechanism if mechanism.value in names), None)


@dataclass(slots=True, kw_only=True)
class TokenExchange:
    """One attempt to log in. `answer` is called with each challenge of the server, the empty first one included."""

    mechanism: Mechanism
    user: str  # whose mailbox it is: a shared one's address, whoever the token was given to
    token: str = field(repr=False)
    host: str
    port: int
    refusal: str = ""  # what the server said against it, on one line; empty where it said nothing
    _begun: bool = False

    def answer(self, challenge: bytes) -> bytes:
        if not self._begun:
            self._begun = True
            return self._first().encode()
        self.refusal = _in_words(challenge)
        # The server has said why not. It must be answered before it gives its verdict (RFC 7628 §3.2.3).
        return END.encode() if self.mechanism is Mechanism.OAUTHBEARER else b""

    def _first(self) -> str:
        if self.mechanism is Mechanism.XOAUTH2:
            return f"user={self.user}{END}auth=Bearer {self.token}{END}{END}"
        name = self.user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 §4
        place = f"host={self.host}{END}port={self.port}{END}"
        return f"n,a={name},{END}{place}auth=Bearer {self.token}{END}{END}"


def _in_words(challenge: bytes) -> str:
    """The error that a server gives in JSON (RFC 7628 §3.2.2), such as "invalid_token"."""
    try:
        told = json.loads(challenge)
    except ValueError:  # no JSON, or no UTF-8
        return ""
    if not isinstance(told, dict):
        return ""
    named = (f"{name} {told[name]}" for name in ("status", "scope") if isinstance(told.get(name), str))
    return " ".join(", ".join(named).split())[:LONGEST]
