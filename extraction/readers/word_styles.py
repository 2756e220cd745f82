"""The styles of WordprocessingML (ECMA-376 part 1 §17.7), as far as they tell headings and what is hidden."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from lxml import etree

from domain.profile import BlockKind
from extraction.readers.archive import attribute, child, local
from extraction.readers.colours import colour

# How names of styles for headings begin. Word stores them in English; other programs in the language of their menus.
TITLES = (
    "heading", "title", "subtitle", "titre", "título", "titulo", "encabezado", "überschrift", "titel", "заголовок",
    "название", "عنوان", "العنوان", "titolo",
)  # fmt: skip
NO = ("0", "false", "off")
BODY_TEXT = "9"  # the outline level of what is no heading (§17.3.1.20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    kind: BlockKind = BlockKind.PARAGRAPH
    size: float | None = None  # points
    hidden: bool = False
    colour: str | None = None  # of its letters
    ground: str | None = None  # what its letters stand on


@dataclass
class Styles:
    """The styles of one document. Programs store hundreds that no text uses: each is read when one refers to it."""

    part: Callable[[str], etree._Element | None]  # the root of a part, by its name
    name: str
    theme: str
    read: dict[str, Style] = field(default_factory=dict)

    @cached_property
    def _elements(self) -> dict[str, tuple[int, etree._Element]]:
        """The elements that define styles, by identity, each with its place among all."""
        found = enumerate(self._root if self._root is not None else ())
        styles = [(place, element) for place, element in found if local(element) == "style"]
        return {name: (place, element) for place, element in styles if (name := attribute(element, "styleId"))}

    @cached_property
    def _root(self) -> etree._Element | None:
        return self.part(self.name)

    def named(self, identity: str | None) -> Style | None:
        style = None
        for name in reversed(self._chain(identity or "")):
            style = self.read[name] = self.read.get(name) or self._style(self._elements[name][1], style)
        return style

    def _chain(self, identity: str) -> list[str]:
        """A style, the one it is based on, and so on. A base stands before its style, so that none is met twice."""
        chain: list[str] = []
        below = sys.maxsize
        while identity in self._elements and self._elements[identity][0] < below:
            chain.append(identity)
            below, element = self._elements[identity]
            base = None if identity in self.read else child(element, "basedOn")
            identity = (base is not None and attribute(base, "val")) or ""
        return chain

    def _style(self, element: etree._Element, base: Style | None) -> Style:
        style = base or Style()
        for one in element.iter():
            tag, value = local(one), attribute(one, "val")
            if (tag == "outlineLvl" and value != BODY_TEXT) or (
                tag == "name" and (value or "").lower().startswith(TITLES)
            ):
                style = replace(style, kind=BlockKind.HEADING)
            elif tag == "numPr" and style.kind is BlockKind.PARAGRAPH:
                style = replace(style, kind=BlockKind.LIST_ITEM)
            elif tag == "vanish":
                style = replace(style, hidden=value not in NO)
            elif tag == "color":
                style = replace(style, colour=self.colour(one))
            elif tag == "shd":
                style = replace(style, ground=ground_of(one))
        return replace(style, size=size_below(element) or style.size)

    @cached_property
    def default_size(self) -> float:
        size = 10.0  # ECMA-376 part 1 §17.3.2.38
        for element in self._root if self._root is not None else ():
            if local(element) == "docDefaults":
                size = size_below(element) or size
            elif attribute(element, "default") == "1" and attribute(element, "type") == "paragraph":
                named = self.named(attribute(element, "styleId"))
                size = (named and named.size) or size
        return size

    def shades(self, identity: str | None) -> bool:
        """Whether a style of tables colours cells."""
        return any(
            ground_of(shading) is not None
            for name in self._chain(identity or "")
            for shading in self._elements[name][1].iter("{*}shd")
        )

    def colour(self, element: etree._Element) -> str | None:
        """The colour that w:color sets. A colour of the theme goes before the one beside it, unless it is toned."""
        theme = attribute(element, "themeColor")
        toned = attribute(element, "themeTint") or attribute(element, "themeShade")
        plain = theme in _ALIASES and not toned
        return (self._theme.get(theme or "") if plain else None) or colour(attribute(element, "val"))

    @cached_property
    def _theme(self) -> dict[str, str]:
        """What the names that texts use for the colours of the theme mean, where no settings map them otherwise."""
        root = self.part(self.theme)
        scheme = next(root.iter("{*}clrScheme"), None) if root is not None else None
        found: dict[str, str] = {}
        for name in scheme if scheme is not None else ():
            value = next((colour(attribute(one, "lastClr") or attribute(one, "val")) for one in name), None)
            for alias in _THEME.get(local(name), ()):
                if value:
                    found[alias] = value
        return found


_THEME = {
    "lt1": ("background1", "light1"),
    "lt2": ("background2", "light2"),
    "dk1": ("text1", "dark1"),
    "dk2": ("text2", "dark2"),
}
_ALIASES = frozenset(alias for aliases in _THEME.values() for alias in aliases)


def ground_of(shading: etree._Element) -> str | None:
    """What letters stand on where w:shd shades; None where it lets through what is behind. A pattern counts as grey."""
    pattern = attribute(shading, "val")
    if pattern in ("clear", None):
        return colour(attribute(shading, "fill"))
    return colour(attribute(shading, "color")) or "808080" if pattern != "nil" else None


def size_below(element: etree._Element) -> float | None:
    """Letter size in points, as set anywhere below this element."""
    found = next(element.iter("{*}sz"), None)
    return half_points(attribute(found, "val")) if found is not None else None


def half_points(value: str | None) -> float | None:
    try:
        return float(value) / 2 if value else None
    except ValueError:
        return None
