"""Years of professional experience."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extraction.headings import SectionWords
from extraction.lexicon import forms_of, words
from extraction.periods import months_of
from extraction.structure import Post, Structure

BRIDGE = 12  # months: a longer gap between two posts is taken out
HALF = 6  # months: by bare years, the whole years are the nearest
TITLE = 160  # characters of a post in which its name stands
FRONT = 4  # words of the name among which "intern" or "volunteer" makes it no part of a career


def years_experience(structures: Sequence[Structure], *, rules: SectionWords) -> int | None:
    """Whole years from the start of the first professional post to the end of the last, overlaps once.

    Gaps longer than a year are taken out. None where no post has dates.
    """
    posts = [post for structure in structures for post in _professional(structure, rules)]
    if not posts:
        return None
    pauses = {pause for post in posts for pause in post.pauses}
    paused = sum(months for pause in pauses if (months := months_of([pause], bridge=BRIDGE)) > BRIDGE)
    worked = months_of((post.period for post in posts), bridge=BRIDGE) - paused
    bare = any(post.period.from_year or post.period.to_year for post in posts)
    return max(0, worked + (HALF if bare else 0)) // 12


def _professional(structure: Structure, rules: SectionWords) -> Iterator[Post]:
    apart = [section for section in structure.sections if _is_over_unpaid(section.heading, rules)]
    for post in structure.posts:
        below = any(section.start <= post.period.start < section.end for section in apart)
        if not below and not _is_apart(structure.text, post, rules):
            yield post


def _is_over_unpaid(heading: str, rules: SectionWords) -> bool:
    """Whether a heading names only what is no part of a career: "Voluntary work", not "Work and internships"."""
    found = words(heading)
    apart = {
        number
        for match in rules.not_professional.find(found)
        if match.value
        for number in range(match.first, match.last)
    }
    if not apart:
        return False
    named = [match for match in rules.headings.find(found) if match.value == "experience"]
    return all(apart & set(range(match.first, match.last)) for match in named)


def _is_apart(text: str, post: Post, rules: SectionWords) -> bool:
    """Whether a post is no part of a career: an internship, voluntary service."""
    above = text[max(post.start, post.period.start - TITLE) : post.period.start]
    below = _title_below(text[post.period.end : min(post.end, post.period.end + TITLE)])
    beside = f"{above}\n{below.lstrip()}"
    if not rules.not_professional.opens(forms_of(beside)):
        return False
    name = words(beside)
    if rules.promoted.found_in(name):
        return False
    return any(match.value and match.first < FRONT for match in rules.not_professional.find(name))


def _title_below(rest: str) -> str:
    """What stands behind the dates in their line, or where nothing does in the next one."""
    behind, _, below = rest.partition("\n")
    return behind if any(c.isalpha() for c in behind) else below.partition("\n")[0]
