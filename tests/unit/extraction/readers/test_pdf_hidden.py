"""What a PDF does not show is kept apart; what it shows is never lost for being drawn in an unusual way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from domain.profile import DocumentText
from extraction.read import ReadLimits, read
from extraction.readers import concealment, pdf_unseen
from tests.unit.extraction.readers.making import pdf, texts, wrapped

PDF = "application/pdf"
SHOWN = (
    "Coordinated the return of two thousand families after the floods, wrote the manual of the reception centres and "
    "trained the staff of four provinces in registration, referral and the identification of people at risk. "
)
STUFFED = "counter trafficking consular border humanitarian"


def read_page(tmp_path: Path, draw: Callable[[Canvas], None]) -> DocumentText:
    def page(canvas: Canvas) -> None:
        wrapped(canvas, SHOWN * 2, x=50, y=780, width=450)
        draw(canvas)

    return read(pdf(tmp_path / "cv", page), media_type=PDF, limits=ReadLimits())


def picture(colour: str) -> ImageReader:
    return ImageReader(Image.new("RGB", (20, 20), colour))


def white_on_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 500, STUFFED)


def nearly_white_on_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.97, 0.97, 0.98)
    canvas.drawString(50, 500, STUFFED)


def dark_on_the_same_dark(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.3)
    canvas.rect(40, 480, 400, 60, fill=1, stroke=0)
    canvas.drawString(50, 500, STUFFED)


def behind_the_words_of_a_line(canvas: Canvas) -> None:
    canvas.drawString(50, 500, "Amina")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(85, 500, STUFFED)


def never_painted(canvas: Canvas) -> None:
    text = canvas.beginText(50, 500)
    text.setTextRenderMode(3)
    text.textOut(STUFFED)
    canvas.drawText(text)


def under_a_white_box(canvas: Canvas) -> None:
    canvas.drawString(50, 500, STUFFED)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(40, 480, 400, 60, fill=1, stroke=0)


def under_a_picture(canvas: Canvas) -> None:
    canvas.drawString(50, 500, STUFFED)
    canvas.drawImage(picture("navy"), 40, 480, 400, 60)


def cut_away(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 30, 30)
    canvas.clipPath(path, stroke=0, fill=0)
    canvas.drawString(50, 500, STUFFED)


def of_one_point(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(50, 500, STUFFED)


def beyond_the_edge(canvas: Canvas) -> None:
    canvas.drawString(700, 500, STUFFED)


def wholly_transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.02)
    canvas.drawString(50, 500, STUFFED)


HIDDEN = [
    (white_on_white, concealment.SAME_COLOUR),
    (nearly_white_on_white, concealment.SAME_COLOUR),
    (dark_on_the_same_dark, concealment.SAME_COLOUR),
    (behind_the_words_of_a_line, concealment.SAME_COLOUR),
    (wholly_transparent, concealment.SAME_COLOUR),
    (never_painted, concealment.INVISIBLE),
    (under_a_white_box, pdf_unseen.COVERED),
    (under_a_picture, pdf_unseen.COVERED),
    (cut_away, pdf_unseen.CUT),
    (of_one_point, concealment.TOO_SMALL),
    (beyond_the_edge, concealment.OUTSIDE),
]


@pytest.mark.parametrize(("draw", "reason"), HIDDEN, ids=[draw.__name__ for draw, _ in HIDDEN])
def test_what_is_not_seen_is_kept_apart_with_its_reason(
    tmp_path: Path, draw: Callable[[Canvas], None], reason: str
) -> None:
    document = read_page(tmp_path, draw)
    assert [(one.text, one.reason, one.page) for one in document.hidden] == [(STUFFED, reason, 1)]
    assert "consular" not in document.text
    assert texts(document)[0] == (SHOWN * 2).strip()


def white_on_a_banner(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.3)
    canvas.rect(40, 480, 400, 60, fill=1, stroke=0)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 500, STUFFED)


def white_on_a_picture(canvas: Canvas) -> None:
    canvas.drawImage(picture("navy"), 40, 480, 400, 60)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 500, STUFFED)


def white_on_a_thick_line(canvas: Canvas) -> None:
    canvas.setLineWidth(40)
    canvas.line(40, 504, 500, 504)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 500, STUFFED)


def white_with_an_outline(canvas: Canvas) -> None:
    text = canvas.beginText(50, 500)
    canvas.setFillColorRGB(1, 1, 1)
    text.setTextRenderMode(2)
    text.textOut(STUFFED)
    canvas.drawText(text)


def in_light_grey(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.75, 0.75, 0.75)
    canvas.drawString(50, 500, STUFFED)


def under_coloured_glass(canvas: Canvas) -> None:
    canvas.drawString(50, 500, STUFFED)
    canvas.setFillColorRGB(1, 1, 0)
    canvas.setFillAlpha(0.4)
    canvas.rect(40, 480, 400, 60, fill=1, stroke=0)


def in_a_frame_drawn_last(canvas: Canvas) -> None:
    canvas.drawString(50, 500, STUFFED)
    canvas.rect(40, 480, 400, 60, fill=0, stroke=1)


def in_a_scaled_space(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.scale(10, 10)
    canvas.drawString(5, 50, STUFFED)


@pytest.mark.parametrize(
    "draw",
    [
        white_on_a_banner, white_on_a_picture, white_on_a_thick_line, white_with_an_outline, in_light_grey,
        under_coloured_glass, in_a_frame_drawn_last, in_a_scaled_space,
    ],
)  # fmt: skip
def test_what_is_seen_is_read(tmp_path: Path, draw: Callable[[Canvas], None]) -> None:
    document = read_page(tmp_path, draw)
    assert document.hidden == ()
    assert texts(document)[-1] == STUFFED


def test_the_invisible_text_over_a_scan_is_its_text(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawImage(picture("white"), 0, 0, 595, 842)
        text = canvas.beginText(50, 700)
        text.setTextRenderMode(3)
        for line in (SHOWN[:90], SHOWN[90:180], STUFFED, SHOWN[:90], SHOWN[90:180]):
            text.textLine(line)
        canvas.drawText(text)

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=ReadLimits())
    assert STUFFED in document.text
    assert document.hidden == ()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_is_shown_turned_reads_as_it_is_shown(tmp_path: Path, quarters: int) -> None:
    """A scanner or a landscape page: the text is drawn sideways, and the page turned back (ISO 32000-1 §7.7.3.3)."""

    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(90 * quarters)
        canvas.translate(*[(842, 0), (595, 842), (0, 595)][quarters - 1])
        canvas.rotate(90 * quarters)
        y = wrapped(canvas, SHOWN, x=60, y=500, width=400)
        canvas.drawString(60, y - 30, "English")
        canvas.drawString(260, y - 30, "C2")

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=ReadLimits())
    assert texts(document) == [SHOWN.strip(), "English | C2"]
    assert document.blocks[0].box
    assert document.blocks[0].box.left == pytest.approx(60 / 595, abs=0.01)


def test_a_name_up_the_margin_is_read_whole_and_apart(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(30, 400)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 18)
        canvas.drawString(0, 0, "Amina B Diallo")

    document = read_page(tmp_path, draw)
    assert texts(document) == [(SHOWN * 2).strip(), "Amina B Diallo"]
    box = document.blocks[1].box
    assert box
    assert box.right < 0.08
    assert box.bottom == pytest.approx((842 - 400) / 842, abs=0.01)


def test_a_page_with_its_corner_elsewhere_is_read_in_place(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((40, 400, 595, 842))
        canvas.drawString(50, 380, STUFFED)  # below the part that is shown

    document = read_page(tmp_path, draw)
    assert [one.reason for one in document.hidden] == [concealment.OUTSIDE]
    assert document.blocks[0].box
    assert document.blocks[0].box.left == pytest.approx(10 / 555, abs=0.005)


def with_layer(path: Path, *, switched_on: bool) -> Path:
    """Its marked content /Layer as an optional content group (ISO 32000-1 §8.11)."""
    writer = PdfWriter(clone_from=PdfReader(path))
    group = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("Notes")})
    )
    writer.pages[0]["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/Layer"): group})  # type: ignore[index]
    state = DictionaryObject({NameObject("/ON" if switched_on else "/OFF"): ArrayObject([group])})
    groups = DictionaryObject({NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): state})
    writer.root_object[NameObject("/OCProperties")] = groups
    writer.write(path)
    return path


@pytest.mark.parametrize("switched_on", [False, True])
def test_a_layer_is_read_where_it_is_switched_on_only(tmp_path: Path, switched_on: bool) -> None:
    def page(canvas: Canvas) -> None:
        wrapped(canvas, SHOWN * 2, x=50, y=780, width=450)
        canvas.addLiteral("/OC /Layer BDC")
        canvas.drawString(50, 500, STUFFED)
        canvas.addLiteral("EMC")

    path = with_layer(pdf(tmp_path / "cv", page), switched_on=switched_on)
    document = read(path, media_type=PDF, limits=ReadLimits())
    told = [] if switched_on else [(STUFFED, pdf_unseen.LAYER, 1)]
    assert [(one.text, one.reason, one.page) for one in document.hidden] == told
    assert (STUFFED in document.text) == switched_on
