"""What is wrong with rules that can be read: terms that find nothing, or more than their author thinks.

Whether they find what they should is for their examples to say (extraction.rulebook.examples).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.errors import ConfigProblem
from extraction.analyser import Analyser
from extraction.rulebook.findings import find
from extraction.rulebook.listed import Form, Listed, Lists, languages_of
from extraction.rulebook.load import EVERYDAY, load_rulebook
from extraction.rulebook.model import LANGUAGES, Rule, Rulebook, Terms
from extraction.rulebook.person_lists import person_remarks
from extraction.rulebook.remarks import Remark
from extraction.rulebook.shape import Place, read_terms
from extraction.wordlists import read_word_list


class _Family(NamedTuple):
    """Words of one language that are cut to one stem."""

    language: str
    stem: str


def check_rules(folder: Path, analyser: Analyser) -> list[Remark]:
    """Everything to look at, by file and line, each once. ConfigProblem where the rules cannot be read."""
    rulebook = load_rulebook(folder)
    lists = Lists.of(rulebook, folder, analyser)
    terms = list(lists.all())
    everyday = read_terms(read_word_list(folder, EVERYDAY).keys("words"), lists.reading.place(EVERYDAY))
    if lists.reading.problems:
        raise ConfigProblem(*lists.reading.problems)
    families = _families(everyday, analyser)
    remarks = [
        *_without_language(lists),
        *_single_terms(terms, families),
        *_covered(terms),
        *_cancelled(terms),
        *_unused(lists),
        *_in_two_themes(terms),
        *_examples(lists),
        *person_remarks(folder, lists.reading),
    ]
    once = {(remark.kind, remark.place.name, remark.place.path, remark.message): remark for remark in remarks}
    return sorted(once.values(), key=lambda remark: remark.place.name)


def _without_language(lists: Lists) -> Iterator[Remark]:
    """A concept or a rule that finds nothing in one of the five languages."""
    concepts = lists.rulebook.concepts
    for concept in concepts.values():
        missing = _missing(languages_of(concept.terms, concept.exact, concept.whole))
        if missing:
            none = f"`{missing[:2]}: []` says that there is none"
            what = f"the concept {concept.name} has no term for {missing}; add one ({none})"
            yield _remark("missing language", lists.of_concept(concept), what, wrong=True)
    for rule in lists.rulebook.rules:
        reached = languages_of(rule.phrases, rule.exact)
        for group in rule.together:
            of_each = [concepts[name] for name in group.concepts]
            reached |= set.intersection(*(languages_of(one.terms, one.exact, one.whole) for one in of_each))
        if missing := _missing(reached):
            what = f"the rule {rule.id} has no term for {missing}; it finds nothing there"
            yield _remark("missing language", lists.of_rule(rule), what, wrong=True)


def _missing(languages: Iterable[str]) -> str:
    there = set(languages)
    return ", ".join(language for language in LANGUAGES if language not in there)


def _single_terms(terms: Sequence[Listed], families: Mapping[_Family, Mapping[str, str]]) -> Iterator[Remark]:
    """Terms of which nothing or one word is left, and single words that are found in words of another meaning."""
    written: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in terms:
        if one.alone:
            written[one.owner, one.role, one.language].add(one.alone.norm)
    for one in terms:
        tags = one.role == "phrases" and not one.owner.startswith("signals/")
        if not one.kept:
            what = (
                f"“{one.term}” holds small words and marks only and is never found; in a concept, list it under `whole`"
            )
            yield _remark("never found", one.place, what, wrong=True)
        elif one.alone and len(one.tokens) > 1 and one.form is not Form.WHOLE:
            what = f"“{one.term}” without its small words is “{one.alone.norm}” alone; write a longer phrase"
            theme = tags and one.owner.startswith("themes/")
            yield _remark("shrunk to one word", one.place, what, wrong=theme)
        if one.alone and one.form is Form.ANY:
            wanted = written[one.owner, one.role, one.language]
            others = families.get(_Family(one.language, one.alone.stem), {})
            if found := [word for norm, word in others.items() if norm not in wanted]:
                what = (
                    f"“{one.term}” is also found in “{found[0]}” ({one.language}), which means something else; "
                    "list it under `exact`, or write a longer phrase"
                )
                yield _remark("stem too wide", one.place, what, wrong=tags)


def _families(words: Terms, analyser: Analyser) -> dict[_Family, dict[str, str]]:
    """Language and stem → the everyday words of it, by their normal form."""
    found: dict[_Family, dict[str, str]] = defaultdict(dict)
    for language, listed in words.items():
        for word in listed:
            for token in analyser.tokens(word, language):
                found[_Family(language, token.stem)][token.norm] = word
    return found


def _covered(terms: Sequence[Listed]) -> Iterator[Remark]:
    """Terms that add nothing: a shorter one of the same list is found wherever they are."""
    groups: dict[tuple[str, str, Form, str], dict[tuple[str, ...], Listed]] = defaultdict(dict)
    for one in terms:
        if not one.kept:
            continue
        known = groups[one.owner, one.role, one.form, one.language]
        if one.keys in known:
            what = f"“{one.term}” is “{known[one.keys].term}” in another form, which is found by itself"
            yield _remark("said twice", one.place, what, wrong=False)
        else:
            known[one.keys] = one
    for known in groups.values():
        for keys, one in known.items():
            parts = {keys[i:j] for i in range(len(keys)) for j in range(i + 1, len(keys) + 1)} - {keys}
            shorter = next((known[part] for part in sorted(parts, key=len) if part in known), None)
            if shorter and shorter.place.path[:-2] == one.place.path[:-2]:
                what = f"“{one.term}” is found by “{shorter.term}” already"
                yield _remark("covered", one.place, what, wrong=False)


def _cancelled(terms: Sequence[Listed]) -> Iterator[Remark]:
    """Phrases that hold a word of their own rule's `not_with`: they never count."""
    cancels: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for one in terms:
        if one.role == "not_with" and one.kept:
            cancels[one.owner, one.language].add(one.keys)
    for one in terms:
        if one.role != "phrases":
            continue
        stems = tuple(token.stem for token in one.kept)
        for other in cancels.get((one.owner, one.language), ()):
            if any(stems[i : i + len(other)] == other for i in range(len(stems))):
                what = f"“{one.term}” holds a word of its rule's `not_with` and never counts; take one of them out"
                yield _remark("never found", one.place, what, wrong=True)


