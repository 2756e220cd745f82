"""The terms of all rules in one language as a trie over stems, walked once along a text.

A trie rather than spaCy's PhraseMatcher: docs/decisions/0005-a-trie-over-stems.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from extraction.analyser import Analyser, Token
from extraction.rulebook.model import ANY, Rulebook, Terms

_JOINING = frozenset("\"'«»“”„‘’&()[]")  # marks that may stand inside a phrase


class Role(StrEnum):  # of strings: its members are keys by the thousand
    """What a term does in its rulebook."""

    PHRASE = auto()  # of a rule
    NOT_WITH = auto()  # cancels a rule
    CONCEPT = auto()
    CUE = auto()
    UNLESS = auto()  # makes a cue void
    SCOPE_END = auto()


class Hit(NamedTuple):  # made by the thousand: a dataclass takes three times as long
    role: Role
    owner: str  # id of the rule, name of the concept or cue
    first: int  # indexes of tokens, last included
    last: int


Use = tuple[Role, str]
_ROLES = tuple(Role)
_made = tuple.__new__  # what Hit() does, in a third of the time


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)


@dataclass(slots=True)
class TermIndex:
    """All terms of a rulebook in one language."""

    skipped: frozenset[str]
    stems: _Node = field(default_factory=_Node)
    norms: _Node = field(default_factory=_Node)
    capitals: _Node = field(default_factory=_Node)
    capital_norms: set[str] = field(default_factory=set)  # of the first words of those: most sentences have none
    wholes: _Node = field(default_factory=_Node)  # "coordinated with" is more than "coordinated"

    def hits(self, text: str, tokens: Sequence[Token]) -> list[Hit]:
        """Every term in the tokens of one sentence; terms inside others too."""
        whole = [i for i, token in enumerate(tokens) if token.stem or text[token.start] not in _JOINING]
        norms = [tokens[i].norm for i in whole]
        kept = [i for i, norm in zip(whole, norms, strict=True) if norm not in self.skipped]
        kept_norms = [tokens[i].norm for i in kept]
        found = [*_walk(self.stems, [tokens[i].stem or "¶" for i in kept], kept), *_walk(self.norms, kept_norms, kept)]
        if not self.capital_norms.isdisjoint(kept_norms):
            found += _walk(self.capitals, [text[tokens[i].start : tokens[i].end] for i in kept], kept)
        found += _walk(self.wholes, norms, whole)
        return found


def _walk(root: _Node, keys: Sequence[str], indexes: Sequence[int]) -> Iterator[Hit]:
    starts = root.next
    for first in [place for place, key in enumerate(keys) if key in starts]:  # most words begin no term
        yield from _from(starts[keys[first]], keys, indexes, first)


def _from(node: _Node, keys: Sequence[str], indexes: Sequence[int], first: int) -> Iterator[Hit]:
    """The terms that begin with a word; `node` is where it leads."""
    last, begins = first, indexes[first]
    while True:
        for role, owner in node.uses:
            yield _made(Hit, (role, owner, begins, indexes[last]))
        last += 1
        following = node.next.get(keys[last]) if last < len(keys) else None
        if following is None:
            return
        node = following


@lru_cache(maxsize=32)
def term_index(rulebook: Rulebook, analyser: Analyser, language: str) -> TermIndex:
    """The terms of a rulebook in a language, built when first needed."""
    skipped = {token.norm for term in _in(rulebook.skipped, language) for token in analyser.term(term, language)}
    index = TermIndex(frozenset(skipped))
    builder = _Builder(index, analyser, language)
    listed = [(add, _in(terms, language), use) for add, terms, use in _listed(rulebook, builder)]
    analyser.term("\n".join(chain.from_iterable(terms for _, terms, _ in listed)), language)  # learnt all at once
    for add, terms, use in listed:
        for term in terms:
            add(term, use)
    return index


def _listed(rulebook: Rulebook, builder: _Builder) -> Iterator[tuple[Callable[[str, Use], None], Terms, Use]]:
    """All lists of terms with their use, and how each of their terms is put into the index."""
    for rule in rulebook.rules:
        yield builder.add, rule.phrases, (Role.PHRASE, rule.id)
        yield builder.add_exact, rule.exact, (Role.PHRASE, rule.id)
        yield builder.add, rule.not_with, (Role.NOT_WITH, rule.id)
    for concept in rulebook.concepts.values():
        yield builder.add, concept.terms, (Role.CONCEPT, concept.name)
        yield builder.add_exact, concept.exact, (Role.CONCEPT, concept.name)
        yield builder.add_whole, concept.whole, (Role.CONCEPT, concept.name)
    for cue in rulebook.cues:
        yield builder.add_whole, cue.terms, (Role.CUE, cue.name)
        yield builder.add_whole, cue.unless, (Role.UNLESS, cue.name)
    yield builder.add_whole, rulebook.scope_ends, (Role.SCOPE_END, "")


def _in(terms: Terms, language: str) -> tuple[str, ...]:
    return (*terms.get(language, ()), *terms.get(ANY, ()))


@dataclass(frozen=True, slots=True)
class _Builder:
    index: TermIndex
    analyser: Analyser
    language: str

    def add(self, term: str, use: Use) -> None:
        self._put(self.index.stems, [token.stem for token in self._tokens(term)], use)

    def add_exact(self, term: str, use: Use) -> None:
        """A term without its other forms; one written in capitals only in capitals."""
        tokens = self._tokens(term)
        if term.isupper() and term.isascii():
            self._put(self.index.capitals, [term[token.start : token.end] for token in tokens], use)
            self.index.capital_norms.update(token.norm for token in tokens[:1])
        else:
            self._put(self.index.norms, [token.norm for token in tokens], use)

    def add_whole(self, term: str, use: Use) -> None:
        """A term with all its small words."""
        self._put(self.index.wholes, [token.norm for token in self.analyser.term(term, self.language)], use)

    def _tokens(self, term: str) -> list[Token]:
        tokens = [token for token in self.analyser.term(term, self.language) if token.stem]
        return [token for token in tokens if token.norm not in self.index.skipped] or tokens

    @staticmethod
    def _put(node: _Node, keys: Sequence[str], use: Use) -> None:
        if not keys:
            return
        for key in keys:
            node = node.next.setdefault(key, _Node())
        if use not in node.uses:
            node.uses.append(use)


def by_owner(hits: Sequence[Hit]) -> dict[Role, dict[str, list[Hit]]]:
    """The hits of each role, by the rule, concept or cue that they belong to."""
    found: dict[Role, dict[str, list[Hit]]] = {role: {} for role in _ROLES}
    for hit in hits:
        found[hit.role].setdefault(hit.owner, []).append(hit)
    return found
