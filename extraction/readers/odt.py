"""ODT: a walk over content.xml and the page headers in styles.xml (OpenDocument 1.3 part 3)."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import flow
from extraction.readers.archive import Archive, attribute, local, opened
from extraction.readers.flow import Node, Paragraph, Table
from extraction.readers.limits import ReadLimits

READER = "odt/1"
SKIPPED = frozenset(
    {
        "tracked-changes", "annotation", "annotation-end", "forms", "note-citation", "sequence-decls",
        "event-listeners", "desc", "title", "hidden-text", "index-title-template", "script",
    }
)  # fmt: skip
REPEATED = 64  # cells that one cell element may stand for


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Page headers first, the body, page footers last. Raises Unreadable where the archive or its content is broken."""
    with opened(path, limits) as archive:
        return _read(archive, limits)


def _read(archive: Archive, limits: ReadLimits) -> DocumentText:
    content = archive.xml("content.xml")
    if content is None:
        raise Unreadable("the file is damaged: it has no text part")
    styles = archive.xml("styles.xml")
    walk = _Walk(_hiding(content) | (_hiding(styles) if styles is not None else set()))
    body = next((element for element in content if local(element) == "body"), content)
    nodes = walk.story(body)
    head = _margin(walk, styles, "header")
    foot = _margin(walk, styles, "footer")
    return flow.document(
        [*head, *nodes, *foot],
        reader=READER,
        limits=limits,
        hidden=flow.unseen(walk.hidden, "the document does not show it"),
        problems=archive.problems,
    )


def _margin(walk: _Walk, styles: etree._Element | None, place: str) -> list[Node]:
    found: dict[str, Node] = {}
    for element in styles.iter() if styles is not None else ():
        if local(element) in (place, f"{place}-first", f"{place}-left"):
            for node in walk.story(element):
                if isinstance(node, Paragraph) and node.text.strip():
                    found.setdefault(node.text, Paragraph(node.text.replace("\t", " "), BlockKind.HEADER))
                elif isinstance(node, Table):
                    found.setdefault(repr(node), node)
    return list(found.values())


def _hiding(root: etree._Element) -> set[str]:
    """Names of the styles whose text is not shown."""
    hiding: set[str] = set()
    for style in root.iter():
        if local(style) == "style":
            for properties in style:
                if attribute(properties, "display") == "none":
                    hiding.add(attribute(style, "name") or "")
    return hiding


class _Walk:
    def __init__(self, hiding: set[str]) -> None:
        self._hiding = hiding
        self.hidden: list[Node] = []

    def story(self, element: etree._Element, kind: BlockKind = BlockKind.PARAGRAPH) -> list[Node]:
        nodes: list[Node] = []
        for child in element:
            tag = local(child)
            if tag in ("p", "h"):
                nodes.extend(self._paragraph(child, BlockKind.HEADING if _is_heading(child) else kind))
            elif tag in ("list-item", "list-header"):
                nodes.extend(self.story(child, BlockKind.LIST_ITEM))
            elif tag == "table":
                nodes.append(Table([self._cells(row) for row in _rows(child)]))
            elif tag == "section" and attribute(child, "display") == "none":
                self.hidden.extend(self.story(child))
            elif tag not in SKIPPED:
                nodes.extend(self.story(child, kind))
        return nodes

    def _cells(self, row: etree._Element) -> list[list[Node]]:
        cells: list[list[Node]] = []
        for cell in row:
            if local(cell) == "table-cell":
                nodes = self.story(cell)
                repeated = attribute(cell, "number-columns-repeated")
                times = min(int(repeated), REPEATED) if repeated and repeated.isdecimal() else 1
                cells.extend([nodes] * (times if nodes or times < REPEATED else 1))
        return cells

    def _paragraph(self, element: etree._Element, kind: BlockKind) -> list[Node]:
        shown: list[str] = []
        boxes: list[Node] = []
        if attribute(element, "style-name") in self._hiding or local(element) == "hidden-paragraph":
            self._hide(element, boxes)
            return boxes
        self._text(element, shown, boxes)
        nodes: list[Node] = [Paragraph(line, kind) for line in "".join(shown).split("\n") if line.strip()]
        return nodes + boxes

    def _hide(self, element: etree._Element, boxes: list[Node]) -> None:
        unseen: list[str] = []
        self._text(element, unseen, boxes)
        self.hidden.append(Paragraph("".join(unseen)))

    def _text(self, element: etree._Element, out: list[str], boxes: list[Node]) -> None:
        out.append(_flat(element.text))
        for child in element:
            tag = local(child)
            if tag == "s":
                out.append(" ")
            elif tag in ("tab", "line-break"):
                out.append("\t" if tag == "tab" else "\n")
            elif tag in ("text-box", "note-body"):
                boxes.extend(self.story(child))
            elif tag == "span" and attribute(child, "style-name") in self._hiding:
                self._hide(child, boxes)
            elif tag not in SKIPPED:
                self._text(child, out, boxes)
            out.append(_flat(child.tail))


def _flat(text: str | None) -> str:
    """White space as the format means it: runs of it are one space, tabs and breaks are elements (§6.1.2)."""
    return text.replace("\n", " ").replace("\t", " ") if text else ""


def _is_heading(element: etree._Element) -> bool:
    return local(element) == "h" or (attribute(element, "style-name") or "") in ("Title", "Subtitle")


def _rows(table: etree._Element) -> list[etree._Element]:
    rows = []
    for child in table:
        if local(child) == "table-row":
            rows.append(child)
        elif local(child) in ("table-header-rows", "table-rows", "table-row-group"):
            rows.extend(_rows(child))
    return rows
