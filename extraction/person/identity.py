"""Who a CV is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from domain.mail import ParsedMessage
from extraction.lexicon import words
from extraction.person.contacts import contacts_of, countries_of_phones, names_in_addresses, stretches_of
from extraction.person.fields import Field, fields_of
from extraction.person.labels import NAME_KINDS, OTHER_PERSON
from extraction.person.latin import Hints, latin, shared_words
from extraction.person.lines import Line, lines_of
from extraction.person.names import Named, find_name
from extraction.person.nationality import nationalities
from extraction.person.residence import Likely, residence
from extraction.person.rules import PersonRules
from extraction.person.sender_names import from_message, signature_names
from extraction.structure import Structure

CLOSE = 6  # lines within which the words of a name belong together: forms put each into a field of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a person is and how to reach them, with how sure each statement is (0 to 1)."""

    name: str  # as written, without titles; empty where nobody is named anywhere
    name_latin: str  # for searching only
    name_sure: float
    name_from: str  # where the name was found, in words for staff
    emails: tuple[str, ...]  # own, lower-case
    phones: tuple[str, ...]  # own, E.164
    nationalities: tuple[str, ...]  # ISO 3166-1 alpha-2
    residence: str | None
    residence_sure: float
    doubts: tuple[str, ...]  # reasons for review, in words for staff


def identify(
    structures: Sequence[Structure],
    message: ParsedMessage,
    *,
    rules: PersonRules,
    file_names: Sequence[str] = (),
    alone: bool = True,
) -> Identity:
    """The person of these CVs (all of one person, the newest first).

    `message` is the one that the applicant wrote: the inner one of a forwarded application. `alone`: no other
    person's CV came with it, so that the contacts in what was written may be this person's. `file_names`: of the CVs.
    """
    sender = message.sender.name if message.sender else ""
    local_part = message.sender.email.split("@")[0] if message.sender else ""
    in_body = any(structure.part_path == "body" for structure in structures)
    signed = [] if in_body else list(signature_names(message.written, rules))
    hints = Hints.of([sender, local_part, *file_names, *signed])
    prepared = [(lines, fields_of(lines, rules)) for lines in map(lines_of, structures)]
    named = next(
        (
            found
            for lines, fields in prepared
            if (found := find_name(lines, fields, hints.and_of(names_in_addresses(lines, rules)), rules))
        ),
        None,
    )
    doubts = []
    if named is None:
        named = from_message(sender, message.written, file_names, rules) if alone else None
        if not (named and _is_named(named.name, structures, message.written if in_body else "")):
            doubts.append("The CV names nobody; the name comes from the message.")
    wrote = alone and not in_body and _wrote_it(named, Hints.of([sender, local_part, *signed]))
    written = message.written if wrote else ""
    lines = [line for part, _ in prepared for line in part]
    fields = [field for _, part in prepared for field in part]
    people = nationalities(lines, fields, rules, name=named.name if named else "")
    elsewhere = list(_without_names(lines, fields, named))
    stretches = stretches_of(lines, written, rules)
    lives = residence(elsewhere, fields, written, Likely(people, countries_of_phones(stretches, rules)), rules)
    country = lives.code if lives else (people[0] if len(people) == 1 else None)
    contacts = contacts_of(stretches, named.name if named else "", country, rules)
    return Identity(
        name=named.name if named else "",
        name_latin=latin(named.name) if named else "",
        name_sure=named.sure if named else 0.0,
        name_from=named.how if named else "",
        emails=contacts.emails,
        phones=contacts.phones,
        nationalities=people,
        residence=lives.code if lives else None,
        residence_sure=lives.sure if lives else 0.0,
        doubts=tuple(doubts),
    )


def _without_names(lines: Sequence[Line], fields: Sequence[Field], named: Named | None) -> Iterator[Line]:
    """The lines that do not tell the name of somebody, which may be that of a place: Guadalupe, Santiago, Jordan."""
    starts = {named.start} if named else set()
    starts |= {field.start for field in fields if field.kind in (*NAME_KINDS, OTHER_PERSON)}
    return (line for line in lines if not any(start in starts for start in range(line.start, line.end)))


def _is_named(name: str, structures: Sequence[Structure], written: str) -> bool:
    """Whether a CV holds the name all the same, in a form that no label explains, or in the signature below it.

    One word names nobody, nor does an address that is made of the name.
    """
    wanted = {word.key for word in words(name)}
    if written and wanted <= {word.key for word in words(written)}:
        return True
    return len(wanted) > 1 and any(_stands_in(wanted, structure.text) for structure in structures)


def _stands_in(wanted: Set[str], text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    held = [{word.key for word in words(" ".join(one for one in line.split() if "@" not in one))} for line in lines]
    return any(wanted <= set().union(*held[at : at + CLOSE]) for at in range(len(held)) if held[at] & wanted)


def _wrote_it(named: Named | None, hints: Hints) -> bool:
    """Whether the person wrote the message: its sender or signature has a word of the name, or nothing tells."""
    return named is None or not hints.known or shared_words(named.name, hints) > 0
