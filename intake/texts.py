"""Texts of a body: paragraphs that a mail program broke, enriched text, and files that stand in the text itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from intake.content import uu_line

_BEGIN = re.compile(r"begin(-base64)? +[0-7]{3,4} +(\S.*)")
_UU = re.compile(r"[ -`]{1,90}")
_YENC = re.compile(r"=ybegin (?:.*? )?name=(.*)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_COMMAND = re.compile(r"<param>[^<]{0,500}</param>|(?<!<)</?[a-z-]{1,60}>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineFile:
    name: str
    data: bytes | None  # None where it is in a form that is not read
    cut: bool = False  # the end is missing


def without_files(text: str) -> tuple[str, list[InlineFile]]:
    """The text around the files that older mail programs wrote into it (uuencode, POSIX `uuencode -m`, yEnc)."""
    if "begin" not in text:
        return text, []
    lines = text.split("\n")
    kept: list[str] = []
    files: list[InlineFile] = []
    at = 0
    while at < len(lines):
        found = _file_at(lines, at)
        if found is None:
            kept.append(lines[at])
            at += 1
        else:
            file, at = found
            files.append(file)
    return "\n".join(kept), files


def _file_at(lines: list[str], at: int) -> tuple[InlineFile, int] | None:
    line = lines[at].rstrip()
    begin = _BEGIN.fullmatch(line)
    if begin and begin.group(1):
        return _inline(lines, at, begin.group(2), _BASE64, base64.b64decode, "====")
    if begin:
        return _inline(lines, at, begin.group(2), _UU, uu_line, "end")
    yenc = _YENC.fullmatch(line)
    if yenc:
        end = next((n for n in range(at, len(lines)) if lines[n].startswith("=yend")), len(lines) - 1)
        return InlineFile(name=yenc.group(1), data=None), end + 1
    return None


def _inline(
    lines: list[str], at: int, name: str, shape: re.Pattern[str], decode: Callable[[str], bytes], end: str
) -> tuple[InlineFile, int] | None:
    out: list[bytes] = []
    for number in range(at + 1, len(lines)):
        line = lines[number].rstrip("\r")
        if line.rstrip() == end:
            return InlineFile(name=name, data=b"".join(out)), number + 1
        if not shape.fullmatch(line):
            break
        try:
            out.append(decode(line))
        except ValueError:
            break
    if not out or not out[0]:
        return None  # words that begin with "begin"
    return InlineFile(name=name, data=b"".join(out), cut=True), at + 1 + len(out)


def unflowed(text: str, *, delsp: bool) -> str:
    """Join the lines of format=flowed (RFC 3676 §4). `delsp`: the space that marks a soft break is no part of it."""
    out: list[list[str]] = []
    before: tuple[bool, int] = (False, 0)  # whether the line before goes on, and its depth of quotation
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        signature = content == "-- "
        soft = content.endswith(" ") and not signature
        shown = content[:-1] if soft and delsp else content
        if before == (True, depth) and content.strip() and not signature:
            out[-1].append(shown)
        else:
            out.append([f"{'>' * depth} {shown}" if depth else shown])
        before = (soft, depth)
    return "\n".join("".join(pieces) for pieces in out)


def unenriched(text: str) -> str:
    """The words of text/enriched (RFC 1896): without commands, a lone line end is a space."""
    words = _COMMAND.sub("", text).replace("<<", "<")
    return re.sub(r"\n(\n*)", lambda found: found.group(1) or " ", words)


def storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters that UTF-7 can smuggle in."""
    return text.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "replace").decode()
