"""Searching: by words, themes, languages and places, on both databases with the same answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.profile import Level
from roster.search import Query, search
from roster.status import older_than
from roster.store import Store
from roster.tables import language_skill, tag
from tests.integration.roster.cases import NOW, decision, profile, speaks, take_in, theme

ANA = profile(
    name="Ana Núñez",
    emails=("ana@example.org",),
    phones=(),
    nationalities=("ES", "AR"),
    residence="FR",
    languages=(speaks("es", Level.NATIVE), speaks("en", Level.B)),
    themes=(theme("counter_trafficking", strength=0.9), theme("return_reintegration", strength=0.2)),
    inputs=(),
    eligible=False,
)
OLEG = profile(
    name="Олег Ёлкин",
    emails=("oleg@example.org",),
    phones=(),
    nationalities=("RU",),
    residence=None,
    languages=(speaks("ru", Level.NATIVE), speaks("en", Level.UNKNOWN)),
    themes=(),
    inputs=(),
    eligible=None,
)


@pytest.fixture
def roster(store: Store) -> Store:
    """Diop (1), Núñez (2) and Ёлкин (3)."""
    take_in(store, 1, decision(profile()))
    take_in(
        store, 2, decision(ANA, sender="ana@example.org", stems="shelter victim traffick shelter return c++ o'neil")
    )
    take_in(store, 3, decision(OLEG, sender="oleg@example.org", stems="убежищ вынужден переселенц return"))
    return store


def found(store: Store, **asked: Any) -> list[int]:
    return [one.person for one in search(store, Query(**asked))]


@pytest.mark.parametrize(
    ("asked", "people"),
    [
        ({}, [2, 1, 3]),
        ({"address": " Ana@example.org"}, [2]),
        ({"address": "nobody@example.org"}, []),
        ({"themes": ("return_reintegration",)}, [1, 2]),
        ({"themes": ("return_reintegration", "counter_trafficking")}, [2]),
        ({"themes": ("crisis_migration",)}, []),  # only seemed to
        ({"inputs": ("training_assessment",)}, [1]),
        ({"languages": (("en", Level.C),)}, [1]),
        ({"languages": (("en", Level.B),)}, [2, 1]),
        ({"languages": (("en", Level.UNKNOWN),)}, [2, 1, 3]),
        ({"languages": (("es", Level.NATIVE), ("en", Level.A))}, [2]),
        ({"country": "SN"}, [1]),
        ({"country": "AR"}, [2]),
        ({"country": "FR"}, [2]),
        ({"country": "%"}, []),
        ({"eligible": True}, [1]),
        ({"eligible": False}, [2]),
        ({"name": "nunez ANA"}, [2]),
        ({"name": "dio"}, [1]),
        ({"name": "iop"}, []),
        ({"name": "елкин"}, [3]),
        ({"name": "%"}, [2, 1, 3]),  # holds no word
        ({"limit": 1}, [2]),
        ({"words": (("libya",),)}, [1]),
        ({"words": (("return",), ("shelter", "убежищ"))}, [2, 3]),
        ({"words": (("return",), ("libya",))}, [1]),
        ({"words": (("shelter victim",),)}, [2]),  # one after the other
        ({"words": (("victim shelter",),)}, []),
        ({"words": (("nobody",),)}, []),
        ({"words": (("return",),), "eligible": True}, [1]),
    ],
)
def test_all_that_is_asked_for_must_be_true(roster: Store, asked: dict[str, Any], people: list[int]) -> None:
    answer = found(roster, **asked)
    assert answer == people if "words" not in asked else sorted(answer) == people


@pytest.mark.parametrize(
    "word", ['"', "' OR 1=1 --", "a AND", "NEAR(", "*", "x:y", "!", "&", "(", "\\", "\x00", "c++", "o'neil", "-shelter"]
)
def test_no_word_can_break_the_question(roster: Store, word: str) -> None:
    found(roster, words=((word, "libya"), ("return",)))
    found(roster, name=word, country=word)


def test_who_speaks_of_it_more_comes_first(roster: Store) -> None:
    take_in(
        roster,
        4,
        decision(
            profile(name="Li Wei", emails=("li@example.org",), phones=()),
            sender="li@example.org",
            stems="shelter " * 3 + "word " * 3,
        ),
    )
    take_in(
        roster,
        5,
        decision(
            profile(name="Bo Berg", emails=("bo@example.org",), phones=()),
            sender="bo@example.org",
            stems="shelter " + "word " * 50,
        ),
    )
    answer = found(roster, words=(("shelter",),))
    assert answer.index(4) < answer.index(5)


def test_what_a_person_rejected_is_not_found_and_what_they_confirmed_is(roster: Store) -> None:
    mine = tag.c.person == 1
    with roster.begin() as db:
        db.execute(sa.update(tag).where(mine, tag.c.key == "return_reintegration").values(confirmed=False, holds=False))
        db.execute(sa.update(tag).where(mine, tag.c.key == "crisis_migration").values(confirmed=True, holds=True))
        db.execute(sa.update(language_skill).where(language_skill.c.code == "ru").values(confirmed="A", holds="A"))
    assert found(roster, themes=("return_reintegration",)) == [2]
    assert found(roster, themes=("crisis_migration",)) == [1]
    assert found(roster, languages=(("ru", Level.B),)) == []


def test_a_cv_that_is_read_anew_is_found_by_its_new_words_only(roster: Store) -> None:
    with roster.begin() as db:
        db.execute(sa.text("UPDATE cv_version SET stems = 'altogether new' WHERE person = 1"))
    assert found(roster, words=(("libya",),)) == []
    assert found(roster, words=(("altogether",),)) == [1]


def test_a_very_long_cv_can_be_kept_and_is_found_by_its_beginning(store: Store) -> None:
    stems = "erst " + " ".join(f"слово{number}" for number in range(120_000))
    take_in(store, 1, decision(profile(), stems=stems))
    assert found(store, words=(("erst",),)) == [1]


def test_who_has_sent_no_cv_for_long_is_found_and_counted(roster: Store) -> None:
    everybody = len(search(roster, Query()))
    assert older_than(roster, NOW - timedelta(days=1)) == 0
    assert len(search(roster, Query(no_cv_since=NOW + timedelta(days=400)))) == everybody
    assert older_than(roster, NOW + timedelta(days=400)) == everybody > 0
