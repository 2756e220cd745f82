"""The languages of a person, from all their CVs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from domain.profile import BlockKind, Evidence, LanguageSkill, Level, SectionKind
from extraction.languages.claims import Claim, claims
from extraction.languages.events import HITS, Clause, Event, Statement
from extraction.languages.grids import languages_across, rows_of
from extraction.languages.listed import listed_claims
from extraction.languages.pairs import paired
from extraction.languages.rules import LanguageRules, Role, most_common, tells
from extraction.languages.scales import Scale
from extraction.languages.statements import statements
from extraction.lexicon import forms_of, words
from extraction.structure import PlacedBlock, Structure

_NEVER = {SectionKind.REFERENCES, SectionKind.PUBLICATIONS, SectionKind.INTERESTS, SectionKind.LETTER,
          SectionKind.TRAINING_GIVEN, SectionKind.OBJECTIVE}  # fmt: skip
_PROSE = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.SKILLS, SectionKind.OTHER}
_GRID = 3  # columns of a table with languages across: their skills, and two languages
_LIKELY = 0.4
_SURE = 0.75  # the share of known words from which a line outside the section is one on languages


@dataclass(frozen=True, slots=True)
class _Found:
    claim: Claim
    structure: Structure
    listed: bool  # under a heading or label on languages


def language_skills(structures: Sequence[Structure], *, rules: LanguageRules) -> tuple[LanguageSkill, ...]:
    """What the CVs of one person say of their languages, in the order in which they are first named.

    Each skill carries evidence: the statements that name the language, with the rule in the form
    "language:CODE level:LEVEL". A language without any level is UNKNOWN.
    """
    found: list[_Found] = []
    for structure in structures:
        listed = [_Found(claim, structure, True) for claim in listed_claims(structure, rules)]
        found += listed
        found += [_Found(claim, structure, False) for claim in _scattered(structure, rules)]
    for one in found:
        one.claim.code = _local(one, rules)
    return tuple(_merged(found))


def _local(found: _Found, rules: LanguageRules) -> str:
    """The language of a family that is meant in the places that the CV names: "créole" in a CV from Haiti."""
    places = rules.local.get(found.claim.code)
    if not places:
        return found.claim.code
    named = Counter(match.value for match in places.find(words(found.structure.text)))
    return max(named, key=lambda code: named[code], default=found.claim.code)


def _scattered(structure: Structure, rules: LanguageRules) -> Iterator[Claim]:
    """Claims outside the section on languages: a labelled line, a mother tongue, "I speak …"."""
    for section in structure.sections:
        if section.kind in _NEVER or section.kind is SectionKind.LANGUAGES:
            continue
        labelled = False  # whether the row before belongs to a label
        asked: Statement | None = None  # a mother tongue that is asked for: its answer may be the next line
        beyond = 0  # the end of a table that is read as a whole
        for number, placed in enumerate(section.blocks):
            if placed.start < beyond:
                continue
            if not _may_tell(structure.text, placed, rules):
                labelled, asked = False, None
                continue
            grid, end = _apart_grid(structure.text, section.blocks[number:], rules)
            if grid:
                yield from grid
                labelled, asked, beyond = False, None, end
                continue
            found = statements(structure.text, (placed.start, placed.end), rules)
            if labelled and placed.block.kind is BlockKind.ROW and placed.block.cells and not placed.block.cells[0]:
                yield from claims(found)
                continue
            first = next((number for number, statement in enumerate(found) if _is_label(statement)), None)
            labelled = first is not None
            if first is not None:
                listed = _until_other(structure.text, found[first:])
                yield from claims([*_kept(structure.text, found[:first], asked, section.kind)[0], *listed])
                asked = None
                continue
            kept, asked = _kept(structure.text, found, asked, section.kind)
            yield from claims(kept)


def _apart_grid(text: str, blocks: Sequence[PlacedBlock], rules: LanguageRules) -> tuple[list[Claim], int]:
    """The claims of a table with languages across that stands under another heading, and where it ends."""
    first = blocks[0].block
    if first.kind is not BlockKind.ROW or len(first.cells) < _GRID:
        return [], 0
    rows = list(takewhile(lambda one: one.block.kind is BlockKind.ROW and one.block.table == first.table, blocks))
    named = rows_of(text, [(blocks[0].start, first.cells)], rules, Scale())[0]
    heads = [cell for cell in named if cell.events(Role.NAME)]
    if len(rows) < 2 or len(heads) < len(first.cells) - 1 or any(cell.hits for cell in named):
        return [], 0
    cells = rows_of(text, [(one.start, one.block.cells) for one in rows], rules, Scale())
    return languages_across(cells), rows[-1].end


def _may_tell(text: str, placed: PlacedBlock, rules: LanguageRules) -> bool:
    """A quick look: most blocks of a CV name no language."""
    if rules.telling.isdisjoint(forms_of(text, placed.start, placed.end)):
        return False
    return rules.terms.holds(words(text, placed.start, placed.end), tells)


def _kept(
    text: str, found: Sequence[Statement], asked: Statement | None, kind: SectionKind
) -> tuple[list[Statement], Statement | None]:
    """The statements that claim a language, and a question for the mother tongue that the last one leaves open."""
    kept: list[Statement] = []
    goes_on = False  # whether the statement before was one on languages: the next item of its list may say more
    for statement in found:
        events = list(statement.events)
        named = any(event.role is Role.NAME for event in events)
        told = _native_clauses(statement, kind)
        if asked and named and statement.coverage == 1:
            kept += [asked, statement]
            goes_on = True
        elif _counts(statement, kind) or (goes_on and (_is_item(events) or _is_bare(text, statement))):
            kept.append(statement)
            goes_on = True
        elif told:
            kept.append(replace(statement, clauses=told))
            goes_on = True
        else:
            goes_on = False
        native = any(event.level is Level.NATIVE for event in events)
        asked = statement if native and not named and statement.coverage >= _LIKELY else None
    return kept, asked


def _native_clauses(statement: Statement, kind: SectionKind) -> list[Clause]:
    """The clauses that tell of a mother tongue alone, among others: "Erbil, Iraq | Mother tongue: Kurdish"."""
    found = []
    for clause in statement.clauses:
        native = any(event.level is Level.NATIVE for event in clause.events)
        names = [event for event in clause.events if event.role is Role.NAME]
        told = kind in _PROSE or any(name.linked for name in names)
        if native and names and told and not clause.unknown:
            found.append(clause)
    return found


def _is_label(statement: Statement) -> bool:
    return statement.label and any(event.role is Role.NAME for event in statement.events)


def _until_other(text: str, found: Sequence[Statement]) -> Iterator[Statement]:
    """The statements of a labelled line, up to one that speaks of something else."""
    for number, statement in enumerate(found):
        item = _is_item(list(statement.events)) or _is_bare(text, statement)
        if number and (statement.other or (statement.coverage < _SURE and not item)):
            return
        yield statement


def _counts(statement: Statement, kind: SectionKind) -> bool:
    events = list(statement.events)
    if not any(event.role is Role.NAME for event in events):
        return any(event.role is Role.TEST and event.level is not Level.UNKNOWN for event in events) and (
            kind is not SectionKind.EXPERIENCE
        )
    levels = [event.level for event in events if event.level is not Level.UNKNOWN]
    if Level.NATIVE in levels and statement.coverage >= (_LIKELY if kind in _PROSE else _SURE):
        return True
    if levels and _is_own(statement, events):
        return True
    if kind in _PROSE:
        told = statement.claims or statement.coverage >= _SURE or _is_labelled(statement)
        return statement.speaks or (bool(levels) and told)
    told = (statement.claims and kind is SectionKind.EXPERIENCE) or _is_labelled(statement)
    likely = statement.coverage >= 0.99 or (statement.coverage >= _LIKELY and told)
    listed = _is_list(statement) or (kind is not SectionKind.EXPERIENCE and bool(paired(statement)))
    return bool(levels) and (statement.speaks or likely or listed)


def _is_own(statement: Statement, events: Sequence[Event]) -> bool:
    """Whether a person says what they speak: "I am fluent in English", not "I hired staff fluent in English"."""
    name = next(event.start for event in events if event.role is Role.NAME)
    others = [place for place in (statement.not_mine_from, statement.not_own_from) if place is not None]
    return statement.first_person and statement.claims and not any(place < name for place in others)


def _is_labelled(statement: Statement) -> bool:
    """Whether a language stands before its level as a label: "English: excellent (evening school)"."""
    events = [event for event in statement.events if event.role is not Role.SKILL]
    named = bool(events) and events[0].role is Role.NAME and events[0].start == statement.start
    return named and len(events) > 1 and events[1].role in HITS and events[1].linked


def _is_item(events: Sequence[Event]) -> bool:
    """A language and what is said of it, as the items of a list have it: "Arabic – military interpreter, fluent"."""
    told = [event for event in events if event.role is Role.NAME or event.role in HITS]
    return bool(told) and told[0].role is Role.NAME and any(event.role in HITS for event in told)


def _is_bare(text: str, statement: Statement) -> bool:
    """A language with nothing but parentheses behind it: "Russian (level test in progress)"."""
    events = list(statement.events)
    leads = bool(events) and events[0].role is Role.NAME and events[0].start == statement.start
    return leads and text[events[0].end : events[0].end + 2].strip() in ("(", "[")


def _is_list(statement: Statement) -> bool:
    """Two languages or more, each with its level behind it."""
    told = [clause.events for clause in statement.clauses if any(event.role is Role.NAME for event in clause.events)]
    return len(told) > 1 and all(map(_is_item, told)) and statement.coverage >= _SURE


def _merged(found: Sequence[_Found]) -> Iterator[LanguageSkill]:
    listed = {one.claim.code for one in found if one.listed and one.claim.hits}
    by_code: dict[str, list[_Found]] = {}
    for one in found:
        native = any(hit.level is Level.NATIVE for hit in one.claim.hits)
        if one.listed or one.claim.code not in listed or native:
            by_code.setdefault(one.claim.code, []).append(one)
    for code, ours in by_code.items():
        told = [(hit, one) for one in ours for hit in one.claim.hits]
        hits = [(hit, one) for hit, one in told if not hit.weak] or told
        level = _level([(hit.level, hit.role is not Role.LEVEL) for hit, _ in hits])
        said = dict.fromkeys(" ".join(one.structure.text[hit.start : hit.end].split()) for hit, one in hits)
        yield LanguageSkill(
            code=code,
            level=level,
            claimed=", ".join(said),
            evidence=tuple(dict.fromkeys(_evidence(one, level) for one in ours)),
        )


def _level(hits: Sequence[tuple[Level, bool]]) -> Level:
    if not hits:
        return Level.UNKNOWN
    if any(level is Level.NATIVE for level, _ in hits):
        return Level.NATIVE
    return most_common([level for level, is_code in hits if is_code] or [level for level, _ in hits])


def _evidence(found: _Found, level: Level) -> Evidence:
    claim, structure = found.claim, found.structure
    text, statement = structure.text, claim.statement
    places = [claim.start, claim.end, *(place for hit in claim.hits for place in (hit.start, hit.end))]
    begin, end = min(places), max(places)
    # The lines of the statement that speak of this language: it may go on to others.
    begin = max(min(statement.start, begin), text.rfind("\n", 0, begin) + 1)
    line_end = text.find("\n", end)
    end = min(max(statement.end, end), line_end if line_end >= 0 else len(text))
    end += text.startswith(")", end)
    return Evidence(
        part_path=structure.part_path,
        page=structure.page_at(claim.start),
        section=structure.section_at(claim.start),
        start=claim.start,
        end=claim.end,
        sentence=text[begin:end],
        rule=f"language:{claim.code} level:{level.value}",
    )
