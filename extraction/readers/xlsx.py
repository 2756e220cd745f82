"""XLSX: the rows of each sheet (ECMA-376 part 1 §18), since forms such as the UN's P11 come as workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import drawings, flow, properties, sheets
from extraction.readers.archive import Archive, Relation, attribute, child, local, main_part, opened, relations, whole
from extraction.readers.flow import Node, Paragraph, Unseen
from extraction.readers.limits import ReadLimits
from extraction.readers.word_symbols import OFF, ON

READER = "xlsx/2"
MAIN = "xl/workbook.xml"
_LETTERS = re.compile(r"^[A-Z]+")
_SECTIONS = re.compile(r'&(?:[LCR]|"[^"]*"|\d+|[A-Z])')  # codes in page headers (§18.3.1.46)
_BOXES = frozenset({"Checkbox", "Radio"})


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where the archive or the list of sheets is broken."""
    with opened(path, limits) as archive:
        return _read(archive, limits)


def _read(archive: Archive, limits: ReadLimits) -> DocumentText:
    main = main_part(archive, MAIN)
    workbook = archive.xml(main)
    if workbook is None and archive.has("xl/workbook.bin"):
        raise Unreadable("a binary workbook (XLSB), which nothing here reads: it must be sent as XLSX or PDF")
    if workbook is None:
        raise Unreadable("the file is damaged: it has no list of sheets")
    parts = {one.identity: one for one in relations(archive, main)}
    first = {one.kind: one.target for one in reversed(parts.values())}
    setting = next(workbook.iter("{*}workbookPr"), None)
    book = _Book(
        archive=archive,
        strings=_strings(archive.xml_or_none(first.get("sharedStrings", ""))),
        formats=_formats(archive.xml_or_none(first.get("styles", ""))),
        of_mac=setting is not None and attribute(setting, "date1904") in ("1", "true"),
        unseen=Unseen(),
    )
    shown: list[tuple[str, list[Node]]] = []
    for sheet, name in _sheets(workbook, parts):
        nodes = book.sheet(name)
        if attribute(sheet, "state") in ("hidden", "veryHidden"):
            book.unseen.add(sheets.HIDDEN_SHEET, nodes)
        else:
            shown.append((attribute(sheet, "name") or "", nodes))
    return flow.document(
        sheets.headed(shown),
        reader=READER,
        limits=limits,
        hidden=book.unseen.texts,
        problems=archive.problems,
        properties=properties.of_package(archive),
    )


def _sheets(workbook: etree._Element, parts: dict[str, Relation]) -> Iterator[tuple[etree._Element, str]]:
    """The sheets in the order of their tabs, with the names of their parts; by place where their ids are lost."""
    tabs = [element for element in workbook.iter() if local(element) == "sheet"]
    by_place = [one.target for one in parts.values() if one.kind == "worksheet"]
    for place, tab in enumerate(tabs):
        related = parts.get(attribute(tab, "id") or "")
        if related:
            yield tab, related.target
        elif place < len(by_place):
            yield tab, by_place[place]


def _strings(root: etree._Element | None) -> list[str]:
    return [_text(item) for item in root if local(item) == "si"] if root is not None else []


def _text(element: etree._Element) -> str:
    """All text below, but for the reading aid of East Asian scripts."""
    if local(element) == "rPh":
        return ""
    own = element.text or "" if local(element) == "t" else ""
    return own + "".join(map(_text, element))


def _formats(root: etree._Element | None) -> list[str]:
    """The number format of each cell style."""
    if root is None:
        return []
    codes = dict(sheets.BUILT_IN)
    for element in root.iter("{*}numFmt"):
        codes[whole(attribute(element, "numFmtId"))] = attribute(element, "formatCode") or sheets.GENERAL
    styles = child(root, "cellXfs")
    used = (whole(attribute(element, "numFmtId")) for element in (styles if styles is not None else ()))
    return [codes.get(number, sheets.GENERAL) for number in used]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    archive: Archive
    strings: list[str]
    formats: list[str]
    of_mac: bool
    unseen: Unseen

    def sheet(self, name: str) -> list[Node]:
        """Page header, rows, what is drawn over them, page footer."""
        root = self.archive.xml_or_none(name)
        if root is None:
            return []
        parts = {one.identity: one for one in relations(self.archive, name)}
        hidden = {column for one in root.iter("{*}col") for column in _hidden_columns(one)}
        rows = ((dict(self._cells(row)), _is_hidden(row)) for row in root.iter("{*}row"))
        table = sheets.shown(rows, hidden, self.unseen)
        over = [node for one in parts.values() for node in self._beside(one)]
        return [*_margin(root, "oddHeader"), table, *over, *_margin(root, "oddFooter")]

    def _beside(self, relation: Relation) -> list[Node]:
        root = None if relation.outside else self.archive.xml_or_none(relation.target)
        if root is None:
            return []
        if relation.kind == "drawing":
            return [node for body in root.iter("{*}txBody") for node in drawings.paragraphs(body)]
        if relation.kind == "vmlDrawing":
            return list(_boxes(root))
        if relation.kind == "comments":
            texts = [_text(text) for text in root.iter("{*}text")]
            self.unseen.add(sheets.COMMENT, [Paragraph(text) for text in texts])
        return []

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, str]]:
        for place, cell in enumerate(one for one in row if local(one) == "c"):
            letters = _LETTERS.match(attribute(cell, "r") or "")
            yield min(_column(letters.group()) if letters else place, sheets.COLUMNS), self._value(cell)

    def _value(self, cell: etree._Element) -> str:
        kind = attribute(cell, "t")
        if kind == "inlineStr":
            return _text(cell)
        value = next((one.text or "" for one in cell if local(one) == "v"), "")
        if kind == "s":
            place = whole(value, len(self.strings))
            return self.strings[place] if place < len(self.strings) else ""
        if kind == "e":  # an error, such as #N/A
            return ""
        if kind not in (None, "n"):
            return value
        style = whole(attribute(cell, "s"))
        code = self.formats[style] if style < len(self.formats) else sheets.GENERAL
        try:
            return sheets.value(float(value), code, of_mac=self.of_mac) if value else ""
        except (ValueError, OverflowError):
            return value


def _is_hidden(element: etree._Element) -> bool:
    return attribute(element, "hidden") not in (None, "0", "false")


def _hidden_columns(element: etree._Element) -> range:
    if not _is_hidden(element):
        return range(0)
    first, last = whole(attribute(element, "min")), whole(attribute(element, "max"))
    return range(first - 1, min(last, sheets.COLUMNS + 1))


def _column(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters[:3]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _margin(root: etree._Element, name: str) -> list[Node]:
    text = next((one.text or "" for one in root.iter(f"{{*}}{name}")), "")
    return [Paragraph(_SECTIONS.sub(" ", text).replace("\n", " "), BlockKind.HEADER)]


def _boxes(drawing: etree._Element) -> Iterator[Node]:
    """Boxes to tick and their labels, which lie over the sheet as drawings of the older kind (part 4 §19.4)."""
    for shape in drawing.iter("{*}shape"):
        data = child(shape, "ClientData")
        if data is not None and attribute(data, "ObjectType") in _BOXES:
            checked = child(data, "Checked")
            box = child(shape, "textbox")
            label = " ".join("".join(map(str, box.itertext())).split()) if box is not None else ""
            yield Paragraph(f"{ON if checked is not None and checked.text != '0' else OFF} {label}")
