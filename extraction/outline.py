"""A CV as it was seen, to be kept beside its text: sections, posts, and the language of each stretch.

With it a stored CV is tagged again as it was when it came, without being read, cut into sections or asked for its
language again: an edit of the rules on themes changes none of these.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Set
from itertools import pairwise
from typing import Any

from domain.profile import Block, BlockKind, DocumentKind, SectionKind
from extraction.analyser import Analyser, line_starts, within
from extraction.structure import Outlined, Period, PlacedBlock, Post, Section, Structure, YearMonth

_FORM = 1  # of the JSON below; an outline of another form is not read
_CELLS = " | "  # between the cells of a row (domain.profile.Block)


def stems_of(cv: Outlined, analyser: Analyser) -> str:
    """The stems of a CV, each by the language of its stretch, as the rules see it; line by line as in the text.

    What lies between stretches, a heading say, belongs to the one that follows.
    """
    text = cv.structure.text
    spans = sorted(stretch for of_section in cv.stretches for stretch in of_section)
    languages = [language for _, _, language in spans] or [cv.structure.language]
    cuts = [0, *(end for _, end, _ in spans[:-1]), len(text)]
    starts = line_starts(text)
    lines: list[list[str]] = [[] for _ in starts]
    for (begin, end), language in zip(pairwise(cuts), languages, strict=True):
        for token in within(analyser.tokens(text, language), begin, end):
            if token.stem:
                lines[bisect_right(starts, token.start) - 1].append(token.stem)
    return "\n".join(" ".join(line) for line in lines)


def outline_of(cv: Outlined) -> str:
    """As JSON, without the text."""
    structure = cv.structure
    sections = [
        [section.kind.value, section.heading, [_block(placed) for placed in section.blocks], spans]
        for section, spans in zip(structure.sections, cv.stretches, strict=True)
    ]
    posts = [[post.start, post.end, *_period(post.period)] for post in structure.posts]
    content = [_FORM, structure.language, structure.kind.value, sections, posts]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def may_speak(outline: str, languages: Set[str]) -> bool:
    """A quick look at an outline as it is kept: whether the CV may have a stretch in one of these languages."""
    return any(f'"{language}"' in outline for language in languages)


def from_outline(outline: str, text: str, *, part_path: str) -> Outlined | None:
    """A text with the outline that was kept of it; None where that is of a form of an older program, or missing."""
    content: Any = json.loads(outline) if outline else [None]
    if content[0] != _FORM:
        return None
    _, language, kind, sections, posts = content
    structure = Structure(
        part_path=part_path,
        text=text,
        language=language,
        kind=DocumentKind(kind),
        sections=tuple(
            Section(kind=SectionKind(kind), heading=heading, blocks=tuple(_placed(text, *block) for block in blocks))
            for kind, heading, blocks, _ in sections
        ),
        posts=tuple(Post(start=start, end=end, period=_as_period(*period)) for start, end, *period in posts),
    )
    cut = tuple(tuple((start, end, spoken) for start, end, spoken in spans) for *_, spans in sections)
    return Outlined(structure=structure, stretches=cut)


def _block(placed: PlacedBlock) -> list[Any]:
    """Without what is seldom there, at its end."""
    block = placed.block
    cells = list(block.cells) if block.cells != tuple(block.text.split(_CELLS)) else None
    whole = [placed.start, placed.end, block.kind.value, block.page, block.table, block.column, cells]
    while whole[-1] is None:
        whole.pop()
    return whole


def _placed(text: str, start: int, end: int, kind: str, *more: Any) -> PlacedBlock:
    page, table, column, cells = [*more, None, None, None, None][:4]
    content = text[start:end]
    if cells is None:
        cells = content.split(_CELLS) if kind == BlockKind.ROW.value else ()
    block = Block(text=content, kind=BlockKind(kind), cells=tuple(cells), page=page, table=table, column=column)
    return PlacedBlock(block=block, start=start, end=end)


def _period(period: Period) -> Iterator[Any]:
    yield from (period.begins.year, period.begins.month, period.ends.year, period.ends.month)
    yield from (period.ongoing, period.start, period.end, period.single)


def _as_period(*values: Any) -> Period:
    year, month, last_year, last_month, ongoing, start, end, single = values
    begins, ends = YearMonth(year=year, month=month), YearMonth(year=last_year, month=last_month)
    return Period(begins=begins, ends=ends, ongoing=ongoing, start=start, end=end, single=single)
