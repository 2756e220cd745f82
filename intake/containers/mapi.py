"""What Outlook keeps of a message, as properties ([MS-OXPROPS]), and the RFC 5322 message that it was."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

from domain.charsets import codec_name, decode_text
from intake.containers import rtf

STRING8, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D

MESSAGE_CLASS, SUBJECT, SUBMIT_TIME, DELIVERY_TIME = 0x001A, 0x0037, 0x0039, 0x0E06
TRANSPORT_HEADERS, MESSAGE_ID, IN_REPLY_TO, REFERENCES = 0x007D, 0x1035, 0x1042, 0x1039
FROM_NAME, FROM_ADDRESS, SENDER_NAME, SENDER_ADDRESS = 0x0042, 0x0065, 0x0C1A, 0x0C1F
SENDER_SMTP, FROM_SMTP, REPLY_TO_NAMES = 0x5D01, 0x5D02, 0x0050
BODY, RTF_COMPRESSED, HTML, INTERNET_CODE_PAGE, MESSAGE_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE, 0x3FFD
DISPLAY_NAME, ADDRESS, SMTP_ADDRESS = 0x3001, 0x3003, 0x39FE
ATTACH_DATA, ATTACH_NAME, ATTACH_LONG_NAME, ATTACH_TYPE, ATTACH_CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712

# Code pages whose number is not in the name that Python knows them by.
CODE_PAGES = {65001: "utf-8", 65000: "utf-7", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u",
              1200: "utf-16-le", 10000: "mac-roman", 10007: "mac-cyrillic", 51932: "euc-jp", 51949: "euc-kr",
              54936: "gb18030"}  # fmt: skip
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
_HEADER = re.compile(r"(?!content-|mime-version)[!-9;-~]{1,76}:", re.IGNORECASE)


def charset(code_page: int | None) -> str | None:
    """The charset of a Windows code page, None where it is unknown."""
    if not code_page:
        return None
    if 28591 <= code_page <= 28606:
        return f"iso-8859-{code_page - 28590}"
    return CODE_PAGES.get(code_page) or codec_name(f"cp{code_page}")


@dataclass(frozen=True, slots=True)
class Properties:
    """Values by property id: (type, bytes as they lie in the file)."""

    raw: Mapping[int, tuple[int, bytes]]
    charset: str | None = None  # of 8-bit text that does not say

    def text(self, key: int) -> str:
        kind, data = self.raw.get(key, (UNICODE, b""))
        if kind == UNICODE:
            return data.decode("utf-16-le", "replace").split("\x00", 1)[0]
        if kind not in (STRING8, BINARY):
            return ""
        return decode_text(data.split(b"\x00", 1)[0], self.charset)[0]

    def data(self, key: int) -> bytes:
        kind, data = self.raw.get(key, (BINARY, b""))
        return data if kind in (BINARY, OBJECT) else b""

    def number(self, key: int) -> int | None:
        kind, data = self.raw.get(key, (0, b""))
        return int.from_bytes(data[:4], "little") if kind == 3 and len(data) >= 4 else None

    def moment(self, key: int) -> datetime | None:
        kind, data = self.raw.get(key, (0, b""))
        if kind != 0x40 or len(data) < 8:
            return None
        try:
            return EPOCH + timedelta(microseconds=int.from_bytes(data[:8], "little") // 10)
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    properties: Properties
    data: bytes
    embedded: Item | None = None  # a message, in place of data

    @property
    def name(self) -> str:
        keys = (ATTACH_LONG_NAME, ATTACH_NAME, DISPLAY_NAME)
        return next((name for key in keys if (name := self.properties.text(key).strip())), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message as Outlook has it."""

    properties: Properties
    attachments: Sequence[Attached] = ()
    recipients: Sequence[Properties] = ()


def letter(item: Item) -> bytes:
    """The item as a message with headers."""
    return _headers(item) + entity(item)


def entity(item: Item) -> bytes:
    """Body and attachments of the item as a MIME entity, multipart/mixed; every text in UTF-8, every file as it was."""
    bodies = _bodies(item.properties)
    if len(bodies) > 1:
        bodies = [_multipart("alternative", bodies)]
    return _multipart("mixed", [*bodies, *map(_attachment, item.attachments)])


def has_content(item: Item) -> bool:
    return bool(item.attachments or _bodies(item.properties))


