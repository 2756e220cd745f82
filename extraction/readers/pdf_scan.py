"""Pages of a PDF that hold no usable text: found, drawn, recognised."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium
from PIL import Image

from domain.profile import DocumentText
from extraction.readers.characters import is_garbage, letters_and_digits
from extraction.readers.limits import ReadLimits
from extraction.readers.pdf_page import PageRuns
from extraction.readers.picture import doubts, mean_confidence
from extraction.readers.tesseract import Recognised, recognise

POINTS = 72.0
DPI = 200  # of a page that is drawn; 300 costs half as much again and gains nothing
FEWEST_DPI, MOST_DPI = 100, 300  # of a page that was scanned, and is drawn dot by dot where it can be
FEW_LETTERS = 25
BLANK = 0.01  # bits of entropy
MOST_OF_PAGE = 0.5


@dataclass(slots=True)
class Scans:
    """Pages as tesseract reads them, by number counted from 0."""

    found: dict[int, Recognised]
    problems: list[str]

    def merged(self, pages: Sequence[PageRuns]) -> list[PageRuns]:
        return [
            PageRuns(scan.runs, scan.width, scan.height) if (scan := self.found.get(number)) else page
            for number, page in enumerate(pages)
        ]

    def described(self, text: DocumentText) -> DocumentText:
        """The text with what there is to say of the recognition."""
        found = list(self.found.values())
        if not found:
            return replace(text, problems=(*text.problems, *self.problems))
        problems = (*text.problems, *self.problems, *doubts(found))
        return replace(text, ocr=True, confidence=mean_confidence(found), problems=problems)


def scans_of(document: pdfium.FPDF_DOCUMENT, doubtful: Mapping[int, PageRuns], limits: ReadLimits) -> Scans:
    """Recognise those pages whose own text will not do. Raises Unreadable where tesseract is needed and missing."""
    scans = Scans({}, [])
    for number, page in doubtful.items():
        reason = _why_recognise(document, number, page)
        if reason is None:
            continue
        if len(scans.found) >= limits.recognised_pages:
            scans.problems.append(f"page {number + 1} was left out ({reason}): too many pages are like that")
            continue
        result = _recognised(document, number, page, limits)
        if result and result.letters:
            scans.found[number] = result
            scans.problems.append(f"page {number + 1} was read by OCR: {reason}")
    return scans


def _why_recognise(document: pdfium.FPDF_DOCUMENT, number: int, page: PageRuns) -> str | None:
    """Why the text of a page must be read off its picture, in words for staff; None where its own text will do."""
    text = "".join(run.text for run in page.runs)
    if is_garbage(text):
        return "its text is stored as codes that mean nothing"
    covered = _share_of_pictures(document, number, page)
    if letters_and_digits(text) < FEW_LETTERS:
        return "it is a picture" if covered > 0.05 or not page.runs else None
    return "most of it is a picture" if covered > MOST_OF_PAGE else None


def _recognised(document: pdfium.FPDF_DOCUMENT, number: int, page: PageRuns, limits: ReadLimits) -> Recognised | None:
    """The page as tesseract reads it; None where it cannot be drawn or is blank."""
    picture = _drawn(document, number, page, limits)
    if picture is None or picture.entropy() < BLANK:
        return None
    return recognise(picture, limits)


def _share_of_pictures(document: pdfium.FPDF_DOCUMENT, number: int, page: PageRuns) -> float:
    handle = pdfium.FPDF_LoadPage(document, number)
    if not handle:
        return 0.0
    try:
        return _largest_picture(handle, page).share
    finally:
        pdfium.FPDF_ClosePage(handle)


@dataclass(frozen=True, slots=True)
class _Picture:
    """The largest picture on a page."""

    share: float  # of the page that it covers
    dpi: float  # 0 where it is no picture of dots


def _largest_picture(handle: pdfium.FPDF_PAGE, page: PageRuns) -> _Picture:
    largest = _Picture(0.0, 0.0)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    dots, lines = ctypes.c_uint(), ctypes.c_uint()
    for index in range(min(pdfium.FPDFPage_CountObjects(handle), 2000)):
        item = pdfium.FPDFPage_GetObject(handle, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        width, height = right.value - left.value, top.value - bottom.value
        share = width * height / max(page.width * page.height, 1.0)
        if share > largest.share:
            known = kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFImageObj_GetImagePixelSize(item, dots, lines)
            turned = (dots.value > lines.value) != (width > height)  # a landscape picture on an upright page
            longest = (min if turned else max)(dots.value, lines.value) if known else 0
            largest = _Picture(share, longest / max(width, height, 1.0) * POINTS)
    return largest


def _drawn(document: pdfium.FPDF_DOCUMENT, number: int, page: PageRuns, limits: ReadLimits) -> Image.Image | None:
    handle = pdfium.FPDF_LoadPage(document, number)
    if not handle:
        return None
    try:
        return _as_picture(handle, page, _scale(handle, page, limits))
    finally:
        pdfium.FPDF_ClosePage(handle)


def _scale(handle: pdfium.FPDF_PAGE, page: PageRuns, limits: ReadLimits) -> float:
    """Pixels a point. A scan is drawn dot by dot: in between, specks and letters would be smeared."""
    picture = _largest_picture(handle, page)
    scanned = picture.share > MOST_OF_PAGE and picture.dpi >= FEWEST_DPI
    dpi = min(picture.dpi, MOST_DPI) if scanned else DPI
    most: float = (limits.pixels / 4 / max(page.width * page.height, 1.0)) ** 0.5
    return min(dpi / POINTS, most)


def _as_picture(handle: pdfium.FPDF_PAGE, page: PageRuns, scale: float) -> Image.Image | None:
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
