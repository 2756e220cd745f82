"""The terms of all rules in one language as a trie over stems, walked once along a text.

A trie rather than spaCy's PhraseMatcher: docs/decisions/0005-a-trie-over-stems.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from extraction.analyser import Analyser, Token
from extraction.rulebook.model import ANY, Rulebook, Terms

_JOINING = frozenset("\"'«»“”„‘’&()[]")  # marks that may stand inside a phrase


class Role(Enum):
    """What a term does in its rulebook."""

    PHRASE = auto()  # of a rule
    NOT_WITH = auto()  # cancels a rule
    CONCEPT = auto()
    CUE = auto()
    UNLESS = auto()  # makes a cue void
    SCOPE_END = auto()


@dataclass(frozen=True, slots=True)
class Hit:
    role: Role
    owner: str  # id of the rule, name of the concept or cue
    first: int  # indexes of tokens, last included
    last: int


Use = tuple[Role, str]


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
    wholes: _Node = field(default_factory=_Node)  # "coordinated with" is more than "coordinated"

    def hits(self, text: str, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every term in the tokens of one sentence; terms inside others too."""
        whole = [i for i, token in enumerate(tokens) if token.stem or text[token.start] not in _JOINING]
        kept = [i for i in whole if tokens[i].norm not in self.skipped]
        for trie, indexes, keys in (
            (self.stems, kept, [tokens[i].stem or "¶" for i in kept]),
            (self.norms, kept, [tokens[i].norm for i in kept]),
            (self.capitals, kept, [text[tokens[i].start : tokens[i].end] for i in kept]),
            (self.wholes, whole, [tokens[i].norm for i in whole]),
        ):
            for role, owner, first, last in _walk(trie, keys):
                yield Hit(role, owner, indexes[first], indexes[last])


def _walk(root: _Node, keys: Sequence[str]) -> Iterator[tuple[Role, str, int, int]]:
    starts = root.next
    for first, key in enumerate(keys):
        node, last = starts.get(key), first
        while node is not None:
            for role, owner in node.uses:
                yield role, owner, first, last
            last += 1
            if last == len(keys) or not node.next:
                break
            node = node.next.get(keys[last])


@lru_cache(maxsize=32)
def term_index(rulebook: Rulebook, analyser: Analyser, language: str) -> TermIndex:
    """The terms of a rulebook in a language, built when first needed."""
    skipped = {token.norm for term in _in(rulebook.skipped, language) for token in analyser.term(term, language)}
    index = TermIndex(frozenset(skipped))
    builder = _Builder(index, analyser, language)
    for rule in rulebook.rules:
        builder.add(rule.phrases, (Role.PHRASE, rule.id))
        builder.add_exact(rule.exact, (Role.PHRASE, rule.id))
        builder.add(rule.not_with, (Role.NOT_WITH, rule.id))
    for concept in rulebook.concepts.values():
        builder.add(concept.terms, (Role.CONCEPT, concept.name))
        builder.add_exact(concept.exact, (Role.CONCEPT, concept.name))
        builder.add_whole(concept.whole, (Role.CONCEPT, concept.name))
    for cue in rulebook.cues:
        builder.add_whole(cue.terms, (Role.CUE, cue.name))
        builder.add_whole(cue.unless, (Role.UNLESS, cue.name))
    builder.add_whole(rulebook.scope_ends, (Role.SCOPE_END, ""))
    return index


def _in(terms: Terms, language: str) -> tuple[str, ...]:
    return (*terms.get(language, ()), *terms.get(ANY, ()))


@dataclass(frozen=True, slots=True)
class _Builder:
    index: TermIndex
    analyser: Analyser
    language: str

    def add(self, terms: Terms, use: Use) -> None:
        for term in _in(terms, self.language):
            self._put(self.index.stems, [token.stem for token in self._tokens(term)], use)

    def add_exact(self, terms: Terms, use: Use) -> None:
        """Terms without their other forms; those written in capitals only in capitals."""
        for term in _in(terms, self.language):
            tokens = self._tokens(term)
            if term.isupper() and term.isascii():
                self._put(self.index.capitals, [term[token.start : token.end] for token in tokens], use)
            else:
                self._put(self.index.norms, [token.norm for token in tokens], use)

    def add_whole(self, terms: Terms, use: Use) -> None:
        """Terms with all their small words."""
        for term in _in(terms, self.language):
            self._put(self.index.wholes, [t.norm for t in self.analyser.term(term, self.language)], use)

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


def by_owner(hits: Sequence[Hit], role: Role) -> dict[str, list[Hit]]:
    """The hits of a role, by the rule, concept or cue that they belong to."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.role is role:
            found[hit.owner].append(hit)
    return found
