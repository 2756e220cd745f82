"""Raw bytes to a message tree: what breaks the standard parser is mended first, what is heavy goes to disk."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email._policybase import Compat32, Policy
from email.errors import MessageDefect
from email.feedparser import BytesFeedParser
from email.message import Message
from itertools import islice
from pathlib import Path
from typing import IO, Any, Protocol, cast

from intake.headers import claimed_type, parameters

HEADER = 16_384  # characters of one header that are kept
STRUCTURE = 4_096  # the same of Content-Type and the like: parameters cost the square of their number
SPOOL_FROM = 262_144  # bytes of one base64 run from which it goes to disk
LIFTED_FROM = 2_048  # the same from which it is kept from the parser, in memory
PIECE = 65_536
NODES = 20_000  # parts of one mail that are held at once

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}[ \t]*\r?\n?")
_BASE64_END = re.compile(rb"[A-Za-z0-9+/]{1,}={0,2}[ \t]*\r?\n?")
_BODY = re.compile(rb"\n\r?\n(?=[A-Za-z0-9+/]{40,250}\r?\n)")  # below a blank line stands what may be base64
_IN_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_LF_CR = re.compile(rb"[^\r\n]+\n\r[^\r\n]+\n\r(?!\n)")
_BLANK = re.compile(rb"(?:[ \t]*\r*\n)+")


class _Capped(Compat32):
    """Keeps headers as they are, but not at any length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: STRUCTURE if name.lower().startswith("content-") else HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the parser's signature
        """The value as it came: the parent would make question marks of raw bytes."""
        return value


class Mended(Message):
    """A part that decides between two Content-Type headers, and leaves an encoded message/rfc822 for later."""

    def set_raw(self, name: str, value: str) -> None:
        if name.lower() == "content-type" and "content-type" in self:
            self.defects.append(_Doubled("two Content-Type headers"))
            if "boundary" in value.lower() and "boundary" not in str(self["content-type"]).lower():
                del self["content-type"]
            else:
                return
        super().set_raw(name, value)

    beyond = False  # it was nested too deeply to be read: there are headers only

    def get_content_type(self) -> str:
        """The claimed type; but a message in the message is a leaf, so that it is kept byte for byte."""
        kind = claimed_type(self.get("content-type"), self.get_default_type())
        return kind.replace("message/", "application/", 1)

    def get_boundary(self, failobj: Any = None) -> Any:
        found = parameters(self.get("content-type", "")).get("boundary")
        return failobj if found is None else found.rstrip()

    def children(self) -> list[Mended]:
        """The parts of a container, none of a leaf. get_payload() would fall over a charset that is none."""
        payload: object = vars(self)["_payload"]
        return [child for child in payload if isinstance(child, Mended)] if isinstance(payload, list) else []

    @property
    def payload(self) -> str:
        """The payload as it came, bytes over 127 as surrogates; empty for a container."""
        payload: object = vars(self)["_payload"]
        return payload if isinstance(payload, str) else ""

    def become(self, other: Mended) -> None:
        """Take headers and content of another."""
        vars(self).update(vars(other))

    def replace_parts(self, other: Mended) -> None:
        """Take the content of another, and keep the headers."""
        vars(self)["_payload"] = vars(other)["_payload"]
        self.preamble, self.epilogue = other.preamble, other.epilogue
        kind = other["content-type"]
        del self["content-type"]
        self["Content-Type"] = kind

    def take_payload(self) -> str:
        """The payload as it came, bytes over 127 as surrogates, and let go of it; empty for a container."""
        payload = self.payload
        if payload:
            self.set_payload("")
        return payload


class _Doubled(MessageDefect):
    """Two headers where one is allowed."""


@dataclass(slots=True)
class Spool:
    """Base64 text that the parser need not see; a marker that no sender can guess stands for it in the message."""

    folder: Path
    mark: str
    runs: list[bytes | Path] = field(default_factory=list)  # of heavy parts on disk

    def new(self) -> Path:
        path = self.folder / f".{self.mark}-{len(self.runs)}"
        self.runs.append(path)
        return path

    def lift(self, run: bytes) -> bytes:
        """Keep whole lines. Returns the line that stands for them."""
        self.runs.append(run)
        return f"{self.mark}-{len(self.runs) - 1}\n".encode()

    def within(self, payload: str) -> Path | None:
        """The file that stands for the whole payload, None where it holds its own text."""
        found = re.fullmatch(rf"\s*{self.mark}-(\d+)\s*", payload) if len(payload) < 200 else None
        run = self.runs[int(found.group(1))] if found else None
        return run if isinstance(run, Path) else None

    def holds(self, payload: str) -> bool:
        """Whether some of the payload is on disk."""
        return any(isinstance(self.runs[int(found.group(1))], Path) for found in self._marks(payload))

    def pieces(self, payload: str) -> Iterator[bytes]:
        """The payload with the text put back that is not in it."""
        end = 0
        for found in self._marks(payload):
            yield payload[end : found.start()].encode("ascii", "surrogateescape")
            run = self.runs[int(found.group(1))]
            text = in_pieces(run) if isinstance(run, Path) else iter((run,))
            yield from text if found.group(2) else _without_end(text)  # the parser took a part's last line end away
            end = found.end()
        yield payload[end:].encode("ascii", "surrogateescape")

    def _marks(self, payload: str) -> Iterator[re.Match[str]]:
        return re.finditer(rf"{self.mark}-(\d+)(\n|\Z)", payload)

    def close(self) -> None:
        for run in self.runs:
            if isinstance(run, Path):
                run.unlink(missing_ok=True)


