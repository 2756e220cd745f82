"""config/rules/languages.yaml and levels.yaml, ready to be looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from babel import Locale

from domain.profile import Level
from extraction.lexicon import Lexicon, Match, Word, fold
from extraction.wordlists import read_word_list

READ_IN = ("en", "fr", "es", "ar", "ru")
_SHORT = 5  # letters: shorter names take no endings


class Role(StrEnum):
    """What a phrase does in a statement on languages."""

    NAME = "name"  # of a language
    LEVEL = "level"  # in words
    CODE = "code"  # of the Common European Framework
    TEST = "test"
    SCALE = "scale"  # the name of a scale of figures, such as ILR
    SKILL = "skill"  # reading, writing, speaking, listening
    AND = "and"
    BOTH = "both"
    BREAK = "break"  # a comma or semicolon within parentheses


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    role: Role
    code: str = ""  # of NAME, or what a TEST tests
    level: Level = Level.UNKNOWN  # of LEVEL and CODE; of a TEST whose name says the result
    most: float = 0  # of TEST: greater numbers are no marks
    marks: tuple[tuple[float, Level], ...] = ()  # of TEST: lowest mark and bucket, best first
    capital: bool = False  # of NAME: counts only with a capital letter
    accented: bool = False  # of NAME: counts only with its accents, for without them it is another word
    speaker: bool = False  # of NAME: "francophone", which counts only before a word for native
    short: bool = False  # of NAME: a code of two letters, which counts in capitals and before a level only
    plural: bool = False  # of LEVEL: said of all the languages of a list, as "(maternelles)" is
    weak: bool = False  # of LEVEL: names a skill too ("conversation"), so it says a level only where nothing else does


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRules:
    """Everything that tells languages and levels; built once from the two files."""

    terms: Lexicon[Term]
    qualifiers: Lexicon[
        tuple[Level, Level]
    ]  # "near", "not yet": the level of the words behind it, and what it makes of it
    telling: frozenset[str]  # words with which names, tests and mother tongues begin
    openers: frozenset[str]  # words with which any phrase begins, cue or term: for a quick look
    cues: Mapping[str, Lexicon[str]]  # one of CUES → its phrases
    fillers: frozenset[str]  # folded words that belong to a statement on languages without telling anything
    families: frozenset[str]  # codes that a language in parentheses makes precise
    local: Mapping[str, Lexicon[str]]  # code of a family → places, each with the language that is meant there
    marks: frozenset[str]  # crosses in a grid
    scale: Mapping[str, Level]  # of ILR and its kin
    best: Lexicon[str]  # words for the best end of a scale of figures
    shares: tuple[tuple[float, Level], ...]  # of the way from the best figure to the worst: the most for a level
    below: Lexicon[str]  # "less than", before the figure of a legend
    joiners: frozenset[str]  # between the ends of a range of figures: "80 to 95 %"
    articles: frozenset[str]  # before a language that is also another word: "el fang"

    def at(self, found: Sequence[Word], index: int, *, reach: int = 99) -> Match[Term] | None:
        """The longest phrase that begins with this word and has at most `reach` words, as in Lexicon.at.

        A word that takes a level down belongs to it: "near native", "not yet fluent".
        """
        plain = self.terms.at(found, index, reach=reach)
        qualifier = self.qualifiers.at(found, index, reach=reach - 1)
        if not qualifier or qualifier.last >= len(found):
            return plain
        above, lower = qualifier.value
        word = self.terms.at(found, qualifier.last, reach=reach - (qualifier.last - index))
        if not word or word.value.role is not Role.LEVEL or word.value.level is not above:
            return plain
        if plain and plain.last >= word.last:
            return plain
        return Match(index, word.last, Term(role=Role.LEVEL, level=lower))


def tells(term: Term) -> bool:
    """Whether a line outside the section on languages may claim one by this."""
    return term.role in (Role.NAME, Role.TEST) or term.level is Level.NATIVE


def load_language_rules(folder: Path) -> LanguageRules:
    """Read languages.yaml and levels.yaml of the folder of rules. Raises ConfigProblem where one cannot be used."""
    names, levels = (read_word_list(folder, name) for name in ("languages.yaml", "levels.yaml"))
    weak = {fold(phrase) for phrase in (*_flat(names["skills"]), *levels["weak"])}
    terms = Lexicon((*_names(names), *_roles(names), *_levels(levels, weak)))
    qualifiers = Lexicon(_qualifiers(levels))
    cues = {cue: Lexicon((phrase, phrase) for phrase in _flat(names[cue])) for cue in CUES}
    figures = levels["figures"]
    return LanguageRules(
        terms=terms,
        qualifiers=qualifiers,
        telling=terms.firsts(tells),
        openers=terms.firsts() | qualifiers.firsts() | {word for cue in cues.values() for word in cue.firsts()},
        cues=cues,
        fillers=frozenset(fold(filler) for filler in names["fillers"]),
        families=frozenset(names["families"]),
        local={family: Lexicon(_places(by_code)) for family, by_code in names["local"].items()},
        marks=frozenset(fold(str(mark)) for mark in names["marks"]),
        scale={str(mark): Level(level) for mark, level in levels["scales"][0]["marks"].items()},
        best=Lexicon((word, word) for word in figures["best"]),
        shares=_marks(figures["shares"]),
        joiners=frozenset(map(fold, figures["joiners"])),
        below=Lexicon((word, word) for word in figures["below"]),
        articles=frozenset(map(fold, names["articles"])),
    )


def _marks(listed: Any) -> tuple[tuple[float, Level], ...]:
    return tuple((float(mark), Level(level)) for mark, level in listed)


def _places(by_code: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for code, places in by_code.items():
        yield from ((place, code) for place in places)


CUES = (
    "not_own",
    "of_others",
    "agents",
    "first_person",
    "not_mine",
    "respectively",
    "labels",
    "claims",
    "speaks",
    "denials",
    "retractions",
    "planned",
    "others",
    "legend",
    "overall",
)


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _flat(inner)
    else:
        yield from map(str, value)


def _names(rules: Any) -> Iterator[tuple[str, Term]]:
    same, left_out = rules["same_as"], {fold(name) for name in rules["leave_out"]}
    for language in READ_IN:
        for code, name in Locale.parse(language).languages.items():
            if fold(name) in left_out or name in left_out:
                continue
            term = Term(role=Role.NAME, code=same.get(code) or same.get(code.split("_")[0], code.split("_")[0]))
            for form in _forms(name, language):
                yield form, term
    for short, code in rules["codes"].items():
        yield short, Term(role=Role.NAME, code=code, short=True)
    for code, speakers in rules["speakers"].items():
        for form in (form for speaker in speakers for form in _forms(speaker, _language_of(speaker))):
            yield form, Term(role=Role.NAME, code=code, speaker=True)
    capital, accented = {fold(name) for name in rules["capital"]}, set(rules["accented"])
    for code, names in rules["names"].items():
        for name in map(str, names):
            term = Term(
                role=Role.NAME,
                code=same.get(code, code),
                capital=fold(name) in capital,
                accented=name in accented,
            )
            for form in _forms(name, _language_of(name)):
                yield form, term


def _language_of(name: str) -> str:
    letter = ord(name[0])
    return "ar" if 0x600 <= letter < 0x700 else "ru" if 0x400 <= letter < 0x530 else "en"


def _forms(name: str, language: str) -> Iterator[str]:
    """A name and its inflected forms. Wrong forms do no harm: they occur nowhere."""
    yield name
    folded = fold(name)
    if language == "ar":
        if folded.endswith("يه"):
            yield name[:-1]  # masculine: العربي
            yield name.removeprefix("ال")[:-1] + "تي"  # my own: إنجليزيتي متوسطة
    elif len(folded) < _SHORT:
        return
    elif language == "ru":
        yield from _russian(name)
    elif language == "fr":
        yield from (name + end for end in ("e", "s", "es", "ne", "le"))
        if folded.endswith(("grec", "turc")):
            yield name[:-1] + "que"
    elif language == "es":
        yield from (folded + end for end in ("a", "s", "es"))
        if folded.endswith("o"):
            yield folded[:-1] + "a"


def _russian(name: str) -> Iterator[str]:
    if name.endswith(("кий", "ный", "ной", "кой")):
        ends = ("ий", "ый", "ой", "ого", "ому", "им", "ым", "ом", "ая", "ую", "ое", "и", "ие", "их", "ими", "ых")
        yield from (name[:-2] + end for end in ends)
    elif name[-1] not in "аеёиоуыэюя":
        yield from (name.rstrip("ь") + end for end in ("а", "у", "ом", "е", "ю", "я", "ем"))


def _roles(rules: Any) -> Iterator[tuple[str, Term]]:
    for role, phrases in (
        (Role.SKILL, _flat(rules["skills"])),
        (Role.BOTH, _flat(rules["both"])),
        (Role.AND, _flat(rules["and"])),
    ):
        for phrase in phrases:
            yield phrase, Term(role=role)


def _qualifiers(rules: Any) -> Iterator[tuple[str, tuple[Level, Level]]]:
    for key, above, lower in (("nearly", Level.NATIVE, Level.C), ("short_of", Level.C, Level.B)):
        yield from ((str(phrase), (above, lower)) for phrase in rules[key])


def _levels(rules: Any, weak: set[str]) -> Iterator[tuple[str, Term]]:
    plural = set(map(fold, rules["plural"]))
    for level, by_language in rules["words"].items():
        for phrase in _flat(by_language):
            folded = fold(phrase)
            yield phrase, Term(role=Role.LEVEL, level=Level(level), weak=folded in weak, plural=folded in plural)
    for level, codes in rules["codes"].items():
        for code in codes:
            yield code, Term(role=Role.CODE, level=Level(level))
    for test in rules["tests"]:
        marks = _marks(test.get("marks", ()))
        result = Level(test.get("result", "unknown"))
        language, most = test.get("language", ""), float(test.get("most", 0))
        for name in test["names"]:
            yield name, Term(role=Role.TEST, code=language, level=result, most=most, marks=marks)
    for scale in rules["scales"]:
        for name in scale["names"]:
            yield name, Term(role=Role.SCALE)


def most_common(levels: Sequence[Level]) -> Level:
    """The most common bucket; the lower on a tie."""
    counts = Counter(levels)
    order = list(Level)
    return max(counts, key=lambda level: (counts[level], order.index(level)))
