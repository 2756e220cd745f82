"""Loop breakers: an acknowledgement too many is not made, or waits for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.decision import Acknowledgement
from domain.mail import Address, Kind, ReplyLanguage
from domain.moves import Outcome
from domain.profile import Profile
from roster import ledger, outbox
from roster.answers import Policy, address_key
from roster.settlement import Settled, Terms, settle
from roster.store import Store
from roster.tables import message
from roster.tables import outbox as mails
from tests.integration.roster.cases import FOLDERS, NOW, POLICY, answer, arrival, claim_one, decision, profile

HOUR = timedelta(hours=1)


def promise(to: str, template: str) -> Acknowledgement:
    return Acknowledgement(
        template=template,
        to=Address(name="", email=to),
        language=ReplyLanguage.EN,
        name="",
        subject="Application",
        in_reply_to=None,
        references=(),
        files=(),
        unreadable=(),
    )


def comes(
    store: Store,
    number: int,
    *people: Profile,
    to: str = "a.diop@example.org",
    template: str = "received",
    at: datetime = NOW,
    policy: Policy = POLICY,
    answers: str | None = None,
) -> Settled:
    """A message that would be answered to that address."""
    ledger.record(store, [arrival(number, at=at)], now=at)
    changes: dict[str, Any] = {"acknowledgement": promise(to, template), "sender": to}
    if not people:
        changes |= {"kind": Kind.ENQUIRY, "outcome": Outcome.ANSWERED}
    decided = decision(*people, **changes)
    decided = replace(decided, message=replace(decided.message, message_id=f"<{number}@example.org>"))
    decided = replace(decided, message=replace(decided.message, in_reply_to=(answers,) if answers else ()))
    terms = Terms(folders=FOLDERS, answers=policy)
    return settle(store, claim_one(store, now=at), decided, answer(number, to=to), terms=terms, now=at)


def why(store: Store) -> list[str | None]:
    with store.read() as db:
        return list(db.execute(sa.select(message.c.unanswered).order_by(message.c.id)).scalars())


def states(store: Store) -> list[tuple[str, str | None]]:
    with store.read() as db:
        return [tuple(row) for row in db.execute(sa.select(mails.c.state, mails.c.error).order_by(mails.c.id))]


@pytest.mark.parametrize("again", ["a.diop@example.org", "A.Diop@Example.org", "a.diop+2@example.org"])
def test_an_address_gets_the_same_answer_once_within_the_window(store: Store, again: str) -> None:
    assert comes(store, 1, template="enquiry").mail is not None
    assert comes(store, 2, to=again, template="enquiry", at=NOW + HOUR).mail is None
    assert why(store) == [None, "the same answer was sent to this address shortly before (mail 1)"]
    assert comes(store, 3, to=again, template="enquiry", at=NOW + 25 * HOUR).mail is not None


def test_an_enquiry_and_then_an_application_are_both_answered(store: Store) -> None:
    assert comes(store, 1, template="enquiry").mail is not None
    assert comes(store, 2, profile(), at=NOW + HOUR).mail is not None


def test_a_person_gets_the_same_answer_once_from_whichever_address_they_write(store: Store) -> None:
    assert comes(store, 1, profile()).mail is not None
    assert comes(store, 2, profile(), to="office@other.example", at=NOW + HOUR).mail is None
    assert why(store)[1] == "this person has had the same answer shortly before (mail 1)"


def test_an_agency_is_answered_for_every_new_person(store: Store) -> None:
    first, second = (profile(name=name, emails=(f"{name[:3]}@example.org",), phones=()) for name in ("Ana N", "Bo L"))
    assert comes(store, 1, first, to="agency@example.com").mail is not None
    assert comes(store, 2, second, to="agency@example.com", at=NOW + HOUR).mail is not None
    assert comes(store, 3, second, to="agency@example.com", at=NOW + 2 * HOUR).mail is None


def test_what_an_address_has_too_much_waits_for_a_person_once(store: Store) -> None:
    settled = [comes(store, n, template="enquiry", at=NOW + 25 * n * HOUR) for n in range(1, 7)]
    assert [one.mail for one in settled] == [1, 2, 3, 4, None, None]
    assert states(store)[2:] == [
        ("queued", None),
        ("held", "the limit is reached: 3 answers to one address in 30 days"),
    ]
    assert "mail 4 to the same address waits for a person already" in str(why(store)[-1])
    assert outbox.retry(store, [4], now=NOW) == (4,)  # a person lets it go


def test_the_cap_of_an_address_ends_with_its_days(store: Store) -> None:
    for number in range(1, 4):
        comes(store, number, template="enquiry", at=NOW + 25 * number * HOUR)
    comes(store, 4, template="enquiry", at=NOW + timedelta(days=33))
    assert [state for state, _ in states(store)] == ["queued"] * 4


def test_domains_and_the_day_have_caps_and_shared_domains_only_the_day(store: Store) -> None:
    policy = replace(POLICY, per_domain=2, overall=5)
    for number in range(1, 5):
        comes(store, number, to=f"{number}@post.example", at=NOW + number * HOUR, policy=policy)
    assert [state for state, _ in states(store)] == ["queued"] * 4  # everybody has a mailbox there
    evil = [comes(store, 10 + n, to=f"{n}@evil.example", at=NOW + 24 * HOUR, policy=policy) for n in range(3)]
    assert states(store)[evil[0].mail - 1 if evil[0].mail else 0] == ("queued", None)
    assert states(store)[-1] == ("held", "the limit is reached: 5 answers in a day")
    comes(store, 20, to="9@evil.example", at=NOW + 47 * HOUR, policy=policy)
    comes(store, 21, to="8@evil.example", at=NOW + 47 * HOUR, policy=policy)
    assert states(store)[-1] == ("held", "the limit is reached: 2 answers to one domain in a day")


def test_a_mail_that_the_relay_refused_answered_nobody(store: Store) -> None:
    comes(store, 1, template="enquiry")
    (sending,) = outbox.claim(store, owner="s", now=NOW, lease=HOUR, limit=1)
    outbox.give_up(store, sending.claim, error="no such user", now=NOW)
    assert comes(store, 2, template="enquiry", at=NOW + HOUR).mail is not None


def test_our_own_mail_that_comes_back_is_not_answered(store: Store) -> None:
    comes(store, 1)
    ledger.record(store, [arrival(2)], now=NOW)
    decided = decision(profile(name="Bo L"), acknowledgement=promise("list@example.net", "received"))
    decided = replace(decided, message=replace(decided.message, message_id="<answer-1@roster.example>"))
    terms = Terms(folders=FOLDERS, answers=POLICY)
    outgoing = answer(2, to="list@example.net")
    assert settle(store, claim_one(store), decided, outgoing, terms=terms, now=NOW).mail is None
    assert why(store)[1] == "it is our own mail 1, come back"


def test_a_key_holds_for_all_spellings_of_a_mailbox() -> None:
    assert address_key("Jo+tag+more@Example.ORG") == "jo@example.org"
    assert address_key("+@example.org") == "+@example.org"


def test_an_exchange_ends_after_two_answers_however_slow_and_from_whichever_address(store: Store) -> None:
    for number in range(1, 5):
        at = NOW + timedelta(days=40 * number)
        to = f"robot{number}@{number}.example"
        comes(store, number, to=to, template="enquiry", at=at, answers=f"<answer-{number - 1}@roster.example>")
    assert [state for state, _ in states(store)] == ["queued", "queued", "held", "held"][: len(states(store))]
    assert states(store)[2] == ("held", "2 answers of ours went out in this exchange already")


def test_a_person_has_a_cap_of_their_own_whichever_addresses_they_use(store: Store) -> None:
    for number in range(1, 5):
        comes(store, number, profile(), to=f"{number}@{number}.example", at=NOW + 25 * number * HOUR)
    assert states(store)[-1] == ("held", "the limit is reached: 3 answers to one person in 30 days")
