"""The sentences that a rule must match and must not match: a rule's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extraction.analyser import Analyser
from extraction.rulebook.findings import Finding, find
from extraction.rulebook.model import Rule, Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResult:
    rule: str
    file: str  # below config/rules
    language: str
    sentence: str
    wanted: bool  # whether the sentence must match
    passed: bool
    why: str = ""  # where it failed: what was found or spoke against it


def run_examples(rulebook: Rulebook, analyser: Analyser) -> list[ExampleResult]:
    """Try every example of every rule, in order of the files."""
    return [result for rule in rulebook.rules for result in _of_rule(rule, rulebook, analyser)]


def _of_rule(rule: Rule, rulebook: Rulebook, analyser: Analyser) -> Iterator[ExampleResult]:
    for wanted, examples in ((True, rule.matches), (False, rule.no_matches)):
        for language, sentences in examples.items():
            for sentence in sentences:
                found = [
                    finding
                    for finding in find(sentence, language, rulebook=rulebook, analyser=analyser)
                    if finding.rule.id == rule.id
                ]
                counted = [finding for finding in found if not finding.reason]
                yield ExampleResult(
                    rule=rule.id,
                    file=rule.file,
                    language=language,
                    sentence=sentence,
                    wanted=wanted,
                    passed=bool(counted) is wanted,
                    why="" if bool(counted) is wanted else _why(sentence, found, counted),
                )


def _why(sentence: str, found: list[Finding], counted: list[Finding]) -> str:
    first = next(iter((*counted, *found)), None)
    if first is None:
        return "nothing was found"
    words = sentence[first.start : first.end]
    return f"found “{words}”" + (f", but it does not count: {first.reason}" if first.reason else "")
