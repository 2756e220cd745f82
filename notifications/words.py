"""Words in one language, names and texts: of the digest, config/templates/digest/<language>.yaml, and of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "period": frozenset({"since", "until"}),
    **{name: frozenset({"count"}) for name in ("caught_up", "answers_sent", "erased", "roster_themes")},
    "busiest": frozenset({"count", "day"}),
    "answer_times": frozenset({"time"}),
    "more": frozenset({"count"}),
    "from_country": frozenset({"country"}),
    "not_eligible": frozenset({"languages"}),
    "eligible_unknown": frozenset({"languages"}),
    "last_pass": frozenset({"time"}),
    "stale": frozenset({"time"}),
    "waiting": frozenset({"count"}),
    "quarantined": frozenset({"count"}),
    "unsent": frozenset({"count"}),
    "returned_answer": frozenset({"number"}),
    "inbox": frozenset({"count", "settled", "waiting", "quarantined"}),
    **{f"inbox_{what}": frozenset({"count"}) for what in ("unknown", "undelivered", "by_hand", "came_back")},
    "rules_in_force": frozenset({"hash", "day"}),
    "rules_unused": frozenset({"hash"}),
    "due": frozenset({"count", "months"}),
    "precision_of": frozenset({"what", "right", "count"}),
    "precision_added": frozenset({"what", "right", "count", "added"}),
    "mail_held": frozenset({"time"}),
    "mail_redirected": frozenset({"address"}),
    "templates_faulty": frozenset({"places"}),
    "secret_ends": frozenset({"what", "day"}),
    "secret_ended": frozenset({"what", "day"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    texts: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def fill(self, name: str, **values: object) -> str:
        """The text with its {placeholders} filled in."""
        return filled(self.texts[name], values)


def filled(text: str, values: Mapping[str, object]) -> str:
    return PLACEHOLDER.sub(lambda found: str(values[found.group(1)]), text)


def read_words(
    source: str, wanted: frozenset[str], placeholders: Mapping[str, frozenset[str]] = PLACEHOLDERS
) -> tuple[Words | None, list[tuple[int | None, str]]]:
    """The words, None where they cannot be used, and what is wrong: (line, message).

    `placeholders`: what each text may hold in braces.
    """
    found, problems = read_yaml(source)
    if problems:
        return None, problems
    if not isinstance(found, Mapping):
        return None, [(None, "must consist of lines such as `title: Daily digest`")]
    problems = list(_problems(found, wanted, placeholders))
    return (None if problems else Words(texts={str(k): str(v) for k, v in found.items()})), problems


def read_yaml(source: str) -> tuple[Any, list[tuple[int | None, str]]]:
    """What the text holds, with the line of each key in it, and why it cannot be understood: (line, message)."""
    try:
        return YAML(typ="rt").load(source), []
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return None, [(line, f"is no valid YAML: {error.problem}; a text with a colon stands in quotation marks")]
    except YAMLError as error:
        return None, [(None, f"is no valid YAML: {error}")]


def _problems(
    found: Any, wanted: frozenset[str], placeholders: Mapping[str, frozenset[str]]
) -> Iterator[tuple[int | None, str]]:
    for name in sorted(wanted - set(found)):
        yield None, f"{name} is missing: copy the line from en.yaml and translate it"
    for name, text in found.items():
        line = found.lc.key(name)[0] + 1
        if name not in wanted:
            yield line, f"no word is called {name}: names stay as in en.yaml"
        else:
            yield from ((line, complaint) for complaint in complaints(name, text, placeholders.get(name, frozenset())))


def complaints(name: str, text: object, allowed: Set[str]) -> Iterator[str]:
    """What is wrong with a text that may hold these placeholders."""
    if not isinstance(text, str) or not text.strip():
        yield f"{name} needs a text, in quotation marks where YAML takes it for something else"
        return
    for extra in sorted(set(PLACEHOLDER.findall(text)) - allowed):
        there = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
        yield f"{name} cannot hold {{{extra}}}: there is {there}"
