"""Files within documents are parts with fates of their own; the document stays one. Macros are told of, never run."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from domain.mail import Fate, Part
from intake.containers import embedded
from intake.parse import ParseLimits, parse
from tests.unit.intake.containers.compound import compound
from tests.unit.intake.containers.making import zipped
from tests.unit.intake.containers.test_containers import mail

TEXT = b"Curriculum vitae of an invented person"
SMALL = ParseLimits(unpacked=4_000)


def parts_of(data: bytes, name: str, folder: Path, limits: ParseLimits | None = None) -> list[Part]:
    """The document and what lies in it."""
    (folder / "raw").write_bytes(mail(data, name))
    (folder / "parts").mkdir(exist_ok=True)
    found = parse(folder / "raw", folder / "parts", limits or ParseLimits()).parts
    return [part for part in found if part.path.startswith("2")]


def docx(files: Mapping[str, bytes] | None = None) -> bytes:
    return zipped(*{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **(files or {})}.items())


def odt(files: Mapping[str, bytes]) -> bytes:
    return zipped(*{"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>", **files}.items())


def native(name: str, data: bytes) -> bytes:
    """A stream of [MS-OLEDS] 2.3.6, as Windows' Packager writes it."""
    path = b"C:\\" + name.encode() + b"\0"
    body = b"\x02\0" + name.encode() + b"\0" + path + b"\0\0\x03\0" + struct.pack("<I", len(path)) + path
    body += struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(body)) + body


