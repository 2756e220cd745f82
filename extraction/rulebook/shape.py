"""The pieces of a rule file, checked one by one. A problem is noted with its line, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from domain.errors import Problem
from domain.profile import SectionKind
from extraction.rulebook.model import (
    ANY,
    LANGUAGES,
    Concept,
    Cue,
    HeaderFilter,
    Rule,
    Scope,
    SectionPolicy,
    Terms,
    Together,
)

RULE_KEYS = ("about", "phrases", "exact", "together", "near", "sentences", "not_with", "sections", "weight", "examples")


@dataclass(slots=True, kw_only=True)
class Reading:
    """One reading of the folder: the problems found so far, and where in the files things stand."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[str, Any] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}/{name}"

    def place(self, name: str) -> Place:
        return Place(self, name, ())

    def line(self, name: str, path: tuple[str | int, ...]) -> int | None:
        """The line of a key. The file is read again with lines, which takes ten times as long: only where it fails."""
        if name not in self._lines:
            self._lines[name] = YAML(typ="rt").load((self.folder / name).read_text(encoding="utf-8"))
        node, line = self._lines[name], 1
        for key in path:
            try:
                line = (node.lc.item(key)[0] if isinstance(key, int) else node.lc.key(key)[0]) + 1
                node = node[key]
            except (AttributeError, KeyError, IndexError, TypeError):  # what is missing has no line: that of its parent
                break
        return line


@dataclass(frozen=True, slots=True)
class Place:
    """A key in a file."""

    reading: Reading
    name: str
    path: tuple[str | int, ...]

    def at(self, *keys: str | int) -> Place:
        return Place(self.reading, self.name, (*self.path, *keys))

    def rule(self, rule: Rule) -> Place:
        if rule.group.startswith("themes/"):
            return self.at("rules", rule.id.removeprefix(rule.group + "/"))
        return self.at(*rule.id.split("/"))

    def tell(self, message: str) -> None:
        line = self.reading.line(self.name, self.path)
        self.reading.problems.append(Problem(file=self.reading.shown(self.name), line=line, message=message))


