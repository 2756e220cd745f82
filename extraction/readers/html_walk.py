"""A walk over HTML: inline text gathered into paragraphs, tables with their cells under their heads."""

from __future__ import annotations

from lxml import etree

from domain.profile import BlockKind
from extraction.readers import html_style
from extraction.readers.flow import COLUMNS, Cell, Node, Paragraph, Table, Unseen, aligned
from extraction.readers.html_style import Look, Sheet
from extraction.readers.links import beside
from extraction.readers.word_symbols import OFF, ON

UNSEEN = frozenset(
    {"script", "style", "template", "head", "noscript", "iframe", "object", "svg", "title", "math", "rt", "rp", "xml"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr", "img", "input", "select", "option", "button", "data", "ruby", "rb", "textarea",
    }
)  # fmt: skip
ROWS = 5_000  # that one cell may reach down


class Walk:
    def __init__(self, sheet: Sheet, unseen: Unseen) -> None:
        self._sheet = sheet
        self._unseen = unseen

    def story(
        self, element: etree._Element, kind: BlockKind = BlockKind.PARAGRAPH, look: Look | None = None
    ) -> list[Node]:
        collector = _Collector(kind, look or Look(), self._unseen)
        self._children(element, collector)
        collector.close()
        return collector.nodes

    def _children(self, element: etree._Element, out: _Collector) -> None:
        out.text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, child.tag.lower(), out)
            out.text(child.tail)

    def _element(self, element: etree._Element, tag: str, out: _Collector) -> None:
        if tag in UNSEEN:
            return
        said = self._sheet.said(element, tag)
        reason = html_style.unseen(element, tag, said)
        if reason:
            self._unseen.add(reason, Walk(Sheet({}), self._unseen).story(element))
            return
        around = out.look
        out.look = html_style.look(element, around, said)
        if tag in INLINE or ":" in tag:
            self._inline(element, tag, out)
        else:
            self._block(element, tag, out)
        out.look = around

    def _inline(self, element: etree._Element, tag: str, out: _Collector) -> None:
        if tag == "input":
            out.text(_entered(element))
        elif tag == "select":
            chosen = next((option for option in element.iter("option") if option.get("selected") is not None), None)
            out.text(f" {_all_text(chosen)} " if chosen is not None else " ")
        elif tag == "a":
            start = out.length
            self._children(element, out)
            out.text(beside(out.since(start), element.get("href")))
        else:
            self._children(element, out)

    def _block(self, element: etree._Element, tag: str, out: _Collector) -> None:
        if tag == "br":
            out.close()
        elif tag == "table":
            out.node(Table(self._rows(element, out.look)))
        elif tag == "pre":
            out.close()
            for line in _all_text(element).splitlines():
                out.text(line)
                out.close()
        else:
            out.close()
            before, out.kind = out.kind, _kind(tag, out.kind)
            self._children(element, out)
            out.close()
            out.kind = before

    def _rows(self, table: etree._Element, around: Look) -> list[list[Cell]]:
        made: list[list[Cell]] = []
        below: dict[int, int] = {}  # column → rows that a cell above still reaches into
        for row in _rows(table):
            said = self._sheet.said(row, "tr")
            cells = self._row(row, html_style.look(row, around, said), below)
            if reason := html_style.unseen(row, "tr", said):
                self._unseen.add(reason, [Table([cells])])
            else:
                made.append(cells)
        return made

    def _row(self, row: etree._Element, look: Look, below: dict[int, int]) -> list[Cell]:
        """Its cells; under one that reaches down from a row above stands an empty one."""
        cells: list[tuple[Cell, int]] = []
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while below.get(column) and column < COLUMNS:
                below[column] -= 1
                cells.append(([], 1))
                column += 1
            spans, down = _span(cell, "colspan", COLUMNS), _span(cell, "rowspan", ROWS)
            cells.append((self._cell(cell, look), spans))
            if down > 1 and column < COLUMNS:
                below |= {column + n: down - 1 for n in range(spans)}
            column += spans
        return aligned(cells) if len(cells) > 1 else [cell for cell, _ in cells]

    def _cell(self, cell: etree._Element, around: Look) -> Cell:
        tag = str(cell.tag)
        said = self._sheet.said(cell, tag)
        look = html_style.look(cell, around, said)
        nodes = self.story(cell, look=look)
        reason = html_style.unseen(cell, tag, said)
        if reason:
            self._unseen.add(reason, nodes)
            return []
        return nodes


class _Collector:
    """Gathers inline text into paragraphs."""

    def __init__(self, kind: BlockKind, look: Look, unseen: Unseen) -> None:
        self.nodes: list[Node] = []
        self.kind = kind
        self.look = look
        self._unseen = unseen
        self._pieces: list[str] = []
        self._apart: dict[str, list[str]] = {}

    @property
    def length(self) -> int:
        return len(self._pieces)

    def since(self, length: int) -> str:
        return "".join(self._pieces[length:])

    def text(self, text: str | None) -> None:
        if text:
            reason = self.look.reason
            (self._apart.setdefault(reason, []) if reason else self._pieces).append(text)

    def close(self) -> None:
        text = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if text:
            self.nodes.append(Paragraph(text, self.kind))
        for reason, pieces in self._apart.items():
            self._unseen.add(reason, [Paragraph(" ".join("".join(pieces).split()))])
        self._apart.clear()

    def node(self, node: Node) -> None:
        self.close()
        self.nodes.append(node)


def _entered(field: etree._Element) -> str:
    """What somebody has put into a field of a form."""
    kind = (field.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return f" {OFF if field.get('checked') is None else ON} "
    return f" {field.get('value', '')} " if kind in ("text", "email", "tel", "date", "number", "url") else " "


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _kind(tag: str, around: BlockKind) -> BlockKind:
    if tag in HEADINGS:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM if tag == "li" else around


def _span(cell: etree._Element, name: str, most: int) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), most) if value.isdecimal() and len(value) < 6 else 1


def _rows(table: etree._Element) -> list[etree._Element]:
    rows = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows.extend(_rows(child))
    return rows
