"""E-mail addresses and telephones that are the person's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

from domain.profile import SectionKind
from extraction.lexicon import forms_of, words
from extraction.person.disowned import given_up
from extraction.person.labels import tells_of_another
from extraction.person.latin import Hints, shared_words
from extraction.person.lines import TOP, Line
from extraction.person.rules import PersonRules
from extraction.person.whose import Placed, own_values
from extraction.person.written import as_written, e164, emails_in, phones_in, two_in_one

_TELLING = re.compile(r"@|(?:\d[^\d]{0,4}){6}")  # what has neither an address nor six digits tells nothing
_BRACKET = re.compile(r"[\[({<]")  # in which the @ of an address may be spelled
_DIGITS = {0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)}
_TABLE = str.maketrans({**_DIGITS, **dict.fromkeys((0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xA0, 0x202F), " "),
                        0x2010: "-", 0x2011: "-", 0xFF0B: "+"})  # fmt: skip
_OWN = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER, SectionKind.LANGUAGES, SectionKind.SKILLS,
        SectionKind.OBJECTIVE}  # fmt: skip
_OF_OTHERS = {
    SectionKind.EXPERIENCE,
    SectionKind.EDUCATION,
    SectionKind.PUBLICATIONS,
    SectionKind.TRAINING_ATTENDED,
    SectionKind.TRAINING_GIVEN,
}  # fmt: skip - contacts there are mostly those of employers and schools
_PLACE_CODE = 7  # digits
_WRAPPED = 45  # characters
_SENTENCE = re.compile(r"(?<=[.!?؟;])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    emails: tuple[str, ...]  # lower-case
    phones: tuple[str, ...]  # E.164


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line, with what is known of whose contacts it holds."""

    text: str
    own: bool  # stands where a person's own contacts stand
    others: bool  # speaks of somebody else
    disowns: bool  # may hold words that give an address or number up
    head: bool = True  # at the head of the CV, or in the message
    fallback: bool = False  # holds the person's contacts where no others are told


def stretches_of(lines: Sequence[Line], written: str, rules: PersonRules) -> list[Stretch]:
    """What tells addresses or numbers in a CV, and in what its author wrote in the message (`written`)."""
    return [one for one in (*_of_cv(lines, rules), *_of_message(written, rules)) if _TELLING.search(one.text)]


def contacts_of(stretches: Sequence[Stretch], name: str, country: str | None, rules: PersonRules) -> Contacts:
    """The person's own addresses and numbers. `country`: where a number without a country code is taken to be."""
    old = {value for stretch in stretches if stretch.disowns for value in given_up(stretch.text, country, rules)}
    emails: dict[str, bool] = {}  # and whether it has the person's name
    phones: dict[str, None] = {}
    for stretch in stretches:
        own = [] if stretch.others else list(own_values(stretch.text, name, rules, head=stretch.head))
        own = [] if _is_an_organisations(own, name, rules) else own
        for email, ours in _own_emails(stretch, own, name):
            emails[email] = emails.get(email, False) or ours
        if stretch.own:
            _own_phones(own, country, phones)
    if not emails or not phones:
        elsewhere = _told_elsewhere(stretches, name, country, rules)
        emails = emails or dict.fromkeys(elsewhere.emails, True)
        phones = phones or dict.fromkeys(elsewhere.phones)
    any_sure = any(emails.values())
    return Contacts(
        emails=tuple(email for email, sure in emails.items() if email not in old and (sure or not any_sure)),
        phones=tuple(phone for phone in phones if phone not in old),
    )


def _is_an_organisations(own: Sequence[Placed], name: str, rules: PersonRules) -> bool:
    """Whether the addresses of a line are none but those of an office: "info@example.org, tel. ..."."""
    parts = [value.email.split("@")[0] for value in own if value.email]
    return (
        bool(parts) and all(part in rules.role_addresses for part in parts) and not shared_words(name, Hints.of(parts))
    )


def _own_emails(stretch: Stretch, own: Sequence[Placed], name: str) -> Iterator[tuple[str, bool]]:
    """Addresses that may be the person's, and whether that is sure: by its words, or as it stands at the head."""
    for email in (value.email for value in own if value.email):
        ours = bool(shared_words(name, Hints.of([email.split("@")[0]])))
        if stretch.own or ours:
            yield email, ours or stretch.head


def _own_phones(own: Sequence[Placed], country: str | None, phones: dict[str, None]) -> None:
    beside = any(value.email for value in own)  # what stands beside an address needs no label
    for one in (value.number for value in own if value.number):
        numbers = [
            as_written(
                one.number,
                country,
                labelled=one.labelled or (beside and _is_long(one.number)),
                right_to_left=one.right_to_left,
            )
        ]
        if not numbers[0]:
            numbers = two_in_one(one.number, country)
        phones.update((full, None) for full in numbers if full)


def _is_long(number: str) -> bool:
    """Whether it has more digits than the codes of places."""
    return sum(map(str.isdecimal, number)) > _PLACE_CODE


