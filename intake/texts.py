"""Texts of a body: paragraphs that a mail program broke, enriched text, and files that stand in the text itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.content import uu_line

_BEGIN = re.compile(r"begin(-base64)? +[0-7]{3,4} +(\S.*)")
_UU = re.compile(r"[ -`]{1,90}")
_YENC = re.compile(r"=ybegin (?:.*? )?name=(.*)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_COMMAND = re.compile(r"<param>.*?</param>|<(?!<)/?[a-z-]{1,60}>", re.IGNORECASE | re.DOTALL)


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
