"""One person's name in two spellings, told from two people's names."""

from __future__ import annotations

import pytest

from extraction.person.same import compare


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Roe", "ROE, Jane"),
        ("Петрова Анна Сергеевна", "Anna S. Petrova"),
        ("Mohamed Ali Hassan", "Muhammad Ali Hasan"),
        ("María López", "María López García"),
        ("ليلى الحسيني", "Layla Al-Husseini"),
    ],
)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert compare(one, other).is_one
    assert compare(other, one).is_one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Example", "John Sample"),
        ("Jane Example", "John Example"),
        ("Omar Saleh", "Ali Saleh"),
        ("Anna S. Petrova", "Петрова Анна Михайловна"),
        ("Anna Petrova", "Nina Petrova"),
        ("", "Jane Roe"),
    ],
)
def test_names_of_two_people_are_two(one: str, other: str) -> None:
    assert not compare(one, other).is_one
    assert not compare(other, one).is_one
