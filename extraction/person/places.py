"""Nationality and residence, only where they are stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.profile import SectionKind
from extraction.lexicon import Lexicon, Match, Word, forms_of, words
from extraction.person.fields import Field
from extraction.person.labels import tells_of_another
from extraction.person.lines import TOP, Line
from extraction.person.rules import PersonRules

_OWN = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER}
_ABOUT = (SectionKind.PERSONAL, SectionKind.SUMMARY)
_PART = re.compile(r"[,;|/•·،؛()\t]|\s[–—-]\s|\.\s|\s{3,}")
_FIRST = 5  # lines in which a demonym as an item of its own is the person's
_NO_NATIONALITY = ("residence", "permanent", "not_residence", "phone", "email", "other_person")
_ABOUT_SELF = ("residence", "not_residence", "phone")
_ADDRESS_BREAK = re.compile(r"\s*[|•·;]\s*|\s{3,}|\.\s+(?=[A-ZА-ЯÀ-Ý])|\s[–—]\s|\S+@\S+")
_HEAD = 1200  # characters at the front of a CV whose fields are the person's, whatever the section
_LONGEST_ADDRESS = 16  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    code: str  # ISO 3166-1 alpha-2
    sure: float
    start: int


def nationalities(lines: Sequence[Line], fields: Sequence[Field], rules: PersonRules) -> tuple[str, ...]:
    """ISO codes in the order of the text; from labels, else from phrases such as "a Jordanian national"."""
    codes: dict[str, None] = {}
    for field in fields:
        if field.kind == "nationality" and field.section is not SectionKind.REFERENCES:
            codes.update(dict.fromkeys(_people_in(_up_to_residence(field.value, rules), rules)))
    if not codes:
        for line in lines:
            told = rules.demonyms.opens(line.forms) or rules.countries.opens(line.forms)
            own = line.section in _OWN or line.number < _FIRST
            if told and own and not tells_of_another(line, rules):
                codes.update(dict.fromkeys(_stated(line, rules)))
    return tuple(codes)


def _up_to_residence(value: str, rules: PersonRules) -> str:
    """ "German; permanent resident of Kenya": the first is a nationality."""
    found = words(value)
    elsewhere = (match for match in rules.labels.find(found) if match.first and match.value in _NO_NATIONALITY)
    cut = next(elsewhere, None)
    return value[: found[cut.first].start] if cut else value


def _people_in(value: str, rules: PersonRules) -> Iterator[str]:
    """The countries that a value of a field names, by demonym or by name."""
    found = words(value)
    index = 0
    while index < len(found):
        match = _best(found, index, rules.demonyms, rules.countries)
        if match:
            yield match.value
            index = match.last
        elif index and (". " in value[found[index - 1].end : found[index].start]):
            return
        else:
            index += 1


def _best(found: Sequence[Word], index: int, *lexicons: Lexicon[str]) -> Match[str] | None:
    matches = [match for lexicon in lexicons if (match := lexicon.at(found, index))]
    return max(matches, key=lambda match: match.last, default=None)


def _stated(line: Line, rules: PersonRules) -> Iterator[str]:
    """Nationality in prose, or as an item of its own among personal data ("Sénégalaise, mariée, 2 enfants")."""
    found = line.words
    citizens = list(rules.citizens.find(found))
    if citizens:
        people = (*rules.demonyms.find(found), *rules.countries.find(found))
        yield from (match.value for match in people if any(_beside(match, cue) for cue in citizens))
        return
    labelled = any(match.value in _ABOUT_SELF for match in rules.labels.find(found))
    told = labelled or "@" in line.text or line.number < _FIRST or any(True for _ in rules.personal.find(found))
    parts = _PART.split(line.text)
    items = [codes for part in parts if (codes := _item(words(part), rules))]
    told = told or (line.section in _ABOUT and len(parts) > 1 and bool(_item(words(parts[0]), rules)))
    if told and len(items) == 1:  # a list of peoples is about others
        yield from items[0]


def _beside(match: Match[str], cue: Match[str]) -> bool:
    """ "Jordanian citizen", "citizen of Jordan": at most one word between."""
    return 0 <= cue.first - match.last <= 1 or 0 <= match.first - cue.last <= 1


def _item(piece: Sequence[Word], rules: PersonRules) -> list[str]:
    """The demonyms of a piece that says nothing else: "argentino e italiano"."""
    matches = list(rules.demonyms.find(piece))
    told = sum(match.last - match.first for match in matches)
    if not matches or told < len(piece) - (len(matches) - 1):
        return []
    return [match.value for match in matches]


def residence(
    lines: Sequence[Line], fields: Sequence[Field], prose: str, people: Sequence[str], rules: PersonRules
) -> Place | None:
    """Where the person lives: an address or place behind a label, in the head of the CV, or in what they wrote."""
    own = [field for field in fields if field.section in _OWN or field.start < _HEAD]
    for kind, sure in (("residence", 0.95), ("permanent", 0.7)):
        for field in own:
            code = country_in(field.value, people, rules) if field.kind == kind else None
            if code:
                return Place(code=code, sure=sure, start=field.start)
    own_lines = [line for line in lines if line.section in _OWN or line.number < TOP]
    says = any(not rules.living.isdisjoint(line.forms) for line in own_lines)
    return (
        (_in_prose("\n".join(line.text for line in own_lines), people, rules) if says else None)
        or _at_head(lines, people, rules)
        or _in_prose(prose, people, rules)
    )


def country_in(value: str, people: Sequence[str], rules: PersonRules) -> str | None:
    """The last country that an address names, else the country of a city in it.

    `people`: the person's nationalities; they decide between cities of one name and quarters named after cities.
    """
    outside = re.sub(r"\([^)]*\)", " ", value)
    if outside != value and (code := country_in(outside, people, rules)):
        return code
    found = words(value)
    countries = list(rules.countries.find(found))
    if countries:
        return countries[-1].value
    cities = [match.value for match in rules.cities.find(found)]
    if not cities:
        return None
    large_first = value.strip(" (,.")[:1] > "\u0370"  # Cyrillic and Arabic addresses begin with the city
    return next((code for code in cities if code in people), cities[0 if large_first else -1])


def _at_head(lines: Sequence[Line], people: Sequence[str], rules: PersonRules) -> Place | None:
    """A line of address without a label: in the head of a CV, not of a post or a birth."""
    for line in lines:
        if line.section is SectionKind.REFERENCES or (line.number >= TOP and line.section is not SectionKind.PERSONAL):
            continue
        if tells_of_another(line, rules):
            continue
        if not (rules.countries.opens(line.forms) or rules.cities.opens(line.forms)):
            continue
        for whole, whole_words in _address_parts(line.text, rules):
            part, found = whole, whole_words
            kinds = {match.value for match in rules.labels.find(found)}
            other = bool(kinds & {"not_residence", "nationality"}) or _is_workplace(found, rules)
            if countries := list(rules.countries.find(found)):
                part, found = part[: found[countries[-1].last - 1].end], found[: countries[-1].last]
            if other or not found or len(found) > _LONGEST_ADDRESS:
                continue
            code = country_in(part, people, rules)
            if code and _is_address(part, found, rules):
                return Place(code=code, sure=0.75, start=line.start)
    return None


def _address_parts(text: str, rules: PersonRules) -> Iterator[tuple[str, list[Word]]]:
    """The parts of a line that name a place, also cut before the label of a telephone, with their words."""
    for part in _ADDRESS_BREAK.split(text):
        forms = forms_of(part)
        if not (rules.countries.opens(forms) or rules.cities.opens(forms)):
            continue
        found = words(part)
        phone = next((match for match in rules.labels.find(found) if match.value in ("phone", "fax")), None)
        if phone is None or phone.first == 0:
            yield part, found
        else:
            yield part[: found[phone.first].start], found[: phone.first]


def _is_workplace(found: Sequence[Word], rules: PersonRules) -> bool:
    """A post or school; one with the numbers of house and post code is where mail reaches the person."""
    numbers = sum(word.key.isdigit() for word in found)
    return numbers < 2 and any(True for _ in rules.workplaces.find(found))


def _is_address(part: str, found: Sequence[Word], rules: PersonRules) -> bool:
    """An address begins or ends with a place, and is mostly proper names, or is a place and nothing else."""
    places = [*rules.countries.find(found), *rules.cities.find(found)]
    at_edge = any(match.first <= 1 or match.last >= len(found) - 1 for match in places)
    around = sum(word.key in rules.around for word in found)  # "Genève et périphérie"
    whole = any(match.last - match.first >= len(found) - 1 - around for match in places)
    years = any(len(word.key) == 4 and word.key.startswith(("19", "20")) and word.key.isdigit() for word in found)
    shown = [part[word.start] for word in found if len(word.key) > 2 and word.key.isalpha()]
    proper = sum(letter.isupper() or letter.lower() == letter.upper() for letter in shown)
    named = proper * 2 >= len(shown) and ("," in part or "،" in part)
    in_city = {place for match in rules.cities.find(found) for place in range(match.first, match.last)}
    named_countries = {match.value for match in rules.countries.find(found) if match.first not in in_city}
    several = len(named_countries) > 1  # a sentence on countries
    return at_edge and not years and not several and (whole or named)


def _in_prose(text: str, people: Sequence[str], rules: PersonRules) -> Place | None:
    """ "I live in ...", "vivo en ...": the place stands right behind the words."""
    found = words(text)
    for match in rules.labels.find(found):
        if match.value != "residence":
            continue
        after = found[match.last : match.last + 8]
        stretch = text[after[0].start : after[-1].end] if after else ""
        place = re.split(r"[.;\n(]", stretch)[0].strip()
        code = country_in(place, people, rules) if place else None
        if code:
            return Place(code=code, sure=0.7, start=found[match.first].start)
    return None
