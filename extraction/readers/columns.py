"""Where a page is laid out in columns, the columns one by one; where it only looks so (a table, dates in the margin),
not.

A gutter alone does not tell columns from a table. What tells them apart is the order in which the author's program
wrote: column after column, or row after row; and where even that is lost, whether both sides hold running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from extraction.readers.runs import Run

FEW = 3  # lines: less is no column
ALIGNED = 3  # runs that begin at one place: less is no edge of a column
MOST_EDGES = 8  # that are tried, those of most runs first
OUTDENT = 40.0  # points: a head may begin so far left of the list below it
SNAP = 2.5  # points
GUTTER = 0.7  # letter sizes
APART = 1.5  # letter sizes between base lines: lines of one cell are nearer
FAR = 4.0  # letter sizes: what is written behind the gutter this far off belongs to no date before it
DEPTH = 3  # columns within columns
SHORT = 30  # letters of the lines of a column of dates

_YEAR = re.compile(r"(?:19|20|١٩|٢٠)\d\d")


Row = tuple[list[Run], list[Run]]  # what stands before the gutter and behind it; one side may be empty


@dataclass(slots=True)
class Region:
    runs: list[Run]
    in_column: bool
    rows: list[Row] | None = None  # where the region is a table whose rows the order of writing tells


@dataclass(slots=True)
class _Columns:
    start: list[Run]
    end: list[Run]


@dataclass(slots=True)
class _Rows:
    rows: list[Row]


_Bands = list[_Columns | _Rows | list[Run]]


def regions(runs: Sequence[Run], depth: int = DEPTH) -> list[Region]:
    """Parts of the page in reading order."""
    best = _best_split(runs) if depth and len(runs) >= 2 * FEW else None
    if best is None:
        return [Region(list(runs), in_column=False)]
    found: list[Region] = []
    for band in best:
        if isinstance(band, _Columns):
            for side in (band.start, band.end):
                found.extend(
                    Region(region.runs, in_column=True, rows=region.rows) for region in regions(side, depth - 1)
                )
        elif isinstance(band, _Rows):
            found.append(Region([run for row in band.rows for side in row for run in side], False, band.rows))
        else:
            found.extend(regions(band, depth - 1))
    return found


def _best_split(runs: Sequence[Run]) -> _Bands | None:
    """The gutter that parts most of the page: into columns if it can be, else into the rows of a table."""
    best: _Bands | None = None
    best_covered = (0, 0)
    edges = _edges(runs)
    ordered = sorted(runs, key=lambda run: (run.base, run.left)) if edges else []
    for edge in edges:
        bands = _bands(ordered, edge)
        covered = (
            sum(len(band.start) + len(band.end) for band in bands if isinstance(band, _Columns)),
            sum(len(row[0]) + len(row[1]) for band in bands if isinstance(band, _Rows) for row in band.rows),
        )
        if covered > best_covered:
            best, best_covered = bands, covered
    return best


def _edges(runs: Iterable[Run]) -> list[float]:
    """Places where many runs begin, but for the leftmost: the left edges of possible columns."""
    starts = sorted(run.left for run in runs)
    clusters: list[list[float]] = []
    for start in starts:
        if clusters and start - clusters[-1][0] <= SNAP:
            clusters[-1].append(start)
        else:
            clusters.append([start])
    aligned = [one for one in clusters if len(one) >= ALIGNED and one[0] > starts[0] + 4 * SNAP]
    edges = sorted(one[0] for one in sorted(aligned, key=len, reverse=True)[:MOST_EDGES])
    heads = {_outdented(starts, edge) for edge in edges} - {None}
    return edges + [head for head in heads if head is not None and all(abs(head - edge) > SNAP for edge in edges)]


def _outdented(starts: Sequence[float], edge: float) -> float | None:
    """Where heads begin that stand out to the left of what aligns at an edge, as over lists."""
    least = max(edge - OUTDENT, starts[0] + 4 * SNAP)
    return next((start for start in starts if least < start < edge - SNAP), None)


def _bands(runs: Sequence[Run], edge: float) -> _Bands:
    """Runs from top to bottom, parted where text crosses the gutter before this edge."""
    gap = GUTTER * median(run.size for run in runs)
    bands: _Bands = []
    start: list[Run] = []
    end: list[Run] = []
    crossing: list[Run] = []

    def close() -> None:
        nonlocal start, end
        part = _columns_or_rows(start, end)
        if part is None:
            crossing.extend(start + end)
        else:
            if crossing:
                bands.append(crossing.copy())
                crossing.clear()
            bands.append(part)
        start, end = [], []

    for run in runs:
        if run.right <= edge - gap:
            start.append(run)
        elif run.left >= edge - SNAP:
            end.append(run)
        else:
            close()
            crossing.append(run)
    close()
    if crossing:
        bands.append(crossing)
    return bands


def _columns_or_rows(start: list[Run], end: list[Run]) -> _Columns | _Rows | None:
    if min(len(start), len(end)) < FEW:
        return None
    rows_start, rows_end = _rows(start), _rows(end)
    fewer = min(rows_start, rows_end)
    if fewer < FEW or not _overlap(start, end):
        return None
    marked = sorted([(run.order, 0) for run in start] + [(run.order, 1) for run in end])
    changes = sum(1 for one, two in pairwise(marked) if one[1] != two[1])
    in_columns = changes <= max(1, fewer // 4)
    if in_columns or (fewer >= 5 and _is_running_text(start) and _is_running_text(end)):
        dated = _dated_rows(start, end)
        if dated:
            return _Rows(dated)
        return None if _dated_rows(end, start) else _Columns(start, end)  # dates may stand at the ends of their lines
    rows = _written_rows(start, end)
    return _Rows(rows) if rows and any(_is_uneven(row) for row in rows) else None


def _dated_rows(dates: list[Run], posts: list[Run]) -> list[Row] | None:
    """Rows of a column of dates and a column of what is dated, each beside the line where it begins.

    None where neither holds. Whatever the order of writing: programs paint a decorated column after a plain one.
    """
    firsts = [
        run for number, run in enumerate(dates) if not number or run.base - dates[number - 1].base > APART * run.size
    ]
    dated = [run for run in firsts if _YEAR.search(run.text)]
    beside = [run for run in dated if any(abs(run.base - post.base) < 0.3 * run.size for post in posts)]
    if len(beside) < 2 or 2 * len(dated) < len(firsts) or 4 * len(beside) < 3 * len(dated):
        return None
    if median(len(run.text) for run in dates) > SHORT:
        return None
    rows: list[Row] = [([], [])]
    ends = iter([*(run.base - 0.6 * run.size for run in firsts), inf])
    end = next(ends)
    is_post = {id(run) for run in posts}
    for run in sorted(dates + posts, key=lambda run: run.base):
        while run.base > end:
            rows.append(([], []))
            end = next(ends)
        rows[-1][id(run) in is_post].append(run)
    return [row for row in rows if row[0] or row[1]]


def _written_rows(start: list[Run], end: list[Run]) -> list[Row] | None:
    """Rows as they were written one after the other; None where they would overlap on the page."""
    behind = {id(run) for run in end}
    rows: list[Row] = []
    last: Run | None = None
    for run in sorted(start + end, key=lambda run: run.order):
        is_behind = id(run) in behind
        step = abs(run.base - last.base) / run.size if last is not None else 0.0
        begins = step > FAR if is_behind else rows and (rows[-1][1] or step > APART)
        if not rows or begins:
            rows.append(([], []))
        rows[-1][is_behind].append(run)
        last = run
    for above, below in pairwise(rows):
        if max(run.base for run in above[0] + above[1]) > min(run.base for run in below[0] + below[1]) - 0.5:
            return None
    return rows


def _is_uneven(row: Row) -> bool:
    """Whether the two sides do not begin on one line, as where a date stands at half the height of what it dates."""
    if not row[0] or not row[1]:
        return False
    first, other = min(row[0], key=lambda run: run.base), min(row[1], key=lambda run: run.base)
    return abs(first.base - other.base) > 0.5 * first.size


def _rows(runs: list[Run]) -> int:
    """How many lines these runs are, given from top to bottom."""
    count, last = 0, float("-inf")
    for run in runs:
        if run.base - last > 0.5 * run.size:
            count += 1
            last = run.base
    return count


def _overlap(start: list[Run], end: list[Run]) -> bool:
    """Whether the two sides stand beside each other, not one below the other."""
    top, bottom = max(start[0].base, end[0].base), min(start[-1].base, end[-1].base)
    height = min(start[-1].base - start[0].base, end[-1].base - end[0].base)
    return height > 0 and (bottom - top) >= 0.4 * height


def _is_running_text(runs: list[Run]) -> bool:
    return median(len(run.text) for run in runs) >= 24 and median(run.text.count(" ") for run in runs) >= 3
