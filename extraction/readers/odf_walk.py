"""A walk over the body of OpenDocument (part 3 §5 and §9): what a reader sees, and apart what none sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from domain.profile import BlockKind
from extraction.readers import sheets
from extraction.readers.archive import attribute, local, whole
from extraction.readers.colours import WHITE
from extraction.readers.concealment import UNSEEN, VANISHED
from extraction.readers.flow import Cell, Node, Paragraph, Table, Unseen
from extraction.readers.links import beside
from extraction.readers.odf_styles import INVISIBLE, Styles
from extraction.readers.word_symbols import OFF, ON

SKIPPED = frozenset(
    {
        "annotation-end", "forms", "note-citation", "sequence-decls", "event-listeners", "desc", "title",
        "index-title-template", "script", "ruby-text", "settings", "thumbnail", "named-expressions",
        "content-validations", "database-ranges",
    }
)  # fmt: skip
COMMENT = "a comment in the margin"
REVISION = "a revision that deletes it"
PROMPT = "a prompt of the template that nobody filled in"
REPEATED = 64  # cells that one cell element may stand for
ROWS = 20_000  # of one sheet: the rest is empty but for attacks


@dataclass(slots=True)
class _Line:
    shown: list[str] = field(default_factory=list)
    unseen: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[Node] = field(default_factory=list)


class Walk:
    def __init__(self, styles: Styles, unseen: Unseen, controls: Mapping[str, str]) -> None:
        self._styles = styles
        self._unseen = unseen
        self._controls = controls  # what the fields of forms show, by identity
        self._ground = None if styles.backed else WHITE

    def story(self, element: etree._Element, kind: BlockKind = BlockKind.PARAGRAPH) -> list[Node]:
        nodes: list[Node] = []
        for one in element:
            tag = local(one)
            if tag in ("p", "h"):
                nodes.extend(self._paragraph(one, BlockKind.HEADING if self._is_heading(one) else kind))
            elif tag in ("list-item", "list-header"):
                nodes.extend(self.story(one, BlockKind.LIST_ITEM))
            elif tag == "table":
                nodes.append(self.table(one))
            elif tag == "control":
                nodes.append(Paragraph(self._control(one)))
            elif not self._apart(one, tag) and tag not in SKIPPED:
                nodes.extend(self.story(one, kind))
        return nodes

    def _apart(self, element: etree._Element, tag: str) -> bool:
        """Take apart what is not shown. Whether it was."""
        reason = None
        if tag == "tracked-changes":
            reason = REVISION
        elif tag == "annotation":
            reason = COMMENT
        elif tag == "section" and attribute(element, "display") == "none":
            reason = VANISHED
        if reason:
            self._unseen.add(reason, [node for part in _worded(element, tag) for node in self.story(part)])
        return reason is not None

    def _is_heading(self, element: etree._Element) -> bool:
        return local(element) == "h" or self._styles.named(attribute(element, "style-name")).title

    def table(self, table: etree._Element) -> Table:
        made = Table([])
        hidden = {n for n, column in enumerate(_columns(table)) if attribute(column, "visibility") in INVISIBLE}
        for row in _rows(table):
            cells = self._cells(row)
            if attribute(row, "visibility") in INVISIBLE:
                self._unseen.add(VANISHED, [Table([cells])])
                continue
            if hidden and any(cell for n, cell in enumerate(cells) if n in hidden):
                self._unseen.add(VANISHED, [Table([[cell for n, cell in enumerate(cells) if n in hidden]])])
            made.rows.append([cell for n, cell in enumerate(cells) if n not in hidden])
        return made

    def _cells(self, row: etree._Element) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            outside = self._ground
            self._ground = self._styles.named(attribute(cell, "style-name")).ground or outside
            nodes = _whole_number(cell) or self.story(cell)
            self._ground = outside
            times = _repeated(cell)
            cells.extend([nodes] * (times if nodes or times < REPEATED else 1))
        real = sum(local(cell) == "table-cell" for cell in row)
        while len(cells) > max(real, 1) and not cells[-1] and local(row[-1]) == "covered-table-cell":
            cells.pop()  # what a last cell covers stands under no other head
        return cells

    def _paragraph(self, element: etree._Element, kind: BlockKind) -> list[Node]:
        line = _Line()
        style = self._styles.named(attribute(element, "style-name"))
        outside = self._ground
        self._ground = style.ground or outside
        self._text(element, line, style.reason(self._ground))
        self._ground = outside
        for reason, pieces in line.unseen.items():
            self._unseen.add(reason, [Paragraph("".join(pieces))])
        return [Paragraph(text, kind) for text in "".join(line.shown).split("\n") if text.strip()] + line.boxes

    def _text(self, element: etree._Element, line: _Line, reason: str | None) -> None:
        self._say(_flat(element.text), line, reason)
        for one in element:
            self._inline(one, local(one), line, reason)
            self._say(_flat(one.tail), line, reason)

    def _say(self, text: str, line: _Line, reason: str | None) -> None:
        if text:
            (line.unseen.setdefault(reason, []) if reason else line.shown).append(text)

    def _inline(self, element: etree._Element, tag: str, line: _Line, reason: str | None) -> None:
        if tag == "s":
            self._say(" ", line, reason)
        elif tag in ("tab", "line-break"):
            self._say("\t" if tag == "tab" else "\n", line, reason)
        elif tag in ("text-box", "note-body", "table"):
            line.boxes.extend(self._box(element, tag))
        elif tag == "span":
            own = self._styles.named(attribute(element, "style-name"))
            recoloured = own.letters and reason == UNSEEN
            self._text(element, line, own.reason(self._ground) or (None if recoloured else reason))
        elif tag == "a":
            start = len(line.shown)
            self._text(element, line, reason)
            self._say(beside("".join(line.shown[start:]), attribute(element, "href")), line, reason)
        elif tag == "placeholder":
            self._text(element, line, PROMPT)
        elif tag in ("hidden-text", "hidden-paragraph"):
            self._say(attribute(element, "string-value") or "", line, VANISHED)
        elif tag == "control":
            self._say(self._control(element), line, reason)
        elif not self._apart(element, tag) and tag not in SKIPPED:
            self._text(element, line, reason)

    def _box(self, element: etree._Element, tag: str) -> list[Node]:
        outside = self._ground
        if tag == "text-box":
            self._ground = None  # what it stands on is drawn, and may be of any colour
        nodes: list[Node] = [self.table(element)] if tag == "table" else self.story(element)
        self._ground = outside
        return nodes

    def _control(self, element: etree._Element) -> str:
        return self._controls.get(attribute(element, "control") or "", "")


def controls(root: etree._Element) -> dict[str, str]:
    """What the fields of forms show, by identity (§13.5)."""
    found: dict[str, str] = {}
    for form in root.iter("{*}form"):
        for one in form:
            identity = attribute(one, "id")
            if not identity:
                continue
            tag, label = local(one), attribute(one, "label") or ""
            if tag in ("checkbox", "radio"):
                state = attribute(one, "current-state") or attribute(one, "state")
                chosen = state == "checked" or attribute(one, "current-selected") == "true"
                found[identity] = f" {ON if chosen else OFF} {label} "
            else:
                found[identity] = f" {attribute(one, 'current-value') or attribute(one, 'value') or label} "
    return found


def _whole_number(cell: etree._Element) -> list[Node]:
    """The digits of a number that stands there as 2.4E+11, since its column is too narrow for a telephone number."""
    value = attribute(cell, "value") if attribute(cell, "value-type") == "float" else None
    text = "".join(map(str, cell.itertext())) if value else ""
    try:
        return [Paragraph(sheets.value(float(value or ""), sheets.GENERAL))] if "E+" in text.upper() else []
    except (ValueError, OverflowError):
        return []


def _worded(element: etree._Element, tag: str) -> list[etree._Element]:
    """Where the words of something apart stand; the author and date of a revision are none."""
    if tag != "tracked-changes":
        return [element]
    return list(element.iter("{*}deletion"))


def _flat(text: str | None) -> str:
    """White space as the format means it: runs of it are one space, tabs and breaks are elements (§6.1.2)."""
    return text.replace("\n", " ").replace("\t", " ") if text else ""


def _repeated(element: etree._Element) -> int:
    """How many cells or columns an element stands for, as far as they are counted."""
    return min(whole(attribute(element, "number-columns-repeated"), 1), REPEATED)


def _columns(table: etree._Element) -> list[etree._Element]:
    """The columns; one element may stand for many."""
    columns: list[etree._Element] = []
    groups = [one for one in table if local(one) in ("table-columns", "table-header-columns", "table-column-group")]
    for column in (*table, *(one for group in groups for one in group)):
        if local(column) != "table-column":
            continue
        columns.extend([column] * _repeated(column))
        if len(columns) > REPEATED:
            break
    return columns


def _rows(table: etree._Element) -> list[etree._Element]:
    rows: list[etree._Element] = []
    for one in table:
        if local(one) == "table-row":
            rows.append(one)
        elif local(one) in ("table-header-rows", "table-rows", "table-row-group"):
            rows.extend(_rows(one))
        if len(rows) > ROWS:
            break
    return rows
