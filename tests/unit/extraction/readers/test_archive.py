"""Attacks that archives of XML can carry, each with what must come of it."""

import zipfile
from pathlib import Path

import pytest

from domain.errors import Unreadable
from extraction.read import ReadLimits, read
from extraction.readers.archive import MENDED
from tests.unit.extraction.readers.making import DOCX, ODT, docx, odt, paragraph, word_xml, zipped

LIMITS = ReadLimits()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_declared_entities_are_refused_and_never_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    content = bomb + word_xml("document", f"<w:body>{paragraph('&b;')}</w:body>")
    path = zipped(tmp_path / "cv", {"word/document.xml": content})
    with pytest.raises(Unreadable, match=r"entities|no valid XML"):
        read(path, media_type=DOCX, limits=LIMITS)


def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    content = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>' + word_xml(
        "document", f"<w:body>{paragraph('&s;')}</w:body>"
    )
    with pytest.raises(Unreadable) as raised:
        read(zipped(tmp_path / "cv", {"word/document.xml": content}), media_type=DOCX, limits=LIMITS)
    assert "the-secret" not in str(raised.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "cv", {"word/document.xml": b" " * (15 * 1024 * 1024)})
    assert path.stat().st_size < 20_000
    with pytest.raises(Unreadable, match="hundreds of times its size"):
        read(path, media_type=DOCX, limits=LIMITS)


def test_a_part_larger_than_any_cv_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path / "cv", paragraph("x" * 2000))
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read(path, media_type=DOCX, limits=ReadLimits(part_bytes=1000))


def test_all_parts_together_have_a_limit(tmp_path: Path) -> None:
    path = docx(tmp_path / "cv", paragraph("x" * 2000))
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read(path, media_type=DOCX, limits=ReadLimits(unpacked_bytes=1500))


def test_a_part_that_lies_about_its_size_is_read_by_its_bytes_and_told(tmp_path: Path) -> None:
    path = docx(tmp_path / "cv", paragraph("y" * 5000))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("word/document.xml").file_size
    for place in range(len(data) - 4):
        if int.from_bytes(data[place : place + 4], "little") == size:
            data[place : place + 4] = (50).to_bytes(4, "little")
    path.write_bytes(data)
    document = read(path, media_type=DOCX, limits=LIMITS)
    assert document.text == "y" * 5000
    assert document.problems == ("the file is damaged; what could be read of it was read",)


def test_thousands_of_members_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "cv", {f"{n}": "" for n in range(5000)})
    with pytest.raises(Unreadable, match="parts"):
        read(path, media_type=DOCX, limits=LIMITS)


def test_a_deep_tree_is_refused_or_read_but_never_fatal(tmp_path: Path) -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000 + paragraph("deep") + "</w:sdtContent></w:sdt>" * 5000
    with pytest.raises(Unreadable, match=r"no valid XML|no text"):
        read(docx(tmp_path / "cv", deep), media_type=DOCX, limits=LIMITS)


def test_a_break_in_the_markup_is_mended_and_told(tmp_path: Path) -> None:
    body = paragraph("before") + "<w:p><w:r><w:t>broken</w:t></w:q></w:p>" + paragraph("after")
    document = read(docx(tmp_path / "cv", body), media_type=DOCX, limits=LIMITS)
    assert document.text.startswith("before\nbroken")
    assert document.problems == ("the file is damaged; what could be read of it was read",)


def test_more_text_than_the_limit_is_cut_and_said(tmp_path: Path) -> None:
    path = docx(tmp_path / "cv", "".join(paragraph("word " * 10) for _ in range(100)))
    document = read(path, media_type=DOCX, limits=ReadLimits(characters=500))
    assert len(document.text) <= 500
    assert document.problems == ("only the first 500 characters were read",)


def test_a_file_whose_end_is_missing_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = docx(tmp_path / "cv", "".join(paragraph(f"Line {n} of {n * 7919}") for n in range(3000))).read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: len(whole) // 2])
    document = read(cut, media_type=DOCX, limits=LIMITS)
    assert document.text.startswith("Line 0 of 0\nLine 1 of 7919\n")
    assert len(document.blocks) > 500
    assert document.problems == ("the file is damaged; what could be read of it was read",)


