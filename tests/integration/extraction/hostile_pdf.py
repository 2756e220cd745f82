"""Damaged and hostile PDFs. Each function writes one; beside it in its test stands what must come of it."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.integration.extraction.hostile import CATALOG, PAGE, PAGES, pdf_of, stream
from tests.unit.extraction.readers.making import wrapped

PROSE = (
    "Coordinated the return of two thousand families after the floods, wrote the manual of the reception centres and "
    "trained the staff of four provinces in registration, referral and the identification of people at risk."
)
HELVETICA = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
HELLO = b"BT /F1 12 Tf 50 700 Td (Still readable after all that) Tj ET"


def sound(pages: int = 1) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 10)
        wrapped(canvas, f"Page {number}. {PROSE}", x=50, y=750, width=400)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def compact() -> bytes:
    """The same with a cross-reference stream and object streams (ISO 32000-1 §7.5.7)."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(sound(3))))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_contents(
    path: Path, contents: bytes, *, resources: bytes = HELVETICA, objects: tuple[bytes, ...] = ()
) -> None:
    path.write_bytes(pdf_of(CATALOG, PAGES, PAGE % resources, contents, *objects))


# Encryption


def encrypted(path: Path, *, algorithm: str, user: str = "") -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(sound())))
    writer.encrypt(user_password=user, owner_password="owner", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())


def owner_password_by_rc4_of_40_bits(path: Path) -> None:
    encrypted(path, algorithm="RC4-40")


def owner_password_by_rc4_of_128_bits(path: Path) -> None:
    encrypted(path, algorithm="RC4-128")


def owner_password_by_aes_of_128_bits(path: Path) -> None:
    encrypted(path, algorithm="AES-128")


def owner_password_by_aes_of_256_bits(path: Path) -> None:
    encrypted(path, algorithm="AES-256")


def user_password_by_rc4(path: Path) -> None:
    encrypted(path, algorithm="RC4-128", user="secret")


def user_password_by_aes(path: Path) -> None:
    encrypted(path, algorithm="AES-256", user="secret")


def encryption_that_nobody_knows(path: Path) -> None:
    data = pdf_of(CATALOG, PAGES, PAGE % HELVETICA, stream(HELLO), b"<< /Filter /Nobody.Knows /V 99 >>",
                  trailer=b"/Root 1 0 R /Encrypt 5 0 R")  # fmt: skip
    path.write_bytes(data)


# Damage


def cut_before_the_table(path: Path) -> None:
    data = sound()
    path.write_bytes(data[: data.rindex(b"\nxref")])


def cut_in_the_last_page(path: Path) -> None:
    data = sound(5)
    path.write_bytes(data[: int(len(data) * 0.9)])


def cut_in_the_middle_of_a_compact_file(path: Path) -> None:
    data = compact()
    path.write_bytes(data[: int(len(data) * 0.5)])


def cut_after_the_header(path: Path) -> None:
    path.write_bytes(sound()[:40])


def startxref_that_points_nowhere(path: Path) -> None:
    path.write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n999999999", sound()))


def startxref_that_is_negative(path: Path) -> None:
    path.write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n-17", sound()))


def table_with_wrong_places(path: Path) -> None:
    path.write_bytes(re.sub(rb"(?m)^\d{10} 00000 n", b"0000000123 00000 n", sound()))


def no_end_of_file(path: Path) -> None:
    path.write_bytes(sound().replace(b"%%EOF", b""))


def garbage_before_the_header(path: Path) -> None:
    path.write_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + sound())


def garbage_of_a_page_before_the_header(path: Path) -> None:
    path.write_bytes(b"\0" * 900 + sound())


def garbage_behind_the_end(path: Path) -> None:
    path.write_bytes(sound() + b"\r\n--boundary--\r\n" + b"x" * 5000)


