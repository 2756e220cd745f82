"""What a person of the staff says holds, whatever rules find later; who said what, and when, is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.digest import Precision
from domain.profile import Level
from roster.corrections import Verdict, confirm, history, precision, put_down
from roster.days import digest
from roster.people import show
from roster.rereading import Came
from roster.rereading import put_down as read_again
from roster.store import Store
from tests.integration.roster.cases import NOW, decision, digest_of, profile, speaks, take_in, theme

ESSENTIAL = ("en", "fr")
DAY = timedelta(days=1)


def say(store: Store, person: int = 1, *, at: datetime = NOW, **said: str | None) -> None:
    verdicts = [Verdict(key=key, said=value) for key, value in said.items()]
    put_down(store, person, verdicts, actor="eva", now=at, essential=ESSENTIAL)


def held(store: Store) -> tuple[list[str], dict[str, Level], bool | None]:
    shown = show(store, 1)
    spoken = {skill.code: skill.holds for skill in shown.languages if skill.holds}
    return [tag.key for tag in shown.tags if tag.holds], spoken, shown.facts.eligible


@pytest.fixture
def roster(store: Store) -> Store:
    take_in(store, 1, decision(profile()))
    return store


def test_what_is_corrected_holds_and_outlives_every_new_reading(roster: Store) -> None:
    say(roster, return_reintegration="no", disaster_preparedness="yes", fr="B", de="C")
    told = (["disaster_preparedness", "training_assessment"], {"fr": Level.B, "en": Level.C, "de": Level.C}, True)
    assert held(roster) == told
    again = decision(profile(themes=(theme("return_reintegration", strength=0.9),)))
    came = Came(id=1, digest=digest_of("mail 1"), arrived_at=NOW)
    read_again(roster, came, again, now=NOW + DAY, essential=ESSENTIAL)
    assert held(roster) == told


def test_who_is_eligible_follows_what_a_person_says_of_the_languages_also_after_a_new_reading(roster: Store) -> None:
    say(roster, fr="B", en="none")
    assert held(roster)[2] is False
    came = Came(id=1, digest=digest_of("mail 1"), arrived_at=NOW)
    read_again(roster, came, decision(profile()), now=NOW + DAY, essential=ESSENTIAL)
    assert held(roster)[2] is False
    say(roster, fr=None, en=None)
    assert held(roster)[2] is True


def test_a_newer_cv_changes_nothing_that_a_person_said(roster: Store) -> None:
    say(roster, en="A", fr="A")
    newer = decision(profile(languages=(speaks("en", Level.NATIVE),), documents=("3",)))
    take_in(roster, 2, newer, now=NOW + DAY)
    assert held(roster)[1:] == ({"en": Level.A, "fr": Level.A}, False)


def test_who_said_what_and_when_is_kept_and_goes_with_the_person(roster: Store) -> None:
    say(roster, return_reintegration="no")
    say(roster, return_reintegration=None, at=NOW + DAY)
    assert confirm(roster, 1, ["fr"], actor="omar", now=NOW + DAY, essential=ESSENTIAL) == ("fr",)
    assert [(one.key, one.found, one.said, one.actor, one.at) for one in history(roster, 1)] == [
        ("return_reintegration", "yes", "no", "eva", NOW),
        ("return_reintegration", "yes", None, "eva", NOW + DAY),
        ("fr", "native", "native", "omar", NOW + DAY),
    ]


def test_all_that_holds_is_confirmed_at_once_and_nothing_that_does_not(roster: Store) -> None:
    said = confirm(roster, 1, (), actor="eva", now=NOW, essential=ESSENTIAL)
    assert set(said) == {"return_reintegration", "training_assessment", "fr", "en"}
    with pytest.raises(ValueError, match="crisis_migration does not hold"):
        confirm(roster, 1, ["crisis_migration"], actor="eva", now=NOW, essential=ESSENTIAL)


@pytest.mark.parametrize(("key", "said"), [("return_reintegration", "C"), ("fr", "yes"), ("fr", "fluent")])
def test_what_cannot_be_said_changes_nothing(roster: Store, key: str, said: str) -> None:
    before = held(roster)
    with pytest.raises(ValueError, match=r"say yes or no|is no level"):
        say(roster, de="C", **{key: said})
    assert (held(roster), history(roster, 1)) == (before, ())


def test_nobody_is_corrected_who_is_not_there(roster: Store) -> None:
    with pytest.raises(KeyError):
        say(roster, 7, fr="C")


def test_how_precise_the_rules_were_is_told_by_what_was_looked_at_last(roster: Store) -> None:
    other = profile(name="Omar Nor", emails=("omar@example.org",), phones=(), documents=("2",))
    take_in(roster, 2, decision(other, sender="omar@example.org"))
    say(roster, return_reintegration="yes", disaster_preparedness="yes", at=NOW - 40 * DAY)
    confirm(roster, 1, (), actor="eva", now=NOW, essential=ESSENTIAL)
    say(roster, 2, return_reintegration="yes", crisis_migration="yes", fr="C", en="C")
    say(roster, 2, return_reintegration="no", at=NOW + DAY)
    with roster.read() as db:
        told = {one.key: one for one in precision(db, since=NOW - 28 * DAY, until=NOW + 2 * DAY)}
    assert told["return_reintegration"] == Precision(
        key="return_reintegration", language=False, looked_at=2, right=1, added=0
    )
    assert told["crisis_migration"] == Precision(key="crisis_migration", language=False, looked_at=0, right=0, added=1)
    assert told["fr"] == Precision(key="fr", language=True, looked_at=2, right=1, added=0)
    assert told["en"] == Precision(key="en", language=True, looked_at=2, right=2, added=0)
    assert list(told)[-2:] == ["en", "fr"]


def test_the_digest_tells_what_was_said_of_the_last_weeks(roster: Store) -> None:
    say(roster, return_reintegration="no")
    midnights = [NOW - 28 * DAY, NOW + DAY]
    told = digest(roster, since=NOW, until=NOW + DAY, day=NOW.date(), midnights=midnights)
    assert [(one.key, one.looked_at, one.right) for one in told.precision] == [("return_reintegration", 1, 0)]
    assert digest(roster, since=NOW, until=NOW + DAY, day=NOW.date()).precision == ()
