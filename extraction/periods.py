"""Stretches of time as CVs write them: two dates that the text between them joins, or one that stays open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from extraction.dates import TOKEN, Date, DateWords, Reader, tokens_of
from extraction.lexicon import Word
from extraction.structure import Period, YearMonth

LONGEST = 60  # years
PHRASE = 5  # words at most

_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212~"
_ARROW = re.compile(r"[\s.,]*(?:[-–—]*>|[→➔➜⇒►])")
_OPEN = re.compile(rf"(?:\s*(?:г|гг)?\.)?[{_DASH}](?=\s|\)|$)")
_SPACED_OPEN = re.compile(rf"(?:\s*(?:г|гг)?\.)?,?\s*[{_DASH}](?=\s|$)")
_JOINS = re.compile(rf"^[{_DASH}\s.,;|:()\[\]/→➔>_*\u200e\u200f]*$")
_JOINER = re.compile(rf"[{_DASH}→➔>|/_]")


def periods(text: str, *, words: DateWords, now: datetime, start: int = 0, end: int | None = None) -> list[Period]:
    """The stretches of time that a piece of text names, in order of the text; offsets count from the text's start.

    A date that stands alone is a period too (`single`). Stretches that begin in the future are left out; those
    that end in it end with the month of `now`.
    """
    tokens = tokens_of(text, start, _end(text, end))
    dates = list(Reader(text, tokens, words, now.year).dates())
    found = _Combiner(text, tokens, words, now, _end(text, end)).combine(dates)
    return [period for period in found if period is not None]


def _end(text: str, end: int | None) -> int:
    return len(text) if end is None else end


class _Combiner:
    """Puts periods together from dates that follow each other."""

    def __init__(self, text: str, tokens: Sequence[Word], words: DateWords, now: datetime, end: int) -> None:
        self._text = text
        self._tokens = tokens
        self._words = words
        self._now = YearMonth(year=now.year, month=now.month)
        self._end = end

    def combine(self, dates: Sequence[Date]) -> Iterator[Period | None]:
        index = 0
        while index < len(dates):
            date = dates[index]
            following = dates[index + 1] if index + 1 < len(dates) else None
            joined = self._joined(date, following) if following else None
            if joined:
                yield joined
                index += 2
                continue
            late = self._later_line(date, following) if following else None
            if late:
                yield late
                index += 2
                continue
            yield self._alone(date)
            index += 1

    def _joined(self, one: Date, other: Date) -> Period | None:
        if not self._joins(one, other):
            return None
        if one.present and other.present:
            return None
        if one.year is None and other.year is not None and not one.present:  # July – August 2006
            one = replace(one, year=other.year - (one.begin > other.close))
        if other.present or one.present:
            dated = one if other.present else other
            if dated.year is None:
                return None
            return self._period(dated, None, (one.start, other.end))
        if one.year is None or other.year is None:
            return None
        return self._period(one, other, (one.start, other.end))

    def _joins(self, one: Date, other: Date) -> bool:
        """Whether the text between two dates makes them a stretch of time."""
        inner = self._tokens[one.last : other.first]
        gap = self._text[one.end : other.start]
        if len(gap) > 30 or len(inner) > 4:
            return False
        signs = TOKEN.sub("", gap)
        keys = [token.key for token in inner]
        if not _JOINS.match(signs):
            return False
        known = self._words.until | self._words.fillers | self._words.since
        if self._is_between(one) and any(self._is_and(key) for key in keys):
            return True
        if not all(key in known or self._is_phrase(keys) for key in keys):
            return False
        if any(key in self._words.until for key in keys) or _JOINER.search(signs):
            return True
        if other.present:
            return "\n" not in gap or self._tokens[other.first].key in self._words.until
        return gap in (" ", "  ") and self._to_the_month(one) and self._to_the_month(other)  # two columns

    def _to_the_month(self, date: Date) -> bool:
        return date.year is not None and date.last - date.first > 1 and date.begin == date.close

    def _is_phrase(self, keys: Sequence[str]) -> bool:
        return " ".join(keys) in self._words.until

    def _is_between(self, date: Date) -> bool:
        before = [token.key for token in self._tokens[max(0, date.first - 2) : date.first]]
        return any(key in self._words.between for key in before)

    def _is_and(self, key: str) -> bool:
        return key in self._words.both

    def _later_line(self, one: Date, other: Date) -> Period | None:
        """A hanging column of dates: "2003, Jan. - Counsellor" and "2008, Aug." at the front of the next line."""
        if one.year is None or not self._opens_line(one) or not _SPACED_OPEN.match(self._text, one.end, self._end):
            return None
        line_end = self._text.find("\n", one.end, self._end)
        if line_end < 0 or self._text[line_end : other.start].strip() or "\n" in self._text[line_end + 1 : other.start]:
            return None
        if _SPACED_OPEN.match(self._text, other.end, self._end):
            return None
        if other.present:
            return self._period(one, None, (one.start, other.end))
        if other.year is None or (other.year, other.close) < (one.year, one.begin):
            return None
        return self._period(one, other, (one.start, other.end))

    def _opens_line(self, date: Date) -> bool:
        return not self._text[self._text.rfind("\n", 0, date.start) + 1 : date.start].strip(" |•*-–(")

    def _alone(self, date: Date) -> Period | None:
        if date.year is None or date.weak:
            return None
        short = self._short(date)
        if short:
            return short
        if _ARROW.match(self._text, date.end, self._end) or self._hangs_open(date) or self._since(date):
            return self._period(date, None, (date.start, date.end))
        period = self._period(date, date, (date.start, date.end))
        return replace(period, single=True) if period else None

    def _short(self, date: Date) -> Period | None:
        """2014-15, 2010–12, 1999/00."""
        found = re.compile(r"\s?[-–—/]\s?(\d\d)(?!\d|[./]\d|\s?%)").match(self._text, date.end, self._end)
        if date.last - date.first != 1 or not found or date.year is None:
            return None
        year = date.year - date.year % 100 + int(found.group(1))
        year += 100 if year < date.year else 0
        if not date.year < year <= self._now.year + 1:
            return None
        return self._period(date, replace(date, year=year), (date.start, found.end()))

    def _hangs_open(self, date: Date) -> bool:
        """2012– with nothing behind it: until today."""
        if _OPEN.match(self._text, date.end, self._end):
            return True
        spaced = _SPACED_OPEN.match(self._text, date.end, self._end)
        return spaced is not None and self._text[spaced.end() : spaced.end() + 1] in ("\n", "")

    def _since(self, date: Date) -> bool:
        before = list(self._tokens[max(0, date.first - PHRASE) : date.first])
        while before and before[-1].key in self._words.fillers and before[-1].key not in self._words.since:
            before.pop()
        if not before or "\n\n" in self._text[before[-1].end : date.start] or date.start - before[-1].end > 15:
            return False
        keys = [token.key.removeprefix("و") if token.key[1:] in self._words.since else token.key for token in before]
        return any(" ".join(keys[at:]) in self._words.since for at in range(len(keys)))

    def _period(self, one: Date, other: Date | None, span: tuple[int, int]) -> Period | None:
        if other is not None and ((other.year or 0), other.close) < ((one.year or 0), one.begin):
            one, other = other, one  # right-to-left text, read in the order of the page
        begins = YearMonth(year=one.year or 0, month=one.begin)
        ends = YearMonth(year=other.year or 0, month=other.close) if other else self._now
        if begins > self._now or ends.year - begins.year > LONGEST:
            return None
        return Period(
            begins=begins,
            ends=min(ends, self._now),
            ongoing=other is None,
            start=span[0],
            end=span[1],
            from_year=_is_bare(one),
            to_year=other is not None and _is_bare(other) and ends <= self._now,
        )


def _is_bare(date: Date) -> bool:
    return (date.begin, date.close) == (1, 12)


def months_of(stretches: Iterable[Period], *, bridge: int) -> int:
    """Months that the stretches cover together, overlaps once; a gap of at most `bridge` months is no gap."""
    spans = sorted(map(_span, stretches))
    if not spans:
        return 0
    merged = [spans[0]]
    for begin, end in spans[1:]:
        last = merged[-1]
        if begin - last[1] <= bridge:
            merged[-1] = (last[0], max(last[1], end))
        else:
            merged.append((begin, end))
    return sum(end - begin for begin, end in merged)


def _span(period: Period) -> tuple[int, int]:
    """Its months, half open. A bare year is its middle: 2000–2003 are three years, and 2003–2008 go on from there."""
    begin, end = _month(period.begins), _month(period.ends) + 1
    if period.begins.year == period.ends.year:
        return begin, end
    middle = 6
    return (
        period.begins.year * 12 + 1 + middle if period.from_year else begin,
        period.ends.year * 12 + 1 + middle if period.to_year else end,
    )


def _month(value: YearMonth) -> int:
    return value.year * 12 + value.month
