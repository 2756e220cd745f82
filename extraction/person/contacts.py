"""E-mail addresses and telephones that are the person's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import phonenumbers

from domain.profile import SectionKind
from extraction.lexicon import Lexicon, fold, forms_of, words
from extraction.person.labels import OTHER_PERSON, tells_of_another
from extraction.person.latin import Hints, shared_words
from extraction.person.lines import TOP, Line
from extraction.person.rules import PersonRules

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+'-]*\s?@\s?[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![\w@./-])(?:\+\s?|00)?\(?\+?\d(?:[ .()–/-]{0,3}\d){5,20}(?![\w@])")
_REVERSED = re.compile(r"(?<![+\d])\d[\d ()-]{5,20}\d\s?\+(?!\s?\d)")
_AREA_BEHIND = re.compile(r"(?<![\d+])(\d[\d -]{4,10}\d)\s?\((0\d{1,3})\)")  # right to left: "2555 0138 (02)"
_TELLING = re.compile(r"@|(?:\d[^\d]{0,4}){6}")  # what has neither an address nor six digits tells nothing
_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-–/.]\s?(?:(?:19|20)\d\d|\d{1,2}(?:[-/.]\d{1,2})?)|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d\d"
    r"|\d{1,2}[/.](?:19|20)\d\d(?:\s?[-–]\s?\d{1,2}[/.](?:19|20)\d\d)?"
)
_DIGITS = {0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)}
_TABLE = str.maketrans({**_DIGITS, **dict.fromkeys((0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xA0, 0x202F), " "),
                        0x2010: "-", 0x2011: "-", 0xFF0B: "+"})  # fmt: skip
_OWN = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER, SectionKind.LANGUAGES, SectionKind.SKILLS,
        SectionKind.OBJECTIVE}  # fmt: skip
_NO_PHONES = ("fax", "number", "not_residence", OTHER_PERSON)  # labels of numbers that are no telephone of the person
_WRAPPED = 45  # characters
_FAR = 1000
_SENTENCE = re.compile(r"(?<=[.!?؟;])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    emails: tuple[str, ...]  # lower-case
    phones: tuple[str, ...]  # E.164
    local: tuple[str, ...] = ()  # telephones without a country code while no country is known


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A line, with what is known of whose contacts it holds."""

    text: str
    own: bool  # stands where a person's own contacts stand
    others: bool  # speaks of somebody else
    disowns: bool  # may hold words that give an address or number up
    head: bool = True  # at the head of the CV, or in the message
    labelled: bool = False  # begins with words such as "Contact:"


def contacts_of(lines: Sequence[Line], written: str, name: str, country: str | None, rules: PersonRules) -> Contacts:
    """The person's own addresses and numbers in a CV, and in what they wrote in the message (`written`)."""
    stretches = [one for one in (*_of_cv(lines, rules), *_of_message(written, rules)) if _TELLING.search(one.text)]
    given_up = {value for stretch in stretches if stretch.disowns for value in _disowned(stretch.text, country, rules)}
    emails: dict[str, bool] = {}  # and whether it has the person's name
    phones: dict[str, None] = {}
    local: dict[str, None] = {}
    for stretch in stretches:
        for email, ours in _own_emails(stretch, name, rules):
            emails[email] = emails.get(email, False) or ours
        if stretch.own and not stretch.others:
            _own_phones(stretch, name, country, rules, phones, local)
    if not emails or not phones:
        elsewhere = _told_elsewhere(stretches, name, country, rules)
        emails = emails or dict.fromkeys(elsewhere.emails, True)
        phones = phones or dict.fromkeys(elsewhere.phones)
    any_sure = any(emails.values())
    return Contacts(
        emails=tuple(email for email, sure in emails.items() if email not in given_up and (sure or not any_sure)),
        phones=tuple(phone for phone in phones if phone not in given_up),
        local=tuple(local),
    )


def _own_emails(stretch: _Stretch, name: str, rules: PersonRules) -> Iterator[tuple[str, bool]]:
    """Addresses that may be the person's, and whether that is sure: by its words, or as it stands at the head."""
    end = 0
    for email, start in _emails(stretch.text):
        before, end = stretch.text[end:start], start
        ours = bool(shared_words(name, Hints.of([email.split("@")[0]])))
        somebody = not stretch.head and _of_somebody(before, name, rules)
        if not stretch.others and (stretch.own or ours) and not somebody:
            yield email, ours or stretch.head


def _own_phones(
    stretch: _Stretch,
    name: str,
    country: str | None,
    rules: PersonRules,
    phones: dict[str, None],
    local: dict[str, None],
) -> None:
    for one in _phones(stretch.text, rules):
        if not stretch.head and _of_somebody(one.before, name, rules):
            continue
        numbers = [e164(one.number, country, strict=not one.labelled)]
        if not numbers[0]:
            numbers = _two_in_one(one.number, country)
        if any(numbers):
            phones.update((full, None) for full in numbers if full)
        elif one.labelled and not country:
            local[one.number] = None


