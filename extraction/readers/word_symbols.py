"""Signs that Word takes from symbol fonts, as Unicode has them; forms tick their boxes with these."""

from __future__ import annotations

OFF, ON = "☐", "☒"
BULLET = "•"
_WINGDINGS = {
    0x28: "☎", 0x29: "☎", 0x2A: "✉", 0x2B: "✉", 0x6C: "•", 0x6E: "▪", 0x6F: OFF, 0x71: OFF, 0x72: OFF, 0x78: ON,
    0xA8: OFF, 0xFB: "✗", 0xFC: "✓", 0xFD: ON, 0xFE: "☑", 0xE0: "→", 0xD8: "➢",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: ON, 0x52: "☑", 0x53: ON, 0x54: ON, 0xA3: OFF}
_SYMBOL = {
    0x2D: "−",
    0xB0: "°",
    0xB1: "±",
    0xB7: BULLET,
    0xB3: "≥",
    0xA3: "≤",
    0xAE: "→",
    0x2B: "+",
    0x28: "(",
    0x29: ")",
}
FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def symbol(font: str | None, code: str | None) -> str:
    """The sign of a code in hexadecimal, as in w:sym; the private use area begins at F000."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    return FONTS.get((font or "").lower(), {}).get(number & 0xFF, BULLET)


def drawn(text: str, font: str) -> str:
    """Text set in a symbol font: a "þ" of Wingdings is a ticked box. Letters that the font has not stay."""
    signs = FONTS[font]
    return "".join(signs.get(ord(c) & 0xFF, BULLET) if ord(c) < 0x100 or c >= "\uf000" else c for c in text if c != " ")
