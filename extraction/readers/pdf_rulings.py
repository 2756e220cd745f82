"""The lines that are drawn along the edges of tables on a PDF page, found among all that is drawn on it."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator

import pypdfium2.raw as pdfium

from extraction.readers.pdf_calls import address_of, called
from extraction.readers.pdf_letters import Box, Sheet
from extraction.readers.rulings import Grid, Rule, grids

THIN = 2.5  # points: what is thicker is an area, no line
SHORT = 6.0  # points: shorter lines are parts of drawings, or dashes
MOST_OBJECTS = 20_000
MOST_RULES = 4000  # a drawing has more

_object = called("FPDFPage_GetObject", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_kind = called("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)
_bounds = called("FPDFPageObj_GetBounds", ctypes.c_int, *(ctypes.c_void_p,) * 5)
_draw_mode = called("FPDFPath_GetDrawMode", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_segments = called("FPDFPath_CountSegments", ctypes.c_int, ctypes.c_void_p)


def grids_of(page: pdfium.FPDF_PAGE, sheet: Sheet) -> list[Grid]:
    """The ruled tables of a page, without what stands in them."""
    paths = paths_of(page)
    if len(paths) < 3:  # the least that parts cells: a cross, and text around it
        return []
    rules: list[Rule] = []
    for handle, box in paths:
        rules += _rules(handle, sheet.box(box), sheet.height)
        if len(rules) > MOST_RULES:
            return []
    return grids(rules)


def paths_of(page: pdfium.FPDF_PAGE) -> list[tuple[int, Box]]:
    """The drawn lines and areas of a page, in the order of drawing, each with its place."""
    address, numbers = address_of(page), array("f", bytes(16))
    at = numbers.buffer_info()[0]
    handles = [_object(address, order) for order in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS))]
    found: list[tuple[int, Box]] = []
    for handle, kind in zip(handles, map(_kind, handles), strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_PATH and _bounds(handle, at, at + 4, at + 8, at + 12):
            left, bottom, right, top = numbers.tolist()
            found.append((handle, (left, top, right, bottom)))
    return found


def _rules(handle: int, box: Box, height: float) -> Iterator[Rule]:
    """Of a line its own, of a rectangle that is drawn along its edges all four; y downwards from the top."""
    left, top, right, bottom = box[0], height - box[1], box[2], height - box[3]
    wide, high = right - left, bottom - top
    if high <= THIN and wide >= SHORT:
        yield Rule(False, (top + bottom) / 2, left, right)
    elif wide <= THIN and high >= SHORT:
        yield Rule(True, (left + right) / 2, top, bottom)
    elif min(wide, high) >= SHORT and _segments(handle) in (4, 5) and _is_outlined(handle):
        yield from (Rule(False, y, left, right) for y in (top, bottom))
        yield from (Rule(True, x, top, bottom) for x in (left, right))


def _is_outlined(handle: int) -> bool:
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    _draw_mode(handle, ctypes.addressof(mode), ctypes.addressof(stroked))
    return bool(stroked.value)