def _unused(lists: Lists) -> Iterator[Remark]:
    book = lists.rulebook
    used = {name for rule in book.rules for group in rule.together for name in group.concepts}
    used |= {name for rule in book.rules for name in rule.not_with_concepts}
    used |= {policy.unless for policy in book.sections.values() if policy.unless}
    for concept in book.concepts.values():
        if concept.name not in used:
            what = f"no rule uses the concept {concept.name}; name it in a rule, or take it out"
            yield _remark("unused concept", lists.of_concept(concept), what, wrong=False)


def _in_two_themes(terms: Sequence[Listed]) -> Iterator[Remark]:
    """The same phrase tags two themes. It may be meant: some work belongs to both."""
    first: dict[tuple[str, tuple[str, ...]], Listed] = {}
    for one in terms:
        if one.role != "phrases" or not one.owner.startswith("themes/") or not one.kept:
            continue
        other = first.setdefault((one.language, tuple(token.stem for token in one.kept)), one)
        if _group(other) != _group(one):
            what = f"“{one.term}” also stands in {other.owner}: it tags both themes"
            yield _remark("in two themes", one.place, what, wrong=False)


def _group(one: Listed) -> str:
    return one.owner.rpartition("/")[0]


def _examples(lists: Lists) -> Iterator[Remark]:
    """Rules that no example tries in a language, and examples that say less than they seem to."""
    for rule in lists.rulebook.rules:
        if missing := _missing(languages_of(rule.matches)):
            what = f"the rule {rule.id} has no sentence that must match for {missing}"
            yield _remark("no example", lists.of_rule(rule), what, wrong=False)
        if not rule.no_matches:
            what = f"the rule {rule.id} has no sentence that must not match"
            yield _remark("no example", lists.of_rule(rule), what, wrong=False)
        for language, number, sentence in _sentences(rule.no_matches):
            place = lists.of_rule(rule).at("examples", "no_match", language, number)
            if other := _found_otherwise(sentence, language, rule, lists):
                what = f"“{sentence}” must not match, yet {other.id} finds it and tags the same"
                yield _remark("found by another rule", place, what, wrong=False)


def _sentences(examples: Terms) -> Iterator[tuple[str, int, str]]:
    for language, sentences in examples.items():
        for number, sentence in enumerate(sentences):
            yield language, number, sentence


def _found_otherwise(sentence: str, language: str, rule: Rule, lists: Lists) -> Rule | None:
    book: Rulebook = lists.rulebook
    for finding in find(sentence, language, rulebook=book, analyser=lists.analyser):
        if finding.rule.group == rule.group and finding.rule is not rule and not finding.reason:
            return finding.rule
    return None


def _remark(kind: str, place: Place, message: str, *, wrong: bool) -> Remark:
    return Remark(kind=kind, wrong=wrong, place=place, message=message)
