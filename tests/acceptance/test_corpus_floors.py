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
    "documents_f1": 0.98,
    "review_f1": 0.9,
    "phone_f1": 0.93,
    "email_f1": 0.97,
    "name_exact": 0.9,
    "nationality_f1": 0.96,
    "languages_f1": 0.97,
    "language_level_accuracy": 0.93,
    "themes_f1": 0.91,
    "inputs_f1": 0.88,
    "eligible_accuracy": 0.95,
}


def test_no_figure_falls_below_its_floor() -> None:
    gold = read_gold(CASES)
    figures = score(gold, predict(list(gold)))["all"]
    assert {name: figures[name] for name, floor in FLOORS.items() if (figures[name] or 0) < floor} == {}
