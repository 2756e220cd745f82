"""Addresses that stand behind words: an "e-mail me" that opens a letter to somebody."""

from __future__ import annotations

from urllib.parse import unquote

LONGEST = 254  # characters of an address (RFC 5321 §4.5.3.1.3)


def beside(text: str, target: str | None) -> str:
    """What to add to the words of a link so that the address or number behind them is read; mostly nothing."""
    scheme, _, rest = (target or "").strip().partition(":")
    scheme, value = scheme.lower(), unquote(rest.partition("?")[0]).strip()
    if len(value) > LONGEST:
        return ""
    if scheme == "mailto" and "@" in value and value.lower() not in "".join(text.lower().split()):
        return f" ({value})"
    if scheme == "tel" and (digits := _digits(value)) and digits not in _digits(text):
        return f" ({value})"
    return ""


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text)).lstrip("0")
