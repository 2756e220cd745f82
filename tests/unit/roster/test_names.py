"""Names as CVs write them: in any order, case and script."""

from __future__ import annotations

import pytest

from roster.columns import storable
from roster.identity import fold_name, names_agree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aïssatou Diop", "DIOP Aissatou"),
        ("Jean-Luc N'Guessan", "nguessan, jean luc"),
        ("Семён Ёлкин", "ЕЛКИН СЕМЕН"),
        ("أحمد مُحَمَّد", "احمد محمد"),
        ("Núñez\u00a0Ana", "Ana Nun\u0303ez"),
        ("Straße", "STRASSE"),
    ],
)
def test_two_spellings_of_a_name_fold_to_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Ana Núñez", "Ana María Núñez", True),
        ("A. Núñez", "Ana Núñez", True),
        ("A. B. Petrov", "Anton Petrov", True),
        ("Ana Núñez", "Juan Núñez", False),
        ("J. Núñez", "Ana Núñez", False),
        ("Ana Núñez", "", True),
        ("Анна Петрова", "Anna Petrova", True),
        ("Mona Ali Hassan", "Ali Hassan", True),
        ("Ali Ali", "Ali Hassan", False),
    ],
)
def test_names_agree_where_one_is_contained_in_the_other(one: str, other: str, agree: bool) -> None:
    assert names_agree(fold_name(one), fold_name(other)) is agree
    assert names_agree(fold_name(other), fold_name(one)) is agree


def test_text_that_a_database_can_keep_is_left_as_it_is() -> None:
    for text in ("", "plain", "سيرة 🙂 \u200f"):
        assert storable(text) is text
