"""HTML: what a browser would show; what it would not goes apart."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from domain.charsets import decode_text, markup_charset
from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import flow
from extraction.readers.flow import Node, Paragraph, Table
from extraction.readers.limits import ReadLimits

READER = "html/1"
UNSEEN = frozenset({"script", "style", "template", "head", "noscript", "iframe", "object", "svg", "title", "math"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr", "img", "input", "select", "option", "button", "data",
    }
)  # fmt: skip

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"^([a-zA-Z][\w-]*)?(?:\.([\w-]+)|#([\w-]+))?$")


def read(path: Path, limits: ReadLimits) -> DocumentText:
    data = path.read_bytes()
    text, _ = decode_text(data, markup_charset(data))
    return read_text(text, limits)


def read_text(text: str, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where there is no markup at all."""
    if not text.strip():
        raise Unreadable("the file is empty")
    # Bytes with a known charset: lxml refuses text that carries a declaration of its own.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("the file holds no text") from error
    walk = _Walk(_hidden_selectors(root))
    return flow.document(
        walk.story(root), reader=READER, limits=limits, hidden=flow.unseen(walk.hidden, "the page does not show it")
    )


def _hidden_selectors(root: etree._Element) -> frozenset[str]:
    """Simple selectors of style sheets that hide: `tag`, `.class`, `#id` and `tag.class`."""
    found: set[str] = set()
    for sheet in root.iter("style"):
        for selectors, rules in _RULE.findall(sheet.text or ""):
            if _HIDING.search(rules):
                found.update(part.strip() for part in selectors.split(",") if _SELECTOR.match(part.strip()))
    return frozenset(found - {""})


class _Walk:
    def __init__(self, hiding: frozenset[str]) -> None:
        self._hiding = hiding
        self.hidden: list[Node] = []

    def story(self, element: etree._Element, kind: BlockKind = BlockKind.PARAGRAPH) -> list[Node]:
        collector = _Collector(kind)
        self._children(element, collector)
        collector.close()
        return collector.nodes

    def _children(self, element: etree._Element, out: _Collector) -> None:
        out.text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, out)
            out.text(child.tail)

    def _element(self, element: etree._Element, out: _Collector) -> None:
        tag = str(element.tag).lower()
        if tag in UNSEEN:
            return
        if self._is_hidden(element, tag):
            inner = _Walk(frozenset())
            self.hidden.extend(inner.story(element))
        elif tag == "br":
            out.close()
        elif tag == "table":
            out.node(Table([self._row(row) for row in _rows(element)]))
        elif tag == "input":
            out.text(f" {element.get('value', '')} " if element.get("type", "text") == "text" else " ")
        elif tag == "select":
            chosen = next((option for option in element.iter("option") if option.get("selected") is not None), None)
            out.text(f" {_all_text(chosen)} " if chosen is not None else " ")
        elif tag in INLINE:
            self._children(element, out)
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

    def _row(self, row: etree._Element) -> list[list[Node]]:
        return [
            [] if self._is_hidden(cell, str(cell.tag)) else self.story(cell) for cell in row if cell.tag in ("td", "th")
        ]

    def _is_hidden(self, element: etree._Element, tag: str) -> bool:
        if element.get("hidden") is not None or _HIDING.search(element.get("style", "")):
            return True
        if tag == "input" and element.get("type") == "hidden":
            return True
        if not self._hiding:
            return False
        classes = element.get("class", "").split()
        names = {tag, f"#{element.get('id', '')}", *(f".{name}" for name in classes), *(f"{tag}.{n}" for n in classes)}
        return not self._hiding.isdisjoint(names)


class _Collector:
    """Gathers inline text into paragraphs."""

    def __init__(self, kind: BlockKind) -> None:
        self.nodes: list[Node] = []
        self.kind = kind
        self._pieces: list[str] = []

    def text(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def close(self) -> None:
        text = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if text:
            self.nodes.append(Paragraph(text, self.kind))

    def node(self, node: Node) -> None:
        self.close()
        self.nodes.append(node)


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _kind(tag: str, around: BlockKind) -> BlockKind:
    if tag in HEADINGS:
        return BlockKind.HEADING
    if tag == "li":
        return BlockKind.LIST_ITEM
    return around


def _rows(table: etree._Element) -> list[etree._Element]:
    rows = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows.extend(_rows(child))
    return rows