def read_terms(value: Any, place: Place) -> Terms:
    """Terms by language."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        place.tell('write the terms by language, such as `en: ["camp management"]`')
        return {}
    terms: dict[str, tuple[str, ...]] = {}
    for language, listed in value.items():
        here = place.at(language)
        if language not in (*LANGUAGES, ANY):
            here.tell(f"{language} is no language of the rules; write one of {', '.join(LANGUAGES)} or {ANY}")
        elif not isinstance(listed, list) or not all(isinstance(term, str) and term.strip() for term in listed):
            here.tell('write a list of words between quotes, such as ["camp", "2030 agenda"]')
        else:
            terms[language] = tuple(listed)
    return terms


def read_concept(name: str, value: Any, place: Place) -> Concept:
    if not isinstance(value, dict):
        place.tell("write the terms of the concept by language below its name")
        return Concept(name=name, file=place.name)
    words = {key: inner for key, inner in value.items() if key not in ("exact", "whole", "about", "source")}
    return Concept(
        name=name,
        file=place.name,
        terms=read_terms(words, place),
        exact=read_terms(value.get("exact"), place.at("exact")),
        whole=read_terms(value.get("whole"), place.at("whole")),
    )


def read_cue(name: str, value: Any, place: Place) -> Cue:
    if not isinstance(value, dict):
        place.tell("write reason, scope and terms below the name of the cue")
        value = {}
    scope = value.get("scope", "after")
    if scope not in list(Scope):
        place.at("scope").tell(f"write one of {', '.join(Scope)}")
        scope = "after"
    if not value.get("reason"):
        place.tell("say in `reason:` why such a sentence does not count; staff read it")
    return Cue(
        name=name,
        reason=str(value.get("reason", "")),
        scope=Scope(scope),
        terms=read_terms(value.get("terms"), place.at("terms")),
        unless=read_terms(value.get("unless"), place.at("unless")),
    )


def read_filter(name: str, value: Any, place: Place) -> HeaderFilter:
    if not isinstance(value, dict) or not isinstance(value.get("header"), str):
        place.tell("write `header:` with the name of a header, and `pattern:` or `at_least:`")
        return HeaderFilter(name=name, header="")
    pattern, at_least = value.get("pattern"), value.get("at_least")
    if (pattern is None) == (at_least is None):
        place.tell("write either `pattern:` or `at_least:`")
    if pattern is not None and not _is_pattern(pattern):
        place.at("pattern").tell("this is no regular expression; ask whoever runs the mail server")
        pattern = None
    if at_least is not None and (isinstance(at_least, bool) or not isinstance(at_least, int | float)):
        place.at("at_least").tell("write a number, such as 6")
        at_least = None
    weight = _weight(value.get("weight", 1), place.at("weight"))
    return HeaderFilter(name=name, header=value["header"].lower(), pattern=pattern, at_least=at_least, weight=weight)


def _is_pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError):
        return False
    return True


def read_policy(value: Any, place: Place) -> SectionPolicy:
    if not isinstance(value, dict) or not isinstance(value.get("weight"), int | float):
        place.tell("write `weight:` with a number from 0 to 1, and a `reason:` where it is 0")
        return SectionPolicy(weight=0)
    return SectionPolicy(weight=value["weight"], reason=str(value.get("reason", "")), unless=value.get("unless"))


def read_rule(identity: str, group: str, value: Any, place: Place) -> Rule:
    if not isinstance(value, dict):
        place.tell("write about, phrases and examples below the name of the rule")
        value = {}
    for key in value:
        if key not in RULE_KEYS:
            place.at(key).tell(f"{key} is unknown here; a rule may have {', '.join(RULE_KEYS)}")
    if not {"phrases", "exact", "together"} & value.keys():
        place.tell("a rule needs phrases, exact or together, else it can find nothing")
    not_with = value.get("not_with") or {}
    others, in_post = _named(not_with, "concepts"), _named(not_with, "in_post")
    examples = value.get("examples") if isinstance(value.get("examples"), dict) else {}
    return Rule(
        id=identity,
        group=group,
        about=str(value.get("about", "")),
        file=place.name,
        phrases=read_terms(value.get("phrases"), place.at("phrases")),
        exact=read_terms(value.get("exact"), place.at("exact")),
        together=tuple(_together(value, place)),
        not_with=read_terms(
            {key: inner for key, inner in not_with.items() if key not in ("concepts", "in_post")}
            if isinstance(not_with, dict)
            else not_with,
            place.at("not_with"),
        ),
        not_with_concepts=(*others, *in_post),
        not_in_post=in_post,
        only_in=_sections(value.get("sections"), place.at("sections")),
        weight=_weight(value.get("weight", 1), place.at("weight")),
        matches=read_terms((examples or {}).get("match"), place.at("examples", "match")),
        no_matches=read_terms((examples or {}).get("no_match"), place.at("examples", "no_match")),
    )


def _named(not_with: Any, key: str) -> tuple[str, ...]:
    return tuple(map(str, not_with.get(key, ()))) if isinstance(not_with, dict) else ()


def _together(value: dict[str, Any], place: Place) -> Iterable[Together]:
    groups = value.get("together") or []
    near = _number(value, "near", "words, such as 6", place)
    sentences = _number(value, "sentences", "consecutive sentences, such as 3", place) or 1
    if not isinstance(groups, list):
        place.at("together").tell("write lists of concepts, such as `- [evacuate, nationals]`")
        return
    for index, group in enumerate(groups):
        if isinstance(group, list) and len(group) > 1 and all(isinstance(name, str) for name in group):
            yield Together(concepts=tuple(group), near=near, sentences=sentences)
        else:
            place.at("together", index).tell("name two or more concepts, such as `- [evacuate, nationals]`")


def _number(value: dict[str, Any], key: str, what: str, place: Place) -> int | None:
    number = value.get(key)
    if number is None or (isinstance(number, int) and not isinstance(number, bool) and number > 0):
        return number
    place.at(key).tell(f"write a number of {what}")
    return None


def _sections(value: Any, place: Place) -> frozenset[SectionKind]:
    if value is None:
        return frozenset()
    if not isinstance(value, list) or any(kind not in list(SectionKind) for kind in value):
        place.tell(f"write a list of sections out of {', '.join(SectionKind)}")
        return frozenset()
    return frozenset(map(SectionKind, value))


def _weight(value: Any, place: Place) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
        return float(value)
    place.tell("write a number over 0, at most 1: 1 is enough alone, 0.5 needs a second sentence")
    return 1.0
