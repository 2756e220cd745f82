"""Nationality, only where it is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
_FIRST = 5  # lines in which a demonym as an item of its own is the person's
_AT_FRONT = 4  # words before a demonym that tells what the person is
_ENDS = re.compile(r"\s*(?:$|[.,;)،]|(?:by|and|e|et|y|de|d'|и|born|national|citizen)\b)")
_NO_NATIONALITY = ("residence", "permanent", "not_residence", "phone", "email", "other_person")
_ABOUT_SELF = ("residence", "not_residence", "phone")


def nationalities(lines: Sequence[Line], fields: Sequence[Field], rules: PersonRules) -> tuple[str, ...]:
    """ISO codes in the order of the text; from labels, else from phrases such as "a Jordanian national"."""
    codes: dict[str, None] = {}
    for field in fields:
        if field.kind == "nationality" and field.section is not SectionKind.REFERENCES:
            codes.update(dict.fromkeys(_people_in(_up_to_residence(field.value, rules), rules)))
    if not codes:
        for line in lines:
            told = rules.demonyms.opens(line.forms) or rules.countries.opens(line.forms)
            own = line.section in _OWN or (line.number < _FIRST and line.section not in _NEVER)
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
    if citizens := list(rules.citizens.find(found)):
        people = (*rules.demonyms.find(found), *rules.countries.find(found))
        stated = [match.value for match in people if any(_beside(match, cue) for cue in citizens)]
        if stated:
            yield from stated
            return
    if one := _of_a_calling(line, rules) or _of_myself(line, rules):
        yield one
        return
    labelled = any(match.value in _ABOUT_SELF for match in rules.labels.find(found))
    told = labelled or "@" in line.text or line.number < _FIRST or any(True for _ in rules.personal.find(found))
    parts = _PART.split(line.text)
    items = [codes for part in parts if (codes := _item(words(part), rules))]
    told = told or (line.section in _ABOUT and len(parts) > 1 and bool(_item(words(parts[0]), rules)))
    if told and len(items) == 1:  # a list of peoples is about others
        yield from items[0]


def _of_a_calling(line: Line, rules: PersonRules) -> str | None:
    """ "A Kenyan lawyer", "juriste sénégalaise": what the person is, at the front of a line about them."""
    if line.section not in _ABOUT and line.number >= TOP:
        return None
    for match in rules.demonyms.find(line.words):
        if match.first > _AT_FRONT:
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
    matches = list(rules.demonyms.find(piece))
    if not matches:
        return []
    told = sum(match.last - match.first for match in matches)
    after = matches[-1].last
    born = after < len(piece) and matches[0].first == 0 and rules.personal.at(piece, after) is not None
    if told < len(piece) - (len(matches) - 1) and not born:
        return []
    return [match.value for match in matches]
