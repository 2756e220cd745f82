"""What comes back to our mails is tied to them; who cannot quote our Message-ID ties and suppresses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.mail import DeliveryReport, Kind
from domain.moves import Outcome
from roster import days, ledger, people
from roster.settlement import settle
from roster.store import Store
from roster.tables import message
from tests.integration.roster.cases import NOW, TERMS, arrival, claim_one, decision, profile
from tests.integration.roster.test_answers import HOUR, comes, states

FAILED = DeliveryReport(quoted=("<answer-1@roster.example>",), action="failed", status="5.1.1", told="550 no such user")


def comes_back(
    store: Store, number: int, kind: Kind, report: DeliveryReport | None = None, *, at: datetime = NOW, **changes: Any
) -> None:
    """A robot's message."""
    ledger.record(store, [arrival(number, at=at)], now=at)
    decided = decision(kind=kind, outcome=Outcome.SET_ASIDE, sender="mailer-daemon@mx.example")
    said = replace(decided.message, message_id=f"<robot-{number}@mx.example>", report=report, **changes)
    settle(store, claim_one(store, now=at), replace(decided, message=said), None, terms=TERMS, now=at)


def returned(store: Store) -> list[tuple[int, int | None, str, bool]]:
    told = days.digest(store, since=NOW - HOUR, until=NOW + timedelta(days=90), day=NOW.date())
    return [(one.message, one.answers, one.status, one.for_good) for one in told.returned]


def test_a_bounce_marks_the_address_and_shows_in_the_digest(store: Store) -> None:
    settled = comes(store, 1, profile())
    comes_back(store, 2, Kind.BOUNCE, FAILED, at=NOW + HOUR)
    assert returned(store) == [(2, 1, "failed 5.1.1 550 no such user", True)]
    shown = people.show(store, settled.entries[0].person)
    assert [contact.bounced_at for contact in shown.contacts if "@" in contact.value] == [NOW + HOUR]
    assert comes(store, 3, template="enquiry", at=NOW + 2 * HOUR).mail == 2
    assert states(store)[1] == ("held", "mail 1 to this address came back (failed 5.1.1 550 no such user)")


@pytest.mark.parametrize(
    "report",
    [
        replace(FAILED, action="delayed", status="4.4.1"),
        replace(FAILED, status="4.4.7"),
        replace(FAILED, action="", status=""),
    ],
)
def test_what_is_not_for_good_is_told_and_suppresses_nothing(store: Store, report: DeliveryReport) -> None:
    comes(store, 1)
    comes_back(store, 2, Kind.BOUNCE, report, at=NOW + HOUR)
    assert [(mail, good) for _, mail, _, good in returned(store)] == [(1, False)]
    comes(store, 3, template="enquiry", at=NOW + 2 * HOUR)
    assert states(store)[1] == ("queued", None)


def test_a_forged_bounce_suppresses_nobody(store: Store) -> None:
    comes(store, 1)
    comes_back(store, 2, Kind.BOUNCE, replace(FAILED, quoted=("<guess@roster.example>", "<1@example.org>")))
    assert returned(store) == []
    comes(store, 3, template="enquiry", at=NOW + HOUR)
    assert states(store)[1] == ("queued", None)


def test_who_quotes_us_and_is_no_bounce_suppresses_nobody(store: Store) -> None:
    comes(store, 1)
    comes_back(store, 2, Kind.OTHER, FAILED, in_reply_to=("<answer-1@roster.example>",))
    comes(store, 3, template="enquiry", at=NOW + HOUR)
    assert states(store)[1] == ("queued", None)


def test_who_writes_from_the_address_a_day_later_gets_one_new_try(store: Store) -> None:
    comes(store, 1)
    comes_back(store, 2, Kind.BOUNCE, FAILED, at=NOW + HOUR)
    comes(store, 3, template="enquiry", at=NOW + 26 * HOUR)
    assert states(store)[1] == ("queued", None)
    comes_back(store, 4, Kind.BOUNCE, replace(FAILED, quoted=("<answer-3@roster.example>",)), at=NOW + 27 * HOUR)
    comes(store, 5, at=NOW + 28 * HOUR)
    assert states(store)[2][0] == "held"


def test_an_absence_is_tied_to_the_mail_that_it_answers(store: Store) -> None:
    comes(store, 1)
    comes_back(store, 2, Kind.AUTO_REPLY, references=("<1@example.org>", "<answer-1@roster.example>"))
    with store.read() as db:
        (why,) = db.execute(sa.select(message.c.why).where(message.c.id == 2)).scalars()
    assert why[-1] == "It answers our mail 1, the answer to message 1."
    assert returned(store) == []


def test_those_who_are_not_answered_again_are_named(store: Store) -> None:
    comes(store, 1)
    comes(store, 2, at=NOW + HOUR)
    told = days.digest(store, since=NOW - HOUR, until=NOW + timedelta(days=1), day=NOW.date())
    assert [(one.message, one.reasons) for one in told.unanswered] == [
        (2, ("the same answer was sent to this address shortly before (mail 1)",))
    ]


def test_an_answer_to_our_confirmation_shows_with_the_person_and_a_bounce_of_it_does_not(store: Store) -> None:
    settled = comes(store, 1, profile())
    quoting = ("<answer-1@roster.example>",)
    comes_back(store, 2, Kind.OTHER, at=NOW + HOUR, in_reply_to=quoting, subject="My French is C1")
    comes_back(store, 3, Kind.BOUNCE, FAILED, at=NOW + 2 * HOUR)
    comes_back(store, 4, Kind.OTHER, at=NOW + 3 * HOUR, subject="About something else")
    shown = people.show(store, settled.entries[0].person)
    assert [(one.message, one.arrived_at, one.subject) for one in shown.replies] == [(2, NOW + HOUR, "My French is C1")]
