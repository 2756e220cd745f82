"""Lines of Arabic or Hebrew as drawn, put into the order in which they are read.

PDF stores glyphs where they are drawn: the letters of a right-to-left word lie from right to left, the digits and
Latin words in it from left to right. This turns the display order of the Unicode bidirectional algorithm (UAX #9)
round, by the places of the glyphs alone; what readers of PDF return for such lines is reversed in part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import inf

from extraction.readers.runs import RTL, Glyph

WORD_GAP = 0.14  # letter sizes
SAME_PLACE = 0.4  # points
RECENT = 8  # glyphs among which one drawn twice is looked for
SAME_GLYPH = 0.15  # points: pdfium gives the letters of one glyph one origin
RAISED = 0.3  # letter sizes over the foot of the line
LAM_ALEF, LETTER = 0.72, 0.45  # letter sizes
# Signs that belong to a number (UAX #9: common separators) or to an address where they stand between its letters.
IN_NUMBERS = frozenset(".,:/٫٬")
IN_ADDRESSES = frozenset(".:/@_-+&#%'’=?~")
BREAKS = frozenset('()[]{}«»“”"،؛؟')  # what a left-to-right phrase does not reach over

_TWICE = re.compile("([\u0627\u0649][\u064b-\u064d])\\1")  # a tanween that was drawn apart brings its letter along
_DASHES = re.compile(r"^\s*[-–—]\s*$")
_YEARS = re.compile(r"((?:19|20|١٩|٢٠)\d\d)\s*[-–—]\s*(?:[\d٠-٩]{1,2}[/.])*((?:19|20|١٩|٢٠)\d\d)")
_BACKWARDS = re.compile(r"[.,:;!?،؛؟)]\s*\d[^.]*$|[\d٠-٩][\d٠-٩\s()/-]*\+$")  # .2005 and 0134 555 6 962+
_YEAR = re.compile(r"^(?:19|20|١٩|٢٠)[\d٠-٩]{2}$")
_OPENING = {"(": ")", "[": "]", "{": "}", "«": "»"}
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}


@dataclass(slots=True)
class _Item:
    """Glyphs of one direction beside each other: R right to left, L left to right, D digits, N neutral, S space."""

    direction: str
    text: str  # R: already in logical order


def logical(glyphs: Iterable[Glyph], size: float) -> str:
    """The text of a line (or of one cell of it) in logical order, with presentation forms as letters."""
    items = _items(_with_marks(_widened(_once(glyphs), size)), size)
    if not any(item.direction == "R" for item in items):
        text = unicodedata.normalize("NFKC", "".join(item.text for item in items)).strip()
        if not _runs_from_right(text):
            return text
    ordered = reversed(_numbers_in_order(_phrases(items)))
    text = "".join(item.text[::-1] if item.direction == "N" else item.text for item in ordered)
    text = _TWICE.sub(r"\1", _brackets(" ".join(text.split())))
    return unicodedata.normalize("NFKC", text)


def _runs_from_right(text: str) -> bool:
    """Whether a line without right-to-left letters was set as part of a right-to-left text, by what it begins with."""
    if any(map(str.isalpha, text)):
        return False
    years = _YEARS.search(text)
    return bool(_BACKWARDS.match(text)) or (years is not None and int(years[1]) > int(years[2]))


def _once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Without letters drawn twice at one place: false bold, and parts of a ligature that each carry its whole text."""
    kept: list[Glyph] = []
    places: dict[str, list[int]] = {}  # among those kept, by text
    for glyph in glyphs:
        same = places.setdefault(glyph.text, [])
        for twin in same[-RECENT:]:
            if twin >= len(kept) - RECENT and abs(kept[twin].origin - glyph.origin) < SAME_PLACE:
                if glyph.foot < kept[twin].foot:  # the letter itself, not the sign above it that carries its text too
                    kept[twin] = glyph
                break
        else:
            same.append(len(kept))
            kept.append(glyph)
    return kept


