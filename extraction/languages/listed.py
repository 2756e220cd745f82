"""Sections on languages: their lines, as they were before they were wrapped, their tables and their scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.profile import BlockKind, SectionKind
from extraction.languages.claims import Claim, claims
from extraction.languages.events import HITS, Statement
from extraction.languages.grids import grid_claims, rows_of
from extraction.languages.rules import LanguageRules, Role
from extraction.languages.scales import Scale, figures, scale_of
from extraction.languages.statements import statements
from extraction.lexicon import words
from extraction.structure import PlacedBlock, Section, Structure

_FIGURES = frozenset("12345")
_WRAPPED = 50  # characters: a line at least as long may go on in the next
_WIDE = 60  # characters: a line of prose as long is nearly always wrapped
_LIKELY = 0.4  # the share of known words from which a line may be one on languages


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    block: PlacedBlock | None = None  # None: a heading


def listed_claims(structure: Structure, rules: LanguageRules) -> Iterator[Claim]:
    """The claims of the sections on languages."""
    lines: list[_Line] = []
    for number, section in enumerate(structure.sections):
        if section.kind is SectionKind.LANGUAGES or (lines and _is_claim(section.heading, rules)):
            previous = structure.sections[number - 1].end if number else 0
            lines += _lines(structure.text, section, previous, rules)
        elif lines:
            yield from _believable(_region(structure.text, lines, rules))
            lines = []
    yield from _believable(_region(structure.text, lines, rules))


def _is_claim(heading: str, rules: LanguageRules) -> bool:
    """Whether a heading is a line of the list above it, which looks like one: "English: excellent"."""
    found = words(heading)
    if not _begins_with_name(heading, rules):
        return False
    return any(match.value.role in HITS for match in rules.terms.find(found))


def _believable(found: Iterable[Claim]) -> Iterator[Claim]:
    """Without those that a passage of other matters names, where the section has no clear end."""
    for claim in found:
        leads = claim.start == claim.statement.start
        if claim.hits or leads or claim.statement.coverage >= _LIKELY:
            yield claim


def _lines(text: str, section: Section, previous: int, rules: LanguageRules) -> Iterator[_Line]:
    """The heading and the lines of a section; lines of prose that are wrapped become one."""
    if not section.blocks:
        return
    place = text.find(section.heading, previous, section.start) if section.heading else -1
    if place >= 0:
        yield _Line(place, place + len(section.heading))
    current: _Line | None = None
    for piece in (piece for placed in section.blocks for piece in _pieces(text, placed)):
        if current and _goes_on(text, current, piece, rules):
            current = _Line(current.start, piece.end, current.block)
            continue
        if current:
            yield current
        current = piece
    if current:
        yield current


def _pieces(text: str, placed: PlacedBlock) -> Iterator[_Line]:
    """The lines of a block."""
    place = placed.start
    for line in text[placed.start : placed.end].split("\n"):
        yield _Line(place, place + len(line), placed)
        place += len(line) + 1


def _goes_on(text: str, line: _Line, piece: _Line, rules: LanguageRules) -> bool:
    """Whether a line is the rest of the one before it, wrapped."""
    if not line.block or not piece.block:
        return False
    kinds = {line.block.block.kind, piece.block.block.kind}
    before, after = text[line.start : line.end].rstrip(), text[piece.start : piece.end].lstrip()
    new_item = piece.block.block.kind is BlockKind.LIST_ITEM and piece.block is not line.block
    if not kinds <= {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or new_item or not before or not after:
        return False
    if before[-1] in ",،(" or before.count("(") > before.count(")"):
        return True
    tail = before.splitlines()[-1]
    last = rules.terms.whole(tail.split()[-1])
    if last and last.role is Role.AND:
        return True
    if _begins_with_name(before, rules) and _begins_with_name(after, rules):
        return False  # two items of a list
    open_end = before[-1] not in ".;:!؛"
    return open_end and (len(tail) >= _WIDE or (len(tail) >= _WRAPPED and not after[0].isupper()))


def _begins_with_name(text: str, rules: LanguageRules) -> bool:
    first = words(text)
    match = rules.terms.at(first, 0) if first else None
    return match is not None and match.value.role is Role.NAME


def _region(text: str, lines: Sequence[_Line], rules: LanguageRules) -> Iterator[Claim]:
    scale = _scale(text, lines, rules)
    pending: list[Statement] = []
    index = 0
    while index < len(lines):
        table = _table(lines, index)
        grid = None
        if table > 1:
            cells = [(line.start, line.block.block.cells) for line in lines[index : index + table] if line.block]
            grid = grid_claims(rows_of(text, cells, rules, scale), rules)
        if grid is not None:
            yield from claims(pending)
            pending = []
            yield from grid
            index += table
            continue
        pending += statements(text, (lines[index].start, lines[index].end), rules, scale)
        index += 1
    yield from claims(pending)


def _table(lines: Sequence[_Line], index: int) -> int:
    """How many lines from this one are rows of one table."""
    first = lines[index].block
    if not first or first.block.kind is not BlockKind.ROW:
        return 0
    size = 0
    for line in lines[index:]:
        if not line.block or line.block.block.kind is not BlockKind.ROW or line.block.block.table != first.block.table:
            break
        size += 1
    return size


def _scale(text: str, lines: Sequence[_Line], rules: LanguageRules) -> Scale:
    """The scale of a section; that of the European Union's form where it stands without its legend."""
    scale = scale_of(text, [(line.start, line.end) for line in lines], rules)
    rows = [line.block.block.cells for line in lines if line.block]
    bare = any(sum(cell.strip() in _FIGURES for cell in cells) > 1 for cells in rows)
    return scale if scale.marks or not bare else Scale(marks=figures(1, 5, 1, rules))
