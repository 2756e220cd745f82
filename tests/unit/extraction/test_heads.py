"""The heads of CVs in tests/corpus/heads are read as well as they once were. The figures are floors, no aim."""

from __future__ import annotations

from collections import Counter

from extraction.understand import Understander
from tests.corpus.heads import SENT, cases, document, in_body, judged, message

FLOORS = {"people": 123, "name": 124, "emails": 122, "phones": 119, "nationalities": 123, "residence": 122,
          "degree": 102, "years": 122, "doubts": 124}  # fmt: skip
IN_A_BODY = {"people": 119, "name": 115, "emails": 117, "phones": 114, "nationalities": 119, "residence": 115,
             "years": 118}  # fmt: skip


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