def test_damage_in_a_lesser_part_costs_that_part_only(tmp_path: Path) -> None:
    parts = {"styles.xml": ("styles", "<w:styles <<<"), "header1.xml": ("header", "\0\1\2")}
    document = read(docx(tmp_path / "cv", paragraph("Body"), parts=parts), media_type=DOCX, limits=LIMITS)
    assert document.text == "Body"
    assert document.problems == ("the file is damaged; what could be read of it was read",)


def test_lost_relations_and_odd_names_of_parts_are_no_matter(tmp_path: Path) -> None:
    content = word_xml("document", f"<w:body>{paragraph('Here')}</w:body>")
    for name in ("word/document.xml", "word\\document.xml", "/Word/Document.XML", "word/document2.xml"):
        assert read(zipped(tmp_path / "cv", {name: content}), media_type=DOCX, limits=LIMITS).text == "Here"


def test_a_compound_file_under_the_type_is_one_that_a_password_protects(tmp_path: Path) -> None:
    (tmp_path / "cv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)
    with pytest.raises(Unreadable, match="protected by a password"):
        read(tmp_path / "cv", media_type=DOCX, limits=LIMITS)


ENDLESS = "9" * 5000  # digits: more than Python reads as a number


def test_numbers_without_end_do_no_harm(tmp_path: Path) -> None:
    span = f"<w:tcPr><w:gridSpan w:val='{ENDLESS}'/></w:tcPr>"
    word = docx(tmp_path / "word", f"<w:tbl><w:tr><w:tc>{span}{paragraph('Here')}</w:tc></w:tr></w:tbl>")
    cell = f"<table:table-cell table:number-columns-repeated='{ENDLESS}'><text:p>Here</text:p></table:table-cell>"
    text = odt(tmp_path / "text", f"<table:table><table:table-row>{cell}</table:table-row></table:table>")
    cells = f"<c t='inlineStr'><is><t>Here</t></is></c><c t='s'><v>{ENDLESS}</v></c>"
    sheet = f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"
    related = "<Relationships><Relationship Id='r0' Type='x/worksheet' Target='s.xml'/></Relationships>"
    book = {
        "xl/workbook.xml": "<workbook><sheets><sheet name='A'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": related,
        "xl/s.xml": sheet,
    }
    workbook = zipped(tmp_path / "book", dict(book))
    for path, media_type in ((word, DOCX), (text, ODT), (workbook, XLSX)):
        assert read(path, media_type=media_type, limits=LIMITS).text == "Here"


def test_a_document_type_without_entities_is_no_attack(tmp_path: Path) -> None:
    declared = '<!DOCTYPE x PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd">'
    content = declared + word_xml("document", f"<w:body>{paragraph('Old')}</w:body>")
    assert read(zipped(tmp_path / "cv", {"word/document.xml": content}), media_type=DOCX, limits=LIMITS).text == "Old"


def test_a_name_that_is_no_utf8_though_it_says_so_costs_only_its_part(tmp_path: Path) -> None:
    path = docx(tmp_path / "cv", paragraph("Ana Paz"))
    path.write_bytes(_with_local_name(path.read_bytes(), b"_rels/.rels", b"_rels/\xffrels"))
    found = read(path, media_type=DOCX, limits=LIMITS)
    assert found.text == "Ana Paz"
    assert found.problems == (MENDED,)


def _with_local_name(data: bytes, old: bytes, new: bytes) -> bytes:
    """The header before the member with another name, and the flag that says UTF-8 (APPNOTE.TXT §4.4.4)."""
    at = data.index(old) - 30
    flags = (int.from_bytes(data[at + 6 : at + 8], "little") | 0x800).to_bytes(2, "little")
    return data[: at + 6] + flags + data[at + 8 : at + 30] + new + data[at + 30 + len(old) :]
