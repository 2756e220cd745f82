"""Workbooks, slides, OpenDocument, pages and old files made to harm a reader, each with what must come of it."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import xlwt

from tests.integration.extraction import written
from tests.integration.extraction.cvs import ENGLISH
from tests.integration.extraction.hostile import BOMB, MEGABYTE, READ_TO_THE_END, Maker
from tests.integration.extraction.written import NAMES, graphic, line, relations, shape, slide
from tests.unit.extraction.readers.making import ODT, odt, zipped
from tests.unit.intake.containers.compound import compound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLS, PPT, DOC = "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/msword"
FLAT, WORD_XML, PAGES = "application/x-opendocument-flat", "application/x-word-xml", "application/x-mimearchive"
HTML, RTF = "text/html", "application/rtf"


# Workbooks


def sheet(path: Path, rows: str, *, styles: str = "", strings: str = "", columns: str = "") -> None:
    main = written.SHEET
    zipped(
        path,
        {
            "xl/workbook.xml": f"<workbook xmlns='{main}'><sheets><sheet name='A'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "s.xml"), ("styles", "styles.xml"), ("sharedStrings", "strings.xml")
            ),
            "xl/styles.xml": f"<styleSheet>{styles}</styleSheet>",
            "xl/strings.xml": strings or "<sst/>",
            "xl/s.xml": f"<worksheet>{columns}<sheetData>{rows}</sheetData></worksheet>",
        },
    )


CELL = "<c r='A1' t='inlineStr'><is><t>Still readable</t></is></c>"


def strings_that_are_not_there(path: Path) -> None:
    sheet(path, f"<row>{CELL}<c t='s'><v>99999999999999999999</v></c><c t='s'><v>-1</v></c></row>")


def cells_in_the_last_columns(path: Path) -> None:
    sheet(path, f"<row>{CELL}{'<c r=&quot;XFD1&quot;><v>1</v></c>'.replace('&quot;', chr(34)) * 50_000}</row>")


def columns_hidden_to_the_end_of_the_world(path: Path) -> None:
    sheet(path, f"<row>{CELL}</row>", columns="<cols><col min='2' max='99999999999' hidden='1'/></cols>" * 1000)


def number_format_that_takes_for_ever(path: Path) -> None:
    code = "[" * 60_000
    styles = f"<numFmts><numFmt numFmtId='170' formatCode='{code}'/></numFmts><cellXfs><xf numFmtId='170'/></cellXfs>"
    sheet(path, f"<row>{CELL}{'<c s=&quot;0&quot;><v>1</v></c>'.replace('&quot;', chr(34)) * 500}</row>", styles=styles)


def numbers_that_are_none(path: Path) -> None:
    styles = "<cellXfs><xf numFmtId='14'/></cellXfs>"
    values = "".join(f"<c s='0'><v>{value}</v></c>" for value in ("1e309", "nan", "-inf", "1e300", "-1e9", "x", ""))
    sheet(path, f"<row>{CELL}{values}</row>", styles=styles)


def strings_of_an_entity_bomb(path: Path) -> None:
    sheet(path, f"<row>{CELL}</row>", strings=BOMB + "<sst><si><t>&c;</t></si></sst>")


def old_workbook(path: Path) -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "Still readable")
    book.save(str(path))
    return path.read_bytes()


def old_workbook_cut_off(path: Path) -> None:
    path.write_bytes(old_workbook(path)[:3000])


def old_workbook_of_noise(path: Path) -> None:
    data = bytearray(old_workbook(path))
    dice = random.Random(5)
    for _ in range(300):
        data[dice.randrange(512, len(data))] = dice.randrange(256)
    path.write_bytes(data)


def old_workbook_with_a_password(path: Path) -> None:
    """FILEPASS ([MS-XLS] §2.4.117) right after the beginning; the rest would be enciphered."""
    begin = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
    password = struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)
    path.write_bytes(compound({"Workbook": begin + password + b"\x7f" * 6000}))


def old_workbook_with_a_cell_in_every_corner(path: Path) -> None:
    book = xlwt.Workbook()
    first = book.add_sheet("A")
    first.write(0, 0, "Still readable")
    for row in range(0, 65_536, 16):
        first.write(row, 255, 1)
    book.save(str(path))


# Slides


def deck(path: Path, *slides: str, listed: str = "") -> None:
    ids = listed or "".join(f"<p:sldId r:id='r{n}'/>" for n in range(len(slides)))
    members: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*(("slide", f"s{n}.xml") for n in range(len(slides)))),
    }
    zipped(path, members | {f"ppt/s{n}.xml": content for n, content in enumerate(slides)})


SLIDE = slide(shape(line("Still readable")))


def one_slide_listed_a_million_times(path: Path) -> None:
    deck(path, SLIDE, listed="<p:sldId r:id='r0'/>" * 200_000)


def groups_of_shapes_in_groups(path: Path) -> None:
    deck(path, SLIDE, slide("<p:grpSp>" * 200 + shape(line("Deep")) + "</p:grpSp>" * 200))


def hundred_thousand_titles(path: Path) -> None:
    title = f"<p:sp><p:nvSpPr><p:ph type='title'/></p:nvSpPr><p:txBody>{line('Still readable')}</p:txBody></p:sp>"
    deck(path, slide(title * 30_000))


def table_of_a_million_cells(path: Path) -> None:
    deck(path, SLIDE, slide(graphic(tuple(("a", "b", "c", "d") for _ in range(20_000)))))


def slide_of_an_entity_bomb(path: Path) -> None:
    deck(path, SLIDE, BOMB + slide(shape(line("x")).replace("x", "&c;")))


def notes_that_are_the_slide_itself(path: Path) -> None:
    deck(path, SLIDE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ppt/_rels/s0.xml.rels", relations(("notesSlide", "s0.xml")))


def old_slides_that_lead_to_themselves(path: Path) -> None:
    edit = struct.pack("<HHI", 0, 0x0FF5, 28) + struct.pack("<IIIIIII", 0, 0, 0, 0, 1, 1, 0)
    data = struct.pack("<HHI", 0xF, 0x0FA0, 10) + b"x" * 8 + edit
    current = b"\0" * 12 + struct.pack("<II", 0xE391C05F, 18) + b"\0" * 40
    path.write_bytes(compound({"Current User": current, "PowerPoint Document": data + b"\0" * 5000}))


def old_slides_with_a_password(path: Path) -> None:
    current = b"\0" * 12 + struct.pack("<II", 0xF3D1C4DF, 18) + b"\0" * 40
    path.write_bytes(compound({"Current User": current, "PowerPoint Document": b"\x55" * 5000}))


def old_slides_in_containers_without_end(path: Path) -> None:
    data = b"".join(struct.pack("<HHI", 0xF, 0x03E8, 0xFFFFFFF0) for _ in range(100_000))
    path.write_bytes(compound({"PowerPoint Document": data}))


# OpenDocument


def entity_bomb_in_a_flat_file(path: Path) -> None:
    name = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    path.write_text(f"<?xml version='1.0'?>{BOMB}<o:document xmlns:o='{name}'><o:body>&c;</o:body></o:document>")


def flat_file_cut_off(path: Path) -> None:
    path.write_text("<document><body><text><p>Still readable</p><p>and th")


def flat_file_of_thirty_megabytes(path: Path) -> None:
    path.write_bytes(b"<document><body><text>" + b"<p>x</p>" * 4 * MEGABYTE + b"</text></body></document>")


def styles_based_on_each_other(path: Path) -> None:
    styles = "".join(f"<style:style style:name='S{n}' style:parent-style-name='S{1 - n}'/>" for n in (0, 1))
    odt(path, "<text:p text:style-name='S0'>Still readable</text:p>", automatic=styles)


def million_blanks_as_elements(path: Path) -> None:
    odt(path, f"<text:p>Still{'<text:s/>' * 500_000}readable</text:p>")


def lists_in_lists(path: Path) -> None:
    odt(
        path,
        "<text:list><text:list-item>" * 110 + "<text:p>Still readable</text:p>" + "</text:list-item></text:list>" * 110,
    )


def rows_and_columns_repeated_a_billion_times(path: Path) -> None:
    cell = "<table:table-cell table:number-columns-repeated='1073741824'/>"
    row = f"<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>"
    column = "<table:table-column table:number-columns-repeated='1073741824' table:visibility='collapse'/>"
    odt(path, f"<table:table>{column}{row * 100}</table:table><text:p>Still readable</text:p>")


def text_that_a_password_protects(path: Path) -> None:
    manifest = "<manifest><file-entry full-path='content.xml'><encryption-data/></file-entry></manifest>"
    zipped(path, {"META-INF/manifest.xml": manifest, "content.xml": random.Random(1).randbytes(3000)})


# One file of XML, pages, old files


def word_xml_of_an_entity_bomb(path: Path) -> None:
    path.write_text(f"<?xml version='1.0'?>{BOMB}<w:wordDocument xmlns:w='w'><w:body>&c;</w:body></w:wordDocument>")


def package_of_parts_that_climb(path: Path) -> None:
    written.flat_package(ENGLISH, path)
    climbing = "<pkg:part pkg:name='/../../../../tmp/escaped'><pkg:binaryData>@@@</pkg:binaryData></pkg:part>"
    path.write_text(path.read_text(encoding="utf-8").replace("</pkg:package>", f"{climbing}</pkg:package>"))


def pages_in_pages(path: Path) -> None:
    head = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(3000))
    path.write_text(f"MIME-Version: 1.0\r\n{head}Content-Type: text/html\r\n\r\n<p>Deep", newline="")


def archive_without_a_page(path: Path) -> None:
    path.write_text("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--", newline="")


def page_of_style_sheets(path: Path) -> None:
    sheets = "<style>" + ".a{color:red}" * 400_000 + "</style><style>" + "a" * 3 * MEGABYTE + "</style>"
    path.write_text(f"<html><head>{sheets}</head><body><p class='{'a ' * 100_000}'>Still readable</p></body></html>")


def cells_that_reach_down_for_ever(path: Path) -> None:
    wide = "<td rowspan='65534' colspan='1000'>a</td>" * 2000
    path.write_text(f"<table><tr>{wide}</tr>{'<tr><td>Still readable</td></tr>' * 5000}</table>")


def tables_without_end(path: Path) -> None:
    path.write_text("<p>Still readable</p>" + "<table><tr><td>" * 100_000)


def old_word_file_with_a_password(path: Path) -> None:
    head = struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0409, 0, 0x0300)
    path.write_bytes(compound({"WordDocument": head + b"\x33" * 8000, "1Table": b"\x44" * 6000}))


def old_word_file_without_text(path: Path) -> None:
    path.write_bytes(compound({"WordDocument": b"\0" * 5000, "1Table": b"\0" * 5000}))


def rtf_cut_off(path: Path) -> None:
    path.write_bytes(b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0 Still readable\\par and this is wh")


def rtf_of_binary_data_that_is_not_there(path: Path) -> None:
    path.write_bytes(b"{\\rtf1\\ansi Still readable\\par{\\pict\\bin2147483647 x}}")


CASES: list[tuple[Maker, str, str | None]] = [
    (strings_that_are_not_there, XLSX, READ_TO_THE_END),
    (cells_in_the_last_columns, XLSX, READ_TO_THE_END),
    (columns_hidden_to_the_end_of_the_world, XLSX, READ_TO_THE_END),
    (number_format_that_takes_for_ever, XLSX, READ_TO_THE_END),
    (numbers_that_are_none, XLSX, READ_TO_THE_END),
    (strings_of_an_entity_bomb, XLSX, READ_TO_THE_END),
    (old_workbook_cut_off, XLS, "damaged"),
    (old_workbook_of_noise, XLS, "damaged|no text"),
    (old_workbook_with_a_password, XLS, "password"),
    (old_workbook_with_a_cell_in_every_corner, XLS, READ_TO_THE_END),
    (one_slide_listed_a_million_times, PPTX, READ_TO_THE_END),
    (groups_of_shapes_in_groups, PPTX, READ_TO_THE_END),
    (hundred_thousand_titles, PPTX, READ_TO_THE_END),
    (table_of_a_million_cells, PPTX, READ_TO_THE_END),
    (slide_of_an_entity_bomb, PPTX, READ_TO_THE_END),
    (notes_that_are_the_slide_itself, PPTX, READ_TO_THE_END),
    (old_slides_that_lead_to_themselves, PPT, "no text|damaged"),
    (old_slides_with_a_password, PPT, "password"),
    (old_slides_in_containers_without_end, PPT, "no text|damaged"),
    (entity_bomb_in_a_flat_file, FLAT, "entities|no valid XML"),
    (flat_file_cut_off, FLAT, READ_TO_THE_END),
    (flat_file_of_thirty_megabytes, FLAT, "larger than"),
    (styles_based_on_each_other, ODT, READ_TO_THE_END),
    (million_blanks_as_elements, ODT, "unpacks to"),
    (lists_in_lists, ODT, READ_TO_THE_END),
    (rows_and_columns_repeated_a_billion_times, ODT, READ_TO_THE_END),
    (text_that_a_password_protects, ODT, "password"),
    (word_xml_of_an_entity_bomb, WORD_XML, "entities|no valid XML"),
    (package_of_parts_that_climb, WORD_XML, READ_TO_THE_END),
    (pages_in_pages, PAGES, "nested|no page"),
    (archive_without_a_page, PAGES, "no page"),
    (page_of_style_sheets, HTML, READ_TO_THE_END),
    (cells_that_reach_down_for_ever, HTML, READ_TO_THE_END),
    (tables_without_end, HTML, READ_TO_THE_END),
    (old_word_file_with_a_password, DOC, "password"),
    (old_word_file_without_text, DOC, "damaged|no text"),
    (rtf_cut_off, RTF, READ_TO_THE_END),
    (rtf_of_binary_data_that_is_not_there, RTF, READ_TO_THE_END),
]
