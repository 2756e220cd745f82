"""What is wrong with person.yaml and places.yaml though they can be read: words that find nothing, or another thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from extraction.lexicon import fold, phrase_keys, words
from extraction.person.rules import READ_IN, country_names
from extraction.rulebook.remarks import Remark
from extraction.rulebook.shape import Place, Reading
from extraction.wordlists import WordList, read_word_list

PERSON, PLACES = "person.yaml", "places.yaml"
_BY_KEY = ("labels", "disowned", "no_nationality")  # sections in which a phrase has the meaning of its part
_BY_LANGUAGE = ("titles", "professions", "others", "kin", "same_address", "relations", "living", "callings")
# Lists of which each entry is compared with one word of a text.
_OF_WORDS = ("particles", "title_links", "never_in_names", "professions", "names_with_lam", "suffixes", "around")
_TITLE = re.compile(r"[^\W\d_](?:[^\W\d_]|[.’'-])*")
_SCRIPTS = {"Arabic": re.compile("[\u0621-\u064a]"), "Russian": re.compile("[\u0400-\u04ff]")}
_NAMES = " and ".join((", ".join(READ_IN[:-1]), READ_IN[-1]))


def person_remarks(folder: Path, reading: Reading) -> Iterator[Remark]:
    """Everything to look at in the two files. ConfigProblem where one of them cannot be read."""
    person, places = read_word_list(folder, PERSON), read_word_list(folder, PLACES)
    of_person, of_places = reading.place(PERSON), reading.place(PLACES)
    for section in _BY_KEY:
        yield from _in_two_parts(person.keys(section), of_person.at(section))
        yield from _without_script(person.keys(section), of_person.at(section))
    for section in _BY_LANGUAGE:
        yield from _without_language(person[section], of_person.at(section), section)
    for section in _OF_WORDS:
        yield from _of_several_words(person[section], of_person.at(section), _is_word)
    yield from _of_several_words(person["titles"], of_person.at("titles"), _is_title)
    yield from _of_places(places, of_places)


def _phrases(value: Any, place: Place) -> Iterator[tuple[str, Place]]:
    """Each phrase of a list, or of a list of lists, with its place."""
    for number, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, list):
            yield from _phrases(one, place.at(number))
        else:
            yield str(one), place.at(number)


def _in_two_parts(parts: dict[str, Any], place: Place) -> Iterator[Remark]:
    """Phrases that stand in two parts of a section, of which the last one counts, or hold no word at all."""
    first: dict[tuple[str, ...], tuple[str, Place]] = {}
    for part, listed in parts.items():
        for phrase, here in _phrases(listed, place.at(part)):
            keys = next(phrase_keys(phrase), None)
            if keys is None:
                what = f"“{phrase}” holds marks only and is never found; take it out"
                yield Remark(kind="never found", wrong=True, place=here, message=what)
                continue
            other, there = first.setdefault(keys, (part, here))
            if other != part:
                what = (
                    f"“{phrase}” is listed under {other} and under {part}, and only {part} counts; take one of them out"
                )
                yield Remark(kind="in two lists", wrong=True, place=there, message=what)


def _without_language(listed: Any, place: Place, section: str) -> Iterator[Remark]:
    """Lists of lists, one for each language in their order."""
    filled = [number for number, one in enumerate(listed) if one]
    if missing := [language for number, language in enumerate(READ_IN) if number not in filled]:
        what = f"{section} has no words for {', '.join(missing)}; write a list for each of {_NAMES}, in this order"
        yield Remark(kind="missing language", wrong=True, place=place, message=what)


def _without_script(parts: dict[str, Any], place: Place) -> Iterator[Remark]:
    """Lists of all languages in one: by their letters. Some labels of forms are unknown in some countries."""
    for part, listed in parts.items():
        text = " ".join(phrase for phrase, _ in _phrases(listed, place))
        if missing := [language for language, letters in _SCRIPTS.items() if not letters.search(text)]:
            what = f"{part} has nothing in {' or '.join(missing)}"
            yield Remark(kind="missing language", wrong=False, place=place.at(part), message=what)


def _of_several_words(listed: Any, place: Place, fits: Callable[[str], bool]) -> Iterator[Remark]:
    for phrase, here in _phrases(listed, place):
        if not fits(phrase):
            what = f"“{phrase}” is never found, as this list is compared with one word at a time; write its words apart"
            yield Remark(kind="never found", wrong=True, place=here, message=what)


def _is_word(phrase: str) -> bool:
    return [word.key for word in words(phrase)] == [fold(phrase)]


def _is_title(phrase: str) -> bool:
    return _TITLE.fullmatch(phrase) is not None


def _of_places(places: WordList, place: Place) -> Iterator[Remark]:
    known = country_names()
    names = {fold(name) for named in known.values() for name in named.values()}
    for section in ("countries", "cities", "demonyms", "double_demonyms"):
        for code in places.keys(section):
            if code not in known:
                what = f"{code} is no code of a country (ISO 3166-1 alpha-2, such as KE for Kenya)"
                yield Remark(kind="no country", wrong=True, place=place.at(section, code), message=what)
    for section in ("countries", "double_demonyms"):
        yield from _in_two_parts(places.keys(section), place.at(section))
    for name, here in _phrases(places["not_countries"], place.at("not_countries")):
        if fold(name) not in names:
            what = f"no country is called “{name}” in any of the five languages; take it out"
            yield Remark(kind="never found", wrong=True, place=here, message=what)
    yield from _of_demonyms(places.keys("demonyms"), place.at("demonyms"))
    yield from _of_cities(places.keys("cities"), place.at("cities"))


def _of_demonyms(demonyms: dict[str, Any], place: Place) -> Iterator[Remark]:
    first: dict[str, tuple[str, Place]] = {}
    for code, by_language in demonyms.items():
        there = by_language if isinstance(by_language, dict) else {}
        if missing := [language for language in READ_IN if not there.get(language)]:
            what = f"{code} has no word for its people in {', '.join(missing)}"
            yield Remark(kind="missing language", wrong=True, place=place.at(code), message=what)
        for language, listed in there.items():
            here = place.at(code, language)
            if language not in READ_IN:
                what = f"{language} is no language of the rules; write one of {_NAMES}"
                yield Remark(kind="no language", wrong=True, place=here, message=what)
            for one in str(listed).split(", "):
                other, before = first.setdefault(fold(one.strip()), (code, here))
                if other != code:
                    what = f"“{one}” is listed for {other} and for {code}, and only {code} counts; take one of them out"
                    yield Remark(kind="in two lists", wrong=True, place=before, message=what)


def _of_cities(cities: dict[str, Any], place: Place) -> Iterator[Remark]:
    """Cities of one name in two countries: the last one counts, unless the person's telephone tells (see residence)."""
    first: dict[tuple[str, ...], str] = {}
    for code, listed in cities.items():
        for city, here in _phrases(listed, place.at(code)):
            other = first.setdefault(next(phrase_keys(city), ()), code)
            if other != code:
                what = f"“{city}” is also listed for {other}, and only {code} counts"
                yield Remark(kind="in two lists", wrong=False, place=here, message=what)
