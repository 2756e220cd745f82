"""DOCX: a walk over WordprocessingML (ECMA-376 part 1 §17), since names sit in headers, text boxes and nested tables.

Elements are told by their local names: strict and transitional files differ in the namespace only.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import flow
from extraction.readers.archive import Archive, attribute, local, opened, related
from extraction.readers.flow import Node, Paragraph, Table
from extraction.readers.limits import ReadLimits

READER = "ooxml/1"
# Deleted and moved-away revisions, field codes, the second rendering of a drawing, what is no text.
SKIPPED = frozenset(
    {
        "del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "rPr", "tblPr", "tblGrid", "trPr",
        "tcPr", "sectPr", "sdtEndPr", "commentReference", "annotationRef", "blip", "ffData", "objectEmbed",
    }
)  # fmt: skip
BLOCKS = frozenset({"p", "tbl"})
TITLES = ("heading", "title", "subtitle")  # names of styles
HIDING_SIZE = 4  # half points: nobody reads letters of two points


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Headers first, the body, notes, footers last. Raises Unreadable where the archive or its main part is broken."""
    with opened(path, limits) as archive:
        return _read(archive, limits)


def _read(archive: Archive, limits: ReadLimits) -> DocumentText:
    main_name = related(archive, "").get("officeDocument", ["word/document.xml"])[0]
    main = archive.xml(main_name)
    if main is None:
        raise Unreadable("the file is damaged: it has no text part")
    parts = related(archive, main_name)
    styles = Styles(archive, parts.get("styles", [""])[0])
    hidden: list[Node] = []
    margins = {}
    for place in ("header", "footer", "footnotes", "endnotes"):
        roots = [archive.xml(name) for name in parts.get(place, [])]
        margins[place] = [node for root in roots if root is not None for node in _Walk(styles, hidden).story(root)]
    body = flow.with_headings_by_size(_Walk(styles, hidden).story(main), unsaid=lambda: styles.default_size)
    head, foot = _page_margin(margins["header"]), _page_margin(margins["footer"])
    nodes = [*head, *body, *margins["footnotes"], *margins["endnotes"], *foot]
    return flow.document(
        nodes,
        reader=READER,
        limits=limits,
        hidden=flow.unseen(hidden, "the document does not show it"),
        problems=archive.problems,
    )


def _page_margin(nodes: list[Node]) -> list[Node]:
    """Header or footer, once: first pages and even pages have copies of their own."""
    seen: set[str] = set()
    once: list[Node] = []
    for node in nodes:
        if isinstance(node, Table):
            text = "\n".join(p.text for row in node.rows for cell in row for p in cell if isinstance(p, Paragraph))
            kept: Node = node
        else:
            text = node.text.strip()
            kept = Paragraph(node.text.replace("\t", " "), BlockKind.HEADER)
        if text and text not in seen:
            seen.add(text)
            once.append(kept)
    return once


@dataclass(slots=True)
class Style:
    kind: BlockKind = BlockKind.PARAGRAPH
    size: float | None = None  # points
    hidden: bool = False


@dataclass
class Styles:
    """The styles of one document. Programs store hundreds that no text uses: each is read when one refers to it."""

    archive: Archive
    part: str
    read: dict[str, Style] = field(default_factory=dict)

    @cached_property
    def _elements(self) -> dict[str, tuple[int, etree._Element]]:
        """The elements that define styles, by identity, each with its place among all."""
        found = enumerate(self._root if self._root is not None else ())
        styles = [(place, element) for place, element in found if local(element) == "style"]
        return {name: (place, element) for place, element in styles if (name := attribute(element, "styleId"))}

    @cached_property
    def _root(self) -> etree._Element | None:
        return self.archive.xml(self.part)

    def named(self, identity: str | None) -> Style | None:
        style = None
        for name in reversed(self._chain(identity or "")):
            style = self.read[name] = self.read.get(name) or _style(self._elements[name][1], style)
        return style

    def _chain(self, identity: str) -> list[str]:
        """A style, the one it is based on, and so on. A base stands before its style, so that none is met twice."""
        chain: list[str] = []
        below = sys.maxsize
        while identity in self._elements and self._elements[identity][0] < below:
            chain.append(identity)
            below, element = self._elements[identity]
            base = None if identity in self.read else next(element.iter("{*}basedOn"), None)
            identity = (base is not None and attribute(base, "val")) or ""
        return chain

    @cached_property
    def default_size(self) -> float:
        size = 10.0  # ECMA-376 part 1 §17.3.2.38
        for element in self._root if self._root is not None else ():
            if local(element) == "docDefaults":
                size = _size(element) or size
            elif attribute(element, "default") == "1" and attribute(element, "type") == "paragraph":
                named = self.named(attribute(element, "styleId"))
                size = (named and named.size) or size
        return size


def _style(element: etree._Element, base: Style | None) -> Style:
    style = Style(base.kind, base.size) if base else Style()
    for child in element.iter():
        tag = local(child)
        if tag == "outlineLvl" or (tag == "name" and (attribute(child, "val") or "").lower().startswith(TITLES)):
            style.kind = BlockKind.HEADING
        elif tag == "numPr" and style.kind is BlockKind.PARAGRAPH:
            style.kind = BlockKind.LIST_ITEM
        elif tag == "vanish" and attribute(child, "val") not in ("0", "false"):
            style.hidden = True
    style.size = _size(element) or style.size
    return style


