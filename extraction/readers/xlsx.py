"""XLSX: the rows of each sheet (ECMA-376 part 1 §18), since forms such as the UN's P11 come as workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import flow
from extraction.readers.archive import Archive, attribute, local, opened, related
from extraction.readers.flow import Node, Paragraph, Table
from extraction.readers.limits import ReadLimits

READER = "xlsx/1"
COLUMNS = 64  # what stands further to the right is read into the last
DATE_FORMATS = frozenset((*range(14, 23), *range(45, 48)))  # built in (§18.8.30)
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no time zone; 1900 was no leap year, Excel thinks so

_LETTERS = re.compile(r"^[A-Z]+")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where the archive or the list of sheets is broken."""
    with opened(path, limits) as archive:
        return _read(archive, limits)


def _read(archive: Archive, limits: ReadLimits) -> DocumentText:
    main = related(archive, "").get("officeDocument", ["xl/workbook.xml"])[0]
    workbook = archive.xml(main)
    if workbook is None:
        raise Unreadable("the file is damaged: it has no list of sheets")
    parts = related(archive, main)
    book = _Book(
        strings=_strings(archive.xml(parts.get("sharedStrings", [""])[0])),
        dates=_date_styles(archive.xml(parts.get("styles", [""])[0])),
    )
    shown: list[Node] = []
    hidden: list[Node] = []
    states = [element for element in workbook.iter() if local(element) == "sheet"]
    for sheet, name in zip(states, parts.get("worksheet", []), strict=False):
        root = archive.xml(name)
        if root is not None:
            (hidden if attribute(sheet, "state") in ("hidden", "veryHidden") else shown).append(book.table(root))
    return flow.document(
        shown,
        reader=READER,
        limits=limits,
        hidden=flow.unseen(hidden, "it stands on a hidden sheet"),
        problems=archive.problems,
    )


def _strings(root: etree._Element | None) -> list[str]:
    return [_text(item) for item in root if local(item) == "si"] if root is not None else []


def _text(element: etree._Element) -> str:
    """All text below, but for the reading aid of East Asian scripts."""
    if local(element) == "rPh":
        return ""
    own = element.text or "" if local(element) == "t" else ""
    return own + "".join(map(_text, element))


def _date_styles(root: etree._Element | None) -> frozenset[int]:
    """Numbers of the cell formats that show a date."""
    if root is None:
        return frozenset()
    custom = {
        int(attribute(element, "numFmtId") or 0)
        for element in root.iter()
        if local(element) == "numFmt"
        and re.search("[yd]", _LITERAL.sub("", attribute(element, "formatCode") or "").lower())
    }
    formats = next((element for element in root if local(element) == "cellXfs"), None)
    return frozenset(
        number
        for number, element in enumerate(formats if formats is not None else ())
        if int(attribute(element, "numFmtId") or 0) in DATE_FORMATS | custom
    )


@dataclass(frozen=True, slots=True)
class _Book:
    strings: list[str]
    dates: frozenset[int]

    def table(self, sheet: etree._Element) -> Table:
        """The rows of a sheet; columns that are empty throughout are left out."""
        rows = [dict(self._cells(row)) for row in sheet.iter() if local(row) == "row"]
        used = sorted({column for row in rows for column, text in row.items() if text.strip()})
        table = Table([])
        for row in rows:
            cells: list[list[Node]] = [
                [Paragraph(line) for line in row.get(column, "").splitlines() if line.strip()] for column in used
            ]
            filled = [cell for cell in cells if cell]
            if filled:
                table.rows.append(cells if len(filled) > 1 else filled)
        return table

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, str]]:
        for place, cell in enumerate(child for child in row if local(child) == "c"):
            letters = _LETTERS.match(attribute(cell, "r") or "")
            yield min(_column(letters.group()) if letters else place, COLUMNS), self._value(cell)

    def _value(self, cell: etree._Element) -> str:
        kind = attribute(cell, "t")
        if kind == "inlineStr":
            return _text(cell)
        value = next((child.text or "" for child in cell if local(child) == "v"), "")
        if kind == "s":
            return self.strings[int(value)] if value.isdecimal() and int(value) < len(self.strings) else ""
        style = attribute(cell, "s") or ""
        if kind in (None, "n") and style.isdecimal() and int(style) in self.dates:
            return _date(value)
        return value


def _column(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters[:3]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _date(serial: str) -> str:
    try:
        return (EPOCH + timedelta(days=float(serial))).date().isoformat()
    except (ValueError, OverflowError):
        return serial
