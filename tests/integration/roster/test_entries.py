"""Entries: who is who, and whose word counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.profile import Level
from roster.entries import Source, write_profile
from roster.store import Store
from roster.tables import address, evidence, language_skill, person, tag
from tests.integration.roster.cases import NOW, arrival, decision, profile, speaks, take_in, theme

DAY = timedelta(days=1)
KNOWN = profile()  # Aïssatou Diop, a.diop@example.org, +221771234567, SN; the mail came from there


def second(store: Store, sender: str, **changes: Any) -> tuple[bool, tuple[str, ...]]:
    """A CV comes after the one of KNOWN: whether it makes a new entry, and what is doubted."""
    take_in(store, 1, decision(KNOWN))
    (entry,) = take_in(store, 2, decision(profile(**changes), sender=sender), now=NOW + DAY).entries
    return entry.new, entry.doubts


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "DIOP Aïssatou", "phones": ()},
        {"name": "Aissatou DIOP", "emails": ("A.Diop@example.org", "new@example.org")},
        {"name": "A. Diop"},
        {"name": "Aïssatou Marie Diop"},
        {"name": "آيساتو ديوب"},
        {"name": ""},
        {"emails": ("new@example.org",)},
        {"emails": (), "nationalities": ()},
    ],
    ids=["order", "one of two", "initial", "middle name", "script", "nameless", "name and phone", "no address"],
)
def test_the_same_person_is_recognised(store: Store, changes: dict[str, Any]) -> None:
    assert second(store, "agency@example.org", **changes) == (False, ())


def test_the_same_name_from_the_same_address_is_the_same_person(store: Store) -> None:
    assert second(store, "A.DIOP@example.org", emails=(), phones=()) == (False, ())


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({"name": "Ousmane Sow", "emails": ("o@example.org",), "phones": ()}, 0),
        ({"name": "Ousmane Sow", "emails": ("o@example.org",)}, 0),  # a phone of the family
        ({"name": "Moussa Diop"}, 1),  # a shared address
        ({"emails": ("b@example.org",), "phones": ("+33199000001",)}, 1),  # a namesake, or not
        ({"emails": ("b@example.org",), "phones": (), "nationalities": ("ML",)}, 0),  # a namesake
        ({"name": "Diop", "emails": ()}, 0),  # half a name
    ],
    ids=["other", "phone only", "address only", "name only", "other country", "half a name"],
)
def test_who_may_be_another_gets_an_entry_of_their_own(store: Store, changes: dict[str, Any], doubts: int) -> None:
    new, why = second(store, "agency@example.org", **changes)
    assert (new, len(why)) == (True, doubts)
    assert not any("Diop" in reason for reason in why)


def test_one_word_is_no_name_to_be_recognised_by(store: Store) -> None:
    single = profile(name="Suharto", emails=())
    take_in(store, 1, decision(single))
    (entry,) = take_in(store, 2, decision(single, sender="agency@example.org")).entries
    assert entry.new
    assert entry.doubts


def test_an_address_that_the_mail_only_came_from_is_not_the_persons_own(store: Store) -> None:
    take_in(store, 1, decision(profile(emails=()), sender="Agency@example.org"))
    other = profile(name="Ousmane Sow", emails=("agency@example.org",), phones=())
    (entry,) = take_in(store, 2, decision(other)).entries
    assert entry.new
    with store.read() as db:
        own = {(row.person, row.value): row.own for row in db.execute(sa.select(address)) if row.kind == "email"}
    assert own[(1, "agency@example.org")] is False
    assert own[(2, "agency@example.org")] is True


def test_an_address_becomes_the_persons_own_once_a_cv_says_so(store: Store) -> None:
    take_in(store, 1, decision(profile(emails=())))
    take_in(store, 2, decision(profile()))
    take_in(store, 3, decision(profile(emails=())))
    with store.read() as db:
        assert db.execute(sa.select(address.c.own).where(address.c.kind == "email")).scalars().all() == [True]


def test_the_sender_of_two_cvs_is_nobodys_address(store: Store) -> None:
    two = (profile(emails=()), profile(name="Ousmane Sow", emails=(), phones=(), documents=("3",)))
    take_in(store, 1, decision(*two, sender="agency@example.org"))
    with store.read() as db:
        assert db.execute(sa.select(address.c.value).where(address.c.kind == "email")).all() == []


def one(store: Store, table: sa.Table, **which: Any) -> Any:
    with store.read() as db:
        return db.execute(sa.select(table).filter_by(**which)).one()


def test_what_a_person_confirmed_outlives_every_new_reading(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    with store.begin() as db:
        db.execute(sa.update(tag).where(tag.c.key == "return_reintegration").values(confirmed=False, holds=False))
        db.execute(sa.update(tag).where(tag.c.key == "crisis_migration").values(confirmed=True, holds=True))
        db.execute(sa.update(language_skill).where(language_skill.c.code == "en").values(confirmed="B", holds="B"))
        db.execute(sa.update(language_skill).where(language_skill.c.code == "fr").values(confirmed="none", holds=None))
    take_in(store, 2, decision(profile()), now=NOW + DAY)
    rejected, confirmed = one(store, tag, key="return_reintegration"), one(store, tag, key="crisis_migration")
    assert (rejected.found, rejected.confirmed, rejected.holds) == (True, False, False)
    assert (confirmed.found, confirmed.confirmed, confirmed.holds) == (False, True, True)
    english, french = one(store, language_skill, code="en"), one(store, language_skill, code="fr")
    assert (english.found, english.confirmed, english.holds) == ("C", "B", "B")
    assert (french.found, french.confirmed, french.holds) == ("native", "none", None)


def test_the_newest_cv_that_states_a_fact_decides_it(store: Store) -> None:
    take_in(store, 1, decision(profile()), now=NOW)
    newer = profile(residence=None, years_experience=16, languages=(speaks("en", Level.NATIVE),), themes=(), inputs=())
    take_in(store, 2, decision(newer), now=NOW + DAY)
    kept = one(store, person)
    assert (kept.residence, kept.years) == ("SN", 16)
    assert one(store, language_skill, code="en").holds == "native"
    assert one(store, language_skill, code="fr").holds == "native"
    assert one(store, tag, key="return_reintegration").holds is True


def test_an_older_cv_that_comes_late_fills_gaps_and_overwrites_nothing(store: Store) -> None:
    take_in(store, 1, decision(profile(residence=None)), now=NOW)
    older = profile(residence="ML", years_experience=3, languages=(speaks("en", Level.A), speaks("wo", Level.NATIVE)))
    take_in(store, 2, decision(older), now=NOW - DAY)
    kept = one(store, person)
    assert (kept.residence, kept.years, kept.cv_at) == ("ML", 14, NOW)
    assert one(store, language_skill, code="en").holds == "C"
    assert one(store, language_skill, code="wo").holds == "native"


def test_a_theme_that_no_cv_shows_any_more_ceases_to_hold(store: Store) -> None:
    decided = decision(profile())
    take_in(store, 1, decided)
    retagged = profile(themes=(theme("crisis_migration"),), languages=(speaks("en", Level.C),))
    source = Source(message=1, digest=arrival(1).ref.digest, arrived_at=NOW, decision=decided)
    with store.begin() as db:
        write_profile(db, 1, retagged, source, new=False, now=NOW)
    assert one(store, tag, key="return_reintegration").holds is False
    assert one(store, tag, key="crisis_migration").holds is True
    assert one(store, language_skill, code="fr").holds is None
    with store.read() as db:
        about = db.execute(sa.select(evidence.c.key)).scalars().all()
    assert "return_reintegration" not in about


def test_a_theme_that_an_older_cv_shows_still_holds(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    take_in(store, 2, decision(profile(themes=(theme("return_reintegration", holds=False),))), now=NOW + DAY)
    shown = one(store, tag, key="return_reintegration")
    assert (shown.found, shown.holds, shown.strength) == (True, True, 0.5)
