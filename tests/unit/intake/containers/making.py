"""Containers of every kind, written for the tests by the libraries' writers or from the specification."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib

import py7zr
from asn1crypto import cms

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 8


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """A zip whose entries say that they are encrypted."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.find(mark) + at] |= 1
    return bytes(changed)


def raw_named(name: bytes) -> bytes:
    """A zip whose only name is in some charset, without the flag of UTF-8."""
    stand_in = b"x" * len(name)
    return zipped((stand_in.decode(), PDF)).replace(stand_in, name)


def tarred(mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("../../x/cv.pdf")
        info.size = len(PDF)
        archive.addfile(info, io.BytesIO(PDF))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def seven(*members: tuple[str, bytes], password: str | None = None) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return out.getvalue()


# TNEF, written from the specification: [MS-OXTNEF] §2.1.3 and §2.1.3.4.
def attribute(level: int, key: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, key, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def sized(key: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<HHII", kind, key, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def properties(*values: bytes) -> bytes:
    return struct.pack("<I", len(values)) + b"".join(values)


def tnef(*, long_name: str = "Резюме.pdf", embedded: bytes = b"", body: bytes = b"") -> bytes:
    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x69007, struct.pack("<II", 1251, 0))
    own = [sized(0x1009, 0x102, body)] if body else []
    out += attribute(1, 0x69003, properties(sized(0x0037, 0x1F, "Inner".encode("utf-16-le")), *own))
    out += attribute(2, 0x69002, bytes(14)) + attribute(2, 0x18010, b"CV~1.PDF\0") + attribute(2, 0x6800F, PDF)
    out += attribute(2, 0x69005, properties(sized(0x3707, 0x1F, (long_name + "\0").encode("utf-16-le"))))
    if embedded:
        out += attribute(2, 0x69002, bytes(14))
        out += attribute(2, 0x69005, properties(sized(0x3701, 0x0D, bytes(16) + embedded)))
    return out


def lzfu(text: bytes) -> bytes:
    """Compressed RTF of literals only, with the end that the specification asks for."""
    tokens, size = b"", len(text)
    for at in range(0, size, 8):
        tokens += b"\0" + text[at : at + 8]
    # the last group must be whole: the text is padded by the caller to a multiple of eight
    end = ((207 + size) % 4096) << 4
    tokens += b"\x01" + end.to_bytes(2, "big")
    return struct.pack("<II4sI", len(tokens) + 12, size, b"LZFu", 0) + tokens


def padded(text: bytes) -> bytes:
    return text + b" " * (-len(text) % 8)


def signed(content: bytes) -> bytes:
    held = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data", "content": content},
            "signer_infos": [],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": held}).dump())


def element(tag: int, data: bytes) -> bytes:
    return bytes([tag, 0x84]) + len(data).to_bytes(4, "big") + data


def endless(tag: int, *inner: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(inner) + b"\0\0"


def streamed(content: bytes, piece: int = 100) -> bytes:
    """The same as programs that stream write it: BER without lengths, octets in pieces."""
    data, oid = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    pieces = [element(4, content[at : at + piece]) for at in range(0, len(content), piece)]
    held = endless(0x30, data, endless(0xA0, endless(0x24, *pieces)))
    return endless(0x30, oid, endless(0xA0, endless(0x30, b"\x02\x01\x01", b"\x31\x00", held, b"\x31\x00")))


def compressed(content: bytes) -> bytes:
    inner = element(0x30, bytes.fromhex("06092a864886f70d010701") + element(0xA0, element(4, zlib.compress(content))))
    algorithm = element(0x30, bytes.fromhex("060b2a864886f70d0109100308"))
    held = element(0x30, b"\x02\x01\x00" + algorithm + inner)
    return element(0x30, bytes.fromhex("060b2a864886f70d0109100109") + element(0xA0, held))


def enveloped() -> bytes:
    return element(0x30, bytes.fromhex("06092a864886f70d010703") + element(0xA0, element(0x30, b"\x02\x01\x00")))
