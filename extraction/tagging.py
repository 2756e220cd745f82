"""Themes and inputs of one person's CVs by given rules: as they come in, and again before an edit of the rules."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.profile import SectionKind, Tag
from extraction.analyser import Analyser, line_starts
from extraction.inputs import headed_inputs, tag_inputs
from extraction.outline import may_speak
from extraction.rulebook import Finding, Rulebook, find_in
from extraction.rulebook.changes import Changed
from extraction.rulebook.findings import longest_window
from extraction.rulebook.model import ANY
from extraction.rulebook.terms import Role, term_index
from extraction.structure import Outlined, Stretch
from extraction.themes import Placed, Stretched, placed, placed_findings, sentences_of, stretched, tag_themes

Tags = tuple[tuple[Tag, ...], tuple[Tag, ...]]  # of all themes and of all inputs of which anything was seen


def tags_of(cvs: Sequence[Outlined], *, rulebook: Rulebook, analyser: Analyser, now: date) -> Tags:
    """The tags of CVs. `now`: the day of the message."""
    found = placed_findings(cvs, analyser=analyser, rulebook=rulebook)
    return _tags(cvs, found, rulebook, analyser, now)


def _tags(cvs: Sequence[Outlined], found: Iterable[Placed], rulebook: Rulebook, analyser: Analyser, now: date) -> Tags:
    seen = list(found)
    headed = headed_inputs(cvs, analyser=analyser, rulebook=rulebook)
    return tag_themes(seen, rulebook=rulebook, now=now), tag_inputs([*seen, *headed], now=now)


Both = tuple[Sequence[Finding], Sequence[Finding]]  # by the old rules and by the new


@dataclass(frozen=True, slots=True)
class Compared:
    """A CV with what two states of the rules find where they may differ."""

    cv: Outlined
    found: tuple[tuple[Stretched, Both | None], ...]  # of each stretch; None: both find the same in it
    differ: bool  # whether they may tag the CV differently


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStates:
    """Two states of the rules that differ by terms: where a CV holds none of these, it is looked at once for both."""

    old: Rulebook
    new: Rulebook
    changed: Changed
    analyser: Analyser

    def may_differ(self, outline: str, stems: str) -> bool:
        """A quick look at a CV as it is kept (see extraction.outline): whether it may hold one of the terms."""
        languages = self.changed.languages
        return (ANY in languages or may_speak(outline, languages)) and bool(self.changed.lines(stems))

    def compare(self, cv: Outlined, stems: str) -> Compared:
        """`stems`: of the CV, as outline.stems_of gives them. What never counts is not compared."""
        text, lines = cv.structure.text, self.changed.lines(stems)
        starts = [*line_starts(text), len(text) + 1]
        spans = [(starts[line], starts[line + 1]) for line in lines]
        found: list[tuple[Stretched, Both | None]] = []
        for one in stretched(cv, self.new):
            near = list(self._near(cv, one, spans))
            found.append((one, self._both(cv, one.stretch, near) if near else None))
        given = any(one.kind is SectionKind.TRAINING_GIVEN and one.blocks for one in cv.structure.sections)
        headed = given and any(_is_heading(cv, start) for start, _ in spans)
        differ = headed or any(self._telling(both[0]) != self._telling(both[1]) for _, both in found if both)
        return Compared(cv, tuple(found), differ)

    def tags(self, cvs: Sequence[Compared], *, now: date) -> tuple[Tags, Tags]:
        """The tags of CVs by the old rules and by the new."""
        before: list[Placed] = []
        after: list[Placed] = []
        for one in cvs:
            for place, both in one.found:
                old, new = both or (self._find(one.cv, place.stretch, self._sentences(one.cv, place.stretch)),) * 2
                before += placed(one.cv.structure, place, old)
                after += placed(one.cv.structure, place, new)
        plain = [one.cv for one in cvs]
        return (
            _tags(plain, before, self.old, self.analyser, now),
            _tags(plain, after, self.new, self.analyser, now),
        )

    def _both(self, cv: Outlined, stretch: Stretch, near: Sequence[range]) -> Both:
        """What both find in a stretch: the old rules look only at those of its sentences that are named."""
        sentences = self._sentences(cv, stretch)
        after = self._find(cv, stretch, sentences)
        retried = {sentences[number] for numbers in near for number in numbers}
        before = [one for one in after if one.sentence not in retried]
        for numbers in near:  # those ahead are read too, since a rule may look back
            ahead = max(0, numbers.start - longest_window(self.old) + 1)
            here = self._find(cv, stretch, sentences[ahead : numbers.stop], self.old)
            before += (one for one in here if one.sentence >= sentences[numbers.start])
        return sorted(before, key=lambda one: one.sentence), after

    def _near(self, cv: Outlined, one: Stretched, spans: Iterable[tuple[int, int]]) -> Iterator[range]:
        """The sentences of a stretch in which findings that count may differ. `spans`: of lines with changed terms."""
        start, end, language = one.stretch
        if not (one.counts and self.changed.speaks(language)):
            return
        before: range | None = None
        for first, last in spans:
            reach = self._reach(cv.structure.text[first:last], language) if first < end and start < last else None
            if reach is None:
                continue
            sentences = self._sentences(cv, one.stretch)
            begin = bisect_left(sentences, (first,))
            if begin and sentences[begin - 1][1] > first:  # a line within an item of a list
                begin -= 1
            begin = max(0, begin - reach)
            stop = min(bisect_left(sentences, (last,)) + reach, len(sentences))
            if before and begin <= before.stop:
                before = range(before.start, max(before.stop, stop))
                continue
            if before:
                yield before
            before = range(begin, stop)
        if before:
            yield before

    def _reach(self, line: str, language: str) -> int | None:
        """How many sentences off a line finds differ for its terms, at most; None where it holds the same ones."""
        longest = max(map(longest_window, (self.old, self.new))) - 1
        if not self.changed.by_terms:
            return longest
        tokens = self.analyser.term(line, language)
        old, new = (set(term_index(one, self.analyser, language).hits(line, tokens)) for one in (self.old, self.new))
        if old == new:
            return None
        return 0 if all(hit.role is Role.PHRASE for hit in old ^ new) else longest  # no phrase of a rule is in a window

    def _sentences(self, cv: Outlined, stretch: Stretch) -> Sequence[tuple[int, int]]:
        return sentences_of(cv, stretch, self.analyser)

    def _find(
        self, cv: Outlined, stretch: Stretch, sentences: Sequence[tuple[int, int]], rules: Rulebook | None = None
    ) -> list[Finding]:
        """What rules find in sentences of a stretch: the new rules, unless others are given."""
        rulebook = rules or self.new
        return find_in(cv.structure.text, stretch[2], sentences, rulebook=rulebook, analyser=self.analyser)

    def _telling(self, found: Iterable[Finding]) -> list[tuple[object, ...]]:
        """All that a tag depends on."""
        unless = {policy.unless for policy in self.new.sections.values()}
        return [
            (one.start, one.sentence, one.rule.group, one.rule.weight, one.rule.only_in, one.concepts & unless)
            for one in found
            if not one.reason and not one.rule.group.startswith("signals/")
        ]


def _is_heading(cv: Outlined, start: int) -> bool:
    """Whether a line belongs to no stretch."""
    return not any(begin <= start < end for of_section in cv.stretches for begin, end, _ in of_section)
