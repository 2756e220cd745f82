"""Word files made to harm a reader, each with what must come of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.integration.extraction.hostile import BOMB, HERE, MEGABYTE, READ_TO_THE_END, Maker
from tests.integration.extraction.written import relations
from tests.unit.extraction.readers.making import DOCX, docx, paragraph, word_xml, zipped


def entity_that_reads_a_file(path: Path) -> None:
    entity = "<!DOCTYPE x [<!ENTITY s SYSTEM 'file:///etc/passwd'>]>"
    zipped(path, {"word/document.xml": entity + word_xml("document", paragraph("&s;"))})


def entity_that_grows_by_the_square(path: Path) -> None:
    entity = f"<!DOCTYPE x [<!ENTITY a '{'x' * 60_000}'>]>"
    zipped(path, {"word/document.xml": entity + word_xml("document", paragraph("&a;" * 60_000))})


def entity_bomb_in_the_styles(path: Path) -> None:
    docx(path, HERE, parts={"styles.xml": ("styles", BOMB + word_xml("styles", "&c;"))})


def thousands_of_relations_to_one_header(path: Path) -> None:
    header = word_xml("hdr", paragraph("Head") * 2000)
    docx(path, HERE, parts={"header1.xml": ("header", header)})
    with zipfile.ZipFile(path) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    members["word/_rels/document.xml.rels"] = relations(*(("header", "header1.xml") for _ in range(20_000)))
    zipped(path, members)


def styles_based_on_one_another_thousands_deep(path: Path) -> None:
    chain = "".join(f"<w:style w:styleId='S{n}'><w:basedOn w:val='S{n - 1}'/></w:style>" for n in range(30_000))
    body = paragraph("Still readable", "<w:pPr><w:pStyle w:val='S29999'/></w:pPr>") * 200
    docx(path, body, parts={"styles.xml": ("styles", word_xml("styles", chain))})


def fields_that_never_end(path: Path) -> None:
    begin = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>IF</w:instrText></w:r>"
    docx(path, f"<w:p>{begin * 100_000}</w:p>" + HERE)


def results_that_never_end(path: Path) -> None:
    begin = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
    docx(path, f"<w:p>{begin}</w:p>" * 20_000 + HERE)


def million_runs_in_one_paragraph(path: Path) -> None:
    docx(path, "<w:p>" + "<w:r><w:rPr><w:b/></w:rPr><w:t>a </w:t></w:r>" * 250_000 + "</w:p>")


def cells_that_span_a_billion_columns(path: Path) -> None:
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr>{HERE}</w:tc>"
    docx(path, f"<w:tbl><w:tr><w:trPr><w:gridBefore w:val='99999999'/></w:trPr>{cell * 3000}</w:tr></w:tbl>")


def hundred_thousand_rows(path: Path) -> None:
    docx(path, "<w:tbl>" + f"<w:tr><w:tc>{HERE}</w:tc><w:tc><w:p/></w:tc></w:tr>" * 60_000 + "</w:tbl>")


def document_that_embeds_itself(path: Path) -> None:
    docx(path, HERE + "<w:altChunk r:id='r0'/>", parts={"document.xml": ("aFChunk", "")})
    with zipfile.ZipFile(path) as archive:
        relation = archive.read("word/_rels/document.xml.rels").decode()
    body = word_xml("document", f"<w:body>{HERE}<w:altChunk r:id='r0'/></w:body>")
    zipped(path, {"word/_rels/document.xml.rels": relation, "word/document.xml": body})


def documents_in_documents(path: Path) -> None:
    inner = docx(path, paragraph("Innermost")).read_bytes()
    for _ in range(30):
        docx(path, HERE + "<w:altChunk r:id='r0'/>", parts={"b.docx": ("aFChunk", "")})
        with zipfile.ZipFile(path) as archive:
            members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        inner = zipped(path, members | {"word/b.docx": inner}).read_bytes()


def bomb_in_an_embedded_document(path: Path) -> None:
    bomb = zipped(path, {"word/document.xml": b" " * 100 * MEGABYTE}).read_bytes()
    docx(path, HERE + "<w:altChunk r:id='r0'/>", parts={"b.docx": ("aFChunk", "")})
    with zipfile.ZipFile(path) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    zipped(path, members | {"word/b.docx": bomb})


def renderings_in_renderings(path: Path) -> None:
    deep = "<mc:AlternateContent><mc:Choice>" * 90 + "<w:r><w:t/></w:r>" * 50_000
    docx(path, f"<w:p>{deep}{'</mc:Choice></mc:AlternateContent>' * 90}</w:p>" + HERE)


def address_of_a_megabyte_behind_a_word(path: Path) -> None:
    docx(
        path,
        "<w:p><w:hyperlink r:id='m'><w:r><w:t>Still readable</w:t></w:r></w:hyperlink></w:p>" * 50,
        links={"m": f"mailto:{'a' * MEGABYTE}@example.org"},
    )


def charset_that_nobody_knows(path: Path) -> None:
    zipped(path, {"word/document.xml": '<?xml version="1.0" encoding="x-none"?>' + word_xml("document", HERE)})


def method_of_packing_that_nobody_knows(path: Path) -> None:
    data = bytearray(docx(path, HERE).read_bytes())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(mark)
        while at >= 0:
            data[at + place : at + place + 2] = b"\x63\x00"
            at = data.find(mark, at + 1)
    path.write_bytes(data)


def member_that_a_password_protects(path: Path) -> None:
    data = bytearray(docx(path, HERE).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 1)
    path.write_bytes(data)


def directory_that_is_cut_off(path: Path) -> None:
    data = docx(path, HERE + "".join(paragraph(f"{n} {n * n}") for n in range(2000))).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def member_with_damage_in_its_middle(path: Path) -> None:
    data = bytearray(docx(path, HERE + "".join(paragraph(f"{n} {n * n}") for n in range(20_000))).read_bytes())
    data[len(data) // 2 : len(data) // 2 + 50] = b"\xff" * 50
    path.write_bytes(data)


def bomb_without_a_directory(path: Path) -> None:
    data = zipped(path, {"word/document.xml": b" " * 200 * MEGABYTE}).read_bytes()
    path.write_bytes(data[:-60])


def title_of_ten_megabytes(path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    listed = (
        f"<Relationship Id='a' Type='x/officeDocument' Target='word/document.xml'/><Relationship Id='c' Type='{kind}'"
    )
    zipped(
        path,
        {
            "_rels/.rels": f"<Relationships>{listed} Target='core.xml'/></Relationships>",
            "core.xml": f"<p><title>{'ab ' * 3 * MEGABYTE}</title></p>",
            "word/document.xml": word_xml("document", HERE),
        },
    )


def nothing_but_zeros_in_the_text_part(path: Path) -> None:
    zipped(path, {"word/document.xml": b"\0" * 5000})


CASES: list[tuple[Maker, str, str | None]] = [
    (entity_that_reads_a_file, DOCX, "entities|no valid XML"),
    (entity_that_grows_by_the_square, DOCX, "entities|no valid XML"),
    (entity_bomb_in_the_styles, DOCX, READ_TO_THE_END),
    (thousands_of_relations_to_one_header, DOCX, READ_TO_THE_END),
    (styles_based_on_one_another_thousands_deep, DOCX, READ_TO_THE_END),
    (fields_that_never_end, DOCX, READ_TO_THE_END),
    (results_that_never_end, DOCX, READ_TO_THE_END),
    (million_runs_in_one_paragraph, DOCX, "unpacks to"),
    (cells_that_span_a_billion_columns, DOCX, READ_TO_THE_END),
    (hundred_thousand_rows, DOCX, READ_TO_THE_END),
    (document_that_embeds_itself, DOCX, READ_TO_THE_END),
    (documents_in_documents, DOCX, READ_TO_THE_END),
    (bomb_in_an_embedded_document, DOCX, READ_TO_THE_END),
    (renderings_in_renderings, DOCX, READ_TO_THE_END),
    (address_of_a_megabyte_behind_a_word, DOCX, READ_TO_THE_END),
    (charset_that_nobody_knows, DOCX, READ_TO_THE_END),
    (method_of_packing_that_nobody_knows, DOCX, "damaged"),
    (member_that_a_password_protects, DOCX, "password"),
    (directory_that_is_cut_off, DOCX, READ_TO_THE_END),
    (member_with_damage_in_its_middle, DOCX, READ_TO_THE_END),
    (bomb_without_a_directory, DOCX, "unpacks to"),
    (title_of_ten_megabytes, DOCX, READ_TO_THE_END),
    (nothing_but_zeros_in_the_text_part, DOCX, "damaged"),
]
