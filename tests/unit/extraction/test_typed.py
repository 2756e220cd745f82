"""A name in a CV, mended by its spelling in the message and by nothing less."""

from __future__ import annotations

import pytest

from extraction.lexicon import fold
from extraction.person.typed import as_typed


@pytest.mark.parametrize(
    ("read", "typed", "pictured", "name"),
    [
        ("Вондаренко Олег Ильич", "Олег Бондаренко", True, "Бондаренко Олег Ильич"),
        ("Вондаренко Олег Ильич", "Олег Бондаренко", False, "Вондаренко Олег Ильич"),
        ("Ana Ruiz", "Anna Ruiz Pardo", False, "Ana Ruiz"),
        ("Awa Diallo", "Moussa Diarra", True, "Awa Diallo"),
        ("Awa Diallo", "Awa Toure", True, "Awa Diallo"),
        ("C. Mbarga", "Clarisse Mbarga", False, "Clarisse Mbarga"),
        ("C. Mbarga", "Pauline Mbarga", False, "C. Mbarga"),
        ("سلمى النج ار", "سلمى النجار", False, "سلمى النجار"),
        ("عبد الحليم قدري", "عبدالحليم قدري", False, "عبد الحليم قدري"),
        ("Jane Doe", "Jane", True, "Jane Doe"),
    ],
)
def test_a_torn_short_or_misread_name_is_taken_as_typed(read: str, typed: str, pictured: bool, name: str) -> None:
    assert as_typed(read, [typed], particles={fold("عبد")}, pictured=pictured) == name
