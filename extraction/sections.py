"""A document cut into the parts of a CV, and the posts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from domain.profile import BlockKind, DocumentKind, DocumentText, ReadDocument, SectionKind
from extraction.dates import DateWords, load_date_words
from extraction.document_kinds import DocumentWords, Shown, body_kind, core_of, document_kind, load_document_words
from extraction.education import DegreeWords, load_degree_words, names_academic_degree, names_degree
from extraction.headings import (
    Heading,
    SectionWords,
    heading_of,
    is_personal_label,
    is_underline,
    kind_of,
    load_section_words,
    opener_of,
    speaks_of,
)
from extraction.lexicon import words as words_of
from extraction.numbering import Series
from extraction.periods import periods
from extraction.posts import IN_A_ROW, opens_post, posts_of
from extraction.structure import Period, PlacedBlock, Section, Structure

# In a section of these, only a heading whose words are known begins another one: their lines look like headings.
HOLD_ON = (SectionKind.REFERENCES, SectionKind.LANGUAGES, SectionKind.EXPERIENCE, SectionKind.EDUCATION)
# Labels inside a post ("Summary:", "Contact:") that lead out of it only where they stand alone.
LABELS_OF_POSTS = ("summary", "personal", "other", "training", "letter", "experience", "publications", "skills")
MAY_BE_STUDIES = ("training", "publications")  # "Formations académiques", "Studies": where no other section is on them
BODY = "body"  # part path of the body of a message
_DATED = re.compile(r"[\W_]*(?:[^\W\d_]+\.?[\s]+){0,2}(?:\d{1,2}[./])?(?:19|20)\d\d")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d(?:\s*г\.)?[\s:–—|-]+[^\W\d]")
_PHONE = re.compile(r"\+\d[\d ()/.-]{7,}\d")
WORK = 250  # characters
PROSE = 160  # characters from which a paragraph at the head is no longer a field


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureWords:
    sections: SectionWords
    dates: DateWords
    degrees: DegreeWords
    documents: DocumentWords


@dataclass(slots=True)
class _Draft:
    kind: SectionKind | None  # None: its content decides
    heading: str
    key: str | None  # of `headings` in sections.yaml; None without a known heading
    run_in: bool = False
    blocks: list[PlacedBlock] = field(default_factory=list)


def load_structure_words(folder: Path) -> StructureWords:
    """Read the rules on sections, dates, degrees and kinds of documents from the folder of rules."""
    return StructureWords(
        sections=load_section_words(folder),
        dates=load_date_words(folder),
        degrees=load_degree_words(folder),
        documents=load_document_words(folder),
    )


def structure(
    document: ReadDocument, *, language: str, words: StructureWords, now: datetime, speaks: bool = False
) -> Structure:
    """See a document as a reader does. `language`: ISO 639 code of most of its text. `now`: the message's date.

    `speaks`: it is known that somebody says in it how well they speak a language, with or without a heading. The
    document must have been read (`text` is not None).
    """
    if document.text is None:
        raise ValueError("a document without text has no structure")
    text = document.text.text
    found = periods(text, words=words.dates, now=now)
    drafts = _Cutter(words.sections).cut(_placed(document.text))
    _decide(drafts, text, found, words)
    sections = tuple(
        Section(kind=draft.kind or SectionKind.OTHER, heading=draft.heading, blocks=tuple(draft.blocks))
        for draft in drafts
        if draft.blocks
    )
    posts = tuple(posts_of(text, sections, found, rules=words.sections, now=now))
    known = {kind_of(draft.key) for draft in drafts if draft.key}
    plain = core_of(known) >= 2 and len(posts) >= 2
    shown = Shown(
        known=known,
        posts=len(posts),
        degree=not plain and names_degree(text, words.degrees),
        languages=not plain and (speaks or speaks_of(text, "languages", words.sections)),
    )
    if document.part_path == BODY:
        kind = body_kind(text, shown)
    else:
        kind = document_kind(document.text, shown, words.documents, document.file_name)
    return Structure(
        part_path=document.part_path,
        text=text,
        language=language,
        kind=kind,
        sections=sections,
        posts=posts if kind is DocumentKind.CV else (),
    )


def _placed(text: DocumentText) -> list[PlacedBlock]:
    placed = []
    start = 0
    for block in text.blocks:
        placed.append(PlacedBlock(block=block, start=start, end=start + len(block.text)))
        start += len(block.text) + 1
    return placed


class _Cutter:
    """Goes through the blocks and begins a section at every heading, column and telling first word."""

    def __init__(self, rules: SectionWords) -> None:
        self._rules = rules
        self._drafts: list[_Draft] = []
        self._columns: dict[int | None, _Draft] = {}  # the last section of each column
        self._column: int | None = None
        self._known = False  # whether a heading was recognised
        self._series = Series()

    def cut(self, placed: Sequence[PlacedBlock]) -> list[_Draft]:
        self._begin(SectionKind.PERSONAL, "", None)
        for number, one in enumerate(placed):
            self._turn_to(one.block.column)
            below = placed[number + 1].block if number + 1 < len(placed) else None
            numbered = self._series.goes_on_with(one.block.text, field=one.block.kind is BlockKind.ROW)
            heading = heading_of(
                one.block,
                self._rules,
                shown=numbered or (below is not None and is_underline(below.text)),
                alone=below is not None and below.kind is not BlockKind.LIST_ITEM,
            )
            if heading and (self._accepts(heading, one) or (numbered and heading.key is None)):
                self._series.take(heading.text)
                self._begin(kind_of(heading.key) if heading.key else None, heading.text, heading.key, heading.run_in)
                self._known = self._known or heading.key not in (None, "personal")
                if heading.run_in:
                    self._now.blocks.append(one)
                continue
            self._place(one)
        return self._drafts

    @property
    def _now(self) -> _Draft:
        return self._drafts[-1]

    def _begin(self, kind: SectionKind | None, heading: str, key: str | None, run_in: bool = False) -> None:
        self._drafts.append(_Draft(kind, heading, key, run_in))
        self._columns[self._column] = self._now

    def _turn_to(self, column: int | None) -> None:
        """A column goes on where it stopped on the page before; a new one begins without a heading."""
        if column == self._column:
            return
        before = self._columns.get(column)
        if column is None and (before is None or not before.heading):
            self._column = column  # below columns the text goes on; it never goes back to the head of the CV
            return
        self._column = column
        if before:
            self._begin(before.kind, before.heading, before.key, before.run_in)
        else:
            self._begin(SectionKind.PERSONAL, "", None)

    def _accepts(self, heading: Heading, one: PlacedBlock) -> bool:
        now = self._now
        if heading.key is None:
            if not self._known:
                return False  # the person's name and title
            return now.kind not in HOLD_ON or self._parts(now.kind, one)
        kind = kind_of(heading.key)
        if now.kind is SectionKind.EXPERIENCE:
            dated = heading.run_in and _DATED.match(one.block.text[len(heading.text) :])
            if dated and kind is not SectionKind.EDUCATION:
                return False  # a post that is named like a section: "Formateur : 2002-2006"
            item = heading.run_in and one.block.kind is BlockKind.LIST_ITEM and heading.key != "languages"
            if item or (heading.run_in and heading.key in LABELS_OF_POSTS):
                return False
        if now.kind is SectionKind.REFERENCES and kind is SectionKind.PERSONAL:
            # A referee's "Contact:", unless it looks like a heading of its own.
            return not heading.run_in and (now.run_in or one.block.kind is BlockKind.HEADING)
        if now.kind is SectionKind.LANGUAGES:
            if kind is SectionKind.LANGUAGES:
                return False  # "Other languages:"
            if self._rules.skills_in_languages.whole(heading.text):
                return False  # "Writing | good | fair"
        return not (now.kind is SectionKind.PERSONAL and heading.key == "other" and heading.run_in)

    def _parts(self, kind: SectionKind, one: PlacedBlock) -> bool:
        """Whether a heading of unknown words ends a section whose own lines look like headings."""
        by_style = one.block.kind is BlockKind.HEADING
        found = words_of(one.block.text)
        if kind is SectionKind.LANGUAGES:
            return by_style and len(found) > 1
        return kind is SectionKind.EDUCATION and (by_style or not self._rules.never.found_in(found))

    def _place(self, one: PlacedBlock) -> None:
        now = self._now
        key = self._spoken_for(one)
        if key:
            self._begin(kind_of(key), "", key)
            self._now.blocks.append(one)
            self._begin(now.kind, now.heading, now.key, now.run_in)
            return
        if now.run_in and now.kind not in HOLD_ON[:1] and self._goes_back(one):
            self._begin(SectionKind.PERSONAL, "", None)
        self._now.blocks.append(one)

    def _goes_back(self, one: PlacedBlock) -> bool:
        was_personal = len(self._drafts) > 1 and self._drafts[-2].kind is SectionKind.PERSONAL
        return was_personal and is_personal_label(one.block, self._rules)

    def _spoken_for(self, one: PlacedBlock) -> str | None:
        """The kind that the first words of a paragraph tell."""
        if one.block.kind is not BlockKind.PARAGRAPH:
            return None
        key = opener_of(one.block.text, self._rules)
        kind = kind_of(key) if key else None
        if kind in (None, self._now.kind) or self._now.kind in (SectionKind.PUBLICATIONS, SectionKind.REFERENCES):
            return None
        if self._now.kind in (SectionKind.LANGUAGES, SectionKind.EXPERIENCE) and kind is SectionKind.OBJECTIVE:
            return None
        return key


def _decide(drafts: list[_Draft], text: str, found: Sequence[Period], words: StructureWords) -> None:
    """Give every section without a known kind the one that its content shows."""
    told = False  # of work, studies or languages
    schooled = any(draft.key == "education" and draft.blocks for draft in drafts)
    for draft in drafts:
        if draft.key == "training":
            draft.kind = _training(draft, text, words.sections)
        elif draft.kind is None:
            draft.kind = _by_content(draft, text, found, words)
            if told and draft.kind is SectionKind.OTHER and _gives_contacts(draft):
                draft.kind = SectionKind.REFERENCES
        if draft.key in MAY_BE_STUDIES and not schooled and _awards(draft, text, words.degrees):
            draft.kind = SectionKind.EDUCATION
        told = told or draft.kind in HOLD_ON
    if not any(draft.kind is SectionKind.EXPERIENCE and draft.blocks for draft in drafts):
        _promote(drafts, text, found, words)
    _set_prose_apart(drafts, words.sections)


def _training(draft: _Draft, text: str, rules: SectionWords) -> SectionKind:
    if not draft.blocks:
        return SectionKind.TRAINING_ATTENDED
    found = words_of(text, draft.blocks[0].start, draft.blocks[-1].end)
    gave = sum(1 for _ in rules.gave.find(found))
    attended = sum(1 for _ in rules.attended.find(found))
    return SectionKind.TRAINING_GIVEN if gave > attended else SectionKind.TRAINING_ATTENDED


def _awards(draft: _Draft, text: str, degrees: DegreeWords) -> bool:
    return any(names_academic_degree(text[placed.start : placed.end], degrees) for placed in draft.blocks)


def _stretches(draft: _Draft, text: str, found: Sequence[Period]) -> Iterator[tuple[PlacedBlock, Period]]:
    """Blocks that begin a post or a study, with its period."""
    for placed in draft.blocks:
        for period in found:
            inside = placed.start <= period.start < placed.end
            if inside and not period.single and opens_post(text, placed, period):
                yield placed, period
                break


def _gives_contacts(draft: _Draft) -> bool:
    """Whether an address or telephone stands in it: after the person's own, those are other people's."""
    return any("@" in placed.block.text or _PHONE.search(placed.block.text) for placed in draft.blocks)


def _tells_of_work(draft: _Draft) -> bool:
    """Whether it is long enough to tell of pieces of work ("Shelter and referral"), and no note or membership."""
    items = sum(placed.block.kind is BlockKind.LIST_ITEM for placed in draft.blocks)
    return items > 1 or sum(len(placed.block.text) for placed in draft.blocks) >= WORK


def _by_content(draft: _Draft, text: str, found: Sequence[Period], words: StructureWords) -> SectionKind:
    opened = list(_stretches(draft, text, found))
    schooled = sum(names_degree(text[placed.start : placed.end], words.degrees) for placed, _ in opened)
    if not opened:
        return SectionKind.EXPERIENCE if _tells_of_work(draft) else SectionKind.OTHER
    return SectionKind.EDUCATION if schooled * 2 > len(opened) else SectionKind.EXPERIENCE


def _promote(drafts: list[_Draft], text: str, found: Sequence[Period], words: StructureWords) -> None:
    """No heading speaks of work: it begins where the first stretch of time stands that is no study."""
    candidates = (SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER, SectionKind.LETTER)
    for number, draft in enumerate(drafts):
        if draft.kind not in candidates or (draft.key and draft.kind is SectionKind.PERSONAL and not draft.blocks):
            continue
        begun = [place for place, placed in enumerate(draft.blocks) if _YEAR_FIRST.match(placed.block.text)]
        begun = begun if len(begun) >= IN_A_ROW else []
        for number_of_block, placed in enumerate(draft.blocks):
            place = number_of_block
            told = any(
                placed.start <= period.start < placed.end and not period.single and period.begins.year >= 1960
                for period in found
            )
            if (told or number_of_block in begun) and not names_degree(text[placed.start : placed.end], words.degrees):
                while place and _DATED.match(draft.blocks[place - 1].block.text):
                    place -= 1  # "1988 Assistant secretary" above "2014-2018 Consultant"
                rest = _Draft(SectionKind.EXPERIENCE, "", None, blocks=draft.blocks[place:])
                draft.blocks = draft.blocks[:place]
                drafts.insert(number + 1, rest)
                _promote_the_rest(drafts[number + 2 :], draft)
                return


def _promote_the_rest(drafts: Sequence[_Draft], first: _Draft) -> None:
    """Prose goes on after a paragraph that the first words set apart."""
    for draft in drafts:
        if draft.key == first.key and draft.heading == first.heading and draft.kind is first.kind:
            draft.kind = SectionKind.EXPERIENCE


def _set_prose_apart(drafts: list[_Draft], rules: SectionWords) -> None:
    """Paragraphs at the head of a CV tell about the person; its fields are short."""
    for number in range(len(drafts) - 1, -1, -1):
        draft = drafts[number]
        if draft.kind is not SectionKind.PERSONAL or draft.key not in (None, "personal"):
            continue
        place = next(
            (
                place
                for place, placed in enumerate(draft.blocks)
                if placed.block.kind is BlockKind.PARAGRAPH
                and len(placed.block.text) >= PROSE
                and "@" not in placed.block.text
                and not is_personal_label(placed.block, rules)
            ),
            None,
        )
        if place is not None:
            rest = draft.blocks[place + 1 :]
            prose = _Draft(SectionKind.SUMMARY, "", None, blocks=[draft.blocks[place]])
            drafts[number + 1 : number + 1] = [prose, _Draft(SectionKind.PERSONAL, "", None, blocks=rest)]
            draft.blocks = draft.blocks[:place]
