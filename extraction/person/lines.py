"""The lines of a CV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.profile import BlockKind, SectionKind
from extraction.lexicon import Word, forms_of, words
from extraction.structure import PlacedBlock, Structure

TOP = 14  # lines at the head of a CV among which name and contacts stand, whatever the sections say


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


def without(line: Line, taken: Sequence[Word]) -> Line:
    """A line with spaces in the place of some of its words."""
    text = line.text
    for word in taken:
        text = text[: word.start] + " " * (word.end - word.start) + text[word.end :]
    return replace(line, text=text, words=tuple(words(text)), forms=forms_of(text))


def _holding(blocks: Sequence[PlacedBlock], number: int, place: int) -> PlacedBlock | None:
    placed = blocks[number] if number < len(blocks) else None
    return placed if placed and placed.start <= place <= placed.end else None
