"""Words as they are meant where another script's letters, or none at all, stand among theirs. For matching only.

Keyboards that were switched in mid-word, OCR and texts made to slip past a search leave a Cyrillic а in a Latin word;
the eye sees no difference. A word is put right only where each letter of the one script looks like one of the other.
"""

from __future__ import annotations

import re

_LATIN = "ABCEHIJKMOPSTXYaceijopsxyë"
_CYRILLIC = "АВСЕНІЈКМОРЅТХУасеіјорѕхуё"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_IS_LATIN, _IS_CYRILLIC = re.compile("[A-Za-z\u00c0-\u024f]"), re.compile("[\u0400-\u052f]")
_NO_WIDTH = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def as_meant(word: str) -> str:
    """The word in one script, without what has no width; as it is where the script cannot be told."""
    if word.isascii():
        return word
    word = _NO_WIDTH.sub("", word)
    latin, cyrillic = _IS_LATIN.findall(word), _IS_CYRILLIC.findall(word)
    if not latin or not cyrillic:
        return word
    like_latin = all(letter in _CYRILLIC for letter in cyrillic)
    like_cyrillic = all(letter in _LATIN for letter in latin)
    if like_latin and not like_cyrillic:
        return word.translate(_TO_LATIN)
    if like_cyrillic and not like_latin:
        return word.translate(_TO_CYRILLIC)
    return word
