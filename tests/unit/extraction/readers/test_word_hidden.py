"""What a reader of a Word file does not see goes apart, with the reason; what only looks hidden stays."""

from pathlib import Path

import pytest

from domain.profile import BlockKind, DocumentText
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import DOCX, docx, hidden, kinds, paragraph, table, texts, word_xml

WHITE = "<w:color w:val='FFFFFF'/>"
SEEN = paragraph("Seen")


def opened(path: Path, body: str, **parts: tuple[str, str]) -> DocumentText:
    named = {f"{name}.xml": part for name, part in parts.items()}
    return read(docx(path / "cv", body, parts=named), media_type=DOCX, limits=ReadLimits())


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        (WHITE, "letters of the colour of their ground"),
        ("<w:color w:val='FEFEFE'/>", "letters of the colour of their ground"),
        ("<w:color w:val='auto' w:themeColor='background1'/>", "letters of the colour of their ground"),
        ("<w:color w:val='112233'/><w:shd w:val='clear' w:fill='112233'/>", "letters of the colour of their ground"),
        ("<w:sz w:val='2'/>", "letters of 2 points or less"),
        ("<w:vanish/>", "text that is set to be hidden"),
        ("<w:vanish w:val='on'/>", "text that is set to be hidden"),
    ],
)
def test_letters_that_nobody_sees_go_apart(tmp_path: Path, look: str, reason: str) -> None:
    theme = (
        "<a:theme xmlns:a='a'><a:themeElements><a:clrScheme><a:lt1><a:sysClr val='window' lastClr='FFFFFF'/></a:lt1>"
        "</a:clrScheme></a:themeElements></a:theme>"
    )
    document = opened(tmp_path, SEEN + f"<w:p>{run('stuffing', look)}</w:p>", theme1=("theme", theme))
    assert texts(document) == ["Seen"]
    assert hidden(document) == {"stuffing": reason}


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p>{run('Name', WHITE + '''<w:shd w:val='clear' w:fill='1F3864'/>''')}</w:p>",
        f"<w:p>{run('Name', WHITE + '''<w:highlight w:val='darkBlue'/>''')}</w:p>",
        f"<w:p><w:pPr><w:shd w:val='clear' w:fill='1F3864'/></w:pPr>{run('Name', WHITE)}</w:p>",
        "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val='clear' w:fill='1F3864'/></w:tcPr>"
        f"<w:p>{run('Name', WHITE)}</w:p></w:tc></w:tr></w:tbl>",
        "<w:tbl><w:tblPr><w:tblStyle w:val='Grid4'/></w:tblPr><w:tr><w:tc>"
        f"<w:p>{run('Name', WHITE)}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p><w:r><w:drawing><wps:txbx><w:txbxContent><w:p>{run('Name', WHITE)}</w:p></w:txbxContent></wps:txbx>"
        "</w:drawing></w:r></w:p>",
        f"<w:p><w:r><w:drawing><wps:anchor behindDoc='1'/></w:drawing></w:r>{run('Name', WHITE)}</w:p>",
        f"<w:p>{run('Name', '''<w:color w:val='BFBFBF'/>''')}</w:p>",
        f"<w:p>{run('Name', '''<w:webHidden/>''')}</w:p>",
        f"<w:p>{run('Name', '''<w:vanish w:val='0'/>''')}</w:p>",
    ],
)
def test_light_letters_on_a_dark_ground_are_seen(tmp_path: Path, body: str) -> None:
    grid = (
        "<w:style w:styleId='Grid4'><w:tblStylePr w:type='firstRow'><w:tcPr><w:shd w:val='clear' w:fill='1F3864'/>"
        "</w:tcPr></w:tblStylePr></w:style>"
    )
    document = opened(tmp_path, body, styles=("styles", word_xml("styles", grid)))
    assert texts(document) == ["Name"]
    assert document.hidden == ()


def test_revisions_that_delete_go_apart_and_those_that_insert_are_read(tmp_path: Path) -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>here</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo><w:r><w:t>there</w:t></w:r></w:moveTo></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>row</w:t></w:r></w:p></w:tc></w:tr>"
        f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph('folded')}</w:tc></w:tr><w:tr><w:tc>{SEEN}</w:tc></w:tr></w:tbl>"
    )
    document = opened(tmp_path, body)
    assert texts(document) == ["new", "there", "Seen"]
    reason = "a revision that deletes it"
    assert hidden(document) == {
        "old": reason, "here": reason, "row": reason, "folded": "a row of a table that is set to be hidden",
    }  # fmt: skip


