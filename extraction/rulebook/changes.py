"""What two states of the rules differ in, as the words by which the CVs are found that it may touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from extraction.analyser import LANGUAGES, OTHER, Analyser, Token
from extraction.rulebook.model import ANY, Concept, Cue, Rule, Rulebook, Terms
from extraction.rulebook.terms import term_index

Words = tuple[frozenset[str], ...]  # of one term: each word by the stems that it may have in a stored CV
Named = TypeVar("Named", Rule, Concept, Cue)

# Letters that are one in the normal form and that the Arabic stemmer tells apart, at the front of a word.
_ALIKE = {"ا": "اأإآٱ", "ي": "يىئی", "و": "وؤ", "ك": "كک"}
_FRONT = 5
UNBOUNDED = ("skipped", "sections", "enough", "scope_ends")  # parts of a rulebook that bear on texts of any words


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Terms, one of which must stand in a CV that two states of the rules tag otherwise."""

    terms: tuple[Words, ...]
    languages: frozenset[str]  # of the terms; ANY among them: all
    by_terms: bool  # nothing differs but terms: where a line holds the same ones, the same is found
    small: frozenset[str]  # stems of small words, over which a phrase steps

    def speaks(self, language: str) -> bool:
        """Whether a text in a language may hold one of the terms."""
        return ANY in self.languages or language in self.languages

    def lines(self, stems: str) -> list[int]:
        """The lines of a CV, by its stems (see outline.stems_of), in which the words of one may follow each other."""
        lines = [line.split() for line in stems.split("\n")]
        return [number for number, line in enumerate(lines) if any(self._follow(term, line) for term in self.terms)]

    def _follow(self, term: Words, stems: Sequence[str]) -> bool:
        return any(self._follow_from(place, term, stems) for place, stem in enumerate(stems) if stem in term[0])

    def _follow_from(self, place: int, term: Words, stems: Sequence[str]) -> bool:
        for word in term[1:]:
            place += 1
            while place < len(stems) and stems[place] not in word and stems[place] in self.small:
                place += 1
            if place >= len(stems) or stems[place] not in word:
                return False
        return True


def changed_terms(old: Rulebook, new: Rulebook, analyser: Analyser) -> Changed | None:
    """A CV that holds none of these terms is tagged alike by both; None: any CV may be tagged otherwise."""
    if any(getattr(old, name) != getattr(new, name) for name in UNBOUNDED):
        return None
    found: dict[Words, None] = {}
    languages: set[str] = set()
    for whole, terms in _changed(old, new):
        for key, listed in terms.items():
            languages.add(key)
            for language in (*LANGUAGES, OTHER) if key == ANY else (key,):
                for term in listed:
                    words = _words(term, language, new, analyser, whole=whole)
                    if not words:
                        return None
                    found[words] = None
    skipped = {word for listed in new.skipped.values() for word in listed}
    small = {token.stem for word in skipped for language in LANGUAGES for token in analyser.term(word, language)}
    return Changed(
        terms=tuple(found),
        languages=frozenset(languages),
        by_terms=_by_terms(old, new),
        small=frozenset(small),
    )


def _by_terms(old: Rulebook, new: Rulebook) -> bool:
    """Whether the two have the same rules, concepts and cues, which differ by their terms at most."""
    rules = all(one and other and _use(one) == _use(other) for one, other in _pairs(_tagging(old), _tagging(new)))
    return rules and all(one and other and one.scope is other.scope for one, other in _pairs(*map(_cues, (old, new))))


def _words(term: str, language: str, rulebook: Rulebook, analyser: Analyser, *, whole: bool) -> Words:
    tokens = [token for token in analyser.term(term, language) if token.stem]
    if not whole:
        skipped = term_index(rulebook, analyser, language).skipped
        tokens = [token for token in tokens if token.norm not in skipped] or tokens
    return tuple(_stems(token, language, analyser) for token in tokens)


def _stems(token: Token, language: str, analyser: Analyser) -> frozenset[str]:
    """A word that is found by its normal form may be written in several ways; in Arabic each has a stem of its own."""
    if language != "ar":
        return frozenset({token.stem})
    front = [_ALIKE.get(letter, letter) for letter in token.norm[:_FRONT]]
    written = ("".join(letters) + token.norm[_FRONT:] for letters in product(*front))
    return frozenset(one.stem for word in written for one in analyser.term(word, language)) | {token.stem}


def _changed(old: Rulebook, new: Rulebook) -> Iterator[tuple[bool, Terms]]:
    """Lists of terms that one of the two has alone; and whether their small words count."""
    for one, other in _pairs(_tagging(old), _tagging(new)):
        yield from _of_rule(one, other, old, new)
    for before, after in _pairs(old.concepts, new.concepts):
        for name in ("terms", "exact", "whole"):
            yield name == "whole", _apart(getattr(before, name, {}), getattr(after, name, {}))
    for cue, changed in _pairs(*map(_cues, (old, new))):
        if cue and changed and cue.scope is changed.scope:
            yield True, _apart(cue.terms, changed.terms)
            yield True, _apart(cue.unless, changed.unless)
        else:
            yield from ((True, one.terms) for one in (cue, changed) if one)


def _tagging(book: Rulebook) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in book.rules if not rule.group.startswith("signals/")}


def _cues(book: Rulebook) -> Mapping[str, Cue]:
    return {cue.name: cue for cue in book.cues}


def _pairs(old: Mapping[str, Named], new: Mapping[str, Named]) -> Iterator[tuple[Named | None, Named | None]]:
    return ((old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)))


def _of_rule(one: Rule | None, other: Rule | None, old: Rulebook, new: Rulebook) -> Iterator[tuple[bool, Terms]]:
    if one and other and _use(one) == _use(other):
        for name in ("phrases", "exact", "not_with"):
            yield False, _apart(getattr(one, name), getattr(other, name))
        return
    for rule, book in ((one, old), (other, new)):
        if rule is None:
            continue
        yield False, rule.phrases
        yield False, rule.exact
        for group in rule.together:  # without its first concept a group finds nothing
            concept = book.concepts[group.concepts[0]]
            yield False, concept.terms
            yield False, concept.exact
            yield True, concept.whole


def _use(rule: Rule) -> tuple[object, ...]:
    """What makes of a rule's terms a tag."""
    return (rule.group, rule.together, rule.not_with_concepts, rule.not_in_post, rule.only_in, rule.weight)


def _apart(one: Terms, other: Terms) -> Terms:
    """The terms that stand in one list alone, by language."""
    found = {key: set(one.get(key, ())) ^ set(other.get(key, ())) for key in dict.fromkeys((*one, *other))}
    return {key: tuple(sorted(terms)) for key, terms in found.items() if terms}
