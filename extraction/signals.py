"""What subject and body of a mail signal by their words; config/rules/triage/ says which words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from domain.mail import Signal
from extraction.analyser import LANGUAGES, Analyser
from extraction.rulebook import Rulebook, find
from extraction.rulebook.findings import shown
from extraction.rulebook.model import HeaderFilter

FILTERED = "filtered"  # the signal that a mail server's filter gives

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PARAGRAPH = re.compile(r"\n\s*\n")
_ENOUGH_TO_TELL = 40  # characters: shorter paragraphs are taken to be in the language of the mail


def find_signals(
    subject: str, body: str, *, language: str, rulebook: Rulebook, analyser: Analyser
) -> tuple[Signal, ...]:
    """Signals of the subject, then of the body in its order, each rule once a sentence. `language` is the body's."""
    found: dict[tuple[str, str, str], Signal] = {}
    for place, text, tongue in _texts(subject, body, language, analyser):
        for finding in find(text, tongue, rulebook=rulebook, analyser=analyser):
            rule = finding.rule
            if rule.group.startswith("signals/") and not finding.reason:
                sentence = shown(text, finding.sentence, (finding.start, finding.end))
                signal = Signal(name=rule.key, rule=rule.id, sentence=sentence, place=place)
                found.setdefault((rule.id, sentence, place), signal)
    return tuple(found.values())


def filter_signals(headers: Sequence[tuple[str, str]], rulebook: Rulebook) -> tuple[Signal, ...]:
    """What the mail server's filter says of the mail, where it is enough together; `headers` as in ParsedMessage."""
    told: list[tuple[HeaderFilter, str]] = []
    for one in rulebook.filters:
        value = next((value for name, value in headers if name == one.header and _filtered(one, value)), None)
        if value is not None:
            told.append((one, value))
    if sum(one.weight for one, _ in told) < 1:
        return ()
    return tuple(
        Signal(name=FILTERED, rule=f"filters/{one.name}", sentence=f"{one.header}: {value[:200]}", place="header")
        for one, value in told
    )


def _filtered(one: HeaderFilter, value: str) -> bool:
    if one.pattern is not None:
        return re.search(one.pattern, value.strip(), re.IGNORECASE) is not None
    number = _NUMBER.search(value)
    return number is not None and one.at_least is not None and float(number.group()) >= one.at_least


def _texts(subject: str, body: str, language: str, analyser: Analyser) -> Iterator[tuple[str, str, str]]:
    """The subject in the language of the mail and in its own: robots and mail programs have theirs."""
    own = analyser.language_of(subject)
    for tongue in dict.fromkeys((language, own, "en")):
        yield "subject", subject, tongue
    tongues = [(_tongue_of(paragraph, language, analyser), paragraph) for paragraph in _PARAGRAPH.split(body)]
    for tongue, paragraphs in groupby((one for one in tongues if one[1].strip()), key=itemgetter(0)):
        # A line of a mail ends by its width. Paragraphs stay lines, so that a rule finds what is said in two of them.
        yield "body", "\n".join(" ".join(paragraph.split()) for _, paragraph in paragraphs), tongue


def _tongue_of(paragraph: str, language: str, analyser: Analyser) -> str:
    tongue = analyser.language_of(paragraph) if len(paragraph) >= _ENOUGH_TO_TELL else language
    return tongue if tongue in LANGUAGES else language