def _bodies(properties: Properties) -> list[bytes]:
    """Plain text and HTML, whichever there are; what the RTF says where there is neither."""
    plain, html = properties.text(BODY), _html(properties)
    packed = properties.data(RTF_COMPRESSED)
    if packed and not html.strip() and not plain.strip():
        try:
            text, is_html = rtf.text_of(rtf.unpacked(packed))
        except ValueError:
            text, is_html = "", False
        plain, html = ("", text.encode()) if is_html else (text, b"")
    texts = (("plain", plain.encode("utf-8", "replace")), ("html", html))
    return [_part(f"Content-Type: text/{kind}; charset=utf-8\r\n", data) for kind, data in texts if data.strip()]


def _html(properties: Properties) -> bytes:
    data = properties.data(HTML)
    if not data:
        return properties.text(HTML).encode("utf-8", "replace")
    page = charset(properties.number(INTERNET_CODE_PAGE)) or properties.charset
    return decode_text(data.rstrip(b"\x00"), page)[0].encode("utf-8", "replace")


def _attachment(attached: Attached) -> bytes:
    if attached.embedded is not None:
        return b"Content-Type: message/rfc822\r\n\r\n" + letter(attached.embedded)
    kind = attached.properties.text(ATTACH_TYPE).strip().lower()
    if kind.startswith("multipart/") and attached.data[:13].lower() == b"content-type:":
        return attached.data  # of a signed mail Outlook keeps the whole entity as if it were a file
    if not _TYPE.fullmatch(kind) or kind.startswith("multipart/"):
        kind = "application/octet-stream"
    name = quote(attached.name[:300], safe="")
    content_id = re.sub(r"[^!-~]|[<>]", "", attached.properties.text(ATTACH_CONTENT_ID))[:200]
    headers = f"Content-Type: {kind}\r\nContent-Disposition: attachment" + (
        f"; filename*=utf-8''{name}" if name else ""
    )
    return _part(f"{headers}\r\n" + (f"Content-ID: <{content_id}>\r\n" if content_id else ""), attached.data)


def _part(headers: str, data: bytes) -> bytes:
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return headers.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    boundary = "=-parts"
    while any(boundary.encode() in part for part in parts):
        boundary += "-"
    mark = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _headers(item: Item) -> bytes:
    """As they came by mail, where Outlook has kept them; else what its fields say."""
    kept = _transport(item.properties.text(TRANSPORT_HEADERS))
    lines = [*kept, *(line for line in _fields(item) if not _names(kept) >= {line.split(":")[0].lower()})]
    return "".join(f"{line}\r\n" for line in [*lines, "MIME-Version: 1.0"]).encode("utf-8", "replace")


def _names(lines: Sequence[str]) -> set[str]:
    return {line.split(":")[0].lower() for line in lines}


def _transport(text: str) -> list[str]:
    """Header lines, folded ones joined, without those that described the parts as they were."""
    block = re.split(r"\r?\n\r?\n", text.lstrip("\r\n"), maxsplit=1)[0]
    lines = re.sub(r"\r?\n[ \t]+", " ", block).splitlines()
    return [line for line in lines if _HEADER.match(line)]


def _fields(item: Item) -> list[str]:
    of = item.properties
    # Whom it is from is who it is sent for; who pressed the button comes second.
    senders = [(FROM_NAME, (FROM_SMTP, FROM_ADDRESS)), (SENDER_NAME, (SENDER_SMTP, SENDER_ADDRESS))]
    found = [_address(of, name, addresses) for name, addresses in senders]
    sender = next((one for one in found if "@" in one), next((one for one in found if one), ""))
    sent = of.moment(SUBMIT_TIME) or of.moment(DELIVERY_TIME)
    values = {
        "From": sender,
        "To": ", ".join(filter(None, (_address(to, DISPLAY_NAME, (SMTP_ADDRESS, ADDRESS)) for to in item.recipients))),
        "Subject": of.text(SUBJECT),
        "Date": format_datetime(sent) if sent else "",
        "Message-ID": of.text(MESSAGE_ID),
        "In-Reply-To": of.text(IN_REPLY_TO),
        "References": of.text(REFERENCES),
    }
    return [f"{name}: {' '.join(value.split())}" for name, value in values.items() if value.strip()]


def _address(of: Properties, name: int, addresses: Sequence[int]) -> str:
    """As a header writes it; an address of Exchange (/o=…) is none."""
    email = next((text for key in addresses if "@" in (text := of.text(key).strip())), "")
    shown = of.text(name).strip().replace("\\", "\\\\").replace('"', '\\"')
    if not email:
        return f'"{shown}"' if shown else ""
    return f'"{shown}" <{email}>' if shown else f"<{email}>"
