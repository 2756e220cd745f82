from pathlib import Path

import pytest

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from extraction.readers.plain import read_text
from tests.unit.extraction.readers.making import kinds, rows, texts

LIMITS = ReadLimits()
WRAPPED = """\
Twenty years between newsroom, foreign ministry and civil protection. I write
plans that fit on one sheet and then I make people rehearse them until they are
bored, and then once more without the sheet in front of them, in the dark and
under time pressure.

Languages
- Icelandic, mother tongue; learned from a grandmother who never spoke anything
  else
- English
"""


def test_lines_broken_by_their_width_are_made_whole() -> None:
    document = read_text(WRAPPED, LIMITS)
    assert len(document.blocks) == 4
    assert document.blocks[0].text.endswith("in the dark and under time pressure.")
    assert texts(document)[1:] == [
        "Languages",
        "Icelandic, mother tongue; learned from a grandmother who never spoke anything else",
        "English",
    ]
    assert kinds(document)[2:] == [BlockKind.LIST_ITEM, BlockKind.LIST_ITEM]


def test_short_lines_stay_apart() -> None:
    assert texts(read_text("Amina Diallo\nDakar\nSenegal\n", LIMITS)) == ["Amina Diallo", "Dakar", "Senegal"]


def test_columns_of_white_space_are_rows() -> None:
    text = "LANGUAGES\nEnglish      C1      C2\nFrench       B2      B1\n\n2010-2014\tAdviser\n"
    document = read_text(text, LIMITS)
    assert rows(document) == [("English", "C1", "C2"), ("French", "B2", "B1"), ("2010-2014", "Adviser")]


def test_the_last_cell_of_a_row_goes_on_below_itself() -> None:
    long = "Project manager in the Department of Civil Protection and\n                  Emergency Management"
    text = f"2008, Sept. ->    {long}\n{'x' * 76}\n{'y' * 76}\n{'z' * 74}\n"
    assert rows(read_text(text, LIMITS))[0] == (
        "2008, Sept. ->",
        "Project manager in the Department of Civil Protection and Emergency Management",
    )


def test_rulers_are_no_text() -> None:
    assert texts(read_text("Name\n=====\n-----\nText\n* * *\n", LIMITS)) == ["Name", "Text"]


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Резюме: опыт работы в миграционной службе", "koi8-r"),
        ("السيرة الذاتية والخبرات المهنية في مجال الهجرة", "windows-1256"),
        ("Expérience auprès des réfugiés, été 2015", "iso-8859-15"),
        ("Ñandú, señal de alerta temprana", "utf-16"),
    ],
)
def test_the_charset_is_found(tmp_path: Path, text: str, charset: str) -> None:
    path = tmp_path / "cv"
    path.write_bytes(text.encode(charset))
    assert texts(read(path, media_type="text/plain", limits=LIMITS)) == [text]


def test_bytes_that_are_no_text_are_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "cv"
    path.write_bytes(b"\x01\x00\x00\x00\x07\x00\x00\x00abc" * 50)
    with pytest.raises(Unreadable):
        read(path, media_type="text/plain", limits=LIMITS)


def test_a_type_without_a_reader_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cv"
    path.write_bytes(b"x")
    with pytest.raises(Unreadable, match="application/x-unknown"):
        read(path, media_type="application/x-unknown", limits=LIMITS)
