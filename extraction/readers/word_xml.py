"""Word documents in one file of XML: that of Word 2003, and the parts of a DOCX one after the other ("flat OPC")."""

from __future__ import annotations

import base64
import binascii
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import flow, ooxml, properties
from extraction.readers.archive import attribute, child, local, one_file
from extraction.readers.flow import Node, Paragraph, Unseen
from extraction.readers.limits import ReadLimits
from extraction.readers.word_styles import Styles
from extraction.readers.word_walk import Source, Walk

READER = "word2003/1"
NAMES = {"Title": "title", "Author": "author", "LastAuthor": "last modified by", "Created": "created"}


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where it is no XML, or none of Word's."""
    root, problems = one_file(path, limits)
    found = _packed(root, limits) if local(root) == "package" else _of_2003(root, limits)
    return replace(found, problems=(*problems, *found.problems))


def _of_2003(root: etree._Element, limits: ReadLimits) -> DocumentText:
    body = child(root, "body")
    if body is None:
        raise Unreadable("the file is damaged: it has no text part")
    unseen = Unseen()
    styles = Styles(lambda name: child(root, name), "styles", "theme")
    source = Source(part=lambda _: None, styles=styles, unseen=unseen, relations={}, embedded=lambda _: [])
    head = [_header(node) for one in body.iter("{*}hdr") for node in Walk(source).story(one)]
    foot = [_header(node) for one in body.iter("{*}ftr") for node in Walk(source).story(one)]
    nodes = flow.with_headings_by_size(Walk(source).story(body), unsaid=lambda: styles.default_size)
    said = child(root, "DocumentProperties")
    return flow.document(
        [*head, *nodes, *foot],
        reader=READER,
        limits=limits,
        hidden=unseen.texts,
        properties=properties.properties([(local(one), one.text) for one in (said if said is not None else ())], NAMES),
    )


def _header(node: Node) -> Node:
    return Paragraph(node.text, BlockKind.HEADER) if isinstance(node, Paragraph) else node


def _packed(root: etree._Element, limits: ReadLimits) -> DocumentText:
    """A DOCX made of the parts, which is read as any other."""
    with tempfile.NamedTemporaryFile(prefix="package-") as file:
        with zipfile.ZipFile(file, "w") as archive:
            for part in root:
                name = (attribute(part, "name") or "").lstrip("/")
                if name:
                    archive.writestr(name, _content(part))
        file.flush()
        return ooxml.read(Path(file.name), limits)


def _content(part: etree._Element) -> bytes:
    data = child(part, "xmlData")
    if data is not None:
        return b"".join(etree.tostring(one, with_tail=False) for one in data)
    binary = child(part, "binaryData")
    try:
        return base64.b64decode((binary.text if binary is not None else "") or "")
    except binascii.Error:
        return b""
