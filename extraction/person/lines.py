"""The lines of a CV, and the fields that its labels name ("Nationality: ...", "Apellidos y nombres | ...")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.profile import BlockKind, SectionKind
from extraction.lexicon import Match, Word, forms_of, words
from extraction.person.rules import PersonRules
from extraction.structure import PlacedBlock, Structure

TOP = 14  # lines at the head of a CV among which name and contacts stand, whatever the sections say
_BEFORE = re.compile(r"(?:^|[|;•,.(\t]|\s{2,})\s*(?:\(?[\da-z][.)]\s*)*(?:[-–—*•]\s*)?$")
_AFTER = re.compile(r"\.?\s*(?:\([^)]{0,40}\))?\s*(?:[:=|：]|[-–—](?=\s)|\t|\s{2,}|$)|\s+(?=[+\d(])")
_COLON = re.compile(r"\.?\s?(?:\([^)]{0,40}\))?\s?[:：]")
_OPEN = ("name", "given", "middle", "family", "second_family", "residence", "permanent", "phone", "nationality")
_PLURAL = re.compile(r"^\s?\([^)]{0,10}\)")
_SHORT_LINE = 80  # characters
_MARKS = " \t:|=–—-•*.;,\u200e\u200f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    start: int  # span in Structure.text
    end: int
    text: str
    section: SectionKind
    words: tuple[Word, ...]  # their spans count characters of `text`
    forms: frozenset[str]  # of the words: for a quick look whether a phrase can stand in the line
    cells: tuple[str, ...] = ()  # of a row of a table
    heading: bool = False
    number: int = 0  # among the lines that are not empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    kind: str  # a key of `labels` in person.yaml
    label: str
    value: str
    start: int  # span of the value in Structure.text
    end: int
    section: SectionKind


def lines_of(structure: Structure) -> list[Line]:
    """The lines that are not empty, headings included."""
    blocks = [placed for section in structure.sections for placed in section.blocks]
    found: list[Line] = []
    place = block_number = 0
    for text in structure.text.split("\n"):
        end = place + len(text)
        while block_number < len(blocks) and blocks[block_number].end < end:
            block_number += 1
        block = _holding(blocks, block_number, place)
        if text.strip():
            found.append(
                Line(
                    start=place,
                    end=end,
                    text=text,
                    section=structure.section_at(place),
                    words=tuple(words(text)),
                    forms=forms_of(text),
                    cells=block.block.cells if block else (),
                    heading=block is None or block.block.kind in (BlockKind.HEADING, BlockKind.HEADER),
                    number=len(found),
                )
            )
        place = end + 1
    return found


def _holding(blocks: Sequence[PlacedBlock], number: int, place: int) -> PlacedBlock | None:
    placed = blocks[number] if number < len(blocks) else None
    return placed if placed and placed.start <= place <= placed.end else None


def fields_of(lines: Sequence[Line], rules: PersonRules) -> list[Field]:
    """All labelled fields, in order. A value may stand behind its label, or in the line or cell below it."""
    found: list[Field] = []
    skip: set[int] = set()
    for index, line in enumerate(lines):
        if index in skip:
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        labels = _labels(line, rules)
        if below and _is_header_row(line, labels, below, rules):
            skip.add(index + 1)
            found += _columns(line, labels, below)
            continue
        for number, (kind, start, end) in enumerate(labels):
            limit = labels[number + 1][1] if number + 1 < len(labels) else len(line.text)
            value, offset = _value(line.text, end, limit)
            if not value and below and number == len(labels) - 1 and not _labels(below, rules):
                found.append(_field(kind, line.text[start:end], below, below.text, 0))
            elif value:
                found.append(_field(kind, line.text[start:end], line, value, offset))
    return found


def _field(kind: str, label: str, line: Line, value: str, offset: int) -> Field:
    start = line.start + offset
    return Field(kind=kind, label=label, value=value, start=start, end=start + len(value), section=line.section)


def _labels(line: Line, rules: PersonRules) -> list[tuple[str, int, int]]:
    """The labels of a line: kind and span."""
    if not rules.labels.opens(line.forms):
        return []
    found_words = line.words
    found: list[tuple[str, int, int]] = []
    index = 0
    while index < len(found_words):
        match = rules.labels.at(found_words, index)
        if match and _stands_free(line, match):
            found.append((match.value, found_words[match.first].start, found_words[match.last - 1].end))
            index = match.last
        else:
            index += 1
    return found


def _stands_free(line: Line, match: Match[str]) -> bool:
    """Whether a phrase is a label here, not a word of a sentence."""
    text, found = line.text, line.words
    start, end = found[match.first].start, found[match.last - 1].end
    if not _BEFORE.search(text[:start]):
        return bool(_COLON.match(text, end))  # "Name: Ana Ruiz Nationality: Peruvian", columns closed up
    if _AFTER.match(text, end):
        return True
    # Columns that a reader has closed up: "Nacionalidad colombiana", "1. Family name RUIZ | First name Ana".
    if match.value in ("nationality", "not_residence") and match.first == 0 and len(text) <= _SHORT_LINE:
        return True
    follows = _PLURAL.sub("", text[end:]).lstrip()[:1]
    telling = match.last - match.first > 1 or bool(line.cells) or match.value == "nationality"
    return match.value in _OPEN and telling and bool(follows) and not follows.islower()


def _value(text: str, end: int, limit: int) -> tuple[str, int]:
    """What stands behind a label: up to the next label, or the next cell once there is something."""
    while end < limit and (text[end] in _MARKS or text[end] in "()/s"):
        if text[end] == "(":
            closing = text.find(")", end, limit)
            if closing < 0:
                break
            end = closing
        elif text[end] == "s" and text[end - 1 : end] != "(":
            break
        end += 1
    value = text[end:limit]
    cut = value.find(" | ")
    value = value if cut < 0 else value[:cut]
    return value.rstrip(_MARKS), end


def _is_header_row(line: Line, labels: Sequence[object], below: Line, rules: PersonRules) -> bool:
    """Labels as headings of columns, their values in the next row."""
    filled = [cell for cell in line.cells if cell.strip()]
    return len(labels) >= 2 and len(filled) == len(labels) and bool(below.cells) and not _labels(below, rules)


def _columns(line: Line, labels: Sequence[tuple[str, int, int]], below: Line) -> list[Field]:
    places = [number for number, cell in enumerate(line.cells) if cell.strip()]
    found = []
    offset = 0
    offsets = []
    for cell in below.cells:
        offsets.append(offset)
        offset += len(cell) + len(" | ")
    for place, (kind, start, end) in zip(places, labels, strict=True):
        if place < len(below.cells) and below.cells[place].strip():
            found.append(_field(kind, line.text[start:end], below, below.cells[place], offsets[place]))
    return found
