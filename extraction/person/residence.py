"""Where a person lives, only where an address or a place of living is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.profile import SectionKind
from extraction.lexicon import Match, Word, forms_of, words
from extraction.person.fields import Field
from extraction.person.labels import tells_of_another
from extraction.person.lines import TOP, Line
from extraction.person.rules import PersonRules

_OWN = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER}
_ADDRESS_BREAK = re.compile(r"\s*[|•·;]\s*|\s{3,}|\.\s+(?=[A-ZА-ЯÀ-Ý])|\s[–—]\s|\S+@\S+")
_PART = re.compile(r"[,،;/|()•·]|\s[–—-]\s|\.\s|\s{3,}")
_POSTCODE = re.compile(r"(?:\b[A-Z]{1,2}-)?\b[\d-]{3,}\b")
_STREET_ENDS = re.compile(r"[,،\n]|\d[\w-]*")
_PLACE_CODE = re.compile(r"\s*(?:[A-Z]{1,2}-)?(?:\d{5,6}|(?!19|20)\d{4})\s+[^\W\d_]{3}")
_WRITTEN = re.compile(r"[^\W\d_]{3,}")
_HEAD = 1200  # characters at the front of a CV whose fields are the person's, whatever the section
_SENTENCE_END = re.compile(r"[;\n]|(?<=[^\W\d_]{3})[.]|(?<=\d)[.]\s")
_REACH = 8  # words behind "I live" in which the place stands
_CITY_WORDS = 3
_LONGEST_ADDRESS = 16  # words


@dataclass(frozen=True, slots=True)
class Likely:
    """Countries that a city without one may be in; the first that fits is taken."""

    nationalities: Sequence[str]
    phones: Sequence[str]  # countries whose codes stand before the person's numbers

    @property
    def all(self) -> list[str]:
        return [*self.phones, *self.nationalities]

    @property
    def one(self) -> str | None:
        """The country of an address that names none: that of the telephone, else of a single nationality."""
        if self.phones:
            return self.phones[0]
        return self.nationalities[0] if len(self.nationalities) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    code: str  # ISO 3166-1 alpha-2
    sure: float
    start: int


def residence(
    lines: Sequence[Line], fields: Sequence[Field], prose: str, likely: Likely, rules: PersonRules
) -> Place | None:
    """Where the person lives: an address or place behind a label, in the head of the CV, or in what they wrote."""
    own = [field for field in fields if field.section in _OWN or field.start < _HEAD]
    for kind, sure in (("residence", 0.95), ("permanent", 0.7)):
        for field in own:
            code = _country_of(field.value, likely, rules) if field.kind == kind else None
            if code:
                return Place(code=code, sure=sure, start=field.start)
    own_lines = [line for line in lines if line.section in _OWN or line.number < TOP]
    says = any(rules.living.opens(line.forms) or rules.living_labels.opens(line.forms) for line in own_lines)
    return (
        (_in_prose("\n".join(line.text for line in own_lines), likely, rules) if says else None)
        or _at_head(lines, likely, rules)
        or _by_street(lines, likely, rules)
        or _in_prose(prose, likely, rules)
        or _behind_label(own, likely)
    )


def _country_of(value: str, likely: Likely, rules: PersonRules) -> str | None:
    """The country of an address, also by a city that only the gazetteer knows."""
    return country_in(value, likely.all, rules) or _by_city(value, likely, rules)


def _by_city(value: str, likely: Likely, rules: PersonRules) -> str | None:
    """The country of the last part of an address that is the name of a city."""
    for part in reversed(_PART.split(_POSTCODE.sub(" ", _without_streets(value, rules)))):
        named = [word for word in words(part) if word.key not in rules.around and not part[word.start].islower()]
        name = part[named[0].start : named[-1].end] if named else ""
        if code := rules.gazetteer.country_of(name, likely=likely.all):
            return code
    return None


def _without_streets(value: str, rules: PersonRules) -> str:
    """An address without the names of its streets, which may be those of cities: up to a number or a comma."""
    found = words(value)
    for match in reversed(list(rules.streets.find(found))):
        start = found[match.first].start
        end = _STREET_ENDS.search(value, found[match.last - 1].end)
        value = value[:start] + "," + (value[end.end() :] if end else "")
    return value


def _by_street(lines: Sequence[Line], likely: Likely, rules: PersonRules) -> Place | None:
    """A postal address at the head of a CV without a place that places.yaml knows: "Jr. Deustua 345, Puno"."""
    guessed = None
    for line in lines:
        if line.section is not SectionKind.PERSONAL or line.number >= TOP or tells_of_another(line, rules):
            continue
        if any(match.value in ("not_residence", "nationality") for match in rules.labels.find(line.words)):
            continue
        if not _is_postal(line, rules) or _is_workplace(line.words, rules) or len(line.words) > _LONGEST_ADDRESS:
            continue
        if code := _by_city(line.text, likely, rules):
            return Place(code=code, sure=0.6, start=line.start)
        guessed = guessed or line
    return Place(code=likely.one, sure=0.6, start=guessed.start) if guessed and likely.one else None


def _is_postal(line: Line, rules: PersonRules) -> bool:
    """Whether a line is that of a street, or begins with the code of a place: "33207 Gijón"."""
    if _PLACE_CODE.match(line.text):
        return True
    numbered = any(word.key.isdecimal() for word in line.words) or "," in line.text or "،" in line.text
    return numbered and rules.streets.opens(line.forms) and rules.streets.found_in(line.words)


def _behind_label(own: Sequence[Field], likely: Likely) -> Place | None:
    """An address that names no known place is taken to lie where the person's telephone does."""
    for field in own:
        if field.kind in ("residence", "permanent") and "@" not in field.value and _WRITTEN.search(field.value):
            return Place(code=likely.one, sure=0.5, start=field.start) if likely.one else None
    return None


