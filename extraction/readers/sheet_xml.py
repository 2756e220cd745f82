"""Workbooks in one file of XML, as Excel 2003 saves them and many web forms give them out under the name of an XLS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from domain.profile import DocumentText
from extraction.readers import flow, sheets
from extraction.readers.archive import attribute, child, local, one_file, whole
from extraction.readers.flow import Node, Unseen
from extraction.readers.limits import ReadLimits

READER = "excel2003/1"


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where it is no XML."""
    root, problems = one_file(path, limits)
    unseen = Unseen()
    shown: list[tuple[str, list[Node]]] = []
    for sheet in root:
        if local(sheet) != "Worksheet":
            continue
        nodes = _sheet(sheet, unseen)
        state = next((one.text for one in sheet.iter("{*}Visible")), None)
        if state in ("SheetHidden", "SheetVeryHidden"):
            unseen.add(sheets.HIDDEN_SHEET, nodes)
        else:
            shown.append((attribute(sheet, "Name") or "", nodes))
    return flow.document(sheets.headed(shown), reader=READER, limits=limits, hidden=unseen.texts, problems=problems)


def _sheet(sheet: etree._Element, unseen: Unseen) -> list[Node]:
    table = child(sheet, "Table")
    rows = (row for row in (table if table is not None else ()) if local(row) == "Row")
    return [sheets.shown(((dict(_cells(row)), attribute(row, "Hidden") == "1") for row in rows), (), unseen)]


def _cells(row: etree._Element) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        if local(cell) != "Cell":
            continue
        index = whole(attribute(cell, "Index"))
        column = index - 1 if index > 0 else column
        data = child(cell, "Data")
        if data is not None:
            yield min(column, sheets.COLUMNS), _value(data)
        column += 1


def _value(data: etree._Element) -> str:
    text = "".join(map(str, data.itertext()))
    kind = attribute(data, "Type")
    if kind == "DateTime":
        return text.partition("T")[0]
    try:
        return sheets.value(float(text), sheets.GENERAL) if kind == "Number" else text
    except (ValueError, OverflowError):
        return text
