"""Who a CV is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from domain.mail import Address, ParsedMessage
from extraction.lexicon import words
from extraction.person.contacts import (
    contacts_of,
    countries_of_phones,
    names_in_addresses,
    says_same_address,
    stretches_of,
)
from extraction.person.fields import Field, fields_of
from extraction.person.labels import NAME_KINDS, OTHER_PERSON
from extraction.person.latin import Hints, latin, shared_words
from extraction.person.lines import Line, lines_of, without
from extraction.person.name_form import clean_name
from extraction.person.names import Named, find_name
from extraction.person.nationality import nationalities
from extraction.person.residence import Likely, residence
from extraction.person.rules import PersonRules
from extraction.person.sender_names import from_message, signature_names
from extraction.person.typed import as_typed
from extraction.structure import Structure

NO_NAME = "The CV names nobody; the name comes from the message."
UNREAD_NAME = "The name in the picture of the CV cannot be read; the name comes from the message."
_TWO = 2  # sources of a name that often are one: a mail program's sender and address
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
    doubts: tuple[str, ...] = ()  # reasons for review, in words for staff


def identify(
    structures: Sequence[Structure],
    message: ParsedMessage,
    *,
    rules: PersonRules,
    file_names: Sequence[str] = (),
    alone: bool = True,
    pictured: bool = False,
) -> Identity:
    """The person of these CVs (all of one person, the newest first).

    `message` is the one that the applicant wrote: the inner one of a forwarded application. `alone`: no other
    person's CV came with it, so that the contacts in what was written may be this person's. `file_names`: of the CVs.
    `pictured`: they were recognised from pictures, which may have a name that could not be read.
    """
    sender = message.sender.name if message.sender else ""
    local_part = message.sender.email.split("@")[0] if message.sender else ""
    in_body = any(structure.part_path == "body" for structure in structures)
    signed = [] if in_body else list(signature_names(message.written, rules))
    hints = Hints.of([sender, local_part, *file_names, *signed])
    read = [(lines, fields_of(lines, rules)) for lines in map(lines_of, structures)]
    told = (find_name(*one, hints.and_of(names_in_addresses(one[0], rules)), rules) for one in read)
    named = next(filter(None, told), None)
    doubts: tuple[str, ...] = ()
    if named:
        typed = [clean_name(text, rules) for text in (sender, *signed)]
        named = replace(named, name=as_typed(named.name, typed, particles=rules.particles, pictured=pictured))
    else:
        text = "\n".join(structure.text for structure in structures)
        named = from_message(message, file_names, rules, like=text) if alone else None
        held = named and _is_named(named.name, structures, message.written if in_body else "")
        if not held and not (named and pictured and _is_the_senders(text, named, message)):
            doubts = (UNREAD_NAME if pictured else NO_NAME,)
    wrote = alone and not in_body and _wrote_it(named, Hints.of([sender, local_part, *signed]))
    found = _facts(read, named, message.written if wrote else "", message.sender if wrote or in_body else None, rules)
    return replace(found, doubts=doubts)


def _facts(
    read: Sequence[tuple[list[Line], list[Field]]],
    named: Named | None,
    written: str,
    author: Address | None,
    rules: PersonRules,
) -> Identity:
    """All but the doubts. `written`: in the message by this person; `author`: its sender where that is this person."""
    name = named.name if named else ""
    lines = [line for part, _ in read for line in part]
    fields = [field for _, part in read for field in part]
    people = nationalities(lines, fields, rules, name=name)
    stretches = stretches_of(lines, written, rules)
    likely = Likely(people, countries_of_phones(stretches, rules))
    lives = residence(list(_without_names(lines, fields, named)), fields, written, likely, rules)
    country = lives.code if lives else (people[0] if len(people) == 1 else None)
    contacts = contacts_of(stretches, name, country, rules)
    same = author and says_same_address((line.text for line in lines), written, rules)
    senders = (author.email.lower(),) if author and same else ()
    return Identity(
        name=name,
        name_latin=latin(name),
        name_sure=named.sure if named else 0.0,
        name_from=named.how if named else "",
        emails=tuple(dict.fromkeys((*contacts.emails, *senders))),
        phones=contacts.phones,
        nationalities=people,
        residence=lives.code if lives else None,
        residence_sure=lives.sure if lives else 0.0,
    )


def _is_the_senders(text: str, named: Named, message: ParsedMessage) -> bool:
    """Whether a picture with a name that cannot be read is the sender's CV: it shows their address, or more agrees."""
    return named.sources > _TWO or bool(message.sender and message.sender.email.lower() in text.lower())


def _without_names(lines: Sequence[Line], fields: Sequence[Field], named: Named | None) -> Iterator[Line]:
    """The lines without the names of people, which may be those of places: Guadalupe, Santiago, Jordan."""
    starts = {field.start for field in fields if field.kind in (*NAME_KINDS, OTHER_PERSON)}
    for line in lines:
        if named and line.start == named.start:
            keys = {word.key for word in words(named.name)}
            yield without(line, [word for word in line.words if word.key in keys])
        elif not any(start in starts for start in range(line.start, line.end)):
            yield line


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
