"""One page of a PDF as runs of text. The only place that touches pdfium's text interface."""

from __future__ import annotations

import ctypes
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import pypdfium2.raw as pdfium

from extraction.readers.runs import RTL, WIDE, Glyph, Run

BOLD = 600  # weight
NOTES = 500  # of one page that are looked at
GAP = 0.8 * WIDE  # of the height of the box, which is a quarter more than the letter size

_WORD = re.compile(r"\S+")
# The functions of pdfium that are called for every word or letter, with addresses for objects.
_origin = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFText_GetCharOrigin, ctypes.c_void_p).value or 0
)
_loose_box = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)


@dataclass(slots=True)
class PageRuns:
    runs: list[Run]
    width: float  # points
    height: float


def page_runs(document: pdfium.FPDF_DOCUMENT, number: int) -> PageRuns:
    """The text of a page, counted from 0; no runs where the page is broken."""
    page = _page_with_notes(document, number)
    if not page:
        return PageRuns([], 0.0, 0.0)
    try:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        text_page = pdfium.FPDFText_LoadPage(page)
        if not text_page:
            return PageRuns([], width, height)
        try:
            return PageRuns(list(_Letters(text_page, height).runs()), width, height)
        finally:
            pdfium.FPDFText_ClosePage(text_page)
    finally:
        pdfium.FPDF_ClosePage(page)


def _page_with_notes(document: pdfium.FPDF_DOCUMENT, number: int) -> pdfium.FPDF_PAGE | None:
    """The page with what was filled into its form and typed onto it, as if it had been printed."""
    page = pdfium.FPDF_LoadPage(document, number)
    if not page or not any(_is_written_on(page, n) for n in range(min(pdfium.FPDFPage_GetAnnotCount(page), NOTES))):
        return page
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    pdfium.FPDF_ClosePage(page)
    return pdfium.FPDF_LoadPage(document, number)


def _is_written_on(page: pdfium.FPDF_PAGE, number: int) -> bool:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return False
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return bool(kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT))


Piece = tuple[int, int, float, float, float, float]  # first letter, behind the last, left, top, right, bottom
_LEFT, _RIGHT = itemgetter(2), itemgetter(4)


