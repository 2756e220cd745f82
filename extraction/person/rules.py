"""config/rules/person.yaml, places.yaml and the headings of sections.yaml, ready to be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

from extraction.lexicon import Lexicon, fold
from extraction.person.gazetteer import Gazetteer, load_gazetteer, load_given_names
from extraction.wordlists import read_word_list

READ_IN = ("en", "fr", "es", "ar", "ru")
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})  # unions and test codes of CLDR


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRules:
    """Everything that tells a person; built once from the two files."""

    labels: Lexicon[str]  # label of a field → its kind, a key of `labels` in person.yaml
    kin: Lexicon[str]  # relatives and others of whom a CV tells fields
    role_addresses: frozenset[str]  # local parts of an organisation's addresses
    same_address: Lexicon[str]  # the address from which a message came
    spelled_at: re.Pattern[str]  # in brackets, for the @ of an address
    spelled_dot: re.Pattern[str]
    relations: Lexicon[str]  # beside a number or address: it is theirs
    living: Lexicon[str]  # words such as "I live", which a place follows
    living_labels: Lexicon[str]  # the labels of residence
    titles: frozenset[str]  # folded
    posts: Lexicon[str]
    suffixes: frozenset[str]  # behind a family name, in a field of their own: folded
    particles: frozenset[str]
    title_links: frozenset[str]  # words between the title of a document, or a rank, and a name
    document_titles: Lexicon[str]
    headings: Lexicon[str]  # of the sections of a CV
    never_in_names: frozenset[str]
    professions: frozenset[str]  # what people are, so that it is no name: folded
    names_with_lam: frozenset[str]  # Arabic names whose own first letter is ل: folded
    patronymics: tuple[str, ...]  # endings: a name with one is a name
    given_names: frozenset[str]  # folded
    introductions: Lexicon[str]
    others: Lexicon[str]
    disowned: Lexicon[str]  # words that give up an address → where it stands, a key of `disowned` in person.yaml
    citizens: Lexicon[str]
    no_nationality: Lexicon[str]  # beside a country or people → where it stands, a key of `no_nationality`
    callings: Lexicon[str]  # what people are, beside a demonym: "a Kenyan lawyer"
    personal: Lexicon[str]
    workplaces: Lexicon[str]
    around: frozenset[str]  # beside the name of a place, part of none: folded
    countries: Lexicon[str]  # name → ISO 3166-1 alpha-2
    cities: Lexicon[str]
    demonyms: Lexicon[str]
    double_demonyms: Mapping[str, str]  # folded first part of "belgo-rwandaise" → ISO 3166-1 alpha-2
    streets: Lexicon[str]
    gazetteer: Gazetteer


def load_person_rules(folder: Path) -> PersonRules:
    """Read person, places and the headings of sections. Raises ConfigProblem where a file cannot be used."""
    person, places, sections = (read_word_list(folder, f"{name}.yaml") for name in ("person", "places", "sections"))
    return PersonRules(
        labels=_by_key(person.keys("labels")),
        kin=_phrases(phrase for phrases in person["kin"] for phrase in phrases),
        role_addresses=frozenset(str(word) for word in person["role_addresses"]),
        same_address=_phrases(phrase for phrases in person["same_address"] for phrase in phrases),
        spelled_at=_in_brackets(person["spelled_at"]),
        spelled_dot=_in_brackets(person["spelled_dot"]),
        relations=_phrases(phrase for phrases in person["relations"] for phrase in phrases),
        living=_phrases(phrase for phrases in person["living"] for phrase in phrases),
        living_labels=_phrases(person["labels"]["residence"]),
        titles=frozenset(fold(str(title)) for titles in person["titles"] for title in titles),
        posts=_phrases(person["posts"]),
        suffixes=frozenset(fold(str(word)) for word in person["suffixes"]),
        particles=frozenset(fold(str(word)) for word in person["particles"]),
        title_links=frozenset(fold(str(word)) for word in person["title_links"]),
        document_titles=_phrases(person["document_titles"]),
        headings=sections.lexicon("headings"),
        never_in_names=frozenset(fold(str(word)) for word in person["never_in_names"]),
        professions=frozenset(fold(str(word)) for words in person["professions"] for word in words),
        names_with_lam=frozenset(fold(str(name)) for name in person["names_with_lam"]),
        patronymics=tuple(fold(str(ending)) for ending in person["patronymics"]),
        given_names=load_given_names(folder),
        introductions=_phrases(person["introductions"]),
        others=_phrases(phrase for phrases in person["others"] for phrase in phrases),
        disowned=_by_key(person.keys("disowned")),
        citizens=_phrases(person["citizens"]),
        no_nationality=_by_key(person.keys("no_nationality")),
        callings=_phrases(phrase for phrases in person["callings"] for phrase in phrases),
        personal=_phrases(person["personal"]),
        workplaces=_phrases(person["workplaces"]),
        around=frozenset(fold(str(word)) for word in person["around"]),
        countries=Lexicon(_countries(places)),
        cities=Lexicon(_cities(places)),
        demonyms=Lexicon(_demonyms(places)),
        double_demonyms={fold(str(form)): code for code, forms in places["double_demonyms"].items() for form in forms},
        streets=_phrases(person["streets"]),
        gazetteer=load_gazetteer(folder),
    )


def _phrases(phrases: Any) -> Lexicon[str]:
    return Lexicon((str(phrase), str(phrase)) for phrase in phrases)


def _by_key(parts: Mapping[str, Any]) -> Lexicon[str]:
    """The phrases of the parts of a section, each with the key of its part."""
    return Lexicon((str(phrase), key) for key, phrases in parts.items() for phrase in phrases)


def _in_brackets(words: Any) -> re.Pattern[str]:
    """Any of these words in brackets, with the spaces around them."""
    alternatives = "|".join(re.escape(str(word)) for word in words)
    return re.compile(rf"\s*[\[({{<]\s*(?:{alternatives})\s*[\])}}>]\s*", re.IGNORECASE)


def country_names() -> dict[str, dict[str, str]]:
    """ISO 3166-1 alpha-2 code → the name of the country in each of the five languages (CLDR) that has one."""
    named: dict[str, dict[str, str]] = {}
    for language in READ_IN:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
                named.setdefault(code, {})[language] = name
    return named


def _countries(places: Any) -> Iterator[tuple[str, str]]:
    left_out = {fold(name) for name in places["not_countries"]}
    for code, named in country_names().items():
        for language, name in named.items():
            if fold(name) not in left_out:
                yield from ((form, code) for form in _cases(name, language))
    for code, names in places["countries"].items():
        for name in names:
            yield from (
                (form, code) for form in _cases(name, "ru" if name[0] > "\u0400" and name[0] < "\u0500" else "")
            )


def _cases(name: str, language: str) -> Iterator[str]:
    """A name, and in Russian its cases ("гражданка Казахстана")."""
    yield name
    if language != "ru" or " " in name or len(name) < 4:
        return
    if name.endswith("ия"):
        yield from (name[:-1] + end for end in ("и", "ю", "ей"))
    elif name.endswith(("а", "я")):
        yield from (name[:-1] + end for end in ("ы", "и", "е", "у", "ю", "ой"))
    elif name[-1] not in "аеёиоуыэюь":
        yield from (name + end for end in ("а", "е", "у", "ом"))


def _cities(places: Any) -> Iterator[tuple[str, str]]:
    of_zone = get_global("zone_territories")
    for language in READ_IN:
        zones = Locale.parse(language).time_zones
        for zone, code in of_zone.items():
            city = zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
            if code != "US" and "/" in zone and len(code) == 2 and code.isalpha():
                yield from ((form, code) for form in _cases(city, language))
    for code, cities in places["cities"].items():
        for city in cities:
            yield from ((form, code) for form in _cases(city, "ru" if "\u0400" < city[0] < "\u0500" else ""))


def _demonyms(places: Any) -> Iterator[tuple[str, str]]:
    for code, by_language in places["demonyms"].items():
        for language, demonyms in by_language.items():
            for demonym in str(demonyms).split(", "):
                yield from ((form, code) for form in _inflected(demonym.strip(), language))


def _inflected(demonym: str, language: str) -> Iterator[str]:
    """Masculine and feminine, singular and plural. Wrong forms do no harm: they occur nowhere."""
    yield demonym
    if language == "en":
        yield demonym + "s"
    elif language == "fr":
        yield from (demonym + end for end in ("e", "s", "es", "ne", "nes", "le"))
        if demonym.endswith("c"):
            yield from (demonym[:-1] + "que", demonym + "que")
    elif language == "es":
        yield from (demonym + end for end in ("a", "s", "es", "as"))
        if demonym.endswith("o"):
            yield from (demonym[:-1] + "a", demonym[:-1] + "as")
        if demonym.endswith("és"):
            yield from (demonym[:-2] + "esa", demonym[:-2] + "eses")
    elif language == "ar":
        yield from (demonym + end for end in ("ة", "ون", "ين", "ا"))
    elif demonym.endswith(("ий", "ый", "ой")):
        yield from (demonym[:-2] + end for end in ("ая", "ое", "ого", "ой", "им", "ую"))
    elif demonym.endswith("ец"):  # сенегалец, сенегалка; индиец, индийка
        yield demonym[:-2] + ("йка" if demonym[-3] in "аеиоу" else "ка")
    elif demonym.endswith("нин"):
        yield demonym[:-2] + "ка"
