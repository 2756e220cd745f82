"""Whose CVs a message carries: one person's in several files, or several people's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.forwards import all_within, is_attached
from domain.mail import ParsedMessage
from domain.profile import ReadDocument
from extraction.lexicon import words
from extraction.person import Identity, PersonRules, identify
from extraction.person.latin import skeleton
from extraction.structure import Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    identity: Identity
    structures: tuple[Structure, ...]  # of this person's CVs, the one that tells most first
    places: tuple[str, ...]  # part paths in the order of the message

    def order(self, structure: Structure) -> int:
        return self.places.index(structure.part_path)


@dataclass(frozen=True, slots=True)
class _Seen:
    structure: Structure
    author: ParsedMessage
    file_name: str | None
    identity: Identity
    alone: bool  # how it was identified


def people_of(
    cvs: Sequence[Structure], message: ParsedMessage, documents: Sequence[ReadDocument], *, rules: PersonRules
) -> list[Applicant]:
    """The people of these CVs, in the order of their first one."""
    names = {document.part_path: document.file_name for document in documents}
    seen = []
    for structure in cvs:
        author = author_of(structure.part_path, message)
        file_name = names.get(structure.part_path)
        identity = identify([structure], author, rules=rules, file_names=_named(file_name), alone=len(cvs) == 1)
        seen.append(_Seen(structure, author, file_name, identity, len(cvs) == 1))
    groups = _groups(seen)
    places = tuple(structure.part_path for structure in cvs)
    return [_applicant(group, places, alone=len(groups) == 1, rules=rules) for group in groups]


def author_of(part_path: str, message: ParsedMessage) -> ParsedMessage:
    """The message that the applicant wrote: the attached original with the CV in it, or the text forwarded with it."""
    for nested in message.nested:
        if any(part.path == part_path for part in nested.parts):
            return author_of(part_path, nested)
    inline = (inner for nested in message.nested if not is_attached(nested) for inner in (*all_within(nested), nested))
    return next((inner for inner in inline if inner.sender), message)


def _named(file_name: str | None) -> tuple[str, ...]:
    return (file_name,) if file_name else ()


def _groups(seen: Sequence[_Seen]) -> list[list[_Seen]]:
    groups: list[list[_Seen]] = []
    for one in seen:
        for group in groups:
            if any(_is_same(one.identity, other.identity) for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    named = [group for group in groups if any(_has_own_name(one.identity) for one in group)]
    nameless = [group for group in groups if group not in named]
    if len(named) == 1 and nameless:  # an annex of the one who is named
        return [[one for group in groups for one in group]]
    if not named and len(nameless) > 1:
        return [[one for group in nameless for one in group]]
    return groups


def _has_own_name(identity: Identity) -> bool:
    return bool(identity.name) and not identity.doubts


def _is_same(one: Identity, other: Identity) -> bool:
    """Whether two CVs are of one person: the same address, or no word of the shorter name is missing in the longer."""
    if set(one.emails) & set(other.emails):
        return True
    ours, theirs = _words(one), _words(other)
    shorter = min(len(ours), len(theirs))
    return shorter >= 2 and len(ours & theirs) >= shorter


def _words(identity: Identity) -> frozenset[str]:
    name = identity.name_latin or identity.name
    return frozenset(skeleton(name[word.start : word.end]) for word in words(name))


def _applicant(group: Sequence[_Seen], places: tuple[str, ...], *, alone: bool, rules: PersonRules) -> Applicant:
    ranked = sorted(group, key=lambda one: (not _has_own_name(one.identity), -len(one.structure.posts)))
    structures = tuple(one.structure for one in ranked)
    if len(group) == 1 and alone == ranked[0].alone:
        identity = ranked[0].identity
    else:
        identity = identify(
            structures,
            ranked[0].author,
            rules=rules,
            file_names=_all(one.file_name for one in ranked),
            alone=alone,
        )
    return Applicant(identity=identity, structures=structures, places=places)


def _all(file_names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(name for name in file_names if name)
