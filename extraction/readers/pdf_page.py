"""One page of a PDF as runs of text. The only place that touches pdfium's text interface."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from extraction.readers.runs import RTL, WIDE, Glyph, Run

BOLD = 600  # weight


@dataclass(slots=True)
class PageRuns:
    runs: list[Run]
    width: float  # points
    height: float


def page_runs(document: pdfium.FPDF_DOCUMENT, number: int) -> PageRuns:
    """The text of a page, counted from 0; no runs where the page is broken."""
    page = pdfium.FPDF_LoadPage(document, number)
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


class _Letters:
    """The letters of a page: their text in one call, their boxes in one array."""

    def __init__(self, text_page: pdfium.FPDF_TEXTPAGE, height: float) -> None:
        self._page = text_page
        self._height = height
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._right_to_left = False  # whether glyphs must be kept
        self._matrix = pdfium.FS_MATRIX()

    def runs(self) -> Iterator[Run]:
        count = pdfium.FPDFText_CountChars(self._page)
        if count <= 0:
            return
        text = self._text(count)
        boxes = self._boxes(count)
        self._right_to_left = not text.isascii() and bool(RTL.search(text))
        order, start = 0, 0
        for end in (*self._ends(text, boxes), count):
            run = self._run(text, boxes, start, end, order)
            if run:
                yield run
                order += 1
            start = end

    def _text(self, count: int) -> str:
        buffer = ctypes.create_string_buffer(2 * count + 2)
        pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        written = pdfium.FPDFText_GetText(self._page, 0, count, pointer)
        text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        # Some letters have no code or two: then one by one, so that boxes and letters stay in step.
        return "".join(_letter(pdfium.FPDFText_GetUnicode(self._page, index)) for index in range(count))

    def _boxes(self, count: int) -> list[float]:
        """left, top, right, bottom of each letter, four numbers each; y as in PDF, upwards."""
        array = (pdfium.FS_RECTF * count)()
        get, page = pdfium.FPDFText_GetLooseCharBox, self._page
        for index, box in enumerate(array):
            get(page, index, box)
        numbers: list[float] = memoryview(array).cast("B").cast("f").tolist()  # type: ignore[assignment]
        return numbers

    @staticmethod
    def _ends(text: str, boxes: list[float]) -> Iterator[int]:
        """Where a run is over: at a line end, at a wide gap, and where the next letter stands elsewhere."""
        end_x = end_top = end_bottom = 0.0
        fresh = True
        for index, letter in enumerate(text):
            if letter in "\r\n":
                if not fresh:
                    yield index
                fresh = True
                continue
            if letter == " ":
                continue
            left, top, right, bottom = boxes[4 * index : 4 * index + 4]
            if not fresh:
                high = end_top - end_bottom
                gap = left - end_x
                away = max(bottom - end_top, end_bottom - top)  # 0 or less beside the letter before
                raised = away < 0.6 * high and abs(gap) < high  # a vowel sign, a footnote's number
                if gap > WIDE * 0.8 * high or gap < -8 * high or (away > 0 and not raised):
                    yield index
                elif away > 0:
                    continue
            end_x, end_top, end_bottom, fresh = right, top, bottom, False

    def _run(self, text: str, boxes: list[float], start: int, end: int, order: int) -> Run | None:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            return None
        words = text[start:end]
        size, base = self._size(start), self._base(start)
        glyphs: tuple[Glyph, ...] = ()
        if self._right_to_left:
            glyphs = tuple(
                Glyph(boxes[4 * index], boxes[4 * index + 2], text[index], self._origin(index))
                for index in range(start, end)
                if text[index] not in "\r\n" and boxes[4 * index + 2] > boxes[4 * index]
            )
        left = min(boxes[4 * start : 4 * end : 4])
        right = max(boxes[4 * start + 2 : 4 * end : 4])
        return Run(words, left, right, base, size, self._is_bold(start, end - 1), order, glyphs)

    def _size(self, index: int) -> float:
        size = float(pdfium.FPDFText_GetFontSize(self._page, index))
        if pdfium.FPDFText_GetMatrix(self._page, index, self._matrix):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        return round(size, 1) if size > 0.5 else 10.0

    def _base(self, index: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        return self._height - self._y.value

    def _origin(self, index: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        return self._x.value

    def _is_bold(self, first: int, last: int) -> bool:
        weight = pdfium.FPDFText_GetFontWeight
        return bool(weight(self._page, first) >= BOLD and weight(self._page, last) >= BOLD)


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
