"""Words in pictures that Office draws itself: DrawingML (ECMA-376 part 1 §20 and §21)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from extraction.readers.archive import attribute, child, local
from extraction.readers.flow import Node, Paragraph
from extraction.readers.links import beside

NO_LINKS: Mapping[str, str] = MappingProxyType({})
POINTS_SHOWN = 200  # of a diagram or the labels of a chart
WITHOUT_WORDS = frozenset({"pres", "parTrans", "sibTrans"})  # points of a diagram that only lay it out


def paragraphs(body: etree._Element, links: Mapping[str, str] = NO_LINKS) -> list[Node]:
    """The paragraphs of a text body, line breaks included; `links` are the addresses that its parts refer to."""
    return [Paragraph(line) for text in texts(body, links) for line in text.split("\n") if line.strip()]


def texts(body: etree._Element, links: Mapping[str, str] = NO_LINKS) -> list[str]:
    return [_text(element, links) for element in body.iter("{*}p")]


def _text(paragraph: etree._Element, links: Mapping[str, str]) -> str:
    pieces = []
    for element in paragraph:
        tag = local(element)
        if tag == "br":
            pieces.append("\n")
        elif tag in ("r", "fld"):
            text = "".join(one.text or "" for one in element.iter("{*}t"))
            link = child(child(element, "rPr"), "hlinkClick")
            pieces += [text, beside(text, links.get(attribute(link, "id") or "") if link is not None else None)]
    return "".join(pieces)


def smart_art(model: etree._Element | None) -> list[Node]:
    """The points of a diagram that carry words, in the order in which its author typed them (§21.4)."""
    points = child(model, "ptLst")
    found: list[Node] = []
    for point in points if points is not None else ():
        body = child(point, "t")
        if body is not None and attribute(point, "type") not in WITHOUT_WORDS and len(found) < POINTS_SHOWN:
            found.extend(paragraphs(body))
    return found


def chart(space: etree._Element | None) -> list[Node]:
    """Titles, and the names of what is compared (§21.2): a chart of languages names them nowhere else."""
    if space is None:
        return []
    titles = [text for title in space.iter("{*}title") for text in texts(title)]
    labels = [
        value.text or ""
        for group in ("{*}tx", "{*}cat")
        for place in space.iter(group)
        for cache in place.iter("{*}strCache")
        for value in cache.iter("{*}v")
    ]
    return [Paragraph(text) for text in dict.fromkeys([*titles, *labels[:POINTS_SHOWN]]) if text.strip()]
