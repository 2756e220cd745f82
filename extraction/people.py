"""Whose CVs a message carries: one person's in several files, or several people's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.forwards import all_within, is_attached
from domain.mail import ParsedMessage
from domain.profile import ReadDocument
from extraction.person import Identity, PersonRules, identify
from extraction.person.latin import Hints, shared_words
from extraction.person.same import compare
from extraction.structure import Structure

SURE = 0.6  # of a name: with less, the words at the head of a CV may be a post or a place


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
    pictured: bool


def people_of(
    cvs: Sequence[Structure], message: ParsedMessage, documents: Sequence[ReadDocument], *, rules: PersonRules
) -> list[Applicant]:
    """The people of these CVs, in the order of their first one."""
    names = {document.part_path: document.file_name for document in documents}
    pictures = {document.part_path for document in documents if document.text and document.text.ocr}
    seen = []
    for structure in cvs:
        author = author_of(structure.part_path, message)
        file_name = names.get(structure.part_path)
        alone, pictured = len(cvs) == 1, structure.part_path in pictures
        identity = identify(
            [structure], author, rules=rules, file_names=_named(file_name), alone=alone, pictured=pictured
        )
        seen.append(_Seen(structure, author, file_name, identity, alone, pictured))
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
    """One group for each person, in the order of their first CV."""
    groups: list[list[_Seen]] = []
    for one in seen:
        if _names_itself(one):
            group = next((group for group in groups if any(_is_same(one, other) for other in group)), None)
            if group is None:
                groups.append([one])
            else:
                group.append(one)
    nameless = [one for one in seen if not _names_itself(one)]
    for number, one in enumerate(nameless):
        group = _belongs_to(one, groups)
        if group is not None:
            group.append(one)
        elif groups or not number:  # of several that all name nobody, the sender is the one
            groups.append([one])
        else:
            groups[0].append(one)
    order = {id(one): number for number, one in enumerate(seen)}
    return sorted(groups, key=lambda group: min(order[id(one)] for one in group))


def _names_itself(one: _Seen) -> bool:
    """Whether a CV tells whose it is, so that it may be another person's than the CV beside it."""
    identity = one.identity
    if not identity.name or identity.doubts:
        return False
    return identity.name_sure >= SURE or bool(identity.emails or identity.phones)


def _belongs_to(one: _Seen, groups: Sequence[list[_Seen]]) -> list[_Seen] | None:
    """Whose annex or second part a nameless CV is: who has its address, is named by its file, or is the only one."""
    ours = set(one.identity.emails)
    for group in groups:
        theirs = {email for other in group for email in other.identity.emails}
        named = any(shared_words(other.identity.name, Hints.of(_named(one.file_name))) for other in group)
        if ours & theirs or (named and not ours):
            return group
    if len(groups) == 1 and not (ours and any(other.identity.emails for other in groups[0])):
        return groups[0]
    return None


def _is_same(one: _Seen, other: _Seen) -> bool:
    """Whether two CVs are of one person: one name, or one address and names that do not speak against it."""
    compared = compare(one.identity.name, other.identity.name)
    if compared.is_one:
        return True
    if not set(one.identity.emails) & set(other.identity.emails):
        return False
    # Families share an address. A name that is changed from one language to another is still one.
    return not compared.clash or (compared.shared > 0 and one.structure.language != other.structure.language)


def _applicant(group: Sequence[_Seen], places: tuple[str, ...], *, alone: bool, rules: PersonRules) -> Applicant:
    ranked = sorted(group, key=lambda one: (not _names_itself(one), -len(one.structure.posts)))
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
            pictured=all(one.pictured for one in ranked),
        )
    return Applicant(identity=identity, structures=structures, places=places)


def _all(file_names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(name for name in file_names if name)
