"""Addresses and numbers that a person gives up: "old@example.org no longer works, write to new@example.org"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extraction.lexicon import forms_of, words
from extraction.person.rules import PersonRules
from extraction.person.written import e164, emails_in, phones_in

_SENTENCE = re.compile(r"(?<=[.!?؟;])\s+")
_CLAUSE = re.compile(r"[,;:()،؛]")
_VERB_FIRST = 25  # characters
_TO_THE_COLON = re.compile(r"[\s,;()،؛.-]*:\s*")
_RIGHT_BEHIND = 6  # characters, the words "to" or "at" among them

_Placed = tuple[str, int, int]  # an address or number with its span


def given_up(text: str, country: str | None, rules: PersonRules) -> Iterator[str]:
    """Addresses (lower-case) and numbers (E.164) that a sentence says are no longer the person's."""
    for sentence in _SENTENCE.split(text):
        if not rules.disowned.opens(forms_of(sentence)):
            continue
        found = words(sentence)
        values: list[_Placed] = [(email, start, start + len(email)) for email, start in emails_in(sentence)]
        values += [
            (full, one.start, one.start + len(one.number))
            for one in phones_in(sentence, rules)
            if (full := e164(one.number, country))
        ]
        values.sort(key=lambda value: value[1])
        inside = [(value[1], value[2]) for value in values]
        cues = list(rules.disowned.find(found)) if values else []
        spans = [(found[cue.first].start, found[cue.last - 1].end) for cue in cues]
        for cue, span in zip(cues, spans, strict=True):
            if any(start <= span[0] < end for start, end in inside):
                continue  # a word of an address: old.name@example.org
            labelled = _behind_colon(sentence, values, span, spans)
            chosen = labelled or _meant(sentence, values, span, cue.value)
            if chosen:
                yield chosen[0]


def _behind_colon(
    sentence: str, values: Sequence[_Placed], cue: tuple[int, int], cues: Sequence[tuple[int, int]]
) -> _Placed | None:
    """The value that a cue labels, other cues between them: "Former number (not in use): 0733 000 111"."""
    value = next((value for value in values if value[1] >= cue[1]), None)
    if value is None:
        return None
    between = sentence[cue[1] : value[1]]
    for start, end in cues:
        if cue[1] <= start and end <= value[1]:
            between = between[: start - cue[1]] + " " * (end - start) + between[end - cue[1] :]
    return value if _TO_THE_COLON.fullmatch(between) else None


def _meant(sentence: str, values: Sequence[_Placed], cue: tuple[int, int], where: str) -> _Placed | None:
    """The value that a cue gives up, None where it gives up none of them."""
    before = [value for value in values if value[2] <= cue[0]]
    after = [value for value in values if value[1] >= cue[1]]
    if _is_aside(sentence, values, cue):
        return before[-1] if before else None
    if where == "right_behind":
        return after[0] if after and after[0][1] - cue[1] <= _RIGHT_BEHIND else None
    if where == "ahead":
        return after[0] if after else None
    if where == "behind":
        follows = bool(after) and after[0][1] - cue[1] <= _VERB_FIRST  # "لم يعد البريد ... صالحا"
        return before[-1] if before else (after[0] if follows else None)
    near = [
        value
        for value in (*before[-1:], *after[:1])
        if not _CLAUSE.search(sentence, min(value[2], cue[1]), max(value[1], cue[0]))
    ] or [value for value in after[:1] if not sentence[cue[1] : value[1]].strip(" :(,،")]
    return min(near, key=lambda value: abs(value[1] - cue[0]), default=None)


def _is_aside(sentence: str, values: Sequence[_Placed], cue: tuple[int, int]) -> bool:
    """Whether the cue stands in brackets of its own: "0733 000 111 (old)"."""
    opening, closing = sentence.rfind("(", 0, cue[0]), sentence.find(")", cue[1])
    if opening < 0 or closing < 0 or sentence.find(")", opening) != closing:
        return False
    return not any(opening < start < closing for _, start, _ in values)
