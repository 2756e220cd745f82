"""The form of a name: what belongs to it, and what words of a line can be one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from extraction.lexicon import Word, fold, spellings, words
from extraction.person.rules import PersonRules

LONGEST = 8  # words of a name
_SEPARATE = re.compile(r"[,،]")
_BAD = re.compile(r"[@\d«»<>{}\[\]/\\=+*?!;_&%#]")
_NICKNAME = re.compile(r"(?<=[^\W\d_]) [«“]([^\W\d_]{2,20})[»”] (?=[^\W\d_])")  # Сергей «Скиф» Прохоренко
_PARENTHESIS = re.compile(r"\s*\(([^()]{1,30})\)\s*")
_TITLE_WORD = re.compile(r"^([^\W\d_](?:[^\W\d_]|[.’'-])*)([.,:/]*)\s+", re.UNICODE)
_SHORT_TITLES = frozenset({"m", "م", "د", "ا", "me", "cap", "gen", "col"})  # titles only with a full stop
_OF_A_TITLE = 6  # words at most from a rank to the title behind it: "Comandante de la Guardia Civil D. ..."
_AND_TWO_FAMILY_NAMES = 2  # words behind which "D." is Don
_MARK = 3  # letters in parentheses: "(R)", "(SP)", retired


def clean_name(text: str, rules: PersonRules) -> str:
    """A name without titles, ranks and post-nominals."""
    name = " ".join(text.split())
    name = _PARENTHESIS.sub(lambda found: " " if _is_no_part(found.group(1), name, rules) else found.group(), name)
    name = _NICKNAME.sub(r' "\1" ', name)
    name = name.strip(' .,:;|–—-•*"«»“”\u200e\u200f،')
    parts = [part.strip() for part in _SEPARATE.split(name)]
    while len(parts) > 1 and _is_title(parts[0], rules) and len(words(" ".join(parts[1:]))) > 1:
        parts.pop(0)  # "Полковник в отставке, Дмитрий Волошин"
    kept = [_without_titles(parts[0], rules)]
    for part in parts[1:]:
        if not part or _is_post(part, rules) or not _is_part(part, rules, alone=len(words(kept[0])) == 1):
            break
        kept.append(part)
    return _without_posts(", ".join(kept), rules).strip(" .,–—-")


def _is_no_part(aside: str, name: str, rules: PersonRules) -> bool:
    """Whether what stands in brackets is no part: "(Mrs)", "(R)", "(born 1970)", "(в браке Гринько)"."""
    if _is_title(aside, rules) or len(aside) <= _MARK or any(map(str.isdecimal, aside)):
        return True
    told = any(
        has_case(aside[word.start]) and aside[word.start].islower()
        for word in words(aside)
        if word.key not in rules.particles
    )
    return told or script(aside) != script(name)


def _is_part(part: str, rules: PersonRules, *, alone: bool) -> bool:
    """Whether what follows a comma is a name; behind a lone family name also that of a place: "Reyes, Guadalupe"."""
    return has_form(part, rules, least=1) and (alone or not _is_place(words(part), rules))


def _without_titles(name: str, rules: PersonRules) -> str:
    """Without the titles before a name, "Prof. Dr. phil. Ana Ruiz"; Justice Moyo keeps her given name."""
    stripped = False
    while found := _TITLE_WORD.match(name):
        shown, stop = found.group(1), bool(found.group(2)) or found.group(1).endswith(".")
        key, rest = fold(shown.strip(".")), name[found.end() :].lstrip(" .,/–—-")
        known = any(form in rules.titles for form in spellings(key)) or _is_compound_title(key, rules)
        known = known or (shown == "D." and len(rest.split()) > _AND_TWO_FAMILY_NAMES)
        belongs = stripped and stop and shown[0].islower()
        if not (known or belongs) or not (
            stop or (len(rest.split()) > 1 and (key not in _SHORT_TITLES or (stripped and len(key) > 1)))
        ):
            break
        name, stripped = _behind_service(rest, rules), True
    return name


def _is_compound_title(key: str, rules: PersonRules) -> bool:
    """ "Colonel-major", and Arabic titles with full stops between: "أ.م.د"."""
    parts = [part for part in re.split(r"[-.]", key) if part]
    return len(parts) > 1 and all(fold(part) in rules.titles for part in parts)


def _behind_service(rest: str, rules: PersonRules) -> str:
    """Without the service of a rank where another title ends it: "(Comandante) de la Guardia Civil D. Ana Ruiz"."""
    found = words(rest)
    if not found or found[0].key not in rules.title_links:
        return rest
    for word in found[1:_OF_A_TITLE]:
        if (word.key in rules.titles or word.key == "d") and rest[word.end : word.end + 1] == ".":
            return rest[word.start :]
    return rest


def _is_title(text: str, rules: PersonRules) -> bool:
    """Whether every word is a title or a degree: "(Mrs)"."""
    return all(
        any(form in rules.titles for form in spellings(word.key)) or len(word.key) == 1 or rules.posts.at([word], 0)
        for word in words(text)
        if word.key not in rules.particles
    )


def looks_like_name(text: str, rules: PersonRules, *, least: int = 2) -> bool:
    """Whether a short text may be the name of a person, and is no place."""
    return has_form(text, rules, least=least) and not _is_place(words(text), rules)


def has_form(text: str, rules: PersonRules, *, least: int = 2) -> bool:
    """Whether a short text has the form of a name, and none of the words that names never hold."""
    if len(text) > 70 or _BAD.search(text) or _is_of_two_scripts(text):
        return False
    found = words(text)
    full = [word for word in found if len(word.key) > 1]  # the others are initials
    if not least <= len(found) <= LONGEST or not full:
        return False
    if any(_is_no_name(word, rules) for word in full) or rules.document_titles.found_in(found):
        return False
    if rules.citizens.at(found, 0) or rules.citizens.at(found, len(found) - 1):  # "Citizen of Kenya"
        return False
    if rules.headings.whole(text) is not None or _is_title(text, rules):  # "Madame, Monsieur"
        return False
    shown = [text[word.start] for word in found if word.key not in rules.particles or text[word.start].isupper()]
    return len(shown) >= least and all(letter.isupper() or not has_case(letter) for letter in shown)


def is_list(text: str, rules: PersonRules) -> bool:
    """Whether a text lists three things of one word each: "Courses, talks, texts"; "Diop, Awa, PhD" is a name."""
    parts = [part for part in _SEPARATE.split(text) if part.strip()]
    return (
        len(parts) > 2
        and all(len(words(part)) == 1 for part in parts)
        and not any(_is_post(part, rules) or _is_title(part, rules) or _is_place(words(part), rules) for part in parts)
    )


def _is_of_two_scripts(text: str) -> bool:
    """Whether Arabic letters stand beside others: a name in both scripts is parted before, and OCR mixes them up."""
    letters = [letter for letter in text if letter.isalpha()]
    arabic = sum("\u0600" <= letter < "\u0780" for letter in letters)
    return 0 < arabic < len(letters)


def script(text: str) -> str:
    """The script of the first letter, by the first word of its Unicode name: "LATIN", "CYRILLIC", "ARABIC"."""
    letter = next(filter(str.isalpha, text), "")
    return unicodedata.name(letter, "").partition(" ")[0]


def has_case(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _is_no_name(word: Word, rules: PersonRules) -> bool:
    bare = word.key[2:] if word.key.startswith("ال") else word.key
    return any(key in rules.never_in_names or key in rules.professions for key in (word.key, bare))


def _is_place(found: Sequence[Word], rules: PersonRules) -> bool:
    """Whether it is a city or a country, or both; Jordan Rivers and Guadalupe Reyes are people."""
    covered = 0
    while covered < len(found):
        matches = [match for lexicon in (rules.countries, rules.cities) if (match := lexicon.at(found, covered))]
        if not matches:
            return False
        covered = max(match.last for match in matches)
    return True


def _is_post(part: str, rules: PersonRules) -> bool:
    found = words(part)
    match = rules.posts.at(found, 0) if found else None
    return match is not None


def _without_posts(name: str, rules: PersonRules) -> str:
    """Without degrees and honours behind a name; two words stay in any case."""
    tail = words(name.rpartition(" ")[2])
    if tail and not (len(tail[-1].key) == 1 or rules.posts.opens(spellings(tail[-1].key))):
        return name
    found = words(name)
    for index in range(2, len(found)):
        rest = range(index + 1, len(found))
        ending = all(_is_post_at(name, found, place, rules) or len(found[place].key) == 1 for place in rest)
        if ending and _is_post_at(name, found, index, rules):
            return name[: found[index - 1].end]
    return name


def _is_post_at(name: str, found: Sequence[Word], index: int, rules: PersonRules) -> bool:
    """Whether a degree stands here; Oumar Samba Ba and Ann O'Dea keep their names, in capitals too."""
    match = rules.posts.at(found, index)
    if match is None:
        return False
    shown = name[found[match.first].start : found[match.last - 1].end]
    return not match.value.isupper() or (shown.isupper() and not name.isupper())
