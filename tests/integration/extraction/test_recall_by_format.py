"""Every format in every language: what was put in comes out, in its order. The type is told by intake, as in a mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from domain.profile import BlockKind, DocumentText
from extraction.read import ReadLimits, read
from intake.sniff import HEAD, media_type
from tests.integration.extraction import written
from tests.integration.extraction.cvs import ALL, Cv
from tests.integration.extraction.making import converted_together, missing, order, recall

LIMITS = ReadLimits()
LEAST = 0.99
OFFICE = {"docx": "MS Word 2007 XML", "odt": "writer8", "doc": "MS Word 97", "rtf": "Rich Text Format",
          "fodt": "OpenDocument Text Flat XML"}  # fmt: skip
WRITERS: dict[str, Callable[[Cv, Path], Path]] = {
    "xlsx": written.xlsx, "xls": written.xls, "pptx": written.pptx, "ods": written.ods, "odp": written.odp,
    "mht as doc": written.mhtml, "xml of 2003": written.word_2003, "xml as doc": written.flat_package,
    "xml as xls": written.excel_2003,
}  # fmt: skip
CHARSETS = {
    "en": ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252", "mac-roman"),
    "fr": ("utf-8", "utf-16", "windows-1252", "iso-8859-15", "cp850", "mac-roman"),
    "es": ("utf-8", "utf-16-be", "windows-1252", "iso-8859-1", "cp850", "mac-roman"),
    "ru": ("utf-8", "utf-16", "utf-16-le", "windows-1251", "koi8-r", "iso-8859-5", "cp866", "mac-cyrillic"),
    "ar": ("utf-8", "utf-16", "utf-16-le", "windows-1256", "iso-8859-6"),
}
OF_NO_PAGE = ("mac-roman", "mac-cyrillic", "cp850", "cp866")  # no browser's author writes in these
by_language = pytest.mark.parametrize("cv", ALL, ids=lambda cv: cv.language)
in_charsets = pytest.mark.parametrize(
    ("cv", "charset"),
    [pytest.param(cv, charset, id=f"{cv.language}-{charset}") for cv in ALL for charset in CHARSETS[cv.language]],
)


def read_as_sent(path: Path, *, name: str, claimed: str = "application/octet-stream") -> DocumentText:
    """The bytes tell the type, as for an attachment."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    kind = media_type(head, name=name, claimed=claimed, open_file=lambda: path.open("rb"))
    return read(path, media_type=kind, limits=LIMITS)


def check(expected: str, found: DocumentText) -> None:
    assert recall(expected, found.text) >= LEAST, missing(expected, found.text)
    assert order(expected, found.text) >= LEAST, found.text


def has_the_grid(cv: Cv, found: DocumentText) -> None:
    rows = [block.cells for block in found.blocks if block.kind is BlockKind.ROW]
    assert rows[-len(cv.grid) :] == list(cv.grid)


@pytest.fixture(scope="session")
def office_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Cv, str], Path]:
    """CVs as LibreOffice stores them; all languages of a format are made at once, when the first is asked for."""
    folder = tmp_path_factory.mktemp("office")
    sources = []
    for cv in ALL:
        sources.append(folder / f"{cv.language}.html")
        sources[-1].write_text(cv.html, encoding="utf-8")
    made: dict[str, Path] = {}

    def stored(cv: Cv, ending: str) -> Path:
        if ending not in made:
            made[ending] = converted_together(sources, ending, filter_name=OFFICE[ending])
        return made[ending] / f"{cv.language}.{ending}"

    return stored


@pytest.mark.slow
@by_language
@pytest.mark.parametrize("ending", OFFICE)
def test_what_a_word_processor_stores_comes_back(cv: Cv, ending: str, office_files: Callable[[Cv, str], Path]) -> None:
    found = read_as_sent(office_files(cv, ending), name=f"cv.{ending}")
    check(cv.text, found)
    has_the_grid(cv, found)
    assert found.problems == ()


@by_language
def test_a_file_of_word_comes_back(cv: Cv, tmp_path: Path) -> None:
    document = Document()
    for text in cv.lines:
        document.add_paragraph(text)
    table = document.add_table(rows=0, cols=len(cv.grid[0]))
    for row in cv.grid:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "cv.docx"))
    found = read_as_sent(tmp_path / "cv.docx", name="cv.docx")
    check(cv.text, found)
    has_the_grid(cv, found)


@by_language
@pytest.mark.parametrize("ending", WRITERS)
def test_workbooks_slides_and_web_archives_come_back(cv: Cv, ending: str, tmp_path: Path) -> None:
    found = read_as_sent(WRITERS[ending](cv, tmp_path / "cv"), name=f"cv.{ending.rsplit(maxsplit=1)[-1]}")
    check(cv.text, found)
    has_the_grid(cv, found)


def typed(text: str, charset: str) -> str:
    """The text as somebody types it whose charset has not every sign."""
    plain = str.maketrans({"—": "-", "–": "-", "“": '"', "”": '"', "’": "'", "œ": "oe", "\u064b": "", "\u0651": ""})
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        text = text.translate(plain)
    return text.encode(charset, "replace").decode(charset)


@in_charsets
def test_plain_text_in_no_declared_charset_comes_back(cv: Cv, charset: str, tmp_path: Path) -> None:
    path = tmp_path / "cv.txt"
    text = typed(cv.text, charset)
    path.write_bytes(text.encode(charset))
    check(text, read_as_sent(path, name="cv.txt", claimed="text/plain"))


@pytest.mark.parametrize(
    ("cv", "charset"),
    [
        pytest.param(cv, charset, id=f"{cv.language}-{charset}")
        for cv in ALL
        for charset in CHARSETS[cv.language]
        if charset not in OF_NO_PAGE
    ],
)
@pytest.mark.parametrize("declared", [None, "right", "iso-8859-1", "utf-8"])
def test_pages_come_back_whatever_charset_they_declare(
    cv: Cv, charset: str, declared: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "cv.html"
    label = charset.removesuffix("-sig") if declared == "right" else declared
    meta = f'<meta charset="{label}">' if label else ""
    page = typed(cv.html, charset).replace('<meta charset="utf-8">', meta)
    path.write_bytes(page.encode(charset))
    check(typed(cv.text, charset), read_as_sent(path, name="cv.htm", claimed="text/html"))


@pytest.mark.slow
@by_language
def test_the_words_of_an_rtf_are_had_without_libreoffice(
    cv: Cv, office_files: Callable[[Cv, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = office_files(cv, "rtf")
    monkeypatch.setenv("PATH", "")
    found = read_as_sent(made, name="cv.rtf")
    check(cv.text, found)
    has_the_grid(cv, found)
    assert found.problems == ("read without LibreOffice: what is hidden in it is not told apart",)
