"""Names across scripts: a Latin form for searching, and whether two spellings may mean one name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from extraction.lexicon import fold, words

# After the BGN/PCGN romanisation of Russian, without marks; then letters of its neighbours.
_RUSSIAN = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k"},
    **{"л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh"},
    **{"ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya"},
    **{"і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "w", "қ": "q", "ғ": "gh", "ң": "n", "ү": "u", "ұ": "u"},
    **{"һ": "h", "ә": "a", "ө": "o", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ҳ": "h"},
}
# Consonants and long vowels; short vowels are not written.
_ARABIC = {
    **{"ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r"},
    **{"ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f"},
    **{"ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ء": "", "پ": "p"},
    **{"چ": "ch", "ڤ": "v", "گ": "g"},
}
# Written differently from language to language.
_SAME = {
    **{"kh": "h", "gh": "g", "dh": "d", "th": "t", "ts": "s", "sh": "s", "ch": "s", "zh": "j", "dj": "j", "ph": "f"},
    **{"ck": "k", "q": "k", "c": "k", "v": "w", "x": "ks", "z": "s", "p": "b"},
}
_VOWELS = re.compile("[aeiouyhw]")


def latin(name: str) -> str:
    """A name in Latin letters, each word with a capital; a rough aid for searching, no official spelling."""
    done = []
    for word in re.findall(r"[^\s,]+", name):
        plain = fold(word)
        done.append("".join(_RUSSIAN.get(c, _ARABIC.get(c, c)) for c in plain).title())
    return " ".join(done)


@lru_cache(maxsize=4096)
def skeleton(word: str) -> str:
    """The consonants of a word in whatever script, with those made one that spellings exchange."""
    plain = latin(word).lower().removeprefix("al-").removeprefix("el-")
    for written, meant in _SAME.items():
        plain = plain.replace(written, meant)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[^a-z]", "", _VOWELS.sub("", plain)))


@dataclass(frozen=True, slots=True)
class Hints:
    """What a message knows of its sender's name: display name, addresses, file names, signature."""

    known: tuple[tuple[frozenset[str], str], ...]  # of each hint its skeletons, and all in one
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, hints: Iterable[str]) -> Hints:
        known = []
        texts = tuple(hints)
        for hint in texts:
            bones = [skeleton(word.key) for word in words(hint.replace("_", " ").replace(".", " "))]
            if any(bones):
                known.append((frozenset(bones), " ".join(bones)))
        return cls(tuple(known), texts)

    def and_of(self, others: Iterable[str]) -> Hints:
        more = Hints.of(others)
        return Hints((*self.known, *more.known), (*self.texts, *more.texts)) if more.known else self


def shared_words(name: str, hints: Hints) -> int:
    """How many words of a name occur, in some spelling, in one of the hints; the best of them."""
    ours = {skeleton(word.key) for word in words(name) if len(word.key) > 2}
    return max((_shared(ours, tokens, joined) for tokens, joined in hints.known), default=0)


def _shared(ours: set[str], tokens: frozenset[str], joined: str) -> int:
    return sum(1 for bones in ours if len(bones) > 1 and (bones in tokens or (len(bones) > 3 and bones in joined)))