def _told_elsewhere(stretches: Sequence[Stretch], name: str, country: str | None, rules: PersonRules) -> Contacts:
    """Contacts that stand where no others are told: behind words such as "Contact:", or near the top among posts."""
    phones: dict[str, None] = {}
    emails: dict[str, None] = {}
    for stretch in stretches:
        if stretch.fallback and not stretch.others:
            own = list(own_values(stretch.text, name, rules, head=False))
            emails.update((value.email, None) for value in own if value.email)
            _own_phones(own, country, phones)
    return Contacts(emails=tuple(emails), phones=tuple(phones))


def says_same_address(lines: Iterable[str], written: str, rules: PersonRules) -> bool:
    """Whether a person says that their address is that of the message: "почта эта же", "mismo correo"."""
    return any(
        rules.same_address.opens(forms_of(text)) and rules.same_address.found_in(words(text))
        for text in (*lines, written)
    )


def names_in_addresses(lines: Sequence[Line], rules: PersonRules) -> list[str]:
    """The local parts of the addresses at the head of a CV: they often spell the person's name."""
    head = (line for line in lines if line.number < TOP and line.section is not SectionKind.REFERENCES)
    return [email.split("@")[0] for line in head for email, _ in emails_in(_plain(line.text, rules))]


def countries_of_phones(stretches: Sequence[Stretch], rules: PersonRules) -> list[str]:
    """The countries (ISO 3166-1) whose codes stand before the person's numbers, in order."""
    codes: dict[str, None] = {}
    for stretch in stretches:
        if stretch.own and not stretch.others and ("+" in stretch.text or "00" in stretch.text):
            for one in phones_in(stretch.text, rules):
                full = e164(one.number, None)
                code = phonenumbers.region_code_for_number(phonenumbers.parse(full)) if full else None
                if code and len(code) == 2 and code.isalpha():
                    codes[code] = None
    return list(codes)


def _of_cv(lines: Sequence[Line], rules: PersonRules) -> Iterator[Stretch]:
    goes_on: SectionKind | None = None  # of the line before, where it speaks of somebody else and is wrapped
    tainted: SectionKind | None = None  # a heading on referees that the sections do not know
    headed = False  # the line before is such a heading
    for line in lines:
        found = line.words
        named = rules.others.opens(line.forms) and rules.others.found_in(found)
        tells = len(line.text) >= _WRAPPED or bool(_TELLING.search(line.text))
        speaks_of_others = named or (tells and tells_of_another(line, rules))
        end = line.text.rstrip()[-1]
        opens = named and (len(found) <= 3 or line.heading or end == ":") and end not in ",!،"  # a salutation
        if opens or headed:
            tainted = line.section
        elif tainted is not line.section or (line.heading and rules.headings.whole(line.text)):
            tainted = None
        headed = opens and line.heading
        labelled = _is_contact_line(line, rules)
        head = line.number < TOP and line.section not in _OF_OTHERS
        own = head or line.section in _OWN or (labelled and line.section is not SectionKind.EXPERIENCE)
        wrapped = goes_on is line.section and not labelled
        others = line.section is SectionKind.REFERENCES or speaks_of_others or tainted is not None or wrapped
        goes_on = line.section if others and _is_wrapped(line.text) else None
        if not (_TELLING.search(line.text) or _BRACKET.search(line.text)):
            continue
        yield Stretch(
            text=_plain(line.text, rules),
            own=own and line.section is not SectionKind.REFERENCES,
            others=others,
            disowns=rules.disowned.opens(line.forms),
            head=head,
            fallback=labelled or line.number < TOP,
        )


def _plain(text: str, rules: PersonRules) -> str:
    """A text with plain digits and signs, and with addresses that are kept from machines: "jane [at] example.org"."""
    text = text.translate(_TABLE)
    return rules.spelled_dot.sub(".", rules.spelled_at.sub("@", text)) if rules.spelled_at.search(text) else text


def _is_wrapped(text: str) -> bool:
    return len(text) >= _WRAPPED and text.rstrip()[-1] not in ".;:!"


def _is_contact_line(line: Line, rules: PersonRules) -> bool:
    """A line that begins with the label of a telephone, an address or of contacts, wherever it stands."""
    first = next((place for place, word in enumerate(line.words) if not word.key.isdecimal()), None)
    match = rules.labels.at(line.words, first) if first is not None else None  # forms number their fields
    return match is not None and match.value in ("phone", "residence", "email")


def _of_message(written: str, rules: PersonRules) -> Iterator[Stretch]:
    for paragraph in re.split(r"\n\s*\n", _plain(written, rules)):
        flowing = " ".join(paragraph.split("\n")) if any(len(line) > 60 for line in paragraph.split("\n")) else ""
        for piece in _SENTENCE.split(flowing) if flowing else paragraph.split("\n"):
            others = rules.others.found_in(words(piece))
            yield Stretch(piece, True, others, rules.disowned.opens(forms_of(piece)))
