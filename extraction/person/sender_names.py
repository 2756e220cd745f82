"""The name in From, in the signature of a message, or in the name of a file."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from domain.mail import ParsedMessage
from extraction.lexicon import words
from extraction.person.latin import Hints, shared_words
from extraction.person.name_form import clean_name, looks_like_name
from extraction.person.names import Named
from extraction.person.rules import PersonRules
from extraction.person.same import compare

_GUESSED = 0.5
_ADDRESS = "from the address of the sender"
_LOOKED_AT = 400  # characters of a CV


def from_message(message: ParsedMessage, file_names: Sequence[str], rules: PersonRules, *, like: str) -> Named | None:
    """The name in From, in the signature or in the name of a file, for a CV that names nobody.

    The one on which most of them agree, an assistant's or a scanner's being told in one place only; of spellings that
    agree the one in the script of the CV (`like`: its text), and the fullest. `Named.sources`: how many agree.
    """
    told = list(_told(message, file_names, rules))
    address = message.sender.email.split("@")[0] if message.sender else ""
    ranked = []
    for source, name in told:
        agreed = {other for other, another in told if compare(name, another).is_one} | {source}
        agreed |= {_ADDRESS} if shared_words(name, Hints.of([address])) else set()
        full = sum(len(word.key) > 1 for word in words(name))
        ranked.append(((len(agreed), _script(name) == _script(like), full), source, name))
    if not ranked:
        return None
    (sources, _, _), source, name = max(ranked, key=lambda one: one[0])  # the first of equals
    return Named(name=name, sure=_GUESSED, how=source, sources=sources)


def _told(message: ParsedMessage, file_names: Sequence[str], rules: PersonRules) -> Iterator[tuple[str, str]]:
    """Each name with its source, in words for staff."""
    display = message.sender.name if message.sender else ""
    texts = [("from the sender of the message", _reordered(display))]
    texts += [("from the signature of the message", line) for line in signature(message.written)]
    texts += [("from the name of the file", _of_file(name, rules)) for name in file_names]
    for source, text in texts:
        name = clean_name(text, rules)
        if looks_like_name(name, rules):
            yield source, name


def _script(text: str) -> str:
    """Of most letters of a text: "LATIN", "CYRILLIC", "ARABIC" ..."""
    scripts = Counter(
        unicodedata.name(letter, "").partition(" ")[0] for letter in text[:_LOOKED_AT] if letter.isalpha()
    )
    return max(scripts, key=lambda script: scripts[script], default="")


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
