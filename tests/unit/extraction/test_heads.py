"""The heads of CVs in tests/corpus/heads are read as well as they once were. The figures are floors, no aim."""

from __future__ import annotations

from collections import Counter

from extraction.understand import Understander
from tests.corpus.heads import SENT, cases, document, in_body, judged, message

FLOORS = {"people": 180, "name": 181, "emails": 179, "phones": 175, "nationalities": 179, "residence": 179,
          "degree": 149, "years": 176, "doubts": 181}  # fmt: skip
IN_A_BODY = {"people": 171, "name": 166, "emails": 169, "phones": 165, "nationalities": 169, "residence": 166,
             "years": 168}  # fmt: skip


def below(right: Counter[str], floors: dict[str, int]) -> dict[str, int]:
    return {field: right[field] for field, floor in floors.items() if right[field] < floor}


def test_the_heads_of_attached_cvs_are_read_no_worse(understander: Understander) -> None:
    right: Counter[str] = Counter()
    for _, case in cases():
        made = understander.understand(message(case), [document(case)], now=SENT)
        right.update(field for field, (good, _) in judged(case, made.people).items() if good)
    assert below(right, FLOORS) == {}


def test_the_same_cvs_in_the_body_of_a_mail_are_read_no_worse(understander: Understander) -> None:
    right: Counter[str] = Counter()
    for language, case in cases():
        if "body" not in case:
            made = understander.understand(message(in_body(case, language)), [], now=SENT)
            right.update(field for field, (good, _) in judged(case, made.people).items() if good)
    assert below(right, IN_A_BODY) == {}
