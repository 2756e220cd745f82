"""As much of style sheets as tells what a browser shows: simple selectors, and what hides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from extraction.readers.colours import WHITE, colour, lost
from extraction.readers.concealment import OFF_PAGE, TINY, UNSEEN

NOT_SHOWN = "the page does not show it"

_NOT_SHOWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0*)?(?![.\d])", re.IGNORECASE
)
_OFF_PAGE = re.compile(
    r"(?:^|;)\s*(?:left|top|right|text-indent|margin-left)\s*:\s*-(?:\d{4,}px|\d{3,}(?:em|rem|pt)|\d{2,}00%)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size\s*:\s*([\d.]{1,8})\s*(px|pt|em|rem|%)?", re.IGNORECASE)
_LETTERS = re.compile(r"(?:^|[;\s])color\s*:\s*([#\w(),.% ]{1,40})", re.IGNORECASE)
_GROUND = re.compile(r"background(-color|-image)?\s*:\s*([^;]{1,300})", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"^([a-zA-Z][\w-]*)?(?:\.([\w-]+)|#([\w-]+))?$")
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "%": 0.12}
_SHEETS = 200_000  # characters of style sheets that are looked at
_STYLE = 2_000  # and of the style of one element
_CLASSES = 20


@dataclass(frozen=True, slots=True)
class Look:
    """How the letters at a place look."""

    letters: str = "000000"
    ground: str | None = WHITE  # None where a picture lies behind
    tiny: bool = False

    @property
    def reason(self) -> str | None:
        """Why nobody sees them."""
        if self.tiny:
            return TINY
        return UNSEEN if self.ground and lost(self.letters, self.ground) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the style sheets of a page say of `tag`, `.class`, `#id` and `tag.class`."""

    rules: Mapping[str, str]

    @classmethod
    def of(cls, root: etree._Element) -> Sheet:
        rules: dict[str, str] = {}
        whole = "\n".join(sheet.text or "" for sheet in root.iter("style"))[:_SHEETS]
        for selectors, declarations in _RULE.findall(_for_all_media(whole)):
            for part in selectors.split(","):
                if _SELECTOR.match(part.strip()):
                    rules[part.strip().lower()] = rules.get(part.strip().lower(), "") + ";" + declarations
        return cls({selector: said[-_STYLE:] for selector, said in rules.items() if selector and _tells(said)})

    def said(self, element: etree._Element, tag: str) -> str:
        """All declarations for an element, the weightiest last."""
        own = (element.get("style") or "")[:_STYLE]
        if not self.rules:
            return own
        classes = (element.get("class") or "")[:_STYLE].lower().split()[:_CLASSES]
        identity = (element.get("id") or "").lower()
        names = (tag, *(f".{name}" for name in classes), *(f"{tag}.{name}" for name in classes), f"#{identity}")
        return ";".join((*(self.rules[name] for name in names if name in self.rules), own))


def unseen(element: etree._Element, tag: str, said: str) -> str | None:
    """Why an element is not shown, with all in it; None where it is."""
    if element.get("hidden") is not None or (tag == "input" and element.get("type") == "hidden"):
        return NOT_SHOWN
    if not said:
        return None
    if _NOT_SHOWN.search(said):
        return NOT_SHOWN
    return OFF_PAGE if _OFF_PAGE.search(said) else None


def look(element: etree._Element, around: Look, said: str) -> Look:
    """How the letters in an element look, where those around it look so."""
    made = around
    letters = element.get("color") or element.get("text")
    ground = element.get("bgcolor")
    if letters:
        made = replace(made, letters=colour(letters) or made.letters)
    if ground:
        made = replace(made, ground=colour(ground))
    if element.get("background"):
        made = replace(made, ground=None)
    return _styled(made, said) if said else made


def _styled(around: Look, said: str) -> Look:
    made = around
    for kind, value in _GROUND.findall(said):
        if kind.lower() == "-image" or "url(" in value or "gradient" in value or "var(" in value:
            made = replace(made, ground=None)
        elif _colour(value.split("!")[0]):
            made = replace(made, ground=_colour(value.split("!")[0]))
        elif value.strip().lower() not in ("transparent", "none", "inherit", "initial"):
            made = replace(made, ground=None)  # a colour by a name that we do not know
    for value in _LETTERS.findall(said):
        made = replace(made, letters=_colour(value.split("!")[0]) or "000000")
    for number, unit in _SIZE.findall(said):
        try:
            made = replace(made, tiny=float(number) * _POINTS.get(unit.lower(), 1.0) <= 2)
        except ValueError:
            continue
    return made


def _colour(value: str) -> str | None:
    rgb = _RGB.search(value)
    if rgb:
        return "".join(f"{min(int(part), 255):02x}" for part in rgb.groups())
    return colour(value)


def _tells(said: str) -> bool:
    return bool(
        _NOT_SHOWN.search(said) or _OFF_PAGE.search(said) or _SIZE.search(said) or _LETTERS.search(said)
        or _GROUND.search(said)
    )  # fmt: skip


def _for_all_media(sheet: str) -> str:
    """Without blocks for print or small screens."""
    kept, place = [], 0
    while (at := sheet.find("@media", place)) >= 0:
        kept.append(sheet[place:at])
        depth, place = 0, len(sheet)
        for end in range(at, len(sheet)):
            depth += (sheet[end] == "{") - (sheet[end] == "}")
            if depth == 0 and sheet[end] == "}":
                place = end + 1
                break
    return "".join((*kept, sheet[place:]))
