"""CVs in formats that no program of this machine writes: workbooks, slides, archives of pages."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import xlwt

from tests.integration.extraction.cvs import Cv
from tests.unit.extraction.readers.making import (
    ODF,
    OFFICE,
    RELATIONS,
    paragraph,
    table,
    word_xml,
    zipped,
)

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def rows_of(cv: Cv) -> list[tuple[str, ...]]:
    return [*((line,) for line in cv.lines), *cv.grid]


def xlsx(cv: Cv, path: Path) -> Path:
    """As Excel stores it: all texts in one part, the cells refer to them."""
    texts = list(dict.fromkeys(text for row in rows_of(cv) for text in row))
    lines = "".join(
        f"<row r='{r}'>"
        + "".join(f"<c r='{'ABC'[c]}{r}' t='s'><v>{texts.index(text)}</v></c>" for c, text in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows_of(cv), 1)
    )
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return zipped(
        path,
        {
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f"<workbook xmlns='{SHEET}' xmlns:r='{OFFICE}'><sheets>"
            "<sheet name='P11' sheetId='1' r:id='r0'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
            "xl/sharedStrings.xml": f"<sst xmlns='{SHEET}'>{strings}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{SHEET}'><sheetData>{lines}</sheetData></worksheet>",
        },
    )


def xls(cv: Cv, path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("P11")
    for r, row in enumerate(rows_of(cv)):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    book.save(str(path))
    return path


def pptx(cv: Cv, path: Path) -> Path:
    """A slide for every two lines and one for the table; the parts are stored in another order than they are shown."""
    slides = [shape("".join(map(line, cv.lines[at : at + 2]))) for at in range(0, len(cv.lines), 2)]
    slides.append(graphic(cv.grid))
    count = len(slides)
    listed = "".join(f"<p:sldId id='{256 + n}' r:id='r{n}'/>" for n in range(count))
    members = {
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            *(("slide", f"slides/slide{count - n}.xml") for n in range(count))
        ),
    }
    for n, content in enumerate(slides):
        members[f"ppt/slides/slide{count - n}.xml"] = slide(content)
    return zipped(path, dict(members))


NAMES = f"xmlns:p='{SLIDES}' xmlns:a='{DRAWING}' xmlns:r='{OFFICE}'"


def slide(content: str, attributes: str = "") -> str:
    return f"<p:sld {NAMES} {attributes}><p:cSld><p:spTree>{content}</p:spTree></p:cSld></p:sld>"


def shape(lines: str) -> str:
    return f"<p:sp><p:nvSpPr/><p:spPr/><p:txBody>{lines}</p:txBody></p:sp>"


def line(text: str) -> str:
    return f"<a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p>"


def graphic(grid: tuple[tuple[str, ...], ...]) -> str:
    rows = "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody>{line(cell)}</a:txBody></a:tc>" for cell in row) + "</a:tr>"
        for row in grid
    )
    return (
        "<p:graphicFrame><a:graphic><a:graphicData uri='table'>"
        f"<a:tbl>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f"<Relationship Id='r{n}' Type='{OFFICE}/{kind}' Target='{target}'/>"
        for n, (kind, target) in enumerate(targets)
    )
    return f"<Relationships xmlns='{RELATIONS}'>{listed}</Relationships>"


def ods(cv: Cv, path: Path) -> Path:
    return open_document(path, f"<office:spreadsheet>{grid(rows_of(cv))}</office:spreadsheet>", kind="spreadsheet")


def odp(cv: Cv, path: Path) -> Path:
    paragraphs = "".join(f"<text:p>{escape(text)}</text:p>" for text in cv.lines)
    pages = (
        f"<draw:frame><draw:text-box>{paragraphs}</draw:text-box></draw:frame>",
        f"<draw:frame>{grid(cv.grid)}</draw:frame>",
    )
    content = "".join(f"<draw:page>{page}</draw:page>" for page in pages)
    return open_document(path, f"<office:presentation>{content}</office:presentation>", kind="presentation")


def grid(rows: tuple[tuple[str, ...], ...] | list[tuple[str, ...]]) -> str:
    made = (
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    return f"<table:table>{''.join(made)}</table:table>"


def open_document(path: Path, body: str, *, kind: str) -> Path:
    names = " ".join(f'xmlns:{n}="{ODF.format(n)}"' for n in ("office", "text", "table", "style"))
    names += f' xmlns:draw="{ODF.format("drawing")}"'
    return zipped(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {names}><office:body>{body}</office:body>"
            "</office:document-content>",
        },
    )


def mhtml(cv: Cv, path: Path) -> Path:
    """A "web page, single file" as Word saves it, under the name of a DOC."""
    path.write_text(
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_NextPart"\r\n\r\n'
        "This document is a Single File Web Page, also known as a Web Archive file.\r\n\r\n"
        "------=_NextPart\r\nContent-Location: file:///C:/cv.htm\r\nContent-Transfer-Encoding: 8bit\r\n"
        f'Content-Type: text/html; charset="utf-8"\r\n\r\n{cv.html}\r\n'
        "------=_NextPart\r\nContent-Location: file:///C:/cv_files/filelist.xml\r\n"
        'Content-Type: text/xml; charset="utf-8"\r\n\r\n<xml></xml>\r\n------=_NextPart--\r\n',
        encoding="utf-8",
        newline="",
    )
    return path


def word_2003(cv: Cv, path: Path) -> Path:
    """As Word 2003 saves it as XML."""
    name = "http://schemas.microsoft.com/office/word/2003/wordml"
    content = "".join(map(paragraph, map(escape, cv.lines))) + table(*(tuple(map(escape, row)) for row in cv.grid))
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="{name}"><w:body>{content}</w:body></w:wordDocument>',
        encoding="utf-8",
    )
    return path


def flat_package(cv: Cv, path: Path) -> Path:
    """The parts of a DOCX in one file of XML, as Word saves it on request and some servers make it."""
    content = "".join(map(paragraph, map(escape, cv.lines))) + table(*(tuple(map(escape, row)) for row in cv.grid))
    parts = {
        "/_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "/word/document.xml": word_xml("document", f"<w:body>{content}</w:body>"),
    }
    stored = "".join(
        f'<pkg:part pkg:name="{name}"><pkg:xmlData>{data}</pkg:xmlData></pkg:part>' for name, data in parts.items()
    )
    package = "http://schemas.microsoft.com/office/2006/xmlPackage"
    path.write_text(f'<?xml version="1.0"?><pkg:package xmlns:pkg="{package}">{stored}</pkg:package>', encoding="utf-8")
    return path


def excel_2003(cv: Cv, path: Path) -> Path:
    """As Excel 2003 saves a workbook as XML, a form that web pages like to give out as XLS."""
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{escape(cell)}</Data></Cell>' for cell in row) + "</Row>"
        for row in rows_of(cv)
    )
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="P11"><Table>{rows}'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    return path
