"""Whose an address or number is that stands beside others: "01711 555012 (wife: 01811 555099)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extraction.lexicon import Lexicon, Word, fold, words
from extraction.person.latin import Hints, shared_words
from extraction.person.name_form import clean_name, has_case, looks_like_name
from extraction.person.rules import PersonRules
from extraction.person.written import Number, emails_in, phones_in

_FIELD = re.compile(r"[;|•·\t؛]")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{5})\.\s")  # no abbreviation such as "тел."
_ASIDE = re.compile(r"\s*\(([^()\d@]{1,40})\)")
_ITEM = re.compile(r"[,،]|\s[–—-]\s")
_ENDS = re.compile(r"[;|•·\t؛)]|\.\s+[^\W\d_]{3}")
_OF_A_NAME = 4  # words
_CLOSE = 14  # characters between a name and its number, a label among them


class Placed(NamedTuple):
    """An address or number with its span."""

    start: int
    end: int
    email: str | None
    number: Number | None


def values_in(text: str, rules: PersonRules) -> list[Placed]:
    """The addresses (lower-case) and numbers of a line, in order."""
    found = [Placed(start, start + len(email), email, None) for email, start in emails_in(text)]
    found += [Placed(one.start, one.start + len(one.number), None, one) for one in phones_in(text, rules)]
    return sorted(found, key=lambda value: value[:2])


def own_values(text: str, name: str, rules: PersonRules, *, head: bool) -> Iterator[Placed]:
    """The values of a line but those behind a relative, or behind a title with another name.

    `head`: the line stands where the person's own posts and titles stand too.
    """
    end, another = 0, False
    for value in values_in(text, rules):
        before = text[end : value.start]
        if end and (aside := _ASIDE.match(before)):
            before = before[aside.end() :]
        goes_on = end and not _ENDS.search(before) and _all_labels(words(before), rules)
        aside = _ASIDE.match(text, value.end)
        another = bool(
            (another and goes_on) or _behind_relation(before, rules) or _behind_name(before, name, rules, head=head)
        )
        if not another and not (aside and rules.relations.found_in(words(aside[1]))):
            yield value
        end = max(end, value.end)


def _all_labels(found: Sequence[Word], rules: PersonRules) -> bool:
    covered = {place for match in rules.labels.find(found) for place in range(match.first, match.last)}
    return all(place in covered or len(word.key) < 3 for place, word in enumerate(found))


def _behind_relation(before: str, rules: PersonRules) -> bool:
    """Whether words such as "wife" stand before a value with no more than a name between them."""
    clause = _SENTENCE.split(_FIELD.split(before)[-1])[-1]
    found = words(clause)
    for match in rules.relations.find(found):
        counted = match.first > 0 and found[match.first - 1].key.isdecimal()
        between = _without(rules.labels, found[match.last :])
        labels = match.first == 0 and clause.rstrip().endswith(":") and len(between) == len(found) - match.last
        named = len(between) <= _OF_A_NAME and all(
            labels or _is_shown(clause, word) or word.key in rules.particles for word in between
        )
        if named and not counted:
            return True
    return False


def _without(lexicon: Lexicon[str], found: Sequence[Word]) -> list[Word]:
    covered = {place for match in lexicon.find(found) for place in range(match.first, match.last)}
    return [word for place, word in enumerate(found) if place not in covered and len(word.key) > 1]


def _is_shown(text: str, word: Word) -> bool:
    letter = text[word.start]
    return letter.isupper() or not has_case(letter)


def _behind_name(before: str, name: str, rules: PersonRules, *, head: bool) -> bool:
    """Whether another person's name stands before a value, with a title or post ("Mme G. Saint-Fleur, ...")."""
    clause = _FIELD.split(before)[-1]
    if not head and name and _has_post(clause, name, rules):
        return True
    for word in words(clause):
        shown = clause[word.start : word.end]
        if word.key in rules.titles and _is_shown(clause, word) and len(word.key) > 1:
            rest = clause[word.end :]
            following = [w for w in words(rest)[:_OF_A_NAME] if len(w.key) > 2 or not head]
            named = [w for w in following if len(w.key) > 2 and _is_shown(rest, w)]
            near = not head or (bool(named) and len(rest) - named[-1].end <= _CLOSE and len(shown) > 1)
            if named and near and not shared_words(" ".join(fold(w.key) for w in named), Hints.of([name])):
                return True
    return False


def _has_post(clause: str, name: str, rules: PersonRules) -> bool:
    """Whether a clause begins with another person's name and their post: "Ana Ruiz, directora, 555 0101"."""
    who, *more = [part for part in _ITEM.split(clause.strip()) if part.strip()] or [""]
    if not more or not looks_like_name(clean_name(who, rules), rules) or shared_words(who, Hints.of([name])):
        return False
    return any(word.key in rules.professions or word.key in rules.never_in_names for word in words(more[0]))
