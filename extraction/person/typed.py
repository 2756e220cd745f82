"""A name in a CV beside its spelling in the message: what a reader of files tore or misread is typed there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from difflib import SequenceMatcher
from itertools import pairwise

from extraction.lexicon import Word, fold, words
from extraction.person.same import has_written_out

_NEAR = 0.8  # of a word in which one letter was misread: Пробышев and Дробышев are .875
_FULL = 2  # words that a name typed in a message has at least


def as_typed(name: str, typed: Iterable[str], *, particles: Set[str], pictured: bool) -> str:
    """The name with initials written out, torn words joined and, in a picture, a misread word as it was typed.

    `typed`: names that the message gives, such as its sender's and the one it is signed with. `particles`: words
    that people write apart or together as they like.
    """
    for other in typed:
        spelled = words(other)
        if len(spelled) < _FULL:
            continue
        if has_written_out(name, other):
            return other
        name = _joined(name, spelled, particles)
        if pictured:
            name = _read_right(name, other, spelled)
    return name


def _joined(name: str, spelled: Sequence[Word], particles: Set[str]) -> str:
    """Two words of which the message has one: "الط حّان"; عبد الإله stays in two."""
    known = {word.key for word in spelled}
    found = words(name)
    for one, other in pairwise(found):
        gap = name[one.end : other.start]
        whole = fold(name[one.start : one.end] + name[other.start : other.end])
        if gap.isspace() and whole in known and not (known | particles) & {one.key, other.key}:
            return name[: one.end] + name[other.start :]
    return name


def _read_right(name: str, other: str, spelled: Sequence[Word]) -> str:
    """The name with its one word that is nearly one of the message's, where they share another one."""
    found = words(name)
    known, ours = {word.key for word in spelled}, {word.key for word in found}
    if not known & ours:
        return name
    strange = [word for word in found if len(word.key) > 1 and word.key not in known]
    missing = [word for word in spelled if len(word.key) > 1 and word.key not in ours]
    near = [(word, typed) for word in strange for typed in missing if _is_near(word.key, typed.key)]
    if len(near) != 1:
        return name
    word, typed = near[0]
    return name[: word.start] + other[typed.start : typed.end] + name[word.end :]


def _is_near(read: str, typed: str) -> bool:
    alike = SequenceMatcher(None, read, typed, autojunk=False).ratio() >= _NEAR
    return alike and abs(len(read) - len(typed)) <= 1
