"""The decoded bytes of a part: in memory while small, in a file where heavy."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from intake.repair import Mended, Spool
from intake.sniff import HEAD

PIECE = 1_048_576

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    head: bytes  # the first 64 KiB
    size: int
    digest: str  # SHA-256, hex
    data: bytes | None = None  # all of it, None where it lies in `path`
    path: Path | None = None

    def open(self) -> IO[bytes]:
        return self.path.open("rb") if self.path else io.BytesIO(self.data or b"")

    def all(self) -> bytes:
        return self.path.read_bytes() if self.path else self.data or b""

    def save(self, folder: Path) -> None:
        """Put the bytes into the folder, named by their digest."""
        target = folder / self.digest
        if self.path and self.path != target:
            self.path.replace(target)
        elif not target.exists():
            target.write_bytes(self.data or b"")


def in_memory(data: bytes) -> Content:
    return Content(head=data[:HEAD], size=len(data), digest=hashlib.sha256(data).hexdigest(), data=data)


def in_file(pieces: Iterable[bytes], path: Path) -> Content:
    """Write the pieces to a file. The caller takes it away where it is not saved."""
    sha, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as out:
        for piece in pieces:
            sha.update(piece)
            out.write(piece)
            size += len(piece)
            if len(head) < HEAD:
                head = (head + piece)[:HEAD]
    return Content(head=head, size=size, digest=sha.hexdigest(), path=path)


def decode(part: Mended, spool: Spool, defects: list[str]) -> Content:
    """The bytes of a leaf. Its payload is let go of, so that a heavy mail is never twice in memory."""
    payload = part.take_payload()
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower().split(";")[0]
    spooled = spool.within(payload)
    if spooled and encoding != "quoted-printable":
        return in_file(_streamed(spooled) if encoding == "base64" else _pieces(spooled), spool.new())
    data = spool.restored(payload)
    del payload
    if encoding == "base64":
        return in_memory(_base64(data, defects))
    if encoding == "quoted-printable":
        return in_memory(quopri.decodestring(data))
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return in_memory(uudecoded(data.decode("ascii", "replace").splitlines()))
    return in_memory(data)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _streamed(path: Path) -> Iterator[bytes]:
    rest = b""
    for piece in _pieces(path):
        clean = _NOT_BASE64.sub(b"", rest + piece)
        whole = len(clean) // 4 * 4
        rest = clean[whole:]
        yield base64.b64decode(clean[:whole])
    yield _padded(rest)


def _padded(clean: bytes) -> bytes:
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def _base64(data: bytes, defects: list[str]) -> bytes:
    """Decode what is left of damaged base64 too: the standard library hands it back undecoded, and says nothing."""
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        pass
    # Some programs encode pieces one by one: each ends with its own padding.
    clean = [_NOT_BASE64.sub(b"", piece) for piece in re.split(rb"=+", data)]
    wrong = len(b"".join(data.split())) - sum(map(len, clean)) - data.count(b"=")
    if wrong > sum(map(len, clean)) // 2 or b" " in data.strip().replace(b"\n ", b"\n")[:200].strip():
        defects.append("A part said to be base64 was plain text; taken as it stood.")
        return data
    defects.append("Damaged base64 in a part; decoded as far as it goes.")
    return b"".join(map(_padded, clean))


def uudecoded(lines: Iterable[str]) -> bytes:
    """The bytes between `begin 644 name` and `end`."""
    out, inside = [], False
    for line in lines:
        if not inside:
            inside = bool(re.match(r"begin [0-7]{3,4} ", line))
            continue
        if line.strip() == "end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            count = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3 if line else 0
            out.append(binascii.a2b_uu(line[:count]))
    return b"".join(out)
