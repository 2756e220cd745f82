"""XLS: workbooks of Excel 97 to 2003 by xlrd, shown as those of today are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import compound, flow, sheets
from extraction.readers.archive import PROTECTED
from extraction.readers.flow import Node, Paragraph, Unseen
from extraction.readers.limits import ReadLimits

READER = "xlrd/1"


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where the workbook is damaged, or a password is needed."""
    book = _opened(path)
    unseen = Unseen()
    shown: list[tuple[str, list[Node]]] = []
    for sheet in book.sheets():
        nodes = _sheet(sheet, unseen)
        if sheet.visibility:
            unseen.add(sheets.HIDDEN_SHEET, nodes)
        else:
            shown.append((sheet.name, nodes))
    return flow.document(
        sheets.headed(shown),
        reader=READER,
        limits=limits,
        hidden=unseen.texts,
        properties=compound.properties(path),
    )


def _opened(path: Path) -> Any:
    """Formats tell dates and what is hidden; where they alone are damaged, the cells are read without."""
    for formats in (True, False):
        try:
            return xlrd.open_workbook(str(path), formatting_info=formats, ragged_rows=True, logfile=io.StringIO())
        except Exception as error:
            if "encrypted" in str(error).lower():
                raise Unreadable(PROTECTED) from error
            reason = error
    raise Unreadable("the file is damaged: it cannot be opened as a workbook") from reason


def _sheet(sheet: Any, unseen: Unseen) -> list[Node]:
    hidden = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    rows = ((dict(_cells(sheet, number)), _is_hidden(sheet, number)) for number in range(sheet.nrows))
    table = sheets.shown(rows, hidden, unseen)
    unseen.add(sheets.COMMENT, [Paragraph(note.text) for note in sheet.cell_note_map.values()])
    return [table]


def _is_hidden(sheet: Any, number: int) -> bool:
    info = sheet.rowinfo_map.get(number)
    return info is not None and bool(info.hidden)


def _cells(sheet: Any, number: int) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(sheet.row(number)):
        text = _value(sheet.book, cell)
        if text:
            yield min(column, sheets.COLUMNS), text


def _value(book: Any, cell: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return ""
    code = "yyyy-mm-dd" if cell.ctype == xlrd.XL_CELL_DATE else sheets.GENERAL
    if cell.xf_index is not None and cell.xf_index < len(book.xf_list):
        form = book.format_map.get(book.xf_list[cell.xf_index].format_key)
        code = form.format_str if form is not None else code
    return sheets.value(float(cell.value), code, of_mac=bool(book.datemode))
