"""A light stemmer for Arabic: conjunction, preposition and article before the word, endings after it.

After the "light10" of Larkey, Ballesteros and Connell (2007). It takes off what syntax adds and leaves roots and broken
plurals alone: rules list those (لاجئ, لاجئون are one stem; نازح and a broken plural are two).
"""

from __future__ import annotations

import re

_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ؤ": "و", "ئ": "ي", "ة": "ه"}
)
_ENDINGS = ("ياتها", "اتها", "اتهم", "يين", "يون", "يه", "ات", "ون", "ين", "ان", "ها", "هم", "نا", "ه", "ي")
_HAMZA = "أإآٱ"
_SHORTEST = 3  # letters that must be left


def stem(word: str) -> str:
    """The stem of an Arabic word as written (with or without vowels); words in other scripts come back unchanged."""
    bare = _without_preposition(_without_conjunction(_MARKS.sub("", word))).translate(_LETTERS)
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST:
            return bare[: -len(ending)]
    return bare


def _without_conjunction(word: str) -> str:
    if len(word) < 5 or word[0] not in "وف":
        return word
    clear = word[1:3] in ("ال", "لل", "با", "كا") or word[1:4] == "است" or word[1] in _HAMZA
    # A و before most letters is "and"; before ا or ى it mostly belongs to the word (واجب), as ف does nearly always.
    return word[1:] if clear or (word[0] == "و" and word[1] not in "اى") else word


def _without_preposition(word: str) -> str:
    if len(word) < 4:
        return word
    if word.startswith("ال"):
        return word[2:]
    if len(word) < 5:
        return word
    if word[0] in "بكف" and word[1:3] == "ال":
        return word[3:]
    if word.startswith("للاج"):  # لـ + لاجئ: the article is written with one ل less
        return word[1:]
    if word.startswith("لل"):
        return word[2:]
    if (word[0] in "بلك" and word[1] in _HAMZA) or (word[0] == "ل" and word[1] not in "اويج"):
        return word[1:]
    return word
