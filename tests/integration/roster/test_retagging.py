"""The CVs that an edit of the rules may touch, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from roster.retagging import decided, everybody, names, people_with, stored_cvs, without_outline
from roster.store import Store
from roster.tables import cv_version, tag
from tests.integration.roster.cases import decision, profile, take_in

Words = tuple[frozenset[str], ...]


@pytest.fixture
def roster(store: Store) -> Store:
    """Two people; the second CV was stored by a version of the program that kept no outline."""
    for number, stems in ((1, "head of the\nevacu desk 4,000 o'neil"), (2, "evacu plan\nحدود")):
        address = f"ana{number}@example.org"
        person = profile(name=f"Ana Example {number}", emails=(address,), phones=())
        take_in(store, number, decision(person, sender=address, stems=stems))
    with store.begin() as db:
        db.execute(sa.update(cv_version).values(outline="[1]"))
    return store


def term(*words: str) -> Words:
    return tuple(frozenset(word.split("/")) for word in words)


@pytest.mark.parametrize(
    ("terms", "people"),
    [
        ([], set()),
        ([term("evacu")], {1, 2}),
        ([term("evacu", "desk")], {1}),
        ([term("evacu", "plan/desk")], {1, 2}),
        ([term("evacu", "nowhere"), term("حدود")], {2}),
        ([term("4,000")], {1}),
        ([term("o'neil")], {1}),
    ],
)
def test_cvs_are_found_by_all_words_of_a_term(roster: Store, terms: list[Words], people: set[int]) -> None:
    assert set(people_with(roster, terms)) == people


def test_a_cv_without_an_outline_is_counted_and_left_out(roster: Store) -> None:
    assert without_outline(roster) == 0
    with roster.begin() as db:
        db.execute(sa.update(cv_version).where(cv_version.c.person == 2).values(outline=""))
    assert without_outline(roster) == 1
    assert [cv.person for cv in stored_cvs(roster, everybody(roster))] == [1]
    assert [cv.person for cv in stored_cvs(roster, people_with(roster, [term("evacu")]))] == [1]


def test_what_staff_have_decided_is_known_and_people_are_named(roster: Store) -> None:
    with roster.begin() as db:
        wanted = sa.and_(tag.c.person == 1, tag.c.key == "return_reintegration")
        db.execute(sa.update(tag).where(wanted).values(confirmed=True))
    assert decided(roster, [1, 2]) == {(1, "return_reintegration")}
    assert names(roster, [2]) == {2: "Ana Example 2"}
