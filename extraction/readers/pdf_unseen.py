"""Words of a PDF page that a reader is not meant to see: white on white, invisible, covered, cut away, too small.

White letters may stand on a dark banner, and what is drawn over letters may be glass. So the way in which a word is
drawn only raises a suspicion, and the verdict comes from two pictures of the page, with the word and without it.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from extraction.readers.concealment import INVISIBLE, SAME_COLOUR
from extraction.readers.pdf_calls import address_of, called
from extraction.readers.pdf_letters import Box, Letters, Sheet
from extraction.readers.pdf_runs import Words

COVERED = "letters that something is drawn over"
CUT = "letters cut away"
LAYER = "letters of a layer that is switched off"

LIGHT = 3 * 210  # sum of red, green and blue, each 0 to 255
ALIKE = 60  # sum of the differences of red, green and blue
CLEAR, HALF_CLEAR = 20, 200  # of 255: what is less opaque is hardly seen, is seen through
FAINT = 16  # of 255: a letter that changes no point of the picture by more is not seen
FEW_OBJECTS = 500  # pages of more are not searched for what is drawn over letters: browsers draw each letter apart
MOST_OBJECTS = 20_000
MOST_CLIPS, MOST_SEGMENTS = 8, 100
THIN = 3.0  # points: a line, which hides nothing
BAND, MOST_BANDS = 20.0, 500  # points; stripes of a page
PIXELS = 100 / 72  # a point
MOST_PIXELS = 3_000_000

_marks = called("FPDFPageObj_CountMarks", ctypes.c_int, ctypes.c_void_p)
_mark = called("FPDFPageObj_GetMark", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_mark_name = called("FPDFPageObjMark_GetName", ctypes.c_int, *(ctypes.c_void_p,) * 2, ctypes.c_ulong, ctypes.c_void_p)
_content_id = called("FPDFPageObj_GetMarkedContentID", ctypes.c_int, ctypes.c_void_p)
_mode = called("FPDFTextObj_GetTextRenderMode", ctypes.c_int, ctypes.c_void_p)
_fill = called("FPDFPageObj_GetFillColor", ctypes.c_int, *(ctypes.c_void_p,) * 5)
_object = called("FPDFPage_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_kind = called("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)
_bounds = called("FPDFPageObj_GetBounds", ctypes.c_int, *(ctypes.c_void_p,) * 5)
_clip = called("FPDFPageObj_GetClipPath", ctypes.c_void_p, ctypes.c_void_p)
_clip_paths = called("FPDFClipPath_CountPaths", ctypes.c_int, ctypes.c_void_p)
_clip_segments = called("FPDFClipPath_CountPathSegments", ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_segment = called("FPDFClipPath_GetPathSegment", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int)
_point = called("FPDFPathSegment_GetPoint", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)

_UNDRAWN = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
_OUTLINED = frozenset({pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP})
_PICTURES = frozenset({pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM})

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
Place = tuple[float, float, float, float]  # left, bottom, right, top in points; y upwards


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a word is drawn."""

    handle: int  # of its page object
    place: Place
    colour: Colour
    opacity: int


@dataclass(frozen=True, slots=True)
class _Area:
    """Something drawn that may lie behind letters or over them."""

    place: Place
    colour: Colour | None  # None where it is no plain one
    order: int  # of drawing

    def holds(self, word: Drawn) -> bool:
        left, bottom, right, top = word.place
        x, y = (left + right) / 2, (bottom + top) / 2
        return self.place[0] <= x <= self.place[2] and self.place[1] <= y <= self.place[3]


def unseen(page: pdfium.FPDF_PAGE, letters: Letters, words: Words, sheet: Sheet) -> dict[int, str]:
    """The number of each word that is not seen, with the reason."""
    if not words.spans:
        return {}
    handles = letters.objects([first for first, _ in words.spans])
    modes = list(map(_mode, handles))
    hidden = {}
    if not _UNDRAWN.isdisjoint(modes):
        hidden = {number: INVISIBLE for number, mode in enumerate(modes) if mode in _UNDRAWN}
    few = pdfium.FPDFPage_CountObjects(page) <= FEW_OBJECTS
    colours = _colours(handles)
    faint = [r + g + b >= LIGHT or a < CLEAR for r, g, b, a in colours]
    layered = [_is_of_layer(handle) for handle in handles]
    if not few and not any(faint) and not any(layered):
        return hidden
    areas = _Areas.of(page, set(handles))
    asked = [
        number
        for number, handle in enumerate(handles)
        if handle
        and number not in hidden
        and modes[number] not in _OUTLINED
        and (faint[number] or layered[number] or (few and (areas.bands or _is_clipped(handle))))
    ]
    if not asked:
        return hidden
    drawn = {
        number: Drawn(handles[number], place, colours[number][:3], colours[number][3])
        for number, place in zip(asked, _places(asked, letters, words, sheet), strict=True)
    }
    suspects = dict.fromkeys((number for number in drawn if layered[number]), LAYER) | _suspects(areas, drawn)
    if suspects:
        seen = _seen(page, {number: drawn[number] for number in suspects})
        hidden |= {number: reason for number, reason in suspects.items() if number not in seen}
    return hidden


