"""Tables whose edges are not drawn: rows and columns by where the text of their lines stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from extraction.readers.runs import Gap, Line, Run

NEAR = 4.0  # points: what begins this near to a column's edge belongs to it
FAR = 2.6  # letter sizes from line to line: further down stands the table's next row only where its cells align
CLOSE = 1.5  # letter sizes: lines of one cell are nearer
TALL = 8  # lines of one cell
CORRIDOR = 0.5  # letter sizes: columns have at least so much white space between them from top to bottom
HEADS = 2  # lines that may reach over several columns
GRID = 3  # columns: with less, a line of one cell is no row
SAME_STEP = 0.85  # of the smallest step from row to row: what stands nearer is of the same row

Span = tuple[float, float]


def table_end(found: Sequence[Line], start: int) -> int:
    """The line behind the table that begins here; `start` where none does."""
    if len(found[start].cells) < 2 and not _is_raised(found, start):
        return start
    columns = [_span(cell) for cell in found[start].cells]
    order = max(run.order for run in found[start].runs)
    end = start + 1
    while end < len(found):
        line, before = found[end], found[end - 1]
        far = line.base - before.base > FAR * max(line.size, before.size)
        first = min(run.order for run in line.runs)
        if len(line.cells) > 1:
            if far and not any(_align(_span(cell), span) for cell in line.cells[1:] for span in columns[1:]):
                break
            columns.extend(map(_span, line.cells))
        elif first > order and not _is_part(found, end, columns, far):
            break
        order = max(order, *(run.order for run in line.runs))
        end += 1
    return end


def _is_raised(found: Sequence[Line], place: int) -> bool:
    """Whether a line of one cell belongs to the row below it, as of cells set at half the height of a row.

    What stands close below was then written before it.
    """
    if not is_grid(found[max(place - TALL, 0) : place + TALL]):
        return False
    order, is_row, is_later = found[place].runs[0].order, False, False
    for line, below in pairwise(found[place : place + TALL]):
        if below.base - line.base > CLOSE * line.size or (is_row and is_later):
            break
        is_row = is_row or len(below.cells) > 1
        is_later = is_later or min(run.order for run in below.runs) < order
    return is_row and is_later


def _is_part(found: Sequence[Line], place: int, columns: Sequence[Span], far: bool) -> bool:
    """Whether a line of one cell, written after those above, goes on with the table."""
    line, edge = found[place], columns[0][0] + NEAR
    starts = [left for left, _ in columns if left > edge]
    if not far and (any(abs(line.left - left) < NEAR for left in starts) or _is_raised(found, place)):
        return True
    return not far and place + 1 < len(found) and _is_lone(line, found[place - 1], found[place + 1], starts)


def _is_lone(line: Line, above: Line, below: Line, starts: Sequence[float]) -> bool:
    """Whether only the first cell of this row is filled: a row like those above and below it, and no heading."""
    if min(len(above.cells), len(below.cells)) < GRID or abs(line.left - below.left) > NEAR:
        return False
    steps = line.base - above.base, below.base - line.base
    alike = line.bold == below.bold and line.size == below.size and max(steps) < min(steps) / SAME_STEP
    return alike and bool(starts) and line.right < min(starts) - CORRIDOR * line.size


def _span(cell: Sequence[Run]) -> Span:
    return cell[0].left, max(run.right for run in cell)


def _align(one: Span, other: Span) -> bool:
    """Whether two cells begin, end or have their middles at one place."""
    ends = one[0] - other[0], one[1] - other[1], (one[0] + one[1] - other[0] - other[1]) / 2
    return any(abs(apart) < NEAR for apart in ends)


# Columns


@dataclass(slots=True)
class Row:
    cells: list[list[Line]] = field(default_factory=list)  # by column


@dataclass(slots=True)
class Rows:
    rows: list[Row]
    ends: list[float]  # where the text of each column ends


def rows_of(found: Sequence[Line]) -> Rows:
    """The lines of a table, by row and column."""
    spans = _columns(found)
    placed = [_placed(line, spans) for line in found]
    rows: list[Row] = []
    for part in _parts(found, placed):
        if part.begins or not rows:
            rows.append(Row([[] for _ in spans]))
        for number in part.lines:
            for column, cell in placed[number].items():
                rows[-1].cells[column].append(Line([cell]))
    return Rows(rows, [end for _, end in spans])


def unjustified(found: list[Line]) -> list[Line]:
    """The lines of a ruled cell; where their gaps stand nowhere below each other, they only fill out the lines."""
    starts = sorted((cell[0].left, number) for number, line in enumerate(found) for cell in line.cells[1:])
    if any(other[0] - one[0] < NEAR and one[1] != other[1] for one, other in pairwise(starts)):
        return found
    return [Line([line.runs]) for line in found]


def is_grid(found: Sequence[Line]) -> bool:
    """Whether white space parts these lines into three columns or more: posts beside their dates are two."""
    lines = [line for line in found if len(line.cells) > 1]
    return len(lines) > 1 and len(_parted(lines)) >= GRID


def _columns(found: Sequence[Line]) -> list[Span]:
    """From where to where the text of each column reaches.

    White space that goes down through all lines parts columns, but for heads that reach over several. Where that
    finds fewer columns than some line has cells, the lines with the most cells tell.
    """
    lines = [line for line in found if len(line.cells) > 1]
    most = max(len(line.cells) for line in lines)
    best = _parted(lines)
    for heads in range(1, min(HEADS, len(lines) - HEADS) + 1):
        without = _parted(lines[heads:])
        if len(without) > max(len(best), most - 1):
            best = without
    return best if len(best) >= most else _of_full_lines(lines, most)


def _parted(lines: Sequence[Line]) -> list[Span]:
    """What stands between the white space that goes down through all these lines."""
    wide = CORRIDOR * max(line.size for line in lines)
    cells = (cell for line in lines for cell in line.cells)
    columns: list[Span] = []
    begun = True  # whether a cell begins in the last column: else it is the end of what begins in the one before
    for (left, right), goes_on in sorted(
        (part, number > 0) for cell in cells for number, part in enumerate(_solid(cell))
    ):
        if columns and left - columns[-1][1] <= wide:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
            begun = begun or not goes_on
            continue
        if not begun:
            columns[-2:] = [(columns[-2][0], columns[-1][1])]
        columns.append((left, right))
        begun = not goes_on
    return columns if begun else [*columns[:-2], (columns[-2][0], columns[-1][1])]


def _solid(cell: Sequence[Run]) -> Iterator[Span]:
    """The stretches of a cell without wide gaps, from left to right."""
    for run in cell:
        gaps = sorted(run.gaps)
        yield from zip([run.left, *(gap.right for gap in gaps)], [*(gap.left for gap in gaps), run.right], strict=True)


def _of_full_lines(lines: Sequence[Line], most: int) -> list[Span]:
    full = [line for line in lines if len(line.cells) == most]
    return [
        (min(line.cells[n][0].left for line in full), max(line.cells[n][-1].right for line in full))
        for n in range(most)
    ]


def _placed(line: Line, spans: Sequence[Span]) -> dict[int, list[Run]]:
    """The cells of a line by column; a cell is cut where its parts stand in two."""
    placed: dict[int, list[Run]] = {}
    for cell in line.cells:
        for part in _cut(cell, spans):
            placed.setdefault(_column(_span(part), spans), []).extend(part)
    return placed


def _cut(cell: list[Run], spans: Sequence[Span]) -> Iterator[list[Run]]:
    pieces: list[Run] = []
    for run in cell:
        crossed = [gap for gap in run.gaps if _between(gap, spans)]
        pieces += run.parted(crossed) if crossed else [run]
    part, column = pieces[:1], _column(_span(pieces[:1]), spans)
    for piece in pieces[1:]:
        at = _column(_span([piece]), spans)
        is_apart = piece.left - part[-1].right > CORRIDOR * piece.size
        if at != column and is_apart and piece.right > spans[at][0]:
            yield part
            part, column = [], at
        part.append(piece)
    yield part


def _between(gap: Gap, spans: Sequence[Span]) -> bool:
    """Whether a gap lies in the white space between two columns."""
    return any(max(gap.left, end) < min(gap.right, start) for (_, end), (start, _) in pairwise(spans))


def _column(cell: Span, spans: Sequence[Span]) -> int:
    left, right = cell

    def distance(number: int) -> tuple[float, float]:
        start, end = spans[number]
        return (-max(0.0, min(right, end) - max(left, start)), abs(left - start))

    near = [number for number, (start, _) in enumerate(spans) if abs(left - start) < NEAR]
    return near[0] if near else min(range(len(spans)), key=distance)


# Rows


@dataclass(slots=True)
class _Part:
    """Lines that were written before all lines below them."""

    lines: list[int]
    begins: bool = False  # a row


def _parts(found: Sequence[Line], placed: Sequence[dict[int, list[Run]]]) -> list[_Part]:
    """Programs write a table row by row: where later lines were written earlier, the row is not over."""
    parts: list[_Part] = []
    for number, is_written_below in enumerate(_written_below(found)):
        if is_written_below or not parts:
            parts.append(_Part([]))
        parts[-1].lines.append(number)
    for part in parts:
        part.begins = any(0 in placed[number] for number in part.lines)
    steps = [found[below.lines[0]].base - found[above.lines[-1]].base for above, below in pairwise(parts)]
    least = min((step for step, part in zip(steps, parts[1:], strict=True) if part.begins), default=0.0)
    for step, part in zip(steps, parts[1:], strict=True):
        # Its first cell is empty:
        if not part.begins and least and step > SAME_STEP * least:
            part.begins = any(len(placed[number]) > 1 for number in part.lines)
    return parts


def _written_below(found: Sequence[Line]) -> list[bool]:
    """For each line, whether it and all below it were written after all above it."""
    orders = [[run.order for run in line.runs] for line in found]
    last_above = accumulate((max(order) for order in orders), max, initial=-1)
    first_below = list(accumulate((min(order) for order in reversed(orders)), min))[::-1]
    return [above < below for above, below in zip(last_above, first_below, strict=False)]
