"""Hostile and ordinary mail, with the parts and fates that it must come to beside each."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import tarfile
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unreadable
from domain.mail import Fate, ParsedMessage
from intake.parse import ParseLimits, parse

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4
HEAD = b"From: Ana <ana@example.org>\r\nTo: call@example.org\r\nSubject: CV\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
TEXT = b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"
END = b"--b--\r\n"


def b64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def attached(name: bytes, data: bytes = PDF, kind: bytes = b"application/pdf") -> bytes:
    return (
        b"--b\r\nContent-Type: " + kind + b"\r\nContent-Disposition: attachment; " + name + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b64(data) + b"\r\n"
    )


def png(width: int, height: int, filler: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"x" * filler


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_dot_", "."), data)
    return out.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def inner() -> bytes:
    return (
        b"From: Rana <rana@example.com>\r\nSubject: my cv\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nInner text\r\n--i\r\n"
        b"Content-Type: application/pdf; name=inner.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b64(PDF)
        + b"\r\n--i--\r\n"
    )


@dataclass(frozen=True)
class Taken:
    message: ParsedMessage
    folder: Path

    @property
    def fates(self) -> list[tuple[str, str | None, str]]:
        return [(part.path, part.file_name, part.fate.value) for part in self.message.parts[1:]]

    def document(self) -> bytes:
        (found,) = [part for part in self.message.parts if part.fate is Fate.DOCUMENT]
        return (self.folder / found.digest).read_bytes()


def take(raw: bytes, folder: Path, limits: ParseLimits | None = None) -> Taken:
    (folder / "raw").write_bytes(raw)
    parts = folder / "parts"
    parts.mkdir(exist_ok=True)
    return Taken(parse(folder / "raw", parts, limits or ParseLimits()), parts)


ORDINARY = MIXED + TEXT + attached(b"filename=cv.pdf") + END
BODY = ("1", None, "body")
REPAIRED = {
    "ordinary": ORDINARY,
    "a byte order mark first": b"\xef\xbb\xbf" + ORDINARY,
    "a blank line first": b"\r\n\r\n" + ORDINARY,
    "a line of an mbox first": b"From ana@example.org Mon Jan  1 00:00:00 2018\r\n" + ORDINARY,
    "doubled line ends": ORDINARY.replace(b"\r\n", b"\r\r\n"),
    "line feeds only": ORDINARY.replace(b"\r\n", b"\n"),
    "carriage returns only": ORDINARY.replace(b"\r\n", b"\r"),
    "two Content-Type headers": ORDINARY.replace(
        b"Content-Type: multi", b"Content-Type: text/plain\r\nContent-Type: multi", 1
    ),
    "two Content-Type headers, the right one first": ORDINARY.replace(
        b"boundary=b\r\n", b"boundary=b\r\nContent-Type: text/plain\r\n", 1
    ),
    "no closing boundary": ORDINARY.removesuffix(END),
    "a name without a disposition": ORDINARY.replace(
        b"application/pdf\r\nContent-Disposition: attachment; filename=cv.pdf", b"application/pdf; name=cv.pdf"
    ),
    "base64 with rubbish in it": ORDINARY.replace(b64(PDF)[:76], b64(PDF)[:40] + b"!#\x80" + b64(PDF)[40:76]),
    "a wrong type": ORDINARY.replace(b"application/pdf", b"text/plain"),
}


@pytest.mark.parametrize("raw", REPAIRED.values(), ids=REPAIRED)
def test_the_cv_is_found_byte_for_byte(raw: bytes, tmp_path: Path) -> None:
    taken = take(raw, tmp_path)
    assert taken.fates == [BODY, ("2", "cv.pdf", "document")]
    assert taken.document() == PDF
    assert taken.message.body == "Hello"
    assert taken.message.parts[2].detected_type == "application/pdf"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"filename=My CV final (2).pdf", "My CV final (2).pdf"),
        (b'filename="a \\"b\\"; c.pdf"', 'a "b"; c.pdf'),
        (b"filename*=utf-8''%D1%80%D0%B5%D0%B7%D1%8E%D0%BC%D0%B5.pdf", "резюме.pdf"),
        (b"filename*0*=utf-8''%D8%B3%D9%8A;\r\n filename*1*=%D8%B1%D8%A9;\r\n filename*2=.pdf", "سيرة.pdf"),
        (b'filename="=?utf-8?B?' + base64.b64encode("Currículum.pdf".encode()) + b'?="', "Currículum.pdf"),
        (b'filename="=?utf-8?Q?CV_=C3?= =?utf-8?Q?=A9t=C3=A9.pdf?="', "CV été.pdf"),
        (b'filename="' + "Mon CV à jour.pdf".encode("windows-1252") + b'"', "Mon CV à jour.pdf"),
        (b'filename="' + "мещеряков.pdf".encode("koi8-r") + b'"', "мещеряков.pdf"),
        (b'filename="' + "سيرة ذاتية.pdf".encode("windows-1256") + b'"', "سيرة ذاتية.pdf"),
        (b'filename="' + "Анаит.pdf".encode() + b'"', "Анаит.pdf"),
        (b"filename=../../etc/passwd", "passwd"),
        (b'filename="C:\\\\Users\\\\ana\\\\cv.pdf"', "cv.pdf"),
        (b'filename="CV 2016/2017.pdf"', "CV 2016_2017.pdf"),
        ('filename="CV\u202efdp.exe"'.encode(), "CVfdp.exe"),
        (b"filename=", None),
    ],
)
def test_a_name_reads_as_it_was_meant(header: bytes, name: str | None, tmp_path: Path) -> None:
    taken = take(MIXED + TEXT + attached(header) + END, tmp_path)
    assert taken.fates == [BODY, ("2", name, "document")]
    assert taken.document() == PDF
    assert [path.name for path in taken.folder.iterdir()] == [hashlib.sha256(PDF).hexdigest()]


def test_a_forwarded_message_keeps_its_own_parts(tmp_path: Path) -> None:
    nested = b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner()
    taken = take(MIXED + TEXT + nested + END, tmp_path)
    assert taken.fates == [BODY, ("2", None, "container"), ("2.1", None, "body"), ("2.2", "inner.pdf", "document")]
    (forwarded,) = taken.message.nested
    assert (forwarded.sender and forwarded.sender.email, forwarded.body) == ("rana@example.com", "Inner text")
    assert taken.message.body == "Hello"


@pytest.mark.parametrize("kind", [b"message/rfc822", b"application/octet-stream"])
def test_a_forwarded_message_in_base64_is_opened_too(kind: bytes, tmp_path: Path) -> None:
    taken = take(MIXED + TEXT + attached(b"filename=fw.eml", inner(), kind) + END, tmp_path)
    assert taken.fates[1:] == [("2", "fw.eml", "container"), ("2.1", None, "body"), ("2.2", "inner.pdf", "document")]
    assert taken.document() == PDF


@pytest.mark.parametrize(
    ("archive", "name"), [(zipped(cv_dot_pdf=PDF), b"filename=a.zip"), (tarred("x/cv.pdf", PDF), b"filename=a.tar.gz")]
)
def test_the_files_of_an_archive_are_documents(archive: bytes, name: bytes, tmp_path: Path) -> None:
    taken = take(MIXED + TEXT + attached(name, archive, b"application/octet-stream") + END, tmp_path)
    assert taken.fates[2:] == [("2/1", "cv.pdf", "document")]
    assert taken.document() == PDF


def test_an_archive_that_blows_up_is_refused(tmp_path: Path) -> None:
    bomb = zipped(cv_dot_txt=b"\0" * 50_000_000)
    taken = take(MIXED + attached(b"filename=a.zip", bomb) + END, tmp_path)
    assert taken.fates == [("1", "a.zip", "container"), ("1/1", "cv.txt", "refused")]


def test_a_damaged_archive_is_put_before_staff(tmp_path: Path) -> None:
    taken = take(MIXED + attached(b"filename=a.zip", zipped(cv_dot_pdf=PDF)[:60]) + END, tmp_path)
    assert taken.fates == [("1", "a.zip", "unreadable")]


@pytest.mark.parametrize(
    ("picture", "disposition", "fate"),
    [
        (png(1, 1), b"inline", "decoration"),
        (png(180, 60), b"inline", "decoration"),
        (png(1200, 1700, 5000), b"inline; filename=page.png", "document"),
        (png(1200, 1700, 5000), b"attachment; filename=page.png", "document"),
        (png(300, 400), b"attachment; filename=me.png", "document"),
        (png(300, 400), b"inline; filename=image001.png", "decoration"),
    ],
)
def test_a_picture_is_a_document_only_where_it_may_show_a_page(
    picture: bytes, disposition: bytes, fate: str, tmp_path: Path
) -> None:
    shown = b"other" if disposition.startswith(b"attachment") else b"one"
    html = b'--b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p><img src="cid:' + shown + b'@example">\r\n'
    image = (
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <one@example>\r\nContent-Disposition: " + disposition + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b64(picture) + b"\r\n"
    )
    assert take(MIXED + html + image + END, tmp_path).fates[1][2] == fate


def test_html_is_the_body_where_the_plain_text_beside_it_only_says_so(tmp_path: Path) -> None:
    alternative = MIXED.replace(b"mixed", b"alternative")
    notice = b"--b\r\n\r\nThis message is in HTML.\r\n"
    letter = b"<p>" + b"I led the consular crisis cell. " * 10 + b"</p>"
    html = b"--b\r\nContent-Type: text/html\r\n\r\n" + letter + b"\r\n"
    taken = take(alternative + notice + html + END, tmp_path)
    assert taken.message.body.startswith("I led the consular crisis cell.")
    assert "This message" not in taken.message.body


def test_html_beside_plain_text_is_a_duplicate_and_html_alone_is_the_body(tmp_path: Path) -> None:
    alternative = MIXED.replace(b"mixed", b"alternative")
    html = b"--b\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p><p style='display:none'>hidden</p>\r\n"
    assert take(alternative + TEXT + html + END, tmp_path).fates == [BODY, ("2", None, "duplicate")]
    only = take(alternative + html + END, tmp_path)
    assert (only.fates, only.message.body) == ([BODY], "Bonjour")
    blank = take(alternative + b"--b\r\n\r\n \r\n" + html + END, tmp_path)
    assert (blank.fates, blank.message.body) == ([("1", None, "empty"), ("2", None, "body")], "Bonjour")


@pytest.mark.parametrize(
    ("kind", "data", "fate"),
    [
        (b"text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "ignored"),
        (b"text/x-vcard", b"BEGIN:VCARD\r\nEND:VCARD", "ignored"),
        (b"application/pkcs7-signature", b"\x30\x82\x01", "ignored"),
        (b"text/plain", b"Curriculum vitae", "document"),
        (b"text/html", b"<html><body>Curriculum vitae</body></html>", "document"),
        (b"application/x-msdownload", b"MZ\x90\0", "refused"),
        (b"application/pdf", b"", "empty"),
        (b"application/ms-tnef", b"\x78\x9f\x3e\x22abc", "unreadable"),
    ],
)
def test_what_is_attached_is_a_document_unless_its_nature_is_another(
    kind: bytes, data: bytes, fate: str, tmp_path: Path
) -> None:
    assert take(MIXED + TEXT + attached(b"filename=a", data, kind) + END, tmp_path).fates[1][2] == fate


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    taken = take(MIXED + attached(b"filename=a.pdf") + attached(b"filename=b.pdf") + END, tmp_path)
    assert [fate for _, _, fate in taken.fates] == ["document", "duplicate"]


def test_a_delivery_report_has_no_documents(tmp_path: Path) -> None:
    report = MIXED.replace(b"multipart/mixed", b"multipart/report; report-type=delivery-status")
    status = b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: failed\r\n"
    returned = b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner()
    fates = [fate for _, _, fate in take(report + TEXT + status + returned + END, tmp_path).fates]
    assert fates == ["body", "ignored", "container", "ignored", "ignored"]


def test_a_bare_document_is_the_whole_message(tmp_path: Path) -> None:
    raw = HEAD + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(PDF)
    taken = take(raw, tmp_path)
    assert taken.fates == [("1", None, "document")]
    assert taken.document() == PDF


def test_headers_are_told_in_any_charset(tmp_path: Path) -> None:
    subject = "Резюме эксперта".encode("koi8-r")
    sender = (
        b"=?windows-1251?Q?" + b"".join(b"=%02X" % c for c in "Анна".encode("windows-1251")) + b"?= <anna@example.ru>"
    )
    raw = b"From: " + sender + b"\nSubject: " + subject + b"\nReturn-Path: <>\nDate: Mon, 2 Jul 2018 10:00:00 +0300\n\n"
    message = take(raw, tmp_path).message
    assert message.subject == "Резюме эксперта"
    assert message.sender is not None
    assert (message.sender.name, message.return_path) == ("Анна", "")
    assert message.sent_at is not None
    assert message.sent_at.isoformat() == "2018-07-02T10:00:00+03:00"


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8"])
def test_a_body_with_a_wrong_charset_reads_all_the_same(charset: str, tmp_path: Path) -> None:
    text = "Здравствуйте! Направляю свое резюме."
    raw = HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" + text.encode(charset)
    assert take(raw, tmp_path).message.body == text


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: text/plain; " + b"a=b; " * 200_000 + b"\r\n\r\nHello",
        HEAD + b"X-Long: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nHello",
        HEAD + b"".join(b"X-%d: a\r\n" % number for number in range(20_000)) + b"\r\nHello",
    ],
    ids=["parameters", "encoded words", "headers"],
)
def test_costly_headers_cost_little(raw: bytes, tmp_path: Path) -> None:
    assert take(raw, tmp_path).message.body == "Hello"


def test_nothing_of_a_person_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    take(b"From: Ana <a@example.org>\nSubject: =?utf-8?b?QW5hIFN\xb4lY3JldA=?=\nMIME-Version: 1.0\n\nx", tmp_path)
    assert caplog.records == []


def test_endless_nesting_ends(tmp_path: Path) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    try:
        taken = take(HEAD + deep, tmp_path)
    except Unreadable:
        return
    assert len(taken.message.parts) <= 1001


def test_more_parts_than_allowed_are_refused_by_name(tmp_path: Path) -> None:
    taken = take(MIXED + TEXT * 50 + END, tmp_path, ParseLimits(parts=10))
    assert len(taken.message.parts) == 11
    assert taken.message.parts[-1].fate is Fate.REFUSED


@pytest.mark.parametrize("spool", [1_000, 10_000_000], ids=["on disk", "in memory"])
@pytest.mark.parametrize("before", [b"", b"Dear team,\r\n\r\n"], ids=["alone", "below other text"])
@pytest.mark.parametrize("after", [b"", b"\r\n"], ids=["at the boundary", "above a blank line"])
def test_what_only_looks_like_base64_comes_out_byte_for_byte(
    spool: int, before: bytes, after: bytes, tmp_path: Path
) -> None:
    text = before + b64(b"\x9b" * 300_000).rstrip() + after  # no file that base64 would hide
    raw = MIXED + TEXT + b"--b\r\nContent-Type: text/plain; name=key.txt\r\n\r\n" + text + b"\r\n" + END
    assert take(raw, tmp_path, ParseLimits(spool=spool)).document() == text


@pytest.mark.parametrize("spool", [1_000, 10_000_000], ids=["on disk", "in memory"])
def test_a_file_before_the_first_boundary_is_no_note_about_mime(spool: int, tmp_path: Path) -> None:
    before = b"This is a multi-part message in MIME format.\r\n\r\n" + b64(b"\x9b" * 300_000)
    message = take(MIXED + before + TEXT + END, tmp_path, ParseLimits(spool=spool)).message
    assert [part.size for part in message.parts if part.path == "2"] == [len(before) - 2]


def test_a_heavy_attachment_comes_out_byte_for_byte(tmp_path: Path) -> None:
    heavy = PDF * 2000
    taken = take(MIXED + TEXT + attached(b"filename=cv.pdf", heavy) + END, tmp_path, ParseLimits(spool=1000))
    assert taken.document() == heavy
    assert len(list(taken.folder.iterdir())) == 1


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_mutated_mail_never_breaks_the_parser_and_every_part_has_a_reason(data: st.DataObject) -> None:
    raw = bytearray(MIXED + TEXT + attached(b"filename=cv.pdf", PDF[:200]) + inner() + END)
    for _ in range(data.draw(st.integers(0, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    with tempfile.TemporaryDirectory() as folder:
        message = take(bytes(raw), Path(folder)).message
    assert message.parts
    assert all(part.reason for part in message.parts)