def test_comments_go_apart(tmp_path: Path) -> None:
    comments = word_xml("comments", f"<w:comment>{paragraph('Shorten this')}</w:comment>")
    document = opened(tmp_path, SEEN, comments=("comments", comments))
    assert texts(document) == ["Seen"]
    assert hidden(document) == {"Shorten this": "a comment in the margin"}


def test_prompts_go_apart_but_the_headings_of_a_template_are_read(tmp_path: Path) -> None:
    styles = word_xml("styles", "<w:style w:styleId='H1'><w:name w:val='heading 1'/></w:style>")
    block = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = (
        block.format(paragraph("Experience", "<w:pPr><w:pStyle w:val='H1'/></w:pPr>"))
        + block.format(paragraph("Click here to enter text."))
        + f"<w:p>{run('Phone: ')}{block.format(run('[your number]'))}</w:p>"
        + f"<w:p><w:pPr><w:pStyle w:val='H1'/></w:pPr>{block.format(run('Languages'))}</w:p>"
    )
    document = opened(tmp_path, body, styles=("styles", styles))
    assert texts(document) == ["Experience", "Phone:", "Languages"]
    assert kinds(document) == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.HEADING]
    reason = "a prompt of the template that nobody filled in"
    assert hidden(document) == {"Click here to enter text.": reason, "[your number]": reason}


def test_page_headers_that_no_page_shows_go_apart(tmp_path: Path) -> None:
    header = {
        f"header{n}": ("header", word_xml("hdr", paragraph(text)))
        for n, text in enumerate(("Others", "First", "Even", "Left over"))
    }
    kinds_of = ("default", "first", "even")
    references = "".join(f"<w:headerReference w:type='{kind}' r:id='r{n}'/>" for n, kind in enumerate(kinds_of))
    section = "<w:sectPr>{}{}</w:sectPr>"
    document = opened(tmp_path, SEEN + section.format(references, ""), **header)
    assert texts(document) == ["Others", "Seen"]
    reason = "a page header or footer that no page shows"
    assert hidden(document) == {"First": reason, "Even": reason, "Left over": reason}
    document = opened(tmp_path, SEEN + section.format(references, "<w:titlePg/>"), **header)
    assert texts(document) == ["First", "Others", "Seen"]


def test_what_lies_off_the_page_goes_apart(tmp_path: Path) -> None:
    anchor = (
        "<w:p><w:r><w:drawing><wps:anchor><wps:positionH relativeFrom='page'><wps:posOffset>{}</wps:posOffset>"
        "</wps:positionH><wps:extent cx='900000' cy='900000'/><w:txbxContent>{}</w:txbxContent>"
        "</wps:anchor></w:drawing></w:r></w:p>"
    )
    document = opened(tmp_path, anchor.format(-9_000_000, paragraph("Outside")) + anchor.format(0, paragraph("Inside")))
    assert texts(document) == ["Inside"]
    assert hidden(document) == {"Outside": "it lies off the page"}


def test_drawings_that_are_set_to_be_hidden_go_apart(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('Hidden')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:drawing><wps:inline><wps:docPr hidden='1'/>{box}</wps:inline></w:drawing></w:r></w:p>"
        f"<w:p><w:r><w:pict><wps:shape style='width:9pt;visibility:hidden'>{box}</wps:shape></w:pict></w:r></w:p>"
    )
    document = opened(tmp_path, SEEN + body)
    assert texts(document) == ["Seen"]
    assert [one.text for one in document.hidden] == ["Hidden", "Hidden"]


def test_cells_stand_under_the_heads_of_their_columns(tmp_path: Path) -> None:
    wide = f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{paragraph('Spoken')}</w:tc>"
    row = "<w:tr><w:tc>{}</w:tc>{}<w:tc>{}</w:tc></w:tr>"
    body = (
        f"<w:tbl>{row.format(paragraph('Language'), wide, paragraph('Written'))}</w:tbl>"
        + table(("French", "C1", "B2", "B1"))
        + f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='4'/></w:tcPr>{paragraph('Alone')}</w:tc></w:tr></w:tbl>"
    )
    assert texts(opened(tmp_path, body)) == ["Language | Spoken |  | Written", "French | C1 | B2 | B1", "Alone"]
