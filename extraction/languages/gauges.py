"""Gauges: stars, dots, bars, percentages and "4/5" that show a level, found as words beside the words of a line.

What one of them means only a legend tells (scales): without one, a gauge says no level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.lexicon import Word, words

_FILLED, _HOLLOW = "★⭐✮✪●⬤◉■▮◼◆▪•*+█▓▰⬛", "☆✩○◯◎□▯◻◇▫░▱⬜"
_STARS = re.compile(rf"(?<![^\s|(:،,])[{_FILLED}](?: ?[{_FILLED}{_HOLLOW}])*")
_UNFILLED = str.maketrans("", "", _HOLLOW + " ")
_PERCENT = re.compile(r"(?<![\d.,])(?:[%٪]\s?(?P<after>\d{1,3})(?!\d)|(?P<before>\d{1,3})\s?[%٪])")
_PART = re.compile(r"(?<![\d/.,-])(\d{1,2})\s?(?:/|из|out of|sur|de|من)\s?(\d{1,2})(?![\d/]|[.,-]\d)")
_WHOLES = (4, 5, 6, 10)  # the highest figure of scales that are in use


def measured_words(text: str, start: int, end: int) -> list[Word]:
    """The words of a stretch of text, and its gauges: runs by their filled signs, "90%", "4/5"."""
    runs = (Word(run.start(), run.end(), run[0].translate(_UNFILLED)) for run in _STARS.finditer(text, start, end))
    gauges = [*runs, *_percentages(text, start, end), *_parts(text, start, end)]
    taken = {place for gauge in gauges for place in range(gauge.start, gauge.end)}
    return sorted((*gauges, *(word for word in words(text, start, end) if word.start not in taken)))


def _percentages(text: str, start: int, end: int) -> Iterator[Word]:
    for found in _PERCENT.finditer(text, start, end):
        yield Word(found.start(), found.end(), f"{int(found['after'] or found['before'])}%")


def _parts(text: str, start: int, end: int) -> Iterator[Word]:
    for found in _PART.finditer(text, start, end):
        part, whole = int(found[1]), int(found[2])
        if whole in _WHOLES and part <= whole:
            yield Word(found.start(), found.end(), f"{part}/{whole}")


def is_gauge(word: Word) -> bool:
    return is_run(word) or is_percentage(word) or "/" in word.key


def is_run(word: Word) -> bool:
    return word.key != "" and not word.key[0].isalnum()  # empty: an Arabic line of nothing but stretches, "ــــ"


def is_percentage(word: Word) -> bool:
    return word.key.endswith("%")
