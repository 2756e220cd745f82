"""Posts: which stretches of time in the experience of a person begin one, and how far its text goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from domain.profile import BlockKind, SectionKind
from extraction.headings import SectionWords
from extraction.lexicon import Lexicon, forms_of, words
from extraction.structure import Period, PlacedBlock, Post, Section, YearMonth

LEAD = 3  # lines at most that name a post above its dates
FRONT = 12  # characters that may stand before the dates at the front of a line ("From ", "1. ")
WORD = 5  # characters before a single date at the front ("Año 2005")
IN_A_ROW = 3  # single years from which a career is told by them
_SENTENCE_END = re.compile(r"[.؛;!?؟](?=\s)(?<!\bг\.)(?<!\bгг\.)\s+|\n")
_LONG = 300  # characters of a sentence before and behind its dates
_PART = re.compile(r"[,;:()]")  # what may stand between two dates of a sentence, each with words of its own
_BRACKET = re.compile(r"[^()]*[()]")
_MARK = 4  # words of a statement among which "retired" tells why its dates have no end
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


def posts_of(
    text: str, sections: Sequence[Section], found: Sequence[Period], *, rules: SectionWords, now: datetime
) -> list[Post]:
    """The posts of all sections on experience, in order of the text. `now`: the date of the message."""
    worked = [section for section in sections if section.kind is SectionKind.EXPERIENCE and section.blocks]
    told = [period for period in found if any(one.start <= period.start < one.end for one in worked)]
    pauses = [period for period in told if _is_pause(text, period, told, rules)]
    ends = [period.begins for period in told if period not in pauses and _is_end(text, period, told, rules)]
    begun = [period for period in told if period not in pauses and not _is_end(text, period, told, rules)]
    posts = [post for section in worked for post in _of_section(text, section, begun, rules.started)]
    singles = sum(post.period.single for post in posts)
    in_a_row = singles >= IN_A_ROW and singles * 2 > len(posts)
    this_month = YearMonth(year=now.year, month=now.month)
    return [
        _paused(post, pauses)
        for post in (
            _until_the_next(post, posts, ends, this_month)
            if in_a_row or (post.period.single and _says(text, post.period, rules.started))
            else _until_the_end(_still_held(post, posts, text, this_month), ends)
            for post in posts
        )
    ]


def _is_pause(text: str, period: Period, told: Sequence[Period], rules: SectionWords) -> bool:
    """Whether the words beside the dates tell of a time without work: "2011–2013 maternity leave"."""
    start, end = _statement_of(text, period, told)
    forms = forms_of(text, start, end)
    if not rules.without_work.opens(forms) or not rules.without_work.found_in(words(text, start, end)):
        return False
    return not (period.single and _says(text, period, rules.started))  # "joined after two years with my children"


def _is_end(text: str, period: Period, told: Sequence[Period], rules: SectionWords) -> bool:
    """Whether a date tells when a career ended, and begins no post: "retired in 2015", "с 2012 г. на пенсии"."""
    if not (period.single or period.ongoing):
        return False
    start, end = _statement_of(text, period, told)
    if not rules.ended.opens(forms_of(text, start, end)):
        return False
    return any(period.single or match.first < _MARK for match in rules.ended.find(words(text, start, end)))


def _statement_of(text: str, period: Period, told: Sequence[Period]) -> tuple[int, int]:
    """The span of what is said of a period: its sentence, its line or the next one, its brackets; no other's words."""
    start, end = sentence_of(text, period)
    if not any(c.isalpha() for c in text[start : period.start] + text[period.end : end]):
        below = text.find("\n", end + 1)
        end = len(text) if below < 0 else below
    before = [other.end for other in told if start <= other.start < period.start]
    after = [other.start for other in told if period.end <= other.start < end]
    if before:
        sign = _PART.search(text, max(before), period.start)
        start = sign.end() if sign else max(before)
    if after:
        signs = [sign.start() for sign in _PART.finditer(text, period.end, min(after))]
        end = signs[-1] if signs else min(after)
    start = max(start, text.rfind("(", start, period.start) + 1)
    bracket = _BRACKET.match(text, period.end, end)
    if bracket and any(c.isalpha() for c in bracket[0]):
        end = bracket.end() - 1
    return start, end


