"""A walk over one part of WordprocessingML (ECMA-376 part 1 §17): what a reader sees, and apart what none sees.

Elements are told by their local names: strict and transitional files differ in the namespace only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from domain.profile import BlockKind
from extraction.readers import drawings, word_controls, word_table
from extraction.readers.archive import Relation, attribute, child, local
from extraction.readers.colours import WHITE, colour, lost
from extraction.readers.concealment import OFF_PAGE, TINY, UNSEEN, VANISHED
from extraction.readers.flow import Node, Paragraph, Table, Unseen
from extraction.readers.links import beside
from extraction.readers.word_controls import Field, Fields
from extraction.readers.word_styles import BODY_TEXT, NO, Style, Styles, ground_of, half_points
from extraction.readers.word_symbols import FONTS, drawn, symbol

# What is no text; the reading aid of East Asian scripts; where comments and notes are anchored.
SKIPPED = frozenset(
    {
        "delInstrText", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "commentReference",
        "annotationRef", "blip", "ffData", "objectEmbed", "pPr", "docPr", "rt", "delText", "footnoteRef", "endnoteRef",
    }
)  # fmt: skip
DELETED = frozenset({"del", "moveFrom"})
HIDING_SIZE = 2.0  # points: nobody reads such letters
REVISION = "a revision that deletes it"
PROMPT = "a prompt of the template that nobody filled in"
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WIDE = 40_000_000  # English metric units, 914,400 to the inch: no page is wider than 43 inches


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a walk needs beside the element it walks over."""

    part: Callable[[str], etree._Element | None]  # the root of a part, by its name
    styles: Styles
    unseen: Unseen
    relations: Mapping[str, Relation]
    ground: str | None = WHITE  # None where a picture may lie behind the text: then white letters may well be seen
    embedded: Callable[[str], list[Node]]  # the nodes of a part that is a document of its own


@dataclass(slots=True)
class Line:
    """The text of a paragraph as it is gathered."""

    shown: list[str] = field(default_factory=list)
    unseen: dict[str, list[str]] = field(default_factory=dict)  # by the reason
    boxes: list[Node] = field(default_factory=list)
    size: float | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    reason: str | None = None  # why nobody sees it
    size: float | None = None
    font: str | None = None  # a symbol font


