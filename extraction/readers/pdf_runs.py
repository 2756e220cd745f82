"""Letters of a PDF page to runs: by words where they are written in order, letter by letter where they are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from statistics import median

from extraction.readers.pdf_letters import Box, Letters, Sheet
from extraction.readers.rulings import Grid
from extraction.readers.runs import NARROW, RTL, WIDE, Gap, Glyph, Run

GAP, CELLS = 0.8 * WIDE, 0.8 * NARROW  # of the height of the box, which is a quarter more than the letter size
SPACED_GAP = 1.4  # of the gap between letters set apart: a wider one parts words
OTHER_LINE = 0.8  # letter sizes: a pen set so far above or below writes another line
LOOSE = 0.4  # of the height of the box: words of one cell stand nearer, but for those of justified lines
LOOSE_LETTERS = 0.6  # letter sizes: the same of Arabic
NO_GAP = 0.1  # of the height of the box
SPACED = 5  # letters, each alone: fewer may be initials

_WORD = re.compile(r"\S+")
_LEFT, _RIGHT = itemgetter(2), itemgetter(4)
Piece = tuple[int, int, float, float, float, float]  # first letter, behind the last, and its box


@dataclass(slots=True)
class Words:
    """What stands between white space on a page."""

    text: str  # of the page
    spans: list[tuple[int, int]]  # first letter, behind the last
    firsts: list[Box]  # of the first letters, as they are seen
    lasts: list[Box]

    @staticmethod
    def of(text: str, letters: Letters, sheet: Sheet) -> Words:
        spans = [found.span() for found in _WORD.finditer(text)]
        firsts = list(letters.boxes([start for start, _ in spans]))
        lasts = list(letters.boxes([end - 1 for _, end in spans]))
        if sheet.is_plain:
            return Words(text, spans, firsts, lasts)
        return Words(text, spans, list(map(sheet.box, firsts)), list(map(sheet.box, lasts)))

    def without(self, numbers: set[int]) -> Words:
        """The words but for these; their letters are as white space."""
        left, letters = [], list(self.text)
        for number, (start, end) in enumerate(self.spans):
            if number in numbers:
                letters[start:end] = " " * (end - start)
            else:
                left.append(number)
        return Words(
            "".join(letters),
            [self.spans[number] for number in left],
            [self.firsts[number] for number in left],
            [self.lasts[number] for number in left],
        )


def runs_of(words: Words, letters: Letters, sheet: Sheet, tables: Sequence[Grid] = ()) -> Iterator[Run]:
    """In the order of the file, but for lines of right-to-left letters: their first run is the rightmost.

    No run goes on from one cell of a ruled table into the next.
    """
    text = words.text
    edges = _Edges(tables, sheet.height)
    # Words of a right-to-left page come partly reversed: there each letter counts by its place.
    keep_glyphs = not text.isascii() and bool(RTL.search(text))
    if keep_glyphs:
        for order, group in enumerate(_scattered(_letters(0, text, letters, sheet), text, letters, edges)):
            written = sorted(group)
            said = "".join(text[piece[0]] for piece in written)
            glyphs = _glyphs(group, text, letters, sheet)
            run = _run(written, said, order, letters, sheet)
            yield replace(run, glyphs=glyphs, gaps=_glyph_gaps(glyphs, run.size))
    else:
        for order, group in enumerate(_groups(_pieces(words, letters, sheet), text, letters, edges)):
            said = _said(group, text)
            run = _run(group, said, order, letters, sheet)
            if len(group) > 1 and len(said) == group[-1][1] - group[0][0]:
                run.gaps = _gaps(group)
            yield run


def _pieces(words: Words, letters: Letters, sheet: Sheet) -> Iterator[Piece]:
    for (start, end), (left, top, _, bottom), (_, _, right, _) in zip(
        words.spans, words.firsts, words.lasts, strict=True
    ):
        if end - start == 1 or left < right < left + 1.5 * (end - start) * (top - bottom):
            yield start, end, left, top, right, bottom
        else:  # no word, but two places
            yield from _letters(start, words.text[start:end], letters, sheet)


def _letters(start: int, text: str, letters: Letters, sheet: Sheet) -> Iterator[Piece]:
    places = [index for index, letter in enumerate(text, start) if not letter.isspace()]
    boxes = letters.boxes(places) if sheet.is_plain else map(sheet.box, letters.boxes(places))
    return ((index, index + 1, *box) for index, box in zip(places, boxes, strict=True))


def _run(group: Sequence[Piece], said: str, order: int, letters: Letters, sheet: Sheet) -> Run:
    """Of pieces in the order of the file."""
    start, end = group[0][0], group[-1][1]
    return Run(
        text=said,
        left=min(map(_LEFT, group)),
        right=max(map(_RIGHT, group)),
        base=_base(start, letters, sheet),
        size=letters.size(start),
        bold=letters.is_bold(start, end - 1),
        order=order,
        mark=letters.mark(start),
    )


def _said(group: Sequence[Piece], text: str) -> str:
    start, end = group[0][0], group[-1][1]
    return _by_gaps(group, text) if end - start < 3 * len(group) and len(group) >= SPACED else text[start:end]


def _by_gaps(group: Sequence[Piece], text: str) -> str:
    """The text of a run whose letters are set apart, as in C U R R I C U L U M: a wider gap parts words."""
    gaps = [two[2] - one[4] for one, two in pairwise(group)]
    alone = sum(1 for start, end, *_ in group if end - start == 1 and text[start].isalpha())
    if alone < max(SPACED, 0.7 * len(group)):
        return text[group[0][0] : group[-1][1]]
    _, _, _, top, _, bottom = group[0]
    wide = max(SPACED_GAP * median(gaps), NO_GAP * (top - bottom))
    letters = text[group[0][0] : group[0][1]]
    for gap, one, two in zip(gaps, group, group[1:], strict=False):
        parted = gap >= wide and one[1] < two[0]
        letters += (" " if parted else "") + text[two[0] : two[1]]
    return letters


def _glyphs(group: Sequence[Piece], text: str, letters: Letters, sheet: Sheet) -> tuple[Glyph, ...]:
    origins = letters.origins([piece[0] for piece in group])
    return tuple(
        Glyph(left, right, text[index], x if sheet.is_plain else sheet.point(x, y)[0], bottom)
        for (index, _, left, _, right, bottom), (x, y) in zip(group, origins, strict=True)
        if right > left
    )


def _base(index: int, letters: Letters, sheet: Sheet) -> float:
    """The line that a letter stands on, from the top of the page."""
    ((x, y),) = letters.origins((index,))
    return sheet.height - (y if sheet.is_plain else sheet.point(x, y)[1])


@dataclass(slots=True)
class _Edges:
    """The edges of the cells of ruled tables."""

    tables: Sequence[Grid]
    height: float  # of the page

    def part(self, one: Piece, other: Piece) -> bool:
        """Whether two neighbours on a line stand in two cells: an edge lies between their middles."""
        if not self.tables:
            return False
        left, right = sorted(((one[2] + one[4]) / 2, (other[2] + other[4]) / 2))
        y = self.height - (other[3] + other[5]) / 2
        return any(table.parts(left, right, y) for table in self.tables)


def _gaps(group: Sequence[Piece]) -> tuple[Gap, ...]:
    """Of words, where they stand wide apart."""
    first, (_, _, _, top, _, bottom) = group[0][0], group[0]
    wide = LOOSE * (top - bottom)
    return tuple(Gap(one[4], two[2], two[0] - first) for one, two in pairwise(group) if two[2] - one[4] > wide)


def _glyph_gaps(glyphs: Sequence[Glyph], size: float) -> tuple[Gap, ...]:
    """The same of letters from left to right."""
    found, end = [], glyphs[0].right if glyphs else 0.0
    for number, glyph in enumerate(glyphs):
        if glyph.left - end > LOOSE_LETTERS * size:
            found.append(Gap(end, glyph.left, number))
        end = max(end, glyph.right)
    return tuple(found)


def _groups(pieces: Iterable[Piece], text: str, letters: Letters, edges: _Edges) -> Iterator[list[Piece]]:
    """Pieces of one run: it is over at a line end, at a wide gap, and where the next piece stands elsewhere."""
    group: list[Piece] = []
    for piece in pieces:
        if group:
            start, _, left, top, _, bottom = piece
            _, end, _, end_top, end_x, end_bottom = group[-1]
            high, gap = end_top - end_bottom, left - end_x
            beside = bottom <= end_top and end_bottom <= top
            # A vowel sign, a footnote's number:
            raised = not beside and abs(gap) < high and max(bottom - end_top, end_bottom - top) < 0.6 * high
            apart = gap > GAP * high or gap < -8 * high or not (beside or raised) or text.find("\n", end, start) >= 0
            marked = gap > CELLS * high and letters.mark(start) != letters.mark(end - 1)
            if apart or marked or edges.part(group[-1], piece):
                yield group
                group = []
            elif raised:
                group.append((start, piece[1], left, end_top, max(piece[4], end_x), end_bottom))
                continue
        group.append(piece)
    if group:
        yield group


def _scattered(pieces: Iterable[Piece], text: str, letters: Letters, edges: _Edges) -> Iterator[list[Piece]]:
    """The same where the order of the letters says nothing of their places; the first group is the rightmost."""
    line: list[Piece] = []
    for piece in pieces:
        if line:
            start, _, _, top, _, bottom = piece
            _, end, _, end_top, _, end_bottom = line[-1]
            far = bottom > end_top + end_top - end_bottom or top < end_bottom - (top - bottom)
            if "\n" in text[end:start] or far or _apart(line[-1], piece, letters):
                yield from _parted(line, edges)
                line = []
        line.append(piece)
    yield from _parted(line, edges)


def _apart(one: Piece, other: Piece, letters: Letters) -> bool:
    """Whether two letters stand on two lines: a vowel sign is drawn high up, but its pen is not set a line higher."""
    if abs(one[3] + one[5] - other[3] - other[5]) <= max(one[3] - one[5], other[3] - other[5]):
        return False  # their middles are less than half a height apart
    (_, y1), (_, y2) = letters.origins((one[0], other[0]))
    return abs(y1 - y2) > OTHER_LINE * letters.size(one[0])


def _parted(line: list[Piece], edges: _Edges) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    end_x = 0.0
    for piece in sorted(line, key=lambda piece: piece[2]):
        _, _, left, top, right, bottom = piece
        if groups and left - end_x <= GAP * (top - bottom) and not edges.part(groups[-1][-1], piece):
            groups[-1].append(piece)
            end_x = max(end_x, right)
        else:
            groups.append([piece])
            end_x = right
    return groups[::-1]
