"""Text with its place on a page, as PDF and OCR give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

RTL = re.compile("[\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # without Arabic digits


class Glyph(NamedTuple):
    """One letter as drawn."""

    left: float
    right: float
    text: str
    origin: float  # where the pen stood
    foot: float = 0.0  # y of its lowest point, upwards


class Gap(NamedTuple):
    """A place in a run where its letters stand so far apart that a column of a table may end there."""

    left: float
    right: float
    at: int  # letters, or glyphs where the run has such, on its left
    is_mirrored: bool = False  # places are told as in a mirror, so that these letters are on its right


@dataclass(slots=True)
class Run:
    """Letters beside each other on one line, without a wide gap. Points; y grows downwards from the top of the page."""

    text: str  # in logical order, but for right-to-left scripts: these are put in order from their glyphs
    left: float
    right: float
    base: float  # y of the line that letters stand on
    size: float  # of the letters
    bold: bool
    order: int  # place in the file, which is the order in which the author's program wrote
    glyphs: tuple[Glyph, ...] = ()  # on pages with right-to-left letters
    mark: int = -1  # number of the paragraph, the cell or the piece of one as its program told it; -1 where it did not
    gaps: tuple[Gap, ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()  # of a ruled table that this run stands for: cells by row

    def parted(self, gaps: Sequence[Gap]) -> list[Run]:
        """The run cut at some of its gaps, from left to right as places are told."""
        ordered = sorted(gaps, key=lambda gap: gap.left)
        lefts, rights = [self.left, *(gap.right for gap in ordered)], [*(gap.left for gap in ordered), self.right]
        size = len(self.glyphs) if self.glyphs else len(self.text)
        ends = sorted({0, size, *(gap.at for gap in ordered)})
        spans = [slice(*span) for span in pairwise(ends)]
        if any(gap.is_mirrored for gap in ordered):
            spans.reverse()
        return [
            replace(self, text=self._said(span), glyphs=self.glyphs[span], left=left, right=right, gaps=())
            for span, left, right in zip(spans, lefts, rights, strict=True)
        ]

    def _said(self, span: slice) -> str:
        return "".join(glyph.text for glyph in self.glyphs[span]) if self.glyphs else self.text[span].strip()


@dataclass(slots=True)
class Line:
    """Runs on one base line, parted into cells at wide gaps; cells from the reader's start side to the end side."""

    cells: list[list[Run]]

    @property
    def runs(self) -> list[Run]:
        return [run for cell in self.cells for run in cell]

    @property
    def left(self) -> float:
        return self.cells[0][0].left

    @property
    def right(self) -> float:
        return max(run.right for run in self.cells[-1])

    @property
    def base(self) -> float:
        return self.cells[0][0].base

    @property
    def size(self) -> float:
        first = self.cells[0]
        return first[0].size if len(first) == 1 else max(first, key=lambda run: len(run.text)).size

    @property
    def bold(self) -> bool:
        return all(run.bold for run in self.runs)


WIDE = 1.5  # letter sizes: a gap that parts cells; justified text stays below
NARROW = 0.55  # letter sizes: a gap that parts cells which were not written one after the other, or are marked as two
SAME_LINE = 0.4  # letter sizes that base lines of one line may differ, as of raised letters


def lines(runs: Iterable[Run]) -> list[Line]:
    """Lines from top to bottom."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.base):
        if rows and abs(run.base - _base(rows[-1])) < SAME_LINE * min(run.size, rows[-1][-1].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [Line(_cells(row)) for row in rows]


def _base(row: list[Run]) -> float:
    return row[0].base if len(row) < 3 else median(run.base for run in row)


def _cells(row: list[Run]) -> list[list[Run]]:
    row.sort(key=lambda run: run.left)
    cells, end = [[row[0]]], row[0].right
    for run in row[1:]:
        before = cells[-1][-1]
        gap = (run.left - end) / max(run.size, before.size)
        if gap > WIDE or (gap > NARROW and (abs(run.order - before.order) > 1 or run.mark != before.mark)):
            cells.append([run])
        else:
            cells[-1].append(run)
        end = max(end, run.right)
    return cells


def mirrored(runs: Iterable[Run], width: float) -> list[Run]:
    """The page as in a mirror, so that a right-to-left page is laid out by the rules of the others."""
    return [
        replace(run, left=width - run.right, right=width - run.left, gaps=_mirrored(run.gaps, width)) for run in runs
    ]


def _mirrored(gaps: Iterable[Gap], width: float) -> tuple[Gap, ...]:
    return tuple(Gap(width - gap.right, width - gap.left, gap.at, is_mirrored=True) for gap in gaps)
