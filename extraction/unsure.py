"""Facts that stand on words which OCR was not sure of: they go to a person, with the reason, before they count.

Measured on scans that the tests make: of words recognised with 90 % confidence and more, one in 200 is wrong; between
80 and 90 %, one in four; under 70 %, more than every second one. Of a page under 80 %, a third of the words are wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.profile import DocumentText, Profile, ReadDocument

SURE_WORD = 0.7
SURE_ENOUGH = 0.5  # for a language that decides nothing: names of small languages are in no dictionary of an OCR
SURE_PAGE = 0.8
TAIL = 7  # digits of a phone by which it is found again, however it is written

Span = tuple[int, int]
Find = Callable[[str, str], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class _Fact:
    what: str  # in words for staff
    confidence: float
    needed: float = SURE_WORD


def unsure_facts(
    profile: Profile, documents: Sequence[ReadDocument], *, confirmed: str, essential: Sequence[str]
) -> tuple[str, ...]:
    """At most two doubts: on a CV that was badly recognised as a whole, and on facts that stand on unsure words.

    `confirmed`: what the person typed in the mail itself. What stands there too is sure. `essential`: the languages of
    which the call asks one.
    """
    texts = {one.part_path: one.text for one in documents if one.text and one.part_path in profile.documents}
    recognised = [text for text in texts.values() if text.words]
    if not recognised:
        return ()
    doubts = []
    worst = min((text.confidence for text in recognised if text.confidence is not None), default=1.0)
    if worst < SURE_PAGE:
        doubts.append(f"A CV is a picture whose writing was recognised with {worst:.0%} confidence only.")
    facts = [fact for fact in _facts(profile, texts, confirmed.casefold(), essential) if fact.confidence < fact.needed]
    if facts:
        told = ", ".join(f"{fact.what} ({fact.confidence:.0%})" for fact in facts)
        doubts.append(f"Recognised with little confidence: {told}.")
    return tuple(doubts)


def _facts(
    profile: Profile, texts: Mapping[str, DocumentText], confirmed: str, essential: Sequence[str]
) -> Iterator[_Fact]:
    words = [word for word in re.findall(r"\w+", profile.name) if word.casefold() not in confirmed]
    if words:
        yield _Fact("the name", min(_best(texts, _spelled, word) for word in words))
    for email in profile.emails:
        if email not in confirmed:
            yield _Fact("an e-mail address", _best(texts, _spelled, email))
    typed = "".join(filter(str.isdecimal, confirmed))
    for phone in profile.phones:
        if phone[-TAIL:] not in typed:
            yield _Fact("a phone number", _best(texts, _dialled, phone[-TAIL:]))
    for skill in profile.languages:
        spoken = [
            _confidence(texts[one.part_path], (one.start, one.end)) for one in skill.evidence if one.part_path in texts
        ]
        if spoken:
            needed = SURE_WORD if skill.code in essential else SURE_ENOUGH
            yield _Fact(f"the language {skill.code} and its level", max(spoken), needed)


def _best(texts: Mapping[str, DocumentText], find: Find, sought: str) -> float:
    """The confidence where it is surest: a name that stands clear on one page may be blurred on another."""
    return max((_confidence(text, span) for text in texts.values() for span in find(text.text, sought)), default=1.0)


def _confidence(text: DocumentText, span: Span) -> float:
    """Of the least sure word in a span; 1 where nothing of it was recognised from a picture."""
    start, end = span
    whole = text.text
    return min(
        (
            word.confidence
            for word in text.words
            if word.start < end and word.end > start and any(map(str.isalnum, whole[word.start : word.end]))
        ),
        default=1.0,
    )


def _spelled(text: str, sought: str) -> Iterator[Span]:
    for found in re.finditer(rf"(?<!\w){re.escape(sought)}(?!\w)", text, re.IGNORECASE):
        yield found.span()


def _dialled(text: str, digits: str) -> Iterator[Span]:
    """Digits of any script, with whatever stands between them."""
    places = [at for at, letter in enumerate(text) if letter.isdecimal()]
    plain = "".join(str(unicodedata.decimal(text[at])) for at in places)
    at = plain.find(digits)
    while at >= 0:
        yield places[at], places[at + len(digits) - 1] + 1
        at = plain.find(digits, at + 1)
