"""Formats that are ZIP archives of XML: opened with limits, parsed without entities, network or DTD."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from extraction.readers.limits import ReadLimits

MEMBERS = 4000
MENDED = "the file is damaged; what could be read of it was read"
RATIO = 300  # unpacked to packed: XML of real documents stays under 40
RATIO_MATTERS = 4 * 1024 * 1024  # bytes; small parts may well be that regular


class Archive:
    """The parts of one document. Sizes are checked before anything is unpacked, and again while it is."""

    def __init__(self, opened: zipfile.ZipFile, limits: ReadLimits) -> None:
        self._opened = opened
        self._limits = limits
        self._left = limits.unpacked_bytes
        self.names = frozenset(opened.namelist())
        self.problems: tuple[str, ...] = ()  # in words for staff

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part; None where there is no such part. Raises Unreadable where it is broken."""
        if name not in self.names:
            return None
        data = self._bytes(name)
        try:
            return parse_xml(data)
        except etree.XMLSyntaxError:
            self.problems = (MENDED,)
        try:
            return parse_xml(data, mend=True)
        except etree.XMLSyntaxError as error:
            raise Unreadable("the file is damaged: a part of it is no valid XML") from error

    def _bytes(self, name: str) -> bytes:
        info = self._opened.getinfo(name)
        if info.flag_bits & 1:
            raise Unreadable("the file is protected by a password")
        limit = min(self._limits.part_bytes, self._left)
        if info.file_size > limit:
            raise Unreadable(f"the file unpacks to more than {limit // 1024**2} MB, which no CV does")
        if info.file_size > RATIO_MATTERS and info.file_size > RATIO * max(info.compress_size, 1):
            raise Unreadable("the file unpacks to hundreds of times its size, as only an attack does")
        try:
            with self._opened.open(info) as stream:
                data = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise Unreadable("the file is damaged: a part of it cannot be unpacked") from error
        if len(data) > limit:
            raise Unreadable(f"the file unpacks to more than {limit // 1024**2} MB, which no CV does")
        self._left -= len(data)
        return data


@contextmanager
def opened(path: Path, limits: ReadLimits) -> Iterator[Archive]:
    """Raises Unreadable where the file is no archive, is cut off or has too many members."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("the file is damaged or cut off") from error
    with archive:
        if len(archive.infolist()) > MEMBERS:
            raise Unreadable(f"the file has more than {MEMBERS} parts, which no CV has")
        yield Archive(archive, limits)


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
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("the file declares XML entities, as only an attack does")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace: strict and transitional files differ in nothing else."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def related(archive: Archive, part: str) -> dict[str, list[str]]:
    """Names of the parts that a part refers to, by the last word of the relationship's type (ECMA-376 part 2 §9)."""
    folder, name = posixpath.split(part)
    root = archive.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, list[str]] = {}
    for relation in root if root is not None else ():
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found.setdefault(relation.get("Type", "").rpartition("/")[2], []).append(whole)
    return found
