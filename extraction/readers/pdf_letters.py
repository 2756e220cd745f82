"""The letters of a PDF page with their places. The only place that touches pdfium's text interface."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium

from extraction.readers.pdf_calls import address_of, called

BOLD = 600  # weight

_origin = called("FPDFText_GetCharOrigin", None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_loose_box = called("FPDFText_GetLooseCharBox", None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_object_of = called("FPDFText_GetTextObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_content_id = called("FPDFPageObj_GetMarkedContentID", ctypes.c_int, ctypes.c_void_p)

Box = tuple[float, float, float, float]  # left, top, right, bottom; points, y upwards


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of the plane that is seen of a page, and how it is turned."""

    left: float  # points
    bottom: float
    right: float
    top: float
    turns: int = 0  # quarters, clockwise

    @property
    def is_plain(self) -> bool:
        """Whether places on the page are seen where they are told."""
        return self.turns == 0 and self.left == 0.0 and self.bottom == 0.0

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def turned(self, quarters: int) -> Sheet:
        return replace(self, turns=(self.turns + quarters) % 4)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is seen, from the lower left corner."""
        if self.turns == 0:
            return x - self.left, y - self.bottom
        if self.turns == 1:
            return y - self.bottom, self.right - x
        if self.turns == 2:
            return self.right - x, self.top - y
        return self.top - y, x - self.left

    def box(self, box: Box) -> Box:
        x1, y1 = self.point(box[0], box[1])
        x2, y2 = self.point(box[2], box[3])
        return (min(x1, x2), max(y1, y2), max(x1, x2), min(y1, y2))


class Letters:
    """The letters of a page: their text in one call, their places by words, since each call costs."""

    def __init__(self, text_page: pdfium.FPDF_TEXTPAGE) -> None:
        self._page = text_page
        self._address = address_of(text_page)
        self._matrix = pdfium.FS_MATRIX()

    def text(self) -> str:
        count = pdfium.FPDFText_CountChars(self._page)
        if count <= 0:
            return ""
        buffer = ctypes.create_string_buffer(2 * count + 2)
        pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        written = pdfium.FPDFText_GetText(self._page, 0, count, pointer)
        text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        # Some letters have no code or two: then one by one, so that boxes and letters stay in step.
        return "".join(_letter(pdfium.FPDFText_GetUnicode(self._page, index)) for index in range(count))

    def boxes(self, indexes: Sequence[int]) -> Iterator[Box]:
        """Of each of these letters, as the page has them, however it is turned."""
        numbers = array("f", bytes(16 * len(indexes)))
        page, address = self._address, numbers.buffer_info()[0]
        for index in indexes:
            _loose_box(page, index, address)
            address += 16
        four = iter(numbers.tolist())
        return zip(four, four, four, four, strict=True)

    def origins(self, indexes: Sequence[int]) -> Iterator[tuple[float, float]]:
        """Where the pen stood for each."""
        numbers = array("d", bytes(16 * len(indexes)))
        page, address = self._address, numbers.buffer_info()[0]
        for index in indexes:
            _origin(page, index, address, address + 8)
            address += 16
        two = iter(numbers.tolist())
        return zip(two, two, strict=True)

    def objects(self, indexes: Sequence[int]) -> list[int]:
        """The address of the piece of text that each is drawn with; 0 for none."""
        page = self._address
        return [_object_of(page, index) or 0 for index in indexes]

    def size(self, index: int) -> float:
        size = float(pdfium.FPDFText_GetFontSize(self._page, index))
        if pdfium.FPDFText_GetMatrix(self._page, index, self._matrix):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        return round(size, 1) if size > 0.5 else 10.0

    def is_bold(self, first: int, last: int) -> bool:
        weight = pdfium.FPDFText_GetFontWeight
        return bool(weight(self._page, first) >= BOLD and weight(self._page, last) >= BOLD)

    def mark(self, index: int) -> int:
        """The number of the marked piece of content that a letter belongs to (ISO 32000-1 §14.7.4); -1 for none."""
        handle = _object_of(self._address, index)
        return int(_content_id(handle)) if handle else -1

    def quarters(self, index: int) -> int:
        """By how many quarters a letter is turned against the clock."""
        if not pdfium.FPDFText_GetMatrix(self._page, index, self._matrix):
            return 0
        across, up = self._matrix.a, self._matrix.b
        if abs(across) >= abs(up):
            return 0 if across >= 0 else 2
        return 1 if up > 0 else 3


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
