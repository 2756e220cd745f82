"""Whether two names may be one person's, in whatever spelling and script."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from extraction.lexicon import words
from extraction.person.latin import latin, skeleton

_ALIKE = 0.6  # of two spellings with the same consonants: Mohamed and Muhammad are .75, Jane and John .5
_ENOUGH = 2  # words that two names must share
_ARTICLES = frozenset({"al", "el", "ال"})  # written apart, together or not at all
_BARE = 4  # letters: a shorter Arabic word is no article with a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    shared: int  # full words that both have
    clash: bool  # each has a word that the other does not know: Omar Saleh and Ali Saleh

    @property
    def is_one(self) -> bool:
        """Whether the shorter name stands in the longer one."""
        return self.shared >= _ENOUGH and not self.clash


def compare(one: str, other: str) -> Compared:
    """Word by word; an initial stands for any word that begins with it."""
    ours, our_initials = _cut(one)
    theirs, their_initials = _cut(other)
    left, shared = list(theirs), 0
    unknown = []
    for word in ours:
        match = next((known for known in left if _alike(word, known)), None)
        if match is None:
            unknown.append(word)
        else:
            left.remove(match)
            shared += 1
    foreign = [word for word in unknown if latin(word)[:1].lower() not in their_initials]
    strange = [word for word in left if latin(word)[:1].lower() not in our_initials]
    clash = bool(foreign and strange) or _clash(our_initials, left) or _clash(their_initials, unknown)
    return Compared(shared=shared, clash=clash)


def has_written_out(short: str, full: str) -> bool:
    """Whether a name has words for all the initials of another one, and the same words beside them."""
    ours, initials = _cut(short)
    theirs, others = _cut(full)
    left = list(theirs)
    for word in ours:
        if word not in left:
            return False
        left.remove(word)
    return bool(ours and initials) and not others and initials <= {latin(word)[:1].lower() for word in left}


def _cut(name: str) -> tuple[list[str], set[str]]:
    """The full words of a name, and its initials in Latin letters."""
    found = [word.key for word in words(name) if word.key not in _ARTICLES]
    found = [word[2:] if word.startswith("ال") and len(word) > _BARE else word for word in found]
    return [word for word in found if len(word) > 1], {latin(word).lower()[:1] for word in found if len(word) == 1}


def _clash(initials: set[str], left: list[str]) -> bool:
    """Whether an initial stands for none of the words that are left, though there are some."""
    known = {latin(word)[:1].lower() for word in left}
    return bool(left) and not initials <= known


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    bones = skeleton(one)
    if not bones or bones != skeleton(other):
        return False
    if _is_latin(one) != _is_latin(other):
        return True
    return len(bones) > 1 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _is_latin(word: str) -> bool:
    return word[0] < "\u0250"
