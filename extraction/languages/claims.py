"""Which level belongs to which language: "English and French: fluent", "fluent English, basic French", lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from domain.profile import Level
from extraction.languages.events import HITS, Clause, Event, Statement
from extraction.languages.pairs import paired
from extraction.languages.rules import Role

_LIKELY = 0.5  # the share of known words from which a line of levels alone is one


@dataclass(slots=True, kw_only=True)
class Claim:
    """A language that the person claims, and the phrases on its level."""

    code: str
    start: int  # span of the name
    end: int
    statement: Statement
    hits: list[Event] = field(default_factory=list)


def claims(found: Iterable[Statement]) -> list[Claim]:
    """The claims of consecutive statements under one heading."""
    told = list(found)
    assignment = _Assignment(headed=not _ends_with_level(told))
    for statement in told:
        assignment.take(statement)
    return assignment.claims


def _ends_with_level(found: Iterable[Statement]) -> bool:
    """Whether the last line is a level alone: then a level stands under its language, not over a list of them."""
    roles = [[event.role for event in one.events if event.role is Role.NAME or event.role in HITS] for one in found]
    telling = [told for told in roles if told]
    return bool(telling) and Role.NAME not in telling[-1]


class _Assignment:
    """Reads statements in order and remembers what waits for its counterpart."""

    def __init__(self, *, headed: bool) -> None:
        self.headed = headed  # whether a level in a line of its own holds for all languages below it
        self.claims: list[Claim] = []
        self.waiting: list[Claim] = []  # languages that no level has been said of yet
        self.joined = False  # they stand together by "and"
        self.header: list[Event] = []  # a level that stands before its languages
        self.last: list[Claim] = []  # languages whose level stood behind them: more may follow

    def take(self, statement: Statement) -> None:
        events = [event for event in statement.events if event.role is Role.NAME or event.role in HITS]
        names = [event for event in events if event.role is Role.NAME]
        if statement.label:
            self.header = []
        if (
            statement.retracted
            or statement.other
            or (not names and (statement.foreign or _is_legend(statement, events)))
        ):
            self.waiting, self.header, self.last = [], [], []
            return
        if names:
            self.waiting, self.last = [], []
        pairs = paired(statement)
        if pairs:
            self.header = []
            self.last = [self._claim(statement, name, [hit]) for name, hit in pairs]
            return
        carried: list[Event] = []
        denied = False
        for clause in _parted(statement.clauses):
            self._tests(statement, clause)
            named = _names(clause)
            denied = denied or clause.denied_from is not None
            if denied and (clause.denied_from is None or not named or clause.denied_from < named[0].start):
                if not named:
                    self._withdraw(clause)
                elif not _hits(clause) or clause.denied_from is not None:
                    continue
                denied = denied and not _hits(clause)
            if clause.denied_from is not None and named and not _hits(clause):
                continue
            carried = self._clause(statement, clause, carried)

    def _tests(self, statement: Statement, clause: Clause) -> None:
        """A test result of a language that its clause does not name."""
        for test in _foreign_tests(clause):
            known = [claim for claim in self.claims if claim.code == test.code]
            if not known:
                known = [self._claim(statement, test, [])]
            known[-1].hits = [*known[-1].hits, test]
            if not _hits(clause):
                self.waiting, self.last = [claim for claim in self.waiting if claim not in known], known[-1:]

    def _withdraw(self, clause: Clause) -> None:
        """ "French: none" takes back the language before it."""
        if clause.denied_from is not None and not _hits(clause):
            for claim in self.waiting:
                self.claims.remove(claim)
            self.waiting = []

    def _clause(self, statement: Statement, clause: Clause, carried: list[Event]) -> list[Event]:
        names, hits = _names(clause), _hits(clause)
        if _are_paired(clause, names, hits):
            self.header, self.waiting = [], []
            self.last = [self._claim(statement, name, [hit]) for name, hit in zip(names, hits, strict=True)]
            return []
        if names and hits:
            self.header = []
            first_hit_leads = hits[0].start < names[0].start
            return self._levels_first(statement, clause) if first_hit_leads else self._names_first(statement, clause)
        if names and statement.not_own_from is not None and statement.not_own_from < names[0].start:
            return carried
        if names:
            self._names_only(statement, clause, carried)
        elif hits:
            return self._levels_only(statement, clause, carried)
        return carried

    def _levels_first(self, statement: Statement, clause: Clause) -> list[Event]:
        names = _names(clause)
        level: list[Event] = []
        after_name = False
        made: list[Claim] = []
        for event in _ordered(clause):
            if event.role is Role.NAME:
                made.append(self._claim(statement, event, level))
                after_name = True
            elif after_name and (event.depth or not any(name.start > event.start for name in names)):
                alike = not event.depth and all(claim.hits == level for claim in made)
                for claim in made if alike else made[-1:]:
                    claim.hits = [*claim.hits, event]
            else:
                level = [event] if after_name else [*level, event]
                after_name = False
        self.waiting, self.last = [], []
        return level

    def _names_first(self, statement: Statement, clause: Clause) -> list[Event]:
        both = any(event.role is Role.BOTH for event in clause.events)
        hits = _hits(clause)
        group: list[Claim] = []
        open_group = False
        shared = both
        for event in sorted(clause.events, key=lambda event: event.start):
            if event.role is Role.AND and not event.depth:
                shared = True
            elif event.role is Role.NAME and event in _names(clause):
                group = (
                    [*group, self._claim(statement, event, [])] if open_group else [self._claim(statement, event, [])]
                )
                open_group = True
            elif event in hits and group:
                of_all = shared or event.linked or event.plural
                if open_group and of_all and self.waiting:
                    group = [*self.waiting, *group]
                targets = group if of_all else group[-1:]
                for claim in targets:
                    claim.hits = [*claim.hits, event]
                self.waiting = [] if open_group else self.waiting
                open_group, self.last = False, group
                shared = both
        self.waiting = group if open_group else []
        return []

    def _names_only(self, statement: Statement, clause: Clause, carried: list[Event]) -> None:
        level = carried or self.header
        made = [self._claim(statement, name, level) for name in _names(clause)]
        self.joined = any(event.role is Role.AND for event in clause.events) or len(made) > 1
        if level:
            self.last = []
            self.header = self.header if self.headed else []
        else:
            self.waiting = [*self.waiting, *made]

    def _levels_only(self, statement: Statement, clause: Clause, carried: list[Event]) -> list[Event]:
        hits = _hits(clause)
        both = any(event.role is Role.BOTH for event in clause.events) or hits[0].linked
        likely = statement.coverage >= _LIKELY or statement.clauses[0] is not clause
        if self.waiting and likely:
            targets = self.waiting if both or self.joined else self.waiting[-1:]
            self.waiting, self.last = [], targets
        elif self.last and likely and _speaks_of_levels(clause, hits):
            targets = self.last
        elif likely:
            self.header = hits
            return hits
        else:
            return carried
        for claim in targets:
            claim.hits = [*claim.hits, *hits]
        return []

    def _claim(self, statement: Statement, name: Event, hits: list[Event]) -> Claim:
        claim = Claim(code=name.code, start=name.start, end=name.end, statement=statement, hits=list(hits))
        self.claims.append(claim)
        return claim


def _speaks_of_levels(clause: Clause, hits: list[Event]) -> bool:
    """Whether a clause without a language is on the one before it: not so "my studies having been in that medium"."""
    return clause.known > clause.unknown or any(hit.role is not Role.LEVEL for hit in hits)


def _are_paired(clause: Clause, names: list[Event], hits: list[Event]) -> bool:
    """Whether each language has its own of the levels behind them all: "Swahili and English (native and fluent)"."""
    if len(names) < 2 or len(names) != len(hits) or names[-1].start > hits[0].start:
        return False
    mixed = len({hit.level for hit in hits}) == len(hits) and hits[0].level is Level.NATIVE
    joined = any(event.role is Role.AND and hits[0].start < event.start < hits[-1].start for event in clause.events)
    return mixed and joined


def _parted(found: Iterable[Clause]) -> Iterator[Clause]:
    """Clauses, cut where one of them holds two.

    At an "and" behind which a level leads its language: "English well and a little French"; before a mother tongue
    whose language follows: "fluent in English beside my mother tongue Arabic"; and around parentheses that tell of a
    language by themselves: "bilingual French and English (mother tongue: French)".
    """
    for clause in found:
        inner = _aside(clause)
        yield from _cut_at_turn(replace(clause, events=[event for event in clause.events if event not in inner]))
        for _, part in groupby(inner, key=lambda event: event.role is Role.BREAK):
            yield replace(clause, events=[replace(event, depth=0) for event in part])


def _cut_at_turn(clause: Clause) -> Iterator[Clause]:
    place = _turn(clause)
    if place is None:
        yield clause
        return
    before, after = clause.events[:place], clause.events[place:]
    yield replace(clause, events=before)
    yield replace(clause, events=after if after[0].role in HITS else after[1:])  # an "and" belongs to neither


def _aside(clause: Clause) -> list[Event]:
    """The events in parentheses behind a language, where they name another one and its level."""
    inner = [event for event in clause.events if event.depth]
    names = [event for event in inner if event.role is Role.NAME]
    hits = [event for event in inner if event.role in HITS]
    heads = [event for event in clause.events if event.role is Role.NAME and not event.depth]
    if not heads or not names or not hits or heads[0].start > names[0].start:
        return []
    again = {name.code for name in names} <= {head.code for head in heads}
    leads = names[0].start < hits[0].start or names[0].linked or again
    return inner if leads else []


def _turn(clause: Clause) -> int | None:
    events = clause.events
    for place, event in enumerate(events):
        told = [other.role for other in events[:place] if not other.depth]
        following = [other.role for other in events[place + 1 :] if other.role in (*HITS, Role.NAME)]
        complete = Role.NAME in told and any(other.role in HITS for other in events[:place])
        turns = bool(following) and following[0] in HITS and Role.NAME in following
        if event.role is Role.AND and not event.depth and complete and turns:
            return place
        native = event.role is Role.LEVEL and event.level is Level.NATIVE and not event.depth
        if native and complete and not event.linked and following[:1] == [Role.NAME]:
            return place
    return None


def _names(clause: Clause) -> list[Event]:
    """The languages of a clause; one in parentheses after another only explains it (written and Levantine)."""
    found = [event for event in clause.events if event.role is Role.NAME]
    heads = [event for event in found if not event.depth]
    if not heads:
        return found
    return [event for event in found if not event.depth or event.start < heads[0].start]


def _hits(clause: Clause) -> list[Event]:
    foreign = _foreign_tests(clause)
    named = any(event.role is Role.NAME for event in clause.events)
    hits = [
        event
        for event in clause.events
        if event.role in HITS and event.level is not Level.UNKNOWN and event not in foreign
    ]
    strong = [event for event in hits if not event.weak]
    return strong or (hits if named else [])


def _foreign_tests(clause: Clause) -> list[Event]:
    named = {event.code for event in clause.events if event.role is Role.NAME}
    return [
        event
        for event in clause.events
        if event.role is Role.TEST and event.code and event.code not in named and event.level is not Level.UNKNOWN
    ]


def _ordered(clause: Clause) -> list[Event]:
    return sorted((*_names(clause), *_hits(clause)), key=lambda event: event.start)


def _is_legend(statement: Statement, events: list[Event]) -> bool:
    buckets = {event.level for event in events if event.role is Role.CODE}
    return len(buckets) == 3 or (statement.legend and len(events) > 1)
