"""The bytes tell the type, whatever the name says: people rename files, and Word saves pages as .doc."""

import io
import zipfile

import pytest

from intake.sniff import DOCX, EXCEL_XML, FLAT_OPEN_DOCUMENT, ODT, PPTX, WEB_ARCHIVE, WORD_XML, XLSX, media_type


def packed(*names: str, stored: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (stored or {}).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(
                zipfile.ZipInfo(name), name * 20, zipfile.ZIP_DEFLATED
            )  # no clock: the bytes name the test
    return buffer.getvalue()


WORD = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
OPEN = packed("content.xml", stored={"mimetype": ODT})
PAGES = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    b"Content-Type: text/html\r\n\r\n<html>\r\n--x--"
)
OF_CHROME = b"From: <Saved by Blink>\r\nSubject: CV\r\nDate: Mon, 1 Jan 2024 00:00:00 -0000\r\n" + PAGES
MAIL = b"Received: from a\r\nFrom: a@example.org\r\nTo: b@example.org\r\nDate: x\r\n" + PAGES
FLAT = b'<?xml version="1.0"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
OF_EXCEL = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
OF_2003 = b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (WORD, "cv.pdf", DOCX),
        (WORD, "cv.dotm", DOCX),
        (packed("word\\document.xml"), "cv.docx", DOCX),
        (packed("ppt/presentation.xml"), "cv.ppsx", PPTX),
        (packed("xl/workbook.xml"), "p11.xlsm", XLSX),
        (WORD[: len(WORD) // 2], "cv.docx", DOCX),
        (OPEN[: len(OPEN) // 2], "cv.odt", ODT),
        (packed("photo.jpg")[:60], "all.zip", "application/zip"),
        (b"{\\rtf1\\ansi Rana}", "cv.doc", "application/rtf"),
        (b"<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><p>Rana", "cv.doc", "text/html"),
        (PAGES, "cv.doc", WEB_ARCHIVE),
        (OF_CHROME, "cv.mhtml", WEB_ARCHIVE),
        (MAIL, "mail.eml", "message/rfc822"),
        (FLAT, "cv.fodt", FLAT_OPEN_DOCUMENT),
        (OF_2003, "cv.doc", WORD_XML),
        (OF_EXCEL, "p11.xls", EXCEL_XML),
        (b"\xffWPC\x10\0\0\0\x01\x0a", "cv.doc", "application/vnd.wordperfect"),
        (b"%PDF-1.7\n", "cv.docx", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "cv.pdf", "image/jpeg"),
        (b"Rana Khoury\nLanguages: Arabic", "cv.docx", "text/plain"),
    ],
)
def test_the_bytes_tell_the_type(data: bytes, name: str, kind: str) -> None:
    claimed = "application/octet-stream"
    assert media_type(data[:65_536], name=name, claimed=claimed, open_file=lambda: io.BytesIO(data)) == kind
