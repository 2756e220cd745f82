"""Tables of PDFs: the row and the column of each cell, whatever is empty and in whatever order it was painted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from extraction.read import ReadLimits, read
from extraction.readers.rulings import Rule, grids
from tests.unit.extraction.readers.making import pdf, rows, texts, wrapped

LIMITS = ReadLimits()
Cells = list[tuple[str, ...]]
GRID: Cells = [
    ("", "Listening", "Reading", "Speaking", "Writing"),
    ("English", "C1", "C2", "", "C1"),
    ("French", "B2", "", "B1", ""),
    ("Arabic", "", "A2", "", "A1"),
    ("Wolof", "native", "", "native", ""),
]
POSTS: Cells = [
    ("2010–2014", "Ministry of Interior", "", "Legal adviser"),
    ("2014–2018", "", "Geneva", "Head of unit"),
    ("2018–2020", "IOM", "Dakar", ""),
    ("", "UNHCR", "Bamako", "Officer"),
]
WIDE, HIGH = 100.0, 18.0
PROSE = "Coordinated the return of two thousand families after the floods and wrote the manual of the centres."
PAINTED: dict[str, Callable[[tuple[int, int]], tuple[int, ...]]] = {
    "row by row": lambda place: place,
    "from right to left": lambda place: (place[0], -place[1]),
    "from the foot up": lambda place: (-place[0], place[1]),
    "column by column": lambda place: (place[1], place[0]),
}


def cells(canvas: Canvas, table: Cells, painted: str, *, centred: bool = False) -> None:
    places = [(row, column) for row, line in enumerate(table) for column, _ in enumerate(line)]
    for row, column in sorted(places, key=PAINTED[painted]):
        draw = canvas.drawCentredString if centred else canvas.drawString
        draw(54 + WIDE * (column + 0.5 * centred), 688 - HIGH * row, table[row][column])


def ruled(canvas: Canvas, table: Cells) -> None:
    foot, end = 700 - HIGH * len(table), 50 + WIDE * len(table[0])
    for row in range(len(table) + 1):
        canvas.line(50, 700 - HIGH * row, end, 700 - HIGH * row)
    for column in range(len(table[0]) + 1):
        canvas.line(50 + WIDE * column, 700, 50 + WIDE * column, foot)


@pytest.mark.parametrize("painted", PAINTED)
@pytest.mark.parametrize("table", [GRID, POSTS], ids=["grid", "posts"])
def test_a_ruled_table_keeps_its_empty_cells_in_whatever_order_it_was_painted(
    tmp_path: Path, table: Cells, painted: str
) -> None:
    def page(canvas: Canvas) -> None:
        wrapped(canvas, PROSE, x=50, y=760, width=450)
        ruled(canvas, table)
        cells(canvas, table, painted)

    document = read(pdf(tmp_path / "cv", page), media_type="application/pdf", limits=LIMITS)
    assert rows(document) == table
    assert texts(document)[0] == PROSE


@pytest.mark.parametrize("painted", ["row by row", "from right to left"])
@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("table", [GRID, POSTS], ids=["grid", "posts"])
def test_a_table_without_lines_keeps_its_empty_cells(tmp_path: Path, table: Cells, centred: bool, painted: str) -> None:
    document = read(
        pdf(tmp_path / "cv", lambda canvas: cells(canvas, table, painted, centred=centred)),
        media_type="application/pdf",
        limits=LIMITS,
    )
    assert rows(document) == table


def test_a_head_over_several_columns_does_not_join_them(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(54, 706, "Language")
        canvas.drawString(160, 706, "Understanding and comprehension")
        canvas.drawString(400, 706, "Writing")
        for number, row in enumerate(
            [("English", "C1", "", "B2"), ("French", "", "B1", "A2"), ("Fula", "C2", "C2", "")]
        ):
            for x, cell in zip((54, 160, 280, 400), row, strict=True):
                canvas.drawString(x, 688 - HIGH * number, cell)

    document = read(pdf(tmp_path / "cv", page), media_type="application/pdf", limits=LIMITS)
    assert rows(document)[1:] == [("English", "C1", "", "B2"), ("French", "", "B1", "A2"), ("Fula", "C2", "C2", "")]


def test_cells_at_half_the_height_of_their_row_stand_in_it(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for x, head in ((54, "Language"), (160, "Spoken"), (300, "Level")):
            canvas.drawString(x, 740, head)
        for y, name, said, level in ((722, "English", "daily with donors", "C1"), (690, "Fula", "at home", "C2")):
            canvas.drawString(54, y - 6, name)
            canvas.drawString(160, y, said)
            canvas.drawString(160, y - 12, "and in the field")
            canvas.drawString(300, y - 6, level)

    document = read(pdf(tmp_path / "cv", page), media_type="application/pdf", limits=LIMITS)
    assert rows(document) == [
        ("Language", "Spoken", "Level"),
        ("English", "daily with donors and in the field", "C1"),
        ("Fula", "at home and in the field", "C2"),
    ]


def test_boxes_beside_each_other_are_no_table(tmp_path: Path) -> None:
    """Each is read to its end before the next, as their text was painted."""

    def page(canvas: Canvas) -> None:
        for column, head in enumerate(("Profile", "Experience")):
            canvas.rect(50 + 260 * column, 600, 240, 120)
            canvas.drawString(60 + 260 * column, 700, head)
            wrapped(canvas, PROSE, x=60 + 260 * column, y=684, width=200)

    document = read(pdf(tmp_path / "cv", page), media_type="application/pdf", limits=LIMITS)
    assert texts(document) == ["Profile", PROSE, "Experience", PROSE]


def crossing(xs: tuple[float, ...], ys: tuple[float, ...]) -> list[Rule]:
    level = [Rule(False, y, xs[0], xs[-1]) for y in ys]
    return level + [Rule(True, x, ys[0], ys[-1]) for x in xs]


def test_lines_drawn_for_each_cell_apart_make_one_table() -> None:
    pieces = [
        Rule(upright, at, start + n * (end - start) / 3 + 0.5, start + (n + 1) * (end - start) / 3 - 0.5)
        for upright, at, start, end in crossing((0, 30, 60, 90), (0, 30, 60, 90))
        for n in range(3)
    ]
    (grid,) = grids(pieces)
    assert (len(grid.xs), len(grid.ys)) == (4, 4)


def test_lines_that_do_not_meet_make_no_table() -> None:
    assert grids([Rule(False, 100.0 * n, 50, 500) for n in range(5)]) == []
    assert grids([Rule(True, 200, 0, 800), Rule(False, 100, 220, 500), Rule(False, 300, 220, 500)]) == []


def test_a_line_from_a_heading_to_the_edge_of_a_sidebar_makes_no_table() -> None:
    assert grids([Rule(True, 200, 0, 800), *(Rule(False, y, 200, 500) for y in (100.0, 300.0, 500.0))]) == []


def test_gaps_of_justified_lines_in_a_ruled_cell_part_nothing(tmp_path: Path) -> None:
    said = ("towns and  ", "camps,     tents,", "water,   kitchens")

    def page(canvas: Canvas) -> None:
        for row in range(3):
            canvas.line(50, 700 - 60 * row, 350, 700 - 60 * row)
        for x in (50, 200, 350):
            canvas.line(x, 700, x, 580)
        for row, period in enumerate(("2012–2014", "2014–2018")):
            canvas.drawString(54, 684 - 60 * row, period)
            for number, line in enumerate(said):
                for place, word in enumerate(line.split()):
                    canvas.drawString(204 + (55 + 15 * number) * place, 684 - 60 * row - 13 * number, word)

    document = read(pdf(tmp_path / "cv", page), media_type="application/pdf", limits=LIMITS)
    whole = "towns and camps, tents, water, kitchens"
    assert rows(document) == [("2012–2014", whole), ("2014–2018", whole)]
