"""Cells show what Excel shows: a date, a telephone number with all its digits."""

from pathlib import Path

import pytest
import xlwt

from extraction.read import ReadLimits, read
from extraction.readers import sheets
from tests.unit.extraction.readers.making import hidden, rows, texts

XLS = "application/vnd.ms-excel"
NINTH = "s:Index='9'"


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (243999000111.0, "General", "243999000111"),
        (2.43999000111e11, "0.00E+00", "243999000111"),
        (612345678.0, "00 00 00 00 00", "06 12 34 56 78"),
        (612345678.0, '0#" "##" "##" "##" "##', "06 12 34 56 78"),
        (2125550123.0, "(000) 000-0000", "(212) 555-0123"),
        (42.0, "00000", "00042"),
        (0.8, "0%", "80%"),
        (2012.0, "#,##0", "2012"),
        (3.5, "General", "3.5"),
        (7.5, "0.0", "7.5"),
        (41395.0, "dd/mm/yyyy", "2013-05-01"),
        (41395.0, "[$-40C]d mmmm yyyy", "2013-05-01"),
        (41395.0, "mmm-yy", "2013-05"),
        (41395.0, "yyyy", "2013"),
        (41395.5, "yyyy-mm-dd hh:mm", "2013-05-01 12:00"),
        (0.75, "h:mm", "18:00"),
        (-5.0, "0", "-5"),
        (1e300, "yyyy", "1e+300"),
    ],
)
def test_a_number_is_shown_as_its_format_says(number: float, code: str, shown: str) -> None:
    assert sheets.value(number, code) == shown


def test_dates_of_old_macs_count_from_1904() -> None:
    assert sheets.value(39933.0, "yyyy-mm-dd", of_mac=True) == "2013-05-01"


def workbook(path: Path) -> tuple[xlwt.Workbook, xlwt.Worksheet]:
    book = xlwt.Workbook()
    return book, book.add_sheet("P11")


def test_a_workbook_of_excel_97_is_read(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    for column, text in enumerate(("Language", "", "Spoken")):
        sheet.write(0, column, text)
    sheet.write(1, 0, "Árabe")
    sheet.write(1, 2, 243999000111)
    sheet.write(2, 2, 41395, xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    book.save(str(tmp_path / "p11"))
    document = read(tmp_path / "p11", media_type=XLS, limits=ReadLimits())
    assert rows(document) == [("Language", "Spoken"), ("Árabe", "243999000111")]
    assert texts(document)[-1] == "2013-05-01"


def test_hidden_rows_columns_and_sheets_go_apart(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    for row, column, text in ((0, 0, "seen"), (0, 1, "column"), (1, 0, "row")):
        sheet.write(row, column, text)
    sheet.col(1).hidden = True
    sheet.row(1).hidden = True
    other = book.add_sheet("List")
    other.write(0, 0, "sheet")
    other.visibility = 1
    book.save(str(tmp_path / "p11"))
    document = read(tmp_path / "p11", media_type=XLS, limits=ReadLimits())
    assert texts(document) == ["seen"]
    cells = "it stands in a hidden row or column"
    assert hidden(document) == {"column": cells, "row": cells, "sheet": "it stands on a hidden sheet"}


def test_several_sheets_stand_under_their_names(tmp_path: Path) -> None:
    book, sheet = workbook(tmp_path)
    sheet.write(0, 0, "Rana Khoury")
    book.add_sheet("Empty")
    book.add_sheet("Languages").write(0, 0, "Arabic")
    book.save(str(tmp_path / "p11"))
    document = read(tmp_path / "p11", media_type=XLS, limits=ReadLimits())
    assert texts(document) == ["P11", "Rana Khoury", "Languages", "Arabic"]


def test_a_workbook_in_one_file_of_xml_is_read(tmp_path: Path) -> None:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    cell = "<Cell {}><Data s:Type='{}'>{}</Data></Cell>".format
    sheet = "<Worksheet s:Name='{}'><Table>{}</Table>{}</Worksheet>".format
    shown = (
        f"<Row>{cell('', 'String', 'Born')}{cell(NINTH, 'DateTime', '1979-05-12T00:00:00.000')}</Row>"
        f"<Row>{cell('', 'String', 'Phone')}{cell(NINTH, 'Number', '2.43999000111E+11')}</Row>"
        f"<Row s:Hidden='1'>{cell('', 'String', 'folded')}</Row>"
    )
    state = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    sheets_of = sheet("P11", shown, "") + sheet("List", f"<Row>{cell('', 'String', 'choices')}</Row>", state)
    path = tmp_path / "p11"
    path.write_text(f"<?xml version='1.0'?><Workbook xmlns='{name}' xmlns:s='{name}'>{sheets_of}</Workbook>")
    document = read(path, media_type="application/x-excel-xml", limits=ReadLimits())
    assert rows(document) == [("Born", "1979-05-12"), ("Phone", "243999000111")]
    assert hidden(document) == {
        "folded": "it stands in a hidden row or column", "choices": "it stands on a hidden sheet",
    }  # fmt: skip
    path.write_text(path.read_text()[:-300])
    assert read(path, media_type="application/x-excel-xml", limits=ReadLimits()).problems
