"""What an edit of the rules would change over the whole roster, before it goes live.

Both states of the rules are tried on the same stored texts, so that a difference is the edit's alone. These texts have
passed the same analysis in the sandbox before they were stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol

from domain.profile import Evidence, LanguageSkill, Tag
from extraction.analyser import Analyser
from extraction.languages import LanguageRules, language_skills
from extraction.outline import from_outline
from extraction.rulebook import Rulebook
from extraction.rulebook.changes import changed_terms
from extraction.structure import Outlined
from extraction.tagging import TwoStates, tags_of
from roster.retagging import StoredCv, decided, everybody, people_with, stored_cvs, without_outline
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
    trial: _Trial = _FullTrial(old=old, new=new, analyser=analyser)
    if changed is not None:
        states = TwoStates(old=old.rulebook, new=new.rulebook, changed=changed, analyser=analyser)
        trial = _BoundedTrial(states=states)
    people = everybody(store) if changed is None else people_with(store, changed.terms)
    touched: list[Sequence[Change]] = []
    for number, (person, cvs) in enumerate(groupby(stored_cvs(store, people), key=lambda cv: cv.person), 1):
        found = trial.of_person(person, list(cvs))
        if found is not None:
            touched.append(found)
        if each:
            each(number, len(people))
    changes = [change for of_person in touched for change in of_person]
    kept = decided(store, sorted({change.person for change in changes}))
    return Impact(
        looked_at=len(touched),
        unbounded=changed is None and not full,
        unknown=without_outline(store),
        changes=tuple(change for change in changes if (change.person, change.key) not in kept),
    )


class _Trial(Protocol):
    """Both states of the rules tried on people's CVs."""

    def of_person(self, person: int, stored: Sequence[StoredCv]) -> Sequence[Change] | None:
        """What changes for a person; None where the edit touches none of their CVs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _BoundedTrial:
    """Where terms alone bound what may differ."""

    states: TwoStates

    def of_person(self, person: int, stored: Sequence[StoredCv]) -> Sequence[Change] | None:
        if not any(self.states.may_differ(one.outline, one.stems) for one in stored):
            return None
        compared = [(day, [self.states.compare(cv, stems) for cv, stems in cvs]) for day, cvs in _by_message(stored)]
        if not any(one.differ for _, cvs in compared for one in cvs):
            return None
        before, after = _Tagged({}, {}), _Tagged({}, {})
        for day, cvs in compared:
            for tagged, (themes, inputs) in zip((before, after), self.states.tags(cvs, now=day), strict=True):
                tagged.keep((*themes, *inputs))
        return list(_of_tags(person, before.tags, after.tags))


@dataclass(frozen=True, slots=True, kw_only=True)
class _FullTrial:
    """Where nothing is known of what may differ."""

    old: TagRules
    new: TagRules
    analyser: Analyser

    def of_person(self, person: int, stored: Sequence[StoredCv]) -> Sequence[Change] | None:
        before, after = _Tagged({}, {}), _Tagged({}, {})
        for day, read in _by_message(stored):
            cvs = [cv for cv, _ in read]
            for tagged, rules in ((before, self.old), (after, self.new)):
                themes, inputs = tags_of(cvs, rulebook=rules.rulebook, analyser=self.analyser, now=day)
                tagged.keep((*themes, *inputs))
                if rules.languages:
                    tagged.speak(language_skills([cv.structure for cv in cvs], rules=rules.languages))
        return [*_of_tags(person, before.tags, after.tags), *_of_languages(person, before.spoken, after.spoken)]


def _by_message(stored: Sequence[StoredCv]) -> Iterator[tuple[date, list[tuple[Outlined, str]]]]:
    """The CVs that came together, with their stems and the day of their message."""
    for _, group in groupby(stored, key=lambda cv: cv.message):
        together = list(group)
        cut = ((from_outline(one.outline, one.text, part_path=one.part_path), one.stems) for one in together)
        yield together[0].arrived_at.date(), [(cv, stems) for cv, stems in cut if cv]


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
