"""Whether letters can be told from what they stand on."""

from __future__ import annotations

import re
from functools import lru_cache

WHITE = "ffffff"
NO_CONTRAST = 1.2  # of WCAG 2.2's contrast ratio, which is 1 for the same colour: light grey on white has 1.5

_HEX = re.compile(r"[0-9a-f]{6}")
NAMED = {
    "white": WHITE, "snow": "fffafa", "ivory": "fffff0", "black": "000000", "yellow": "ffff00", "lightgray": "d3d3d3",
    "whitesmoke": "f5f5f5", "ghostwhite": "f8f8ff", "floralwhite": "fffaf0", "transparent": WHITE,
}  # fmt: skip


def colour(value: str | None) -> str | None:
    """Six hexadecimal digits for a colour as formats write it; None for one that is no such, as "auto"."""
    text = (value or "").strip().lower()
    text = NAMED.get(text, text).removeprefix("#")
    if len(text) == 3:
        text = "".join(digit * 2 for digit in text)
    return text if _HEX.fullmatch(text) else None


@lru_cache(maxsize=1024)
def lost(letters: str, ground: str) -> bool:
    """Whether nobody could read letters of one colour on the other; both as `colour` gives them."""
    lighter, darker = sorted((_luminance(letters), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05) < NO_CONTRAST


def _luminance(value: str) -> float:
    """Relative luminance (WCAG 2.2), 0 for black, 1 for white."""
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
