"""Themes and inputs of one person's CVs by given rules: as they come in, and again before an edit of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.profile import Tag
from extraction.analyser import Analyser
from extraction.inputs import headed_inputs, tag_inputs
from extraction.outline import line_starts
from extraction.rulebook import Rulebook, find
from extraction.rulebook.findings import longest_window
from extraction.structure import Outlined, Stretch
from extraction.themes import placed_findings, tag_themes


def tags_of(
    cvs: Sequence[Outlined], *, rulebook: Rulebook, analyser: Analyser, now: date
) -> tuple[tuple[Tag, ...], tuple[Tag, ...]]:
    """The tags of all themes and of all inputs of which anything was seen. `now`: the day of the message."""
    found = list(placed_findings(cvs, analyser=analyser, rulebook=rulebook))
    headed = headed_inputs(cvs, analyser=analyser, rulebook=rulebook)
    return tag_themes(found, rulebook=rulebook, now=now), tag_inputs([*found, *headed], now=now)


def finds_otherwise(cv: Outlined, lines: Sequence[int], *, old: Rulebook, new: Rulebook, analyser: Analyser) -> bool:
    """Whether two states of the rules find different things in some lines of a CV, or may do so.

    `lines`: those with words in which the two differ; lines around them count where a rule looks at several sentences.
    """
    starts = [*line_starts(cv.structure.text), len(cv.structure.text) + 1]
    borders = {*starts, *(start - 1 for start in starts)}
    reach = max(longest_window(old), longest_window(new)) - 1
    for line in lines:
        inside = (s for of_section in cv.stretches for s in of_section if s[0] <= starts[line] < s[1])
        stretch = next(inside, None)
        if stretch is None or not {stretch[0], stretch[1]} <= borders:
            return True  # a heading, or a line that two stretches share
        text = _around(cv.structure.text, line, starts, stretch, reach)
        before, after = (_found(text, stretch[2], rulebook, analyser) for rulebook in (old, new))
        if before != after:
            return True
    return False


def _around(text: str, line: int, starts: Sequence[int], stretch: Stretch, reach: int) -> str:
    """A line with those of its stretch that are within reach, in lines that are not empty."""
    first = _last_within(reach, range(line, -1, -1), text, starts, stretch)
    last = _last_within(reach, range(line, len(starts) - 1), text, starts, stretch)
    return text[starts[first] : starts[last + 1] - 1]


def _last_within(reach: int, way: range, text: str, starts: Sequence[int], stretch: Stretch) -> int:
    """The last line of a way that is within reach of the first and in the stretch."""
    reached = way[0]
    for line in way[1:]:
        if not reach or not stretch[0] <= starts[line] < stretch[1]:
            break
        reached = line
        reach -= bool(text[starts[line] : starts[line + 1]].strip())
    return reached


def _found(text: str, language: str, rulebook: Rulebook, analyser: Analyser) -> list[tuple[object, ...]]:
    """All that a tag depends on."""
    found = find(text, language, rulebook=rulebook, analyser=analyser)
    return list(
        dict.fromkeys(
            (one.start, one.sentence, one.rule.group, one.rule.weight, one.rule.only_in, not one.reason, one.concepts)
            for one in found
        )
    )
