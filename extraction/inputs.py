"""The four kinds of technical input of the call that a CV shows as delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from domain.profile import INPUTS, SectionKind, Tag
from extraction.analyser import Analyser
from extraction.rulebook import Rulebook, find
from extraction.structure import Outlined, Section, Structure
from extraction.themes import Placed, one_a_sentence, strength

_BESIDE = 800  # characters: outside posts, how far from a theme an input may stand
_OUTSIDE = "outside the themes of the call"


def headed_inputs(cvs: Sequence[Outlined], *, analyser: Analyser, rulebook: Rulebook) -> Iterator[Placed]:
    """The inputs that headings name: what stands under "Talks" are talks, whatever the words of its lines.

    Only under headings of what the person gave, and where the heading names one kind: of several, the lines must tell.
    """
    for cv in cvs:
        for section, stretches in zip(cv.structure.sections, cv.stretches, strict=True):
            if section.kind is SectionKind.TRAINING_GIVEN and section.blocks:
                named = _in_heading(cv.structure, section, stretches[0][2], analyser, rulebook)
                if len({placed.finding.rule.key for placed in named}) == 1:
                    yield named[0]


def _in_heading(
    structure: Structure, section: Section, language: str, analyser: Analyser, rulebook: Rulebook
) -> list[Placed]:
    text, heading = structure.text, section.heading
    start = text.rfind(heading, 0, section.start) if heading else -1
    if start < 0:  # the heading runs into its first line, which is read as such
        return []
    found = find(text, language, rulebook=rulebook, analyser=analyser, start=start, end=start + len(heading))
    return [
        Placed(
            structure=structure,
            section=section.kind,
            finding=replace(finding, sentence=(finding.sentence[0], section.blocks[0].end)),
            weight=finding.rule.weight,
            reason="",
            post=None,
        )
        for finding in found
        if finding.rule.group.startswith("inputs/") and not finding.reason
    ]


def tag_inputs(found: Sequence[Placed], *, now: date) -> tuple[Tag, ...]:
    """The inputs of which anything was seen, in the order of the call.

    An input counts beside a theme of the call (in the same post, or nearby where there are no posts), and in all posts
    of a person who had come into the field by then: what an expert of returns teaches is taken to be of the field, the
    accountancy taught before is not.
    `found`: see themes.placed_findings and headed_inputs. `now` is the message's day.
    """
    themes = [placed for placed in found if placed.finding.rule.group.startswith("themes/") and not placed.reason]
    by_input: dict[str, list[Placed]] = defaultdict(list)
    for placed in found:
        if placed.finding.rule.group.startswith("inputs/"):
            by_input[placed.finding.rule.key].append(placed)
    return tuple(_tag(key, by_input[key], themes, now) for key in INPUTS if key in by_input)


def _tag(key: str, found: Sequence[Placed], themes: Sequence[Placed], now: date) -> Tag:
    counted = one_a_sentence([placed for placed in found if not placed.reason and _inside(placed, themes)])
    rest = one_a_sentence([placed for placed in found if placed not in counted])
    seen = tuple((placed if placed.reason else placed.void(_OUTSIDE)).evidence() for placed in rest)
    return Tag(
        key=key,
        evidence=tuple(placed.evidence() for placed in counted),
        seen=seen,
        strength=strength(counted, now) if counted else 0.0,
    )


def _inside(placed: Placed, themes: Sequence[Placed]) -> bool:
    """Whether an input is taken to be about the themes of the call."""
    if any(_beside(placed, theme) for theme in themes):
        return True
    sure = [theme for theme in themes if theme.weight >= 1]
    begun = [theme.post.period.begins for theme in sure if theme.post]
    if placed.post and begun:
        return placed.post.period.ends >= min(begun)
    return bool(sure)


def _beside(placed: Placed, theme: Placed) -> bool:
    if placed.structure is not theme.structure or placed.section is not theme.section:
        return False
    if placed.section is SectionKind.EXPERIENCE and placed.post and theme.post:
        return placed.post.start == theme.post.start
    return abs(placed.start - theme.start) <= _BESIDE
