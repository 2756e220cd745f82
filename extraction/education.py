"""The highest degree that a person holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from domain.profile import BlockKind, Degree, SectionKind
from extraction.lexicon import Lexicon, Word, words
from extraction.structure import PlacedBlock, Section, Structure

RANK = {Degree.OTHER: 0, Degree.BACHELOR: 1, Degree.MASTER: 2, Degree.DOCTORATE: 3}
# Where a degree may be told when no section is on education.
ELSEWHERE = (SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER, SectionKind.SKILLS, SectionKind.EXPERIENCE)

_SENTENCE = re.compile(r"[;؛]|\.(?=\s+[^\W\d_a-zа-яё])|(?<=\d)\.\s|\n")
_CLAUSE = re.compile(r",|،|\(|\)|—|–")
_ONGOING = re.compile(r"(?:19|20)\d\d\s*[-–—]\s*(?:$|[^\s\d])|[-–—]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeWords:
    """config/rules/education.yaml, ready to be looked up."""

    degrees: Lexicon[Degree | None]  # None: what only looks like a degree
    only_here: Lexicon[Degree]  # degrees only below a heading on education
    underway: Lexicon[str]


def load_degree_words(folder: Path) -> DegreeWords:
    """Read education.yaml of the folder of rules."""
    rules: Any = YAML(typ="safe").load((folder / "education.yaml").read_text(encoding="utf-8"))
    degrees: Lexicon[Degree | None] = Lexicon(
        (phrase, Degree(key)) for key, phrases in rules["degrees"].items() for phrase in _flat(phrases)
    )
    for phrase in _flat(rules["no_degrees"]):
        degrees.add(phrase, None)
    return DegreeWords(
        degrees=degrees,
        only_here=Lexicon(
            (p, Degree(key)) for key, phrases in rules["only_in_education"].items() for p in _flat(phrases)
        ),
        underway=Lexicon((phrase, phrase) for phrase in _flat(rules["underway"])),
    )


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        yield str(value)
        return
    for part in value:
        yield from _flat(part)


def names_degree(text: str, rules: DegreeWords) -> bool:
    """Whether a stretch of text names a degree."""
    return any(match.value is not None for match in rules.degrees.find(words(text)))


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
                yield from _degrees(entry, rules, schooled)


def _entries(text: str, section: Section, rules: DegreeWords, schooled: bool) -> Iterator[str]:
    """One study each: a line that begins with no degree belongs to the one above it."""
    entry: list[str] = []
    for placed in section.blocks:
        line = text[placed.start : placed.end]
        if entry and _begins_entry(placed, line, rules, schooled):
            yield "\n".join(entry)
            entry = []
        entry.append(line)
    if entry:
        yield "\n".join(entry)


def _begins_entry(placed: PlacedBlock, line: str, rules: DegreeWords, schooled: bool) -> bool:
    if placed.block.kind in (BlockKind.ROW, BlockKind.LIST_ITEM):
        return True
    return any(True for _ in _matches(words(line), rules, schooled))


def _matches(found: Sequence[Word], rules: DegreeWords, schooled: bool) -> Iterator[tuple[Degree, int]]:
    """Degrees and the index of their first word."""
    index = 0
    while index < len(found):
        match = rules.degrees.at(found, index)
        local = rules.only_here.at(found, index) if schooled else None
        if local and (match is None or local.last > match.last):
            yield local.value, index
            index = local.last
        elif match:
            if match.value is not None:
                yield match.value, index
            index = match.last
        else:
            index += 1


def _degrees(entry: str, rules: DegreeWords, schooled: bool) -> Iterator[Degree]:
    """The degrees of an entry that are not said to be under way or broken off."""
    pieces = [piece for piece in _SENTENCE.split(entry.replace("\n", " \n ")) if piece and piece.strip()]
    for number, piece in enumerate(pieces):
        found = words(piece)
        hits = list(_matches(found, rules, schooled))
        if not hits:
            continue
        after = pieces[number + 1 :]
        following = next((one for one in after if not list(_matches(words(one), rules, schooled))), "") if after else ""
        for place, (degree, _) in enumerate(hits):
            begin = 0 if place == 0 else found[hits[place][1]].start
            end = found[hits[place + 1][1]].start if place + 1 < len(hits) else len(piece)
            own = piece[begin:end]
            told = own + " " + following if place + 1 == len(hits) and after and after[0] == following else own
            if not _is_underway(told, rules):
                yield degree


def _is_underway(told: str, rules: DegreeWords) -> bool:
    if any(True for _ in rules.underway.find(words(told))):
        return True
    return bool(_ONGOING.search(told.split("\n", maxsplit=1)[0].strip()))
