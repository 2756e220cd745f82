"""Themes of the call that a CV shows by work, with the evidence; and what only looks like it, with the reason."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from domain.profile import THEMES, BlockKind, Evidence, SectionKind, Tag
from extraction.analyser import LANGUAGES, Analyser, within
from extraction.rulebook import Finding, Rulebook, SectionPolicy, find_in
from extraction.rulebook.findings import LONGEST_SENTENCE, shown
from extraction.structure import Outlined, Post, Section, Stretch, Structure

_LISTS = (SectionKind.PUBLICATIONS, SectionKind.TRAINING_GIVEN)  # what stands in them is told item by item
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR_AHEAD = re.compile(r"\D{0,12}\b((?:19|20)\d\d)\b")
_ENOUGH_TO_TELL = 60  # characters from which on a section may be in a language of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A finding in its document, and what it is worth there."""

    structure: Structure
    section: SectionKind
    finding: Finding  # its offsets count characters of Structure.text
    weight: float
    reason: str
    post: Post | None  # in which it stands

    @property
    def start(self) -> int:
        return self.finding.start

    def void(self, reason: str) -> Placed:
        return replace(self, weight=0.0, reason=reason)

    def evidence(self) -> Evidence:
        finding, text = self.finding, self.structure.text
        span = (finding.start, finding.end)
        return Evidence(
            part_path=self.structure.part_path,
            page=self.structure.page_at(span[0]),
            section=self.section,
            start=span[0],
            end=span[1],
            sentence=shown(text, finding.sentence, span),
            rule=finding.rule.id,
            counted=not self.reason,
            reason=self.reason,
            years=(self.post.period.begins.year, self.post.period.ends.year) if self.post else None,
        )


def tag_themes(found: Iterable[Placed], *, rulebook: Rulebook, now: date) -> tuple[Tag, ...]:
    """The tags of all themes of which anything was seen, in the order of the call.

    `found`: see placed_findings. `now` is the message's day.
    """
    by_theme: dict[str, list[Placed]] = defaultdict(list)
    for placed in found:
        if placed.finding.rule.group.startswith("themes/"):
            by_theme[placed.finding.rule.key].append(placed)
    return tuple(_tag(theme, by_theme[theme], rulebook, now) for theme in THEMES if theme in by_theme)


def placed_findings(cvs: Sequence[Outlined], *, analyser: Analyser, rulebook: Rulebook) -> Iterator[Placed]:
    """All findings in the documents, each with what its section makes of it."""
    for cv in cvs:
        for one in stretched(cv, rulebook):
            sentences = sentences_of(cv, one.stretch, analyser)
            found = find_in(cv.structure.text, one.stretch[2], sentences, rulebook=rulebook, analyser=analyser)
            yield from placed(cv.structure, one, found)


def sentences_of(cv: Outlined, stretch: Stretch, analyser: Analyser) -> Sequence[tuple[int, int]]:
    """What is read at once: a sentence, or of a list an item, whose title and series say together what it is about."""
    start, end, language = stretch
    text = cv.structure.text
    if cv.structure.section_at(start) in _LISTS and end - start <= LONGEST_SENTENCE:
        return [(start, start + len(text[start:end].rstrip()))]
    return within(analyser.sentences(text, language), start, end)


@dataclass(frozen=True, slots=True)
class Stretched:
    """A stretch of a document with its section."""

    section: SectionKind
    stretch: Stretch
    read_as: SectionKind  # what it is worth: experience, where a CV tells its work in its head or profile
    policy: SectionPolicy  # what findings are worth in it

    @property
    def counts(self) -> bool:
        """Whether a finding in it may count."""
        return self.policy.weight > 0 or self.policy.unless is not None


def stretched(cv: Outlined, rulebook: Rulebook) -> Iterator[Stretched]:
    """All stretches of a document, in order."""
    sections = cv.structure.sections
    told = any(section.kind is SectionKind.EXPERIENCE and section.blocks for section in sections)
    for section, stretches in zip(sections, cv.stretches, strict=True):
        read_as = _read_as(section.kind, told)
        policy = rulebook.sections.get(read_as, SectionPolicy(weight=1))
        for stretch in stretches:
            yield Stretched(section.kind, stretch, read_as, policy)


def placed(structure: Structure, one: Stretched, found: Iterable[Finding]) -> Iterator[Placed]:
    """What was found in a stretch, each with what its section makes of it."""
    return (_placed(structure, one, finding) for finding in found)


def outlined(structure: Structure, analyser: Analyser) -> Outlined:
    """A document with its stretches: of one language each, and of one post, publication or training given."""
    cut = []
    for section in structure.sections:
        stretched = list(_stretches(structure, section, analyser))
        listed = section.kind in _LISTS
        begun = _items(structure.text, section, stretched, analyser) if listed else _posts(structure, section)
        cut.append(tuple(_cut(stretched, begun)))
    return Outlined(structure=structure, stretches=tuple(cut))


def _cut(stretched: Iterable[Stretch], begun: Sequence[int]) -> Iterator[Stretch]:
    """Stretches cut where posts or items begin: what the sentences of two of them say is not said together."""
    for start, end, language in stretched:
        cuts = [cut for cut in begun if start < cut < end]
        for one, other in pairwise((start, *cuts, end)):
            yield one, other, language