def _widened(glyphs: list[Glyph], size: float) -> list[Glyph]:
    """Letters whose place is known only by the vowel sign above them, at the width that they would have.

    Of a letter and its sign drawn as two glyphs that carry the same text pdfium keeps one, often that of the sign.
    """
    feet = sorted(glyph.foot for glyph in glyphs)
    raised = feet[len(feet) // 2] + RAISED * size if feet else 0.0
    for place, letter in enumerate(glyphs):
        if letter.foot <= raised or unicodedata.combining(letter.text):
            continue
        together = [other.text for other in glyphs if abs(other.origin - letter.origin) < SAME_GLYPH]
        if any(map(unicodedata.combining, together)):
            letters = len(together) - sum(map(bool, map(unicodedata.combining, together)))
            width = (LAM_ALEF if letters > 1 else LETTER) * size
            right = max(letter.right, letter.origin + width)
            glyphs[place] = Glyph(letter.left, right, letter.text, letter.origin, letter.foot)
    return glyphs


def _with_marks(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Letters from left to right, each with the vowel signs that are drawn over or under it."""
    letters = [glyph for glyph in glyphs if not unicodedata.combining(glyph.text)]
    letters.sort(key=lambda glyph: glyph.left + glyph.right)
    marks: dict[int, str] = {}
    widened: dict[int, Glyph] = {}
    for mark in glyphs:
        if not unicodedata.combining(mark.text) or not letters:
            continue
        bearer = min(range(len(letters)), key=partial(_distance, letters, mark))
        marks[bearer] = marks.get(bearer, "") + mark.text
        if abs(letters[bearer].origin - mark.origin) < SAME_GLYPH:
            widened[bearer] = mark
    for number, signs in marks.items():
        letter = letters[number]
        wide = widened.get(number, letter)
        left, right = min(letter.left, wide.left), max(letter.right, wide.right)
        letters[number] = Glyph(left, right, letter.text + signs, letter.origin)
    return letters


def _distance(letters: Sequence[Glyph], mark: Glyph, number: int) -> tuple[int, float]:
    """How little a sign belongs to a letter: it is of one glyph with it, is drawn over it, or else on its left."""
    letter, centre = letters[number], (mark.left + mark.right) / 2
    apart = abs((letter.left + letter.right) / 2 - centre)
    one_origin = abs(letter.origin - mark.origin) < SAME_GLYPH
    if one_origin and abs(letter.foot - mark.foot) < SAME_GLYPH:
        return (0, apart)
    if letter.left <= centre <= letter.right or one_origin:
        return (1, apart)
    return (2, abs(letter.left - centre))


def _items(letters: Sequence[Glyph], size: float) -> list[_Item]:
    """From left to right."""
    items: list[_Item] = []
    end, gap = inf, WORD_GAP * size
    for glyph in letters:
        # Some fonts tell only the ink: the pen's place then tells the bearing on the left.
        apart = glyph.left - end > gap and max(glyph.origin, glyph.left - 0.3 * size) - end > gap
        if apart or glyph.text.isspace():
            if items and items[-1].direction != "S":
                items.append(_Item("S", " "))
            if glyph.text.isspace():
                end = inf
                continue
        direction = _direction(glyph.text)
        if items and items[-1].direction == direction:
            last = items[-1]
            last.text = glyph.text + last.text if direction == "R" else last.text + glyph.text
        else:
            items.append(_Item(direction, glyph.text))
        end = glyph.right if end == inf else max(end, glyph.right)
    return _with_separators(items)


@lru_cache(maxsize=4096)
def _direction(text: str) -> str:
    first = text[0]
    if first.isdecimal():
        return "D"
    if RTL.match(first):
        return "R" if first.isalpha() else "N"
    return "L" if first.isalpha() else "N"


def _with_separators(items: list[_Item]) -> list[_Item]:
    """Numbers and addresses with the signs inside them as one item."""
    joined: list[_Item] = []
    for number, item in enumerate(items):
        before = joined[-1] if joined else None
        after = items[number + 1] if number + 1 < len(items) else None
        if before and before.direction in "LD" and item.direction in "LD":
            before.text += item.text
            before.direction = "L" if "L" in (before.direction, item.direction) else "D"
        elif before and after and item.direction == "N" and _joins(item.text, before, after):
            before.text += item.text
        elif item.text == "+" and after and after.direction == "D" and (before is None or before.direction == "S"):
            joined.append(_Item("D", "+"))
        else:
            joined.append(item)
    return joined


def _joins(sign: str, before: _Item, after: _Item) -> bool:
    if before.direction not in "LD" or after.direction not in "LD":
        return False
    if before.direction == after.direction == "D":
        return sign in IN_NUMBERS or (sign == "-" and before.text[-1].isascii())
    return all(c in IN_ADDRESSES for c in sign)


def _phrases(items: list[_Item]) -> list[_Item]:
    """Left-to-right words beside each other as one item, such as `IELTS 7.5`."""
    phrases: list[_Item] = []
    number = 0
    while number < len(items):
        end = number
        if items[number].direction in "LD":
            has_letters = items[number].direction == "L"
            for ahead in range(number + 1, len(items)):
                item = items[ahead]
                if item.direction == "R" or (item.direction == "N" and BREAKS.intersection(item.text)):
                    break
                has_letters = has_letters or item.direction == "L"
                if item.direction in "LD" and has_letters:
                    end = ahead
        text = "".join(item.text for item in items[number : end + 1])
        direction = items[number].direction if end == number else "L"
        phrases.append(_Item(direction, text))
        number = end + 1
    return phrases


def _numbers_in_order(items: list[_Item]) -> list[_Item]:
    """Groups of digits parted by spaces or dashes, so that reading from the right gives them in their order."""
    number = 0
    while number < len(items):
        end = number
        while (after := _next_number(items, end)) is not None:
            end = after
        if end > number and _reads_from_left([item.text for item in items[number : end + 1]], items, end):
            items[number : end + 1] = reversed(items[number : end + 1])
        number = end + 1
    return items


def _next_number(items: list[_Item], number: int) -> int | None:
    """The group of digits behind this one, with nothing but spaces and a dash between them."""
    if items[number].direction != "D":
        return None
    after = next((n for n in range(number + 1, len(items)) if items[n].direction not in "SN"), None)
    if after is None or items[after].direction != "D":
        return None
    between = "".join(item.text for item in items[number + 1 : after])
    return after if not between.strip() or _DASHES.match(between) else None


def _reads_from_left(texts: list[str], items: list[_Item], end: int) -> bool:
    """By the algorithm groups of digits run from the right, but authors set phone numbers as they are dialled."""
    left, right = texts[0], texts[-1]
    if _YEAR.match(left) and _YEAR.match(right):
        return left < right
    if any(_DASHES.match(text) for text in texts):
        return False
    after = items[end + 1].text if end + 1 < len(items) else ""
    if left.startswith("+") or after.startswith("+"):
        return left.startswith("+")
    dials_left, dials_right = left[0] in "0٠", right[0] in "0٠"
    if dials_left and dials_right:
        return len(left) <= len(right)
    return dials_left


def _brackets(text: str) -> str:
    """Brackets that open and close as they stand; some producers store them as drawn, others as typed."""
    fixed = list(text)
    for place, sign in enumerate(text):
        opening = _CLOSING.get(sign, sign)
        if opening not in _OPENING:
            continue
        inside_before = place > 0 and not text[place - 1].isspace()
        inside_after = place + 1 < len(text) and (text[place + 1].isalnum() or text[place + 1] in "+\"'")
        if inside_after and not inside_before:
            fixed[place] = opening
        elif inside_before and not inside_after:
            fixed[place] = _OPENING[opening]
    return "".join(fixed)
