"""Tables of WordprocessingML (ECMA-376 part 1 §17.4): rows, cells, what they span."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from extraction.readers.archive import attribute, child, local, whole
from extraction.readers.flow import Cell, aligned
from extraction.readers.word_styles import NO, Styles, ground_of

HIDDEN = "a row of a table that is set to be hidden"
DELETED = "a revision that deletes it"
_INNER = frozenset({"p", "tbl", "tc", "tblPr", "tblGrid", "trPr", "tblPrEx"})


def rows(table: etree._Element) -> list[etree._Element]:
    """Rows of this table, those in content controls too; not the rows of nested tables."""
    return _through(table, "tr")


def cells(row: etree._Element, read: Callable[[etree._Element], Cell]) -> list[Cell]:
    """The cells under the columns where they begin; one that goes on from the row above (vMerge) is empty there."""
    found = [(read(cell), _number(child(cell, "tcPr"), "gridSpan", 1)) for cell in _through(row, "tc")]
    before = _number(child(row, "trPr"), "gridBefore", 0)
    return aligned([([], 1)] * min(before, 8) + found) if len(found) > 1 else [cell for cell, _ in found]


def unseen_row(row: etree._Element) -> str | None:
    """Why nobody sees the row; None where it is shown."""
    properties = child(row, "trPr")
    hidden = child(properties, "hidden")
    if hidden is not None and attribute(hidden, "val") not in NO:
        return HIDDEN
    return DELETED if child(properties, "del") is not None else None


def shaded(table: etree._Element, styles: Styles) -> bool:
    """Whether its cells may be coloured though they do not say so themselves."""
    properties = child(table, "tblPr")
    style, shading = child(properties, "tblStyle"), child(properties, "shd")
    if shading is not None and ground_of(shading):
        return True
    return style is not None and styles.shades(attribute(style, "val"))


def _number(properties: etree._Element | None, name: str, without: int) -> int:
    element = child(properties, name)
    return whole(attribute(element, "val"), without) if element is not None else without


def _through(element: etree._Element, wanted: str) -> list[etree._Element]:
    found = []
    for one in element:
        tag = local(one)
        if tag == wanted:
            found.append(one)
        elif tag not in _INNER:
            found.extend(_through(one, wanted))
    return found
