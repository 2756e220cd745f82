from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import block, pdf, rows, texts, wrapped

LIMITS = ReadLimits()
PDF = "application/pdf"
LONG = (
    "Coordinated the return of two thousand families after the floods, wrote the manual of the reception centres and "
    "trained the staff of four provinces in registration, referral and the identification of people at risk."
)
OTHER = (
    "Negotiated the reopening of the border crossing with three ministries, moved the waiting area into the shade and "
    "had a hotline answered in five languages by people who had crossed there themselves."
)


def test_running_text_is_made_whole_and_headings_show_by_size(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(50, 780, "Amina Diallo")
        canvas.setFont("Helvetica", 10)
        wrapped(canvas, LONG, x=50, y=750, width=400)
        canvas.drawString(50, 690, "Languages")
        canvas.drawString(50, 676, "• Wolof")

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS)
    assert texts(document) == ["Amina Diallo", LONG, "Languages", "Wolof"]
    assert block(document, "Amina").kind is BlockKind.HEADING
    assert block(document, "Wolof").kind is BlockKind.LIST_ITEM
    assert document.pages == 1
    assert {b.page for b in document.blocks} == {1}


@pytest.mark.parametrize("interleaved", [False, True])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, interleaved: bool) -> None:
    """Also where the producer wrote line by line over both columns, so that only the gutter tells."""

    def page(canvas: Canvas) -> None:
        lines: list[tuple[float, float, str]] = []

        def keep(x: float, y: float, text: str) -> None:
            lines.append((x, y, text))

        real, canvas.drawString = canvas.drawString, keep  # type: ignore[method-assign]
        wrapped(canvas, f"{LONG} {LONG}", x=50, y=750, width=220)
        wrapped(canvas, f"{OTHER} {OTHER}", x=310, y=750, width=220)
        canvas.drawString = real  # type: ignore[method-assign]
        for x, y, text in sorted(lines, key=lambda line: -line[1]) if interleaved else lines:
            canvas.drawString(x, y, text)

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS)
    assert texts(document) == [f"{LONG} {LONG}", f"{OTHER} {OTHER}"]
    assert [b.column for b in document.blocks] == [0, 1]


def test_a_language_grid_is_read_by_rows(tmp_path: Path) -> None:
    grid = [("", "Listening", "Reading"), ("English", "C1", "C2"), ("French", "B2", ""), ("Arabic", "A1", "A2")]

    def page(canvas: Canvas) -> None:
        wrapped(canvas, LONG, x=50, y=780, width=450)
        for number, row in enumerate(grid):
            for column, cell in enumerate(row):
                canvas.drawString(50 + 150 * column, 700 - 18 * number, cell)
        wrapped(canvas, OTHER, x=50, y=600, width=450)

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS)
    assert rows(document) == grid
    assert texts(document)[0] == LONG
    assert texts(document)[-1] == OTHER


def test_dates_in_the_margin_stay_with_their_posts(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = 750.0
        for dates, post in (("2010–2014", LONG), ("2014–2018", OTHER), ("since 2018", LONG)):
            canvas.drawString(50, y, dates)
            y = wrapped(canvas, post, x=150, y=y, width=380) - 8

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS)
    assert rows(document) == [("2010–2014", LONG), ("2014–2018", OTHER), ("since 2018", LONG)]


def test_dates_at_half_height_of_their_posts_stay_with_them(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = 750.0
        for dates, post in (("2010–2014", LONG), ("2014–2018", OTHER), ("since 2018", LONG)):
            canvas.drawString(50, y - 6.5, dates)
            y = wrapped(canvas, post, x=150, y=y, width=380) - 8

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS)
    assert rows(document) == [("2010–2014", LONG), ("2014–2018", OTHER), ("since 2018", LONG)]


def test_headers_repeated_on_each_page_are_read_once(tmp_path: Path) -> None:
    def page(number: int) -> object:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(50, 810, "CV of Amina Diallo")
            canvas.drawString(270, 30, f"Page {number} of 3")
            wrapped(canvas, LONG if number % 2 else OTHER, x=50, y=700, width=400)

        return draw

    document = read(pdf(tmp_path / "cv", *(page(n) for n in (1, 2, 3))), media_type=PDF, limits=LIMITS)  # type: ignore[arg-type]
    assert texts(document, BlockKind.HEADER) == ["CV of Amina Diallo", "Page 1 of 3"]
    assert texts(document, BlockKind.PARAGRAPH) == [LONG, OTHER, LONG]
    assert [b.page for b in document.blocks if b.kind is BlockKind.PARAGRAPH] == [1, 2, 3]


