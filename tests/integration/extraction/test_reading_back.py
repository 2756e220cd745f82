"""What is put into a document must come out: the share of the words read, and of neighbours still neighbours."""

from pathlib import Path

import pytest

from domain.profile import BlockKind, DocumentText
from extraction.read import ReadLimits, read
from tests.integration.extraction.cvs import ALL, ARABIC, EASTERN, ENGLISH, FRENCH, RUSSIAN, Cv
from tests.integration.extraction.making import converted_by_office, missing, order, printed_by_chromium, recall

LIMITS = ReadLimits()
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "html": "text/html",
    "txt": "text/plain",
}
FILTERS = {"odt": "writer8", "docx": "MS Word 2007 XML", "doc": "MS Word 97", "rtf": "Rich Text Format"}
by_language = pytest.mark.parametrize("cv", ALL, ids=lambda cv: cv.language)


def check(expected: str, found: DocumentText, *, least: float, in_order: float | None = None) -> None:
    assert recall(expected, found.text) >= least, missing(expected, found.text)
    assert order(expected, found.text) >= (least if in_order is None else in_order), found.text


def office_file(cv: Cv, ending: str, folder: Path) -> Path:
    source = folder / "cv.html"
    source.write_text(cv.html, encoding="utf-8")
    return converted_by_office(source, ending, filter_name=FILTERS.get(ending, ""))


@by_language
def test_html_comes_back_whole(cv: Cv, tmp_path: Path) -> None:
    path = tmp_path / "cv.html"
    path.write_text(cv.html, encoding="utf-8")
    check(cv.text, read(path, media_type=TYPES["html"], limits=LIMITS), least=1.0)


@by_language
def test_plain_text_in_an_undeclared_charset_comes_back_whole(cv: Cv, tmp_path: Path) -> None:
    path = tmp_path / "cv.txt"
    typed = cv.text.replace("—", "-").replace("“", '"').replace("”", '"').replace("–", "-").replace("’", "'")
    path.write_bytes(typed.encode(cv.charset, "replace"))
    found = read(path, media_type=TYPES["txt"], limits=LIMITS)
    check(typed.encode(cv.charset, "replace").decode(cv.charset), found, least=0.99)


@by_language
def test_a_pdf_printed_by_a_browser_comes_back(cv: Cv, tmp_path: Path) -> None:
    found = read(printed_by_chromium(cv.html, tmp_path), media_type=TYPES["pdf"], limits=LIMITS)
    check(cv.text, found, least=0.99, in_order=0.97)
    assert [block.cells for block in found.blocks if block.kind is BlockKind.ROW] == list(cv.grid)


@pytest.mark.slow
@by_language
@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_files_of_a_word_processor_come_back_whole(cv: Cv, ending: str, tmp_path: Path) -> None:
    found = read(office_file(cv, ending, tmp_path), media_type=TYPES[ending], limits=LIMITS)
    check(cv.text, found, least=0.99)
    assert [block.cells for block in found.blocks if block.kind is BlockKind.ROW] == list(cv.grid)


@pytest.mark.slow
@pytest.mark.parametrize("cv", [FRENCH, RUSSIAN, ARABIC], ids=lambda cv: cv.language)
@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_files_that_libreoffice_opens_for_us_come_back_whole(cv: Cv, ending: str, tmp_path: Path) -> None:
    found = read(office_file(cv, ending, tmp_path), media_type=TYPES[ending], limits=LIMITS)
    check(cv.text, found, least=0.99)


@pytest.mark.slow
@pytest.mark.parametrize("cv", [ENGLISH, ARABIC], ids=lambda cv: cv.language)
def test_a_pdf_of_a_word_processor_comes_back(cv: Cv, tmp_path: Path) -> None:
    made = converted_by_office(office_file(cv, "odt", tmp_path), "pdf")
    check(cv.text, read(made, media_type=TYPES["pdf"], limits=LIMITS), least=0.97, in_order=0.95)


def test_eastern_digits_are_kept_and_ranges_are_in_order(tmp_path: Path) -> None:
    html = f'<html lang="ar" dir="rtl"><meta charset="utf-8"><body><p>{EASTERN}</p></body></html>'
    found = read(printed_by_chromium(html, tmp_path), media_type=TYPES["pdf"], limits=LIMITS)
    assert found.text == EASTERN


@pytest.mark.parametrize("cv", [ENGLISH, ARABIC, RUSSIAN], ids=lambda cv: cv.language)
@pytest.mark.parametrize("style", ["columns: 2", "display: flex; flex-direction: row"])
def test_two_columns_are_read_one_after_the_other(cv: Cv, style: str, tmp_path: Path) -> None:
    """A newspaper's columns and a sidebar."""
    halves = (cv.lines * 2, tuple(reversed(cv.lines)) * 2)
    parts = "".join(
        f"<div style='flex: 1; padding: 0 12pt'>{''.join(f'<p>{x}</p>' for x in half)}</div>" for half in halves
    )
    direction = "rtl" if cv.language == "ar" else "ltr"
    html = (
        f'<html lang="{cv.language}" dir="{direction}"><meta charset="utf-8">'
        f"<body style=\"font: 10pt 'DejaVu Sans'\"><div style='{style}'>{parts}</div></body></html>"
    )
    found = read(printed_by_chromium(html, tmp_path), media_type=TYPES["pdf"], limits=LIMITS)
    check("\n".join(line for half in halves for line in half), found, least=0.98, in_order=0.96)
