"""PDFs as other programs than browsers write them: LibreOffice from a Word file, and Pango over Cairo."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterable
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from domain.profile import DocumentText
from extraction.read import ReadLimits, read
from tests.integration.extraction.lives import ALL, Life
from tests.integration.extraction.making import converted_together, missing, recall
from tests.integration.extraction.test_pdf_designs import in_order

pytestmark = [pytest.mark.slow]

Streams = tuple[str, ...]


def opened(path: Path) -> DocumentText:
    return read(path, media_type="application/pdf", limits=ReadLimits())


def check(streams: Streams, found: DocumentText) -> None:
    whole = "\n".join(streams)
    assert recall(whole, found.text) >= 0.99, missing(whole, found.text)
    share, torn = in_order(streams, found.text)
    assert share >= 0.98, torn
    assert found.hidden == ()


# LibreOffice


def typed(paragraph: Paragraph, text: str, life: Life) -> None:
    run = paragraph.add_run(text)
    if life.direction == "rtl":
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def table(document: Document, rows: Iterable[tuple[Iterable[str], ...]], widths: tuple[int, ...], life: Life) -> None:
    made = document.add_table(0, len(widths))
    made.style = "Table Grid"
    if life.direction == "rtl":
        made._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
    for row in rows:
        for cell, texts, width in zip(made.add_row().cells, row, widths, strict=True):
            filled(cell, texts, width, life)


def filled(cell: _Cell, texts: Iterable[str], width: int, life: Life) -> None:
    cell.width = Mm(width)
    for number, text in enumerate(texts):
        typed(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), text, life)


def posts_in_a_table(life: Life, path: Path) -> Streams:
    """With borders, over two pages, and a grid of languages below."""
    document = Document()
    posts = life.posts * 4
    table(document, [((p.dates,), (p.title,), (p.text,)) for p in posts], (28, 45, 90), life)
    typed(document.add_paragraph(), life.heads[4], life)
    grid = [(name, level, "B1", "C1", "A2") for name, level in life.languages]
    table(document, [tuple((cell,) for cell in row) for row in grid], (40, 40, 25, 25, 25), life)
    document.save(str(path))
    return (*(post.all for post in posts), life.heads[4], *(" ".join(row) for row in grid))


def sidebar_of_a_table(life: Life, path: Path) -> Streams:
    document = Document()
    side = (life.heads[0], *life.contact, life.heads[4], *(f"{n} – {level}" for n, level in life.languages))
    posts = [text for post in (*life.posts, *life.education) for text in (post.title, post.dates, post.text)]
    main = (life.heads[1], life.profile, life.heads[2], *posts)
    table(document, [(side, main)], (50, 120), life)
    document.save(str(path))
    return ("\n".join(side), "\n".join(main))


LAYOUTS = (posts_in_a_table, sidebar_of_a_table)


@pytest.fixture(scope="module")
def office_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Streams]]:
    folder = tmp_path_factory.mktemp("office")
    streams = {
        f"{make.__name__}-{life.language}": make(life, folder / f"{make.__name__}-{life.language}.docx")
        for make in LAYOUTS
        for life in ALL
    }
    return converted_together(sorted(folder.glob("*.docx")), "pdf"), streams


@pytest.mark.parametrize("life", ALL, ids=lambda life: life.language)
@pytest.mark.parametrize("layout", [make.__name__ for make in LAYOUTS])
def test_a_pdf_of_a_word_processor_is_read_as_it_is_meant(
    office_files: tuple[Path, dict[str, Streams]], layout: str, life: Life
) -> None:
    folder, streams = office_files
    check(streams[f"{layout}-{life.language}"], opened(folder / f"{layout}-{life.language}.pdf"))


# Pango


def library(name: str) -> ctypes.CDLL:
    path = ctypes.util.find_library(name)
    return ctypes.CDLL(path) if path else pytest.skip(f"{name} is not installed")


class Sheet:
    """A page of A4 on which Pango sets paragraphs."""

    def __init__(self, path: Path) -> None:
        self.cairo, self.pango, self.both = library("cairo"), library("pango-1.0"), library("pangocairo-1.0")
        makers = (self.cairo.cairo_pdf_surface_create, self.cairo.cairo_create)
        for function in (
            *makers,
            self.both.pango_cairo_create_layout,
            self.pango.pango_font_description_from_string,
        ):
            function.restype = ctypes.c_void_p
        size = (ctypes.c_double(595.0), ctypes.c_double(842.0))
        self.surface = ctypes.c_void_p(self.cairo.cairo_pdf_surface_create(bytes(path), *size))
        self.context = ctypes.c_void_p(self.cairo.cairo_create(self.surface))

    def set(self, text: str, x: float, y: float, width: float) -> float:
        """The y below what was set."""
        layout = ctypes.c_void_p(self.both.pango_cairo_create_layout(self.context))
        font = ctypes.c_void_p(self.pango.pango_font_description_from_string(b"DejaVu Sans 10"))
        self.pango.pango_layout_set_text(layout, text.encode(), -1)
        self.pango.pango_layout_set_font_description(layout, font)
        self.pango.pango_layout_set_width(layout, int(width * 1024))
        self.pango.pango_layout_set_justify(layout, int(len(text) > 60))
        self.cairo.cairo_move_to(self.context, ctypes.c_double(x), ctypes.c_double(y))
        self.both.pango_cairo_show_layout(self.context, layout)
        across, down = ctypes.c_int(), ctypes.c_int()
        self.pango.pango_layout_get_pixel_size(layout, ctypes.byref(across), ctypes.byref(down))
        return y + down.value + 5

    def close(self) -> None:
        self.cairo.cairo_destroy(self.context)
        self.cairo.cairo_surface_finish(self.surface)


@pytest.mark.parametrize("life", ALL, ids=lambda life: life.language)
def test_running_text_set_by_pango_is_read_whole(life: Life, tmp_path: Path) -> None:
    posts = [text for post in (*life.posts, *life.education) for text in (post.title, post.dates, post.text)]
    texts = (life.name, *life.contact, life.heads[1], life.profile, life.heads[2], *posts)
    sheet, y = Sheet(tmp_path / "cv.pdf"), 40.0
    for text in texts:
        y = sheet.set(text, 50, y, 495)
    sheet.close()
    check(("\n".join(texts),), opened(tmp_path / "cv.pdf"))


@pytest.mark.parametrize("life", ALL, ids=lambda life: life.language)
def test_dates_beside_posts_set_by_pango_are_read_with_them(life: Life, tmp_path: Path) -> None:
    left, right = (50, 160) if life.direction == "ltr" else (445, 50)
    sheet, y = Sheet(tmp_path / "cv.pdf"), 60.0
    for post in (*life.posts, *life.education):
        sheet.set(post.dates, left, y, 100)
        y = sheet.set(f"{post.title}\n{post.text}", right, y, 385) + 6
    sheet.close()
    check(tuple(post.all for post in (*life.posts, *life.education)), opened(tmp_path / "cv.pdf"))
