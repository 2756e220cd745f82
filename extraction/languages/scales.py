"""Scales of figures, letters and stars: what "2" or "G" means where a CV explains it, or names a known scale.

(1 = excellent; 5 = basic)    E: excellent, G: good, F: fair    1 to 5, 5 being the highest    ILR, STANAG 6001
★★★ fluent ★★ good ★ basic    100 % native, 80 to 95 % fluent, less than 80 % basic
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from domain.profile import Level
from extraction.languages.gauges import is_gauge, is_percentage, is_run, measured_words
from extraction.languages.rules import LanguageRules, Role, Term
from extraction.lexicon import Match, Word

_BETWEEN = re.compile(r"[\s=:–—()\[\]\"«»“”-]*")
_TOPS = (4, 5, 6, 10)  # the highest figure of scales that are in use
_LETTERS = 3  # of a mark that is no figure
_APART = 2  # words that may stand between two marks of a legend


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    marks: Mapping[str, Level] = field(default_factory=dict)  # folded figure or letters, gauge → level
    legend: tuple[int, int] = (0, 0)  # span of what explains the scale, which claims nothing

    def explained(self, word: Word) -> Level | None:
        """What the legend says of a mark; of "4/5" by its first figure."""
        return self.marks.get(word.key) or self.marks.get(word.key.partition("/")[0])


@dataclass(frozen=True, slots=True)
class _Pair:
    """A mark beside what it means, as in "1 = excellent"."""

    mark: Word
    level: Level
    first: int  # indexes of words, half open
    last: int
    start: int  # offsets
    end: int


def scale_of(text: str, lines: Sequence[tuple[int, int]], rules: LanguageRules) -> Scale:
    """The scale in force in the lines of a section, each a span of the text; without marks where there is none."""
    cut = [measured_words(text, *line) for line in lines]
    if any(match.value.role is Role.SCALE for found in cut for match in rules.terms.find(found)):
        return Scale(marks=rules.scale)
    best = (_best_named(found, rules) for found in cut)
    return _explained(text, cut, rules) or next(filter(None, best), Scale())


def marked_words(text: str, span: tuple[int, int], scale: Scale) -> Sequence[Word]:
    """The words of a line without its legend, and the gauges that the scale explains."""
    first, last = scale.legend
    return [
        word
        for word in measured_words(text, *span)
        if not first <= word.start < last and (not is_gauge(word) or scale.explained(word))
    ]


def figures(lowest: int, highest: int, best: int, rules: LanguageRules) -> dict[str, Level]:
    """What each figure of a scale means whose best end is `best`."""
    steps = {figure: abs(figure - best) / (highest - lowest) for figure in range(lowest, highest + 1)}
    return {str(figure): next(lv for most, lv in rules.shares if step <= most) for figure, step in steps.items()}


def _explained(text: str, cut: Sequence[Sequence[Word]], rules: LanguageRules) -> Scale | None:
    """A legend that pairs marks with levels, in one line or in lines that follow one another."""
    legend: list[_Pair] = []
    for found in cut:
        run = _legend_run(text, found, rules)
        if not run and _tells_scale(legend):
            break
        legend = [*legend, *run] if run else []
    if not _tells_scale(legend):
        return None
    marks = _filled(legend, rules) | {pair.mark.key: pair.level for pair in legend}
    return Scale(marks=marks, legend=(legend[0].start, legend[-1].end))


def _tells_scale(legend: Sequence[_Pair]) -> bool:
    return len({pair.mark.key for pair in legend}) > 1


def _legend_run(text: str, found: Sequence[Word], rules: LanguageRules) -> list[_Pair]:
    """The pairs of a line that is, or has, a legend; also a single one, which the next line may go on with."""
    matches = list(rules.terms.find(found))
    named = {place for match in matches if match.value.role is Role.NAME for place in range(match.first, match.last)}
    told = [match for match in matches if match.value.role is Role.LEVEL]
    marked = [place for place, word in enumerate(found) if _is_mark(text, word)]
    orders = (False, True) if not told or marked[:1] < [told[0].first] else (True, False)
    runs = [run for behind in orders for run in _runs(_pairs(text, found, told, behind, rules), named) if run]
    single = [run for run in runs if not named and len(told) == 1]
    return next(filter(_tells_scale, runs), [*single, []][0])


def _pairs(
    text: str, found: Sequence[Word], told: Iterable[Match[Term]], behind: bool, rules: LanguageRules
) -> Iterator[_Pair]:
    for match in told:
        place = match.last if behind else match.first - 1
        if not 0 <= place < len(found):
            continue
        left, right = sorted((place, match.last - 1 if behind else match.first))
        gap = text[found[left].end : found[right].start]
        told_apart = not found[place].key.isalpha() or not gap.isspace()  # "good S" tells of speaking
        if _is_mark(text, found[place]) and told_apart and _BETWEEN.fullmatch(gap):
            first, last = min(place, match.first), max(place + 1, match.last)
            mark = found[place]
            if is_percentage(mark):
                mark, begins = _lowest(found, place, rules)
                first = min(first, begins)
            yield _Pair(mark, match.value.level, first, last, found[first].start, found[last - 1].end)


def _lowest(found: Sequence[Word], place: int, rules: LanguageRules) -> tuple[Word, int]:
    """A percentage by the lower end of its range, and where that begins: "80 to 95 %", "less than 50 %"."""
    mark = found[place]
    for first in range(max(place - _APART, 0), place):
        if rules.below.at(found[first:place], 0):
            return mark._replace(key="0%"), first
        lower, *joiner = found[first:place]
        if lower.key.rstrip("%").isdigit() and all(word.key in rules.joiners for word in joiner):
            return mark._replace(key=lower.key.rstrip("%") + "%"), first
    return mark, place


def _is_mark(text: str, word: Word) -> bool:
    if is_percentage(word):
        return True
    if word.key.isdigit() or is_run(word):
        return _figure(word) <= max(_TOPS)
    return len(word.key) <= _LETTERS and word.key.isalpha() and text[word.start : word.end].isupper()


def _figure(mark: Word) -> int:
    return len(mark.key) if is_run(mark) else int(mark.key)


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
    """The figures between those that a legend names, and the stars; each percentage by the next one below it."""
    percentages = sorted((int(pair.mark.key[:-1]), pair.level) for pair in run if is_percentage(pair.mark))
    if percentages:
        below = [level for _, level in percentages[:1]]
        reached = {n: [level for least, level in percentages if least <= n] or below for n in range(101)}
        return {f"{n}%": levels[-1] for n, levels in reached.items()}
    counted = [pair for pair in run if pair.mark.key.isdigit() or is_run(pair.mark)]
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
