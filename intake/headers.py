"""Header values to text: encoded words, RFC 2231 parameters, raw bytes in any charset, names that nobody quoted."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from domain.charsets import codec_name, decode_text
from domain.mail import Address

WORDS = 400  # encoded words of one header that are decoded: 20,000 cost the standard library gigabytes

_ENCODED = re.compile(r"=\?([\w.:+-]{2,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[\w.:+-]{2,40}(?:\*[\w-]*)?\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n[ \t]*|[\r\n]")
_SPLIT = re.compile(r';((?:[^;"]|"(?:\\.|[^"\\])*"?)*)')
_KEY = re.compile(r"^\s*([\w-]+)(\*\d+)?(\*)?\s*=\s*(.*)$", re.DOTALL)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+")


def raw_text(value: object) -> str:
    """A header as the parser keeps it (bytes over 127 as surrogates), unfolded, its raw bytes decoded."""
    text = _FOLD.sub(" ", str(value))
    if text.isascii():
        return text
    return decode_text(text.encode("utf-8", "surrogateescape"), None)[0]


def decoded(value: object) -> str:
    """The text of an unstructured header: RFC 2047 §6.2, and what mailers make of it."""
    text = raw_text(value)
    if "=?" not in text:
        return text.strip()
    out: list[str] = []
    pending, charset, end = b"", "", 0
    text = _BETWEEN.sub(r"\1", text)
    for number, found in enumerate(_ENCODED.finditer(text)):
        if number == WORDS:
            break
        label = found.group(1).lower()
        between = text[end : found.start()]
        if pending and (between or label != charset):
            out.append(decode_text(pending, charset)[0])
            pending = b""
        out.append(between)
        # Letters are often split between two words, against the standard: bytes are joined before they are decoded.
        pending += _word_bytes(found.group(2).lower(), found.group(3))
        charset, end = label, found.end()
    out += [decode_text(pending, charset)[0], text[end:]]
    return "".join(out).replace("\r", " ").replace("\n", " ").replace("\x00", "").strip()


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("ascii", "replace")
    if encoding == "q":
        return quopri.decodestring(data.replace(b"_", b"=20"))
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return data


def parameters(value: object) -> Mapping[str, str]:
    """The parameters of Content-Type or Content-Disposition, by lower-case name, decoded (RFC 2231 §3 and §4).

    A value without quotes reaches to the next semicolon: `filename=My CV (2).pdf` is one name.
    """
    text = raw_text(value)
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _SPLIT.finditer(text):
        pair = _KEY.match(found.group(1))
        if pair and len(pieces) < 50:
            number = int(pair.group(2)[1:]) if pair.group(2) and len(pair.group(2)) < 6 else 0
            pieces.setdefault(pair.group(1).lower(), []).append((number, bool(pair.group(3)), _unquoted(pair.group(4))))
    return {key: _assembled(values) for key, values in pieces.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        inner = re.match(r'"((?:\\.|[^"\\])*)', value, re.DOTALL)
        return re.sub(r"\\([\"\\])", r"\1", inner.group(1)) if inner else ""
    return value


def _assembled(values: list[tuple[int, bool, str]]) -> str:
    values = sorted(values, key=lambda item: (not item[1], item[0]))  # the extended form is preferred
    if not values[0][1]:
        return decoded("".join(text for _, _, text in values[:200]))
    charset: str | None = None
    data = b""
    for number, extended, text in sorted(values[:200]):
        rest = text
        if extended and number == 0 and text.count("'") >= 2:
            charset, _, rest = text.split("'", 2)
        data += unquote_to_bytes(rest) if extended else rest.encode()
    if codec_name(charset):
        return decode_text(data, charset)[0]
    return decode_text(data, None)[0]


def addresses(values: Iterable[object]) -> tuple[Address, ...]:
    """The addresses of these headers. What has no @ is left out."""
    texts = [raw_text(value)[:16_000] for value in values]
    found = [Address(name=decoded(name), email=email) for name, email in getaddresses(texts) if "@" in email]
    if found:
        return tuple(found)
    return tuple(Address(name="", email=email) for text in texts for email in _ADDRESS.findall(decoded(text)))


def message_ids(value: object | None) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(raw_text(value))) if value is not None else ()


def date(value: object | None) -> datetime | None:
    """The Date header with its zone; UTC where it names none, None where it is no date."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(raw_text(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
