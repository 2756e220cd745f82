"""PDF by pdfium: text with its place, laid out by our own rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from domain.errors import Unreadable
from domain.profile import Block, BlockKind, DocumentText, HiddenText
from extraction.readers import flow, pdf_xfa
from extraction.readers.characters import clean, is_garbage, is_misread, letters_and_digits
from extraction.readers.flow import Node, Paragraph
from extraction.readers.layout import Frame, Laid, cell_text, lay_out
from extraction.readers.limits import ReadLimits
from extraction.readers.pdf_notes import Form, meta_text
from extraction.readers.pdf_page import PageRuns, page_runs
from extraction.readers.properties import Properties, properties
from extraction.readers.runs import Line, Run, lines

if TYPE_CHECKING:
    from extraction.readers.recognition import Scans

READER = "pdfium/3"
LITTLE_TEXT = 250  # letters: a page with less may be a picture
# Of the document information dictionary (ISO 32000-1 §14.3.3).
PROPERTIES = {
    "Title": "title", "Subject": "subject", "Author": "author", "Creator": "application", "Producer": "producer",
    "CreationDate": "created", "ModDate": "modified",
}  # fmt: skip
MARGIN = 0.12  # of the page's height, where headers and footers stand


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where a password is asked for, no page can be had, or a scan cannot be recognised."""
    with _opened(path) as (document, is_mended):
        count = pdfium.FPDF_GetPageCount(document)
        said = _properties(document)
        fields = pdf_xfa.form_of(document, limits)
        if fields:
            text = flow.document(fields, reader=READER, limits=limits, problems=(pdf_xfa.TOLD,))
            return replace(text, pages=count, properties=said)
        with closing(Form(document)) as form:
            pages = [page_runs(form, number) for number in range(min(count, limits.pages))]
        scans = _scans(document, pages, limits)
    told = ["the file is damaged: what is left of it was read"] if is_mended else []
    if count > limits.pages:
        told.append(f"only the first {limits.pages} of {count} pages were read")
    text = _document(pages if scans is None else _merged(pages, scans), limits)
    text = replace(text, pages=count, properties=said, problems=(*told, *text.problems))
    return text if scans is None else scans.described(text)


def _scans(document: pdfium.FPDF_DOCUMENT, pages: Sequence[PageRuns], limits: ReadLimits) -> Scans | None:
    """The pages that must be read off their pictures; None where there are none, as nearly always."""
    doubtful = [number for number, page in enumerate(pages) if is_doubtful(page)]
    if not doubtful:
        return None
    from extraction.readers.pdf_scan import scans_of  # noqa: PLC0415 - needs Pillow, which few PDFs do

    return scans_of(document, {number: pages[number] for number in doubtful}, limits)


def _properties(document: pdfium.FPDF_DOCUMENT) -> Properties:
    return properties([(name, meta_text(document, name)) for name in PROPERTIES], PROPERTIES)


def _merged(pages: Sequence[PageRuns], scans: Scans) -> list[PageRuns]:
    """The pages, those that were recognised as they were recognised."""
    return [
        replace(page, runs=scan.runs, width=scan.width, height=scan.height, turned=())
        if (scan := scans.found.get(number))
        else page
        for number, page in enumerate(pages)
    ]


def is_doubtful(page: PageRuns) -> bool:
    text = "".join(run.text for run in page.runs)
    return letters_and_digits(text) < LITTLE_TEXT or is_garbage(text) or is_misread(text)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[pdfium.FPDF_DOCUMENT, bool]]:
    """The document, opened with the empty user password where it is encrypted, and whether it had to be mended."""
    document = pdfium.FPDF_LoadDocument(bytes(path), None)
    if not document and pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
        raise Unreadable("the PDF is protected by a password")
    if not document and pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_SECURITY:
        raise Unreadable("the PDF is protected in a way that cannot be opened")
    mended = b""  # pdfium reads from it for as long as the document is open
    if not _has_pages(document):
        pdfium.FPDF_CloseDocument(document)
        document, mended = _mended(path)
    try:
        yield document, bool(mended)
    finally:
        pdfium.FPDF_CloseDocument(document)


