"""Rules as values. They know nothing of files and of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.profile import SectionKind

LANGUAGES = ("en", "fr", "es", "ar", "ru")
ANY = "any"  # terms under this key count in every language: abbreviations, names of programmes

Terms = Mapping[str, tuple[str, ...]]  # language or ANY → terms as staff write them


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A named list of terms of one meaning."""

    name: str
    file: str = ""  # below config/rules
    terms: Terms = field(default_factory=dict)  # found in all their forms
    exact: Terms = field(default_factory=dict)  # found as written, but for case and accents
    whole: Terms = field(default_factory=dict)  # the same, small words and all: "on leave" is not "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Concepts that must all be found in one sentence, or in a few that follow each other."""

    concepts: tuple[str, ...]
    sentences: int = 1  # in how many consecutive ones
    near: int | None = None  # most words between the first and the last of them; None: anywhere in the sentence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    id: str  # unique in the whole folder: group/name
    group: str  # what it speaks for: themes/KEY, inputs/KEY, signals/NAME
    about: str
    file: str
    phrases: Terms = field(default_factory=dict)
    exact: Terms = field(default_factory=dict)
    together: tuple[Together, ...] = ()
    not_with: Terms = field(default_factory=dict)
    not_with_concepts: tuple[str, ...] = ()
    not_in_post: tuple[str, ...] = ()  # concepts that cancel from an earlier sentence of the same post, too
    only_in: frozenset[SectionKind] = frozenset()  # empty: wherever the policy of sections allows
    weight: float = 1.0
    matches: Terms = field(default_factory=dict)  # examples that must match
    no_matches: Terms = field(default_factory=dict)  # examples that must not

    @property
    def key(self) -> str:
        return self.group.partition("/")[2]


class Scope(StrEnum):
    """Which words of a sentence a cue speaks of."""

    AFTER = "after"  # those that follow, up to a word that ends it (but, mais, pero, لكن, но)
    CLAUSE = "clause"  # all between two such words
    NEXT = "next"  # the few that follow, up to the next comma or other mark
    NAME = "name"  # the same, where the cue begins a name: with a capital, in scripts that have them
    NAME_END = "name_end"  # the few before it, where it ends a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that say that what is named was no work of this person: wished for, denied, attended, a name."""

    name: str
    reason: str  # in words for staff
    scope: Scope
    terms: Terms
    unless: Terms = field(default_factory=dict)  # in the same clause, they make the cue void


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPolicy:
    """What a match in a section is worth."""

    weight: float  # 0: never counted
    reason: str = ""  # why not, in words for staff
    unless: str | None = None  # a concept: in its presence, the sentence counts all the same (a thesis)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFilter:
    """A header by which a mail server says that it takes a mail for spam."""

    name: str
    header: str  # lower-case
    pattern: str | None = None  # a regular expression; None where a number is compared
    at_least: float | None = None  # the first number of the header; None where a pattern is looked for
    weight: float = 1.0  # 1 is enough alone


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rulebook:
    """All rules in force, from one state of the folder."""

    rules: tuple[Rule, ...]
    concepts: Mapping[str, Concept]
    cues: tuple[Cue, ...]
    scope_ends: Terms
    skipped: Terms  # function words: no phrase depends on them
    sections: Mapping[SectionKind, SectionPolicy]
    enough: Mapping[str, float]  # group → weight of evidence from which on a tag holds
    filters: tuple[HeaderFilter, ...]
    hash: str  # SHA-256 over the names and bytes of all rule files, hex
