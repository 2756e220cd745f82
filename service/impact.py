"""What an edit of the rules would change over the whole roster, before it goes live.

Both states of the rules are tried on the same stored texts, so that a difference is the edit's alone. These texts have
passed the same analysis in the sandbox before they were stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.profile import Evidence, LanguageSkill, Tag
from extraction.analyser import Analyser
from extraction.languages import LanguageRules, language_skills
from extraction.outline import from_outline
from extraction.rulebook import Rulebook
from extraction.rulebook.changes import Changed, changed_terms
from extraction.tagging import finds_otherwise, tags_of
from roster.retagging import StoredCv, cvs_with, decided, everybody, stored_cvs, without_outline
from roster.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRules:
    """The rules that make tags of a CV as it was cut when it came."""

    rulebook: Rulebook
    languages: LanguageRules | None = None  # None: not to be tried, since the edit does not touch them


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One person gains or loses a theme, an input, or a language with its level."""

    person: int
    key: str  # of a tag; of a language code and level: fr C
    gained: bool
    evidence: Evidence  # the first sentence that speaks for it: by the new rules, or by the old where it is lost
    reason: str = ""  # of a loss: why the sentence counts no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    looked_at: int  # people whose CVs the edit touches, or may touch where it is not bounded by words
    unbounded: bool  # no words bound what the edit may touch, so everybody was tried
    unknown: int  # CVs that were stored by an older program and cannot be tried
    changes: tuple[Change, ...]  # by person and key


def impact(
    store: Store,
    old: TagRules,
    new: TagRules,
    analyser: Analyser,
    *,
    full: bool = False,
    each: Callable[[int, int], object] | None = None,
) -> Impact:
    """Who gains and who loses what. Nothing is written.

    `full`: try everybody, not only whom the index gives. `each`: told after each person how many of how many are done.
    """
    changed = None if full or new.languages else changed_terms(old.rulebook, new.rulebook, analyser)
    people = everybody(store) if changed is None else _people_with(changed, store, old.rulebook, new.rulebook, analyser)
    changes: list[Change] = []
    for number, (person, cvs) in enumerate(groupby(stored_cvs(store, people), key=lambda cv: cv.person), 1):
        changes += _of_person(person, list(cvs), old, new, analyser)
        if each:
            each(number, len(people))
    kept = decided(store, sorted({change.person for change in changes}))
    return Impact(
        looked_at=len(people),
        unbounded=changed is None and not full,
        unknown=without_outline(store),
        changes=tuple(change for change in changes if (change.person, change.key) not in kept),
    )


def _people_with(changed: Changed, store: Store, old: Rulebook, new: Rulebook, analyser: Analyser) -> tuple[int, ...]:
    """Whose CVs hold a changed term that makes a difference to what is found where it stands."""
    found: set[int] = set()
    for stored in cvs_with(store, changed.terms):
        lines = [] if stored.person in found else changed.lines(stored.stems)
        cv = from_outline(stored.outline, stored.text, part_path=stored.part_path) if lines else None
        if cv and finds_otherwise(cv, lines, old=old, new=new, analyser=analyser):
            found.add(stored.person)
    return tuple(sorted(found))


def _of_person(
    person: int, stored: Sequence[StoredCv], old: TagRules, new: TagRules, analyser: Analyser
) -> Iterator[Change]:
    before, after = _Tagged({}, {}), _Tagged({}, {})
    for _, group in groupby(stored, key=lambda cv: cv.message):
        together = list(group)
        cvs = [cv for one in together if (cv := from_outline(one.outline, one.text, part_path=one.part_path))]
        day = together[0].arrived_at.date()
        for tagged, rules in ((before, old), (after, new)):
            themes, inputs = tags_of(cvs, rulebook=rules.rulebook, analyser=analyser, now=day)
            tagged.keep((*themes, *inputs))
            if rules.languages:
                tagged.speak(language_skills([cv.structure for cv in cvs], rules=rules.languages))
    yield from _of_tags(person, before.tags, after.tags)
    yield from _of_languages(person, before.spoken, after.spoken)


@dataclass(frozen=True, slots=True)
class _Tagged:
    """What the CVs of a person show, as the roster puts them together: see roster.entries."""

    tags: dict[str, Tag]
    spoken: dict[str, LanguageSkill]

    def keep(self, tags: Iterable[Tag]) -> None:
        """A theme once shown stays shown."""
        for tag in tags:
            if tag.key not in self.tags or (tag.holds and not self.tags[tag.key].holds):
                self.tags[tag.key] = tag

    def speak(self, skills: Iterable[LanguageSkill]) -> None:
        """Of a language the newest CV that names it tells."""
        self.spoken.update((skill.code, skill) for skill in skills)


def _of_tags(person: int, before: dict[str, Tag], after: dict[str, Tag]) -> Iterator[Change]:
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if other and other.holds and not (one and one.holds):
            yield Change(person=person, key=key, gained=True, evidence=other.evidence[0])
        elif one and one.holds and not (other and other.holds):
            lost = one.evidence[0]
            yield Change(person=person, key=key, gained=False, evidence=lost, reason=_why(lost, other))


def _why(lost: Evidence, tag: Tag | None) -> str:
    seen = tag.seen if tag else ()
    return next((place.reason for place in seen if place.sentence == lost.sentence), "no rule finds it any more")


def _of_languages(person: int, before: dict[str, LanguageSkill], after: dict[str, LanguageSkill]) -> Iterator[Change]:
    for code in sorted({*before, *after}):
        one, other = before.get(code), after.get(code)
        if one and other and one.level is other.level:
            continue
        for skill, gained in ((one, False), (other, True)):
            if skill:
                key = f"{code} {skill.level.value}"
                yield Change(person=person, key=key, gained=gained, evidence=skill.evidence[0])
