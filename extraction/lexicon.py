"""Words and phrases of a text looked up in word lists: by dictionary, with offsets, whatever the case and accents.

The word lists are those of config/rules, where every form is written out; so nothing is stemmed here.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import filterfalse, repeat
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

_MARKS = "\u0300-\u036f\u064b-\u065f\u0670"  # combining accents and Arabic vowels belong to their word
_WORD = re.compile(rf"\d+(?:[.,]\d+)?\+?(?![^\W_])|[^\W_]+(?:[{_MARKS}]+[^\W_]*)*\+?")
_ARABIC_LETTERS = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ؤ": "و",
    "ئ": "ي",
    "ة": "ه",
    "ـ": "",
}
_ONE_BY_ONE = {"ё": "е", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ð": "d", "þ": "th"}
_ARABIC = range(0x0600, 0x0700)
_KEPT_CUTS = 512  # stretches of text: more than a CV of two pages has


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):  # Latin; Cyrillic й must not become и
        table[code] = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))
    for code in (*range(0x0300, 0x0370), *range(0x064B, 0x0660), 0x0670):
        table[code] = None
    for start in (0x0660, 0x06F0):  # Arabic and Persian digits
        table.update({start + digit: str(digit) for digit in range(10)})
    table.update({ord(letter): plain for letter, plain in (_ARABIC_LETTERS | _ONE_BY_ONE).items()})
    return table


_TABLE = _table()


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word without case, accents, Arabic vowels and variants of letters; digits as 0 to 9."""
    lower = word.lower()
    return lower if lower.isascii() else lower.translate(_TABLE)


class Word(NamedTuple):  # made by the thousand: a dataclass takes three times as long
    start: int  # character span in the text, half open
    end: int
    key: str  # folded


