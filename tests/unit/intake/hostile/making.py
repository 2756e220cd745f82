"""Small builders of mails, and the shape of a case: raw bytes with the parts that must come out of them."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass

Row = tuple[str, str | None, str] | tuple[str, str | None, str, bytes]  # path, name, fate, and the bytes put in

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 3 + b"\n%%EOF\n"
OTHER = b"%PDF-1.5\nanother one" + bytes(range(255, 0, -1)) + b"\n%%EOF\n"
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument".encode("utf-16-le") + b"\0" * 100
RTF = b"{\\rtf1\\ansi Curriculum vitae\\par}"
TOP = b"From: Ana <ana@example.org>\r\nTo: call@example.org\r\nSubject: CV\r\nMIME-Version: 1.0\r\n"
BODY: Row = ("1", None, "body")
CV: Row = ("2", "cv.pdf", "document", PDF)


@dataclass(frozen=True, slots=True)
class Case:
    name: str  # a promise
    raw: bytes
    parts: tuple[Row, ...]  # all but the root
    body: str | None = None  # None where the case is not about it


def case(name: str, raw: bytes, *parts: Row, body: str | None = None) -> Case:
    return Case(name, raw, parts, body)


def b64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def qp(data: bytes) -> bytes:
    return b"=\r\n".join(b"".join(b"=%02X" % c for c in data[at : at + 24]) for at in range(0, len(data), 24))


def uu(data: bytes, name: bytes = b"cv.pdf") -> bytes:
    import binascii

    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 " + name + b"\r\n" + lines.replace(b"\n", b"\r\n") + b"`\r\nend\r\n"


def entity(headers: bytes, content: bytes) -> bytes:
    """A part: its header lines, parted by newline signs, and what stands below."""
    return headers.strip().replace(b"\n", b"\r\n") + b"\r\n\r\n" + content


def text(content: bytes = b"Hello", kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return entity(b"Content-Type: " + kind, content)


def file(
    data: bytes = PDF, name: bytes = b'filename="cv.pdf"', kind: bytes = b"application/pdf", how: bytes = b"attachment"
) -> bytes:
    disposition = b"\nContent-Disposition: " + how + (b"; " + name if name else b"")
    return entity(b"Content-Type: " + kind + disposition + b"\nContent-Transfer-Encoding: base64", b64(data))


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"b1") -> bytes:
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    return head + b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in parts) + b"--" + boundary + b"--\r\n"


def mail(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"b1") -> bytes:
    return TOP + multipart(*parts, kind=kind, boundary=boundary)


def single(headers: bytes, content: bytes) -> bytes:
    return TOP + entity(headers, content)


def png(width: int, height: int, filler: int = 0) -> bytes:
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"x" * filler


ORDINARY = mail(text(), file())
