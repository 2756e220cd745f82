"""Forms that are XML inside a PDF (XFA 3.3): the pages around them only ask for another program."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2.raw as pdfium
from lxml import etree

from extraction.readers.flow import Node, Paragraph, Table
from extraction.readers.limits import ReadLimits

MOST_PACKETS = 50
DEPTH = 100  # of subforms in subforms
TOLD = "the PDF is an XFA form, which few programs show: its fields were read without their layout"


def form_of(document: pdfium.FPDF_DOCUMENT, limits: ReadLimits) -> list[Node]:
    """What the form says and what was filled into it; nothing where the document is no such form."""
    if pdfium.FPDF_GetFormType(document) != pdfium.FORMTYPE_XFA_FULL:
        return []
    template, data = _packet(document, "template", limits), _packet(document, "datasets", limits)
    values = _values(data)
    nodes = list(_said(template, values)) if template is not None else []
    nodes += [
        _row(name, text) for name, texts in values.items() for text in texts
    ]  # what the template has no field for
    return nodes


def _packet(document: pdfium.FPDF_DOCUMENT, name: str, limits: ReadLimits) -> etree._Element | None:
    for number in range(min(pdfium.FPDF_GetXFAPacketCount(document), MOST_PACKETS)):
        label = ctypes.create_string_buffer(100)
        pdfium.FPDF_GetXFAPacketName(document, number, label, 100)
        if label.value.decode("latin-1") != name:
            continue
        size = ctypes.c_ulong()
        pdfium.FPDF_GetXFAPacketContent(document, number, None, 0, size)
        if not 0 < size.value <= limits.part_bytes:
            return None
        buffer = ctypes.create_string_buffer(size.value)
        pdfium.FPDF_GetXFAPacketContent(document, number, buffer, size.value, size)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
        try:
            return etree.fromstring(buffer.raw, parser)
        except etree.XMLSyntaxError:
            return None
    return None


def _values(data: etree._Element | None) -> dict[str, list[str]]:
    """What was filled in, by the name of the field."""
    values: dict[str, list[str]] = {}
    for element in data.iter("*") if data is not None else ():
        text = " ".join((element.text or "").split())
        if text and len(element) == 0:
            values.setdefault(etree.QName(element).localname, []).append(text)
    return values


def _said(element: etree._Element, values: dict[str, list[str]], depth: int = 0) -> Iterator[Node]:
    for child in element if depth < DEPTH else ():
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if child.get("presence") in ("hidden", "invisible", "inactive"):
            continue
        if kind == "draw":
            text = _text(child, "value")
            if text:
                yield Paragraph(text)
        elif kind == "field":
            caption, filled = _text(child, "caption"), values.get(child.get("name", ""), [])
            value = filled.pop(0) if filled else ""
            if caption or value:
                yield _row(caption, value)
        else:
            yield from _said(child, values, depth + 1)


def _text(element: etree._Element, part: str) -> str:
    found = element.find(f"{{*}}{part}")
    return " ".join(" ".join(map(str, found.itertext())).split()) if found is not None else ""


def _row(caption: str, value: str) -> Node:
    return Table([[[Paragraph(caption)], [Paragraph(value)]]])
