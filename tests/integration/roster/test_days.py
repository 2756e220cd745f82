"""Leases, passes, figures, and what the digest of a day tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from domain.mail import Kind
from domain.moves import Delivery, Outcome, Stage
from domain.profile import Level
from roster import days, leases, ledger, outbox, passes
from roster.erasure import erase
from roster.passes import PassFacts
from roster.status import status
from roster.store import Store
from roster.tables import mail_pass
from tests.integration.roster.cases import LEASE, NOW, answer, arrival, claim_one, decision, parts, profile, take_in

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
TODAY = NOW.date()


def test_one_program_polls_and_another_takes_over_once_it_has_died(store: Store) -> None:
    assert leases.take(store, "poller", owner="a", now=NOW, length=LEASE)
    assert not leases.take(store, "poller", owner="b", now=NOW + LEASE - SECOND, length=LEASE)
    assert leases.take(store, "poller", owner="a", now=NOW + SECOND, length=LEASE)
    assert not leases.take(store, "poller", owner="b", now=NOW + LEASE, length=LEASE)
    assert leases.take(store, "poller", owner="b", now=NOW + SECOND + LEASE, length=LEASE)
    assert not leases.take(store, "poller", owner="a", now=NOW + SECOND + LEASE, length=LEASE)


def test_a_lease_that_is_given_back_is_free_at_once(store: Store) -> None:
    leases.take(store, "poller", owner="a", now=NOW, length=LEASE)
    leases.give_back(store, "poller", owner="b")
    assert not leases.take(store, "poller", owner="b", now=NOW, length=LEASE)
    leases.give_back(store, "poller", owner="a")
    assert leases.take(store, "poller", owner="b", now=NOW, length=LEASE)


def test_only_a_pass_that_went_well_counts_as_the_last(store: Store) -> None:
    facts = PassFacts(on_server=3, fetched=2, filed=1)
    first = passes.begin(store, "INBOX", now=NOW)
    passes.finish(store, first, facts, now=NOW + SECOND)
    assert status(store, now=NOW).failing is None
    second = passes.begin(store, "INBOX", now=NOW + DAY)
    passes.finish(store, second, facts, now=NOW + DAY, error="the server is away")
    passes.begin(store, "INBOX", now=NOW + 2 * DAY)
    assert status(store, now=NOW).last_pass == NOW + SECOND


def test_passes_are_forgotten_after_a_while_but_not_the_last_that_went_well(store: Store) -> None:
    facts = PassFacts(on_server=3, fetched=2, filed=1)
    for day in range(3):
        passes.finish(store, passes.begin(store, "INBOX", now=NOW), facts, now=NOW + day * DAY)
    later = NOW + passes.KEPT + 30 * DAY
    for day in (0, 1):
        failed = passes.begin(store, "INBOX", now=later + day * DAY)
        passes.finish(store, failed, facts, now=later + day * DAY, error="the server is away")
    passes.begin(store, "INBOX", now=later + DAY)
    with store.read() as db:
        assert db.execute(sa.select(sa.func.count()).select_from(mail_pass)).scalar_one() == 1 + 2 + 1
    found = status(store, now=later)
    assert found.last_pass == NOW + 2 * DAY
    assert found.failing is not None
    assert found.failing.count == 2


def test_the_figures_tell_how_things_stand(store: Store) -> None:
    empty = status(store, now=NOW)
    assert set(empty.messages.values()) == set(empty.outbox.values()) == {0}
    assert (empty.oldest_waiting, empty.people, empty.last_pass, empty.last_digest) == (None, 0, None, None)
    take_in(store, 1, decision(profile()), outgoing=answer(1))
    ledger.record(store, [arrival(2)], now=NOW)
    ledger.quarantine(store, claim_one(store), error="broken", now=NOW)
    ledger.record(store, [arrival(3, at=NOW - DAY), arrival(4)], now=NOW)
    now = status(store, now=NOW)
    assert now.messages == {Stage.RECEIVED: 2, Stage.SETTLED: 1, Stage.QUARANTINED: 1}
    assert now.outbox[Delivery.QUEUED] == 1
    assert (now.oldest_waiting, now.people, now.unfiled) == (NOW - DAY, 1, 1)


def test_the_digest_tells_what_came_of_every_message(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    take_in(store, 2, decision(profile(residence="FR"), kind=Kind.UPDATE), now=NOW + SECOND)
    withdrawal = decision(kind=Kind.WITHDRAWAL, outcome=Outcome.WITHDRAWAL, sender="c@example.org", why=("asks to go",))
    take_in(store, 3, withdrawal)
    bounce = decision(
        kind=Kind.BOUNCE, outcome=Outcome.SET_ASIDE, sender="mailer-daemon@example.org", why=("a report",)
    )
    take_in(store, 4, bounce)
    ledger.record(store, [arrival(5, sender="d@example.org")], now=NOW)
    ledger.quarantine(store, claim_one(store), error="the parser died", now=NOW)
    told = days.digest(store, since=NOW, until=NOW + DAY, day=TODAY)
    assert told.arrived == {Kind.APPLICATION: 1, Kind.UPDATE: 1, Kind.WITHDRAWAL: 1, Kind.BOUNCE: 1}
    assert [(entry.person, entry.message, entry.updated) for entry in told.entries] == [(1, 1, False), (1, 2, True)]
    entry = told.entries[0]
    assert entry.languages == (("fr", Level.NATIVE), ("en", Level.C))
    assert entry.themes == (("return_reintegration", "I ran assisted voluntary return from Libya."),)
    assert (entry.name, entry.residence, entry.eligible) == ("Aïssatou Diop", "FR", True)
    assert [(one.message, one.kind, one.reasons, one.sender) for one in told.review] == [
        (3, Kind.WITHDRAWAL, ("asks to go",), "c@example.org"),
        (5, None, ("the parser died",), "d@example.org"),
    ]
    assert [(one.message, one.reasons) for one in told.set_aside] == [(4, ("a report",))]
    assert (told.health.waiting, told.health.quarantined, told.roster_size) == (0, 1, 1)
    assert told.roster_themes == {"return_reintegration": 1}
    assert told.roster_languages == {"en": 1, "fr": 1}


def test_the_digest_tells_with_an_entry_what_was_odd_about_its_documents(store: Store) -> None:
    root, body, cv = parts()
    odd = replace(cv, reason=f"{cv.reason}\nThe file is damaged.")
    take_in(store, 1, decision(profile(), parts=(root, body, odd)))
    take_in(store, 2, decision(profile(name="Bilal Sy", emails=("b@example.org",), phones=()), sender="b@example.org"))
    told = days.digest(store, since=NOW, until=NOW + DAY, day=TODAY)
    assert [entry.notes for entry in told.entries] == [(("CV 2.pdf", "The file is damaged."),), ()]


def test_a_question_is_put_before_staff_since_the_answer_promised_one(store: Store) -> None:
    take_in(store, 1, decision(kind=Kind.ENQUIRY, outcome=Outcome.ANSWERED, sender="q@example.org", why=("it asks",)))
    told = days.digest(store, since=NOW, until=NOW + DAY, day=TODAY)
    assert [(one.kind, one.reasons) for one in told.review] == [(Kind.ENQUIRY, ("it asks",))]


def test_every_message_is_told_in_exactly_one_digest(store: Store) -> None:
    for number in range(4):
        decided = decision(kind=Kind.SPAM, outcome=Outcome.SET_ASIDE)
        take_in(store, number, decided, now=NOW + number * DAY / 2)
    windows = [(NOW, NOW + DAY), (NOW + DAY, NOW + 2 * DAY)]
    told = [days.digest(store, since=since, until=until, day=TODAY).set_aside for since, until in windows]
    assert [[one.message for one in messages] for messages in told] == [[1, 2], [3, 4]]


def test_mail_that_did_not_go_out_is_told_until_somebody_acts(store: Store) -> None:
    with store.begin() as db:
        ids = [outbox.queue(db, answer(n), cause=date(2000, 1, 1 + n), now=NOW) for n in range(4)]
    given_up, unknown, *_ = [sending.claim for sending in outbox.claim(store, owner="w", now=NOW, lease=LEASE, limit=2)]
    outbox.give_up(store, given_up, error="550 no such user", now=NOW)
    outbox.unknown(store, unknown, error="cut", now=NOW)
    outbox.hold(store, [ids[2] or 0], now=NOW)
    today = days.digest(store, since=NOW, until=NOW + DAY, day=TODAY)
    assert [(one.state, one.error) for one in today.unsent] == [
        (Delivery.GIVEN_UP, "550 no such user"),
        (Delivery.UNKNOWN, "cut"),
        (Delivery.HELD, ""),
    ]
    assert today.health.unsent == 1
    tomorrow = days.digest(store, since=NOW + DAY, until=NOW + 2 * DAY, day=TODAY)
    assert [one.state for one in tomorrow.unsent] == [Delivery.UNKNOWN, Delivery.HELD]


def test_the_figures_of_the_weeks_count_every_whole_day_and_how_long_answers_took(store: Store) -> None:
    for number, back in ((1, 3 * DAY), (2, DAY), (3, DAY), (4, timedelta())):
        writer = f"writer{number}@post.example"
        take_in(store, number, decision(sender=writer), now=NOW - back, outgoing=answer(number, to=writer))
    for sending in outbox.claim(store, owner="w", now=NOW, lease=LEASE, limit=2):
        outbox.sent(store, sending.claim, now=NOW)
    midnights = [NOW - back * DAY for back in (3, 2, 1, 0)]
    told = days.digest(store, since=NOW - DAY, until=NOW + SECOND, day=TODAY, midnights=midnights)
    assert list(told.arrived_by_day.items()) == [(TODAY - 3 * DAY, 1), (TODAY - 2 * DAY, 0), (TODAY - DAY, 2)]
    assert sorted(told.answer_times) == [DAY, 3 * DAY]
    assert told.answered == {Kind.APPLICATION: 2}


def test_people_who_were_taken_off_the_roster_are_counted(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    erase(store, 1, actor="staff", now=NOW)
    assert days.digest(store, since=NOW, until=NOW + DAY, day=TODAY).erased == 1
    assert days.digest(store, since=NOW - DAY, until=NOW, day=TODAY).erased == 0


def test_a_day_is_closed_once_together_with_its_mail(store: Store) -> None:
    assert days.last(store) is None
    told = days.digest(store, since=NOW - DAY, until=NOW, day=TODAY)
    assert days.close(store, told, answer(1), now=NOW) == 1
    assert days.close(store, told, answer(2), now=NOW) is None
    assert days.last(store) == (TODAY, NOW)
    assert status(store, now=NOW).outbox[Delivery.QUEUED] == 1


def test_a_day_may_be_closed_without_a_mail(store: Store) -> None:
    told = days.digest(store, since=NOW - DAY, until=NOW, day=TODAY)
    assert days.close(store, told, None, now=NOW) is None
    assert days.last(store) == (TODAY, NOW)
