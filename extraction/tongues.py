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
_OTHER_CYRILLIC = {"kk": "қңұһәғ", "ky": "ңөү", "uk": "іїєґ", "be": "ўі", "tg": "ҷӯӣҳ", "sr": "ђљњћџј", "mk": "ѓќѕ"}
# Persian writes its own ye and kaf, and hardly a ta marbuta; fonts give Arabic texts such letters too.
_PERSIAN, _TA_MARBUTA = "یک", "ة"
_EMBEDDED = 0.3  # of the words of a sentence: with as many Arabic or Cyrillic ones, the others are foreign names
_SHARE = 0.015
_LATIN_FUNCTION_WORDS = {
    "en": "the of and in to for with on at by from as was were is are i my their who which",
    "fr": "le la les des du de et en aux au pour dans sur une un avec par est sont je mes leurs qui",
    "es": "el los las del de y en para con por una un al es son yo mis sus que como desde",
}
# Words that Russian does not share with its neighbours, and theirs that it does not know: a text of a few lines may
# hold none of their letters, and Bulgarian has none of its own.
_CYRILLIC_FUNCTION_WORDS = {
    "ru": "я что это из к был была были мне меня моё для его её их со во об лет году вы вас который которая которые",
    "bg": "се са съм ми като който която което които през със във към най ще този това тази аз си ви е също бях ме",
    "uk": "що як від це є про або також після із зі які який яка років року маю мене мій моє з та",
    "be": "што як гэта ёсць або таксама пасля які якія якая гадоў маю мяне мой маё з па",
    "sr": "сам се је су од који која са као што",
    "mn": "байна уу нь би болон миний юм байсан",
}
_CYRILLIC_OWN = {code: frozenset(own.split()) for code, own in _CYRILLIC_FUNCTION_WORDS.items()}
_LOOKED_AT = 2000  # characters in which they are counted
_HARD = re.compile("ъ(?![еёюя])")  # a vowel of Bulgarian; Russian writes its sign before these letters only
_BETWEEN = re.compile("(?<=[а-яєґ])i|i(?=[а-яєґ])")  # typed in Latin letters for the Ukrainian one
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
        return _arabic(letters, arabic)
    if cyrillic == most:
        return _cyrillic(text.lower(), letters, cyrillic)
    return _latin(text, latin)


def script_language(text: str) -> str | None:
    """The language of a text with Arabic or Cyrillic words, however many Latin names stand among them; else None."""
    found = _WORDS.findall(text.lower())
    arabic = [word for word in found if "\u0600" <= word[0] < "\u0780"]
    cyrillic = [word for word in found if "\u0400" <= word[0] < "\u0530"]
    own = max(arabic, cyrillic, key=len)
    if not own or len(own) < _EMBEDDED * len(found):
        return None
    letters = "".join(own)
    return _arabic(letters, len(letters)) if own is arabic else _cyrillic(" ".join(own), letters, len(letters))


def _arabic(letters: str, size: int) -> str:
    persian = sum(letters.count(c) for c in _PERSIAN)
    if persian > 2 * _SHARE * size and letters.count(_TA_MARBUTA) < _SHARE / 3 * size and persian > 1:
        return _by_letters(letters, size, {"ur": _OTHER_ARABIC["ur"]}) or "fa"
    return _by_letters(letters, size, _OTHER_ARABIC) or "ar"


def _cyrillic(text: str, letters: str, size: int) -> str:
    """By letters that Russian does not write, else by the small words; `letters`: those of the text, in lower case."""
    hard = len(_HARD.findall(text))
    if hard > 1 and hard > _SHARE / 2 * size and hard > letters.count("ы"):
        return "bg"
    if told := _by_letters(_BETWEEN.sub("і", letters), size, _OTHER_CYRILLIC):
        return told
    found = _WORDS.findall(text[:_LOOKED_AT])
    votes = {code: sum(map(own.__contains__, found)) for code, own in _CYRILLIC_OWN.items()}
    best = max(votes, key=lambda code: votes[code])  # the first of equals: Russian
    return best if votes[best] > 1 else "ru"


def _by_letters(letters: str, size: int, others: dict[str, str]) -> str | None:
    counts = Counter(letters)
    shares = {code: sum(counts[c] for c in own) / size for code, own in others.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] > _SHARE and shares[best] * size >= 2 else None


def _latin(text: str, size: int) -> str:
    if size < _SHORT:
        if "¿" in text or "¡" in text:  # no other language opens a question so
            return "es"
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
