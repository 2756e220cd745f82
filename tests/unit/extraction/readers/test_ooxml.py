from pathlib import Path

import pytest

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import (
    DOCX,
    block,
    docx,
    kinds,
    paragraph,
    rows,
    table,
    texts,
    word_xml,
    zipped,
)

LIMITS = ReadLimits()


def test_names_in_headers_text_boxes_and_content_controls_are_read(tmp_path: Path) -> None:
    box = f"<w:r><w:drawing><wps:txbx><w:txbxContent>{paragraph('Box')}</w:txbxContent></wps:txbx></w:drawing></w:r>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('Control')}</w:sdtContent></w:sdt>"
    body = f"<w:p><w:r><w:t>Anchor</w:t></w:r>{box}</w:p>{control}"
    parts = {
        "header1.xml": ("header", word_xml("hdr", paragraph("Aïssatou Diop"))),
        "header2.xml": ("header", word_xml("hdr", paragraph("Aïssatou Diop"))),
        "footer1.xml": ("footer", word_xml("ftr", paragraph("Page"))),
    }
    document = read(docx(tmp_path / "cv", body, parts=parts), media_type=DOCX, limits=LIMITS)
    assert texts(document) == ["Aïssatou Diop", "Anchor", "Box", "Control", "Page"]
    assert block(document, "Aïssatou").kind is BlockKind.HEADER


def test_deleted_text_field_codes_and_fallbacks_are_not_read(tmp_path: Path) -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:r><w:instrText> HYPERLINK mailto:x </w:instrText></w:r><w:r><w:t>kept</w:t></w:r>"
        "<w:ins><w:r><w:t> and inserted</w:t></w:r></w:ins></w:p>"
        f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{paragraph('once')}</w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent>{paragraph('once')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    document = read(docx(tmp_path / "cv", body), media_type=DOCX, limits=LIMITS)
    assert texts(document) == ["kept and inserted", "once"]


def test_hidden_text_and_unfilled_prompts_go_apart(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>stuffing</w:t></w:r><w:r><w:t>seen</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:sz w:val='2'/></w:rPr><w:t>tiny</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('Click here')}</w:sdtContent></w:sdt>"
    )
    document = read(docx(tmp_path / "cv", body), media_type=DOCX, limits=LIMITS)
    assert texts(document) == ["seen"]
    assert [hidden.text for hidden in document.hidden] == ["stuffing", "tiny", "Click here"]


def test_a_language_grid_keeps_its_empty_cells(tmp_path: Path) -> None:
    body = table(("", "Listening", "Reading"), ("English", "C1", "C2"), ("Wolof", "", "B1"))
    document = read(docx(tmp_path / "cv", body), media_type=DOCX, limits=LIMITS)
    assert rows(document) == [("", "Listening", "Reading"), ("English", "C1", "C2"), ("Wolof", "", "B1")]
    assert {block.table for block in document.blocks} == {0}
    assert document.blocks[2].text == "Wolof |  | B1"


def test_a_nested_table_is_a_table_of_its_own(tmp_path: Path) -> None:
    inner = table(("English", "C1"), ("French", "B2"))
    body = table(("Languages", paragraph("Levels:") + inner))
    document = read(docx(tmp_path / "cv", body), media_type=DOCX, limits=LIMITS)
    assert rows(document) == [("Languages", "Levels:"), ("English", "C1"), ("French", "B2")]
    assert [block.table for block in document.blocks] == [0, 1, 1]


def test_two_long_cells_are_columns_read_one_by_one(tmp_path: Path) -> None:
    left = "".join(paragraph(f"left {n}") for n in range(5))
    right = "".join(paragraph(f"right {n}") for n in range(5))
    document = read(docx(tmp_path / "cv", table((left, right))), media_type=DOCX, limits=LIMITS)
    assert texts(document) == [*(f"left {n}" for n in range(5)), *(f"right {n}" for n in range(5))]
    assert [block.column for block in document.blocks] == [0] * 5 + [1] * 5


def test_a_date_beside_a_long_cell_stays_with_its_post(tmp_path: Path) -> None:
    duties = "".join(paragraph(text) for text in ("Adviser, Ministry", "Wrote the law.", "Led the team.", "Taught."))
    document = read(docx(tmp_path / "cv", table(("2010–2014", duties))), media_type=DOCX, limits=LIMITS)
    assert texts(document) == ["2010–2014 | Adviser, Ministry", "Wrote the law.", "Led the team.", "Taught."]


