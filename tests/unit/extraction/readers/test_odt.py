from pathlib import Path

import pytest

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import ODT, block, hidden, odt, rows, texts, zipped

LIMITS = ReadLimits()


def test_paragraphs_headings_lists_and_tables_are_read_in_order(tmp_path: Path) -> None:
    body = (
        "<text:h>Langues</text:h><text:p>Trois<text:s text:c='2'/>langues</text:p>"
        "<text:list><text:list-item><text:p>wolof</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell/>"
        "<table:table-cell><text:p>Oral</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>français</text:p></table:table-cell>"
        "<table:table-cell><text:p>C2</text:p></table:table-cell></table:table-row></table:table>"
    )
    document = read(odt(tmp_path / "cv", body), media_type=ODT, limits=LIMITS)
    assert texts(document) == ["Langues", "Trois langues", "wolof", " | Oral", "français | C2"]
    assert block(document, "Langues").kind is BlockKind.HEADING
    assert block(document, "wolof").kind is BlockKind.LIST_ITEM
    assert rows(document) == [("", "Oral"), ("français", "C2")]


def test_repeated_empty_cells_count_as_cells(tmp_path: Path) -> None:
    body = (
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>b</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    assert rows(read(odt(tmp_path / "cv", body), media_type=ODT, limits=LIMITS)) == [("a", "", "", "b")]


def test_deletions_and_comments_are_not_read_and_hidden_text_goes_apart(tmp_path: Path) -> None:
    automatic = "<style:style style:name='T9'><style:text-properties text:display='none'/></style:style>"
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><creator>Ana</creator>"
        "</office:change-info><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>seen <text:span text:style-name='T9'>unseen</text:span><office:annotation><text:p>note</text:p>"
        "</office:annotation>too</text:p>"
    )
    document = read(odt(tmp_path / "cv", body, automatic=automatic), media_type=ODT, limits=LIMITS)
    assert texts(document) == ["seen too"]
    assert {hidden.text: hidden.reason for hidden in document.hidden} == {
        "deleted": "a revision that deletes it",
        "note": "a comment in the margin",
        "unseen": "text that is set to be hidden",
    }


def test_page_headers_are_read_once(tmp_path: Path) -> None:
    master = (
        "<style:master-page><style:header><text:p>Rana Khoury</text:p></style:header>"
        "<style:header-left><text:p>Rana Khoury</text:p></style:header-left></style:master-page>"
    )
    document = read(odt(tmp_path / "cv", "<text:p>CV</text:p>", master=master), media_type=ODT, limits=LIMITS)
    assert texts(document) == ["Rana Khoury", "CV"]
    assert document.blocks[0].kind is BlockKind.HEADER


def test_text_boxes_and_line_breaks_are_seen(tmp_path: Path) -> None:
    body = "<text:p>one<text:line-break/>two<drawing:text-box><text:p>box</text:p></drawing:text-box></text:p>"
    assert texts(read(odt(tmp_path / "cv", body), media_type=ODT, limits=LIMITS)) == ["one", "two", "box"]


def test_letters_that_nobody_sees_and_prompts_go_apart(tmp_path: Path) -> None:
    automatic = (
        "<style:style style:name='W'><style:text-properties color='#ffffff'/></style:style>"
        "<style:style style:name='D'><style:paragraph-properties background-color='#112233'/></style:style>"
        "<style:style style:name='S'><style:text-properties font-size='1pt'/></style:style>"
    )
    body = (
        "<text:p>seen<text:span text:style-name='W'>white</text:span></text:p>"
        "<text:p text:style-name='D'><text:span text:style-name='W'>on dark</text:span></text:p>"
        "<text:p text:style-name='S'>small</text:p>"
        "<text:p>Name: <text:placeholder>&lt;your name&gt;</text:placeholder></text:p>"
    )
    document = read(odt(tmp_path / "cv", body, automatic=automatic), media_type=ODT, limits=LIMITS)
    assert texts(document) == ["seen", "on dark", "Name:"]
    assert hidden(document) == {
        "white": "letters of the colour of their ground",
        "small": "letters of 2 points or less",
        "<your name>": "a prompt of the template that nobody filled in",
    }


def test_boxes_of_forms_and_addresses_behind_words_are_read(tmp_path: Path) -> None:
    forms = (
        "<office:forms><form:form><form:checkbox form:id='c1' form:label='French' form:current-state='checked'/>"
        "<form:checkbox form:id='c2' form:label='Arabic'/></form:form></office:forms>"
    )
    body = (
        f"{forms}<text:p><drawing:control drawing:control='c1'/><drawing:control drawing:control='c2'/></text:p>"
        "<text:p><text:a href='mailto:rana@example.org'>Write</text:a></text:p>"
    )
    document = read(odt(tmp_path / "cv", body), media_type=ODT, limits=LIMITS)
    assert texts(document) == ["☒ French ☐ Arabic", "Write (rana@example.org)"]


def test_covered_cells_keep_the_columns(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = (
        f"<table:table><table:table-row>{cell.format('Spoken')}<table:covered-table-cell/>{cell.format('Written')}"
        f"</table:table-row><table:table-row>{cell.format('Alone')}<table:covered-table-cell/><table:covered-table-cell/>"
        "</table:table-row></table:table>"
    )
    document = read(odt(tmp_path / "cv", body), media_type=ODT, limits=LIMITS)
    assert texts(document) == ["Spoken |  | Written", "Alone"]


def test_headings_show_by_the_style_that_a_style_is_based_on(tmp_path: Path) -> None:
    automatic = (
        "<style:style style:name='P1' style:parent-style-name='P0'/>"
        "<style:style style:name='P0' style:parent-style-name='Heading_20_1'/>"
        "<style:style style:name='P2' style:parent-style-name='P2'/>"
    )
    body = "<text:p text:style-name='P1'>Langues</text:p><text:p text:style-name='P2'>wolof</text:p>"
    document = read(odt(tmp_path / "cv", body, automatic=automatic), media_type=ODT, limits=LIMITS)
    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_a_protected_file_says_so(tmp_path: Path) -> None:
    manifest = "<manifest><file-entry full-path='content.xml'><encryption-data/></file-entry></manifest>"
    path = zipped(tmp_path / "cv", {"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x01\xff" * 90})
    with pytest.raises(Unreadable, match="protected by a password"):
        read(path, media_type=ODT, limits=LIMITS)
