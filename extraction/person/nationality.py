"""Nationality, only where it is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from domain.profile import SectionKind
from extraction.lexicon import Lexicon, Match, Word, words
from extraction.person.fields import Field
from extraction.person.labels import tells_of_another
from extraction.person.lines import TOP, Line
from extraction.person.rules import PersonRules

_OWN = {SectionKind.PERSONAL, SectionKind.SUMMARY, SectionKind.OTHER}
_NEVER = (SectionKind.LANGUAGES, SectionKind.REFERENCES)  # "Languages: French, Spanish"
_ABOUT = (SectionKind.PERSONAL, SectionKind.SUMMARY)
_PART = re.compile(r"[,;|/•·،؛()\t]|\s[–—-]\s|\.\s|\s{3,}")
_BRACKETS = re.compile(r"\([^()]*\)")
_JOINED = re.compile(r"\s*(?:[/&+-]|\b(?:and|et|y|e|и)\b|و)\s*")
_FIRST = 5  # lines in which a demonym as an item of its own is the person's
_AT_FRONT = 4  # words before a demonym that tells what the person is
_ENDS = re.compile(r"\s*(?:$|[.,;)،]|(?:by|and|e|et|y|de|d'|и|born|national|citizen)\b)")
_NO_NATIONALITY = ("residence", "permanent", "not_residence", "phone", "email", "other_person")
_ABOUT_SELF = ("residence", "not_residence", "phone")


def nationalities(lines: list[Line], fields: Sequence[Field], rules: PersonRules, *, name: str = "") -> tuple[str, ...]:
    """ISO codes in the order of the text; from labels, else from phrases such as "a Jordanian national".

    `name`: of the person, which may stand before such a phrase.
    """
    labelled = _in_fields(fields, "nationality", rules) or _in_fields(fields, "birth_nationality", rules)
    if labelled:
        return tuple(labelled)
    own_name = frozenset(word.key for word in words(name))
    codes: dict[str, None] = {}
    for line in lines:
        told = rules.demonyms.opens(line.forms) or rules.countries.opens(line.forms)
        own = line.section in _OWN or (line.number < _FIRST and line.section not in _NEVER)
        if told and own and not tells_of_another(line, rules):
            codes |= dict.fromkeys(_stated(line, own_name, rules))
    return tuple(codes or dict.fromkeys(_in_a_line_alone(lines, rules)))


def _in_a_line_alone(lines: list[Line], rules: PersonRules) -> list[str]:
    """The demonym that is a line of the personal data by itself; several of them are languages."""
    own = (line for place, line in enumerate(lines) if len(line.words) == 1 and _is_personal(place, lines, rules))
    found = [codes for line in own if (codes := _item(line.words, rules))]
    return found[0] if len(found) == 1 else []


def _is_personal(place: int, lines: list[Line], rules: PersonRules) -> bool:
    """Whether a line stands among personal data, whatever heading stands above them."""
    if lines[place].heading:
        return False
    beside = lines[max(0, place - 1) : place] + lines[place + 1 : place + 2]
    return lines[place].section is SectionKind.PERSONAL or (
        lines[place].section is SectionKind.OTHER and any(rules.personal.found_in(line.words) for line in beside)
    )


def _in_fields(fields: Sequence[Field], kind: str, rules: PersonRules) -> dict[str, None]:
    own = [field for field in fields if field.kind == kind and field.section is not SectionKind.REFERENCES]
    return dict.fromkeys(code for field in own for code in _people_in(_up_to_residence(field.value, rules), rules))


def _up_to_residence(value: str, rules: PersonRules) -> str:
    """ "German; permanent resident of Kenya": the first is a nationality."""
    found = words(value)
    elsewhere = (match for match in rules.labels.find(found) if match.first and match.value in _NO_NATIONALITY)
    cut = next(elsewhere, None)
    return value[: found[cut.first].start] if cut else value


def _people_in(value: str, rules: PersonRules) -> Iterator[str]:
    """The countries that a value of a field names, by demonym or by name; in brackets stands where they live now."""
    if _names_people(_BRACKETS.sub(" ", value), rules):
        value = _BRACKETS.sub(lambda found: found[0] if _names_people(found[0], rules) else " ", value)
    found = words(value)
    others = list(rules.no_nationality.find(found))
    told = False
    index = 0
    while index < len(found):
        if index and ". " in value[found[index - 1].end : found[index].start] and told:
            return
        match = _first_of_two(found, index, rules) or _best(found, index, rules.demonyms, rules.countries)
        if match and not _is_no_nationality(match, others):
            told = True
            yield match.value
        index = match.last if match else index + 1


def _is_no_nationality(people: Match[str], others: Sequence[Match[str]]) -> bool:
    """Whether other words make of a people or country no nationality: "permanent resident of Canada"."""
    for other in others:
        inside = other.first <= people.first < other.last
        ahead = other.value == "ahead" and 0 <= people.first - other.last <= 1
        behind = other.value == "behind" and people.last == other.first
        if inside or ahead or behind:
            return True
    return False


def _names_people(text: str, rules: PersonRules) -> bool:
    return rules.demonyms.found_in(words(text))


def _best(found: Sequence[Word], index: int, *lexicons: Lexicon[str]) -> Match[str] | None:
    matches = [match for lexicon in lexicons if (match := lexicon.at(found, index))]
    return max(matches, key=lambda match: match.last, default=None)


def _demonyms(found: Sequence[Word], rules: PersonRules) -> Iterator[Match[str]]:
    for match in rules.demonyms.find(found):
        if match.first and (double := _first_of_two(found, match.first - 1, rules)):
            yield double
        yield match


def _first_of_two(found: Sequence[Word], index: int, rules: PersonRules) -> Match[str] | None:
    """The first part of "belgo-rwandaise"."""
    code = rules.double_demonyms.get(found[index].key)
    if code is None or index + 1 == len(found) or found[index + 1].start - found[index].end != 1:
        return None
    return Match(index, index + 1, code) if rules.demonyms.at(found, index + 1) else None


def _stated(line: Line, own_name: Set[str], rules: PersonRules) -> Iterator[str]:
    """Nationality in prose, or as an item of its own among personal data ("Sénégalaise, mariée, 2 enfants")."""
    found = line.words
    others = list(rules.no_nationality.find(found))
    if citizens := list(rules.citizens.find(found)):
        named = sorted((*_demonyms(found, rules), *rules.countries.find(found)), key=lambda match: match.first)
        people = [match for match in named if not _is_no_nationality(match, others)]
        stated = [number for number, match in enumerate(people) if any(_beside(match, cue) for cue in citizens)]
        if stated:
            yield from (people[number].value for number in _with_joined(stated, people, line))
            return
    if one := _of_a_calling(line, own_name, rules) or _of_myself(line, rules):
        yield one
        return
    labelled = any(match.value in _ABOUT_SELF for match in rules.labels.find(found))
    told = labelled or "@" in line.text or line.number < _FIRST or rules.personal.found_in(found)
    parts = _PART.split(line.text)
    items = [codes for part in parts if (codes := _item(words(part), rules))]
    told = told or (line.section in _ABOUT and len(parts) > 1 and bool(_item(words(parts[0]), rules)))
    if told and len(items) == 1:  # a list of peoples is about others
        yield from items[0]


def _with_joined(stated: Sequence[int], people: Sequence[Match[str]], line: Line) -> list[int]:
    """With those that are joined to one of them: "British and Irish citizen", "nacionalidad peruana y chilena"."""
    kept = set(stated)
    ends = [(line.words[match.first].start, line.words[match.last - 1].end) for match in people]
    joined = [bool(_JOINED.fullmatch(line.text, one[1], other[0])) for one, other in pairwise(ends)]
    for number in (*range(len(joined)), *reversed(range(len(joined)))):
        if joined[number] and kept & {number, number + 1}:
            kept |= {number, number + 1}
    return sorted(kept)


def _of_a_calling(line: Line, own_name: Set[str], rules: PersonRules) -> str | None:
    """ "A Kenyan lawyer", "juriste sénégalaise": what the person is, at the front of a line about them."""
    if line.section not in _ABOUT and line.number >= TOP:
        return None
    for match in rules.demonyms.find(line.words):
        if sum(word.key not in own_name for word in line.words[: match.first]) > _AT_FRONT:
            return None
        behind = rules.callings.at(line.words, match.last) if match.last < len(line.words) else None
        before = any(
            (cue := rules.callings.at(line.words, index)) and cue.last == match.first for index in range(match.first)
        )
        if before or behind:
            return match.value
    return None


def _of_myself(line: Line, rules: PersonRules) -> str | None:
    """ "I am Kenyan", "soy peruana, nacida en 1975"."""
    for match in rules.demonyms.find(line.words):
        cues = [rules.introductions.at(line.words, index) for index in range(max(0, match.first - 2), match.first)]
        end = line.words[match.last - 1].end
        if any(cue and match.first - cue.last <= 1 for cue in cues) and _ENDS.match(line.text, end):
            return match.value
    return None


def _beside(match: Match[str], cue: Match[str]) -> bool:
    """ "Jordanian citizen", "citizen of Jordan": at most one word between."""
    return 0 <= cue.first - match.last <= 1 or 0 <= match.first - cue.last <= 1


def _item(piece: Sequence[Word], rules: PersonRules) -> list[str]:
    """The demonyms of a piece that says nothing else, "argentino e italiano", or goes on with personal data."""
    matches = list(_demonyms(piece, rules))
    if not matches:
        return []
    told = sum(match.last - match.first for match in matches)
    after = matches[-1].last
    born = after < len(piece) and matches[0].first == 0 and rules.personal.at(piece, after) is not None
    if told < len(piece) - (len(matches) - 1) and not born:
        return []
    return [match.value for match in matches]
