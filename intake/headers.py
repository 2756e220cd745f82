"""Header values to text: encoded words, RFC 2231 parameters, raw bytes in any charset, names that nobody quoted."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from domain.charsets import codec_name, decode_text
from domain.mail import Address
from intake.loose_base64 import from_base64

CACHED = 64  # values that are kept taken apart: of a part each is asked for a dozen times
WORDS = 400  # encoded words of one header that are decoded: 20,000 cost the standard library gigabytes

_ENCODED = re.compile(r"=\?([\w.:+-]{2,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[\w.:+-]{2,40}(?:\*[\w-]*)?\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n[ \t]*|[\r\n]")
_SEGMENT = re.compile(r';((?:[^;"]|"(?:\\.|[^"\\])*"?)*)')
_KEY = re.compile(r"^\s*([\w-]+)(?:\*(\d{1,5}))?(\*)?\s*=\s*(.*)$", re.DOTALL)
_NEXT = re.compile(
    r"(?:^|\s)(?=(?:filename|name|charset|boundary|size|format|delsp|(?:creation|modification|read)-date)"
    r"(?:\*\d*\*?|\*)?=)",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"([\w.:+-]*)'([\w-]*)'(.*)", re.DOTALL)
_TYPE = re.compile(r"\s*([\w.+*-]+)(?:\s*/\s*([\w.+*-]+))?", re.ASCII)
_SHORT = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}
_COMMENT = re.compile(r"\([^()]*\)")
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
        return text.replace("\x00", "").strip()
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
    return from_base64(data)


def without_comments(value: str) -> str:
    """A structured header's value without its comments (RFC 5322 §3.2.2), which may hold what looks like a value."""
    before = None
    while before != value:
        before, value = value, _COMMENT.sub(" ", value)
    return value


@lru_cache(maxsize=CACHED)
def claimed_type(value: object, default: str = "text/plain") -> str:
    """The media type that a Content-Type header names; text/plain where it names none (RFC 2045 §5.2)."""
    if value is None:
        return default
    found = _TYPE.match(decoded(value).strip("\"' ").lower())
    if not found:
        return "text/plain"
    main, sub = found.groups()
    return f"{main}/{sub}" if sub else _SHORT.get(main, "text/plain")


@lru_cache(maxsize=CACHED)
def parameters(value: object) -> Mapping[str, str]:
    """The parameters of Content-Type or Content-Disposition, by lower-case name, decoded (RFC 2231 §3 and §4).

    A value without quotes reaches to the next semicolon: `filename=My CV (2).pdf` is one name. A semicolon that was
    forgotten before one of the usual names is put in.
    """
    pieces: dict[str, list[_Piece]] = {}
    for segment in _SEGMENT.finditer(f";{raw_text(value)}"):
        for pair in _pairs(segment.group(1)):
            number = int(pair.group(2)) if pair.group(2) else None
            if len(pieces) < 50:
                piece = (number, bool(pair.group(3)), _unquoted(pair.group(4)))
                pieces.setdefault(pair.group(1).lower(), []).append(piece)
    return {key: _assembled(values[:200]) for key, values in pieces.items()}


_Piece = tuple[int | None, bool, str]  # number of the continuation, whether percent-encoded, text


def _pairs(segment: str) -> Iterator[re.Match[str]]:
    while segment:
        pair = _KEY.match(segment)
        start = pair.start(4) if pair else 0
        following = next(
            (m for m in _NEXT.finditer(segment, start) if not segment[start : m.start()].count('"') % 2), None
        )
        end = following.start() if following else len(segment)
        if pair:
            whole = _KEY.match(segment[:end])
            if whole:
                yield whole
        segment = segment[end:].lstrip() if following else ""


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        whole = re.fullmatch(r'"((?:\\.|[^"\\])*)"?', value, re.DOTALL)
        inner = whole.group(1) if whole else value.strip('"')  # quotes in quotes that nobody escaped
        return re.sub(r"\\([\"\\])", r"\1", inner)
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value


def _assembled(pieces: list[_Piece]) -> str:
    """One value of its pieces. Of several spellings the extended one is preferred, then the one in continuations."""
    extended = [piece for piece in pieces if piece[0] is None and piece[1]]
    numbered = {piece[0]: piece for piece in reversed(pieces) if piece[0] is not None}
    chosen = extended[:1] or [numbered[number] for number in sorted(numbered)] or pieces[:1]
    if not any(piece[1] for piece in chosen):
        return decoded("".join(text for _, _, text in chosen))
    charset: str | None = None
    data = b""
    for at, (_, percent, text) in enumerate(chosen):
        rest = text
        labelled = _CHARSET.fullmatch(text) if percent and at == 0 else None
        if labelled:
            charset, rest = labelled.group(1), labelled.group(3)
        data += unquote_to_bytes(rest) if percent else rest.encode()
    return decoded(decode_text(data, charset if codec_name(charset) else None)[0])


def addresses(values: Iterable[object]) -> tuple[Address, ...]:
    """The addresses of these headers. What has no @ is left out."""
    texts = [raw_text(value)[:16_000] for value in values]
    try:
        pairs = getaddresses(texts)
    except (RecursionError, IndexError, ValueError):  # thousands of brackets in brackets
        pairs = []
    found = [Address(name=decoded(name), email=email) for name, email in pairs if "@" in email]
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