def two_headers(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4\n%PDF-1.7\n" + sound())


def two_files_in_one(path: Path) -> None:
    path.write_bytes(sound() + sound(2))


def line_ends_of_a_text_transfer(path: Path) -> None:
    path.write_bytes(sound().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def updated_ten_times(path: Path) -> None:
    data = sound()
    root = re.search(rb"/Root (\d+ 0 R)", data)
    assert root
    for _ in range(10):
        start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
        place = len(data)
        data += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 20 /Root %s /Prev %d >>\n" % (root[1], start)
        data += b"startxref\n%d\n%%%%EOF\n" % place
    path.write_bytes(data)


def update_whose_table_is_lost(path: Path) -> None:
    path.write_bytes(sound() + b"xref\n0 99\ngarbage\ntrailer\n<< /Prev 12 >>\nstartxref\n3\n%%EOF\n")


def pages_without_a_tree(path: Path) -> None:
    path.write_bytes(pdf_of(b"<< /Type /Catalog >>", PAGES, PAGE % HELVETICA, stream(HELLO)))


def tree_that_counts_wrongly(path: Path) -> None:
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 99999999 >>"
    path.write_bytes(pdf_of(CATALOG, pages, PAGE % HELVETICA, stream(HELLO)))


def tree_that_is_its_own_child(path: Path) -> None:
    pages = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"
    path.write_bytes(pdf_of(CATALOG, pages, PAGE % HELVETICA, stream(HELLO)))


def tree_ten_thousand_deep(path: Path) -> None:
    kids = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(10_000)]
    page = b"<< /Type /Page /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>" % (10_003, HELVETICA)
    path.write_bytes(pdf_of(CATALOG, *kids, page, stream(HELLO)))


def no_root(path: Path) -> None:
    path.write_bytes(pdf_of(CATALOG, PAGES, PAGE % HELVETICA, stream(HELLO), trailer=b""))


def stream_with_a_wrong_length(path: Path) -> None:
    with_contents(path, stream(HELLO).replace(b"/Length %d" % len(HELLO), b"/Length 3"))


def stream_whose_end_is_damaged(path: Path) -> None:
    data = zlib.compress(HELLO + b"\n" * 3 + b"BT ET " * 2000)
    with_contents(path, stream(data[:-20], b"/Filter /FlateDecode"))


def text_that_is_nested_without_end(path: Path) -> None:
    with_contents(path, stream(b"q " * 500_000 + HELLO))


def numbers_of_objects_beyond_all(path: Path) -> None:
    data = sound()
    path.write_bytes(data.replace(b"/Size ", b"/Size 4294967295 %", 1) + b"4294967294 0 obj\n<< >>\nendobj\n")


def ten_thousand_pages(path: Path) -> None:
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(10_000))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 10003 0 R /Resources << %s >> >>" % HELVETICA
    )
    pages = b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % kids
    path.write_bytes(pdf_of(CATALOG, pages, *[page] * 10_000, stream(HELLO)))


# Bombs


def deflated(size: int, piece: bytes) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece * 1000) for _ in range(size // (1000 * len(piece)))) + packer.flush()


def contents_of_a_gigabyte(path: Path) -> None:
    with_contents(path, stream(deflated(1_000_000_000, b" " * 1000), b"/Filter /FlateDecode"))


def ten_million_letters(path: Path) -> None:
    data = deflated(60_000_000, b"BT /F1 1 Tf (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET\n")
    with_contents(path, stream(data, b"/Filter /FlateDecode"))


def million_rectangles(path: Path) -> None:
    data = HELLO + b"\n" + b"0 0 9 9 re f\n" * 1_000_000
    with_contents(path, stream(zlib.compress(data, 9), b"/Filter /FlateDecode"))


def filters_a_thousand_times(path: Path) -> None:
    with_contents(path, stream(b"4142>", b"/Filter [" + b"/ASCIIHexDecode " * 1000 + b"]"))


def predictor_of_endless_columns(path: Path) -> None:
    entries = b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 >>"
    with_contents(path, stream(zlib.compress(HELLO), entries))


def picture(path: Path, entries: bytes, data: bytes) -> None:
    image = stream(data, b"/Type /XObject /Subtype /Image /BitsPerComponent 8 /ColorSpace /DeviceGray " + entries)
    with_contents(
        path, stream(HELLO + b" 500 0 0 600 0 0 cm /I Do"), resources=HELVETICA + b" /XObject << /I 5 0 R >>",
        objects=(image,),
    )  # fmt: skip


def picture_of_jbig2_without_end(path: Path) -> None:
    page = b"\0\0\0\0\x30\0\x01\0\0\0\x13" + b"\x7f\xff\xff\xff" * 2 + b"\0" * 11
    picture(path, b"/Width 65535 /Height 65535 /Filter /JBIG2Decode", page)


def picture_of_jpeg_2000_without_end(path: Path) -> None:
    head = b"\xff\x4f\xff\x51\x00\x29\x00\x00" + b"\x7f\xff\xff\xff" * 2 + b"\0" * 8 + b"\0\0\0\1" * 2 + b"\0" * 8
    picture(path, b"/Width 65535 /Height 65535 /Filter /JPXDecode", head + b"\x00\x01\x07\x01\x01")


def picture_that_inflates(path: Path) -> None:
    picture(path, b"/Width 30000 /Height 30000 /Filter /FlateDecode", deflated(900_000_000, b"\0" * 1000))


def font_of_nonsense(path: Path) -> None:
    font = b"/Font << /F1 << /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 5 0 R >> >>"
    descriptor = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 6 0 R >>"
    with_contents(
        path, stream(HELLO), resources=font, objects=(descriptor, stream(b"\0\1\0\0\xff\xff" + b"\xff" * 4000))
    )


def font_whose_letters_draw_themselves(path: Path) -> None:
    """A Type 3 font whose glyph shows a letter of the same font."""
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [.1 0 0 .1 0 0] /FirstChar 65 /LastChar 65 "
        b"/Widths [9] /Encoding << /Differences [65 /a] >> /CharProcs << /a 6 0 R >> "
        b"/Resources << /Font << /F1 5 0 R >> >> >>"
    )
    glyph = stream(b"9 0 d0 BT /F1 1 Tf (A) Tj ET")
    with_contents(path, stream(b"BT /F1 12 Tf (AAAA) Tj ET"), resources=b"/Font << /F1 5 0 R >>", objects=(font, glyph))


