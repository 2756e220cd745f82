"""How well the labelled corpus is read never falls below these figures. They rise with the work; they are no aim."""

from __future__ import annotations

import pytest

from tests.corpus.score import CASES, predict, read_gold, score

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FLOORS = {
    "kind_accuracy": 0.98,
    "reply_language_accuracy": 0.98,
    "acknowledge_safety": 1.0,
    "people_count_exact": 0.98,
    "documents_f1": 0.97,
    "email_f1": 0.94,
    "name_exact": 0.88,
    "nationality_f1": 0.95,
    "languages_f1": 0.97,
    "language_level_accuracy": 0.93,
    "themes_f1": 0.88,
    "inputs_f1": 0.85,
    "eligible_accuracy": 0.95,
}


def test_no_figure_falls_below_its_floor() -> None:
    gold = read_gold(CASES)
    figures = score(gold, predict(list(gold)))["all"]
    assert {name: figures[name] for name, floor in FLOORS.items() if (figures[name] or 0) < floor} == {}
