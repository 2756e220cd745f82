"""Base64 as it comes: with foreign letters in it, without its padding, cut off."""

from __future__ import annotations

import base64
import string

LETTERS = (string.ascii_letters + string.digits + "+/").encode()
_FOREIGN = bytes(set(range(256)) - set(LETTERS))


def from_base64(data: bytes) -> bytes:
    """What can be decoded of one run, which padding may end. Foreign letters are left out (RFC 2045 §6.8)."""
    clean = data.translate(None, _FOREIGN)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def foreign(data: bytes) -> int:
    """How many letters are none of base64."""
    return len(data.translate(None, LETTERS))
