"""PPT: the words on the slides of PowerPoint 97 to 2003 ([MS-PPT]), by the records that hold them."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import compound, flow
from extraction.readers.archive import PROTECTED
from extraction.readers.flow import Node, Paragraph
from extraction.readers.limits import ReadLimits

READER = "ppt/1"
ENCRYPTED = 0xF3D1C4DF  # the token of an encrypted file (§2.3.2)
USER_EDIT, PERSIST_DIRECTORY, SLIDE_LIST, SLIDE_PERSIST = 0x0FF5, 0x1772, 0x0FF0, 0x03F3
TEXT_UTF16, TEXT_8_BIT = 0x0FA0, 0x0FA8
SLIDES = 0  # the instance of the list of slides; others are of masters and of notes
DEPTH = 32
EDITS = 1_000  # saves of one file that are looked through

_HEADER = struct.Struct("<HHI")


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    container: bool
    start: int  # of its content
    end: int


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Pages are slides. Raises Unreadable where the file is damaged, or a password is needed."""
    current = compound.stream(path, "Current User", 64)
    data = compound.stream(path, "PowerPoint Document", limits.unpacked_bytes)
    if current and len(current) >= 20 and struct.unpack_from("<I", current, 12)[0] == ENCRYPTED:
        raise Unreadable(PROTECTED)
    if not data:
        raise Unreadable("the file is damaged: it holds no slides")
    newest = struct.unpack_from("<I", current, 16)[0] if current and len(current) >= 20 else 0
    slides = list(_slides(data, newest)) or [list(_texts(data, 0, len(data)))]
    kept, left_out = flow.slides(map(_nodes, slides), len(slides), limits)
    return DocumentText(
        blocks=kept, reader=READER, pages=len(slides), properties=compound.properties(path), problems=left_out
    )


def _nodes(texts: Sequence[str]) -> list[Node]:
    return [Paragraph(line) for text in texts for line in text.splitlines() if line.strip()]


def _records(data: bytes, start: int, end: int) -> Iterator[_Record]:
    while start + _HEADER.size <= end:
        version, kind, length = _HEADER.unpack_from(data, start)
        start += _HEADER.size
        yield _Record(kind, version >> 4, version & 0xF == 0xF, start, min(start + length, end))
        start += length


def _texts(data: bytes, start: int, end: int, depth: int = 0) -> Iterator[str]:
    """All texts in a span of records, in order."""
    for record in _records(data, start, end):
        if record.container and depth < DEPTH:
            yield from _texts(data, record.start, record.end, depth + 1)
        elif text := _text(data, record):
            yield text


def _text(data: bytes, record: _Record) -> str:
    if record.kind not in (TEXT_UTF16, TEXT_8_BIT):
        return ""
    charset = "utf-16-le" if record.kind == TEXT_UTF16 else "latin-1"
    return data[record.start : record.end].decode(charset, "replace").replace("\x0b", "\n").replace("\r", "\n")


def _slides(data: bytes, newest: int) -> Iterator[list[str]]:
    """The texts of each slide as the file was saved last: titles and lists stand in the outline, boxes on the slide."""
    places, document = _persisted(data, newest)
    whole = next(iter(_records(data, places.get(document, len(data)), len(data))), None)
    for listed in _records(data, whole.start, whole.end) if whole else ():
        if listed.kind != SLIDE_LIST or listed.instance != SLIDES:
            continue
        outline: list[str] = []
        boxes: list[str] | None = None
        for record in _records(data, listed.start, listed.end):
            if record.kind == SLIDE_PERSIST and record.end - record.start >= 4:
                if boxes is not None:
                    yield outline + boxes
                place = places.get(struct.unpack_from("<I", data, record.start)[0], len(data))
                slide = next(iter(_records(data, place, len(data))), None)
                outline, boxes = [], list(_texts(data, slide.start, slide.end)) if slide else []
            elif text := _text(data, record):
                outline.append(text)
        if boxes is not None:
            yield outline + boxes


def _persisted(data: bytes, newest: int) -> tuple[dict[int, int], int]:
    """Identity → place of what the file holds, later saves before earlier ones; and the identity of the document."""
    places: dict[int, int] = {}
    document = 0
    seen: set[int] = set()
    while newest and newest not in seen and len(seen) < EDITS:
        seen.add(newest)
        edit = next(iter(_records(data, newest, len(data))), None)
        if edit is None or edit.kind != USER_EDIT or edit.end - edit.start < 20:
            break
        newest, directory, identity = struct.unpack_from("<III", data, edit.start + 8)
        document = document or identity
        table = next(iter(_records(data, directory, len(data))), None)
        if table is not None and table.kind == PERSIST_DIRECTORY:
            for number, place in _entries(data, table):
                places.setdefault(number, place)
    return places, document


def _entries(data: bytes, table: _Record) -> Iterator[tuple[int, int]]:
    """The entries of a persist directory (§2.3.5): runs of places, each with the first identity and their number."""
    at = table.start
    while at + 4 <= table.end:
        head = struct.unpack_from("<I", data, at)[0]
        first, count = head & 0xFFFFF, head >> 20
        at += 4
        for number in range(min(count, (table.end - at) // 4)):
            yield first + number, struct.unpack_from("<I", data, at + 4 * number)[0]
        at += 4 * count