class _Letters:
    """The letters of a page: their text in one call, their places by words, since each call costs."""

    def __init__(self, text_page: pdfium.FPDF_TEXTPAGE, height: float) -> None:
        self._page = text_page
        self._address = ctypes.cast(text_page, ctypes.c_void_p).value
        self._height = height
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix = pdfium.FS_MATRIX()

    def runs(self) -> Iterator[Run]:
        count = pdfium.FPDFText_CountChars(self._page)
        text = self._text(count) if count > 0 else ""
        # Words of a right-to-left page come partly reversed: there each letter counts by its place.
        keep_glyphs = not text.isascii() and bool(RTL.search(text))
        groups = _scattered(self._letters(0, text), text) if keep_glyphs else _groups(self._words(text), text)
        for order, group in enumerate(groups):
            yield self._run(group, text, order, keep_glyphs)

    def _text(self, count: int) -> str:
        buffer = ctypes.create_string_buffer(2 * count + 2)
        pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        written = pdfium.FPDFText_GetText(self._page, 0, count, pointer)
        text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        # Some letters have no code or two: then one by one, so that boxes and letters stay in step.
        return "".join(_letter(pdfium.FPDFText_GetUnicode(self._page, index)) for index in range(count))

    def _words(self, text: str) -> Iterator[Piece]:
        spans = [found.span() for found in _WORD.finditer(text)]
        firsts, lasts = self._boxes([start for start, _ in spans]), self._boxes([end - 1 for _, end in spans])
        for (start, end), (left, top, _, bottom), (_, _, right, _) in zip(spans, firsts, lasts, strict=True):
            if end - start == 1 or left < right < left + 1.5 * (end - start) * (top - bottom):
                yield start, end, left, top, right, bottom
            else:  # no word, but two places
                yield from self._letters(start, text[start:end])

    def _letters(self, start: int, text: str) -> Iterator[Piece]:
        places = [index for index, letter in enumerate(text, start) if not letter.isspace()]
        return ((index, index + 1, *box) for index, box in zip(places, self._boxes(places), strict=True))

    def _boxes(self, indexes: Sequence[int]) -> Iterator[tuple[float, float, float, float]]:
        """Left, top, right and bottom of each of these letters."""
        numbers = array("f", bytes(16 * len(indexes)))
        page, address = self._address, numbers.buffer_info()[0]
        for index in indexes:
            _loose_box(page, index, address)
            address += 16
        four = iter(numbers.tolist())
        return zip(four, four, four, four, strict=True)

    def _run(self, group: Sequence[Piece], text: str, order: int, keep_glyphs: bool) -> Run:
        ordered = sorted(group) if keep_glyphs else group
        start, end = ordered[0][0], ordered[-1][1]
        glyphs = (
            tuple(
                Glyph(left, right, text[index], origin, bottom)
                for (index, _, left, _, right, bottom), origin in zip(group, self._origins(group), strict=True)
                if right > left
            )
            if keep_glyphs
            else ()
        )
        return Run(
            text="".join(text[piece[0]] for piece in ordered) if keep_glyphs else text[start:end],
            left=min(map(_LEFT, group)),
            right=max(map(_RIGHT, group)),
            base=self._base(start),
            size=self._size(start),
            bold=self._is_bold(start, end - 1),
            order=order,
            glyphs=glyphs,
        )

    def _size(self, index: int) -> float:
        size = float(pdfium.FPDFText_GetFontSize(self._page, index))
        if pdfium.FPDFText_GetMatrix(self._page, index, self._matrix):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        return round(size, 1) if size > 0.5 else 10.0

    def _base(self, index: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        return self._height - self._y.value

    def _origins(self, letters: Sequence[Piece]) -> list[float]:
        """Where the pen stood for each."""
        numbers = array("d", bytes(8 * len(letters)))
        page, address, height = self._address, numbers.buffer_info()[0], ctypes.addressof(self._y)
        for place, letter in enumerate(letters):
            _origin(page, letter[0], address + 8 * place, height)
        return numbers.tolist()

    def _is_bold(self, first: int, last: int) -> bool:
        weight = pdfium.FPDFText_GetFontWeight
        return bool(weight(self._page, first) >= BOLD and weight(self._page, last) >= BOLD)


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def _groups(pieces: Iterable[Piece], text: str) -> Iterator[list[Piece]]:
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
            if gap > GAP * high or gap < -8 * high or not (beside or raised) or text.find("\n", end, start) >= 0:
                yield group
                group = []
            elif raised:
                group.append((start, piece[1], left, end_top, max(piece[4], end_x), end_bottom))
                continue
        group.append(piece)
    if group:
        yield group


def _scattered(pieces: Iterable[Piece], text: str) -> Iterator[list[Piece]]:
    """The same where the order of the letters says nothing of their places; the first group is the rightmost."""
    line: list[Piece] = []
    for piece in pieces:
        if line:
            start, _, _, top, _, bottom = piece
            _, end, _, end_top, _, end_bottom = line[-1]
            if "\n" in text[end:start] or bottom > end_top + end_top - end_bottom or top < end_bottom - (top - bottom):
                yield from _parted(line)
                line = []
        line.append(piece)
    yield from _parted(line)


def _parted(line: list[Piece]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    end_x = 0.0
    for piece in sorted(line, key=lambda piece: piece[2]):
        _, _, left, top, right, bottom = piece
        if groups and left - end_x <= GAP * (top - bottom):
            groups[-1].append(piece)
            end_x = max(end_x, right)
        else:
            groups.append([piece])
            end_x = right
    return groups[::-1]
