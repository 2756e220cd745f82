"""A document as a reader sees it: its language, its kind, its sections, the posts in it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.profile import Block, DocumentKind, SectionKind

Stretch = tuple[int, int, str]  # character span in the text, half open, and the ISO 639 code of its language


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    block: Block
    start: int  # offset of its first character in Structure.text
    end: int  # half open


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Consecutive blocks under one heading."""

    kind: SectionKind
    heading: str  # as written; empty for text before the first heading
    blocks: tuple[PlacedBlock, ...]  # without the heading

    @property
    def start(self) -> int:
        return self.blocks[0].start if self.blocks else 0

    @property
    def end(self) -> int:
        return self.blocks[-1].end if self.blocks else 0


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class YearMonth:
    year: int
    month: int  # 1 to 12; 1 for a start and 12 for an end where only the year is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of time as written in a CV; both months belong to it."""

    begins: YearMonth
    ends: YearMonth  # the message's month where the CV says "present"
    ongoing: bool
    start: int  # character span of the words in Structure.text
    end: int
    single: bool = False  # one date only, such as "2014." or "May 2014:"
    from_year: bool = False  # its beginning is told by no more than a year
    to_year: bool = False  # so is its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A professional post: its period, its heading lines and duties."""

    period: Period
    start: int  # character span of the whole post in Structure.text
    end: int
    pauses: tuple[Period, ...] = ()  # times without work inside it, such as a parental leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    part_path: str  # as in ReadDocument; "body" for the body of the message
    text: str  # DocumentText.text; all offsets count its characters
    language: str  # ISO 639 code of most of the text
    kind: DocumentKind
    sections: tuple[Section, ...]  # in order; together they hold every block but the headings
    posts: tuple[Post, ...]  # of EXPERIENCE sections, in order of the text

    def section_at(self, offset: int) -> SectionKind:
        """The kind of the section that holds this character."""
        for section in reversed(self.sections):
            if section.blocks and section.start <= offset:
                return section.kind
        return SectionKind.OTHER

    def page_at(self, offset: int) -> int | None:
        for section in self.sections:
            for placed in section.blocks:
                if placed.start <= offset < placed.end:
                    return placed.block.page
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlined:
    """A CV cut into stretches, ready to be tagged."""

    structure: Structure
    stretches: tuple[
        tuple[Stretch, ...], ...
    ]  # of each of its sections, of one language and one post each: see themes.outlined
