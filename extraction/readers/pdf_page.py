"""One page of a PDF: what is seen of its text, as runs, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2.raw as pdfium

from extraction.readers.concealment import OUTSIDE, TOO_SMALL
from extraction.readers.pdf_letters import Letters, Sheet
from extraction.readers.pdf_notes import Form, notes_of, with_notes
from extraction.readers.pdf_rulings import grids_of
from extraction.readers.pdf_runs import SPACED, Words, runs_of
from extraction.readers.pdf_unseen import covered_by_pictures, unseen
from extraction.readers.rulings import Grid, gathered
from extraction.readers.runs import Run

MOST_OF_PAGE = 0.5
SMALL = 2.0  # points of height of a letter's box, which is a quarter more than its size
UPRIGHT = 0.4  # of the height of the box: how much higher the last letter of a word may stand than the first


@dataclass(slots=True)
class TurnedRuns:
    """Lines that run up or down a page, as they are when it is turned."""

    runs: list[Run]
    quarters: int  # by which the page is turned, clockwise
    width: float  # of the turned page
    height: float


@dataclass(slots=True)
class PageRuns:
    runs: list[Run]
    width: float  # points
    height: float
    turned: tuple[TurnedRuns, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()  # reason and text of what is not seen
    is_layer: bool = False  # the text is an invisible one, laid over the picture that it was recognised from


def page_runs(form: Form, number: int) -> PageRuns:
    """The text of a page, counted from 0; no runs where the page is broken."""
    page = pdfium.FPDF_LoadPage(form.document, number)
    if not page:
        return PageRuns([], 0.0, 0.0)
    try:
        sheet = _sheet(page)
        text_page = pdfium.FPDFText_LoadPage(page)
        if not text_page:
            return PageRuns([], sheet.width, sheet.height)
        try:
            tables = grids_of(page, sheet)
            found = _page(page, Letters(text_page), sheet, tables)
        finally:
            pdfium.FPDFText_ClosePage(text_page)
        if pdfium.FPDFPage_GetAnnotCount(page) > 0:
            notes = notes_of(page, form, sheet)
            found.runs = with_notes(found.runs, notes)
            found.hidden += tuple(notes.hidden)
        found.runs = gathered(found.runs, tables)
        return found
    finally:
        pdfium.FPDF_ClosePage(page)


def _sheet(page: pdfium.FPDF_PAGE) -> Sheet:
    edges = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, edges):
        return Sheet(0.0, 0.0, pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page))
    return Sheet(edges.left, edges.bottom, edges.right, edges.top, pdfium.FPDFPage_GetRotation(page) % 4)


def _page(page: pdfium.FPDF_PAGE, letters: Letters, sheet: Sheet, tables: Sequence[Grid]) -> PageRuns:
    words = Words.of(letters.text(), letters, sheet)
    found = PageRuns([], sheet.width, sheet.height)
    reasons = _reasons(page, words, letters, sheet)
    if reasons and 2 * len(reasons) > len(words.spans) and covered_by_pictures(page) > MOST_OF_PAGE * _area(sheet):
        found.is_layer = True
    elif reasons:
        found.hidden = tuple(_told(words, reasons))
        words = words.without(set(reasons))
    turned = _turned(words, letters, sheet)
    if turned:
        found.turned = tuple(_turned_runs(words, turned, letters, sheet))
        words = words.without(set(turned))
    found.runs = _with_trusted_marks(list(runs_of(words, letters, sheet, tables)))
    return found


def _with_trusted_marks(runs: list[Run]) -> list[Run]:
    """Marks tell paragraphs and cells only where they reach over lines: some programs mark each line apart."""
    over_lines = sum(1 for one, two in pairwise(runs) if one.mark == two.mark >= 0 and two.base - one.base > one.size)
    if over_lines < 2:
        for run in runs:
            run.mark = -1
    return runs


def _area(sheet: Sheet) -> float:
    return sheet.width * sheet.height


def _reasons(page: pdfium.FPDF_PAGE, words: Words, letters: Letters, sheet: Sheet) -> dict[int, str]:
    """The words that are not seen, each with the reason."""
    reasons = unseen(page, letters, words, sheet)
    width, height = sheet.width, sheet.height
    for number, (left, top, right, bottom) in enumerate(words.firsts):
        if right <= 0 or left >= width or top <= 0 or bottom >= height:
            reasons[number] = OUTSIDE
        elif top - bottom < SMALL and letters.size(words.spans[number][0]) < SMALL:
            reasons[number] = TOO_SMALL
    return reasons


def _told(words: Words, reasons: dict[int, str]) -> Iterator[tuple[str, str]]:
    """Words beside each other that are hidden for one reason, together."""
    texts: list[str] = []
    last = -1
    for number in sorted(reasons):
        if texts and (number != last + 1 or reasons[number] != reasons[last]):
            yield reasons[last], " ".join(texts)
            texts = []
        start, end = words.spans[number]
        texts.append(words.text[start:end])
        last = number
    yield reasons[last], " ".join(texts)


def _turned(words: Words, letters: Letters, sheet: Sheet) -> dict[int, int]:
    """The words that run up or down the page, and by how many quarters it must be turned clockwise to read them."""
    steep = [
        number
        for number, ((_, top, _, bottom), (_, _, _, end)) in enumerate(zip(words.firsts, words.lasts, strict=True))
        if abs(end - bottom) > UPRIGHT * (top - bottom)
    ]
    in_a_row = bytes(end - start == 1 for start, end in words.spans).find(b"\1" * SPACED)
    if not steep and (in_a_row < 0 or (letters.quarters(words.spans[in_a_row][0]) - sheet.turns) % 2 == 0):
        return {}
    quarters = {n: (letters.quarters(start) - sheet.turns) % 4 for n, (start, _) in enumerate(words.spans)}
    return {number: turns for number, turns in quarters.items() if turns % 2}


def _turned_runs(words: Words, turned: dict[int, int], letters: Letters, sheet: Sheet) -> Iterator[TurnedRuns]:
    everything = set(range(len(words.spans)))
    for quarters in sorted(set(turned.values())):
        these = words.without(everything - {number for number, turns in turned.items() if turns == quarters})
        seen = sheet.turned(quarters)
        runs = list(runs_of(Words.of(these.text, letters, seen), letters, seen))
        yield TurnedRuns(runs, quarters, seen.width, seen.height)