def _has_pages(document: pdfium.FPDF_DOCUMENT | None) -> bool:
    return bool(document) and pdfium.FPDF_GetPageCount(document) > 0


def _mended(path: Path) -> tuple[pdfium.FPDF_DOCUMENT, bytes]:
    """A damaged file written anew by the first that makes something of it. Raises Unreadable where nobody does."""
    from extraction.readers import pdf_repair  # noqa: PLC0415 - few PDFs need it, and pypdf loads slowly

    for mend in (pdf_repair.rewritten, pdf_repair.rebuilt):
        data = mend(path)
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None) if data else None
        if data and _has_pages(document):
            return document, data
        pdfium.FPDF_CloseDocument(document)
    raise Unreadable("the PDF is damaged or cut off")


def _document(pages: Sequence[PageRuns], limits: ReadLimits) -> DocumentText:
    repeated = _Repeated.on(pages)
    laid = [_laid(page, repeated.without(n, page)) for n, page in enumerate(pages)]
    flow.with_headings_by_size([node for page in laid for part in page for node in part.nodes])
    numbering = flow.Numbering()
    blocks: list[Block] = []
    for number, (page, parts) in enumerate(zip(pages, laid, strict=True)):
        blocks += flow.blocks(repeated.first_seen(number, page, top=True), page=number + 1)
        for part in parts:
            blocks += flow.blocks(part.nodes, numbering=numbering, page=number + 1, column=part.column)
        blocks += flow.blocks(repeated.first_seen(number, page, top=False), page=number + 1)
    kept, cut = flow.capped(tuple(blocks), limits)
    hidden = [
        HiddenText(text=clean(text), reason=reason, page=number)
        for number, page in enumerate(pages, start=1)
        for reason, text in page.hidden
    ]
    return DocumentText(blocks=kept, reader=READER, hidden=flow.capped_hidden(hidden, limits), problems=cut)


def _laid(page: PageRuns, runs: Sequence[Run]) -> list[Laid]:
    laid = lay_out(runs, page.width, page.height)
    for turned in page.turned:
        laid += lay_out(turned.runs, turned.width, turned.height, quarters=turned.quarters)
    return laid


_Key = tuple[str, int]


@dataclass(slots=True)
class _Repeated:
    """Lines in the margins that stand on several pages at the same height: page headers and footers."""

    lines: list[list[tuple[_Key, Line]]]  # by page
    seen: set[_Key]

    @staticmethod
    def on(pages: Sequence[PageRuns]) -> _Repeated:
        margins = [[(_key(line), line) for line in _margin_lines(page)] for page in pages] if len(pages) > 1 else [[]]
        counts = Counter(key for margin in margins for key in {key for key, _ in margin})
        enough = max(2, len(pages) // 2)
        return _Repeated([[pair for pair in margin if counts[pair[0]] >= enough] for margin in margins], set())

    def without(self, number: int, page: PageRuns) -> list[Run]:
        gone = {id(run) for _, line in self.lines[number] for run in line.runs}
        return [run for run in page.runs if id(run) not in gone] if gone else page.runs

    def first_seen(self, number: int, page: PageRuns, *, top: bool) -> list[Node]:
        nodes: list[Node] = []
        for key, line in self.lines[number]:
            if key not in self.seen and (line.base < page.height / 2) == top:
                self.seen.add(key)
                box = Frame(page.width, page.height).box((line,))
                nodes.append(Paragraph(_line_text(line), BlockKind.HEADER, box=box))
        return nodes


def _margin_lines(page: PageRuns) -> list[Line]:
    edge = MARGIN * page.height
    return lines(run for run in page.runs if run.base < edge or run.base > page.height - edge)


def _line_text(line: Line) -> str:
    return " ".join(cell_text(cell) for cell in line.cells)


def _key(line: Line) -> _Key:
    return re.sub(r"\d+", "#", clean(_line_text(line))), round(line.base / 3)
