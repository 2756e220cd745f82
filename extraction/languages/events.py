"""What a statement on languages says: phrases that matter, in clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.profile import Level
from extraction.languages.rules import Role

HITS = (Role.LEVEL, Role.CODE, Role.TEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A phrase that matters, where it stands."""

    role: Role
    start: int
    end: int
    code: str = ""  # of a language
    level: Level = Level.UNKNOWN
    weak: bool = False  # as in Term
    plural: bool = False  # as in Term
    depth: int = 0  # of parentheses
    linked: bool = False  # a colon or dash stands before it


@dataclass(slots=True, kw_only=True)
class Clause:
    events: list[Event] = field(default_factory=list)
    known: int = 0  # words that belong to statements on languages
    unknown: int = 0
    denied_from: int | None = None  # offset of a denial
    of_others: tuple[int, int] | None = None  # offset and depth of a word for other people
    theirs: bool = False  # what stands before that word is theirs too: "spoken at home by my wife"
    planned: tuple[int, int] | None = None  # depth of parentheses and offset of a word for the future
    respectively: bool = False  # its levels belong to its languages one by one


@dataclass(slots=True, kw_only=True)
class Statement:
    """A sentence, a line or an item of a list."""

    start: int
    end: int
    clauses: list[Clause] = field(default_factory=list)
    label: bool = False  # begins with "Languages", "Other languages"
    other: bool = False  # begins with words for something else, such as a driving licence
    legend: bool = False  # explains a scale
    claims: bool = False
    first_person: bool = False  # "I", "my"
    not_mine_from: int | None = None  # offset of a word for people whom one hires or teaches
    not_own_from: int | None = None  # offset of a word for works or for other people
    speaks: bool = False
    retracted: bool = False  # takes back what it says: "weak, so I do not list it"
    foreign: bool = False  # its label is neither a language nor a level: "Typing: excellent"

    @property
    def events(self) -> Iterator[Event]:
        for clause in self.clauses:
            yield from clause.events

    @property
    def coverage(self) -> float:
        """The share of its words that belong to a statement on languages."""
        known = sum(clause.known for clause in self.clauses)
        unknown = sum(clause.unknown for clause in self.clauses)
        return known / (known + unknown) if known + unknown else 0.0


def forget_planned(clause: Clause) -> None:
    """A test that is still to come counts for nothing, nor does a code that is worked towards."""
    if clause.planned is None:
        return
    depth, place = clause.planned
    tests = [event for event in clause.events if event.role is Role.TEST]
    first = tests[0].start if tests else place
    breaks = [event.start for event in clause.events if event.role is Role.BREAK]

    def counts(event: Event) -> bool:
        apart = any(min(event.start, place) < one < max(event.start, place) for one in breaks)
        future = event.depth >= depth and event.start >= first and not apart
        return event.role not in (Role.TEST, Role.CODE) or not future

    clause.events = [event for event in clause.events if counts(event)]


def forget_others(clause: Clause) -> None:
    """What is said of other people, up to the end of the parentheses or of the clause."""
    if clause.of_others:
        place, depth = clause.of_others
        joints = (event.end for event in clause.events if event.role in (Role.NAME, Role.AND) and event.start < place)
        theirs = range(max(joints, default=0), place) if clause.theirs else range(0)
        clause.events = [
            event
            for event in clause.events
            if (event.start < place or event.depth < depth)
            and not (event.start in theirs and event.level is Level.NATIVE)
        ]
