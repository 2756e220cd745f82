"""Damaged PDFs, written anew: by pypdf, which repairs other damage than pdfium, or around the objects that are there.

A table of places, the catalogue and the tree of pages stand at the end of most files, so a cut takes all three and
leaves every page in place. Then the objects are found by their own heads, and the three are written anew.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf

from domain.errors import Unreadable

MOST_OBJECTS = 200_000
HEAD = 4_000  # bytes of an object that are looked at
UNPACKED = 64 * 1024**2  # bytes of all object streams together

_OBJECT = re.compile(rb"(?<!\d)(\d{1,8})[\s\0]{1,8}(\d{1,5})[\s\0]{1,8}obj\b")
_END = re.compile(rb"endobj|(?<!end)stream\r?\n?")
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_CATALOG = re.compile(rb"/Type\s*/Catalog\b")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_PARENT = re.compile(rb"/Parent\s+(\d{1,8})\s+\d+\s+R")
_FIRST, _COUNT = re.compile(rb"/First\s+(\d{1,9})"), re.compile(rb"/N\s+(\d{1,9})")


def rewritten(path: Path) -> bytes | None:
    """The pages that pypdf can find; None where there are none. Raises Unreadable where a password is asked for."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    out = BytesIO()
    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("the PDF is protected by a password")
        writer = pypdf.PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        writer.write(out)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - on damaged files it raises whatever its parser stumbles over
        return None
    return out.getvalue() if writer.pages else None


def rebuilt(path: Path) -> bytes | None:
    """The pages that stand in the file, in their order of writing; None where none is left, or all is encrypted."""
    data = path.read_bytes()
    if b"/Encrypt" in data:
        return None
    whole = data + b"\nendstream\nendobj\n"  # for the object that was cut
    unpacked = b"".join(_unpacked(whole))
    whole += unpacked
    places = _places(whole)
    heads = {number: _head(whole, place) for number, place in places.items()}
    pages = sorted((places[number], number) for number, head in heads.items() if _PAGE.search(head))
    if not pages:
        return None
    parents = Counter(found[1] for _, number in pages if (found := _PARENT.search(heads[number])))
    tree = next((int(parent) for parent, _ in parents.most_common() if int(parent) not in places), max(places) + 1)
    catalogue = max(*places, tree) + 1
    kids = b" ".join(b"%d 0 R" % number for _, number in pages)
    added = {
        tree: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        catalogue: b"<< /Type /Catalog /Pages %d 0 R%s >>" % (tree, _form(heads)),
    }
    for number, content in added.items():
        places[number] = len(whole)
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return whole + _table(places, len(whole), catalogue)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The objects of the object streams (ISO 32000-1 §7.5.7) as objects of their own."""
    left = UNPACKED
    for found in _OBJECT.finditer(data):
        head = _head(data, found.start())
        first, count = _FIRST.search(head), _COUNT.search(head)
        if not _OBJECTS.search(head) or not first or not count:
            continue
        start = _END.search(data, found.end())
        if start is None or left <= 0:
            return
        try:
            content = zlib.decompressobj().decompress(data[start.end() :], left)
        except zlib.error:
            continue
        left -= len(content)
        numbers = [int(one) for one in content[: int(first[1])].split()[: 2 * int(count[1])] if one.isdigit()]
        places = [int(first[1]) + place for place in numbers[1::2]]
        for number, begin, end in zip(numbers[::2], places, [*places[1:], len(content)], strict=False):
            yield b"%d 0 obj\n%s\nendobj\n" % (number, content[begin:end])


def _places(data: bytes) -> dict[int, int]:
    """Where each object begins; of several with one number the last counts."""
    places: dict[int, int] = {}
    for found in _OBJECT.finditer(data):
        places[int(found[1])] = found.start()
        if len(places) >= MOST_OBJECTS:
            break
    return places


def _head(data: bytes, place: int) -> bytes:
    end = _END.search(data, place, place + HEAD)
    return data[place : end.start() if end else place + HEAD]


def _form(heads: dict[int, bytes]) -> bytes:
    """The form that the old catalogue pointed at, where that is left."""
    for head in heads.values():
        found = re.search(rb"/AcroForm\s+\d{1,8}\s+\d+\s+R", head) if _CATALOG.search(head) else None
        if found:
            return b" " + found[0]
    return b""


def _table(places: dict[int, int], start: int, catalogue: int) -> bytes:
    sections = [b"0 1\n0000000000 65535 f \n"]
    sections += [b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()) if number]
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, catalogue, start)
    return b"xref\n" + b"".join(sections) + trailer
