"""Settling a message: all that follows from it is committed together, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from domain.errors import StaleStage
from domain.mail import Kind
from domain.moves import Outcome
from roster import ledger
from roster.settlement import settle
from roster.store import Store
from roster.tables import address, cv_version, evidence, language_skill, message, metadata, outbox, part, person, tag
from tests.integration.roster.cases import (
    CV_STEMS,
    CV_TEXT,
    FOLDERS,
    NOW,
    TERMS,
    answer,
    arrival,
    claim_one,
    decision,
    profile,
    take_in,
)


def everything(store: Store) -> dict[str, list[Any]]:
    with store.read() as db:
        return {table.name: list(db.execute(sa.select(table))) for table in metadata.sorted_tables}


def rows(store: Store, table: sa.Table) -> list[Any]:
    with store.read() as db:
        return list(db.execute(sa.select(table).order_by(*table.primary_key)).all())


def test_all_that_follows_from_an_application_is_kept(store: Store) -> None:
    settled = take_in(store, 1, decision(profile()), outgoing=answer(1))
    assert settled.outcome is Outcome.ENROLLED
    (entry,) = settled.entries
    (kept,) = rows(store, message)
    assert (kept.stage, kept.outcome, kept.kind, kept.folder) == ("settled", "enrolled", "application", "Processed")
    assert (kept.reply_language, kept.rules_hash, kept.why) == ("fr", "rules-1", ("a CV is attached",))
    assert (kept.lease_owner, kept.lease_until, kept.moved_at) == (None, None, NOW)
    assert [(row.path, row.fate) for row in rows(store, part)] == [("0", "container"), ("1", "body"), ("2", "document")]
    (somebody,) = rows(store, person)
    assert (somebody.id, somebody.name, somebody.search_name) == (entry.person, "Aïssatou Diop", "aissatou diop")
    assert (somebody.degree, somebody.years, somebody.eligible, somebody.nationalities) == ("master", 14, True, ("SN",))
    assert {(row.kind, row.value, row.own) for row in rows(store, address)} == {
        ("email", "a.diop@example.org", True),
        ("phone", "+221771234567", True),
    }
    (version,) = rows(store, cv_version)
    assert (version.text, version.stems, version.reader) == (CV_TEXT, CV_STEMS, "pdfium/1")
    assert [(row.code, row.found, row.confirmed, row.holds) for row in rows(store, language_skill)] == [
        ("en", "C", None, "C"),
        ("fr", "native", None, "native"),
    ]
    assert {(row.about, row.key, row.holds) for row in rows(store, tag)} == {
        ("theme", "return_reintegration", True),
        ("theme", "crisis_migration", False),
        ("input", "training_assessment", True),
    }
    (mail,) = rows(store, outbox)
    assert (mail.id, mail.state, mail.message) == (settled.mail, "queued", kept.id)


def test_evidence_leads_back_to_the_words_of_the_cv(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    (version,) = rows(store, cv_version)
    of_theme = [row for row in rows(store, evidence) if row.key == "return_reintegration"]
    assert [version.text[row.start : row.end] for row in of_theme] == ["I ran assisted voluntary return from Libya."]
    assert [row.rules_hash for row in of_theme] == ["rules-1"]
    uncounted = [(row.counted, row.reason) for row in rows(store, evidence) if row.key == "crisis_migration"]
    assert uncounted == [(False, "wished for")]


def test_a_failure_at_the_very_end_leaves_nothing(store: Store) -> None:
    take_in(store, 1, decision(profile(), sender="b@example.org"), outgoing=answer(1))
    ledger.record(store, [arrival(2)], now=NOW)
    claim = claim_one(store)
    before = everything(store)
    # A mail of another message has this Message-ID: the database refuses the last row of the transaction.
    someone = profile(name="Ana Núñez", emails=("ana@example.org",), phones=())
    with pytest.raises(sa.exc.IntegrityError):
        settle(store, claim, decision(someone, sender="ana@example.org"), answer(1), terms=TERMS, now=NOW)
    assert everything(store) == before
    settle(store, claim, decision(someone, sender="ana@example.org"), answer(2), terms=TERMS, now=NOW)
    assert len(rows(store, person)) == 2


def test_settling_twice_changes_nothing(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    claim = claim_one(store)
    settle(store, claim, decision(profile()), answer(1), terms=TERMS, now=NOW)
    before = everything(store)
    with pytest.raises(StaleStage):
        settle(store, claim, decision(profile()), answer(1), terms=TERMS, now=NOW)
    assert everything(store) == before


def test_even_a_message_that_was_forced_open_again_is_acknowledged_once(store: Store) -> None:
    first = take_in(store, 1, decision(profile()), outgoing=answer(1))
    with store.begin() as db:
        db.execute(sa.update(message).values(stage="received", outcome=None))
        db.execute(sa.delete(part))
    again = settle(store, claim_one(store), decision(profile()), answer(1), terms=TERMS, now=NOW)
    assert again.mail is None
    assert [entry.person for entry in again.entries] == [entry.person for entry in first.entries]
    assert len(rows(store, outbox)) == len(rows(store, person)) == len(rows(store, cv_version)) == 1
    assert len(rows(store, evidence)) == 5


@pytest.mark.parametrize("kind", [Kind.APPLICATION, Kind.UPDATE])
def test_a_second_cv_of_a_person_updates_the_entry(store: Store, kind: Kind) -> None:
    first = take_in(store, 1, decision(profile()))
    settled = take_in(store, 2, decision(profile(residence="FR"), kind=kind))
    assert settled.outcome is Outcome.UPDATED
    assert settled.entries[0].person == first.entries[0].person
    assert not settled.entries[0].new
    assert [row.residence for row in rows(store, person)] == ["FR"]
    assert len(rows(store, cv_version)) == 2


def test_an_update_of_nobody_known_is_a_new_entry(store: Store) -> None:
    settled = take_in(store, 1, decision(profile(), kind=Kind.UPDATE, outcome=Outcome.UPDATED))
    assert settled.outcome is Outcome.ENROLLED
    assert [filing.folder for filing in ledger.to_file(store, limit=1)] == [FOLDERS[Outcome.ENROLLED]]


def test_two_cvs_in_one_message_are_two_people_even_with_one_address(store: Store) -> None:
    other = profile(name="Moussa Diop", phones=(), documents=("3",))
    settled = take_in(store, 1, decision(profile(), other))
    assert [entry.new for entry in settled.entries] == [True, True]
    assert len(rows(store, person)) == 2
    assert settled.outcome is Outcome.NEEDS_REVIEW


def test_a_doubt_about_who_it_is_goes_to_review_and_into_its_folder(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    namesake = profile(emails=("other@example.org",), phones=())
    settled = take_in(store, 2, decision(namesake, sender="other@example.org", review=("no phone",)))
    assert settled.outcome is Outcome.NEEDS_REVIEW
    assert rows(store, message)[1].review == ("no phone", "may be the same person as entry 1")
    assert ledger.to_file(store, limit=5)[1].folder == FOLDERS[Outcome.NEEDS_REVIEW]


def test_a_decision_for_review_stays_there_though_the_person_is_new(store: Store) -> None:
    settled = take_in(store, 1, decision(profile(), outcome=Outcome.NEEDS_REVIEW, folder="Look"))
    assert settled.outcome is Outcome.NEEDS_REVIEW
    assert ledger.to_file(store, limit=1)[0].folder == "Look"


def test_a_message_without_people_leaves_the_roster_alone(store: Store) -> None:
    settled = take_in(store, 1, decision(kind=Kind.ENQUIRY, outcome=Outcome.ANSWERED), outgoing=answer(1))
    assert (settled.outcome, settled.entries) == (Outcome.ANSWERED, ())
    assert rows(store, person) == []
    assert settled.mail is not None


def test_a_cv_in_the_body_is_kept_as_it_was_read_and_its_bytes_are_the_mails(store: Store) -> None:
    decided = decision(profile(documents=("body",)))
    in_body = replace(decided.documents[0], part_path="body", file_name=None)
    take_in(store, 1, replace(decided, documents=(in_body,)))
    (version,) = rows(store, cv_version)
    assert (version.part_path, version.text, version.digest) == ("body", CV_TEXT, arrival(1).ref.digest)
