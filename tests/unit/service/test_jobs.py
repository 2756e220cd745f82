"""The jobs of the sandbox that are more than a call."""

from __future__ import annotations

from service.jobs import StemsArguments, stems


def test_a_word_is_searched_for_in_the_forms_of_all_five_languages() -> None:
    (word,) = stems(StemsArguments(text="migrantes"))
    assert {"migrant", "migr"} <= set(word)


def test_punctuation_is_no_word_of_a_query() -> None:
    assert len(stems(StemsArguments(text="return & reintegration"))) == 2