def _size(element: etree._Element) -> float | None:
    """Letter size in points, as set anywhere below this element."""
    found = next(element.iter("{*}sz"), None)
    return _half_points(attribute(found, "val")) if found is not None else None


def _half_points(value: str | None) -> float | None:
    try:
        return float(value) / 2 if value else None
    except ValueError:
        return None


class _Walk:
    """One walk over one part. What is hidden goes into a list of its own."""

    def __init__(self, styles: Styles, hidden: list[Node]) -> None:
        self._styles = styles
        self._hidden = hidden

    def story(self, element: etree._Element) -> list[Node]:
        """Paragraphs and tables below an element, in order; containers such as content controls are seen through."""
        nodes: list[Node] = []
        for child in element:
            tag = local(child)
            if tag == "p":
                nodes.extend(self._paragraph(child))
            elif tag == "tbl":
                nodes.append(Table([self._cells(row) for row in _rows(child)]))
            elif tag == "sdt" and _is_placeholder(child):
                self._hidden.extend(_Walk(self._styles, self._hidden).story_of_control(child))
            elif tag not in SKIPPED:
                nodes.extend(self.story(child))
        return nodes

    def story_of_control(self, control: etree._Element) -> list[Node]:
        content = next((child for child in control if local(child) == "sdtContent"), None)
        return self.story(content) if content is not None else []

    def _cells(self, row: etree._Element) -> list[list[Node]]:
        return [self.story(cell) for cell in _cells_of(row)]

    def _paragraph(self, element: etree._Element) -> list[Node]:
        """A paragraph, cut at its line breaks, and after it the text boxes that are anchored in it."""
        line = _Line()
        style = Style()
        for child in element:
            if local(child) == "pPr":
                style = self._paragraph_style(child)
        self._runs(element, line, style)
        size = line.size or style.size
        nodes: list[Node] = [
            Paragraph(text, style.kind, size) for text in "".join(line.shown).split("\n") if text.strip()
        ]
        if line.unseen:
            self._hidden.append(Paragraph("".join(line.unseen)))
        return nodes + line.boxes

    def _paragraph_style(self, properties: etree._Element) -> Style:
        style = Style()
        for child in properties:
            tag = local(child)
            if tag == "pStyle":
                named = self._styles.named(attribute(child, "val"))
                if named:
                    style = Style(named.kind, named.size, named.hidden)
            elif tag == "outlineLvl" and attribute(child, "val") != "9":  # 9: body text (§17.3.1.20)
                style.kind = BlockKind.HEADING
            elif tag == "numPr" and style.kind is BlockKind.PARAGRAPH:
                off = any(local(item) == "numId" and attribute(item, "val") == "0" for item in child)
                style.kind = BlockKind.PARAGRAPH if off else BlockKind.LIST_ITEM
        return style

    def _runs(self, element: etree._Element, line: _Line, style: Style) -> None:
        for child in element:
            tag = local(child)
            if tag == "r":
                self._run(child, line, style)
            elif tag == "sdt" and _is_placeholder(child):
                continue
            elif tag == "txbxContent":
                line.boxes.extend(self.story(child))
            elif tag not in SKIPPED and tag not in ("pPr", "sdtPr"):
                self._runs(child, line, style)

    def _run(self, run: etree._Element, line: _Line, style: Style) -> None:
        unseen, size = style.hidden, None
        for child in run:
            tag = local(child)
            if tag == "rPr":
                unseen, size = self._run_look(child, unseen)
            elif tag in ("t", "tab", "ptab", "br", "cr", "noBreakHyphen"):
                text = (child.text or "") if tag == "t" else _MARKS[tag]
                (line.unseen if unseen else line.shown).append(text)
                if size and text.strip():
                    line.size = max(line.size or 0.0, size)
            elif tag not in SKIPPED:
                self._runs(child, line, style)  # drawings and pictures, with the text boxes in them

    def _run_look(self, properties: etree._Element, unseen: bool) -> tuple[bool, float | None]:
        size = None
        for child in properties:
            tag, value = local(child), attribute(child, "val")
            if tag in ("vanish", "webHidden"):
                unseen = value not in ("0", "false", "off")
            elif tag == "rStyle":
                named = self._styles.named(value)
                unseen = unseen or bool(named and named.hidden)
            elif tag == "sz":
                size = _half_points(value)
                unseen = unseen or (size is not None and size * 2 <= HIDING_SIZE)
        return unseen, size


_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class _Line:
    shown: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    boxes: list[Node] = field(default_factory=list)
    size: float | None = None


def _rows(table: etree._Element) -> list[etree._Element]:
    """Rows of this table, those in content controls too; not the rows of nested tables."""
    return _children_through(table, "tr")


def _cells_of(row: etree._Element) -> list[etree._Element]:
    return _children_through(row, "tc")


def _children_through(element: etree._Element, wanted: str) -> list[etree._Element]:
    found = []
    for child in element:
        tag = local(child)
        if tag == wanted:
            found.append(child)
        elif tag not in SKIPPED and tag not in BLOCKS and tag != "tc":
            found.extend(_children_through(child, wanted))
    return found


def _is_placeholder(control: etree._Element) -> bool:
    """A content control that nobody has filled in: it shows its prompt (§17.5.2.39)."""
    properties = next((child for child in control if local(child) == "sdtPr"), None)
    return properties is not None and any(local(child) == "showingPlcHdr" for child in properties)