def _places(asked: Sequence[int], letters: Letters, words: Words, sheet: Sheet) -> Iterator[Place]:
    """Where these words stand on the page as it is drawn, however it is turned."""
    if sheet.is_plain:
        return (_around(words.firsts[number], words.lasts[number]) for number in asked)
    firsts = letters.boxes([words.spans[number][0] for number in asked])
    return map(_around, firsts, letters.boxes([words.spans[number][1] - 1 for number in asked]))


def _is_of_layer(handle: int) -> bool:
    """Whether a piece of text is marked as optional content (ISO 32000-1 §8.11.3.2); it may well be switched on."""
    count = _marks(handle) if handle else 0
    # Nearly all marks are those of a tagged file: one, with a number.
    return count > 0 and (count > 1 or _content_id(handle) < 0) and any(_name(handle, n) == "OC" for n in range(count))


def _name(handle: int, number: int) -> str:
    """Of a mark, as far as it is short."""
    letters, size = ctypes.create_string_buffer(16), ctypes.c_ulong()
    _mark_name(_mark(handle, number), ctypes.addressof(letters), 16, ctypes.addressof(size))
    return letters.raw[: max(size.value - 2, 0)].decode("utf-16-le", "replace")


def _is_clipped(handle: int) -> bool:
    clip = _clip(handle)
    return bool(clip) and _clip_paths(clip) > 0


def _around(first: Box, last: Box) -> Place:
    return min(first[0], last[0]), min(first[3], last[3]), max(first[2], last[2]), max(first[1], last[1])


