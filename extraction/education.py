"""The highest degree that a person holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.profile import BlockKind, Degree, SectionKind
from extraction.lexicon import Lexicon, may_begin, words
from extraction.structure import PlacedBlock, Section, Structure
from extraction.wordlists import phrases, read_word_list

LINES_BELOW = 2  # of a degree, on the same study
ABBREVIATION = 6  # signs at most
RANK = {Degree.OTHER: 0, Degree.BACHELOR: 1, Degree.MASTER: 2, Degree.DOCTORATE: 3}
# Where a degree may be told when no section is on education.
ELSEWHERE = (SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER, SectionKind.SKILLS, SectionKind.EXPERIENCE)

# No full stop of an abbreviation: "M.Sc. Social Work".
_SENTENCE = re.compile(r"[;؛]|(?<=[^\W_]{3})\.(?=\s+[^\W\d_a-zа-яё])|(?<=\))\.\s|(?<=\d\d)\.\s")
# "2015 –" with nothing behind it; "2003 – MA in Law" only sets the year apart.
_ONGOING = re.compile(r"(?:19|20)\d\d\s*[-–—]\s*(?:$|[|,;.)])")
_SUBJECT = re.compile(r"\s+(?:[^\W\d_]{1,4}\s+){0,3}")  # between a degree and its subject: "en", "of", "по"


@dataclass(frozen=True, slots=True)
class _Term:
    degree: Degree | None  # None: it only looks like a degree
    capitals: bool  # an abbreviation: "des" is no DES


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeWords:
    """config/rules/education.yaml, ready to be looked up."""

    degrees: Lexicon[_Term]
    only_here: Lexicon[_Term]  # degrees only below a heading on education
    underway: Lexicon[str]
    openers: frozenset[str]  # words with which any of the degrees begins: for a quick look


def load_degree_words(folder: Path) -> DegreeWords:
    """Read education.yaml of the folder of rules."""
    rules = read_word_list(folder, "education.yaml")
    no_degrees = ((phrase, _Term(None, False)) for phrase in phrases(rules["no_degrees"]))
    degrees = Lexicon((*_terms(rules.keys("degrees")), *no_degrees))
    only_here = Lexicon(_terms(rules.keys("only_in_education")))
    return DegreeWords(
        degrees=degrees,
        only_here=only_here,
        underway=rules.lexicon("underway"),
        openers=degrees.firsts() | only_here.firsts(),
    )


def _terms(by_degree: Mapping[str, object]) -> Iterator[tuple[str, _Term]]:
    for key, value in by_degree.items():
        for phrase in phrases(value):
            yield phrase, _Term(Degree(key), phrase.isupper() and len(phrase) <= ABBREVIATION)


def names_degree(text: str, rules: DegreeWords) -> bool:
    """Whether a stretch of text names a degree."""
    return any(degree is not None for degree, _ in _matches(text, rules, False))


def names_academic_degree(text: str, rules: DegreeWords) -> bool:
    """The same for a bachelor's degree or a higher one."""
    return any(degree not in (None, Degree.OTHER) for degree, _ in _matches(text, rules, False))


def highest_degree(structures: Sequence[Structure], *, rules: DegreeWords) -> Degree | None:
    """The highest degree stated as finished; None where none is stated."""
    schooled = [degree for one in structures for degree in _held(one, (SectionKind.EDUCATION,), rules, True)]
    found = schooled or [degree for one in structures for degree in _held(one, ELSEWHERE, rules, False)]
    stated = [
        degree for one in structures for degree in _held(one, (SectionKind.PERSONAL, SectionKind.SUMMARY), rules, False)
    ]
    return max((*found, *(d for d in stated if d is Degree.DOCTORATE)), key=RANK.__getitem__, default=None)


def _held(structure: Structure, kinds: Sequence[SectionKind], rules: DegreeWords, schooled: bool) -> Iterator[Degree]:
    for section in structure.sections:
        if section.kind in kinds:
            for entry in _entries(structure.text, section, rules, schooled):
                if not any(may_begin(word, rules.openers) for line in entry for word in words(line)):
                    continue  # as most of them: a line of a study
                # A profession is a degree only where none is named beside it: "высшее, бакалавр экономики".
                plain = list(_degrees(entry, rules, False))
                yield from plain or _degrees(entry, rules, schooled)