def _until_the_next(post: Post, posts: Sequence[Post], ends: Sequence[YearMonth], now: YearMonth) -> Post:
    """A post of which only the beginning is told, "1987 Captain", "joined the ministry in 1996".

    It lasts until another one begins or the person retires; the last of them is still held.
    """
    period = post.period
    if not period.single:
        return _until_the_end(post, ends)
    later = [begins for begins in (*(other.period.begins for other in posts), *ends) if begins > period.begins]
    if later:
        return replace(post, period=replace(period, ends=max(period.ends, min(later)), to_year=period.from_year))
    if any(other.period.ends > period.ends for other in posts):
        return post
    return replace(post, period=replace(period, ends=now, ongoing=True))


def _until_the_end(post: Post, ends: Sequence[YearMonth]) -> Post:
    """A post said to go on, "deputy head since 2006", ends where the person retired."""
    later = [end for end in ends if end > post.period.begins]
    if not post.period.ongoing or not later:
        return post
    return replace(post, period=replace(post.period, ends=min(later), ongoing=False))


def _paused(post: Post, pauses: Sequence[Period]) -> Post:
    """A post with the times without work that are told inside it: "2003–2012 inspector (2007–2010 parental leave)"."""
    within = tuple(
        pause
        for pause in pauses
        if post.start <= pause.start < post.end
        and post.period.begins <= pause.begins
        and pause.ends <= post.period.ends
    )
    return replace(post, pauses=within)


def _still_held(post: Post, posts: Sequence[Post], text: str, now: YearMonth) -> Post:
    """ "2016 – Head of unit" above "2008 – 2016 ...": the last post, with a start and no end."""
    period = post.period
    ends = [other.period.ends for other in posts if not other.period.single]
    if not period.single or not ends or not _DASH.match(text, period.end):
        return post
    if period.begins.year + 1 < max(ends).year or max(ends) == now:
        return post
    return replace(post, period=replace(period, ends=now, ongoing=True, single=False))


def sentence_of(text: str, period: Period) -> tuple[int, int]:
    """The span of the sentence that holds a period."""
    starts = [found.end() for found in _SENTENCE_END.finditer(text, max(0, period.start - _LONG), period.start)]
    end = _SENTENCE_END.search(text, period.end, period.end + _LONG)
    return (starts[-1] if starts else max(0, period.start - _LONG)), (end.start() if end else period.end + _LONG)


def _says(text: str, period: Period, started: Lexicon[bool]) -> bool:
    start, end = sentence_of(text, period)
    if not started.opens(forms_of(text, start, end)):
        return False
    said = [match.value for match in started.find(words(text, start, end))]
    return bool(said) and all(said)


def _of_section(text: str, section: Section, found: Sequence[Period], started: Lexicon[bool]) -> Iterator[Post]:
    opened = list(_opening(text, section, found, started))
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


def _opening(
    text: str, section: Section, found: Sequence[Period], started: Lexicon[bool]
) -> Iterator[tuple[int, Period]]:
    """Numbers of the blocks that begin a post, with its period: stretches outside lists before all others."""
    inside = [period for period in found if section.start <= period.start < section.end]
    at = list(_leading(text, section, _blocks_of(section, inside), started))
    stretches = [(n, p) for n, p in at if not p.single]
    plain = [(n, p) for n, p in stretches if section.blocks[n].block.kind is not BlockKind.LIST_ITEM]
    chosen = plain or stretches
    if plain:  # and items that stand as posts do, among or below them
        chosen = [(n, p) for n, p in stretches if (n, p) in plain or opens_post(text, section.blocks[n], p)]
    if plain or not chosen:
        chosen = chosen + [
            (n, p) for n, p in at if p.single and (_is_front(text, section, n, p) or _says(text, p, started))
        ]
    yield from sorted(chosen, key=lambda one: one[1].start)


def _leading(
    text: str, section: Section, at: Sequence[tuple[int, Period]], started: Lexicon[bool]
) -> Iterator[tuple[int, Period]]:
    """The first dates of every block, those that follow closely, and those that begin a sentence of prose."""
    last: dict[int, int] = {}
    for number, period in at:
        placed = section.blocks[number]
        prose = placed.block.kind is BlockKind.PARAGRAPH
        near = period.start - last.get(number, placed.start) <= TITLE
        if period.single:
            if number not in last and near:
                last[number] = period.end
                yield number, period
            elif prose and _says(text, period, started):
                yield number, period
        elif number in last and placed.block.kind is BlockKind.ROW:
            continue
        elif near or (prose and period.start - sentence_of(text, period)[0] <= FRONT):
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
