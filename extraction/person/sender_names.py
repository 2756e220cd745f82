"""The name in From, in the signature of a message, or in the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.lexicon import words
from extraction.person.name_form import clean_name, looks_like_name
from extraction.person.names import Named
from extraction.person.rules import PersonRules

_GUESSED = 0.5


def from_message(display: str, written: str, file_names: Iterable[str], rules: PersonRules) -> Named | None:
    """The name in From, in the signature or in the name of the file, for a CV that names nobody."""
    name = clean_name(_reordered(display), rules)
    if looks_like_name(name, rules):
        return Named(name=name, sure=_GUESSED, how="from the sender of the message")
    for line in signature(written):
        name = clean_name(line, rules)
        if looks_like_name(name, rules):
            return Named(name=name, sure=_GUESSED, how="from the signature of the message")
    for file_name in file_names:
        name = clean_name(_of_file(file_name, rules), rules)
        if looks_like_name(name, rules):
            return Named(name=name, sure=_GUESSED, how="from the name of the file")
    return None


def _of_file(file_name: str, rules: PersonRules) -> str:
    """ "CV_Ana_Ruiz_2018.pdf" without what says that it is a CV."""
    stem = re.sub(r"[\W\d_]+", " ", file_name.rpartition(".")[0])
    found = words(stem)
    titles = {place for match in rules.document_titles.find(found) for place in range(match.first, match.last)}
    return " ".join(stem[word.start : word.end] for place, word in enumerate(found) if place not in titles)


def _reordered(display: str) -> str:
    """ "Doe, Jane" as mail programs write it."""
    family, comma, given = display.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else display


def signature(written: str) -> list[str]:
    """The last lines of what the sender wrote."""
    kept = [line.strip() for line in written.splitlines() if line.strip()]
    return kept[-8:]


def signature_names(written: str, rules: PersonRules) -> Iterable[str]:
    for line in signature(written):
        for piece in re.split(r"\s*[|•]\s*|,\s", line):
            name = clean_name(piece, rules)
            if looks_like_name(name, rules, least=1):
                yield name
