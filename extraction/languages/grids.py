"""Tables on languages: what only the place of a cell tells, such as a cross under "easily"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.profile import Level
from extraction.languages.claims import Claim
from extraction.languages.events import HITS, Event, Statement
from extraction.languages.rules import LanguageRules, Role
from extraction.languages.scales import Scale
from extraction.languages.statements import statements
from extraction.lexicon import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    start: int  # span in the text
    end: int
    text: str
    said: tuple[Statement, ...]

    def events(self, *roles: Role) -> list[Event]:
        return [event for statement in self.said for event in statement.events if event.role in roles]

    @property
    def hits(self) -> list[Event]:
        return [event for event in self.events(*HITS) if event.level is not Level.UNKNOWN]


Row = Sequence[Cell]


def rows_of(text: str, lines: Sequence[tuple[int, tuple[str, ...]]], rules: LanguageRules, scale: Scale) -> list[Row]:
    """The cells of rows; each row is its offset and its cells, which the text joins by " | "."""
    found: list[Row] = []
    for start, cells in lines:
        row, place = [], start
        for cell in cells:
            end = place + len(cell)
            said = tuple(statements(text, (place, end), rules, scale))
            row.append(Cell(start=place, end=end, text=cell.strip(), said=said))
            place = end + len(" | ")
        found.append(row)
    return found


def grid_claims(rows: Sequence[Row], rules: LanguageRules) -> list[Claim] | None:
    """The claims of a table whose columns matter; None where its rows can be read as lines."""
    across = languages_across(rows)
    if across:
        return across
    crossed = _crosses(rows, rules)
    return crossed or None


def languages_across(rows: Sequence[Row]) -> list[Claim]:
    """Languages as columns, skills as rows."""
    for number, row in enumerate(rows):
        named = {place: names for place, cell in enumerate(row) if (names := cell.events(Role.NAME))}
        below = rows[number + 1 :]
        if len(named) < 2 or any(cell.hits for cell in row) or not below:
            continue
        if any(cell.events(Role.NAME) for other in below for cell in other[:1]):
            continue
        made = {
            place: Claim(code=names[0].code, start=names[0].start, end=names[0].end, statement=row[place].said[0])
            for place, names in named.items()
        }
        for other in below:
            for place, claim in made.items():
                if place < len(other):
                    claim.hits = [*claim.hits, *_decisive(other[place].hits)]
        if any(claim.hits for claim in made.values()):
            return list(made.values())
    return []


def _crosses(rows: Sequence[Row], rules: LanguageRules) -> list[Claim]:
    """Languages as rows, levels as columns, with a cross where a level holds."""
    made: list[Claim] = []
    headers: list[Row] = []
    for row in rows:
        named = next((place for place, cell in enumerate(row[:2]) if cell.events(Role.NAME)), None)
        if named is None:
            headers.append(row)
            continue
        name = row[named].events(Role.NAME)[0]
        claim = Claim(code=name.code, start=name.start, end=name.end, statement=row[named].said[0])
        for place, cell in enumerate(row[named:], start=named):
            marked = fold(cell.text.strip(" .()[]")) in rules.marks and bool(cell.text)
            claim.hits = [*claim.hits, *(_header_level(headers, row, place, cell) if marked else _decisive(cell.hits))]
        made.append(claim)
    crossed = any(
        hit for claim in made for hit in claim.hits if hit.role is Role.LEVEL and hit.linked and not hit.depth
    )
    marks = any(fold(cell.text) in rules.marks for row in rows for cell in row if cell.text)
    return made if marks and crossed else []


def _header_level(headers: Sequence[Row], row: Row, place: int, cell: Cell) -> list[Event]:
    """The level in the heading of a column. A heading over several columns stands once: rows differ in length."""
    for header in reversed(headers):
        levels = [(number, other.hits[0]) for number, other in enumerate(header) if other.hits]
        if not levels:
            continue
        exact = dict(levels).get(place - max(0, len(row) - len(header)) if len(row) != len(header) else place)
        if exact is None:
            continue
        return [Event(role=Role.LEVEL, start=cell.start, end=cell.end, level=exact.level, linked=True)]
    return []


def _decisive(hits: Sequence[Event]) -> list[Event]:
    """One level for a cell: a code before words."""
    codes = [hit for hit in hits if hit.role is not Role.LEVEL]
    return list(codes or hits)[:1]
