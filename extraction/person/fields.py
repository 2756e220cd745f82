"""The fields that the labels of a CV name: behind a label, in the cell beside it, or in the line or cell below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.profile import SectionKind
from extraction.lexicon import forms_of, words
from extraction.person.labels import MARKS, Labels, labels_of
from extraction.person.lines import Line
from extraction.person.rules import PersonRules

_CELLS = " | "  # between the cells of a row in its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    kind: str  # a key of `labels` in person.yaml
    label: str
    value: str
    start: int  # span of the value in Structure.text
    end: int
    section: SectionKind


@dataclass(frozen=True, slots=True)
class _Cell:
    line: Line  # the cell as a line of its own
    labels: list[Labels]

    @property
    def is_label(self) -> bool:
        """Whether it holds labels and no value."""
        return bool(self.labels) and not _value(self.line.text, self.labels[-1].end, len(self.line.text))[0]

    @property
    def is_empty(self) -> bool:
        return not self.line.text.strip(MARKS)


def fields_of(lines: Sequence[Line], rules: PersonRules) -> list[Field]:
    """All labelled fields, in order."""
    found: list[Field] = []
    headed = False  # the line above was a row of labels: this one holds their values
    under: list[_Cell] = []  # the cells of the line, where the line above has looked at them already
    for index, line in enumerate(lines):
        cells, under = under, []
        if headed or not rules.labels.opens(line.forms):
            headed = False
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        if line.cells:
            cells = cells or _cells(line, rules)
            under = _cells(below, rules) if below and below.cells else []
            headed = _is_header(cells, under)
            found += _of_columns(cells, under) if headed else _of_row(cells, under)
        else:
            found += _of_line(line, below, rules)
    return found


def _of_line(line: Line, below: Line | None, rules: PersonRules) -> Iterator[Field]:
    groups = labels_of(line, rules)
    for number, group in enumerate(groups):
        last = number + 1 == len(groups)
        value, offset = _value(line.text, group.end, len(line.text) if last else groups[number + 1].start)
        if value:
            yield from _fields(group, line, value, offset)
        elif last and below and not below.cells and not labels_of(below, rules):
            yield from _fields(group, below, below.text, 0)


def _fields(group: Labels, line: Line, value: str, offset: int) -> Iterator[Field]:
    start = line.start + offset
    for kind in group.kinds:
        yield Field(
            kind=kind, label=group.label, value=value, start=start, end=start + len(value), section=line.section
        )


def _value(text: str, end: int, limit: int) -> tuple[str, int]:
    """What stands behind a label, up to the next one, and where."""
    while end < limit and (text[end] in MARKS or text[end] in "()/s"):
        if text[end] == "(":
            closing = text.find(")", end, limit)
            if closing < 0 or text[end + 1 : end + 2] in "+0123456789":
                break
            end = closing
        elif text[end] == "s" and text[end - 1 : end] != "(":
            break
        end += 1
    return text[end:limit].rstrip(MARKS), end


def _cells(line: Line, rules: PersonRules) -> list[_Cell]:
    found: list[_Cell] = []
    offset = 0
    for text in line.cells:
        cell = Line(
            start=line.start + offset,
            end=line.start + offset + len(text),
            text=text,
            section=line.section,
            words=tuple(words(text)),
            forms=forms_of(text),
            cells=(text,),
            number=line.number,
        )
        found.append(_Cell(cell, labels_of(cell, rules)))
        offset += len(text) + len(_CELLS)
    return found


def _is_header(cells: Sequence[_Cell], under: Sequence[_Cell]) -> bool:
    """Whether a row holds labels as headings of columns, their values in the row below."""
    filled = [cell for cell in cells if not cell.is_empty]
    labels = [cell.is_label for cell in filled]
    if sum(labels) < 2 or any(cell.labels and not cell.is_label for cell in filled):
        return False
    if any(cell.labels for cell in under) or all(cell.is_empty for cell in under):
        return False
    return all(labels) or any(one and other for one, other in pairwise(labels))


def _of_columns(cells: Sequence[_Cell], under: Sequence[_Cell]) -> Iterator[Field]:
    for cell, value in zip(cells, under, strict=False):
        if cell.is_label and not value.is_empty:
            for group in cell.labels:
                yield from _fields(group, value.line, value.line.text, 0)


def _of_row(cells: Sequence[_Cell], under: Sequence[_Cell]) -> Iterator[Field]:
    """Labels with their value in the same cell, in the next one, or where there is no next one in the cell below."""
    for number, cell in enumerate(cells):
        for place, group in enumerate(cell.labels):
            last = place + 1 == len(cell.labels)
            text = cell.line.text
            value, offset = _value(text, group.end, len(text) if last else cell.labels[place + 1].start)
            if value:
                yield from _fields(group, cell.line, value, offset)
                continue
            beside = next((one for one in cells[number + 1 :] if not one.is_empty), None)
            if beside and not beside.is_label:
                yield from _fields(group, beside.line, beside.line.text, 0)
            elif beside is None and number < len(under) and not under[number].labels and not under[number].is_empty:
                yield from _fields(group, under[number].line, under[number].line.text, 0)
