"""What subject and body of a mail signal by their words; config/rules/triage/ says which words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.mail import Signal
from extraction.analyser import LANGUAGES, Analyser
from extraction.rulebook import Rulebook, find
from extraction.rulebook.findings import shown

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


def _texts(subject: str, body: str, language: str, analyser: Analyser) -> Iterator[tuple[str, str, str]]:
    """The subject in the language of the mail and in its own: robots and mail programs have theirs."""
    own = analyser.language_of(subject)
    for tongue in dict.fromkeys((language, own, "en")):
        yield "subject", subject, tongue
    for paragraph in _PARAGRAPH.split(body):
        if not paragraph.strip():
            continue
        tongue = analyser.language_of(paragraph) if len(paragraph) >= _ENOUGH_TO_TELL else language
        text = " ".join(paragraph.split())  # a line of a mail ends by its width
        yield "body", text, tongue if tongue in LANGUAGES else language
