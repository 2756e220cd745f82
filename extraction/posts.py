"""Posts: which stretches of time in the experience of a person begin one, and how far its text goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from domain.profile import BlockKind, SectionKind
from extraction.structure import Period, PlacedBlock, Post, Section, YearMonth

LEAD = 3  # lines at most that name a post above its dates
FRONT = 12  # characters that may stand before the dates at the front of a line ("From ", "1. ")
WORD = 5  # characters before a single date at the front ("Año 2005")
IN_A_ROW = 3  # single years from which a career is told by them
_DASH = re.compile(r"(?:\s*г\.)?\s+[-–—]\s+[^\W\d]")
TITLE = 140  # characters of a line that names a post and ends with its dates


def opens_post(text: str, placed: PlacedBlock, period: Period) -> bool:
    """Whether the dates stand where those of a post do: at the front or end of a line, or in a row of a table."""
    if placed.block.kind is BlockKind.ROW:
        return True
    line_start = max(text.rfind("\n", 0, period.start) + 1, placed.start)
    line_end = text.find("\n", period.end)
    line_end = placed.end if line_end < 0 else min(line_end, placed.end)
    before, after = text[line_start : period.start].strip(), text[period.end : line_end].strip(" .)]|,;:")
    return len(before) <= FRONT or (not after and len(before) <= TITLE)


def posts_of(text: str, sections: Sequence[Section], found: Sequence[Period], now: datetime) -> list[Post]:
    """The posts of all sections on experience, in order of the text. `now`: the date of the message."""
    posts = [
        post
        for section in sections
        if section.kind is SectionKind.EXPERIENCE and section.blocks
        for post in _of_section(text, section, found)
    ]
    if any(not post.period.single for post in posts):
        return [_still_held(post, posts, text, YearMonth(year=now.year, month=now.month)) for post in posts]
    return _one_after_another(posts)


def _still_held(post: Post, posts: Sequence[Post], text: str, now: YearMonth) -> Post:
    """ "2016 – Head of unit" above "2008 – 2016 ...": the last post, with a start and no end."""
    period = post.period
    if not period.single or not _DASH.match(text, period.end):
        return post
    last_end = max(other.period.ends for other in posts if not other.period.single)
    if period.begins.year + 1 < last_end.year or last_end == now:
        return post
    return replace(post, period=replace(period, ends=now, ongoing=True, single=False))


def _one_after_another(posts: Sequence[Post]) -> list[Post]:
    """A career told by years alone, "1987 Captain", "1991 Major": each post lasts until the next one."""
    if len(posts) < IN_A_ROW:
        return list(posts)
    in_time = sorted(posts, key=lambda post: post.period.begins)
    until = {id(one): other.period.begins for one, other in pairwise(in_time)}
    return [
        replace(post, period=replace(post.period, ends=max(post.period.ends, until[id(post)])))
        if id(post) in until
        else post
        for post in posts
    ]


def _of_section(text: str, section: Section, found: Sequence[Period]) -> Iterator[Post]:
    opened = list(_opening(text, section, found))
    if not opened:
        return
    lead = min(opened[0][0], LEAD)  # lines above the dates of the first post: as many stand above the others
    starts: list[int] = []
    for number, _ in opened:
        floor = starts[-1] + 1 if starts else 0
        starts.append(max(number - lead, floor) if _may_lead(section, number, lead) else number)
    for place, (_, period) in enumerate(opened):
        last = starts[place + 1] - 1 if place + 1 < len(starts) else len(section.blocks) - 1
        start, end = section.blocks[starts[place]].start, section.blocks[max(last, starts[place])].end
        yield Post(period=period, start=min(start, period.start), end=max(end, period.end))


def _opening(text: str, section: Section, found: Sequence[Period]) -> Iterator[tuple[int, Period]]:
    """Numbers of the blocks that begin a post, with its period: stretches outside lists before all others."""
    inside = [period for period in found if section.start <= period.start < section.end]
    at = list(_leading(section, _blocks_of(section, inside)))
    stretches = [(n, p) for n, p in at if not p.single]
    plain = [(n, p) for n, p in stretches if section.blocks[n].block.kind is not BlockKind.LIST_ITEM]
    chosen = plain or stretches
    if plain:  # and items that stand as posts do, among or below them
        chosen = [(n, p) for n, p in stretches if (n, p) in plain or opens_post(text, section.blocks[n], p)]
    if plain or not chosen:
        chosen = chosen + [(n, p) for n, p in at if p.single and _is_front(text, section, n, p)]
    yield from sorted(chosen, key=lambda one: one[1].start)


def _leading(section: Section, at: Sequence[tuple[int, Period]]) -> Iterator[tuple[int, Period]]:
    """The first dates of every block, and those that follow closely: posts told one after another."""
    last: dict[int, int] = {}
    for number, period in at:
        placed = section.blocks[number]
        if period.start - last.get(number, placed.start) <= TITLE:
            if number in last and (period.single or placed.block.kind is BlockKind.ROW):
                continue
            last[number] = period.end
            yield number, period


def _blocks_of(section: Section, inside: Sequence[Period]) -> list[tuple[int, Period]]:
    placed = []
    number = 0
    for period in inside:
        while number + 1 < len(section.blocks) and section.blocks[number].end <= period.start:
            number += 1
        placed.append((number, period))
    return placed


def _is_front(text: str, section: Section, number: int, period: Period) -> bool:
    """A single date counts where it begins its block, outside of lists."""
    placed = section.blocks[number]
    front = len(text[placed.start : period.start].strip(" |(")) <= WORD
    return front and placed.block.kind is not BlockKind.LIST_ITEM


def _may_lead(section: Section, number: int, lead: int) -> bool:
    """Whether the lines above the dates name the post, and are no duties of the one before."""
    above = section.blocks[max(0, number - lead) : number]
    return lead > 0 and all(one.block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) for one in above)
