"""Tables whose edges are drawn: which cells the lines make, and which text stands in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extraction.readers.runs import Run

NEAR = 3.0  # points: lines this near are one; ends this near to a line touch it
FEWEST = 2  # rows and columns: what has less is a box or a frame
CLOSED = 0.6  # the share of the places in a grid that are cells of their own: boxes that only touch have fewer
MOST_COLUMNS, MOST_ROWS = 40, 300
MOST_CROSSINGS = 100_000  # that are looked at: a drawing has more
LONG = 8  # lines: a cell over several rows with more text is a column of the page, not of a table
MIDDLE = 0.3  # letter sizes over the base line


Place = tuple[int, int]  # row and column of a cell


class Rule(NamedTuple):
    """A straight line on a page. Points; y downwards."""

    upright: bool
    at: float  # x of an upright one, y of a level one
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells that lines make."""

    xs: tuple[float, ...]  # edges of the columns, from left to right
    ys: tuple[float, ...]  # edges of the rows, from top to bottom
    cells: tuple[tuple[Place, ...], ...]  # by row and column: the place where the cell begins

    def parts(self, left: float, right: float, y: float) -> bool:
        """Whether an edge of a column stands between two places at this height."""
        if not self.ys[0] < y < self.ys[-1] or right <= self.xs[0] or left >= self.xs[-1]:
            return False
        row = self.cells[_between(self.ys, y)]
        return any(left < x < right and (not 0 < n < len(row) or row[n - 1] != row[n]) for n, x in enumerate(self.xs))

    def place(self, run: Run) -> Place | None:
        """The cell that a run stands in; None where it stands outside."""
        x, y = (run.left + run.right) / 2, run.base - MIDDLE * run.size
        if not (self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]):
            return None
        return self.cells[_between(self.ys, y)][_between(self.xs, x)]


def _between(edges: Sequence[float], place: float) -> int:
    """The number of the stretch between edges that a place lies in."""
    return next((number for number, end in enumerate(edges[1:-1]) if place <= end), len(edges) - 2)


# From lines to grids


@dataclass(slots=True)
class _Group:
    """Lines that touch each other."""

    upright: list[Rule] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)


def grids(rules: Iterable[Rule]) -> list[Grid]:
    """The tables that these lines make."""
    given = list(rules)
    upright = _joined([rule for rule in given if rule.upright])
    level = _joined([rule for rule in given if not rule.upright])
    if len(upright) * len(level) > MOST_CROSSINGS:
        return []
    made = (_grid(group) for group in _groups(upright, level))
    return [grid for grid in made if grid is not None]


def _joined(rules: list[Rule]) -> list[Rule]:
    """Lines that go on in one another as one: many programs draw the edges of each cell apart."""
    joined: list[Rule] = []
    for beside in _beside(rules):
        begin = len(joined)
        for rule in sorted(beside, key=lambda rule: rule.start):
            if len(joined) > begin and rule.start - joined[-1].end < NEAR:
                joined[-1] = joined[-1]._replace(end=max(joined[-1].end, rule.end))
            else:
                joined.append(rule)
    return joined


def _beside(rules: list[Rule]) -> Iterator[list[Rule]]:
    """Lines at one place across their direction."""
    beside: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if beside and rule.at - beside[0].at >= NEAR:
            yield beside
            beside = []
        beside.append(rule)
    if beside:
        yield beside


def _groups(upright: list[Rule], level: list[Rule]) -> list[_Group]:
    groups: list[_Group] = []
    owner: dict[Rule, _Group] = {}
    for one in upright:
        touched = [other for other in level if _touch(one, other)]
        met = {id(owner[other]): owner[other] for other in touched if other in owner}
        group = next(iter(met.values()), None) or _Group()
        if not met:
            groups.append(group)
        for other_group in list(met.values())[1:]:
            group.upright += other_group.upright
            group.level += other_group.level
            owner |= dict.fromkeys(other_group.level, group)
            groups.remove(other_group)
        group.upright.append(one)
        fresh = [other for other in touched if other not in owner]
        group.level += fresh
        owner |= dict.fromkeys(fresh, group)
    return [group for group in groups if group.level]


def _touch(upright: Rule, level: Rule) -> bool:
    return (
        level.start - NEAR <= upright.at <= level.end + NEAR and upright.start - NEAR <= level.at <= upright.end + NEAR
    )


