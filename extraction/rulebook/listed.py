"""Every term of every list of a rulebook, as the program looks for it: with its words, its stems and its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from extraction.analyser import Analyser, Token
from extraction.rulebook.model import ANY, LANGUAGES, Concept, Rule, Rulebook, Terms
from extraction.rulebook.shape import Place, Reading
from extraction.rulebook.terms import term_index


class Form(Enum):
    """In which forms a term is found."""

    ANY = auto()  # in all, by its stems
    EXACT = auto()  # as written, but for small words
    WHOLE = auto()  # as written, small words and all


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    owner: str  # id of the rule, name of the concept
    role: str  # "phrases", "not_with" or "concept"
    form: Form
    language: str  # in which it is found; a term under `any` is listed once for each
    term: str  # as staff write it
    tokens: tuple[Token, ...]  # its words, small ones too
    kept: tuple[Token, ...]  # those that are compared
    place: Place

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(token.stem if self.form is Form.ANY else token.norm for token in self.kept)

    @property
    def alone(self) -> Token | None:
        """The word that a term is, where it is one."""
        return self.kept[0] if len(self.kept) == 1 else None


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a rulebook with the places of their terms in the folder of rules that it was read from."""

    rulebook: Rulebook
    analyser: Analyser
    reading: Reading

    @classmethod
    def of(cls, rulebook: Rulebook, folder: Path, analyser: Analyser) -> Lists:
        return cls(rulebook, analyser, Reading(folder=folder))

    def all(self) -> Iterator[Listed]:
        """All terms of rules and concepts, in the order of the rulebook."""
        for rule in self.rulebook.rules:
            place = self.of_rule(rule)
            yield from self._listed(rule.id, "phrases", Form.ANY, rule.phrases, place.at("phrases"))
            yield from self._listed(rule.id, "phrases", Form.EXACT, rule.exact, place.at("exact"))
            yield from self._listed(rule.id, "not_with", Form.ANY, rule.not_with, place.at("not_with"))
        for concept in self.rulebook.concepts.values():
            place = self.of_concept(concept)
            yield from self._listed(concept.name, "concept", Form.ANY, concept.terms, place)
            yield from self._listed(concept.name, "concept", Form.EXACT, concept.exact, place.at("exact"))
            yield from self._listed(concept.name, "concept", Form.WHOLE, concept.whole, place.at("whole"))

    def of_rule(self, rule: Rule) -> Place:
        return self.reading.place(rule.file).rule(rule)

    def of_concept(self, concept: Concept) -> Place:
        return self.reading.place(concept.file).at("concepts", concept.name)

    def _listed(self, owner: str, role: str, form: Form, terms: Terms, place: Place) -> Iterator[Listed]:
        for key, listed in terms.items():
            for number, term in enumerate(listed):
                for language in LANGUAGES if key == ANY else (key,):
                    tokens = self.analyser.tokens(term, language)
                    if form is not Form.WHOLE:
                        tokens = tuple(token for token in tokens if token.stem)
                    skipped = term_index(self.rulebook, self.analyser, language).skipped
                    kept = tokens if form is Form.WHOLE else tuple(t for t in tokens if t.norm not in skipped)
                    yield Listed(
                        owner=owner,
                        role=role,
                        form=form,
                        language=language,
                        term=term,
                        tokens=tokens,
                        kept=kept,
                        place=place.at(key, number),
                    )


def languages_of(*lists: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The languages that a list has terms for. An empty one says that a language has none, and on purpose."""
    return {language for terms in lists for key in terms for language in (LANGUAGES if key == ANY else (key,))}
