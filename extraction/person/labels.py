"""The labels of fields: "Nationality:", "Apellidos y nombres", "Nationalité du conjoint :"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extraction.lexicon import Match, forms_of, words
from extraction.person.lines import Line
from extraction.person.rules import PersonRules

OTHER_PERSON = "other_person"  # the kind of a label that speaks of somebody else
MARKS = " \t:|=–—-•*.;,\u200e\u200f"  # around labels and values, part of neither
_BEFORE = re.compile(r"(?:^|[|;•,.(\t]|\s{2,})\s*(?:\(?[\da-z][.)]\s*)*(?:[-–—*•]\s*)?$")
_AFTER = re.compile(r"\.?\s*(?:\([^)]{0,40}\))?\s*(?:[:=|：]|[-–—](?=\s)|\t|\s{2,}|\.{3,}|$)|\s+(?=[+\d(])")
_COLON = re.compile(r"\.?\s?(?:\([^)]{0,40}\))?\s?[:：|]")
_TOGETHER = re.compile(r"\s?(?:\([^)]{0,12}\)|s\b)?\s?(?:[,/&+،-]|\band\b|\bet\b|\by\b|\bи\b|و)?\s?")
_ASIDE = re.compile(r"[\s,/(][^\d:@|]{0,30}$")  # "Maiden name, if any"
_PLURAL = re.compile(r"^\s?\([^)]{0,10}\)")
_PART_ENDS = "|:;,.\t،"
_KIN_WORDS = 4  # between a label and the relative whose it is
_TO_THE_COLON = 30  # characters
_COLON_AHEAD = re.compile(rf"[^\d@:]{{0,{_TO_THE_COLON}}}:")  # with no value before it
NAME_KINDS = ("name", "given", "middle", "family", "second_family", "suffix")
_OPEN = (*NAME_KINDS, "residence", "permanent", "phone", "nationality")
_SHORT_LINE = 80  # characters


class Labels(NamedTuple):
    """Labels that stand together, with the span of their words in the line."""

    start: int
    end: int
    label: str
    kinds: tuple[str, ...]  # keys of `labels` in person.yaml


def labels_of(line: Line, rules: PersonRules) -> list[Labels]:
    """The labels of a line; several that stand together have one value: "Surname, given names: ..."."""
    if not rules.labels.opens(line.forms):
        return []
    found: list[Labels] = []
    index = 0
    while index < len(line.words):
        match = rules.labels.at(line.words, index)
        if match is None:
            index += 1
            continue
        last = _reach(line, match, rules) or (match.last if _continues(found, line, match) else 0)
        if last:
            kind = OTHER_PERSON if _of_kin(line, match, last, rules) else match.value
            start, end = line.words[match.first].start, line.words[last - 1].end
            found.append(Labels(start, end, line.text[start:end], (kind,)))
        index = max(last, match.last if last else index + 1)
    return _joined(found, line.text)


def tells_of_another(line: Line, rules: PersonRules) -> bool:
    """Whether a line is the field of another person: "Husband: ...", "Nationalité du conjoint : ..."."""
    if not (rules.labels.opens(line.forms) or rules.kin.opens(line.forms)):
        return False
    first = next(iter(labels_of(line, rules)), None)
    if first and first.kinds == (OTHER_PERSON,) and not line.text[: first.start].strip(MARKS + "0123456789)"):
        return True
    match = next(rules.kin.find(line.words), None)
    if match is None or match.first:
        return False
    end = line.words[match.last - 1].end
    return bool(_COLON.match(line.text, end)) or ":" in line.text[end : end + _TO_THE_COLON]


def _reach(line: Line, match: Match[str], rules: PersonRules) -> int:
    """Where a label ends, in words; 0 where the phrase is no label here, but a word of a sentence."""
    if _stands_free(line, match):
        return match.last
    end = line.words[match.last - 1].end
    if not _BEFORE.search(line.text[: line.words[match.first].start]):
        return 0
    if _leads_to_label(line, match, rules):
        return match.last
    for last in range(match.last + 1, min(match.last + _KIN_WORDS, len(line.words)) + 1):
        inside = forms_of(line.text, end, line.words[last - 1].end)
        if rules.kin.opens(inside) and _COLON.match(line.text, line.words[last - 1].end):
            return last  # "Nationality of father:", "Nom de la mère :"
    rest = line.text[end:]
    if line.cells and match.value in _OPEN and rest == rest.lower() != rest.upper() and _ASIDE.match(rest):
        return len(line.words)
    return 0


def _continues(found: Sequence[Labels], line: Line, match: Match[str]) -> bool:
    """Whether it stands right behind another label, and a colon or the end behind it."""
    start, end = line.words[match.first].start, line.words[match.last - 1].end
    return bool(found and _TOGETHER.fullmatch(line.text, found[-1].end, start) and _AFTER.match(line.text, end))


def _leads_to_label(line: Line, match: Match[str], rules: PersonRules) -> bool:
    """Whether another label stands behind it, and a colon or the end behind that: "Имя, отчество: ..."."""
    for index in range(match.last, min(match.last + 2, len(line.words))):
        following = rules.labels.at(line.words, index)
        if following and _TOGETHER.fullmatch(line.text, line.words[match.last - 1].end, line.words[index].start):
            return bool(_AFTER.match(line.text, line.words[following.last - 1].end)) or _leads_to_label(
                line, following, rules
            )
    return False


def _of_kin(line: Line, match: Match[str], last: int, rules: PersonRules) -> bool:
    """Whether a label names a relative beside the matter: "Father's nationality", "جنسية الزوج"."""
    if not rules.kin.opens(line.forms):
        return False
    before = line.text[: line.words[match.first].start]
    piece = before[max(map(before.rfind, _PART_ENDS)) + 1 :]
    end = line.words[match.last - 1].end
    colon = _COLON_AHEAD.match(line.text, end)
    inside = line.text[end : max(colon.end() if colon else 0, line.words[last - 1].end)]
    return any(rules.kin.found_in(words(text)) for text in (piece, inside) if text.strip())


def _joined(found: Sequence[Labels], text: str) -> list[Labels]:
    joined: list[Labels] = []
    for one in found:
        before = joined[-1] if joined else None
        if before and _TOGETHER.fullmatch(text, before.end, one.start):
            joined[-1] = Labels(before.start, one.end, text[before.start : one.end], before.kinds + one.kinds)
        else:
            joined.append(one)
    return [one._replace(kinds=_as_one(one.kinds)) for one in joined]


def _as_one(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Several parts of a name behind one label are a name, or given names where the family name is apart."""
    if len(kinds) > 1 and set(kinds) <= set(NAME_KINDS):
        return ("name",) if "name" in kinds or {"family", "given"} <= set(kinds) else (kinds[0],)
    return tuple(dict.fromkeys(kinds))


def _stands_free(line: Line, match: Match[str]) -> bool:
    """Whether a phrase is a label here, not a word of a sentence."""
    text, found = line.text, line.words
    start, end = found[match.first].start, found[match.last - 1].end
    if not _BEFORE.search(text[:start]):
        return bool(_COLON.match(text, end)) and text[end : end + 3].find("|") < 0  # columns closed up
    if _AFTER.match(text, end):
        return True
    # Columns that a reader has closed up: "Nacionalidad colombiana", "1. Family name RUIZ | First name Ana".
    if match.value in ("nationality", "not_residence") and match.first == 0 and len(text) <= _SHORT_LINE:
        return True
    follows = _PLURAL.sub("", text[end:]).lstrip()[:1]
    telling = match.last - match.first > 1 or bool(line.cells) or match.value == "nationality"
    return match.value in _OPEN and telling and bool(follows) and not follows.islower()
