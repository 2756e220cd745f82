"""Which language a text is written in: by its letters where they tell, by letter groups where they do not."""

from __future__ import annotations

import re
from collections import Counter
from copy import copy
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNDETERMINED = "und"  # ISO 639: no letters, or a script that tells nothing
_SHORT = 40  # letters: below, chance finds any language, so only the call's are thought of
_LIKELY = ("en", "fr", "es")
_POSSIBLE = (*_LIKELY, "pt", "it", "de", "nl", "ro", "ca", "tr", "sv", "no", "da", "pl", "sq", "sw", "id", "tl", "hr")
# Letters that Arabic and Russian do not write. A foreign name has one or two of them, a text many.
_OTHER_ARABIC = {"ur": "ٹڈڑںے", "fa": "پچژگ"}
_OTHER_CYRILLIC = {"kk": "қңұһәғ", "ky": "ңөү", "uk": "іїєґ", "be": "ўі", "tg": "ҷӯӣҳ", "sr": "ђљњћџј"}
_SHARE = 0.015
_LATIN_FUNCTION_WORDS = {
    "en": "the of and in to for with on at by from as was were is are i my their who which",
    "fr": "le la les des du de et en aux au pour dans sur une un avec par est sont je mes leurs qui",
    "es": "el los las del de y en para con por una un al es son yo mis sus que como desde",
}
_BEYOND_LATIN = re.compile("[^\u0000-\u024f]")
_WORDS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=64)  # a text is asked about more than once on its way
def language_of(text: str) -> str:
    """The ISO 639 code of most of a text; UNDETERMINED where it has no letters."""
    letters = "".join(filter(str.isalpha, text.lower()))
    if not letters:
        return UNDETERMINED
    foreign = _BEYOND_LATIN.findall(letters)
    latin = len(letters) - len(foreign)
    arabic = sum(1 for c in foreign if "\u0600" <= c < "\u0780" or "\ufb50" <= c < "\uff00")
    cyrillic = sum(1 for c in foreign if "\u0400" <= c < "\u0530")
    most = max(arabic, cyrillic, latin)
    if most == 0:
        return UNDETERMINED
    if arabic == most:
        return _by_letters(letters, arabic, _OTHER_ARABIC) or "ar"
    if cyrillic == most:
        return _by_letters(letters, cyrillic, _OTHER_CYRILLIC) or "ru"
    return _latin(text, latin)


def _by_letters(letters: str, size: int, others: dict[str, str]) -> str | None:
    counts = Counter(letters)
    shares = {code: sum(counts[c] for c in own) / size for code, own in others.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] > _SHARE and shares[best] * size >= 2 else None


def _latin(text: str, size: int) -> str:
    if size < _SHORT:
        words = [word.lower() for word in _WORDS.findall(text)]
        votes = {code: sum(word in own.split() for word in words) for code, own in _LATIN_FUNCTION_WORDS.items()}
        best, second = sorted(votes.values(), reverse=True)[:2]
        if best > second:
            return max(votes, key=lambda code: votes[code])
        return str(_identifier(_LIKELY).classify(text)[0])
    return str(_identifier(_POSSIBLE).classify(text[:4000])[0])


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    """One that thinks of these languages only. All share one model, which takes long to unpack."""
    identifier = copy(_model())
    identifier.set_languages(languages)
    return identifier


@cache
def _model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