def test_list_items_set_apart_by_space_are_not_joined(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = 750.0
        for text in ("English full professional", "Arabic good working knowledge of all", "French elementary only now"):
            y = wrapped(canvas, text, x=50, y=y, width=90, leading=12) - 5

    document = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS)
    assert texts(document) == [
        "English full professional",
        "Arabic good working knowledge of all",
        "French elementary only now",
    ]


def test_each_block_tells_its_place_in_shares_of_the_page(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        wrapped(canvas, LONG, x=59.5, y=757.8, width=240)
        for x, cell in ((59.5, "English"), (297.5, "C2")):
            canvas.drawString(x, 421, cell)

    paragraph, row = read(pdf(tmp_path / "cv", page), media_type=PDF, limits=LIMITS).blocks
    assert paragraph.box and row.box
    assert paragraph.box.left == pytest.approx(0.1, abs=0.005)
    assert paragraph.box.right == pytest.approx(0.1 + 240 / 595, abs=0.06)
    assert paragraph.box.top < 0.1 < paragraph.box.bottom
    assert (row.box.left, row.box.right) == pytest.approx((0.1, 0.5 + 13 / 595), abs=0.005)
    assert row.box.top < 0.5 < row.box.bottom


def sample(tmp_path: Path) -> Path:
    return pdf(tmp_path / "sample", lambda canvas: (wrapped(canvas, LONG, x=50, y=750, width=400), None)[1])


def encrypted(path: Path, *, user: str) -> Path:
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())
    return path


def test_an_owner_password_alone_does_not_stop_the_reader(tmp_path: Path) -> None:
    document = read(encrypted(sample(tmp_path), user=""), media_type=PDF, limits=LIMITS)
    assert texts(document) == [LONG]


def test_a_user_password_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="protected by a password"):
        read(encrypted(sample(tmp_path), user="secret"), media_type=PDF, limits=LIMITS)


def test_a_broken_cross_reference_is_repaired(tmp_path: Path) -> None:
    path = sample(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"xref\n")])
    assert texts(read(path, media_type=PDF, limits=LIMITS)) == [LONG]


def test_a_file_cut_off_in_the_middle_is_told(tmp_path: Path) -> None:
    path = sample(tmp_path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(Unreadable, match="damaged"):
        read(path, media_type=PDF, limits=LIMITS)


def test_pages_over_the_limit_are_left_out_and_named(tmp_path: Path) -> None:
    path = pdf(tmp_path / "cv", *(lambda canvas: canvas.drawString(50, 700, LONG[:80]) for _ in range(3)))
    document = read(path, media_type=PDF, limits=ReadLimits(pages=2))
    assert document.pages == 3
    assert document.problems == ("only the first 2 of 3 pages were read",)
    assert {b.page for b in document.blocks} == {1, 2}


def test_what_was_filled_into_a_form_is_read_beside_its_label(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "Family name:")
        canvas.acroForm.textfield(name="n", value="Teklemariam", x=150, y=694, width=200, height=18, fontSize=10)

    document = read(pdf(tmp_path / "p11", page), media_type=PDF, limits=LIMITS)
    assert rows(document) == [("Family name:", "Teklemariam")]


def test_a_file_cut_off_anywhere_gives_text_or_a_stated_reason(tmp_path: Path) -> None:
    path = sample(tmp_path)
    whole = path.read_bytes()
    outcomes = set()
    for cut in range(200, len(whole), 150):
        path.write_bytes(whole[:cut])
        try:
            outcomes.add(texts(read(path, media_type=PDF, limits=LIMITS))[0][:20])
        except Unreadable as error:
            outcomes.add(str(error))
    assert outcomes <= {
        LONG[:20],
        "the PDF is damaged or cut off",
        "the PDF is damaged: it has no page that can be read",
        "the file holds no text",
    }
