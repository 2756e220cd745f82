"""Themes of the call that a CV shows by work, with the evidence; and what only looks like it, with the reason."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from domain.profile import THEMES, Evidence, SectionKind, Tag
from extraction.analyser import LANGUAGES, Analyser
from extraction.rulebook import Finding, Rulebook, SectionPolicy, find
from extraction.rulebook.findings import shown
from extraction.structure import Outlined, Post, Section, Stretch, Structure

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
            yield from placed(cv.structure, one, findings_in(cv, one.stretch, analyser=analyser, rulebook=rulebook))


def findings_in(cv: Outlined, stretch: Stretch, *, analyser: Analyser, rulebook: Rulebook) -> list[Finding]:
    """What the rules find in a stretch of a document."""
    start, end, language = stretch
    return find(cv.structure.text, language, rulebook=rulebook, analyser=analyser, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Stretched:
    """A stretch of a document with its section."""

    section: SectionKind
    stretch: Stretch
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
        policy = _policy(rulebook, section.kind, told)
        for stretch in stretches:
            yield Stretched(section.kind, stretch, policy)


def placed(structure: Structure, one: Stretched, found: Iterable[Finding]) -> Iterator[Placed]:
    """What was found in a stretch, each with what its section makes of it."""
    return (_placed(structure, one.section, finding, one.policy) for finding in found)


def outlined(structure: Structure, analyser: Analyser) -> Outlined:
    """A document with its stretches: of one language each, and of one post."""
    cut = (_by_post(structure, _stretches(structure, section, analyser)) for section in structure.sections)
    return Outlined(structure=structure, stretches=tuple(map(tuple, cut)))


def _by_post(structure: Structure, stretched: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches cut where posts begin: what the sentences of two posts say is not said together.

    A single date, "In February 2011 …", may as well stand amid the duties of a post.
    """
    begun = [post.start for post in structure.posts if not post.period.single]
    for start, end, language in stretched:
        cuts = [cut for cut in begun if start < cut < end]
        for one, other in pairwise((start, *cuts, end)):
            yield one, other, language


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


def _policy(rulebook: Rulebook, kind: SectionKind, told: bool) -> SectionPolicy:
    """A CV without a section of experience tells its work wherever it does: in the head, in a profile."""
    if not told and kind in (SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.SKILLS, SectionKind.OTHER):
        kind = SectionKind.EXPERIENCE
    return rulebook.sections.get(kind, SectionPolicy(weight=1))


def _placed(structure: Structure, kind: SectionKind, finding: Finding, policy: SectionPolicy) -> Placed:
    rule, reason, weight = finding.rule, finding.reason, policy.weight
    if policy.unless and policy.unless in finding.concepts:
        weight = 1.0
    if not reason and rule.only_in and kind not in rule.only_in:
        reason = f"does not count under {kind}"
    if not reason and weight == 0:
        reason = policy.reason
    return Placed(
        structure=structure,
        section=kind,
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