def _grid(group: _Group) -> Grid | None:
    xs = _edges([rule.at for rule in group.upright], group.level)
    ys = _edges([rule.at for rule in group.level], group.upright)
    rows, columns = len(ys) - 1, len(xs) - 1
    if not (FEWEST <= rows <= MOST_ROWS and FEWEST <= columns <= MOST_COLUMNS):
        return None
    cells = _cells(xs, ys, group)
    begun = {place for row in cells for place in row}
    return Grid(xs, ys, cells) if len(begun) >= CLOSED * rows * columns else None


def _edges(places: list[float], across: list[Rule]) -> tuple[float, ...]:
    """Edges of columns or rows: the lines, and the ends of those across them where no line closes the table."""
    ends = (min(rule.start for rule in across), max(rule.end for rule in across))
    edges: list[float] = []
    for place in sorted((*places, *ends)):
        if not edges or place - edges[-1] > NEAR:
            edges.append(place)
    return tuple(edges)


def _cells(xs: Sequence[float], ys: Sequence[float], group: _Group) -> tuple[tuple[Place, ...], ...]:
    """Where the cell of each place begins: places with no line between them are one cell."""
    found: list[list[Place]] = []
    for row, (top, bottom) in enumerate(pairwise(ys)):
        found.append([])
        for column, (left, right) in enumerate(pairwise(xs)):
            if row and not _is_closed(group.level, top, (left + right) / 2):
                found[row].append(found[row - 1][column])
            elif column and not _is_closed(group.upright, left, (top + bottom) / 2):
                found[row].append(found[row][column - 1])
            else:
                found[row].append((row, column))
    return tuple(map(tuple, found))


def _is_closed(rules: Iterable[Rule], at: float, place: float) -> bool:
    return any(abs(rule.at - at) <= NEAR and rule.start - NEAR <= place <= rule.end + NEAR for rule in rules)


# Text in grids


def gathered(runs: list[Run], tables: Sequence[Grid]) -> list[Run]:
    """The runs of a page, those in a ruled table as one run that holds its rows."""
    for grid in tables:
        inside: dict[Place, list[Run]] = {}
        left: list[Run] = []
        for run in runs:
            place = None if run.rows else grid.place(run)
            if place is None:
                left.append(run)
            else:
                inside.setdefault(place, []).append(run)
        if _is_table(grid, inside):
            held = _held(grid, _by_columns(grid, inside))
            at = next((number for number, run in enumerate(left) if run.order > held.order), len(left))
            runs = [*left[:at], held, *left[at:]]
    return runs


def _is_table(grid: Grid, inside: dict[Place, list[Run]]) -> bool:
    """Whether there is text in more than one row and column, and no cell is a whole column of the page."""
    if len({row for row, _ in inside}) < FEWEST or len({column for _, column in inside}) < FEWEST:
        return False
    spans: dict[Place, set[int]] = {}
    for number, row in enumerate(grid.cells):
        for place in row:
            spans.setdefault(place, set()).add(number)
    return not any(
        len(spans[place]) > 1 and len({round(run.base) for run in held}) > LONG for place, held in inside.items()
    )


def _by_columns(grid: Grid, inside: dict[Place, list[Run]]) -> dict[Place, list[Run]]:
    """With the cells of a row without lines in it, where its text keeps to the columns of other rows."""
    found: dict[Place, list[Run]] = {}
    for (row, column), held in inside.items():
        ends = {(_between(grid.xs, run.left + NEAR), _between(grid.xs, run.right - NEAR)) for run in held}
        is_parted = len(ends) > 1 and all(start == end for start, end in ends)
        is_level = not any((row, column) in places for places in grid.cells[row + 1 : row + 2])
        for run in held:
            at = _between(grid.xs, (run.left + run.right) / 2) if is_parted and is_level else column
            found.setdefault((row, at), []).append(run)
    return found


def _held(grid: Grid, inside: dict[Place, list[Run]]) -> Run:
    """All text of a table as one run, in the place of the table."""
    every = [run for held in inside.values() for run in held]
    rows: list[tuple[tuple[Run, ...], ...]] = []
    for number, places in enumerate(grid.cells):
        begun = [tuple(inside.get((number, column), ())) for column in range(len(places))]
        filled = [cell for cell in begun if cell]
        if filled:
            is_one = len(set(places)) == 1 and len(filled) == 1
            rows.append(tuple(filled if is_one else begun))
    first = min(every, key=lambda run: run.base)
    return replace(
        first,
        text=" ".join(run.text for run in every),
        left=min(run.left for run in every),
        right=max(run.right for run in every),
        size=median(run.size for run in every),
        bold=False,
        order=min(run.order for run in every),
        glyphs=(),
        gaps=(),
        mark=-1,
        rows=tuple(rows),
    )
