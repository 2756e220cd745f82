"""Every kind of container: the bytes put in come out, and whatever is cut off or damaged leaves a fate and no crash."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.mail import Fate, Part
from intake.containers import rtf
from intake.containers.model import Entity, Letter, Member, NotOpened, Room
from intake.containers.opening import OPENERS, opened
from intake.content import in_memory
from intake.parse import ParseLimits, parse
from tests.unit.intake.containers.making import (
    PDF,
    compressed,
    enveloped,
    locked,
    lzfu,
    padded,
    raw_named,
    seven,
    signed,
    streamed,
    tarred,
    tnef,
    zipped,
)

ROOM = Room(bytes=50_000_000, ratio=200)
ENTITY = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain\r\n\r\nSigned text\r\n"
    b"--i\r\nContent-Type: application/pdf; name=cv.pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    b"%PDF-1.4 x\r\n--i--\r\n"
)


def mail(data: bytes, name: str, kind: str = "application/octet-stream", text: bytes = b"Hello") -> bytes:
    import base64

    return (
        b"From: Ana <ana@example.org>\r\nSubject: CV\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + text + b"\r\n"
        b"--b\r\nContent-Type: "
        + kind.encode()
        + b'\r\nContent-Disposition: attachment; filename="'
        + name.encode()
        + b'"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data) + b"\r\n--b--\r\n"
    )


Walked = tuple[tuple[Part, ...], Path]


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., Walked]:
    def taken(raw: bytes, limits: ParseLimits | None = None) -> Walked:
        (tmp_path / "raw").write_bytes(raw)
        (tmp_path / "parts").mkdir(exist_ok=True)
        return parse(tmp_path / "raw", tmp_path / "parts", limits or ParseLimits()).parts[1:], tmp_path / "parts"

    return taken


def fates(parts: tuple[Part, ...]) -> list[tuple[str, str | None, str]]:
    return [(part.path, part.file_name, part.fate.value) for part in parts]


@pytest.mark.parametrize(
    ("data", "name", "inner"),
    [
        (zipped(("a/cv.pdf", PDF)), "a.zip", "cv.pdf"),
        (raw_named("резюме.pdf".encode("cp866")), "a.zip", "резюме.pdf"),
        (raw_named("résumé été.pdf".encode("cp850")), "a.zip", "résumé été.pdf"),
        (raw_named("سيرة ذاتية.pdf".encode("windows-1256")), "a.zip", "سيرة ذاتية.pdf"),
        (raw_named("Currículum.pdf".encode()), "a.zip", "Currículum.pdf"),
        (zipped(("/etc/../cv.pdf", PDF)), "a.zip", "cv.pdf"),
        (seven(("a/cv.pdf", PDF)), "a.7z", "cv.pdf"),
        (gzip.compress(PDF), "cv.pdf.gz", "cv.pdf"),
        (bz2.compress(PDF), "cv.pdf.bz2", "cv.pdf"),
        (lzma.compress(PDF), "cv.pdf.xz", "cv.pdf"),
        (tnef(), "winmail.dat", "Резюме.pdf"),
        (zipped(("Index/Document.iwa", b"x"), ("QuickLook/Preview.pdf", PDF)), "cv.pages", "cv.pages"),
        (signed(PDF), "cv.pdf.p7m", "cv.pdf"),
        (streamed(PDF), "cv.pdf.p7m", "cv.pdf"),
        (compressed(PDF), "cv.pdf.p7z", "cv.pdf"),
    ],
)
def test_the_bytes_put_in_come_out(data: bytes, name: str, inner: str, take: Callable[..., Walked]) -> None:
    parts, folder = take(mail(data, name))
    assert fates(parts) == [("1", None, "body"), ("2", name, "container"), ("2/1", inner, "document")]
    assert (folder / parts[2].digest).read_bytes() == PDF


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_read_however_it_is_compressed_and_no_link_is_followed(mode: str, take: Callable[..., Walked]) -> None:
    parts, folder = take(mail(tarred(mode), "a.tar"))
    assert fates(parts)[2:] == [("2/1", "cv.pdf", "document"), ("2/2", "link", "refused")]
    assert (folder / parts[2].digest).read_bytes() == PDF


@pytest.mark.parametrize(
    ("data", "name", "fate", "said"),
    [
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "cv.rar", "unreadable", "zip"),
        (enveloped(), "smime.p7m", "unreadable", "encrypted"),
        (
            b"-----BEGIN PGP MESSAGE-----\r\n\r\nabcd\r\n-----END PGP MESSAGE-----\r\n",
            "a.asc",
            "unreadable",
            "encrypted",
        ),
        (seven(("cv.pdf", PDF), password="x"), "cv.7z", "container", "files"),
        (zipped(("Index/Document.iwa", b"x")), "cv.pages", "unreadable", "Pages"),
        (bytes(range(200, 256)) * 9, "cv.zip.002", "unreadable", "split"),
        (zipped(), "empty.zip", "empty", "no files"),
        (zipped(("a/", b"")), "folders.zip", "empty", "no files"),
    ],
)
def test_what_nobody_can_open_is_named_with_the_reason(
    data: bytes, name: str, fate: str, said: str, take: Callable[..., Walked]
) -> None:
    parts, _ = take(mail(data, name))
    assert fates(parts)[1] == ("2", name, fate)
    assert said in parts[1].reason


@pytest.mark.parametrize(
    "data", [locked(zipped(("cv.pdf", PDF))), seven(("cv.pdf", PDF), password="x")], ids=["zip", "7z"]
)
def test_every_file_behind_a_password_is_named(data: bytes, take: Callable[..., Walked]) -> None:
    parts, _ = take(mail(data, "cv"))
    assert fates(parts)[2:] == [("2/1", "cv.pdf", "refused")]
    assert "password" in parts[2].reason


def test_two_files_of_one_name_are_both_taken_out(take: Callable[..., Walked]) -> None:
    twice = seven(("a/cv.pdf", PDF), ("a/cv.pdf", PDF + b"2"))
    parts, folder = take(mail(twice, "a.7z"))
    assert [(folder / part.digest).read_bytes() for part in parts[2:]] == [PDF, PDF + b"2"]


def test_what_a_computer_adds_is_named_and_ignored(take: Callable[..., Walked]) -> None:
    parts, _ = take(mail(zipped(("cv.pdf", PDF), ("__MACOSX/._cv.pdf", b"x"), ("Thumbs.db", b"x")), "a.zip"))
    assert [fate for _, _, fate in fates(parts)[2:]] == ["document", "ignored", "ignored"]


def test_a_mail_in_an_archive_in_an_archive_is_walked_like_any_other(take: Callable[..., Walked]) -> None:
    inner = mail(PDF, "cv.pdf", "application/pdf")
    parts, _ = take(mail(zipped(("b.zip", zipped(("fw.eml", inner)))), "a.zip"))
    assert fates(parts)[1:] == [
        ("2", "a.zip", "container"),
        ("2/1", "b.zip", "container"),
        ("2/1/1", "fw.eml", "container"),
        ("2/1/1.1", None, "body"),
        ("2/1/1.2", "cv.pdf", "document"),
    ]


def test_archives_deeper_than_allowed_are_refused_by_name(take: Callable[..., Walked]) -> None:
    data = PDF
    for _ in range(30):
        data = zipped(("deep.zip", data))
    parts, _ = take(mail(data, "a.zip"), ParseLimits(depth=5))
    assert parts[-1].fate is Fate.REFUSED
    assert len(parts) < 8


@pytest.mark.parametrize(
    "bomb",
    [
        zipped(("cv.txt", bytes(60_000_000))),
        gzip.compress(bytes(60_000_000)),
        lzma.compress(bytes(60_000_000)),
        seven(("cv.txt", bytes(60_000_000))),
        compressed(bytes(60_000_000)),
    ],
    ids=["zip", "gzip", "xz", "7z", "cms"],
)
def test_a_bomb_is_refused_and_the_rest_of_the_mail_lives(bomb: bytes, take: Callable[..., Walked]) -> None:
    parts, _ = take(mail(bomb, "cv"))
    assert parts[0].fate is Fate.BODY
    assert parts[-1].fate is Fate.REFUSED


def test_no_more_files_than_allowed_come_out(take: Callable[..., Walked]) -> None:
    many = zipped(*((f"{number}.txt", b"x%d" % number) for number in range(200)))
    parts, _ = take(mail(many, "a.zip"), ParseLimits(parts=20))
    assert len(parts) == 20
    assert (parts[-1].fate, "Too many" in parts[-1].reason) == (Fate.REFUSED, True)


def test_a_signed_entity_takes_the_place_of_its_envelope(take: Callable[..., Walked], tmp_path: Path) -> None:
    for data in (signed(ENTITY), streamed(ENTITY), compressed(ENTITY)):
        parts, folder = take(mail(data, "smime.p7m", "application/pkcs7-mime", text=b""))
        assert fates(parts) == [
            ("1", None, "empty"),
            ("2", "smime.p7m", "container"),
            ("2/1", None, "body"),
            ("2/2", "cv.pdf", "document"),
        ]
        assert (folder / parts[3].digest).read_bytes() == b"%PDF-1.4 x"
        assert "not verified" in parts[1].reason


def test_an_octet_string_in_very_many_pieces_is_put_together_at_once() -> None:
    content = b"Content-Type: text/plain\r\n\r\n" + bytes(200_000)
    (one,) = opened(in_memory(streamed(content, 1)), "application/pkcs7-mime", None, ROOM)
    assert isinstance(one, Entity)
    assert one.raw == content


def test_the_text_of_winmail_counts_only_where_the_mail_has_none(take: Callable[..., Walked]) -> None:
    body = lzfu(padded(rb"{\rtf1\ansi\ansicpg1251 \'c7\'e4\'f0\'e0\'e2\'f1\'f2\'e2\'f3\'e9\'f2\'e5\par}"))
    with_text, _ = take(mail(tnef(body=body), "winmail.dat"))
    assert [fate for _, _, fate in fates(with_text)] == ["body", "container", "duplicate", "document"]
    without, _ = take(mail(tnef(body=body), "winmail.dat", text=b""))
    assert [fate for _, _, fate in fates(without)] == ["empty", "container", "body", "document"]


def test_a_message_in_winmail_is_walked_as_a_message(take: Callable[..., Walked]) -> None:
    parts, _ = take(mail(tnef(embedded=tnef(long_name="inner.pdf")), "winmail.dat"))
    assert [(path, fate) for path, _, fate in fates(parts)[2:]] == [
        ("2/1", "document"), ("2/2", "container"), ("2/2.1", "duplicate"),
    ]  # fmt: skip


def test_the_html_that_outlook_hides_in_rtf_comes_back() -> None:
    hidden = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\b\htmlrtf0 caf\'e9\u8364?"
        rb"\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}}"
    )
    assert rtf.text_of(rtf.unpacked(lzfu(padded(hidden))))[0].strip() == "<p>café€</p>"


def test_a_reference_into_the_dictionary_is_followed() -> None:
    # [MS-OXRTFCP] §3.1.1: the example of the specification.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


SAMPLES = {
    "application/zip": zipped(("a.pdf", PDF), ("b.pdf", PDF)),
    "application/x-tar": tarred(),
    "application/gzip": tarred("w:gz"),
    "application/x-bzip2": tarred("w:bz2"),
    "application/x-xz": tarred("w:xz"),
    "application/x-7z-compressed": seven(("a.pdf", PDF), ("b.pdf", PDF)),
    "application/x-iwork": zipped(("Index/Document.iwa", b"x"), ("QuickLook/Preview.pdf", PDF)),
    "application/ms-tnef": tnef(embedded=tnef(), body=lzfu(padded(b"{\\rtf1 hello}"))),
    "application/pkcs7-mime": streamed(ENTITY),
    "application/vnd.ms-outlook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000),
    "application/vnd.rar": b"Rar!",
    "application/x-split-archive": b"x",
    "application/pgp-encrypted": b"x",
}


def test_every_opener_has_a_sample_here() -> None:
    assert SAMPLES.keys() == OPENERS.keys()


def drained(data: bytes, kind: str) -> list[Member | Letter | Entity]:
    out: list[Member | Letter | Entity] = []
    try:
        out.extend(opened(in_memory(data), kind, "name", ROOM))
    except NotOpened as shut:
        assert str(shut)
    assert all(one.reason for one in out if isinstance(one, Member) and one.data is None)
    return out


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", SAMPLES)
def test_cut_off_anywhere_it_ends_in_order(kind: str) -> None:
    data = SAMPLES[kind]
    for twentieth in range(20):
        drained(data[: len(data) * twentieth // 20], kind)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", SAMPLES)
def test_damage_of_any_sort_never_escapes(kind: str) -> None:
    @settings(max_examples=40, deadline=3000)
    @given(st.data())
    def damaged(data: st.DataObject) -> None:
        raw = bytearray(SAMPLES[kind])
        for _ in range(data.draw(st.integers(1, 8))):
            at = data.draw(st.integers(0, max(0, len(raw) - 1)))
            raw[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
        drained(bytes(raw), kind)

    damaged()


def test_a_mail_that_pgp_encrypted_is_named_as_that(take: Callable[..., Walked]) -> None:
    raw = (
        b"From: ana@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
        b"--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
        b"-----BEGIN PGP MESSAGE-----\r\n\r\nabcd\r\n-----END PGP MESSAGE-----\r\n--b--\r\n"
    )
    assert [fate for _, _, fate in fates(take(raw)[0])] == ["ignored", "unreadable"]


def test_the_text_that_pgp_signed_in_place_is_the_body(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(
        b"From: ana@example.org\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"
        b"Dear team,\r\n- -- \r\nAna\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQE=\r\n-----END PGP SIGNATURE-----\r\n"
    )
    assert parse(tmp_path / "raw", tmp_path, ParseLimits()).body == "Dear team,\n-- \nAna"