def _told_elsewhere(stretches: Sequence[_Stretch], name: str, country: str | None, rules: PersonRules) -> Contacts:
    """Contacts that stand where no others are told, behind words such as "Contact:": at the end of a form."""
    phones: dict[str, None] = {}
    local: dict[str, None] = {}
    emails: dict[str, None] = {}
    for stretch in stretches:
        if stretch.labelled and not stretch.others:
            emails.update((email, None) for email, _ in _emails(stretch.text))
            _own_phones(stretch, name, country, rules, phones, local)
    return Contacts(emails=tuple(emails), phones=tuple(phones), local=tuple(local))


def names_in_addresses(lines: Sequence[Line]) -> list[str]:
    """The local parts of the addresses at the head of a CV: they often spell the person's name."""
    head = (line for line in lines if line.number < TOP and line.section is not SectionKind.REFERENCES)
    return [email.split("@")[0] for line in head for email, _ in _emails(line.text)]


def countries_of_phones(lines: Sequence[Line], rules: PersonRules) -> list[str]:
    """The countries (ISO 3166-1) whose codes stand before the person's numbers, in order."""
    codes: dict[str, None] = {}
    for stretch in _of_cv(lines, rules):
        if stretch.own and not stretch.others and ("+" in stretch.text or "00" in stretch.text):
            for one in _phones(stretch.text, rules):
                full = e164(one.number, None)
                code = phonenumbers.region_code_for_number(phonenumbers.parse(full)) if full else None
                if code and len(code) == 2 and code.isalpha():
                    codes[code] = None
    return list(codes)


def e164(number: str, country: str | None, *, strict: bool = False) -> str | None:
    """A number as written in E.164 (ITU-T), None where it cannot be one.

    `strict`: it must be in use by the plan of its country; else its length decides. Without a country code the
    country of residence is taken.
    """
    written = number.strip()
    if re.match(r"\(?00", written):
        written = "+" + re.sub(r"^\(?00", "", written)
    written = re.sub(r"\(0\)", "", written)
    if written.startswith("+") is False and not country:
        return None
    try:
        parsed = phonenumbers.parse(written, None if written.startswith("+") else country)
    except phonenumbers.NumberParseException:
        return None
    good = phonenumbers.is_valid_number(parsed) if strict else phonenumbers.is_possible_number(parsed)
    if not good and not written.startswith("+"):
        digits = re.sub(r"\D", "", written)
        bare = digits[1:] if digits.startswith(("0", "8")) else ""
        return e164(bare, country, strict=True) if bare and len(bare) > 6 else None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)) if good else None


def _two_in_one(number: str, country: str | None) -> list[str | None]:
    """Two numbers that a reader has put behind one another: "943 55 01 62 655 50 16 28"."""
    groups = number.split()
    for place in range(2, len(groups) - 1):
        both = [e164(" ".join(part), country, strict=True) for part in (groups[:place], groups[place:])]
        if all(both):
            return list(both)
    return [None]


def _of_cv(lines: Sequence[Line], rules: PersonRules) -> Iterator[_Stretch]:
    goes_on: SectionKind | None = None  # of the line before, where it speaks of somebody else and is wrapped
    tainted: SectionKind | None = None  # a heading on referees that the sections do not know
    for line in lines:
        found = line.words
        named = rules.others.opens(line.forms) and any(True for _ in rules.others.find(found))
        speaks_of_others = named or tells_of_another(line, rules)
        if named and (len(found) <= 3 or line.heading) and line.text.rstrip()[-1] not in ",!،":  # a salutation
            tainted = line.section
        elif tainted is not line.section:
            tainted = None
        labelled = _is_contact_line(line, rules)
        head = line.number < TOP and line.section is not SectionKind.PUBLICATIONS
        own = head or line.section in _OWN or (labelled and line.section is not SectionKind.EXPERIENCE)
        wrapped = goes_on is line.section and not labelled
        others = line.section is SectionKind.REFERENCES or speaks_of_others or tainted is not None or wrapped
        goes_on = line.section if others and _is_wrapped(line.text) else None
        yield _Stretch(
            text=line.text.translate(_TABLE),
            own=own and line.section is not SectionKind.REFERENCES,
            others=others,
            disowns=rules.disowned.opens(line.forms),
            head=head,
            labelled=labelled,
        )


def _is_wrapped(text: str) -> bool:
    return len(text) >= _WRAPPED and text.rstrip()[-1] not in ".;:!"


