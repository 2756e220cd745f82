"""Where a page is laid out in columns, the columns one by one; where it only looks so (a table, dates in the margin),
not.

A gutter alone does not tell columns from a table. What tells them apart is the order in which the author's program
wrote: column after column, or row after row; and where even that is lost, whether both sides hold running text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extraction.readers.runs import Run

FEW = 3  # lines: less is no column
ALIGNED = 4  # runs that begin at one place: less is no edge of a column
SNAP = 2.5  # points
GUTTER = 0.7  # letter sizes
DEPTH = 3  # columns within columns


@dataclass(slots=True)
class Region:
    runs: list[Run]
    in_column: bool


def regions(runs: Sequence[Run], depth: int = DEPTH) -> list[Region]:
    """Parts of the page in reading order."""
    best = _best_split(runs) if depth and len(runs) >= 2 * FEW else None
    if best is None:
        return [Region(list(runs), in_column=False)]
    found: list[Region] = []
    for band in best:
        if isinstance(band, _Columns):
            for side in (band.start, band.end):
                found.extend(Region(region.runs, in_column=True) for region in regions(side, depth - 1))
        else:
            found.extend(regions(band, depth - 1))
    return found


@dataclass(slots=True)
class _Columns:
    start: list[Run]
    end: list[Run]


_Bands = list["_Columns | list[Run]"]


def _best_split(runs: Sequence[Run]) -> _Bands | None:
    best, best_covered = None, 0
    for edge in _edges(runs):
        bands = _bands(runs, edge)
        covered = sum(len(band.start) + len(band.end) for band in bands if isinstance(band, _Columns))
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
    return [cluster[0] for cluster in clusters if len(cluster) >= ALIGNED and cluster[0] > starts[0] + 4 * SNAP]


def _bands(runs: Sequence[Run], edge: float) -> _Bands:
    """The page from top to bottom, parted where text crosses the gutter before this edge."""
    gap = GUTTER * median(run.size for run in runs)
    bands: _Bands = []
    start: list[Run] = []
    end: list[Run] = []
    crossing: list[Run] = []

    def close() -> None:
        nonlocal start, end
        if _are_columns(start, end):
            if crossing:
                bands.append(crossing.copy())
                crossing.clear()
            bands.append(_Columns(start, end))
        else:
            crossing.extend(start + end)
        start, end = [], []

    for run in sorted(runs, key=lambda run: (run.base, run.left)):
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


def _are_columns(start: list[Run], end: list[Run]) -> bool:
    rows_start, rows_end = _rows(start), _rows(end)
    fewer = min(rows_start, rows_end)
    if fewer < FEW or not _overlap(start, end):
        return False
    marked = sorted([(run.order, 0) for run in start] + [(run.order, 1) for run in end])
    changes = sum(1 for one, two in pairwise(marked) if one[1] != two[1])
    if changes <= max(1, fewer // 4):
        return True
    return fewer >= 5 and _is_running_text(start) and _is_running_text(end)


def _rows(runs: list[Run]) -> int:
    count, last = 0, float("-inf")
    for run in sorted(runs, key=lambda run: run.base):
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
