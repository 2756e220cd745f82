"""Nationality and residence, only where they are stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.profile import SectionKind
from extraction.lexicon import Lexicon, Match, Word, words
from extraction.person.lines import TOP, Field, Line
from extraction.person.rules import PersonRules

_OWN = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER}
_PART = re.compile(r"[,;|/•·،؛\t]|\s[–—-]\s|\.\s|\s{3,}")
_NEAR = 3  # words between a demonym and "national", "citizen"


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
            codes.update(dict.fromkeys(_people_in(field.value, rules)))
    if not codes:
        for line in lines:
            if line.section in _OWN or line.number < TOP:
                codes.update(dict.fromkeys(_stated(line, rules)))
    return tuple(codes)


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
    found = words(line.text)
    citizens = [match.first for match in rules.citizens.find(found)]
    if citizens:
        for match in (*rules.demonyms.find(found), *rules.countries.find(found)):
            if any(-_NEAR <= place - match.last < 2 or 0 <= match.first - place <= _NEAR for place in citizens):
                yield match.value
        return
    for part in _PART.split(line.text):
        piece = words(part)
        item = rules.demonyms.at(piece, 0) if piece else None
        if item and item.last == len(piece) and len(part) < len(line.text.strip()):
            yield item.value


def residence(lines: Sequence[Line], fields: Sequence[Field], prose: str, rules: PersonRules) -> Place | None:
    """Where the person lives: an address or place behind a label, in the head of the CV, or in what they wrote."""
    own = [field for field in fields if field.section is not SectionKind.REFERENCES]
    for kind, sure in (("residence", 0.95), ("permanent", 0.7)):
        for field in own:
            code = country_in(field.value, rules) if field.kind == kind else None
            if code:
                return Place(code=code, sure=sure, start=field.start)
    spoken = _in_prose("\n".join(line.text for line in lines if line.section in _OWN), rules) or _in_prose(prose, rules)
    return _at_head(lines, rules) or spoken


def country_in(value: str, rules: PersonRules) -> str | None:
    """The last country that an address names, else the country of a city in it."""
    found = words(value)
    countries = list(rules.countries.find(found))
    if countries:
        return countries[-1].value
    cities = list(rules.cities.find(found))
    return cities[-1].value if cities else None


def _at_head(lines: Sequence[Line], rules: PersonRules) -> Place | None:
    """A line of address without a label: in the head of a CV, not of a post or a birth."""
    for line in lines:
        if line.number >= TOP or line.section not in _OWN:
            continue
        for part in re.split(r"\s*[|•·;]\s*|\s{3,}", line.text):
            found = words(part)
            kinds = {match.value for match in rules.labels.find(found)}
            if kinds & {"not_residence", "nationality"} or not found or len(found) > 14:
                continue
            countries = list(rules.countries.find(found))
            cities = list(rules.cities.find(found))
            last = (countries or cities)[-1] if countries or cities else None
            if last and ((countries and cities) or last.last >= len(found) - 1) and _is_address(part, found, last):
                return Place(code=last.value, sure=0.75, start=line.start)
    return None


def _is_address(part: str, found: Sequence[Word], match: Match[str]) -> bool:
    """An address has a comma or a number, or is a place and nothing else."""
    return "," in part or "،" in part or any(word.key.isdigit() for word in found) or match.first == 0


def _in_prose(text: str, rules: PersonRules) -> Place | None:
    """ "I live in ...", "vivo en ...": the place stands right behind the words."""
    found = words(text)
    for match in rules.labels.find(found):
        if match.value != "residence":
            continue
        after = found[match.last : match.last + 8]
        stretch = text[after[0].start : after[-1].end] if after else ""
        code = country_in(re.split(r"[.;\n(]", stretch)[0], rules)
        if code:
            return Place(code=code, sure=0.7, start=found[match.first].start)
    return None
