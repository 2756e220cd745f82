"""OpenDocument: texts, workbooks and slides, packed or flat (OpenDocument 1.3 part 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import flow, properties, sheets
from extraction.readers.archive import PROTECTED, Archive, attribute, child, local, one_file, opened
from extraction.readers.flow import Node, Paragraph, Table, Unseen
from extraction.readers.limits import ReadLimits
from extraction.readers.odf_styles import Styles
from extraction.readers.odf_walk import Walk, controls

READER = "odt/2"
HIDDEN_SLIDE = "it stands on a hidden slide"
NO_TEXT = "the file is damaged: it has no text part"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    content: etree._Element
    styles: etree._Element | None
    meta: etree._Element | None


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Page headers first, the body, page footers last. Raises Unreadable where the archive or its content is broken."""
    with opened(path, limits) as archive:
        parts = _unpacked(archive)
        return _read(parts, limits, archive.problems)


def read_flat(path: Path, limits: ReadLimits) -> DocumentText:
    """The same from one file of XML."""
    root, problems = one_file(path, limits)
    return _read(_Parts(content=root, styles=root, meta=child(root, "meta")), limits, problems)


def _unpacked(archive: Archive) -> _Parts:
    manifest = archive.xml_or_none("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise Unreadable(PROTECTED)
    content = archive.xml("content.xml")
    if content is None:
        raise Unreadable(NO_TEXT)
    meta = archive.xml_or_none("meta.xml")
    return _Parts(content=content, styles=archive.xml_or_none("styles.xml"), meta=child(meta, "meta"))


def _read(parts: _Parts, limits: ReadLimits, problems: tuple[str, ...]) -> DocumentText:
    body = child(parts.content, "body")
    if body is None:
        body = parts.content
    styles = Styles(root for root in (parts.content, parts.styles) if root is not None)
    unseen = Unseen()
    walk = Walk(styles, unseen, controls(body))
    book, deck = child(body, "spreadsheet"), child(body, "presentation")
    if book is not None:
        nodes = sheets.headed(_sheets(book, walk, styles, unseen))
    elif deck is not None:
        nodes = [node for page in _slides(deck, walk, styles, unseen) for node in page]
    else:
        nodes = [*_margin(walk, parts.styles, "header"), *walk.story(body), *_margin(walk, parts.styles, "footer")]
    return flow.document(
        nodes,
        reader=READER,
        limits=limits,
        hidden=unseen.texts,
        problems=problems,
        properties=properties.of_open_document(parts.meta),
    )


def _sheets(book: etree._Element, walk: Walk, styles: Styles, unseen: Unseen) -> Iterator[tuple[str, list[Node]]]:
    for table in book:
        if local(table) != "table":
            continue
        nodes: list[Node] = [_without_empty_columns(walk.table(table))]
        nodes += [node for shapes in table if local(shapes) == "shapes" for node in walk.story(shapes)]
        if styles.named(attribute(table, "style-name")).hidden:
            unseen.add(sheets.HIDDEN_SHEET, nodes)
        else:
            yield attribute(table, "name") or "", nodes


def _without_empty_columns(table: Table) -> Table:
    """Rows of text only, as those of other workbooks."""
    used = {n for row in table.rows for n, cell in enumerate(row) if cell}
    rows = [[row[n] if n < len(row) else [] for n in sorted(used)] for row in table.rows if any(row)]
    return Table([row if sum(map(bool, row)) > 1 else [cell for cell in row if cell] for row in rows])


def _slides(deck: etree._Element, walk: Walk, styles: Styles, unseen: Unseen) -> Iterator[list[Node]]:
    for page in deck:
        if local(page) == "page":
            nodes = walk.story(page)
            if styles.named(attribute(page, "style-name")).hidden:
                unseen.add(HIDDEN_SLIDE, nodes)
            else:
                yield nodes


def _margin(walk: Walk, styles: etree._Element | None, place: str) -> list[Node]:
    found: dict[str, Node] = {}
    for element in styles.iter() if styles is not None else ():
        if local(element) in (place, f"{place}-first", f"{place}-left"):
            for node in walk.story(element):
                if isinstance(node, Paragraph) and node.text.strip():
                    found.setdefault(node.text, Paragraph(node.text.replace("\t", " "), BlockKind.HEADER))
                elif isinstance(node, Table):
                    found.setdefault(repr(node), node)
    return list(found.values())