def country_in(value: str, likely: Sequence[str], rules: PersonRules) -> str | None:
    """The last country that an address names, else the country of a city in it.

    `likely`: the countries of the person's telephones and nationalities; they decide between cities of one name,
    quarters named after cities, and a country and a city of one name (عمان).
    """
    for text in (_without_streets(value, rules), value):
        outside = re.sub(r"\([^)]*\)", " ", text)
        for stretch in dict.fromkeys((outside, text)):
            if code := _named_country(stretch, likely, rules):
                return code
    return None


def _named_country(value: str, likely: Sequence[str], rules: PersonRules) -> str | None:
    found = words(value)
    countries = list(rules.countries.find(found))
    sure = [match for match in countries if not _is_city_elsewhere(match, found, rules)]
    if sure:
        return sure[-1].value
    cities = list(rules.cities.find(found))
    named = [*(match.value for match in countries), *(match.value for match in cities)]
    if known := next((code for code in named if code in likely), None):
        return known
    for match in cities:  # Mérida is a city of three countries
        name = value[found[match.first].start : found[match.last - 1].end]
        if (code := rules.gazetteer.country_of(name, likely=likely)) in likely:
            return code
    if countries:
        return countries[-1].value
    large_first = value.strip(" (,.")[:1] > "\u0370"  # Cyrillic and Arabic addresses begin with the city
    return cities[0 if large_first else -1].value if cities else None


def _is_city_elsewhere(match: Match[str], found: Sequence[Word], rules: PersonRules) -> bool:
    city = rules.cities.at(found, match.first)
    return city is not None and city.last == match.last and city.value != match.value


def _at_head(lines: Sequence[Line], likely: Likely, rules: PersonRules) -> Place | None:
    """A line of address without a label: in the head of a CV, not of a post or a birth."""
    for line in lines:
        if line.section is SectionKind.REFERENCES or (line.number >= TOP and line.section is not SectionKind.PERSONAL):
            continue
        if tells_of_another(line, rules):
            continue
        if not (rules.countries.opens(line.forms) or rules.cities.opens(line.forms)):
            continue
        named = rules.countries.find(line.words)
        near = [match.value for match in named if not _is_city_elsewhere(match, line.words, rules)]
        for whole, whole_words in _address_parts(line.text, rules):
            part, found = whole, whole_words
            kinds = {match.value for match in rules.labels.find(found)}
            other = bool(kinds & {"not_residence", "nationality"}) or _is_workplace(found, rules)
            if countries := list(rules.countries.find(found)):
                part, found = part[: found[countries[-1].last - 1].end], found[: countries[-1].last]
            if other or not found or len(found) > _LONGEST_ADDRESS:
                continue
            code = country_in(part, [*near, *likely.all], rules)
            if code and _is_address(part, found, rules):
                return Place(code=code, sure=0.75, start=line.start)
    return None


def _address_parts(text: str, rules: PersonRules) -> Iterator[tuple[str, Sequence[Word]]]:
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
    if found and rules.streets.at(found, 0):
        return False
    numbers = sum(word.key.isdigit() for word in found)
    return numbers < 2 and rules.workplaces.found_in(found)


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


def _in_prose(text: str, likely: Likely, rules: PersonRules) -> Place | None:
    """ "I live in ...", "vivo entre ...": the first place behind the words, in their sentence."""
    found = words(text)
    for match in _living(found, rules):
        after = found[match.last : match.last + _REACH]
        if not after:
            continue
        stretch = _SENTENCE_END.split(text[after[0].start : after[-1].end])[0]
        stretch = stretch.split("(")[0]
        code = _first_place(stretch, rules) or _by_city(stretch, likely, rules) or _city_ahead(stretch, likely, rules)
        if code:
            return Place(code=code, sure=0.7, start=found[match.first].start)
    return None


def _city_ahead(stretch: str, likely: Likely, rules: PersonRules) -> str | None:
    """The country of the city whose name stands at the front of a stretch: "in Bielefeld with her family"."""
    found = [word for word in words(stretch) if word.key not in rules.around and word.key not in rules.never_in_names]
    for size in range(min(_CITY_WORDS, len(found)), 0, -1):
        name = stretch[found[0].start : found[size - 1].end]
        if not name[0].islower() and (code := rules.gazetteer.country_of(name, likely=likely.all)):
            return code
    return None


def _living(found: Sequence[Word], rules: PersonRules) -> Iterator[Match[str]]:
    for match in rules.labels.find(found):
        if match.value == "residence":
            yield match
    yield from rules.living.find(found)


def _first_place(stretch: str, rules: PersonRules) -> str | None:
    """The country or city that is named first; a country right behind a city says where that lies."""
    found = words(stretch)
    country = next(rules.countries.find(found), None)
    city = next(rules.cities.find(found), None)
    if country and (city is None or country.first - city.last <= _REACH // 4):
        return country.value
    return city.value if city else None