class Walk:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._ground = source.ground
        self._fields = Fields()

    def story(self, element: etree._Element) -> list[Node]:
        """Paragraphs and tables below an element, in order; containers such as content controls are seen through."""
        nodes: list[Node] = []
        for one in element:
            tag = local(one)
            if tag == "p":
                nodes.extend(self._paragraph(one))
            elif tag == "tbl":
                nodes.append(self._table(one))
            elif tag == "sdt" and word_controls.is_prompt(one, self._source.styles):
                self._source.unseen.add(PROMPT, self.story(one))
            elif tag == "AlternateContent":
                nodes.extend(self.story(_alternative(one)))
            elif tag == "altChunk":
                nodes.extend(self._source.embedded(self._target(one, "id")))
            elif tag in DELETED:
                self._delete(one)
            elif tag not in SKIPPED:
                nodes.extend(self.story(one))
        return nodes

    def _table(self, table: etree._Element) -> Table:
        outside = self._ground
        if word_table.shaded(table, self._source.styles):
            self._ground = None  # which of its cells are coloured, the style says in many words
        rows = []
        for row in word_table.rows(table):
            reason = word_table.unseen_row(row)
            cells = word_table.cells(row, self._cell)
            if reason:
                self._source.unseen.add(reason, [Table([cells])])
            else:
                rows.append(cells)
        self._ground = outside
        return Table(rows)

    def _cell(self, cell: etree._Element) -> list[Node]:
        outside = self._ground
        shading = child(child(cell, "tcPr"), "shd")
        self._ground = (ground_of(shading) if shading is not None else None) or outside
        nodes = self.story(cell)
        self._ground = outside
        return nodes

    def _paragraph(self, element: etree._Element) -> list[Node]:
        """A paragraph, cut at its line breaks, and after it the text boxes that are anchored in it."""
        line = Line()
        properties = child(element, "pPr")
        style = self._paragraph_style(properties) if properties is not None else _PLAIN
        self._inline(element, line, style)
        self._fields.close_codes()
        size = line.size or style.size
        nodes: list[Node] = [
            Paragraph(text, style.kind, size) for text in "".join(line.shown).split("\n") if text.strip()
        ]
        for reason, pieces in line.unseen.items():
            self._source.unseen.add(reason, [Paragraph("".join(pieces))])
        return nodes + line.boxes

    def _paragraph_style(self, properties: etree._Element) -> Style:
        style = _PLAIN
        for one in properties:
            tag = local(one)
            if tag == "pStyle":
                style = self._source.styles.named(attribute(one, "val")) or style
            elif tag == "outlineLvl" and attribute(one, "val") != BODY_TEXT:
                style = replace(style, kind=BlockKind.HEADING)
            elif tag == "numPr" and style.kind is not BlockKind.HEADING:
                off = any(local(item) == "numId" and attribute(item, "val") == "0" for item in one)
                style = replace(style, kind=BlockKind.PARAGRAPH if off else BlockKind.LIST_ITEM)
            elif tag == "shd":
                style = replace(style, ground=ground_of(one) or style.ground)
        return style

    def _inline(self, element: etree._Element, line: Line, style: Style) -> None:
        for one in element:
            self._element(one, local(one), line, style)

    def _element(self, element: etree._Element, tag: str, line: Line, style: Style) -> None:
        if tag == "r":
            self._run(element, line, style)
        elif tag in SKIPPED:
            return
        elif tag in ("hyperlink", "fldSimple"):
            self._link(element, line, style)
        elif tag in DELETED:
            self._delete(element)
        elif tag == "sdt" and word_controls.is_prompt(element, self._source.styles):
            apart = Line()
            self._inline(element, apart, style)
            self._source.unseen.add(PROMPT, [Paragraph("".join(apart.shown)), *apart.boxes])
        elif tag == "AlternateContent":
            self._inline(_alternative(element), line, style)
        elif tag in ("p", "tbl"):  # where none belongs
            line.boxes.extend(self._paragraph(element) if tag == "p" else [self._table(element)])
        else:
            self._drawing(element, tag, line, style)

    def _drawing(self, element: etree._Element, tag: str, line: Line, style: Style) -> None:
        """Text boxes, diagrams and charts; all else is seen through."""
        if tag == "txbxContent":
            outside, self._ground = self._ground, None  # what the box stands on is drawn, and may be of any colour
            line.boxes.extend(self.story(element))
            self._ground = outside
        elif reason := _unseen_drawing(element, tag):
            apart = Line()
            self._inline(element, apart, style)
            self._source.unseen.add(reason, apart.boxes)
        elif tag == "textpath":
            line.boxes.append(Paragraph(attribute(element, "string") or ""))
        elif tag == "relIds":
            line.boxes.extend(drawings.smart_art(self._part(element, "dm")))
        elif tag == "chart":
            line.boxes.extend(drawings.chart(self._part(element, "id")))
        else:
            self._inline(element, line, style)

    def _run(self, run: etree._Element, line: Line, style: Style) -> None:
        look = _NO_LOOK if style is _PLAIN else self._look(None, style)
        for one in run:
            tag = local(one)
            if tag == "t":
                self._text(one.text or "", line, look)
            elif tag == "rPr":
                look = self._look(one, style)
            elif tag in _MARKS:
                self._text(_MARKS[tag], line, look)
            elif tag == "sym":
                self._text(symbol(attribute(one, "font"), attribute(one, "char")), line, look)
            elif tag == "fldChar":
                self._field(one, line, look)
            elif tag == "instrText":
                self._fields.say(one.text or "")
            elif tag not in SKIPPED:
                self._element(one, tag, line, style)

    def _text(self, text: str, line: Line, look: _Look) -> None:
        if self._fields.in_code:
            return
        if look.font:
            text = drawn(text, look.font)
        if look.reason:
            line.unseen.setdefault(look.reason, []).append(text)
            return
        line.shown.append(text)
        if look.size and text.strip():
            line.size = max(line.size or 0.0, look.size)

    def _look(self, properties: etree._Element | None, style: Style) -> _Look:
        hidden, size, font, letters = style.hidden, None, None, style.colour
        ground = style.ground or self._ground
        for one in properties if properties is not None else ():
            tag = local(one)
            if tag == "sz":
                size = half_points(attribute(one, "val"))
            elif tag == "color":
                letters = self._source.styles.colour(one)
            elif tag == "vanish":
                hidden = attribute(one, "val") not in NO
            elif tag == "rStyle":
                named = self._source.styles.named(attribute(one, "val")) or _PLAIN
                hidden, letters = hidden or named.hidden, named.colour or letters
                ground = named.ground or ground
            elif tag == "shd":
                ground = ground_of(one) or ground
            elif tag == "highlight":
                ground = colour(attribute(one, "val"))
            elif tag == "rFonts":
                font = (attribute(one, "ascii") or "").lower()
        reason = VANISHED if hidden else None
        if not reason and (size or style.size or HIDING_SIZE + 1) <= HIDING_SIZE:
            reason = TINY
        elif not reason and letters and ground and lost(letters, ground):
            reason = UNSEEN
        return _Look(reason, size, font if font in FONTS else None)

    def _field(self, mark: etree._Element, line: Line, look: _Look) -> None:
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self._text(word_controls.form_field(child(mark, "ffData")), line, look)
            self._fields.begin(len(line.shown))
        elif kind == "separate":
            self._fields.separate()
        elif kind == "end":
            ended = self._fields.end()
            if ended:
                self._text(_behind(ended, line), line, look)

    def _link(self, element: etree._Element, line: Line, style: Style) -> None:
        start = len(line.shown)
        self._inline(element, line, style)
        if local(element) == "fldSimple":
            target = word_controls.hyperlink(attribute(element, "instr") or "")
        else:
            target = self._target(element, "id")
        self._text(beside("".join(line.shown[start:]), target), line, _NO_LOOK)

    def _delete(self, element: etree._Element) -> None:
        text = "".join(one.text or "" for one in element.iter("{*}delText", "{*}t"))
        self._source.unseen.add(REVISION, [Paragraph(text)])

    def _target(self, element: etree._Element, key: str) -> str:
        relation = self._source.relations.get(attribute(element, key) or "")
        return relation.target if relation else ""

    def _part(self, element: etree._Element, key: str) -> etree._Element | None:
        return self._source.part(self._target(element, key))


