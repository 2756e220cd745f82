"""Runs of a page to paragraphs and tables in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import inf
from statistics import median

from domain.profile import Box
from extraction.readers.characters import is_mark, joined
from extraction.readers.columns import Region, Row, regions
from extraction.readers.flow import Node, Paragraph, Table
from extraction.readers.rtl import logical
from extraction.readers.runs import RTL, Line, Run, lines, mirrored
from extraction.readers.tables import is_grid, rows_of, table_end, unjustified

SPREAD = 1.15  # how much the steps from line to line of one paragraph may differ: places are rounded to pixels
LEADING = 2.0  # letter sizes from one base line to the next: more parts paragraphs
ASCENT, DESCENT = 0.9, 0.25  # letter sizes over and under the base line
FULL = 2.0  # letter sizes: a line that ends so near to the edge is full


@dataclass(slots=True)
class Laid:
    """A part of a page."""

    nodes: list[Node]
    column: int | None  # None on a page without columns


@dataclass(frozen=True, slots=True)
class Frame:
    """The page that places are shares of."""

    width: float  # points
    height: float
    mirrored: bool = False  # places are told as in a mirror
    quarters: int = 0  # by which the page was turned, clockwise

    def box(self, found: Iterable[Line]) -> Box:
        """Where these lines stand."""
        left = top = inf
        right = bottom = 0.0
        for line in found:
            left, right = min(left, line.left), max(right, line.right)
            top, bottom = min(top, line.base - ASCENT * line.size), max(bottom, line.base + DESCENT * line.size)
        if self.mirrored:
            left, right = self.width - right, self.width - left
        left, right = _share(left, self.width), _share(right, self.width)
        top, bottom = _share(top, self.height), _share(bottom, self.height)
        if self.quarters == 1:
            left, top, right, bottom = top, 1 - right, bottom, 1 - left
        elif self.quarters == 3:
            left, top, right, bottom = 1 - bottom, left, 1 - top, right
        return Box(left=left, top=top, right=right, bottom=bottom)


def _share(place: float, whole: float) -> float:
    return round(min(max(place / whole, 0.0), 1.0), 4) if whole > 0 else 0.0


def lay_out(runs: Sequence[Run], width: float, height: float, *, quarters: int = 0) -> list[Laid]:
    """The parts of a page in reading order; `quarters` tells how often it was turned clockwise to be read."""
    frame = Frame(width, height, is_right_to_left(runs), quarters)
    if frame.mirrored:
        runs = mirrored(runs, width)
    parts = [part for part in regions(runs) if part.runs]
    in_columns = any(part.in_column for part in parts)
    return [Laid(_region(part, frame), number if in_columns else None) for number, part in enumerate(parts)]


def _region(part: Region, frame: Frame) -> list[Node]:
    found = _with_marks(lines(part.runs))
    if part.rows is None or is_grid(found):
        return _nodes(found, frame)
    nodes: list[Node] = []
    for of_cells, rows in groupby(part.rows, _is_of_cells):
        if of_cells:
            nodes += _nodes(_with_marks(lines(run for row in rows for side in row for run in side)), frame)
        else:
            nodes.append(Table([[_nodes(_with_marks(lines(side)), frame) for side in row if side] for row in rows]))
    return nodes


def _is_of_cells(row: Row) -> bool:
    """Whether what stands before or behind the gutter is itself parted into cells."""
    return any(len(line.cells) > 1 for side in row for line in _with_marks(lines(side)))


def is_right_to_left(runs: Sequence[Run]) -> bool:
    there = sum(len(run.text) for run in runs if not run.text.isascii() and RTL.search(run.text))
    return there * 3 > sum(len(run.text) for run in runs)


def cell_text(cell: Sequence[Run]) -> str:
    """The text of runs beside each other."""
    if len(cell) == 1 and not cell[0].glyphs:
        return cell[0].text
    if all(run.glyphs for run in cell):
        return logical([glyph for run in cell for glyph in run.glyphs], median(run.size for run in cell))
    text = cell[0].text
    for before, run in pairwise(cell):
        text += run.text if run.left - before.right < 0.12 * run.size else " " + run.text
    return text


def _with_marks(found: list[Line]) -> list[Line]:
    """A bullet or a number that stands apart belongs to the text behind it."""
    for line in found:
        if len(line.cells) < 2 or not is_mark(cell_text(line.cells[0])):
            continue
        if abs(line.cells[1][0].order - line.cells[0][-1].order) == 1:  # no dash between two dates, one below the other
            line.cells[:2] = [line.cells[0] + line.cells[1]]
    return found


def _nodes(found: list[Line], frame: Frame) -> list[Node]:
    nodes: list[Node] = []
    shape = _Shape.of(found, frame)
    for is_ruled, part in groupby(found, _is_ruled):
        if is_ruled:
            nodes += [node for line in part for cell in line.cells for node in _ruled(cell, shape)]
        else:
            nodes += _unruled(list(part), shape)
    return nodes


def _is_ruled(line: Line) -> bool:
    return any(run.rows for run in line.runs)


def _ruled(cell: Sequence[Run], shape: _Shape) -> Iterator[Node]:
    """A ruled table, and what may stand beside it."""
    for run in cell:
        if run.rows:
            yield Table([_row(row, shape.frame) for row in run.rows])
        else:
            yield from _paragraphs([Line([[run]])], shape)


def _row(cells: Sequence[Sequence[Run]], frame: Frame) -> list[list[Node]]:
    ordered = [mirrored(cell, frame.width) for cell in reversed(cells)] if frame.mirrored else cells
    return [_nodes(unjustified(_with_marks(lines(cell))), frame) for cell in ordered]


def _unruled(found: list[Line], shape: _Shape) -> list[Node]:
    nodes: list[Node] = []
    plain: list[Line] = []
    place = 0
    while place < len(found):
        end = table_end(found, place)
        if end > place:
            nodes.extend(_paragraphs(plain, shape))
            plain = []
            nodes.append(_table(found[place:end], shape))
            place = end
        else:
            plain.append(found[place])
            place += 1
    return nodes + list(_paragraphs(plain, shape))


# Paragraphs


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the lines of a column have in common."""

    edge: float  # where the longest ends
    leading: float  # points from one base line to the next where they are nearest; 0 where there is one line
    spacing: float  # the same in letter sizes
    frame: Frame

    @staticmethod
    def of(found: Sequence[Line], frame: Frame) -> _Shape:
        steps = [
            (two.base - one.base, (two.base - one.base) / two.size)
            for one, two in pairwise(found)
            if 0.8 * two.size < two.base - one.base < LEADING * two.size and abs(one.size - two.size) < 1
        ]
        leading, spacing = (
            (sorted(kind)[len(steps) // 10] for kind in zip(*steps, strict=True)) if steps else (0.0, 0.0)
        )
        return _Shape(max((line.right for line in found), default=0.0), leading, spacing, frame)


@dataclass(slots=True)
class _Open:
    text: str
    lines: list[Line]
    size: float
    leading: float | None = None  # between its lines, once there are two

    def closed(self, frame: Frame) -> Paragraph:
        return Paragraph(self.text, size=self.size, box=frame.box(self.lines))


def _paragraphs(found: Sequence[Line], shape: _Shape) -> list[Paragraph]:
    """Lines of one cell each, joined where the line break was made by the width."""
    paragraphs: list[Paragraph] = []
    current: _Open | None = None
    for line in found:
        text = " ".join(cell_text(cell) for cell in line.cells)
        if not text.strip():
            continue
        if current and _goes_on(current, line, text, shape):
            current.text = joined(current.text.rstrip(), text.lstrip())
            current.leading = line.base - current.lines[-1].base
            current.lines.append(line)
        else:
            if current:
                paragraphs.append(current.closed(shape.frame))
            current = _Open(text, [line], line.size)
    if current:
        paragraphs.append(current.closed(shape.frame))
    return paragraphs


def _goes_on(current: _Open, line: Line, text: str, shape: _Shape) -> bool:
    last, size = current.lines[-1], line.size
    step = line.base - last.base
    if not 0 < step <= LEADING * size or abs(size - current.size) > 0.08 * size:
        return False
    if current.text[-1] in "-\u2010\u00ad\ufffe\x02" and current.text[-2:-1].isalpha() and text[0].isalpha():
        return True
    if step > SPREAD * (current.leading or max(shape.leading, shape.spacing * size) or step):
        return False
    if line.bold != last.bold or is_mark(text.split(maxsplit=1)[0]):
        return False
    if last.runs[-1].mark != line.runs[0].mark and text[0].isupper() and current.text[-1] not in ",;:–—(«":
        # The program marked them as two; but it also marks what is set in italics, and the line may end there.
        return shape.edge - last.right < FULL * size
    first_word = len(text.split(maxsplit=1)[0]) / max(len(text), 1) * (line.right - line.left)
    would_fit = last.right + 0.25 * size + first_word < shape.edge - 0.5 * size
    return not would_fit


# Tables


def _table(found: Sequence[Line], shape: _Shape) -> Table:
    table = rows_of(found)
    edges = [*table.ends[:-1], shape.edge]
    shapes = [replace(shape, edge=edge) for edge in edges]
    return Table([[list(_paragraphs(*pair)) for pair in zip(row.cells, shapes, strict=True)] for row in table.rows])
