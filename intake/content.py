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

from intake.headers import raw_text
from intake.loose_base64 import foreign, from_base64
from intake.repair import Mended, Spool, in_pieces
from intake.sniff import HEAD, UNKNOWN, media_type

PIECE = 1_048_576

_ENCODINGS = {"base64": ("base64", "b64"), "quoted-printable": ("quoted", "qp"), "uuencode": ("uuencode", "uue")}
_SPACE = b" \t\n\r\v\f"


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

    def pieces(self) -> Iterator[bytes]:
        return in_pieces(self.path) if self.path else iter((self.data or b"",))

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
    encoding = _encoding(part, defects)
    spooled = spool.within(payload)
    if spooled and encoding != "quoted-printable":
        if encoding != "base64":
            encoding = _hidden(next(in_pieces(spooled), b""), defects)
        return in_file(_streamed(spooled) if encoding == "base64" else spool.pieces(payload), spool.new())
    if not encoding and spool.holds(payload):
        return in_file(spool.pieces(payload), spool.new())
    data = b"".join(spool.pieces(payload))
    del payload
    if encoding == "quoted-printable":
        data = quopri.decodestring(data)
    encoding = encoding if encoding in ("base64", "uuencode") else _hidden(data, defects)
    if encoding == "base64":
        return in_memory(_base64(data, defects))
    if encoding == "uuencode":
        return in_memory(_uudecoded(data, defects))
    return in_memory(data)


def _encoding(part: Mended, defects: list[str]) -> str:
    """What Content-Transfer-Encoding means, however it is spelt; empty where the bytes stand as they are."""
    word = re.sub(r"[^a-z0-9]", "", raw_text(part.get("content-transfer-encoding", "")).lower().partition(";")[0])
    for name, spellings in _ENCODINGS.items():
        if any(spelling in word for spelling in spellings):
            return name
    if word and word not in ("7bit", "8bit", "binary", "7", "8", "none"):
        defects.append("A part has a transfer encoding that nobody knows; taken as it stood.")
    return ""


def _hidden(data: bytes, defects: list[str]) -> str:
    """The encoding of a file that is encoded without saying so: told by what the first bytes decode to."""
    first = data[:400].split(maxsplit=1)[0] if data[:400].split() else b""
    if len(first) >= 16 and not foreign(first.rstrip(b"=")) and _known(from_base64(first[:64])):
        defects.append("A part was base64 and did not say so; decoded.")
        return "base64"
    return ""


def _known(head: bytes) -> bool:
    return media_type(head, name=None, claimed="", open_file=lambda: io.BytesIO(head)) not in ("text/plain", UNKNOWN)


def _streamed(path: Path) -> Iterator[bytes]:
    rest = b""
    for piece in in_pieces(path):
        # Some programs encode pieces one by one: each ends with its own padding.
        *ended, last = re.split(rb"=+", piece.translate(None, _SPACE))
        for run in ended:
            yield from_base64(rest + run)
            rest = b""
        rest += last
        whole = len(rest) // 4 * 4
        yield base64.b64decode(rest[:whole])
        rest = rest[whole:]
    yield from_base64(rest)


def _base64(data: bytes, defects: list[str]) -> bytes:
    """Decode what is left of damaged base64 too: the standard library hands it back undecoded, and says nothing."""
    try:
        return base64.b64decode(data.translate(None, _SPACE), validate=True)
    except binascii.Error:
        pass
    if _known(data[:HEAD]) or _is_prose(data):
        defects.append("A part said to be base64 was not encoded; taken as it stood.")
        return data
    defects.append("Damaged base64 in a part; decoded as far as it goes.")
    runs = re.split(rb"=+", _without_footer(data))
    return b"".join(map(from_base64, runs))


def _is_prose(data: bytes) -> bool:
    """Whether the first lines are words: base64 has neither spaces nor punctuation, and its lines are long."""
    lines = [line.strip() for line in data[:2000].splitlines() if line.strip()][:3]
    if not lines or _known(from_base64(data[:96])):
        return False
    return sum(b" " in line or foreign(line) * 4 > len(line) for line in lines) * 2 > len(lines)


def _without_footer(data: bytes) -> bytes:
    """Mailing lists write their footer under base64 as if it were text."""
    kept: list[bytes] = []
    for line in data.splitlines():
        filled = line.strip()
        strange = foreign(filled.rstrip(b"="))
        ended = bool(kept) and (kept[-1].endswith(b"=") or len(kept[-1]) % 4 != 0)
        if kept and strange and (ended or strange * 4 > len(filled)):
            break
        if filled:
            kept.append(filled)
    return b"\n".join(kept)


def _uudecoded(data: bytes, defects: list[str]) -> bytes:
    """The bytes between `begin 644 name` and `end`."""
    lines = data.decode("latin-1").replace("\r\n", "\n").split("\n")
    begin = next((number for number, line in enumerate(lines) if re.match(r"begin [0-7]{3,4} ", line)), None)
    if begin is None:
        defects.append("A part said to be uuencoded was not; taken as it stood.")
        return data
    out = []
    for line in lines[begin + 1 :]:
        if line.strip() == "end":
            break
        try:
            out.append(uu_line(line))
        except ValueError:  # also of letters beyond ASCII
            defects.append("Damaged uuencode in a part; decoded without the lines that are none.")
    return b"".join(out)


def uu_line(line: str) -> bytes:
    """The bytes of one line, also where a program padded it wrongly. ValueError where it is none."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        count = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3 if line else 0
        return binascii.a2b_uu(line[:count])
