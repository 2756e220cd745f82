"""Files made to harm a reader. Each function writes one and is paired with what must come of it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.unit.extraction.readers.making import docx, odt, paragraph, word_xml, zipped

Maker = Callable[[Path], object]
READ_TO_THE_END = None  # instead of a reason
MEGABYTE = 1_000_000
BOMB = "<!DOCTYPE x [<!ENTITY a 'lollollol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;'>]>"
HERE = paragraph("Still readable")


def pdf_of(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with a right cross-reference table."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %s >> >>"


def form_that_draws_itself(path: Path) -> None:
    form = stream(b"/F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>")
    page = PAGE % b"/XObject << /F 5 0 R >>"
    path.write_bytes(pdf_of(CATALOG, PAGES, page, stream(b"/F Do"), form))


def forms_that_double(path: Path) -> None:
    """Thirty forms, each drawing the next twice: a thousand million drawings from three kilobytes."""
    forms = [
        stream(
            b"/F Do /F Do",
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >>" % (6 + n),
        )
        for n in range(30)
    ]
    last = stream(b"BT ET", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    path.write_bytes(pdf_of(CATALOG, PAGES, PAGE % b"/XObject << /F 5 0 R >>", stream(b"/F Do"), *forms, last))


def content_that_inflates(path: Path) -> None:
    """Four gigabytes of blanks, deflated twice, in a few kilobytes."""
    inner = zlib.compressobj(9)
    once = b"".join(inner.compress(b" " * 1_000_000) for _ in range(4000)) + inner.flush()
    twice = zlib.compress(once, 9)
    contents = stream(twice, b"/Filter [/FlateDecode /FlateDecode]")
    path.write_bytes(pdf_of(CATALOG, PAGES, PAGE % b"", contents))


def page_tree_that_loops(path: Path) -> None:
    path.write_bytes(pdf_of(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"))


def page_of_a_square_mile(path: Path) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9999999 9999999] /Contents 4 0 R >>"
    path.write_bytes(pdf_of(CATALOG, PAGES, page, stream(b"0 0 m 10 10 l S")))


def picture_of_a_million_megapixels(path: Path) -> None:
    image = stream(
        b"\0" * 10,
        b"/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /BitsPerComponent 8 /ColorSpace /DeviceGray",
    )
    page = PAGE % b"/XObject << /I 5 0 R >>"
    path.write_bytes(pdf_of(CATALOG, PAGES, page, stream(b"595 0 0 842 0 0 cm /I Do"), image))


def arrays_without_end(path: Path) -> None:
    path.write_bytes(pdf_of(CATALOG, PAGES, PAGE % b"", stream(b"[" * 3_000_000)))


def object_stream_in_itself(path: Path) -> None:
    loop = stream(b"3 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 5 0 R")
    path.write_bytes(pdf_of(CATALOG, PAGES, PAGE % b"", stream(b""), loop, trailer=b"/Root 1 0 R /Prev 9"))


def nothing_but_a_header(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + b"\0" * 100_000)


def entity_bomb(path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    zipped(path, {"word/document.xml": f"<!DOCTYPE x [{entities}]>" + word_xml("document", paragraph("&e11;"))})


def part_that_inflates(path: Path) -> None:
    zipped(path, {"word/document.xml": b" " * 200_000_000})


def million_paragraphs(path: Path) -> None:
    docx(path, "<w:p/>" * 2_700_000)


def styles_that_inherit_in_a_circle(path: Path) -> None:
    circle = "".join(
        f"<w:style w:type='paragraph' w:styleId='S{n}'><w:basedOn w:val='S{1 - n}'/></w:style>" for n in (0, 1)
    )
    body = paragraph("Still readable", "<w:pPr><w:pStyle w:val='S0'/></w:pPr>")
    docx(path, body, parts={"styles.xml": ("styles", word_xml("styles", circle))})


def part_related_to_itself(path: Path) -> None:
    docx(path, paragraph("Still readable"), parts={"document.xml": ("header", word_xml("document", paragraph("x")))})


def tables_in_tables(path: Path) -> None:
    docx(path, "<w:tbl><w:tr><w:tc>" * 80 + paragraph("Still readable") + "</w:tc></w:tr></w:tbl>" * 80)


def member_named_like_a_path(path: Path) -> None:
    docx(path, paragraph("Still readable"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../../../tmp/escaped", "x")


def cells_repeated_a_billion_times(path: Path) -> None:
    cell = "<table:table-cell table:number-columns-repeated='1000000000'><text:p>Again</text:p></table:table-cell>"
    odt(path, f"<table:table><table:table-row>{cell}</table:table-row></table:table>")


def divisions_in_divisions(path: Path) -> None:
    path.write_text("<html><body>" + "<div>" * 500_000 + "Deep" + "</div>" * 500_000)


def endless_line(path: Path) -> None:
    path.write_bytes(b"word " * 6_000_000)


def white_space_without_end(path: Path) -> None:
    path.write_bytes(b"a" + b" " * 9_000_000 + b"b\n" + b"\t" * 9_000_000 + b"c")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture_larger_than_memory(path: Path) -> None:
    head = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 10_000_000, 9)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    )


def picture_cut_off(path: Path) -> None:
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\0" * 64)


def pages_of_tiff_in_a_circle(path: Path) -> None:
    """One directory whose next directory is itself (TIFF 6.0 §2)."""
    entries = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
               (278, 4, 1, 8), (279, 4, 1, 64)]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    path.write_bytes(b"II*\0" + struct.pack("<I", 72) + b"\xff" * 64 + directory + struct.pack("<I", 72))


def compound_file_in_a_circle(path: Path) -> None:
    """A Word file whose allocation table points at itself: catdoc takes gigabytes for it."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0, 1, 0xFFFFFFFE, 0)
    header = (header + struct.pack("<I", 0)).ljust(512, b"\0")
    table = struct.pack("<I", 0) * 128
    name = "WordDocument".encode("utf-16-le")
    entry = name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, 2, 1) + b"\xff" * 12 + b"\0" * 36
    path.write_bytes(header + table + (entry + struct.pack("<II", 1, 2**31) + b"\0" * 4) * 4 + b"\0" * 512)


def groups_in_groups(path: Path) -> None:
    path.write_bytes(b"{\\rtf1 " + b"{" * 1_000_000 + b"x" + b"}" * 1_000_000 + b"}")
