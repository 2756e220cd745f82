"""Mails that Outlook saved: their parts and people come out like those of any attached message."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from domain.mail import ParsedMessage
from intake.containers.model import NotOpened, Room
from intake.containers.opening import opened
from intake.content import in_memory
from intake.parse import ParseLimits, parse
from tests.unit.intake.containers.compound import Tree, at, attachment, binary, compound, fixed, narrow, text

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40  # in sectors
SMALL = b"%PDF-1.4 small"  # in mini sectors
SENT = 131_757_372_000_000_000  # 2018-07-10 23:00 UTC, in units of 100 ns since 1601

INNER: Tree = {
    **fixed(24, x3FFD=1251),
    **narrow(0x0037, "Резюме".encode("cp1251")),
    **narrow(0x1000, "Здравствуйте".encode("cp1251")),
    **text(0x0C1A, "Анна"),
    **text(0x0C1F, "anna@example.ru"),
    "__attach_version1.0_#00000000": attachment(narrow(0x3707, "письмо.pdf".encode("cp1251")), binary(0x3701, SMALL)),
}
LETTER: Tree = {
    **at(32, 0x0039, SENT),
    **text(0x001A, "IPM.Note"),
    **text(0x0037, "My CV"),
    **text(0x0042, "Rana, Haddad"),
    **text(0x0065, "/o=Exchange/cn=rana"),
    **text(0x5D02, "rana@example.com"),
    **text(0x1000, "Dear team"),
    **binary(0x1013, "<p>Dear team</p>".encode("utf-16-le")),
    "__recip_version1.0_#00000000": {**fixed(8), **text(0x3001, "Call"), **text(0x39FE, "call@example.org")},
    "__attach_version1.0_#00000000": attachment(
        text(0x3704, "CV~1.PDF"), text(0x3707, "السيرة.pdf"), binary(0x3701, PDF)
    ),
    "__attach_version1.0_#00000001": attachment(text(0x3001, "inner"), embedded=INNER),
}


def around(data: bytes) -> bytes:
    return (
        b"From: desk@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b'--b\r\n\r\nSee attached\r\n--b\r\nContent-Type: application/octet-stream; name="fw.msg"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data) + b"\r\n--b--\r\n"
    )


def taken(data: bytes, folder: Path) -> ParsedMessage:
    (folder / "raw").write_bytes(around(data))
    return parse(folder / "raw", folder, ParseLimits())


def test_a_saved_mail_is_walked_as_an_attached_message(tmp_path: Path) -> None:
    message = taken(compound(LETTER), tmp_path)
    assert [(part.path, part.file_name, part.fate.value) for part in message.parts[1:]] == [
        ("1", None, "body"),
        ("2", "fw.msg", "container"),
        ("2.1", None, "container"),
        ("2.1.1", None, "body"),
        ("2.1.2", None, "duplicate"),
        ("2.2", "السيرة.pdf", "document"),
        ("2.3", None, "container"),
        ("2.3.1", None, "body"),
        ("2.3.2", "письмо.pdf", "document"),
    ]
    kept = [(tmp_path / part.digest).read_bytes() for part in message.parts if part.fate.value == "document"]
    assert kept == [PDF, SMALL]


def test_its_sender_subject_and_date_are_those_that_outlook_kept(tmp_path: Path) -> None:
    (letter,) = taken(compound(LETTER), tmp_path).nested
    assert letter.sender is not None
    assert (letter.sender.name, letter.sender.email) == ("Rana, Haddad", "rana@example.com")
    assert (letter.subject, letter.body) == ("My CV", "Dear team")
    assert [to.email for to in letter.recipients] == ["call@example.org"]
    assert letter.sent_at is not None
    assert letter.sent_at.isoformat() == "2018-07-10T23:00:00+00:00"
    (inner,) = letter.nested
    assert inner.sender is not None
    assert (inner.sender.email, inner.subject, inner.body) == ("anna@example.ru", "Резюме", "Здравствуйте")


def test_headers_that_came_by_mail_go_before_what_outlook_made_of_them(tmp_path: Path) -> None:
    headers = (
        "Received: from a\r\n\tby b\r\nFrom: Omar <omar@example.net>\r\nReply-To: o@example.net\r\n"
        "Content-Type: multipart/mixed; boundary=gone\r\nMessage-ID: <1@example.net>\r\n\r\nnot: a header"
    )
    (letter,) = taken(compound({**LETTER, **text(0x007D, headers)}), tmp_path).nested
    assert letter.sender is not None
    assert (letter.sender.email, letter.message_id) == ("omar@example.net", "<1@example.net>")
    assert [one.email for one in letter.reply_to] == ["o@example.net"]
    assert (letter.subject, letter.body, letter.header("not")) == ("My CV", "Dear team", None)


@pytest.mark.parametrize(
    ("kind", "said"), [("IPM.Contact", "contact"), ("IPM.Appointment", "calendar"), ("IPM.Task", "task")]
)
def test_what_is_no_mail_is_ignored_with_its_name(kind: str, said: str, tmp_path: Path) -> None:
    part = taken(compound({**fixed(32), **text(0x001A, kind)}), tmp_path).parts[2]
    assert (part.fate.value, said in part.reason) == ("ignored", True)


@pytest.mark.timeout(60)
def test_cut_off_or_damaged_anywhere_it_ends_in_order() -> None:
    whole = compound(LETTER)
    room = Room(bytes=10_000_000, ratio=200)
    cut = [whole[: len(whole) * twentieth // 20] for twentieth in range(20)]
    turned = [whole[:place] + b"\xff\x01" + whole[place + 2 :] for place in range(0, len(whole), 211)]
    for data in cut + turned:
        try:
            list(opened(in_memory(data), "application/vnd.ms-outlook", None, room))
        except NotOpened as shut:
            assert str(shut)
