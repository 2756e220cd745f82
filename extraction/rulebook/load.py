"""config/rules as a Rulebook. Every problem of every file is told at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from domain.errors import ConfigProblem, Problem
from domain.profile import INPUTS, THEMES, SectionKind
from extraction.rule_files import rules_hash
from extraction.rulebook.model import Concept, Cue, HeaderFilter, Rule, Rulebook
from extraction.rulebook.shape import (
    Place,
    Reading,
    read_concept,
    read_cue,
    read_filter,
    read_policy,
    read_rule,
    read_terms,
)

EVERYDAY = "everyday.yaml"  # for `rules check` only: no rule reads it
SHARED = ("concepts.yaml", "cues.yaml", EVERYDAY)


def load_rulebook(folder: Path) -> Rulebook:
    """Read config/rules. Raises ConfigProblem with everything that is wrong, by file and line."""
    reading, contents = _read_files(folder)
    all_read = not reading.problems
    _tell_unknown_themes(folder, reading)
    cues = contents.get("cues.yaml", {})
    concepts: dict[str, Concept] = {}
    rules: list[Rule] = []
    enough: dict[str, float] = {}
    for name, content in contents.items():
        place = reading.place(name)
        for concept_name, value in _mapping(content, "concepts", place):
            if concept_name in concepts:
                place.at("concepts", concept_name).tell(f"the concept {concept_name} stands in two files; rename one")
            concepts[concept_name] = read_concept(concept_name, value, place.at("concepts", concept_name))
        for group, section in _groups(name, content, place):
            enough[group] = float(content.get("enough", 1)) if isinstance(content.get("enough", 1), int | float) else 1
            rules += _rules(group, section, place)
    if all_read:  # else every rule that names a concept of a file that cannot be read would look wrong
        _check_concepts(rules, concepts, reading)
    place = reading.place("cues.yaml")
    book = Rulebook(
        rules=tuple(rules),
        concepts=concepts,
        cues=_cues(cues, place),
        scope_ends=read_terms(cues.get("scope_ends"), place.at("scope_ends")),
        skipped=read_terms(cues.get("skipped"), place.at("skipped")),
        sections={
            SectionKind(kind): read_policy(value, place.at("sections", kind))
            for kind, value in _mapping(cues, "sections", place)
            if _known_section(kind, place)
        },
        enough=enough,
        filters=tuple(_filters(contents, reading)),
        hash=rules_hash(folder),
    )
    if reading.problems:
        raise ConfigProblem(*reading.problems)
    return book


def _read_files(folder: Path) -> tuple[Reading, dict[str, dict[str, Any]]]:
    """The files that hold rules; lists of languages, places and the like have readers of their own."""
    reading = Reading(folder=folder)
    wanted = [folder / name for name in (*SHARED, "inputs.yaml")]
    wanted += sorted((folder / "triage").glob("*.yaml"))
    wanted += [folder / "themes" / f"{theme}.yaml" for theme in THEMES]
    contents: dict[str, dict[str, Any]] = {}
    for path in wanted:
        name = path.relative_to(folder).as_posix()
        if not path.is_file():
            reading.problems.append(Problem(file=reading.shown(name), line=None, message="the file is missing"))
            continue
        try:
            content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            reading.problems.append(Problem(file=reading.shown(name), line=None, message="save it as UTF-8"))
            continue
        except YAMLError as error:
            reading.problems.append(_syntax_problem(reading.shown(name), error))
            continue
        if isinstance(content, dict):
            contents[name] = content
        else:
            reading.problems.append(Problem(file=reading.shown(name), line=1, message="write `key: value` lines"))
    return reading, contents


def _tell_unknown_themes(folder: Path, reading: Reading) -> None:
    for path in sorted((folder / "themes").glob("*.yaml")):
        if path.stem not in THEMES:
            reading.problems.append(
                Problem(
                    file=reading.shown(f"themes/{path.name}"),
                    line=None,
                    message=f"no theme of the call has this name; the names are {', '.join(THEMES)}",
                )
            )


def _syntax_problem(file: str, error: YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    what = getattr(error, "problem", None) or "this is no YAML"
    return Problem(
        file=file,
        line=mark.line + 1 if mark else None,
        message=f"{what}; put text with : # ' or quotes between double quotes, and indent with spaces",
    )


def _groups(name: str, content: dict[str, Any], place: Place) -> list[tuple[str, Any]]:
    if name.startswith("themes/"):
        return [(name.removesuffix(".yaml"), content.get("rules"))]
    if name == "inputs.yaml":
        found = _mapping(content, "inputs", place)
        for key, _ in found:
            if key not in INPUTS:
                place.at("inputs", key).tell(f"no input of the call has this name; the names are {', '.join(INPUTS)}")
        return [(f"inputs/{key}", value) for key, value in found]
    if name.startswith("triage/"):
        return [(f"signals/{key}", value) for key, value in _mapping(content, "signals", place)]
    return []


def _rules(group: str, section: Any, place: Place) -> list[Rule]:
    where = ("rules",) if group.startswith("themes/") else tuple(group.split("/"))
    here = place.at(*where)
    if not isinstance(section, dict):
        here.tell("write rules here, each as `name:` with its phrases indented below")
        return []
    if {"about", "phrases", "exact", "together"} & section.keys():  # one rule without a name of its own
        return [read_rule(group, group, section, here)]
    return [read_rule(f"{group}/{rule}", group, value, here.at(str(rule))) for rule, value in section.items()]


def _filters(contents: Mapping[str, dict[str, Any]], reading: Reading) -> Iterator[HeaderFilter]:
    for name, content in contents.items():
        place = reading.place(name)
        for key, value in _mapping(content, "filters", place):
            yield read_filter(key, value, place.at("filters", key))


def _mapping(content: Mapping[str, Any], key: str, place: Place) -> list[tuple[str, Any]]:
    value = content.get(key, {})
    if not isinstance(value, dict):
        place.at(key).tell(f"write the {key} below this line, each as `name: …`")
        return []
    return [(str(name), inner) for name, inner in value.items()]


def _cues(content: Mapping[str, Any], place: Place) -> tuple[Cue, ...]:
    return tuple(read_cue(name, value, place.at("cues", name)) for name, value in _mapping(content, "cues", place))


def _known_section(kind: str, place: Place) -> bool:
    if kind in list(SectionKind):
        return True
    place.at("sections", kind).tell(f"no section is called {kind}; the names are {', '.join(SectionKind)}")
    return False


def _check_concepts(rules: list[Rule], concepts: Mapping[str, Concept], reading: Reading) -> None:
    for rule in rules:
        wanted = [name for group in rule.together for name in group.concepts] + [*rule.not_with_concepts]
        for name in dict.fromkeys(wanted):
            if name not in concepts:
                where = reading.place(rule.file).rule(rule)
                where.tell(f"the rule {rule.id} names the concept {name}, which no file lists; check the spelling")
