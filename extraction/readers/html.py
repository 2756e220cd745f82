"""HTML: what a browser would show; what it would not goes apart."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from domain.charsets import decode_text, markup_charset
from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import flow, properties
from extraction.readers.flow import Node, Unseen
from extraction.readers.html_style import Sheet
from extraction.readers.html_walk import Walk
from extraction.readers.limits import ReadLimits

READER = "html/2"
NAMES = {"title": "title", "author": "author", "generator": "application"}


def read(path: Path, limits: ReadLimits) -> DocumentText:
    data = path.read_bytes()
    text, _ = decode_text(data, markup_charset(data))
    return read_text(text, limits)


def read_text(text: str, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where there is no markup at all."""
    if not text.strip():
        raise Unreadable("the file is empty")
    root = _parsed(text)
    if root is None:
        raise Unreadable("the file holds no text")
    unseen = Unseen()
    nodes = Walk(Sheet.of(root), unseen).story(root)
    return flow.document(
        nodes, reader=READER, limits=limits, hidden=unseen.texts, properties=properties.properties(_said(root), NAMES)
    )


def nodes_of(data: bytes, unseen: Unseen) -> list[Node]:
    """The same for a page within another document; empty where it is no page."""
    text, _ = decode_text(data, markup_charset(data))
    root = _parsed(text) if text.strip() else None
    return Walk(Sheet.of(root), unseen).story(root) if root is not None else []


def _parsed(text: str) -> etree._Element | None:
    # Bytes with a known charset: lxml refuses text that carries a declaration of its own.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _said(root: etree._Element) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = [("title", title.text) for title in root.iter("title")]
    return found + [((meta.get("name") or "").lower(), meta.get("content")) for meta in root.iter("meta")]
