"""What a file says of itself, in one form for all formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from extraction.readers.archive import Archive, local, related
from extraction.readers.characters import clean

LENGTH = 200  # characters
# Core properties (ECMA-376 part 2 §11), extended ones (part 1 §22.2), those of OpenDocument (part 3 §4.3).
NAMES = {
    "title": "title", "subject": "subject", "creator": "author", "initial-creator": "author",
    "lastModifiedBy": "last modified by", "Application": "application", "generator": "application",
    "Company": "company", "created": "created", "creation-date": "created", "modified": "modified", "date": "modified",
}  # fmt: skip
ORDER = (*dict.fromkeys(NAMES.values()), "producer")

Properties = tuple[tuple[str, str], ...]


def properties(found: Iterable[tuple[str, str | None]], names: Mapping[str, str] = NAMES) -> Properties:
    """Those that are known and say something, each once, in one order and of bounded length."""
    kept: dict[str, str] = {}
    for name, value in found:
        text = clean((value or "")[: LENGTH * 2])[:LENGTH]
        if name in names and text:
            kept.setdefault(names[name], text)
    return tuple(sorted(kept.items(), key=lambda item: ORDER.index(item[0])))


def of_package(archive: Archive) -> Properties:
    """Those of an Office file."""
    parts = related(archive, "")
    wanted = (*parts.get("core-properties", ()), *parts.get("extended-properties", ()))
    return properties(_said(*map(archive.xml_or_none, wanted)))


def of_open_document(meta: etree._Element | None) -> Properties:
    """Those of meta.xml, or of the whole where all stands in one file. There the creator is who changed it last."""
    names = NAMES | {"creator": "last modified by"}
    return properties(_said(*(meta if meta is not None else ())), names)


def _said(*roots: etree._Element | None) -> Iterable[tuple[str, str | None]]:
    for root in roots:
        for element in root if root is not None else ():
            yield local(element), element.text
