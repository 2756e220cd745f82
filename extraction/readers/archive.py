"""Formats that are ZIP archives of XML: opened with limits, parsed without entities, network or DTD."""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from extraction.readers import zip_mending
from extraction.readers.limits import ReadLimits

MEMBERS = 4000
MENDED = "the file is damaged; what could be read of it was read"
PROTECTED = "the file is protected by a password"
RATIO = 300  # unpacked to packed: XML of real documents stays under 40
RATIO_MATTERS = 4 * 1024 * 1024  # bytes; small parts may well be that regular
# What zipfile raises for a damaged member; ValueError: its name in the file is no UTF-8, though it says so.
UNPACKING_FAILS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, OSError,
)  # fmt: skip
DIGITS = 18  # of a number; Python itself refuses to read one of thousands
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office puts what it encrypts into a compound file ([MS-OFFCRYPTO])


class Archive:
    """The parts of one document. Sizes are checked before anything is unpacked, and again while it is."""

    def __init__(self, path: Path, opened: zipfile.ZipFile | None, places: Mapping[str, int], limits: ReadLimits):
        self._path = path
        self._opened = opened  # None where its directory is lost: then the members lie at `places`
        self._limits = limits
        self._left = limits.unpacked_bytes
        self._members = {_key(name): name for name in (opened.namelist() if opened else places)}
        self._places = places
        self.names = tuple(self._members.values())
        self.relations: dict[str, tuple[Relation, ...]] = {}  # of each part that was asked for
        self.problems: tuple[str, ...] = () if opened else (MENDED,)  # in words for staff

    def tell(self, problem: str) -> None:
        """Keep a problem for staff, once, beside those that are told already."""
        if problem not in self.problems:
            self.problems = (*self.problems, problem)

    def has(self, name: str) -> bool:
        return _key(name) in self._members

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part; None where there is no such part. Raises Unreadable where it is broken."""
        data = self.part(name)
        if data is None:
            return None
        try:
            return parse_xml(data)
        except etree.XMLSyntaxError:
            self.tell(MENDED)
        try:
            return parse_xml(data, mend=True)
        except etree.XMLSyntaxError as error:
            raise Unreadable("the file is damaged: a part of it is no valid XML") from error

    def xml_or_none(self, name: str) -> etree._Element | None:
        """The same for a part that a document can do without: what is broken there is told, and the rest is read."""
        try:
            return self.xml(name)
        except Unreadable:
            self.tell(MENDED)
            return None

    def part(self, name: str) -> bytes | None:
        """A part, told by its name whatever its case, as OPC compares them; None where there is no such part."""
        member = self._members.get(_key(name))
        if member is None:
            return None
        limit = min(self._limits.part_bytes, self._left)
        data = self._unpacked(member, limit)
        if len(data) > limit:
            raise Unreadable(f"the file unpacks to more than {limit // 1024**2} MB, which no CV does")
        self._left -= len(data)
        return data

    def _unpacked(self, member: str, limit: int) -> bytes:
        if self._opened is None:
            return zip_mending.unpacked(self._path.read_bytes(), self._places[member], limit + 1)
        info = self._opened.getinfo(member)
        if info.flag_bits & 1:
            raise Unreadable(PROTECTED)
        if info.file_size > limit:
            raise Unreadable(f"the file unpacks to more than {limit // 1024**2} MB, which no CV does")
        if info.file_size > RATIO_MATTERS and info.file_size > RATIO * max(info.compress_size, 1):
            raise Unreadable("the file unpacks to hundreds of times its size, as only an attack does")
        try:
            with self._opened.open(info) as stream:
                return stream.read(limit + 1)
        except UNPACKING_FAILS as error:
            self.tell(MENDED)
            data = self._path.read_bytes()
            place = zip_mending.members(data, MEMBERS).get(member)  # the directory may point beside it
            if place is None:
                raise Unreadable("the file is damaged: a part of it cannot be unpacked") from error
            return zip_mending.unpacked(data, place, limit + 1)


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


@contextmanager
def opened(path: Path, limits: ReadLimits) -> Iterator[Archive]:
    """Raises Unreadable where the file is no archive, or has too many members."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield _mended(path, limits, error)
        return
    with archive:
        if len(archive.infolist()) > MEMBERS:
            raise Unreadable(f"the file has more than {MEMBERS} parts, which no CV has")
        yield Archive(path, archive, {}, limits)


