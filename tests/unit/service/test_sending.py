"""What the relay says decides what becomes of a mail, and nothing is sent twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, MicicError, OutcomeUnknown, Problem, Refused, RelayAway, RetryLater
from domain.moves import Delivery
from roster import outbox
from roster.status import status
from roster.store import Store
from service.retrying import Backoff
from service.sending import RELAY_AWAY, Sender, sending_beside

NOW = datetime(2018, 3, 14, 9, 0, tzinfo=UTC)
BACKOFF = Backoff(attempts=3, first=timedelta(minutes=1), cap=timedelta(hours=1), jitter=0, chance=lambda: 0.5)
MAIL = OutgoingMail(message_id="<1@example.org>", envelope_from="", recipients=("a@example.org",), content=b"x")


class Relay:
    """Answers as told, and counts what it took."""

    def __init__(self, *answers: MicicError | None) -> None:
        self.answers = list(answers)
        self.taken: list[OutgoingMail] = []

    def send(self, mail: OutgoingMail) -> None:
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer
        self.taken.append(mail)

    def close(self) -> None: ...


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def promise(store: Store) -> None:
    """One mail is queued."""
    with store.begin() as db:
        outbox.queue(db, MAIL, cause=date(2018, 3, 14), now=NOW)


def sender(store: Store, relay: Relay, clock: Clock) -> Sender:
    lease = timedelta(minutes=5)
    return Sender(owner="s", store=store, transport=relay, backoff=BACKOFF, lease=lease, clock=clock)


def states(store: Store) -> set[Delivery]:
    return {state for state, count in status(store, now=NOW).outbox.items() if count}


def test_an_accepted_mail_is_sent_and_never_offered_again(store: Store) -> None:
    relay, clock = Relay(None), Clock()
    one = sender(store, relay, clock)
    assert one.send_next() is not None
    assert one.send_next() is None
    assert (relay.taken, states(store)) == ([MAIL], {Delivery.SENT})


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Refused("no such user"), Delivery.GIVEN_UP),
        (OutcomeUnknown("cut after the data"), Delivery.UNKNOWN),
        (RetryLater("greylisted"), Delivery.QUEUED),
    ],
)
def test_each_answer_of_the_relay_leads_to_its_own_state(store: Store, answer: MicicError, state: Delivery) -> None:
    one = sender(store, Relay(answer), Clock())
    one.send_next()
    assert states(store) == {state}
    assert one.send_next() is None  # not again now, whatever it was


def test_a_mail_that_is_never_accepted_is_given_up_in_the_end(store: Store) -> None:
    clock = Clock()
    one = sender(store, Relay(*[RetryLater("later")] * 3), clock)
    for _ in range(3):
        assert one.send_next() is not None
        clock.now += timedelta(hours=2)
    assert states(store) == {Delivery.GIVEN_UP}


def test_a_wrong_password_is_told_and_the_mail_waits(store: Store) -> None:
    problem = ConfigProblem(Problem(file="config/settings.yaml", line=3, message="wrong password"))
    with pytest.raises(ConfigProblem):
        sender(store, Relay(problem), Clock()).send_next()
    assert states(store) == {Delivery.QUEUED}


def test_the_relays_own_wish_is_heeded() -> None:
    wish = timedelta(minutes=10)
    assert BACKOFF.next_try(1, now=NOW, wish=wish) == NOW + wish
    assert BACKOFF.next_try(2, now=NOW) == NOW + timedelta(minutes=2)
    assert BACKOFF.next_try(3, now=NOW) is None


def test_in_a_trial_every_mail_goes_to_one_address_once(store: Store) -> None:
    relay, clock = Relay(None), Clock()
    one = replace(sender(store, relay, clock), redirect_to="trial@example.org")
    assert one.send_next() is not None
    assert one.send_next() is None
    assert [mail.recipients for mail in relay.taken] == [("trial@example.org",)]
    assert states(store) == {Delivery.SENT}


def test_a_dry_run_leaves_every_mail_where_it_is_and_it_goes_afterwards(store: Store) -> None:
    relay, clock = Relay(None), Clock()
    one = sender(store, relay, clock)
    assert replace(one, dry_run=True).send_next() is None
    assert (relay.taken, states(store)) == ([], {Delivery.QUEUED})
    assert one.send_next() is not None
    assert relay.taken == [MAIL]


def test_a_relay_that_is_away_costs_a_mail_no_try(store: Store) -> None:
    relay, clock = Relay(*[RelayAway("cannot be reached")] * 5, None), Clock()
    one = sender(store, relay, clock)
    for _ in range(5):  # more often than a mail is tried
        with pytest.raises(RelayAway):
            one.send_next()
        clock.now += timedelta(hours=2)
    assert states(store) == {Delivery.QUEUED}
    assert one.send_next() is not None
    assert states(store) == {Delivery.SENT}


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_queued_goes_out_at_a_ring_while_the_work_goes_on_and_the_rest_at_its_end(store: Store) -> None:
    relay = Relay(None, None)
    with sending_beside(lambda: sender(store, relay, Clock()), ended=lambda: False) as post:
        post.ring()
        wait_until(lambda: states(store) == {Delivery.SENT})
        with store.begin() as db:
            outbox.queue(db, replace(MAIL, message_id="<2@example.org>"), cause=date(2018, 3, 15), now=NOW)
    assert (post.sent, len(relay.taken)) == (2, 2)


def test_where_the_work_fails_its_mail_goes_out_all_the_same_and_its_error_goes_on(store: Store) -> None:
    relay = Relay(None)
    with (
        pytest.raises(RetryLater, match="the mailbox is away"),
        sending_beside(lambda: sender(store, relay, Clock()), ended=lambda: False),
    ):
        raise RetryLater("the mailbox is away")
    assert relay.taken == [MAIL]


def test_what_stops_all_mail_is_told_when_the_work_is_done(store: Store) -> None:
    problem = ConfigProblem(Problem(file="config/settings.yaml", line=3, message="wrong password"))
    done = []
    with (
        pytest.raises(ConfigProblem, match="wrong password"),
        sending_beside(lambda: sender(store, Relay(problem), Clock()), ended=lambda: False) as post,
    ):
        post.ring()
        done.append("the work")
    assert done == ["the work"]


def test_a_program_that_is_to_end_sends_nothing_more(store: Store) -> None:
    relay = Relay(None)
    with sending_beside(lambda: sender(store, relay, Clock()), ended=lambda: True):
        pass
    assert (relay.taken, states(store)) == ([], {Delivery.QUEUED})


@pytest.mark.parametrize(("later", "asked"), [(RELAY_AWAY / 2, 1), (RELAY_AWAY, 2)])
def test_a_relay_that_is_away_is_asked_again_in_a_minute(store: Store, later: timedelta, asked: int) -> None:
    relay, clock = Relay(*[RelayAway("cannot be reached")] * 2), Clock()
    with sending_beside(lambda: sender(store, relay, clock), ended=lambda: False) as post:
        post.ring()
        wait_until(lambda: len(relay.answers) == 1)
        clock.now += later
    assert 2 - len(relay.answers) == asked