def _colours(handles: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Red, green, blue and opacity of each; a pattern is told as black."""
    numbers = array("I", bytes(16 * len(handles)))
    address = numbers.buffer_info()[0]
    for handle in handles:
        if not _fill(handle, address, address + 4, address + 8, address + 12):
            ctypes.c_uint.from_address(address + 12).value = 255
        address += 16
    four = iter(numbers.tolist())
    return list(zip(four, four, four, four, strict=True))


def _suspects(areas: _Areas, words: dict[int, Drawn]) -> dict[int, str]:
    """Words that may not be seen, each with what would be the reason."""
    suspects: dict[int, str] = {}
    for number, word in words.items():
        behind, is_covered = areas.around(word)
        if is_covered:
            suspects[number] = COVERED
        elif word.opacity < CLEAR or (
            sum(word.colour) >= LIGHT if behind is None else _difference(word.colour, behind) < ALIKE
        ):
            suspects[number] = SAME_COLOUR
        elif _is_cut(word):
            suspects[number] = CUT
    return suspects


def _difference(one: Colour, other: Colour) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) + abs(one[2] - other[2])


@dataclass(slots=True)
class _Areas:
    """What is drawn on a page besides letters."""

    bands: dict[int, list[_Area]]  # those that reach into each stripe of the page, in the order of drawing
    orders: dict[int, int]  # of pieces of text

    @staticmethod
    def of(page: pdfium.FPDF_PAGE, text: set[int]) -> _Areas:
        areas = _Areas({}, {})
        address, numbers = address_of(page), array("f", bytes(16))
        at = numbers.buffer_info()[0]
        for order in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
            handle = _object(address, order)
            if handle in text:
                areas.orders[handle] = order
                continue
            kind = _kind(handle)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT or not _bounds(handle, at, at + 4, at + 8, at + 12):
                continue
            left, bottom, right, top = numbers.tolist()
            if right - left < THIN or top - bottom < THIN:
                continue
            colour = _filled_with(handle) if kind == pdfium.FPDF_PAGEOBJ_PATH else None
            if colour is not None or kind != pdfium.FPDF_PAGEOBJ_PATH:
                areas._add(_Area((left, bottom, right, top), colour, order))
        return areas

    def _add(self, area: _Area) -> None:
        for band in range(max(int(area.place[1] // BAND), 0), min(int(area.place[3] // BAND), MOST_BANDS) + 1):
            self.bands.setdefault(band, []).append(area)

    def around(self, word: Drawn) -> tuple[Colour | None, bool]:
        """The colour behind a word, None where it is no plain one, and whether something is drawn over the word."""
        behind: Colour | None = WHITE
        if self.bands:
            order = self.orders.get(word.handle, -1)  # -1: in a form, whose own order counts for it
            for area in self.bands.get(int((word.place[1] + word.place[3]) / 2 // BAND), ()):
                if not area.holds(word):
                    continue
                if area.order > order >= 0:
                    return behind, True
                behind = area.colour
        return behind, False


def _filled_with(handle: int) -> Colour | None:
    """The plain colour that a path is filled with; None for one that is only drawn along, or is hardly seen."""
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT), mode, stroked)
    if mode.value == pdfium.FPDF_FILLMODE_NONE:
        return None
    red, green, blue, opacity = _colours([handle])[0]
    return (red, green, blue) if opacity > HALF_CLEAR else None


def _is_cut(word: Drawn) -> bool:
    """Whether the middle of a word lies outside the path that its drawing is cut along."""
    clip = _clip(word.handle)
    if not clip:
        return False
    for number in range(min(_clip_paths(clip), MOST_CLIPS)):
        count = _clip_segments(clip, number)
        # Of a rectangle two corners that face each other will do.
        points = (0, 2) if count in (4, 5) else range(min(max(count, 0), MOST_SEGMENTS))
        ends = [_point_of(clip, number, place) for place in points]
        if ends:
            xs, ys = [x for x, _ in ends], [y for _, y in ends]
            if not _Area((min(xs), min(ys), max(xs), max(ys)), None, 0).holds(word):
                return True
    return False


def _point_of(clip: int, number: int, place: int) -> tuple[float, float]:
    numbers = array("f", bytes(8))
    at = numbers.buffer_info()[0]
    _point(_segment(clip, number, place), at, at + 4)
    return numbers[0], numbers[1]


def covered_by_pictures(page: pdfium.FPDF_PAGE) -> float:
    """How much of the page its pictures cover, in square points; where they overlap it counts twice."""
    covered = 0.0
    address, numbers = address_of(page), array("f", bytes(16))
    at = numbers.buffer_info()[0]
    for order in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        handle = _object(address, order)
        kind = _kind(handle)
        if kind in _PICTURES and _bounds(handle, at, at + 4, at + 8, at + 12):
            left, bottom, right, top = numbers.tolist()
            covered += (right - left) * (top - bottom)
    return covered


# The verdict


def _seen(page: pdfium.FPDF_PAGE, words: dict[int, Drawn]) -> set[int]:
    """Which of these words change the picture of the page."""
    with_words = _Picture.of(page)
    if with_words is None:
        return set(words)
    with _left_out({word.handle for word in words.values()}):
        without = _Picture.of(page)
    if without is None:
        return set(words)
    return {number for number, word in words.items() if with_words.differs(without, word.place)}


@contextmanager
def _left_out(handles: set[int]) -> Iterator[None]:
    objects = [ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT) for handle in handles]
    for item in objects:
        pdfium.FPDFPageObj_SetIsActive(item, False)
    try:
        yield
    finally:
        for item in objects:
            pdfium.FPDFPageObj_SetIsActive(item, True)


@dataclass(slots=True)
class _Picture:
    page: pdfium.FPDF_PAGE
    width: int
    height: int
    stride: int
    pixels: bytes  # blue, green, red and one that says nothing

    @staticmethod
    def of(page: pdfium.FPDF_PAGE) -> _Picture | None:
        """None for a page too large or too small to draw."""
        width = int(pdfium.FPDF_GetPageWidthF(page) * PIXELS)
        height = int(pdfium.FPDF_GetPageHeightF(page) * PIXELS)
        if min(width, height) < 10 or width * height > MOST_PIXELS:
            return None
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, None, 0)
        if not bitmap:
            return None
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return _Picture(page, width, height, stride, pixels)

    def differs(self, other: _Picture, place: Place) -> bool:
        """Whether the two are told apart at a place of the page."""
        x1, y1 = self._point(place[0], place[3])
        x2, y2 = self._point(place[2], place[1])
        left, right = sorted((x1, x2))
        top, bottom = sorted((y1, y2))
        for row in range(max(top - 1, 0), min(bottom + 1, self.height)):
            start = row * self.stride
            part = slice(start + 4 * max(left - 1, 0), start + 4 * min(max(right + 1, 0), self.width))
            one, two = self.pixels[part], other.pixels[part]
            if one != two and max(abs(a - b) for a, b in zip(one, two, strict=True)) > FAINT:
                return True
        return False

    def _point(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self.page, 0, 0, self.width, self.height, 0, x, y, across, down)
        return across.value, down.value
