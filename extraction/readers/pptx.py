"""PPTX: slides in the order in which they are shown, with their notes (ECMA-376 part 1 §19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import drawings, flow, properties
from extraction.readers.archive import Archive, Relation, attribute, child, local, main_part, opened, relations
from extraction.readers.concealment import OFF_SLIDE
from extraction.readers.flow import Cell, Node, Paragraph, Table, Unseen, aligned
from extraction.readers.limits import ReadLimits

READER = "pptx/1"
MAIN = "ppt/presentation.xml"
HIDDEN_SLIDE = "it stands on a hidden slide"
HIDDEN_SHAPE = "a shape that is set to be hidden"
TITLES = frozenset({"title", "ctrTitle"})
COUNTED = frozenset({"sldNum", "dt", "hdr", "sldImg"})  # placeholders that hold no words of the author


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Pages are slides. Raises Unreadable where the archive or its list of slides is broken."""
    with opened(path, limits) as archive:
        return _read(archive, limits)


def _read(archive: Archive, limits: ReadLimits) -> DocumentText:
    main = main_part(archive, MAIN)
    presentation = archive.xml(main)
    if presentation is None:
        raise Unreadable("the file is damaged: it has no list of slides")
    deck = _Deck(archive, _size(presentation), Unseen())
    slides = [one.target for one in _slides(presentation, relations(archive, main))]
    kept, left_out = flow.slides(map(deck.slide, slides), len(slides), limits)
    return DocumentText(
        blocks=kept,
        reader=READER,
        pages=len(slides),
        hidden=flow.capped_hidden(deck.unseen.texts, limits),
        properties=properties.of_package(archive),
        problems=(*archive.problems, *left_out),
    )


def _slides(presentation: etree._Element, parts: tuple[Relation, ...]) -> Iterator[Relation]:
    by_identity = {one.identity: one for one in parts}
    listed = child(presentation, "sldIdLst")
    found = [by_identity.get(_relation(entry, "id")) for entry in (listed if listed is not None else ())]
    # Where the list is lost, the slides are still related, if in no order.
    yield from (one for one in (found if any(found) else parts) if one is not None and one.kind == "slide")


def _relation(element: etree._Element, name: str) -> str:
    """An attribute of the namespace of relations: `id` alone is another."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"ships}}{name}")), "")


def _size(presentation: etree._Element) -> tuple[int, int] | None:
    size = child(presentation, "sldSz")
    return _numbers(size, "cx", "cy") if size is not None else None


def _numbers(element: etree._Element | None, *names: str) -> tuple[int, int] | None:
    try:
        first, second = (int(attribute(element, name) or "") for name in names) if element is not None else ("", "")
        return int(first), int(second)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Deck:
    archive: Archive
    size: tuple[int, int] | None  # of a slide
    unseen: Unseen

    def slide(self, name: str) -> list[Node]:
        root = self.archive.xml_or_none(name)
        if root is None:
            return []
        parts = relations(self.archive, name)
        nodes = self._page(root, parts)
        for one in parts:
            notes = self.archive.xml_or_none(one.target) if one.kind == "notesSlide" else None
            if notes is not None:
                nodes += self._page(notes, relations(self.archive, one.target))
        if attribute(root, "show") in ("0", "false"):
            self.unseen.add(HIDDEN_SLIDE, nodes)
            return []
        return nodes

    def _page(self, root: etree._Element, parts: tuple[Relation, ...]) -> list[Node]:
        """Titles first, the rest as it is stacked, which is the order in which it is read out."""
        tree = child(child(root, "cSld"), "spTree")
        nodes = self._shapes(tree, {one.identity: one for one in parts}) if tree is not None else []
        return sorted(nodes, key=lambda node: not (isinstance(node, Paragraph) and node.kind is BlockKind.HEADING))

    def _shapes(self, tree: etree._Element, parts: dict[str, Relation]) -> list[Node]:
        nodes: list[Node] = []
        for shape in tree:
            if local(shape) == "AlternateContent":
                nodes += self._shapes(next(iter(shape), shape), parts)
                continue
            found = self._shape(shape, parts)
            reason = self._reason(shape) if found else None
            if reason:
                self.unseen.add(reason, found)
            else:
                nodes += found
        return nodes

    def _shape(self, shape: etree._Element, parts: dict[str, Relation]) -> list[Node]:
        tag = local(shape)
        if tag == "grpSp":
            return self._shapes(shape, parts)
        if tag == "graphicFrame":
            return [node for graphic in shape.iter("{*}graphicData") for node in self._graphic(graphic, parts)]
        body = child(shape, "txBody")
        place = next(shape.iter("{*}ph"), None)
        kind = attribute(place, "type") if place is not None else None
        if body is None or kind in COUNTED:
            return []
        nodes = drawings.paragraphs(body, {key: one.target for key, one in parts.items() if one.outside})
        if kind in TITLES:
            return [Paragraph(" ".join(node.text for node in nodes if isinstance(node, Paragraph)), BlockKind.HEADING)]
        return nodes

    def _graphic(self, graphic: etree._Element, parts: dict[str, Relation]) -> Iterator[Node]:
        for element in graphic:
            tag = local(element)
            if tag == "tbl":
                yield Table([_cells(row) for row in element if local(row) == "tr"])
            elif tag in ("relIds", "chart"):
                related = parts.get(_relation(element, "dm" if tag == "relIds" else "id"))
                root = self.archive.xml_or_none(related.target) if related else None
                yield from drawings.smart_art(root) if tag == "relIds" else drawings.chart(root)

    def _reason(self, shape: etree._Element) -> str | None:
        named = next(shape.iter("{*}cNvPr"), None)
        if named is not None and attribute(named, "hidden") in ("1", "true"):
            return HIDDEN_SHAPE
        frame = next((one for one in shape.iter("{*}xfrm") if local(one) == "xfrm"), None)
        start, size = _numbers(child(frame, "off"), "x", "y"), _numbers(child(frame, "ext"), "cx", "cy")
        if start is None or size is None or self.size is None or local(shape) == "grpSp":
            return None
        outside = any(start[n] >= self.size[n] or start[n] + size[n] <= 0 for n in (0, 1))
        tree = shape.getparent()  # places within a group are counted from the group
        return OFF_SLIDE if outside and tree is not None and local(tree) == "spTree" else None


def _cells(row: etree._Element) -> list[Cell]:
    """The cells of a row; those that another covers are there as well, and empty."""
    return aligned([(drawings.paragraphs(cell), 1) for cell in row if local(cell) == "tc"])