def map_of_letters_without_end(path: Path) -> None:
    ranges = (
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + b"1 beginbfrange <0000> <ffff> <0041> endbfrange\n" * 20_000
    )
    font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >> >>"
    with_contents(
        path, stream(HELLO), resources=font, objects=(stream(zlib.compress(ranges), b"/Filter /FlateDecode"),)
    )


def map_that_refers_to_itself(path: Path) -> None:
    font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >> >>"
    with_contents(path, stream(HELLO), resources=font, objects=(stream(b"", b"/UseCMap 5 0 R"),))


def letters_of_a_mile(path: Path) -> None:
    with_contents(path, stream(b"BT /F1 1e30 Tf (huge) Tj ET " + HELLO))


def places_that_are_no_numbers(path: Path) -> None:
    with_contents(path, stream(b"BT /F1 12 Tf 1e39 -1e39 Td (lost) Tj 1 0 0 1 nan inf Tm (lost) Tj ET " + HELLO))


def page_of_no_size(path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 0] /Contents 4 0 R /Resources << %s >> >>" % HELVETICA
    path.write_bytes(pdf_of(CATALOG, PAGES, page, stream(HELLO)))


def page_upside_down(path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [595 842 0 0] /Contents 4 0 R /Resources << %s >> >>" % HELVETICA
    path.write_bytes(pdf_of(CATALOG, PAGES, page, stream(HELLO)))


def hundred_thousand_notes(path: Path) -> None:
    page = (PAGE % HELVETICA).replace(b"/Contents", b"/Annots [" + b"5 0 R " * 100_000 + b"] /Contents")
    note = b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (%s) >>" % (b"x" * 1000)
    path.write_bytes(pdf_of(CATALOG, PAGES, page, stream(HELLO), note))


def fields_in_a_circle(path: Path) -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>"
    page = (PAGE % HELVETICA).replace(b"/Contents", b"/Annots [5 0 R] /Contents")
    field = b"<< /Subtype /Widget /FT /Tx /T (a) /Rect [50 600 200 620] /Parent 5 0 R /Kids [5 0 R] /V (x) >>"
    path.write_bytes(pdf_of(catalog, PAGES, page, stream(HELLO), field))


def value_of_thirty_megabytes(path: Path) -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>"
    page = (PAGE % HELVETICA).replace(b"/Contents", b"/Annots [5 0 R] /Contents")
    field = b"<< /Subtype /Widget /FT /Tx /T (a) /Rect [50 600 200 620] /V (%s) >>" % (b"word " * 6_000_000)
    path.write_bytes(pdf_of(catalog, PAGES, page, stream(HELLO), field))


def title_of_ten_megabytes(path: Path) -> None:
    data = pdf_of(CATALOG, PAGES, PAGE % HELVETICA, stream(HELLO), b"<< /Title (%s) >>" % (b"title " * 1_700_000),
                  trailer=b"/Root 1 0 R /Info 5 0 R")  # fmt: skip
    path.write_bytes(data)


def script_that_would_run(path: Path) -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while\\(1\\){}) >> >>"
    path.write_bytes(pdf_of(catalog, PAGES, PAGE % HELVETICA, stream(HELLO)))


def xml_form_with_entities(path: Path) -> None:
    template = (
        b'<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;">'
        b'<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<template><draw><value><text>Form &c; &x;</text></value></draw></template>"
    )
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm << /Fields [] /XFA [(template) 5 0 R] >> >>"
    )
    path.write_bytes(pdf_of(catalog, PAGES, PAGE % HELVETICA, stream(HELLO), stream(template)))


def linearised_and_cut(path: Path) -> None:
    """The first page stands in front (ISO 32000-1 annex F); the rest and the main table did not arrive."""
    whole = sound(3)
    body = whole[whole.index(b"\n") :]
    path.write_bytes(
        b"%PDF-1.4\n1000 0 obj\n<< /Linearized 1 /L 99999 /H [9 9] /O 9 /E 9 /N 3 /T 9 >>\nendobj\n"
        + body[: len(body) // 2]
    )
