"""What the relay says decides what becomes of a mail, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, MicicError, OutcomeUnknown, Problem, Refused, RelayAway, RetryLater
from domain.moves import Delivery
from roster import outbox
from roster.status import status
from roster.store import Store, open_store
from service.retrying import Backoff
from service.sending import Sender

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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'micic.db'}")
    with opened.begin() as db:
        outbox.queue(db, MAIL, cause=date(2018, 3, 14), now=NOW)
    yield opened
    opened.close()


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


def test_a_relay_that_is_away_costs_a_mail_no_try_and_is_not_asked_again_in_the_same_pass(store: Store) -> None:
    relay, clock = Relay(*[RelayAway("cannot be reached")] * 5, None), Clock()
    one = sender(store, relay, clock)
    for _ in range(5):  # more often than a mail is tried
        assert one.send_next() is None
        clock.now += timedelta(hours=2)
    assert states(store) == {Delivery.QUEUED}
    assert one.send_next() is not None
    assert states(store) == {Delivery.SENT}