def pdf(files: Mapping[str, bytes], *, slow: Mapping[str, bytes] | None = None) -> bytes:
    """`slow`: files in a coding that pypdf undoes byte by byte."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for name, data in files.items():
        writer.add_attachment(name, data)
    for name, data in (slow or {}).items():
        one = writer.add_attachment(name, b"".join(b"\0%c" % byte for byte in data) + b"\x80")
        one._embedded_file[NameObject("/Filter")] = NameObject("/RunLengthDecode")
    writer.write(out)
    return out.getvalue()


def pinned(name: str, data: bytes) -> bytes:
    """A PDF with a file pinned to its page."""
    writer, out = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(100, 100)
    held = writer.add_attachment(name, data).pdf_object
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/FileAttachment"), NameObject("/FS"): held})
    page[NameObject("/Annots")] = ArrayObject([note])
    del writer.root_object["/Names"]
    writer.write(out)
    return out.getvalue()


OBJECT = compound({"\x01Ole10Native": native("cv.txt", TEXT)})


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pdf({"cv.txt": TEXT}), "all.pdf"),
        (pinned("cv.txt", TEXT), "all.pdf"),
        (docx({"word/embeddings/oleObject1.bin": OBJECT}), "all.docx"),
        (odt({"Object 1": OBJECT}), "all.odt"),
        (
            compound({"WordDocument": b"x" * 5000, "ObjectPool": {"_1": {"\x01Ole10Native": native("cv.txt", TEXT)}}}),
            "a.doc",
        ),
    ],
    ids=["pdf", "pinned to a page", "docx", "odt", "doc"],
)
def test_a_file_in_a_document_is_a_part_of_its_own(tmp_path: Path, data: bytes, name: str) -> None:
    outer, inner = parts_of(data, name, tmp_path)
    assert (outer.path, outer.fate) == ("2", Fate.DOCUMENT)
    assert (inner.path, inner.file_name, inner.fate) == ("2/1", "cv.txt", Fate.DOCUMENT)
    assert (tmp_path / "parts" / inner.digest).read_bytes() == TEXT
    assert (tmp_path / "parts" / outer.digest).read_bytes() == data


def test_documents_in_documents_are_opened_in_turn(tmp_path: Path) -> None:
    wrapped = compound({"Package": docx({"word/embeddings/inner.bin": OBJECT})})
    found = parts_of(docx({"word/embeddings/oleObject1.bin": wrapped}), "outer.docx", tmp_path)
    assert [(part.path, part.fate) for part in found] == [
        ("2", Fate.DOCUMENT),
        ("2/1", Fate.DOCUMENT),
        ("2/1/1", Fate.DOCUMENT),
    ]


def test_objects_of_other_programs_are_named_and_left(tmp_path: Path) -> None:
    equation = compound({"Equation Native": b"x"})
    _, inner = parts_of(docx({"word/embeddings/oleObject1.bin": equation}), "a.docx", tmp_path)
    assert inner.fate is Fate.IGNORED
    _, inner = parts_of(docx({"word/embeddings/oleObject1.bin": equation[:600]}), "a.docx", tmp_path)
    assert inner.fate is Fate.UNREADABLE


@pytest.mark.parametrize("make", [lambda x: docx({"word/embeddings/a.txt": x}), lambda x: pdf({"a.txt": x})])
def test_what_is_too_large_once_unpacked_is_refused_and_the_document_is_kept(tmp_path: Path, make: object) -> None:
    outer, inner = parts_of(make(bytes(3_000_000)), "a.bin", tmp_path, SMALL)  # type: ignore[operator]
    assert (outer.fate, inner.fate) == (Fate.DOCUMENT, Fate.REFUSED)


def test_the_same_file_in_two_places_is_read_once(tmp_path: Path) -> None:
    found = parts_of(pdf({"a.txt": TEXT, "b.txt": TEXT}), "a.pdf", tmp_path)
    assert [part.fate for part in found] == [Fate.DOCUMENT, Fate.DOCUMENT, Fate.DUPLICATE]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (docx({"word/vbaProject.bin": b"x"}), "cv.docm"),
        (odt({"Basic/Standard/Module1.xml": b"x"}), "cv.odt"),
        (compound({"WordDocument": b"x" * 5000, "Macros": {"VBA": {"dir": b"x"}}}), "cv.doc"),
    ],
    ids=["docm", "odt", "doc"],
)
def test_macros_are_told_of(tmp_path: Path, data: bytes, name: str) -> None:
    (part,) = parts_of(data, name, tmp_path)
    assert part.fate is Fate.DOCUMENT
    assert part.reason.endswith("It holds macros, which are never run.")


def test_a_pdf_that_takes_too_long_is_left_to_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PDF_SECONDS", 0.2)
    cells = b"".join(b"%d 0 obj <</Kids [%d 0 R]>> endobj\n" % (n, n + 1) for n in range(1, 200_000))
    found = parts_of(b"%PDF-1.7\n" + cells + b"/EmbeddedFile trailer <</Root 1 0 R>>", "cv.pdf", tmp_path)
    assert [part.fate for part in found] == [Fate.DOCUMENT]


def test_what_came_out_of_a_pdf_in_time_is_kept_and_the_rest_is_told_of_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "PDF_SECONDS", 0.2)
    slow = {f"{letter}.txt": letter.encode() * 5_000_000 for letter in "mn"}
    (tmp_path / "raw").write_bytes(mail(pdf({"a.txt": TEXT}, slow=slow), "cv.pdf"))
    (tmp_path / "parts").mkdir()
    message = parse(tmp_path / "raw", tmp_path / "parts", ParseLimits())
    assert [part.file_name for part in message.parts if part.path.startswith("2/")] == ["a.txt"]
    assert [defect for defect in message.defects if "embeds files" in defect]


def test_objects_of_an_old_document_share_its_room(tmp_path: Path) -> None:
    objects = {f"_{n}": {"\x01Ole10Native": native(f"{n}.txt", b"%d" % n * 1_200)} for n in range(3)}
    found = parts_of(compound({"WordDocument": b"x" * 5000, "ObjectPool": objects}), "a.doc", tmp_path, SMALL)
    assert [part.fate for part in found] == [Fate.DOCUMENT, Fate.DOCUMENT, Fate.REFUSED, Fate.REFUSED]


@pytest.mark.parametrize(
    "data",
    [
        docx({"word/embeddings/oleObject1.bin": OBJECT})[:-300],
        pdf({"cv.txt": TEXT})[:-400],
        compound({"WordDocument": b"x" * 5000, "ObjectPool": {"_1": {"\x01Ole10Native": b"\1\2"}}}),
        b"%PDF-1.7\n1 0 obj <</Type /EmbeddedFile /Length 9>> stream\n",
    ],
    ids=["docx", "pdf", "doc", "no pdf"],
)
def test_a_damaged_document_is_left_to_its_reader(tmp_path: Path, data: bytes) -> None:
    assert parts_of(data, "cv.bin", tmp_path)[0].fate in (Fate.DOCUMENT, Fate.UNREADABLE)