def _entries(text: str, section: Section, rules: DegreeWords, schooled: bool) -> Iterator[list[str]]:
    """The blocks of one study each: a line that begins with no degree belongs to the one above it."""
    entry: list[str] = []
    for placed in section.blocks:
        line = text[placed.start : placed.end]
        if entry and _begins_entry(placed, line, rules, schooled):
            yield entry
            entry = []
        entry.append(line)
    if entry:
        yield entry


def _begins_entry(placed: PlacedBlock, line: str, rules: DegreeWords, schooled: bool) -> bool:
    if placed.block.kind in (BlockKind.ROW, BlockKind.LIST_ITEM):
        return True
    return any(True for _ in _matches(line, rules, schooled))


def _matches(text: str, rules: DegreeWords, schooled: bool) -> Iterator[tuple[Degree | None, int]]:
    """Degrees, and what only looks like one, with the offset at which each is named."""
    found = words(text)
    index = 0
    end: int | None = None
    while index < len(found):
        if not may_begin(found[index], rules.openers):
            index += 1
            continue
        match = rules.degrees.at(found, index)
        local = rules.only_here.at(found, index) if schooled and not _goes_on(text, end, found[index].start) else None
        if local and (match is None or local.last > match.last):
            match = local
        if match is None:
            index += 1
            continue
        start, end = found[match.first].start, found[match.last - 1].end
        if match.value.capitals and not text[start:end].isupper():
            index += 1
            continue
        yield match.value.degree, start
        index = match.last


def _goes_on(text: str, degree_end: int | None, start: int) -> bool:
    """Whether a profession is the subject of the degree before it: "Doctorado en Derecho"."""
    return degree_end is not None and _SUBJECT.fullmatch(text, degree_end, start) is not None


def _degrees(entry: Sequence[str], rules: DegreeWords, schooled: bool) -> Iterator[Degree]:
    """The degrees of an entry that are not said to be under way or broken off."""
    lines = [
        [piece for piece in _SENTENCE.split(line) if piece.strip()] for block in entry for line in block.split("\n")
    ]
    for number, sentences in enumerate(lines):
        for place, sentence in enumerate(sentences):
            hits = _first_of_each(_matches(sentence, rules, schooled))
            for own, (degree, start) in enumerate(hits):
                last = own + 1 == len(hits)
                told = sentence[start if own else 0 : None if last else hits[own + 1][1]]
                if degree is None or _is_underway(told, rules):
                    continue
                if last and place + 1 < len(sentences) and _withdraws(sentences[place + 1], rules, schooled):
                    continue
                if last and place + 1 == len(sentences) and _below_withdraws(lines[number + 1 :], rules, schooled):
                    continue
                yield degree


def _first_of_each(hits: Iterator[tuple[Degree | None, int]]) -> list[tuple[Degree | None, int]]:
    """A degree named twice in a row is one: "MA (Master of Arts)"."""
    kept: list[tuple[Degree | None, int]] = []
    for degree, start in hits:
        if not kept or kept[-1][0] is not degree:
            kept.append((degree, start))
    return kept


def _is_underway(told: str, rules: DegreeWords) -> bool:
    return rules.underway.found_in(words(told)) or bool(_ONGOING.search(told.strip()))


def _withdraws(following: str, rules: DegreeWords, schooled: bool) -> bool:
    """Whether the next sentence takes back what was said: "(thesis to be defended in 2018)"."""
    bare = following.strip()
    found = words(bare)
    if not found or any(True for _ in _matches(bare, rules, schooled)):
        return False
    goes_on = bare[0] in "([" or bare[0].islower()
    return (goes_on and _is_underway(bare, rules)) or rules.underway.at(found, 0) is not None


def _below_withdraws(lines: Sequence[Sequence[str]], rules: DegreeWords, schooled: bool) -> bool:
    """Whether a line below, on the same study, says that it is under way."""
    for sentences in lines[:LINES_BELOW]:
        if any(True for one in sentences for _ in _matches(one, rules, schooled)):
            return False
        if any(_is_underway(one, rules) for one in sentences):
            return True
    return False
