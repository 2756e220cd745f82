"""Scales of figures, letters and stars: what "2" or "G" means where a CV explains it, or names a known scale.

(1 = excellent; 5 = basic)    E: excellent, G: good, F: fair    1 to 5, 5 being the highest    ILR, STANAG 6001
★★★ fluent ★★ good ★ basic
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from domain.profile import Level
from extraction.languages.rules import LanguageRules, Role, Term
from extraction.lexicon import Match, Word, words

_BETWEEN = re.compile(r"[\s=:–—()\[\]\"«»“”-]*")
_TOPS = (4, 5, 6, 10)  # the highest figure of scales that are in use
_FILLED, _HOLLOW = "★⭐✮✪●⬤◉■▮◼◆▪•*+", "☆○◎□▯◻◇▫"
_STARS = re.compile(rf"(?<![^\s|(])[{_FILLED}](?: ?[{_FILLED}{_HOLLOW}])*")
_UNFILLED = str.maketrans("", "", _HOLLOW + " ")
_LETTERS = 3  # of a mark that is no figure
_APART = 2  # words that may stand between two marks of a legend


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    marks: Mapping[str, Level] = field(default_factory=dict)  # folded figure or letters, or stars → level
    legend: tuple[int, int] = (0, 0)  # span of what explains the scale, which claims nothing


@dataclass(frozen=True, slots=True)
class _Pair:
    """A mark beside what it means, as in "1 = excellent"."""

    mark: Word
    level: Level
    first: int  # indexes of words, half open
    last: int


def scale_of(text: str, lines: Sequence[tuple[int, int]], rules: LanguageRules) -> Scale:
    """The scale in force in the lines of a section, each a span of the text; without marks where there is none."""
    cut = [_with_stars(text, *line) for line in lines]
    if any(match.value.role is Role.SCALE for found in cut for match in rules.terms.find(found)):
        return Scale(marks=rules.scale)
    for found in cut:
        scale = _explained(text, found, rules) or _best_named(found, rules)
        if scale:
            return scale
    return Scale()


def marked_words(text: str, span: tuple[int, int], scale: Scale) -> Sequence[Word]:
    """The words of a line without its legend, and the stars that the scale explains."""
    first, last = scale.legend
    found = _with_stars(text, *span)
    return [
        word for word in found if not first <= word.start < last and (not _are_stars(word) or word.key in scale.marks)
    ]


def _with_stars(text: str, start: int, end: int) -> Sequence[Word]:
    """The words of a stretch of text, and its stars, dots and the like, each run by its filled signs."""
    runs = (Word(run.start(), run.end(), run[0].translate(_UNFILLED)) for run in _STARS.finditer(text, start, end))
    return sorted((*words(text, start, end), *runs))


def _are_stars(word: Word) -> bool:
    return word.key != "" and not word.key[0].isalnum()  # empty: an Arabic line of nothing but stretches, "ــــ"


def figures(lowest: int, highest: int, best: int, rules: LanguageRules) -> dict[str, Level]:
    """What each figure of a scale means whose best end is `best`."""
    steps = {figure: abs(figure - best) / (highest - lowest) for figure in range(lowest, highest + 1)}
    return {str(figure): next(lv for most, lv in rules.shares if step <= most) for figure, step in steps.items()}


def _explained(text: str, found: Sequence[Word], rules: LanguageRules) -> Scale | None:
    """A legend that pairs marks with levels."""
    matches = list(rules.terms.find(found))
    named = {place for match in matches if match.value.role is Role.NAME for place in range(match.first, match.last)}
    told = [match for match in matches if match.value.role is Role.LEVEL]
    marked = [place for place, word in enumerate(found) if _is_mark(text, word)]
    for behind in (False, True) if not told or marked[:1] < [told[0].first] else (True, False):
        for run in _runs(_pairs(text, found, told, behind), named):
            if len({pair.mark.key for pair in run}) > 1:
                marks = _filled(run, rules) | {pair.mark.key: pair.level for pair in run}
                return Scale(marks=marks, legend=(found[run[0].first].start, found[run[-1].last - 1].end))
    return None


def _pairs(text: str, found: Sequence[Word], told: Iterable[Match[Term]], behind: bool) -> Iterator[_Pair]:
    for match in told:
        place = match.last if behind else match.first - 1
        if not 0 <= place < len(found):
            continue
        left, right = sorted((place, match.last - 1 if behind else match.first))
        gap = text[found[left].end : found[right].start]
        told_apart = not found[place].key.isalpha() or not gap.isspace()  # "good S" tells of speaking
        if _is_mark(text, found[place]) and told_apart and _BETWEEN.fullmatch(gap):
            yield _Pair(found[place], match.value.level, min(place, match.first), max(place + 1, match.last))


def _is_mark(text: str, word: Word) -> bool:
    if word.key.isdigit() or _are_stars(word):
        return _figure(word) <= max(_TOPS)
    return len(word.key) <= _LETTERS and word.key.isalpha() and text[word.start : word.end].isupper()


def _figure(mark: Word) -> int:
    return len(mark.key) if _are_stars(mark) else int(mark.key)


def _runs(pairs: Iterable[_Pair], named: set[int]) -> Iterator[list[_Pair]]:
    """Pairs that follow one another, with no language between them."""
    run: list[_Pair] = []
    for pair in pairs:
        between = range(run[-1].last, pair.first) if run else range(0)
        if run and (len(between) > _APART or not named.isdisjoint(between)):
            yield run
            run = []
        run.append(pair)
    yield run


def _filled(run: Sequence[_Pair], rules: LanguageRules) -> dict[str, Level]:
    """The figures between those that a legend names, and the stars."""
    counted = [pair for pair in run if pair.mark.key.isdigit() or _are_stars(pair.mark)]
    ends = sorted((_figure(pair.mark), pair.level) for pair in counted)
    if len(ends) < 2:
        return {}
    (lowest, first), (highest, last) = ends[0], ends[-1]
    order = list(Level)
    meant = figures(lowest, highest, lowest if order.index(first) < order.index(last) else highest, rules)
    sign = counted[0].mark.key[0]
    return meant if sign.isdigit() else {sign * int(figure): level for figure, level in meant.items()}


def _best_named(found: Sequence[Word], rules: LanguageRules) -> Scale | None:
    """A range of which only the best end is told: "from 1 to 5, 5 being the highest"."""
    best = next(rules.best.find(found), None)
    ends = [(word, int(word.key)) for word in found if word.key.isdigit() and int(word.key) in (0, 1, *_TOPS)]
    for (first, low), (last, high) in pairwise(sorted(ends, key=lambda end: end[1])):
        if best and low <= 1 and high in _TOPS:
            place = found[best.first].start
            nearest = min((word for word, _ in ends), key=lambda word: abs(word.start - place))
            top = high if nearest.key == last.key else low
            marks = figures(low, high, top, rules)
            span = (min(first.start, last.start, place), max(first.end, last.end, found[best.last - 1].end))
            inside = [word for word in found if span[0] <= word.start < span[1]]
            if not any(match.value.role is Role.NAME for match in rules.terms.find(inside)):
                return Scale(marks=marks, legend=span)
    return None