_PLAIN = Style()
_NO_LOOK = _Look()


def _behind(ended: Field, line: Line) -> str:
    return beside("".join(line.shown[ended.start :]), word_controls.hyperlink("".join(ended.code)))


def _alternative(element: etree._Element) -> etree._Element:
    """Of renderings of the same the first one that has words (ECMA-376 part 3 §7.5)."""
    first = next(iter(element), element)
    return next((one for one in element if _has_words(one)), first)


def _has_words(element: etree._Element) -> bool:
    return (
        any((one.text or "").strip() for one in element.iter("{*}t"))
        or next(element.iter("{*}relIds"), None) is not None
    )


def _unseen_drawing(element: etree._Element, tag: str) -> str | None:
    """Why nobody sees a drawing; None where it is shown."""
    if tag in ("anchor", "inline"):
        named = child(element, "docPr")
        if named is not None and attribute(named, "hidden") in ("1", "true"):
            return VANISHED
        return OFF_PAGE if tag == "anchor" and _off_page(element) else None
    hides = tag in ("shape", "rect", "roundrect") and "visibility:hidden" in (attribute(element, "style") or "")
    return VANISHED if hides else None


def _off_page(anchor: etree._Element) -> bool:
    """Whether a drawing ends before the page begins, or begins where no page reaches (§20.4.2.3)."""
    extent = child(anchor, "extent")
    for name, length in (("positionH", "cx"), ("positionV", "cy")):
        position = child(anchor, name)
        offset = child(position, "posOffset")
        if position is None or offset is None or attribute(position, "relativeFrom") != "page":
            continue
        try:
            start, size = int(offset.text or ""), int((attribute(extent, length) if extent is not None else None) or 0)
        except ValueError:
            continue
        if start + size <= 0 or start > _WIDE:
            return True
    return False