def _is_contact_line(line: Line, rules: PersonRules) -> bool:
    """A line that begins with the label of a telephone, an address or of contacts, wherever it stands."""
    match = rules.labels.at(line.words, 0) if line.words else None
    return match is not None and match.value in ("phone", "residence", "email")


def _of_message(written: str, rules: PersonRules) -> Iterator[_Stretch]:
    for paragraph in re.split(r"\n\s*\n", written.translate(_TABLE)):
        flowing = " ".join(paragraph.split("\n")) if any(len(line) > 60 for line in paragraph.split("\n")) else ""
        for piece in _SENTENCE.split(flowing) if flowing else paragraph.split("\n"):
            others = any(True for _ in rules.others.find(words(piece)))
            yield _Stretch(piece, True, others, rules.disowned.opens(forms_of(piece)))


def _disowned(text: str, country: str | None, rules: PersonRules) -> Iterator[str]:
    """Addresses and numbers in a sentence that gives them up; what stands behind "instead, use" stays."""
    for sentence in _SENTENCE.split(text):
        found = words(sentence)
        cue = next(rules.disowned.find(found), None)
        if cue is None:
            continue
        values = list(_emails(sentence))
        values += [(full, one.start) for one in _phones(sentence, rules) if (full := e164(one.number, country))]
        if values:
            place = found[cue.first].start
            yield min(values, key=lambda value: _distance(sentence, place, value[1]))[0]


def _distance(sentence: str, cue: int, value: int) -> int:
    """Characters from the words that give something up to an address or number; a bracket between puts it far."""
    between = sentence[min(cue, value) : max(cue, value)]
    return abs(value - cue) + _FAR * any(sign in between for sign in "()")


def _emails(text: str) -> Iterator[tuple[str, int]]:
    """Addresses, each with its place."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield found.group().replace(" ", "").lower().rstrip("."), found.start()


class _Written(NamedTuple):
    """A number as written, and whether a label or plus sign marks it."""

    number: str
    labelled: bool
    before: str  # the text between it and the number before it
    start: int


def _phones(text: str, rules: PersonRules) -> Iterator[_Written]:
    text = _AREA_BEHIND.sub(r"(\2) \1", text)
    text = _REVERSED.sub(lambda found: _turned(found.group()), text)
    end = 0
    kind = None
    for found in _PHONE.finditer(text):
        before = text[end : found.start()]
        kind = _label_before(before, rules.labels) or (kind if _continues(before) else None)
        end = found.end()
        number = found.group()
        if _is_date(number, kind) or kind in _NO_PHONES:
            continue
        international = number.lstrip("(").startswith(("+", "00"))
        for piece in _split(number):
            yield _Written(piece, international or kind == "phone", before, found.start())


def _is_date(number: str, kind: str | None) -> bool:
    """Dates and spans of years have the form of short numbers."""
    groups = re.findall(r"\d+", number)
    years = [group for group in groups if len(group) == 4 and group.startswith(("19", "20"))]
    short = sum(map(len, groups)) <= 8 and bool(years) and kind != "phone"
    return bool(_DATE.fullmatch(number)) or short or len(years) > 1


def _turned(reversed_number: str) -> str:
    """A number whose groups a right-to-left page has put in reverse: "4567 123 79 962+"."""
    groups = reversed_number.replace("+", "").split()
    return "+" + " ".join(reversed(groups))


def _split(number: str) -> list[str]:
    """Two numbers with a stroke between them; a stroke behind an area code parts nothing."""
    pieces = number.split("/")
    if len(pieces) > 1 and all(len(re.sub(r"\D", "", piece)) >= 6 for piece in pieces):
        return pieces
    return [number]


def _label_before(before: str, labels: Lexicon[str]) -> str | None:
    """What the last label before a number says; "Tel/Fax" is a telephone."""
    found = words(before)[-6:]
    kinds = [match.value for match in labels.find(found)]
    if "phone" in kinds and kinds[-1] == "fax" and re.search(r"/\s*\w+\W*$", before):
        return "phone"
    return kinds[-1] if kinds else None


def _continues(before: str) -> bool:
    """Only a separator stands between two numbers."""
    return len(before.strip()) <= 3 and "." not in before


def _of_somebody(before: str, name: str, rules: PersonRules) -> bool:
    """Whether a title with another person's name stands before an address or number ("Mme G. Saint-Fleur, ...")."""
    for word in words(before):
        shown = before[word.start : word.end]
        if word.key in rules.titles and (shown[:1].isupper() or ord(shown[0]) > 0x5FF) and len(word.key) > 1:
            rest = before[word.end :]
            following = [w for w in words(rest)[:4] if len(w.key) > 2]
            named = [w for w in following if rest[w.start].isupper() or ord(rest[w.start]) > 0x5FF]
            if named and not shared_words(" ".join(fold(w.key) for w in named), Hints.of([name])):
                return True
    return False