def test_headings_show_by_style_by_outline_and_by_size(tmp_path: Path) -> None:
    styles = word_xml(
        "styles",
        "<w:style w:type='paragraph' w:styleId='Titre1'><w:name w:val='heading 1'/></w:style>"
        "<w:style w:type='paragraph' w:styleId='Mine'><w:basedOn w:val='Titre1'/></w:style>",
    )
    large = "<w:p><w:r><w:rPr><w:sz w:val='32'/></w:rPr><w:t>By size</w:t></w:r></w:p>"
    body = (
        paragraph("By style", "<w:pPr><w:pStyle w:val='Mine'/></w:pPr>")
        + paragraph("By outline", "<w:pPr><w:outlineLvl w:val='1'/></w:pPr>")
        + large
        + paragraph("An item", "<w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr>")
        + paragraph("Text of the ordinary size, of which there is most in every document.")
    )
    path = docx(tmp_path / "cv", body, parts={"styles.xml": ("styles", styles)})
    document = read(path, media_type=DOCX, limits=LIMITS)
    heading, item, plain = BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH
    assert kinds(document) == [heading, heading, heading, item, plain]


def test_sizes_come_from_styles_their_bases_and_the_default(tmp_path: Path) -> None:
    styles = word_xml(
        "styles",
        "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='40'/></w:rPr></w:rPrDefault></w:docDefaults>"
        "<w:style w:type='paragraph' w:default='1' w:styleId='Plain'><w:rPr><w:sz w:val='20'/></w:rPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='Large'><w:rPr><w:sz w:val='28'/></w:rPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='Larger'><w:basedOn w:val='Large'/></w:style>",
    )
    body = (
        paragraph("By the base", "<w:pPr><w:pStyle w:val='Larger'/></w:pPr>")
        + paragraph("Of the default size", "<w:pPr><w:pStyle w:val='Plain'/></w:pPr>")
        + paragraph("Of no size of its own, as is most in this document.")
    )
    path = docx(tmp_path / "cv", body, parts={"styles.xml": ("styles", styles)})
    document = read(path, media_type=DOCX, limits=LIMITS)
    assert kinds(document) == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_styles_based_on_each_other_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    styles = word_xml(
        "styles",
        "<w:style w:styleId='One'><w:name w:val='heading 1'/><w:basedOn w:val='Two'/></w:style>"
        "<w:style w:styleId='Two'><w:basedOn w:val='One'/></w:style>"
        "<w:style w:styleId='Own'><w:basedOn w:val='Own'/></w:style>",
    )
    body = "".join(paragraph(name, f"<w:pPr><w:pStyle w:val='{name}'/></w:pPr>") for name in ("Two", "One", "Own"))
    path = docx(tmp_path / "cv", body, parts={"styles.xml": ("styles", styles)})
    document = read(path, media_type=DOCX, limits=LIMITS)
    assert kinds(document) == [BlockKind.HEADING, BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_tabs_part_cells_and_line_breaks_part_paragraphs(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Nationality:</w:t><w:tab/><w:t>Senegalese</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r></w:p>"
    )
    document = read(docx(tmp_path / "cv", body), media_type=DOCX, limits=LIMITS)
    assert rows(document) == [("Nationality:", "Senegalese")]
    assert texts(document)[1:] == ["one", "two"]


def test_the_text_part_may_have_another_name(tmp_path: Path) -> None:
    made = docx(tmp_path / "cv", paragraph("Here"))
    content = made.read_bytes()
    assert b"word/document.xml" in content
    renamed = tmp_path / "renamed"
    renamed.write_bytes(content.replace(b"word/document.xml", b"word/documen2.xml"))
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="m" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/other.xml"/>'
        "</Relationships>"
    )
    strict = word_xml("document", f"<w:body>{paragraph('Strict')}</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    path = zipped(tmp_path / "strict", {"_rels/.rels": relations, "word/other.xml": strict})
    assert texts(read(path, media_type=DOCX, limits=LIMITS)) == ["Strict"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (b"", "empty"),
    ],
)
def test_a_broken_file_says_so(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "cv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        read(path, media_type=DOCX, limits=LIMITS)


def test_a_document_without_words_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no text"):
        read(docx(tmp_path / "cv", paragraph("  ")), media_type=DOCX, limits=LIMITS)
