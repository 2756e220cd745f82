"""Languages with as many levels beside them, one by one: "English and French, fluent and basic respectively"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from domain.profile import Level
from extraction.languages.events import HITS, Event, Statement
from extraction.languages.rules import Role

_SURE = 3  # languages from which as many levels belong to them one by one, though no word says so


def paired(statement: Statement) -> list[tuple[Event, Event]]:
    """Each language of a statement with its level, where they are told one by one; empty where they are not."""
    runs = [list(run) for _, run in groupby(_telling(statement), key=_is_name)]
    couples = list(zip(runs[::2], runs[1::2], strict=False))
    if not couples or len(runs) % 2 or any(len(some) != len(others) for some, others in couples):
        return []
    most = max(len(some) for some, _ in couples)
    told = any(clause.respectively for clause in statement.clauses)
    alone = len(runs) == 2 and _is_name(runs[0][0]) and most >= _SURE and not _tells_skills(statement)
    if not alone and not (told and most > 1):
        return []
    one_by_one = [pair for some, others in couples for pair in zip(some, others, strict=True)]
    return [(one, other) if _is_name(one) else (other, one) for one, other in one_by_one]


def _telling(statement: Statement) -> Sequence[Event]:
    hits = [event for event in statement.events if event.role in HITS and event.level is not Level.UNKNOWN]
    kept = [hit for hit in hits if not hit.weak] or hits
    return [event for event in statement.events if event.role is Role.NAME or event in kept]


def _is_name(event: Event) -> bool:
    return event.role is Role.NAME


def _tells_skills(statement: Statement) -> bool:
    """Whether the levels may be those of reading and writing, or of all the languages alike."""
    return any(event.role in (Role.SKILL, Role.BOTH) for event in statement.events)
