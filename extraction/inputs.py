"""The four kinds of technical input of the call that a CV shows as delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from domain.profile import INPUTS, SectionKind, Tag
from extraction.themes import Placed, one_a_sentence, strength

_OWN_SECTIONS = (SectionKind.TRAINING_GIVEN, SectionKind.PUBLICATIONS, SectionKind.OTHER)
_BESIDE = 800  # characters: outside posts, how far from a theme an input may stand
_OUTSIDE = "outside the themes of the call"


def tag_inputs(found: Sequence[Placed], *, now: date) -> tuple[Tag, ...]:
    """The inputs of which anything was seen, in the order of the call.

    An input counts where a theme of the call stands beside it: in the same post, or nearby where there are no posts.
    `found`: see themes.placed_findings. `now` is the message's day.
    """
    themes = [placed for placed in found if placed.finding.rule.group.startswith("themes/") and not placed.reason]
    by_input: dict[str, list[Placed]] = defaultdict(list)
    for placed in found:
        if placed.finding.rule.group.startswith("inputs/"):
            by_input[placed.finding.rule.key].append(placed)
    return tuple(_tag(key, by_input[key], themes, now) for key in INPUTS if key in by_input)


def _tag(key: str, found: Sequence[Placed], themes: Sequence[Placed], now: date) -> Tag:
    counted = one_a_sentence([placed for placed in found if not placed.reason and _near_a_theme(placed, themes)])
    rest = one_a_sentence([placed for placed in found if placed not in counted])
    seen = tuple((placed if placed.reason else placed.void(_OUTSIDE)).evidence() for placed in rest)
    return Tag(
        key=key,
        evidence=tuple(placed.evidence() for placed in counted),
        seen=seen,
        strength=strength(counted, now) if counted else 0.0,
    )


def _near_a_theme(placed: Placed, themes: Sequence[Placed]) -> bool:
    """Under training given and publications, an expert of a theme is taken to speak of it."""
    if placed.section in _OWN_SECTIONS and any(theme.weight >= 1 for theme in themes):
        return True
    return any(_beside(placed, theme) for theme in themes)


def _beside(placed: Placed, theme: Placed) -> bool:
    if placed.structure is not theme.structure or placed.section is not theme.section:
        return False
    if placed.section is SectionKind.EXPERIENCE and placed.post and theme.post:
        return placed.post.start == theme.post.start
    return abs(placed.start - theme.start) <= _BESIDE