def _without_end(pieces: Iterator[bytes]) -> Iterator[bytes]:
    last = b""
    for piece in pieces:
        yield last
        last = piece
    yield last.removesuffix(b"\n").removesuffix(b"\r")


def in_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def read_message(pieces: Callable[[], Iterator[bytes]], spool: Spool, *, heavy: bool) -> tuple[Mended, list[str]]:
    """The tree of a message, and how it had to be repaired. `pieces` gives its bytes, from the beginning each time.

    The pieces may be of any size but the first, which must hold the first lines. `heavy`: long runs go to the spool.
    What is nested beyond reason is a message of headers only, with `beyond` set.
    """
    defects: list[str] = []
    try:
        return _tree(_mended(pieces(), defects), spool, heavy=heavy), defects
    except (RecursionError, _TooManyNodes):
        head = re.split(rb"\r?\n\r?\n", next(_mended(pieces(), []), b""), maxsplit=1)[0]
        message = _tree(iter((head,)), spool, heavy=False)
        message.beyond = True
        return message, [*defects, "The mail has too many parts, or too deep ones, to be taken apart."]


class _Parser(Protocol):
    """BytesFeedParser with a factory, as the library documents it and its types do not."""

    def feed(self, data: bytes) -> None: ...

    def close(self) -> Mended: ...


class _TooManyNodes(Exception):
    """More parts than any mail has."""


def _tree(pieces: Iterator[bytes], spool: Spool, *, heavy: bool) -> Mended:
    count = 0

    def node(policy: Policy) -> Mended:
        nonlocal count
        count += 1
        if count > NODES:
            raise _TooManyNodes
        return Mended(policy)

    parser = cast(_Parser, BytesFeedParser(cast(Any, node), policy=_Capped()))
    for piece in _gathered(_lightened(pieces, spool)) if heavy else _lifted(b"".join(pieces), spool):
        parser.feed(piece)
    return parser.close()


def _mended(pieces: Iterator[bytes], defects: list[str]) -> Iterator[bytes]:
    head = next(pieces, b"")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        defects.append("The whole mail was written in UTF-16; mended.")
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        whole = (decoder.decode(piece).encode("utf-8", "replace") for piece in (head, *pieces))
        head, pieces = next(whole), whole
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
        defects.append("A byte order mark stood before the headers; taken away.")
    blank = _BLANK.match(head)
    if blank and blank.end() < len(head):
        head = head[blank.end() :]
        defects.append("Blank lines stood before the headers; taken away.")
    if head.startswith((b"From ", b">From ")):
        head = head[head.find(b"\n") + 1 :]
        defects.append("A line of a mail archive (From …) stood before the headers; taken away.")
    if _LF_CR.match(head):
        defects.append("Lines ended with LF CR; mended.")
        yield from _replaced((head, *pieces), b"\n\r", b"\n")
        return
    doubled = b"\r\r\n" in head
    if doubled:
        defects.append("Line ends were doubled (CR CR LF); mended.")
    if b"\n" not in head and b"\r" in head:
        defects.append("Lines ended with CR only; mended.")
        yield from (piece.replace(b"\r", b"\n") for piece in (head, *pieces))
        return
    if not doubled:
        yield head
        yield from pieces
        return
    yield from _replaced((head, *pieces), b"\r\r\n", b"\r\n")


def _replaced(pieces: Iterable[bytes], wrong: bytes, right: bytes) -> Iterator[bytes]:
    kept = b""
    for piece in pieces:
        data = kept + piece
        kept = data[len(data.rstrip(b"\r\n")) :]  # the line end may go on in the next piece
        yield data[: len(data) - len(kept)].replace(wrong, right)
    yield kept.replace(wrong, right)


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest: list[bytes] = []  # of a line that goes on: joined once, since a line may be as long as the mail
    for piece in pieces:
        *lines, last = piece.split(b"\n")
        for line in lines:
            yield b"".join((*rest, line, b"\n"))
            rest.clear()
        rest.append(last)
    if any(rest):
        yield b"".join(rest)


def _gathered(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Many lines at once: to the parser each feeding costs more than a line."""
    while some := list(islice(lines, 1000)):
        yield b"".join(some)


def _lifted(data: bytes, spool: Spool) -> Iterator[bytes]:
    """The same, but a marker where base64 stands below a blank line: the parser, which looks at each line, is slow."""
    end = 0
    while found := _BODY.search(data, end):
        start = found.end()
        stop = data.find(b"\n-", start) + 1 or len(data)
        # The last line stays: its end goes with the boundary.
        stop = max(start, data.rfind(b"\n", start, stop - 1) + 1)
        run = data[start:stop]
        is_base64 = len(run) >= LIFTED_FROM and not run.translate(None, _IN_BASE64)
        yield data[end:start]
        yield spool.lift(run) if is_base64 else run
        end = stop
    yield data[end:]


def _lightened(pieces: Iterator[bytes], spool: Spool) -> Iterator[bytes]:
    """The same lines, but long runs of base64 lie in files of the spool."""
    run: list[bytes] = []
    size = 0
    out: IO[bytes] | None = None
    with ExitStack() as opened:
        for line in _lines(pieces):
            if (len(line) > 40 and _BASE64_LINE.fullmatch(line)) or (out and _BASE64_END.fullmatch(line)):
                size += len(line)
                if out:
                    out.write(line)
                    continue
                run.append(line)
                if size > SPOOL_FROM:
                    out = opened.enter_context(spool.new().open("wb"))
                    out.writelines(run)
                    run = [f"{spool.mark}-{len(spool.runs) - 1}\n".encode()]
                continue
            opened.close()
            yield from run
            run, size, out = [], 0, None
            yield line
        opened.close()
        yield from run
