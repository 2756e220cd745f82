"""How well the labelled mails are read never falls below these figures. They rise with the work; they are no aim."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.score import CASES, STRANGERS, predict, read_gold, score

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FLOORS: dict[Path, dict[str, float]] = {
    CASES: {
        "kind_accuracy": 0.98,
        "reply_language_accuracy": 0.98,
        "acknowledge_safety": 1.0,
        "people_count_exact": 0.98,
        "documents_f1": 0.98,
        "review_f1": 0.9,
        "phone_f1": 0.95,
        "email_f1": 0.98,
        "name_exact": 0.92,
        "nationality_f1": 0.96,
        "languages_f1": 0.98,
        "language_level_accuracy": 0.95,
        "themes_f1": 0.93,
        "inputs_f1": 0.9,
        "years_within_2": 0.93,
        "eligible_accuracy": 0.97,
    },
    STRANGERS: {
        "kind_accuracy": 0.98,
        "reply_language_accuracy": 1.0,
        "people_count_exact": 0.98,
        "documents_f1": 1.0,
        "phone_f1": 0.97,
        "email_f1": 0.99,
        "name_exact": 0.94,
        "nationality_f1": 0.98,
        "languages_f1": 0.98,
        "language_level_accuracy": 0.98,
        "themes_f1": 0.89,
        "inputs_f1": 0.87,
        "years_within_2": 0.9,
        "eligible_accuracy": 0.97,
    },
}


@pytest.mark.parametrize("cases", FLOORS, ids=lambda cases: cases.name)
def test_no_figure_falls_below_its_floor(cases: Path) -> None:
    gold = read_gold(cases)
    figures = score(gold, predict(list(gold), cases))["all"]
    assert {name: figures[name] for name, floor in FLOORS[cases].items() if (figures[name] or 0) < floor} == {}
