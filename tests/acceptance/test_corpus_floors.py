"""How well the labelled corpus is read never falls below these figures. They rise with the work; they are no aim."""

from __future__ import annotations

import pytest

from tests.corpus.score import CASES, predict, read_gold, score

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FLOORS = {
    "kind_accuracy": 0.90,
    "acknowledge_safety": 1.0,
    "documents_f1": 0.80,
    "email_f1": 0.90,
    "name_exact": 0.75,
    "languages_f1": 0.85,
    "language_level_accuracy": 0.80,
    "themes_f1": 0.70,
}


def test_no_figure_falls_below_its_floor() -> None:
    gold = read_gold(CASES)
    figures = score(gold, predict(list(gold)))["all"]
    assert {name: figures[name] for name, floor in FLOORS.items() if (figures[name] or 0) < floor} == {}
