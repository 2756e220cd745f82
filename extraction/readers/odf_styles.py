"""Styles of OpenDocument (part 3 §16), as far as they tell headings and what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from extraction.readers.archive import attribute, local
from extraction.readers.colours import colour, lost
from extraction.readers.concealment import TINY, UNSEEN, VANISHED

TITLES = ("title", "subtitle", "heading")
DEPTH = 20  # styles that one may be based on through others
INVISIBLE = ("none", "false", "hidden", "collapse", "filter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    hidden: bool = False
    title: bool = False
    tiny: bool = False
    letters: str | None = None
    ground: str | None = None  # None: what is behind shows through

    def reason(self, ground: str | None) -> str | None:
        """Why nobody sees the text; `ground` is what lies behind, None where that is unknown."""
        if self.hidden or self.tiny:
            return VANISHED if self.hidden else TINY
        behind = self.ground or ground
        return UNSEEN if self.letters and behind and lost(self.letters, behind) else None


class Styles:
    """Styles by name; each is read when a text refers to it."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._read: dict[str, Style] = {}
        self.backed = False  # whether pictures may lie behind the text
        for root in roots:
            for element in root.iter("{*}style"):
                self._elements.setdefault(attribute(element, "name") or "", element)
            self.backed = self.backed or any(
                attribute(one, "run-through") == "background" for one in root.iter("{*}graphic-properties")
            )

    def named(self, name: str | None) -> Style:
        if not name:
            return Style()
        if name not in self._read:
            self._read[name] = self._style(name)
        return self._read[name]

    def _style(self, name: str) -> Style:
        chain: list[tuple[str, etree._Element]] = []
        while name in self._elements and len(chain) < DEPTH:
            chain.append((name, self._elements[name]))
            name = attribute(self._elements[name], "parent-style-name") or ""
        style = Style(title=name.lower().startswith(TITLES))
        for named, element in reversed(chain):
            style = replace(style, title=style.title or named.lower().startswith(TITLES))
            for properties in element:
                style = _with(style, properties)
        return style


def _with(style: Style, properties: etree._Element) -> Style:
    tag = local(properties)
    said = {str(key).rpartition("}")[2]: str(value) for key, value in properties.attrib.items()}
    style = replace(
        style, hidden=style.hidden or said.get("display") in INVISIBLE or said.get("visibility") in INVISIBLE
    )
    if tag == "text-properties":
        style = replace(style, letters=colour(said.get("color")) or style.letters)
        if "font-size" in said:
            style = replace(style, tiny=_points(said["font-size"]) <= 2)
    ground = colour(said.get("background-color"))
    return replace(style, ground=ground) if ground and tag != "page-layout-properties" else style


def _points(size: str) -> float:
    try:
        return float(size.removesuffix("pt")) if size.endswith("pt") else 12.0
    except ValueError:
        return 12.0
