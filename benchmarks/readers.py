"""How many documents a second are read, per format, beside the bare calls of the libraries on the same files.

    .venv/bin/python -m benchmarks.readers [--rounds 30] [--slow]

One process, one core, warm: the first round is not counted, of the others the fastest counts, since other work on the
machine only ever makes it slower. CVs of two pages in five languages. What the bare calls give is no CV: python-docx
gives paragraphs and then tables, pdfium lines without columns; they say how much of our time is the library's.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
import xlrd
from docx import Document
from lxml import etree
from lxml import html as lxml_html

from extraction.read import ReadLimits, read
from intake.sniff import HEAD, media_type
from tests.integration.extraction import written
from tests.integration.extraction.cvs import ALL, Cv
from tests.integration.extraction.making import converted_together, printed_by_chromium

LIMITS = ReadLimits()
LONGER = 6  # times the text of a CV: two pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--slow", action="store_true", help="also what LibreOffice opens for us")
    given = parser.parse_args()
    print(f"{'format':8}{'documents/s':>12}{'bare':>12}{'times as long':>15}  bare calls")
    with tempfile.TemporaryDirectory() as folder:
        for ending, (make, bare, name) in FORMATS.items():
            if given.slow or ending not in ("doc", "rtf"):
                files = make(Path(folder), ending)
                rounds = given.rounds if ending not in ("doc", "rtf") else 1
                show(ending, files, bare, name, rounds)


def show(ending: str, files: Sequence[Path], bare: Callable[[Path], str] | None, name: str, rounds: int) -> None:
    ours = fastest(lambda path: read(path, media_type=kind_of(path), limits=LIMITS).text, files, rounds)
    line = f"{ending:8}{len(files) / ours:12.0f}"
    if bare:
        theirs = fastest(bare, files, rounds)
        line += f"{len(files) / theirs:12.0f}{ours / theirs:15.2f}  {name}"
    print(line)


def fastest(call: Callable[[Path], str], files: Sequence[Path], rounds: int) -> float:
    """Seconds of CPU for all files."""
    taken = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for path in files:
            if not call(path):
                raise SystemExit(f"{path} gave nothing")
        taken.append(time.process_time() - start)
    return min(taken[1:])


def kind_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    return media_type(head, name=path.name, claimed="", open_file=lambda: path.open("rb"))


def long(cv: Cv) -> Cv:
    return Cv(language=cv.language, lines=cv.lines * LONGER, grid=cv.grid, charset=cv.charset)


def word_files(folder: Path, ending: str) -> list[Path]:
    """By python-docx: its template has the styles that Word stores."""
    made = []
    for cv in map(long, ALL):
        document = Document()
        document.sections[0].header.paragraphs[0].text = cv.lines[1]
        for number, text in enumerate(cv.lines):
            document.add_paragraph(text, style="Heading 1" if number % 6 == 0 else None)
        table = document.add_table(rows=0, cols=len(cv.grid[0]))
        for row in cv.grid:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        made.append(folder / f"{cv.language}.{ending}")
        document.save(str(made[-1]))
    return made


def pdf_files(folder: Path, ending: str) -> list[Path]:
    made = []
    for cv in map(long, ALL):
        made.append(folder / f"{cv.language}.{ending}")
        printed_by_chromium(cv.html, folder).rename(made[-1])
    return made


def pages(folder: Path, ending: str) -> list[Path]:
    made = []
    for cv in map(long, ALL):
        made.append(folder / f"{cv.language}.{ending}")
        made[-1].write_text(cv.html if ending == "html" else cv.text, encoding="utf-8")
    return made


def by_office(folder: Path, ending: str) -> list[Path]:
    sources = pages(folder, "html")
    made = converted_together(sources, ending, filter_name={"odt": "writer8"}.get(ending, ""))
    return [made / f"{source.stem}.{ending}" for source in sources]


def by_writer(folder: Path, ending: str) -> list[Path]:
    writer: Callable[[Cv, Path], Path] = getattr(written, ending)
    return [writer(cv, folder / f"{cv.language}.{ending}") for cv in map(long, ALL)]


def pdfium(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def python_docx(path: Path) -> str:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(paragraph.text for paragraph in document.paragraphs), *cells))


def xml_of(member: str) -> Callable[[Path], str]:
    def text(path: Path) -> str:
        with zipfile.ZipFile(path) as archive:
            return "".join(etree.fromstring(archive.read(member)).itertext())

    return text


def lxml_text(path: Path) -> str:
    return str(lxml_html.document_fromstring(path.read_bytes()).text_content())


def xlrd_values(path: Path) -> str:
    sheets = xlrd.open_workbook(str(path)).sheets()
    return "\n".join(str(value) for sheet in sheets for row in range(sheet.nrows) for value in sheet.row_values(row))


FORMATS: dict[str, tuple[Callable[[Path, str], list[Path]], Callable[[Path], str] | None, str]] = {
    "pdf": (pdf_files, pdfium, "pypdfium2, the text of each page"),
    "docx": (word_files, python_docx, "python-docx, paragraphs and cells"),
    "odt": (by_office, xml_of("content.xml"), "lxml, all text of content.xml"),
    "html": (pages, lxml_text, "lxml, text_content"),
    "txt": (pages, lambda path: path.read_text(encoding="utf-8"), "read_text, the charset known"),
    "xlsx": (by_writer, xml_of("xl/sharedStrings.xml"), "lxml, the shared strings only"),
    "xls": (by_writer, xlrd_values, "xlrd, values of all rows"),
    "pptx": (by_writer, None, ""),
    "doc": (by_office, None, ""),
    "rtf": (by_office, None, ""),
}

if __name__ == "__main__":
    main()
