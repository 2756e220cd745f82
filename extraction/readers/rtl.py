"""Lines of Arabic or Hebrew as drawn, put into the order in which they are read.

PDF stores glyphs where they are drawn; the letters of a right-to-left word then lie from right to left, the digits
and Latin words in it from left to right. This is the reversal of Unicode's bidirectional algorithm (UAX #9) for one
line, by the places of the glyphs alone: what readers of PDF return for such lines is reversed in part.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from extraction.readers.runs import RTL, Glyph

WORD_GAP = 0.17  # letter sizes
# Signs that belong to a number or an address where they stand between its letters.
INNER = frozenset("–-—/.:,+@_%#&'’")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def logical(glyphs: Iterable[Glyph], size: float) -> str:
    """The text of a line (or of one cell of it) in logical order, with presentation forms as letters."""
    words = [_pieces(word) for word in _words(sorted(glyphs, key=lambda g: g.left + g.right), size)]
    if not any(direction == "R" for word in words for direction, _ in word):
        ordered = [text for word in words for text in ["".join(piece for _, piece in word)]]
    else:
        ordered = list(_from_the_right(words))
    return unicodedata.normalize("NFKC", " ".join(ordered))


def _words(glyphs: Sequence[Glyph], size: float) -> Iterator[list[Glyph]]:
    """Glyphs from left to right, parted at spaces and gaps; marks stand behind the letter they are drawn over."""
    word: list[Glyph] = []
    end: float | None = None
    for glyph in glyphs:
        if glyph.text.isspace():
            if word:
                yield word
            word, end = [], None
            continue
        if unicodedata.combining(glyph.text) and word:
            base = word[-1]
            word[-1] = Glyph(base.left, base.right, base.text + glyph.text)
            continue
        if end is not None and glyph.left - end > WORD_GAP * size:
            yield word
            word = []
        word.append(glyph)
        end = glyph.right if end is None else max(end, glyph.right)
    if word:
        yield word


def _pieces(word: list[Glyph]) -> list[tuple[str, str]]:
    """(direction, text) of the parts of a visual word, from left to right; R parts are in logical order already.

    Directions: R right to left, L left to right (letters, digits), N neutral.
    """
    directions = [_direction(glyph.text) for glyph in word]
    for place, glyph in enumerate(word):
        if directions[place] == "N" and glyph.text in INNER:
            around = directions[place - 1 : place] + directions[place + 1 : place + 2]
            if around and "R" not in around and "L" in around:
                directions[place] = "L"
    pieces: list[tuple[str, list[str]]] = []
    for direction, glyph in zip(directions, word, strict=True):
        if pieces and pieces[-1][0] == direction:
            pieces[-1][1].append(glyph.text)
        else:
            pieces.append((direction, [glyph.text]))
    return [(d, "".join(reversed(texts) if d == "R" else texts)) for d, texts in pieces]


def _direction(text: str) -> str:
    if RTL.match(text):
        return "N" if text in "،؛؟٪" else "R"
    return "L" if text[0].isalnum() else "N"


def _from_the_right(words: list[list[tuple[str, str]]]) -> Iterator[str]:
    """Words in logical order: from the right, runs of left-to-right words turned round."""
    left_to_right: list[str] = []  # gathered from the right
    for word in reversed(words):
        directions = {direction for direction, _ in word}
        if "R" not in directions and ("L" in directions or left_to_right):
            left_to_right.append("".join(text for _, text in word))
            continue
        yield from _turned(left_to_right)
        left_to_right = []
        yield "".join(text[::-1].translate(_MIRRORED) if d == "N" else text for d, text in reversed(word))
    yield from _turned(left_to_right)


def _turned(gathered: list[str]) -> Iterator[str]:
    """Left-to-right words in their order; neutral signs at their end (drawn on the left) belong behind them."""
    count = len(gathered)
    while count > 1 and not any(c.isalnum() for c in gathered[count - 1]):
        count -= 1
    yield from reversed(gathered[:count])
    yield from gathered[count:]
