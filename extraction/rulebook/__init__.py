"""The rules that staff own: read, checked, and matched against texts. How to write them: docs/rules.md."""

from extraction.rulebook.check import check_rules
from extraction.rulebook.examples import ExampleResult, run_examples
from extraction.rulebook.findings import Finding, find, find_in
from extraction.rulebook.load import load_rulebook
from extraction.rulebook.model import Concept, Cue, Rule, Rulebook, SectionPolicy
from extraction.rulebook.remarks import Remark

__all__ = [
    "Concept",
    "Cue",
    "ExampleResult",
    "Finding",
    "Remark",
    "Rule",
    "Rulebook",
    "SectionPolicy",
    "check_rules",
    "find",
    "find_in",
    "load_rulebook",
    "run_examples",
]