def _posts(structure: Structure, section: Section) -> list[int]:
    """Where posts begin; a single date, "In February 2011 …", begins one where it lies outside the post above it."""
    whole = [post for post in structure.posts if not post.period.single]
    begun = {post.start for post in whole}
    for placed in section.blocks:
        year = _YEAR_AHEAD.match(placed.block.text)
        above = next((post for post in whole if year and post.start < placed.start < post.end), None)
        if year and above and not above.period.begins.year <= int(year[1]) <= above.period.ends.year:
            begun.add(placed.start)
    return sorted(begun)


def _items(text: str, section: Section, stretched: Iterable[Stretch], analyser: Analyser) -> list[int]:
    """Where the items of a list begin: with a block of its own, or behind a sentence with the year of the last one."""
    begun = {placed.start: placed.block.kind in (BlockKind.LIST_ITEM, BlockKind.ROW) for placed in section.blocks}
    cuts = []
    for start, end, language in stretched:
        for one, other in pairwise(within(analyser.sentences(text, language), start, end)):
            before, begins = text[slice(*one)], other[0]
            goes_on = before.endswith((":", ",", "،")) or text[begins].islower()  # "Keynote, Geneva:" and its title
            if begun.get(begins) or (not goes_on and (begins in begun or _YEAR.search(before))):
                cuts.append(begins)
    return cuts


def _stretches(structure: Structure, section: Section, analyser: Analyser) -> Iterator[Stretch]:
    """Consecutive blocks of one language. Script tells for each block, words for a section."""
    if not section.blocks:
        return
    text = structure.text[section.start : section.end]
    main = analyser.language_of(text) if len(text) >= _ENOUGH_TO_TELL else structure.language
    if main not in LANGUAGES:
        main = structure.language
    start, end, current = section.start, section.start, main
    for placed in section.blocks:
        language = _by_script(placed.block.text, main, structure.language, analyser)
        if language != current and end > start:
            yield start, end, current
            start = placed.start
        current, end = language, placed.end
    yield start, end, current


def _by_script(text: str, main: str, usual: str, analyser: Analyser) -> str:
    if text.isascii() and _script_of(main) == "latin":
        return main
    letters = list(filter(str.isalpha, text))
    if not letters:
        return main
    script = _script(letters[len(letters) // 2])
    if script == _script_of(main):
        return main
    found = analyser.language_of(text)
    return found if _script_of(found) != _script_of(main) else usual if _script_of(usual) == script else main


def _script(letter: str) -> str:
    return "ar" if "\u0600" <= letter < "\u0780" else "ru" if "\u0400" <= letter < "\u0530" else "latin"


def _script_of(language: str) -> str:
    return language if language in ("ar", "ru") else "latin"


def _read_as(kind: SectionKind, told: bool) -> SectionKind:
    """A CV without a section of experience tells its work wherever it does: in the head, in a profile."""
    if not told and kind in (SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.SKILLS, SectionKind.OTHER):
        return SectionKind.EXPERIENCE
    return kind


def _placed(structure: Structure, one: Stretched, finding: Finding) -> Placed:
    rule, reason, policy = finding.rule, finding.reason, one.policy
    weight = policy.weight
    if policy.unless and policy.unless in finding.concepts:
        weight = 1.0
    if not reason and rule.only_in and one.read_as not in rule.only_in:
        reason = f"does not count under {one.section}"
    if not reason and weight == 0:
        reason = policy.reason
    return Placed(
        structure=structure,
        section=one.section,
        finding=finding,
        weight=0.0 if reason else weight * rule.weight,
        reason=reason,
        post=next((post for post in structure.posts if post.start <= finding.start < post.end), None),
    )


def _tag(key: str, found: Sequence[Placed], rulebook: Rulebook, now: date) -> Tag:
    counted = one_a_sentence([placed for placed in found if not placed.reason])
    void = one_a_sentence([placed for placed in found if placed.reason])
    weight = sum(placed.weight for placed in counted)
    seen = tuple(placed.evidence() for placed in void)
    if weight + 1e-9 < rulebook.enough.get(f"themes/{key}", 1.0):
        weak = (placed.void("too little alone").evidence() for placed in counted)
        return Tag(key=key, evidence=(), seen=(*weak, *seen))
    evidence = tuple(placed.evidence() for placed in counted)
    return Tag(key=key, evidence=evidence, seen=seen, strength=strength(counted, now))


def one_a_sentence(found: Sequence[Placed]) -> list[Placed]:
    """The best finding of each sentence; the same sentence in two documents counts once."""
    best: dict[str, Placed] = {}
    for placed in found:
        start, end = placed.finding.sentence
        key = placed.structure.text[start:end].casefold()
        if key not in best or placed.weight > best[key].weight:
            best[key] = placed
    return list(best.values())


def strength(counted: Sequence[Placed], now: date) -> float:
    """0 to 1: by number of sentences, years of the posts they stand in, and how long ago the last of them ended."""
    posts = {(placed.structure.part_path, post.start): post for placed in counted if (post := placed.post)}
    years = sum(_years(post) for post in posts.values())
    number = 1 - math.exp(-sum(placed.weight for placed in counted) / 3)
    length = min(years, 10) / 10
    ended = max((post.period.ends.year for post in posts.values()), default=None)
    ago = 0 if ended is None else max(0, now.year - ended)
    recency = 1.0 if ago <= 3 else max(0.5, 1 - 0.05 * (ago - 3))
    return round((0.6 * number + 0.4 * length) * recency, 3)


def _years(post: Post) -> float:
    period = post.period
    months = (period.ends.year - period.begins.year) * 12 + period.ends.month - period.begins.month + 1
    return max(months, 0) / 12
