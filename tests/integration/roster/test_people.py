"""What is shown, exported and erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.mail import Kind
from domain.moves import Outcome
from domain.profile import Degree, Level
from roster import ledger, outbox, people
from roster.erasure import erase
from roster.store import Store, open_store
from roster.tables import About, audit, bounced, message, metadata, reaction
from roster.tables import outbox as outgoing
from tests.integration.roster.cases import LEASE, NOW, YEARS, answer, arrival, decision, digest_of, profile, take_in
from tests.integration.roster.test_reactions import FAILED, comes_back

DAY = timedelta(days=1)
BO = profile(name="Bo Berg", emails=("bo@example.org",), phones=(), documents=("3",))


def test_an_entry_is_shown_with_the_evidence_for_it(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    take_in(store, 2, decision(profile(residence="FR")), now=NOW + DAY)
    shown = people.show(store, 1)
    assert (shown.facts.name, shown.facts.degree, shown.facts.residence) == ("Aïssatou Diop", Degree.MASTER, "FR")
    assert [(contact.kind, contact.value, contact.own) for contact in shown.contacts] == [
        ("email", "a.diop@example.org", True),
        ("phone", "+221771234567", True),
    ]
    assert [version.message for version in shown.versions] == [2, 1]
    assert [(skill.code, skill.found, skill.confirmed, skill.holds) for skill in shown.languages] == [
        ("en", Level.C, None, Level.C),
        ("fr", Level.NATIVE, None, Level.NATIVE),
    ]
    assert [(tag.about, tag.key, tag.holds) for tag in shown.tags] == [
        (About.THEME, "return_reintegration", True),
        (About.THEME, "crisis_migration", False),
        (About.INPUT, "training_assessment", True),
    ]
    witnesses = shown.tags[0].witnesses
    assert [(one.message, one.rules_hash, one.evidence.sentence) for one in witnesses] == [
        (number, "rules-1", "I ran assisted voluntary return from Libya.") for number in (1, 2)
    ]
    assert {one.evidence.years for one in witnesses} == {YEARS}
    assert [one.evidence.reason for one in shown.tags[1].witnesses] == ["wished for", "wished for"]


def test_nobody_is_shown_where_there_is_nobody(store: Store) -> None:
    with pytest.raises(KeyError):
        people.show(store, 1)


def test_everybody_is_exported_once_with_what_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "AT_ONCE", 2)
    for number in range(5):
        email = f"p{number}@example.org"
        someone = profile(name=f"P{number} Q{number}", emails=(email,), phones=())
        take_in(store, number, decision(someone, sender=email))
    rows = list(people.export(store))
    assert [row.emails for row in rows] == [(f"p{number}@example.org",) for number in range(5)]
    assert (dict(rows[0].languages), rows[0].themes, rows[0].inputs) == (
        {"en": Level.C, "fr": Level.NATIVE},
        ("return_reintegration",),
        ("training_assessment",),
    )


def whole_store(store: Store) -> str:
    """Every value of every row, as text."""
    with store.read() as db:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in db.execute(sa.select(table)))


def settled_with_mail(store: Store) -> None:
    """Diop applies (1) and asks a question (2), Berg applies (3); all were answered, and the day had its digest."""
    application = decision(profile(), review=("look at Diop",), why=("why of it",))
    message_ = replace(application.message, subject="Subject of it")
    take_in(store, 1, replace(application, message=message_), outgoing=answer(1))
    question = decision(kind=Kind.ENQUIRY, outcome=Outcome.ANSWERED, sender="A.Diop@example.org")
    take_in(store, 2, question, outgoing=answer(2))
    berg = decision(BO, sender="bo@example.org", text="Bo Berg", stems="bo berg", why=())
    take_in(store, 3, berg, outgoing=answer(3, to="bo@example.org"))
    with store.begin() as db:
        outbox.queue(db, answer(4, to="staff@example.org"), cause=NOW.date(), now=NOW + DAY)
    for sending in outbox.claim(store, owner="w", now=NOW + DAY, lease=LEASE, limit=9):
        outbox.sent(store, sending.claim, now=NOW + DAY)


def test_nothing_is_left_of_somebody_who_was_erased(store: Store) -> None:
    settled_with_mail(store)
    before = whole_store(store).lower()
    erased = erase(store, 1, actor="staff", now=NOW + 2 * DAY)
    assert erased.shared == ()
    left = whole_store(store).lower()
    for trace in ("diop", "+2217", "subject of it", "why of it"):
        assert trace in before
        assert trace not in left
    with pytest.raises(KeyError):
        people.show(store, 1)
    assert people.show(store, 2).facts.name == "Bo Berg"


def test_a_tombstone_says_that_somebody_was_erased_and_not_who(store: Store) -> None:
    settled_with_mail(store)
    erase(store, 1, actor="staff", now=NOW + DAY)
    with store.read() as db:
        (row,) = db.execute(sa.select(audit)).all()
    assert (row.at, row.actor, row.action, row.subject) == (NOW + DAY, "staff", "erased", "person 1")
    assert set(row.detail) == {"messages", "messages kept for others", "blobs"}


def test_the_blobs_that_nobody_else_needs_are_named(store: Store) -> None:
    settled_with_mail(store)
    erased = erase(store, 1, actor="staff", now=NOW)
    assert {arrival(1).ref.digest, arrival(2).ref.digest, digest_of("document 2")} <= erased.blobs
    # Berg's mail holds parts of the same bytes.
    assert not erased.blobs & {digest_of("0"), digest_of("1"), digest_of("2"), arrival(3).ref.digest}


def test_a_mail_with_the_cvs_of_two_people_is_kept_and_named(store: Store) -> None:
    take_in(store, 1, decision(profile(), BO))
    erased = erase(store, 1, actor="staff", now=NOW)
    assert erased.shared == (1,)
    assert arrival(1).ref.digest not in erased.blobs
    assert people.show(store, 2).versions[0].message == 1


def test_the_mail_of_somebody_erased_is_not_entered_again(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    erase(store, 1, actor="staff", now=NOW)
    ledger.record(store, [arrival(1), arrival(9, name="mail 1")], now=NOW + DAY)
    assert ledger.claim(store, owner="w", now=NOW + DAY, lease=LEASE) == ()
    again = take_in(store, 10, decision(profile()))
    assert again.entries[0].new
    assert again.entries[0].person == 2  # ids are never used twice


def test_a_promise_to_somebody_erased_is_not_kept(store: Store) -> None:
    take_in(store, 1, decision(profile()), outgoing=answer(1))
    erase(store, 1, actor="staff", now=NOW)
    assert outbox.claim(store, owner="w", now=NOW, lease=LEASE, limit=5) == ()


def test_digests_that_may_name_them_lose_their_content(store: Store) -> None:
    settled_with_mail(store)
    erase(store, 1, actor="staff", now=NOW)
    with store.read() as db:
        rows: Any = db.execute(sa.select(outgoing).order_by(outgoing.c.id)).all()
    assert [(row.message, row.day, row.content == b"") for row in rows] == [
        (3, None, False),
        (None, NOW.date(), True),
    ]


def test_the_messages_of_somebody_erased_stay_settled(store: Store) -> None:
    settled_with_mail(store)
    erase(store, 1, actor="staff", now=NOW)
    with store.read() as db:
        stages = db.execute(sa.select(message.c.stage, message.c.erased_at).order_by(message.c.id)).all()
    assert [tuple(row) for row in stages] == [("settled", NOW), ("settled", NOW), ("settled", None)]


def test_the_files_of_sqlite_forget_too(tmp_path: Path, empty_database: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'micic.db'}")
    someone = profile(name="Zxqvname Zxqvfamily", emails=("zxqvmail@example.org",))
    take_in(store, 1, decision(someone, sender="zxqvmail@example.org", text="zxqvtext " * 900, stems="zxqvstem " * 900))
    take_in(store, 2, decision(BO, sender="bo@example.org"))

    def bytes_on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.glob("micic.db*"))

    assert bytes_on_disk().count(b"zxqv")
    erase(store, 1, actor="staff", now=NOW)
    assert bytes_on_disk().lower().count(b"zxqv") == 0
    store.close()


def test_what_came_back_to_our_answers_goes_too(store: Store) -> None:
    """A bounce gives our answer back, with name and address."""
    settled_with_mail(store)
    comes_back(store, 5, Kind.BOUNCE, FAILED, at=NOW + DAY)
    erased = erase(store, 1, actor="staff", now=NOW + 2 * DAY)
    assert arrival(5).ref.digest in erased.blobs
    with store.read() as db:
        assert not db.execute(sa.select(sa.func.count()).select_from(bounced)).scalar()
        assert not db.execute(sa.select(sa.func.count()).select_from(reaction)).scalar()


def test_the_request_itself_goes_too_from_whichever_address_it_came(store: Store) -> None:
    settled_with_mail(store)
    take_in(store, 5, decision(kind=Kind.WITHDRAWAL, outcome=Outcome.WITHDRAWAL, sender="daughter@example.com"))
    erased = erase(store, 1, actor="staff", now=NOW + DAY, asked_by=4)
    assert arrival(5).ref.digest in erased.blobs
    with store.read() as db:
        (row,) = db.execute(sa.select(audit)).all()
        assert db.execute(sa.select(message.c.sender).where(message.c.id == 4)).scalar() is None
    assert row.detail["asked by message"] == 4


def test_mail_of_who_wrote_for_them_is_left_and_named(store: Store) -> None:
    take_in(store, 1, decision(profile(), sender="agency@example.com"))
    take_in(store, 2, decision(kind=Kind.ENQUIRY, outcome=Outcome.ANSWERED, sender="Agency@example.com"))
    ledger.record(store, [arrival(3, sender="a.diop@example.org")], now=NOW)
    erased = erase(store, 1, actor="staff", now=NOW)
    assert erased.left == (2, 3)
    assert erased.folders == ("Processed",)


def test_a_digest_that_could_not_be_sent_goes_too(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    with store.begin() as db:
        outbox.queue(db, answer(4, to="staff@example.org"), cause=NOW.date(), now=NOW + DAY)
    (sending,) = outbox.claim(store, owner="w", now=NOW + DAY, lease=LEASE, limit=9)
    outbox.give_up(store, sending.claim, error="refused", now=NOW + DAY)
    erase(store, 1, actor="staff", now=NOW + 2 * DAY)
    with store.read() as db:
        assert not db.execute(sa.select(sa.func.count()).select_from(outgoing)).scalar()
