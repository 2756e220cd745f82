"""Pages of a PDF that hold no usable text: found, drawn, recognised."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2.raw as pdfium
from PIL import Image

from extraction.readers.characters import is_garbage, is_misread, letters_and_digits
from extraction.readers.limits import ReadLimits
from extraction.readers.pdf_page import PageRuns
from extraction.readers.recognition import Scans, recognised

POINTS = 72.0
DPI = 200  # of a page that is drawn; 300 costs half as much again and gains nothing
FEWEST_DPI, MOST_DPI = 100, 300  # of a page that was scanned, and is drawn dot by dot where it can be
FEW_LETTERS = 25
BLANK = 0.01  # bits of entropy
MOST_OF_PAGE = 0.5
MOST_OBJECTS = 2000  # of one page that are looked at
DEPTH = 3  # forms in forms


def scans_of(document: pdfium.FPDF_DOCUMENT, doubtful: Mapping[int, PageRuns], limits: ReadLimits) -> Scans:
    """Recognise those pages whose own text will not do. Raises Unreadable where tesseract is needed and missing."""
    left_out: list[str] = []
    scans = recognised(_drawn_pages(document, doubtful, limits, left_out), limits)
    if scans.failure and not scans.found and not any(page.runs for page in doubtful.values()):
        raise scans.failure
    told = [f"page {number + 1} was read by OCR: {reason}" for number, reason in sorted(scans.reasons.items())]
    scans.problems = [*told, *scans.problems, *left_out]
    return scans


def _drawn_pages(
    document: pdfium.FPDF_DOCUMENT, doubtful: Mapping[int, PageRuns], limits: ReadLimits, left_out: list[str]
) -> Iterator[tuple[int, str, Image.Image]]:
    drawn = 0
    for number, page in doubtful.items():
        with _loaded(document, number) as handle:
            pictures = _pictures(handle, page) if handle else _Pictures()
            reason = _why_recognise(pictures, page)
            if reason is None:
                continue
            if drawn >= limits.recognised_pages:
                left_out.append(f"page {number + 1} was left out ({reason}): too many pages are like that")
                continue
            picture = _drawn(handle, page, _scale(pictures, page, limits)) if handle else None
        if picture is not None and picture.entropy() >= BLANK:
            drawn += 1
            yield number, reason, picture


@contextmanager
def _loaded(document: pdfium.FPDF_DOCUMENT, number: int) -> Iterator[pdfium.FPDF_PAGE | None]:
    """The page; None where it is broken."""
    handle = pdfium.FPDF_LoadPage(document, number)
    try:
        yield handle or None
    finally:
        if handle:
            pdfium.FPDF_ClosePage(handle)


def _why_recognise(pictures: _Pictures, page: PageRuns) -> str | None:
    """Why the text of a page must be read off its picture, in words for staff; None where its own text will do."""
    text = "".join(run.text for run in page.runs)
    if is_garbage(text):
        return "its text is stored as codes that mean nothing"
    if letters_and_digits(text) < FEW_LETTERS:
        return "it is a picture" if pictures.share > 0.05 or not page.runs else None
    if pictures.share <= MOST_OF_PAGE:
        return None
    return "the text behind its picture is misread" if is_misread(text) else "most of it is a picture"


@dataclass(slots=True)
class _Pictures:
    """Of one page."""

    share: float = 0.0  # of the page that they cover
    largest: float = 0.0  # the share of the largest
    dpi: float = 0.0  # of the largest


def _pictures(handle: pdfium.FPDF_PAGE, page: PageRuns) -> _Pictures:
    seen = _Pictures()
    for index in range(min(pdfium.FPDFPage_CountObjects(handle), MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(handle, index)
        picture = _picture_in(item, DEPTH)
        if picture is None:
            continue
        width, height = _extent(item)
        share = min(width * height / max(page.width * page.height, 1.0), 1.0)
        seen.share = min(seen.share + share, 1.0)  # some scanners store a page in strips
        if share > seen.largest:
            seen.largest, seen.dpi = share, _dots(picture, width, height)
    return seen


def _picture_in(item: pdfium.FPDF_PAGEOBJECT, depth: int) -> pdfium.FPDF_PAGEOBJECT | None:
    """The item where it is a picture, or the first picture in a form: a form may as well hold nothing but text."""
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        return item
    if kind != pdfium.FPDF_PAGEOBJ_FORM or not depth:
        return None
    count = min(pdfium.FPDFFormObj_CountObjects(item), MOST_OBJECTS)
    inner = (_picture_in(pdfium.FPDFFormObj_GetObject(item, index), depth - 1) for index in range(count))
    return next((picture for picture in inner if picture is not None), None)


def _extent(item: pdfium.FPDF_PAGEOBJECT) -> tuple[float, float]:
    """Width and height in points."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return right.value - left.value, top.value - bottom.value


def _dots(picture: pdfium.FPDF_PAGEOBJECT, width: float, height: float) -> float:
    """Dots an inch of a picture that is shown so large; 0 where it does not say."""
    across, down = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(picture, across, down):
        return 0.0
    turned = (across.value > down.value) != (width > height)  # a landscape picture on an upright page
    longest = (min if turned else max)(across.value, down.value)
    return longest / max(width, height, 1.0) * POINTS


def _scale(pictures: _Pictures, page: PageRuns, limits: ReadLimits) -> float:
    """Pixels a point. A scan is drawn dot by dot: in between, specks and letters would be smeared."""
    scanned = pictures.largest > MOST_OF_PAGE and pictures.dpi >= FEWEST_DPI
    dpi = min(pictures.dpi, MOST_DPI) if scanned else DPI
    most: float = (limits.pixels / 4 / max(page.width * page.height, 1.0)) ** 0.5
    return min(dpi / POINTS, most)


def _drawn(handle: pdfium.FPDF_PAGE, page: PageRuns, scale: float) -> Image.Image | None:
    width, height = round(page.width * scale), round(page.height * scale)
    if min(width, height) < 20:
        return None
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, width, height, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        return Image.frombuffer("L", (width, height), data, "raw", "L", stride, 1)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
