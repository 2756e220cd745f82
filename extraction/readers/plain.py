"""Plain text: wrapped lines made whole, columns of white space seen as rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from domain.charsets import decode_text
from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import flow
from extraction.readers.characters import joined, without_bullet
from extraction.readers.flow import Node, Paragraph
from extraction.readers.limits import ReadLimits

READER = "plain/2"
WRAPPED = (50, 100)  # characters: the widths that editors and mail programs wrap at

_RULER = re.compile(r"^[\s\-=_*~#+|.·—–]{3,}$")
_GAP = re.compile(r"\t+|\s{3,}|(?<![.!?:,;])\s{2,}|\s+\|\s+")
_STARTS = re.compile(
    r"(?:\d{1,2}[.)]|[+#>])\s|(?:\d{1,2}[./])?(?:19|20)\d\d(?:[./]\d{1,2})?\s?(?:[-–—:]|(?:to|a|à|au|по|إلى|الى)\s)"
)
_LETTERS_WITH_CASE = re.compile(r"[a-zа-яёà-ÿ]")


def read(path: Path, limits: ReadLimits) -> DocumentText:
    text, _ = decode_text(path.read_bytes(), None)
    if not text.strip():
        raise Unreadable("the file is empty")
    if text.count("\0") > len(text) // 20:
        raise Unreadable("the file is no text")
    return read_text(text, limits)


def read_text(text: str, limits: ReadLimits) -> DocumentText:
    return flow.document(_paragraphs(text), reader=READER, limits=limits)


@dataclass(slots=True)
class _Open:
    """The paragraph that is being gathered; its last cell may go on on the next line."""

    cells: list[str]
    last: str  # its last line
    indent: int  # where its text begins: that of the last cell in a row
    marked: bool  # a list item


def _paragraphs(text: str) -> list[Node]:
    width = _wrap_width(text)
    nodes: list[Node] = []
    current: _Open | None = None
    for raw in text.replace("\f", "\n").splitlines():
        line = raw.rstrip().expandtabs(8) if raw.startswith("\t") else raw.rstrip()
        if current and _goes_on(current, line, width):
            current.cells[-1] = joined(current.cells[-1], line.strip())
            current.last = line
            continue
        if current:
            nodes.append(Paragraph("\t".join(current.cells)))
        current = _opened(line) if line.strip() and not _RULER.match(line) else None
    if current:
        nodes.append(Paragraph("\t".join(current.cells)))
    return nodes


def _opened(line: str) -> _Open:
    text = line.strip().strip("|").strip()
    rest, marked = without_bullet(text)
    cells = [text] if marked else [cell for cell in _GAP.split(text) if cell.strip()]
    return _Open(cells=cells, last=line, indent=line.rfind(rest if marked else cells[-1]), marked=marked)


def _wrap_width(text: str) -> int:
    """The width at which the author or a program broke the lines; 0 where lines are paragraphs."""
    lengths = sorted(len(line.rstrip()) for line in text.splitlines() if line.strip())
    if not lengths or not WRAPPED[0] <= lengths[-1] <= WRAPPED[1]:
        return 0
    full = lengths[-1] * 0.85
    return lengths[-1] if sum(length >= full for length in lengths) >= 3 and _is_broken(text, full) else 0


def _is_broken(text: str, full: float) -> bool:
    """Whether a long line goes on in the one below it: with a small letter, where the script has such."""
    if 2 * len(_LETTERS_WITH_CASE.findall(text)) < sum(map(str.isalpha, text)):
        return True
    lines = text.splitlines()
    return any(len(line.rstrip()) >= full and below.lstrip()[:1].islower() for line, below in pairwise(lines))


def _goes_on(current: _Open, line: str, width: int) -> bool:
    """Whether the line is the rest of a paragraph that was too long for the line before."""
    text = line.strip()
    return bool(text) and _fits_below(current, line, text, width) and not _begins_another(line, text)


def _begins_another(line: str, text: str) -> bool:
    """Whether a line is a ruler, an item or the row of a table, or begins as a field or date does."""
    return bool(_RULER.match(line) or _STARTS.match(text) or without_bullet(text)[1] or len(_GAP.split(text)) > 1)


def _fits_below(current: _Open, line: str, text: str, width: int) -> bool:
    indent = len(line) - len(line.lstrip())
    if len(current.cells) > 1 and abs(indent - current.indent) > 1:
        return False
    if current.marked and indent > 0 and abs(indent - current.indent) <= 1:
        return True
    mid_sentence = (text[0].islower() or text[0] == "(") and current.last[-1] not in ".!?:;"
    if not width:  # too short a text to tell
        return mid_sentence and WRAPPED[0] <= len(current.last) <= WRAPPED[1]
    if len(current.last) < width * 0.6:
        return False
    would_fit = len(current.last) + 1 + len(text.split(maxsplit=1)[0]) <= width
    return mid_sentence or (not would_fit and current.last[-1] not in ":;")