def words(text: str, start: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """The words and numbers of a stretch of text, in order; hyphens and apostrophes part words.

    One reader of a CV after another asks for the same stretches, or for parts of them: each is cut once.
    """
    return _words(text, start, len(text) if end is None else end)


@lru_cache(maxsize=_KEPT_CUTS)
def _words(text: str, start: int, end: int) -> tuple[Word, ...]:
    if (start, end) != (0, len(text)) and _between_words(text, start) and _between_words(text, end):
        whole = _words(text, 0, len(text))
        return whole[bisect_left(whole, start, key=_start) : bisect_left(whole, end, key=_start)]
    return tuple(cut(_WORD, text, start, end))


def _between_words(text: str, place: int) -> bool:
    """Whether a text is cut alike, be it parted here or not: no word holds a space."""
    return not 0 < place < len(text) or text[place].isspace() or text[place - 1].isspace()


def forget_words() -> None:
    """Let go of what was cut last: the words of one message are of no use to the next."""
    _words.cache_clear()


def cut(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[Word]:
    """What a pattern finds in a stretch of text, with its folded form."""
    found = list(pattern.finditer(text, start, end))
    keys = map(fold, map(re.Match.group, found))
    fields = zip(map(re.Match.start, found), map(re.Match.end, found), keys, strict=True)
    return list(map(_made, repeat(Word), fields))  # by map: a third faster than one by one


def first_word(text: str) -> Word | None:
    """The first of the words of a text, without cutting the others."""
    found = _WORD.search(text)
    return Word(found.start(), found.end(), fold(found[0])) if found else None


_start, _key = itemgetter(0), itemgetter(2)  # of a word
_made = tuple.__new__  # what Word() does, without its call by keywords: a third of the time to cut a text


@lru_cache(maxsize=65536)
def spellings(key: str) -> tuple[str, ...]:
    """A folded word, and in Arabic also without conjunction, preposition and article before it."""
    if not key or ord(key[0]) not in _ARABIC or len(key) < 4:
        return (key,)
    found = [key]
    for rest in (key, key[1:] if key[0] in "وف" else ""):
        if rest and rest != key:
            found.append(rest)
        if rest.startswith("ال") or rest.startswith("لل"):
            found.append(rest[2:])
        elif rest[:1] and rest[0] in "بكل" and len(rest) > 4:
            found.append(rest[1:])  # بألمانيا has no article
            if rest[1:3] == "ال":
                found.append(rest[3:])
    return tuple(dict.fromkeys(form for form in found if len(form) > 1))


def may_begin(word: Word, firsts: frozenset[str]) -> bool:
    """A quick look: whether a word may begin a phrase of some lexicons (see Lexicon.firsts). Most begin none."""
    return word.key in firsts or not (word.key.isascii() or firsts.isdisjoint(spellings(word.key)))


def forms_of(text: str, start: int = 0, end: int | None = None) -> frozenset[str]:
    """All spellings of the words of a stretch of text, for quick looks (Lexicon.opens)."""
    keys = frozenset(map(_key, words(text, start, end)))
    return keys.union(*map(spellings, filterfalse(str.isascii, keys)))


class Match(NamedTuple, Generic[Value]):
    first: int  # indexes of words, half open
    last: int
    value: Value


@dataclass(slots=True)
class _Node(Generic[Value]):
    next: dict[str, _Node[Value]] = field(default_factory=dict)
    value: Value | None = None  # of the phrase that ends here; None where none does

    def values(self) -> Iterator[Value]:
        """Of the phrases that end here or further on."""
        if self.value is not None:
            yield self.value
        for following in self.next.values():
            yield from following.values()


class Lexicon(Generic[Value]):
    """Phrases of folded words, each with a value. The longest phrase at a place wins; the last one added, of equals.

    A phrase that begins with "=" keeps its Arabic article: "=الأم" is not أم.
    """

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        self._root: _Node[Value] = _Node()
        for phrase, value in entries:
            for keys in phrase_keys(phrase):
                node = self._root
                for key in keys:
                    following = node.next.get(key)
                    if following is None:
                        following = node.next[key] = _Node()
                    node = following
                node.value = value

    def __contains__(self, phrase: str) -> bool:
        return self.whole(phrase) is not None

    def whole(self, phrase: str) -> Value | None:
        """The value of a phrase that stands alone."""
        found = words(phrase)
        match = self.at(found, 0) if found else None
        return match.value if match and match.last == len(found) else None

    def at(self, text_words: Sequence[Word], index: int, *, reach: int = 99) -> Match[Value] | None:
        """The longest phrase that begins with this word and has at most `reach` words."""
        key, first = text_words[index].key, self._root.next
        if key not in first and (key.isascii() or first.keys().isdisjoint(spellings(key))):  # as of most words
            return None
        nodes = _led_to(self._root, key)
        value: Value | None = None
        last, end, until = index, index, min(index + reach, len(text_words))
        while nodes and last < until:
            last += 1
            for node in nodes:
                if node.value is not None:
                    value, end = node.value, last
                    break
            nodes = _following(nodes, text_words[last].key) if last < until else ()
        return None if value is None else Match(index, end, value)

    def opens(self, forms: Iterable[str]) -> bool:
        """A quick look: whether any phrase begins with one of these forms (see forms_of, spellings).

        Where none does, nothing is found in a text with these words, nor in any part of it.
        """
        return not self._root.next.keys().isdisjoint(forms)

    def firsts(self, values: Callable[[Value], bool] = lambda _: True) -> frozenset[str]:
        """The words with which the phrases of some values begin: for a quick look whether a text can hold any."""
        return frozenset(first for first, node in self._root.next.items() if any(map(values, node.values())))

    def holds(self, text_words: Sequence[Word], values: Callable[[Value], bool]) -> bool:
        """Whether a phrase of some values stands anywhere among these words, be it inside a longer one."""
        for index in range(len(text_words)):
            nodes, last = _led_to(self._root, text_words[index].key), index + 1
            while nodes:
                if any(node.value is not None and values(node.value) for node in nodes):
                    return True
                nodes = _following(nodes, text_words[last].key) if last < len(text_words) else ()
                last += 1
        return False

    def found_in(self, text_words: Sequence[Word]) -> bool:
        """Whether any phrase stands among these words."""
        return next(self.find(text_words), None) is not None

    def find(self, text_words: Sequence[Word]) -> Iterator[Match[Value]]:
        """All phrases, from left to right, none inside another."""
        first, free = self._root.next, 0
        for index, word in enumerate(text_words):
            if index < free or (word.key not in first and word.key.isascii()):  # most words begin no phrase
                continue
            match = self.at(text_words, index)
            if match:
                yield match
                free = match.last


def _following(nodes: Sequence[_Node[Value]], key: str) -> Sequence[_Node[Value]]:
    """Where a word leads from these nodes, by any of its spellings."""
    if len(nodes) == 1:
        return _led_to(nodes[0], key)
    return [found for node in nodes for found in _led_to(node, key)]


def _led_to(node: _Node[Value], key: str) -> Sequence[_Node[Value]]:
    if key.isascii():
        found = node.next.get(key)
        return () if found is None else (found,)
    return [found for form in spellings(key) if (found := node.next.get(form)) is not None]


def phrase_keys(phrase: str) -> Iterator[tuple[str, ...]]:
    """The folded words of a phrase, in each way of writing them."""
    bare = fold if phrase.startswith("=") else _bare
    keys = tuple(map(bare, _WORD.findall(phrase)))
    if not phrase.isascii():  # الاسم واللقب is also written الاسم و اللقب
        for place, key in enumerate(keys):
            if place and key.startswith("و") and len(key) > 3:
                yield (*keys[:place], "و", _bare(key[1:]), *keys[place + 1 :])
    if keys:
        yield keys


def _bare(word: str) -> str:
    """Folded, without the Arabic article; a hamza at the front is no article (ألمانية)."""
    return fold(word[2:] if word.startswith("ال") and len(word) >= 4 else word)
