"""The outbox: a promise is kept once, and what is not known is not guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.decision import Claim
from domain.errors import StaleStage
from domain.moves import DELIVERY_MOVES, Delivery
from roster import days, outbox
from roster.holding import hold_all, release
from roster.moves import move_mails
from roster.status import status
from roster.store import Store
from roster.tables import Purpose
from roster.tables import outbox as table
from tests.integration.roster.cases import LEASE, NOW, answer, decision, take_in

LATER = NOW + LEASE
DAY = date(2018, 3, 14)


def promise(store: Store, number: int = 1) -> int:
    """A mail that is queued; its id."""
    with store.begin() as db:
        id_ = outbox.queue(db, answer(number), cause=date.fromordinal(DAY.toordinal() + number), now=NOW)
    assert id_ is not None
    return id_


def take(store: Store, *, owner: str = "w") -> Claim:
    (sending,) = outbox.claim(store, owner=owner, now=NOW, lease=LEASE, limit=1)
    return sending.claim


def state_of(store: Store, id_: int) -> Delivery:
    with store.read() as db:
        return Delivery(db.execute(table.select().where(table.c.id == id_)).one().state)


def test_what_is_taken_is_what_was_promised_and_nobody_else_gets_it(store: Store) -> None:
    settled = take_in(store, 1, decision(), outgoing=answer(1))
    (sending,) = outbox.claim(store, owner="a", now=NOW, lease=LEASE, limit=5)
    assert (sending.mail, sending.purpose, sending.message) == (answer(1), Purpose.ACKNOWLEDGEMENT, 1)
    assert (sending.claim.id, sending.claim.attempt) == (settled.mail, 1)
    assert state_of(store, sending.claim.id) is Delivery.SENDING
    assert outbox.claim(store, owner="b", now=LATER + LEASE, lease=LEASE, limit=5) == ()


def test_a_day_has_one_digest(store: Store) -> None:
    with store.begin() as db:
        assert outbox.queue(db, answer(1), cause=DAY, now=NOW) is not None
        assert outbox.queue(db, answer(1), cause=DAY, now=NOW) is None


def test_what_is_sent_is_never_handed_out_again(store: Store) -> None:
    id_ = promise(store)
    outbox.sent(store, take(store), now=NOW)
    assert outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5) == ()
    assert outbox.rescue(store, now=LATER) == ()
    assert outbox.retry(store, [id_], now=NOW) == outbox.hold(store, [id_], now=NOW) == ()


def test_what_is_postponed_goes_out_later(store: Store) -> None:
    id_ = promise(store)
    outbox.postpone(store, take(store), error="450 try again", until=LATER, now=NOW)
    assert outbox.claim(store, owner="w", now=LATER - timedelta(seconds=1), lease=LEASE, limit=5) == ()
    (again,) = outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5)
    assert (again.claim.id, again.claim.attempt) == (id_, 2)


def test_a_mail_whose_sender_died_is_unknown_and_not_sent_again(store: Store) -> None:
    id_ = promise(store)
    take(store)
    assert outbox.rescue(store, now=LATER - timedelta(seconds=1)) == ()
    assert outbox.rescue(store, now=LATER) == (id_,)
    assert state_of(store, id_) is Delivery.UNKNOWN
    assert outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5) == ()
    assert outbox.retry(store, [id_], now=LATER) == ()


def test_a_sender_who_was_only_slow_still_may_say_that_it_went_out(store: Store) -> None:
    id_ = promise(store)
    claim = take(store)
    outbox.rescue(store, now=LATER)
    outbox.sent(store, claim, now=LATER)
    assert state_of(store, id_) is Delivery.SENT


@pytest.mark.parametrize("found", [Delivery.SENT, Delivery.QUEUED])
def test_an_unknown_mail_goes_where_a_finding_puts_it(store: Store, found: Delivery) -> None:
    id_ = promise(store)
    outbox.unknown(store, take(store), error="cut after DATA", now=NOW)
    assert outbox.resolve(store, [id_], found, now=LATER) == (id_,)
    assert state_of(store, id_) is found
    assert outbox.resolve(store, [id_], found, now=LATER) == ()


def test_a_finding_cannot_be_what_no_move_leads_to(store: Store) -> None:
    id_ = promise(store)
    outbox.unknown(store, take(store), error="cut after DATA", now=NOW)
    with pytest.raises(ValueError, match="no move"):
        outbox.resolve(store, [id_], Delivery.SENDING, now=NOW)


def test_a_held_mail_waits_until_a_person_lets_it_go(store: Store) -> None:
    id_ = promise(store)
    assert outbox.hold(store, [id_], now=NOW) == (id_,)
    assert outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5) == ()
    assert outbox.retry(store, [id_], now=LATER) == (id_,)
    assert len(outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5)) == 1


def test_what_is_being_sent_cannot_be_held(store: Store) -> None:
    id_ = promise(store)
    take(store)
    assert outbox.hold(store, [id_], now=NOW) == ()
    assert state_of(store, id_) is Delivery.SENDING


End = Callable[[Store, Claim], None]
ENDS: dict[Delivery, End] = {
    Delivery.SENT: lambda store, claim: outbox.sent(store, claim, now=NOW),
    Delivery.QUEUED: lambda store, claim: outbox.postpone(store, claim, error="450", until=NOW, now=NOW),
    Delivery.UNKNOWN: lambda store, claim: outbox.unknown(store, claim, error="cut", now=NOW),
    Delivery.GIVEN_UP: lambda store, claim: outbox.give_up(store, claim, error="550", now=NOW),
}


def test_every_way_that_sending_can_end_is_tried() -> None:
    assert set(ENDS) == DELIVERY_MOVES[Delivery.SENDING]


@pytest.mark.parametrize("second", ENDS)
@pytest.mark.parametrize("first", ENDS)
def test_sending_ends_once(store: Store, first: Delivery, second: Delivery) -> None:
    id_ = promise(store)
    claim = take(store)
    ENDS[first](store, claim)
    assert state_of(store, id_) is first
    if (first, second) == (Delivery.UNKNOWN, Delivery.SENT):
        return  # the one move that is left to the worker: see above
    with pytest.raises(StaleStage):
        ENDS[second](store, claim)
    assert state_of(store, id_) is first


def test_a_claim_of_an_earlier_attempt_is_void(store: Store) -> None:
    promise(store)
    old = take(store)
    outbox.postpone(store, old, error="450", until=NOW, now=NOW)
    new = take(store)
    with pytest.raises(StaleStage):
        outbox.sent(store, old, now=NOW)
    outbox.sent(store, new, now=NOW)


NEEDED: dict[Delivery, dict[str, Any]] = {
    Delivery.SENT: {"sent_at": NOW},
    Delivery.SENDING: {"lease_owner": "w", "lease_until": LATER},
}


@pytest.mark.parametrize("to", Delivery)
@pytest.mark.parametrize("frm", Delivery)
def test_a_mail_moves_along_the_table_and_no_other_way(store: Store, frm: Delivery, to: Delivery) -> None:
    id_ = promise(store)
    with store.begin() as db:
        db.execute(table.update().values(state=frm.value, **NEEDED.get(frm, {})))
    values = {"sent_at": None, **NEEDED.get(to, {})}
    if to in DELIVERY_MOVES[frm]:
        with store.begin() as db:
            assert move_mails(db, (id_,), frm, to, now=NOW, values=values) == (id_,)
        assert state_of(store, id_) is to
    else:
        with pytest.raises(ValueError, match="no move"), store.begin() as db:
            move_mails(db, (id_,), frm, to, now=NOW, values=values)
        assert state_of(store, id_) is frm


def test_while_all_mail_is_held_nothing_is_handed_out_and_on_release_all_of_it(store: Store) -> None:
    id_ = promise(store)
    hold = hold_all(store, digests_go=False, now=NOW)
    assert hold_all(store, digests_go=False, now=LATER) == hold  # it began when it began
    assert outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5) == ()
    assert [(one.id, one.state, one.mail) for one in outbox.unsent(store, limit=5)] == [
        (id_, Delivery.QUEUED, answer(1))
    ]
    assert release(store) == hold
    assert release(store) is None
    assert take(store).id == id_


def test_a_hold_may_let_the_digest_through(store: Store) -> None:
    settled = take_in(store, 1, decision(), outgoing=answer(1))
    digest = promise(store, 2)
    hold_all(store, digests_go=True, now=NOW)
    (sending,) = outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5)
    assert sending.claim.id == digest
    assert settled.mail is not None
    assert state_of(store, settled.mail) is Delivery.QUEUED
    assert outbox.mail_of(store, settled.mail) == answer(1)
    assert outbox.mail_of(store, 99) is None


def test_a_rate_is_never_passed_and_what_it_stops_goes_later(store: Store) -> None:
    ids = [promise(store, number) for number in range(1, 6)]
    rates = (outbox.Rate(most=2, within=timedelta(minutes=1)), outbox.Rate(most=3, within=timedelta(hours=1)))

    def take_at(moment: datetime) -> list[int]:
        taken = outbox.claim(store, owner="w", now=moment, lease=LEASE, limit=5, rates=rates)
        for sending in taken:
            outbox.sent(store, sending.claim, now=moment)
        return [sending.claim.id for sending in taken]

    assert take_at(NOW) == ids[:2]
    assert take_at(NOW + timedelta(seconds=59)) == []
    assert take_at(NOW + timedelta(seconds=61)) == ids[2:3]  # then the hour is full
    assert take_at(NOW + timedelta(minutes=59)) == []
    assert take_at(NOW + timedelta(minutes=61)) == ids[3:]


@pytest.mark.parametrize("state", [Delivery.QUEUED, Delivery.HELD, Delivery.UNKNOWN, Delivery.GIVEN_UP])
def test_what_a_person_discards_never_goes_and_is_told_no_more_until_they_want_it_after_all(
    store: Store, state: Delivery
) -> None:
    id_ = promise(store)
    if state is Delivery.HELD:
        outbox.hold(store, [id_], now=NOW)
    elif state is not Delivery.QUEUED:
        ENDS[state](store, take(store))
    assert outbox.discard(store, [id_], now=NOW) == (id_,)
    assert outbox.discard(store, [id_], now=NOW) == ()
    assert state_of(store, id_) is Delivery.GIVEN_UP
    assert outbox.unsent(store, limit=5) == ()
    assert status(store, now=NOW).discarded == 1
    assert days.digest(store, since=NOW - LEASE, until=LATER, day=DAY).unsent == ()
    assert outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5) == ()
    assert outbox.retry(store, [id_], now=LATER) == (id_,)
    assert len(outbox.claim(store, owner="w", now=LATER, lease=LEASE, limit=5)) == 1
    assert status(store, now=NOW).discarded == 0


def test_what_went_out_or_is_being_sent_cannot_be_discarded(store: Store) -> None:
    promise(store)
    claim = take(store)
    assert outbox.discard(store, [claim.id], now=NOW) == ()
    outbox.sent(store, claim, now=NOW)
    assert outbox.discard(store, [claim.id], now=NOW) == ()


def test_a_mail_that_the_relay_was_not_asked_for_has_lost_no_try(store: Store) -> None:
    promise(store)
    outbox.give_back(store, take(store), error="the relay is away", now=NOW)
    assert take(store).attempt == 1