def _mended(path: Path, limits: ReadLimits, error: Exception) -> Archive:
    data = path.read_bytes()
    if data.startswith(COMPOUND):
        raise Unreadable(PROTECTED) from error
    places = zip_mending.members(data, MEMBERS)
    if not places:
        raise Unreadable("the file is damaged or cut off") from error
    return Archive(path, None, places, limits)


def parse_xml(data: bytes, *, mend: bool = False) -> etree._Element:
    """Parse with every extension of XML off. Raises XMLSyntaxError, or with `mend` gives what can be had."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=mend,
    )
    root = etree.fromstring(data, parser)
    if root is None:
        raise Unreadable("the file is damaged: a part of it is no valid XML")
    doctype = root.getroottree().docinfo.internalDTD  # OpenOffice 1 wrote one, with nothing in it
    if doctype is not None and list(getattr(doctype, "entities")()):  # noqa: B009 - the stubs have no such method
        raise Unreadable("the file declares XML entities, as only an attack does")
    return root


def one_file(path: Path, limits: ReadLimits) -> tuple[etree._Element, tuple[str, ...]]:
    """The root of a document that is one file of XML, and what to tell staff. Raises Unreadable where it is none."""
    data = path.read_bytes()
    if len(data) > limits.part_bytes:
        raise Unreadable(f"the file is larger than {limits.part_bytes // 1024**2} MB, which no CV of this format is")
    try:
        return parse_xml(data), ()
    except etree.XMLSyntaxError:
        pass  # it is damaged, and mended below
    try:
        return parse_xml(data, mend=True), (MENDED,)
    except etree.XMLSyntaxError as error:
        raise Unreadable("the file is damaged: it is no valid XML") from error


@lru_cache(maxsize=4096)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def local(element: etree._Element) -> str:
    """The name of an element without its namespace: strict and transitional files differ in nothing else."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if _without_namespace(str(key)) == name:
            return str(value)
    return None


def whole(value: str | None, without: int = 0) -> int:
    """A number as counts and places are written; `without` where it is none, or is longer than any of these."""
    return int(value) if value and value.isdecimal() and len(value) <= DIGITS else without


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name without namespace."""
    return next((one for one in element if local(one) == name), None) if element is not None else None


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to (ECMA-376 part 2 §9)."""

    identity: str
    kind: str  # the last word of its type
    target: str  # the name of a part; an address where it lies outside
    outside: bool


def relations(archive: Archive, part: str) -> tuple[Relation, ...]:
    """All that a part refers to; "" is the package itself."""
    if part not in archive.relations:
        archive.relations[part] = _relations(archive, part)
    return archive.relations[part]


def _relations(archive: Archive, part: str) -> tuple[Relation, ...]:
    folder, name = posixpath.split(part)
    root = archive.xml_or_none(posixpath.join(folder, "_rels", f"{name}.rels"))
    found = []
    for relation in root if root is not None else ():
        target, kind = relation.get("Target", ""), relation.get("Type", "").rpartition("/")[2]
        outside = relation.get("TargetMode") == "External"
        place = target if outside else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found.append(Relation(relation.get("Id", ""), kind, place, outside))
    return tuple(found)


def main_part(archive: Archive, usual: str) -> str:
    """The part that holds the document; where the relations are lost, the one of the usual name."""
    named = (relation.target for relation in relations(archive, "") if relation.kind == "officeDocument")
    return next((name for name in named if archive.has(name)), usual)


def related(archive: Archive, part: str) -> dict[str, list[str]]:
    """Names of the parts that a part refers to, by the kind of the relation."""
    found: dict[str, list[str]] = {}
    for relation in relations(archive, part):
        if not relation.outside:
            found.setdefault(relation.kind, []).append(relation.target)
    return found
