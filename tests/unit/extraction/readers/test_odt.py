from pathlib import Path

from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import ODT, block, odt, rows, texts

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
