"""Dates as CVs write them, in five languages.

Every date holds a year or a month; so runs of letters and of digits are looked at one by one, and dates are put
together from neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from babel import Locale

from extraction.lexicon import Word, cut, fold
from extraction.wordlists import phrases, read_word_list

# All regional names of the months: Levant, Maghreb, Mauritania, Morocco, Iraq.
LOCALES = (
    "en",
    "fr",
    "es",
    "es_MX",
    "es_PE",
    "ar",
    "ar_SY",
    "ar_IQ",
    "ar_LB",
    "ar_DZ",
    "ar_TN",
    "ar_MA",
    "ar_MR",
    "ru",
)
FIRST_YEAR = 1950  # nobody who applies worked before
PHRASE = 5  # words at most

TOKEN = re.compile("\\d+|(?:[^\\W\\d_]+|[\u0300-\u036f\u064b-\u0652\u0670]+)+")
ROMAN = {
    name: number
    for number, name in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), 1)
}
_INNER = re.compile(r"^(?:[\s.,'’]{1,4}|\.?[-–/])$")
_DATE_SIGN = re.compile(r"^\s?[./\-–]\s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """config/rules/dates.yaml with the months of CLDR; the keys are folded phrases."""

    months: Mapping[str, int]
    seasons: Mapping[str, tuple[int, int]]
    present: frozenset[str]
    present_begins: frozenset[str]  # the first words of each: one, two, …
    since: frozenset[str]
    until: frozenset[str]
    between: frozenset[str]
    both: frozenset[str]  # "and"
    fillers: frozenset[str]
    openers: frozenset[str]  # words with which a date may begin: for a quick look, as most words of a CV are none


@dataclass(frozen=True, slots=True)
class Date:
    start: int
    end: int
    first: int  # indexes of tokens, half open
    last: int
    year: int | None  # None: a month alone, or the present
    begin: int = 1  # month
    close: int = 12  # month
    present: bool = False
    weak: bool = False  # counts only as part of a period: 03/98


def load_date_words(folder: Path) -> DateWords:
    """Read dates.yaml of the folder of rules."""
    rules = read_word_list(folder, "dates.yaml")
    months = dict(_calendar_months())
    months |= {_phrase(str(name)): int(number) for number, names in rules.keys("months").items() for name in names}
    seasons = {}
    for span, names in rules.keys("seasons").items():
        first, last = (int(month) for month in str(span).split("-"))
        seasons.update({_phrase(str(name)): (first, last) for name in names})
    kept = {name: _phrases(rules[name]) for name in ("present", "since", "until", "between", "and", "fillers")}
    return DateWords(
        months=months,
        seasons=seasons,
        present=kept["present"],
        present_begins=frozenset(begin for phrase in kept["present"] for begin in accumulate(phrase.split(), _joined)),
        since=kept["since"],
        until=kept["until"],
        between=kept["between"],
        both=kept["and"],
        fillers=kept["fillers"],
        openers=frozenset(_openers((*months, *seasons, *kept["present"]))),
    )


def _openers(names: Iterable[str]) -> Iterator[str]:
    """The first words of names, as they stand or behind a written-on Arabic "and" or "to"; Roman months."""
    yield from map(fold, ROMAN)
    for name in names:
        first = name.split(" ", 1)[0]
        yield from (first, "و" + first, "ل" + first)


def _joined(one: str, other: str) -> str:
    return f"{one} {other}"


def _phrase(text: str) -> str:
    return " ".join(fold(token) for token in TOKEN.findall(text))


def _phrases(value: object) -> frozenset[str]:
    return frozenset(_phrase(phrase) for phrase in phrases(value))


def _calendar_months() -> Iterator[tuple[str, int]]:
    for name in LOCALES:
        months = Locale.parse(name).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, month in months[form][width].items():
                    key = _phrase(str(month))
                    if len(key) > 2 and not key.isdecimal():
                        yield key, int(number)


def tokens_of(text: str, start: int, end: int) -> list[Word]:
    """The runs of letters and of digits in a stretch of text, in order."""
    return [word for word in cut(TOKEN, text, start, end) if word.key]  # a lone vowel mark folds to nothing


def _number(word: Word) -> int | None:
    return int(word.key) if word.key.isdecimal() else None


class Reader:
    """Puts dates together from neighbouring tokens."""

    def __init__(self, text: str, tokens: Sequence[Word], words: DateWords, this_year: int) -> None:
        self._text = text
        self._tokens = tokens
        self._words = words
        self._this_year = this_year

    def dates(self) -> Iterator[Date]:
        free, openers = 0, self._words.openers
        for index, token in enumerate(self._tokens):
            if index < free or not (token.key in openers or token.key.isdecimal()):
                continue
            found = self._at(index)
            if found:
                yield found
                free = found.last

    def _at(self, index: int) -> Date | None:
        token = self._tokens[index]
        if _number(token) is not None:
            return self._numeric(index) or self._day_first(index) or self._year_month(index) or self._year_only(index)
        return self._present(index) or self._month_year(index) or self._roman(index)

    def _gap(self, index: int) -> str:
        """The text between a token and the next one."""
        return self._text[self._tokens[index].end : self._tokens[index + 1].start]

    def _has(self, index: int) -> bool:
        return index < len(self._tokens)

    def _year(self, index: int) -> int | None:
        if not self._has(index):
            return None
        token = self._tokens[index]
        value = _number(token)
        if value is None or len(token.key) != 4 or not FIRST_YEAR <= value <= self._this_year + 15:
            return None
        return value

    def _date(self, first: int, last: int, year: int | None, months: tuple[int, int], *, weak: bool = False) -> Date:
        tokens = self._tokens
        return Date(tokens[first].start, tokens[last - 1].end, first, last, year, months[0], months[1], weak=weak)

    def _numeric(self, index: int) -> Date | None:
        """17/09/2014, 2014-09-17, 09.2014, 2014/09, 03/98."""
        numbers: list[int] = []
        at = index
        while self._has(at) and len(numbers) < 3 and _number(self._tokens[at]) is not None:
            numbers.append(_number(self._tokens[at]) or 0)
            if not self._has(at + 1) or not _DATE_SIGN.match(self._gap(at)):
                break
            at += 1
        if len(numbers) == 3:
            found = self._full_date(index, numbers)
            if found:
                return found
        if len(numbers) < 2:
            return None
        month, year = numbers[0], self._year(index + 1)
        if year and 1 <= month <= 12 and len(self._tokens[index].key) <= 2:
            return self._date(index, index + 2, year, (month, month))
        year, month = self._year(index), numbers[1]
        written = len(self._tokens[index + 1].key) == 2 or self._gap(index) in ("/", ".")  # 2014/7 as in Iraq
        if year and 1 <= month <= 12 and written and not self._short_range(index):
            return self._date(index, index + 2, year, (month, month))
        return self._short_year(index, numbers)

    def _full_date(self, index: int, numbers: Sequence[int]) -> Date | None:
        year = self._year(index + 2)
        if year and max(numbers[:2]) <= 31 and min(numbers[:2]) >= 1:
            month = numbers[1] if numbers[1] <= 12 else numbers[0]
            return self._date(index, index + 3, year, (month, month)) if month <= 12 else None
        year = self._year(index)
        if year and 1 <= numbers[1] <= 12 and 1 <= numbers[2] <= 31:
            return self._date(index, index + 3, year, (numbers[1], numbers[1]))
        return None

    def _short_year(self, index: int, numbers: Sequence[int]) -> Date | None:
        """03/98, '03.98': only with a slash or dot, and only as part of a period."""
        keys = self._tokens[index].key, self._tokens[index + 1].key
        if len(keys[1]) != 2 or len(keys[0]) > 2 or not 1 <= numbers[0] <= 12 or self._gap(index).strip() not in "/.":
            return None
        this = self._this_year % 100
        year = self._this_year - this + numbers[1] - (100 if numbers[1] > this else 0)
        if year < FIRST_YEAR:
            return None
        return self._date(index, index + 2, year, (numbers[0], numbers[0]), weak=True)

    def _short_range(self, index: int) -> bool:
        """Whether 2010-12 means 2010 to 2012: with a long dash, or where no other date of that form follows."""
        year, sign = self._tokens[index], self._gap(index).strip()
        value = _number(self._tokens[index + 1]) or 0
        if sign in "/." or value <= (_number(year) or 0) % 100:
            return False
        return sign in "–—" or not re.match(
            r"\s*(?:[-–—]|to|/)\s*(?:\d{4}-\d\d|[^\W\d])", self._text[self._tokens[index + 1].end :][:20]
        )

    def _day_first(self, index: int) -> Date | None:
        """1er novembre 2015, 14 May 2009, 22-VII-1979."""
        number = _number(self._tokens[index]) or 0
        if not 1 <= number <= 31 or len(self._tokens[index].key) > 2:
            return None
        at = index + 1
        while self._has(at) and at <= index + 2 and self._tokens[at].key in self._words.fillers:
            at += 1
        if not self._has(at):
            return None
        found = self._month_year(at) or self._roman(at)
        if found is None or found.year is None or found.start - self._tokens[index].end > 8:
            return None
        return replace(found, start=self._tokens[index].start, first=index)

    def _months_at(self, index: int) -> tuple[tuple[int, int], int] | None:
        """The months (first and last) that a word or two name, and how many words."""
        key = self._tokens[index].key
        if self._has(index + 1):
            pair = f"{key} {self._tokens[index + 1].key}"
            for form in (pair, pair[1:] if pair[0] == "و" else pair):
                if form in self._words.months:
                    return (self._words.months[form],) * 2, 2
        for form in (key, key[1:] if key[0] in "ول" and len(key) > 3 else key):
            if form in self._words.months:
                return (self._words.months[form],) * 2, 1
            if form in self._words.seasons:
                return self._words.seasons[form], 1
        return None

    def _month_year(self, index: int) -> Date | None:
        named = self._months_at(index)
        if named is None:
            return None
        months, size = named
        last = index + size
        at = last
        while self._has(at) and at <= last + 2 and self._tokens[at].key in self._words.fillers:
            at += 1
        if self._has(at) and self._tokens[at].start - self._tokens[last - 1].end <= 12:
            between = re.sub(r"[^\W\d_]", "", self._text[self._tokens[last - 1].end : self._tokens[at].start])
            year = self._year(at)
            if year and (_INNER.match(between) or not between):
                return self._date(index, at + 1, year, months)
            number = _number(self._tokens[at])
            if number is not None and len(self._tokens[at].key) <= 2 and year is None:
                return self._american(index, at, months) or self._apostrophe(index, at, months)
        return self._date(index, last, None, months) if size == 2 or len(self._tokens[index].key) >= 3 else None

    def _american(self, index: int, at: int, months: tuple[int, int]) -> Date | None:
        """May 14, 2009."""
        year = self._year(at + 1)
        if year and self._gap(at).strip() in (",", "") and 1 <= (_number(self._tokens[at]) or 0) <= 31:
            return self._date(index, at + 2, year, months)
        return None

    def _apostrophe(self, index: int, at: int, months: tuple[int, int]) -> Date | None:
        """Sept '09, ene-09, Mar. 15 as a year only where a dash or an apostrophe says so."""
        sign = self._text[self._tokens[at - 1].end : self._tokens[at].start].strip(" .")
        if sign not in ("'", "’", "-", "/") or len(self._tokens[at].key) != 2:
            return None
        number, this = _number(self._tokens[at]) or 0, self._this_year % 100
        year = self._this_year - this + number - (100 if number > this else 0)
        return self._date(index, at + 1, year, months, weak=True) if year >= FIRST_YEAR else None

    def _roman(self, index: int) -> Date | None:
        token = self._tokens[index]
        month = ROMAN.get(self._text[token.start : token.end])
        if month and self._has(index + 1) and re.fullmatch(r"\s?[./\-–]?\s?", self._gap(index)):
            year = self._year(index + 1)
            if year:
                return self._date(index, index + 2, year, (month, month))
        return None

    def _year_month(self, index: int) -> Date | None:
        """2008, Sept. but not the year before "Sept. 2009"."""
        year = self._year(index)
        if not year or not self._has(index + 1) or not re.fullmatch(r",?\s|[.,/-]\s?", self._gap(index)):
            return None
        named = self._months_at(index + 1)
        if named is None or self._month_has_own_year(index + 1):
            return None
        months, size = named
        return self._date(index, index + 1 + size, year, months)

    def _month_has_own_year(self, index: int) -> bool:
        found = self._month_year(index)
        return found is not None and found.year is not None

    def _year_only(self, index: int) -> Date | None:
        year = self._year(index)
        if not year or self._is_phone(index):
            return None
        return self._date(index, index + 1, year, (1, 12))

    def _is_phone(self, index: int) -> bool:
        """Groups of digits beside it: part of a longer number."""
        token = self._tokens[index]
        before = self._text[max(0, token.start - 1) : token.start]
        if before in ("+", "#", "№"):
            return True
        for left, right in ((index - 1, index), (index, index + 1)):
            if left < 0 or not self._has(right):
                continue
            other = self._tokens[left if right == index else right]
            gap = self._gap(left)
            long = (
                _number(other) is not None
                and len(other.key) >= 3
                and self._year(left if right == index else right) is None
            )
            if long and gap in (" ", "-", ".", "", "\u00a0"):
                return True
        return False

    def _present(self, index: int) -> Date | None:
        key, best = "", 0
        for size, token in enumerate(self._tokens[index : index + PHRASE], 1):
            key = f"{key} {token.key}".strip()
            if size == 1 and key[0] == "و" and key not in self._words.present_begins:
                key = key[1:]  # "and until now"
            if key not in self._words.present_begins:
                break
            if key in self._words.present:
                best = size
        if not best:
            return None
        found = self._date(index, index + best, None, (1, 12))
        return replace(found, present=True)
