"""The window in which a mail may go twice, or not at all: 2,000 acknowledgements to a relay that fails in every way.

Nobody gets two, and who gets none stands in the digest.
"""

from __future__ import annotations

import hashlib
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest
import sqlalchemy as sa

from domain.decision import Acknowledgement
from domain.errors import MicicError, RelayAway
from domain.mail import Address, ReplyLanguage
from domain.moves import Delivery
from domain.ports import BlobRef
from notifications.smtp import SmtpTransport
from roster import days, ledger, outbox
from roster.ledger import Arrival
from roster.status import status
from roster.tables import outbox as mails
from service.sending import Sender
from service.wiring import House, open_house, relay_access
from tests.acceptance.sending import CONFIG, sending
from tests.servers.environment import environment_for
from tests.servers.postgres import postgres
from tests.servers.private import free_port
from tests.servers.relay import Cut, Delay, Fault, Relay, Reply, relay

pytestmark = [pytest.mark.server, pytest.mark.slow]

MANY = 1000  # on each database
SENDERS = 4
PATIENCE = 0.25  # seconds that a sender waits for an answer; the relay knows it and is slower at times
A_WHILE = timedelta(hours=8)  # longer than the longest pause, and than a lease
LATER, NEVER = Reply("451 4.3.0 Try later"), Reply("554 5.7.1 Not wanted")
GONE, SLOW, SILENT = Cut(), Delay(0.02), Delay(PATIENCE + 0.15)
BEFORE_THE_MAIL = (GONE, SLOW, SILENT, Cut(answered=True), LATER, Reply("421 4.3.2 Shutting down"))
FAULTS: dict[str, tuple[Fault, ...]] = {
    "CONNECT": (GONE, SLOW, Reply("554 5.3.2 Not now"), Reply("421 4.3.2 Shutting down")),
    "EHLO": BEFORE_THE_MAIL,
    "RSET": BEFORE_THE_MAIL,
    "MAIL": (*BEFORE_THE_MAIL, NEVER),
    "RCPT": (*BEFORE_THE_MAIL, NEVER),
    "DATA": (*BEFORE_THE_MAIL, NEVER),
    "DOT": (GONE, Cut(accept=True), Cut(accept=True, answered=True), SLOW, SILENT, LATER, NEVER, Reply("what?")),
}
SOUND = 12  # one step of so many goes wrong
STEPS = [
    ("after", "roster.outbox:claim"),
    ("before", "notifications.smtp:SmtpTransport.send"),
    ("after", "notifications.smtp:SmtpTransport.send"),
    ("before", "roster.outbox:sent"),
    ("after", "roster.outbox:sent"),
    ("before", "roster.outbox:postpone"),
    ("after", "roster.outbox:give_up"),
    ("before", "roster.outbox:unknown"),
]
LEADS_TO = {"postpone": LATER, "give_up": NEVER, "unknown": GONE}  # what the relay answers the mail, to get there
DIALOGUE = [
    *((stage, answered, False) for stage in ("EHLO", "MAIL", "RCPT", "DATA") for answered in (False, True)),
    ("DOT", False, False),
    ("DOT", False, True),
    ("DOT", True, True),
]


@dataclass(slots=True, kw_only=True)
class Clock:
    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """An outbox of acknowledgements, and the relay."""

    house: House
    relay: Relay
    environment: dict[str, str]
    numbers: Iterator[int]

    def promise(self, how_many: int) -> None:
        now = datetime.now(UTC)
        names = [f"applicant {number}" for _, number in zip(range(how_many), self.numbers, strict=False)]
        digests = [hashlib.sha256(name.encode()).hexdigest() for name in names]
        refs = [BlobRef(digest=digest, size=1) for digest in digests]
        arrivals = [Arrival(key=None, ref=ref, arrived_at=now, sender_key=None) for ref in refs]
        ids = ledger.record(self.house.store, arrivals, now=now)
        composed = [
            self.house.compose(answer_to(name), digest, now) for name, digest in zip(names, digests, strict=True)
        ]
        with self.house.store.begin() as db:
            for id_, mail in zip(ids, composed, strict=True):
                assert outbox.queue(db, mail, cause=id_, now=now, template="received") is not None

    def sender(self, number: int, clock: Clock, *, port: int | None = None) -> Sender:
        settings = self.house.settings.relay
        assert settings is not None
        access = replace(relay_access(settings, None, local_name="call.example"), timeout=PATIENCE)
        access = replace(access, verdict_timeout=PATIENCE, port=port or access.port)
        one = self.house.sender()
        return replace(one, owner=f"{one.owner} {number}", clock=clock, transport=SmtpTransport(access))

    def send_side_by_side(self, clock: Clock) -> None:
        senders = [self.sender(number, clock) for number in range(SENDERS)]
        threads = [Thread(target=send_what_is_due, args=(sender,)) for sender in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def until_nothing_is_queued(self, clock: Clock) -> None:
        while status(self.house.store, now=clock()).outbox[Delivery.QUEUED]:
            self.send_side_by_side(clock)
            clock.moment += A_WHILE
            outbox.rescue(self.house.store, now=clock())

    def prove_that_nobody_got_two_and_who_got_none_is_told(self, clock: Clock) -> Counter[str]:
        got = Counter(to for one in self.relay.accepted for to in one.recipients)
        with self.house.store.read() as db:
            rows = db.execute(sa.select(mails.c.id, mails.c.recipients, mails.c.state)).all()
        assert set(got) <= {to for row in rows for to in row.recipients}
        day = days.digest(self.house.store, since=datetime(2000, 1, 1, tzinfo=UTC), until=clock(), day=date.today())  # noqa: DTZ011
        told = {one.outbox: one.state for one in day.unsent}
        for id_, (to,), state in rows:
            assert got[to] <= 1
            assert told.get(id_) == (None if state == "sent" else state)
            # Known is known: what counts as sent has arrived, what counts as given up has not.
            assert state == "unknown" or got[to] == (1 if state == "sent" else 0), state
        return Counter(row.state for row in rows)


def answer_to(name: str) -> Acknowledgement:
    address = f"{name.replace(' ', '-')}@example.com"
    return Acknowledgement(
        template="received",
        to=Address(name=name, email=address),
        language=ReplyLanguage.EN,
        name=name,
        subject="Application",
        in_reply_to=None,
        references=(),
        files=("cv.pdf",),
        unreadable=(),
    )


def was_killed(process: ForkServerProcess) -> bool:
    process.join(60)
    return process.exitcode == -signal.SIGKILL


def send_what_is_due(sender: Sender) -> None:
    with suppress(MicicError):  # of the login or of the relay: the next round tries again
        while sender.send_next() is not None:
            pass
    sender.transport.close()


def misfortunes(seed: int) -> dict[str, list[Fault]]:
    """By stage: what happens to those who come there, one after the other."""
    chance = random.Random(seed)
    return {
        stage: [chance.choice(faults) if chance.randrange(SOUND) == 0 else Delay(0) for _ in range(MANY)]
        for stage, faults in FAULTS.items()
    }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def dispatch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dispatch]:
    folder: Path = tmp_path_factory.mktemp("sending")
    with relay() as failing, postgres() as database:
        url = f"sqlite:///{folder / 'micic.db'}" if request.param == "sqlite" else database.new_database()
        environment = environment_for(imap=1, smtp=failing.port, user="u", data=folder, STORE__DATABASE=url)
        with open_house(CONFIG, environment) as house:
            yield Dispatch(house=house, relay=failing, environment=environment, numbers=count(1))


def test_over_all_faults_and_kills_nobody_gets_two_and_none_is_lost_unsaid(dispatch: Dispatch) -> None:
    dispatch.promise(MANY)
    script, chance = dispatch.relay.script, random.Random(7)
    for stage, answered, accept in DIALOGUE:
        running: SimpleQueue[ForkServerProcess] = SimpleQueue()
        cut = Cut(accept=accept, answered=answered, act=lambda running=running: running.get().kill())
        dispatch.relay.fail(stage, *[Delay(0)] * (0 if stage == "EHLO" else chance.randrange(3)), cut)
        running.put(process := sending(dispatch.environment))
        assert was_killed(process)
        script.clear()
    for when, step in STEPS:
        if fault := LEADS_TO.get(step.rpartition(":")[2]):
            dispatch.relay.fail("DOT", fault)
        assert was_killed(sending(dispatch.environment, when, step))
        script.clear()

    clock = Clock(moment=datetime.now(UTC) + A_WHILE)
    died = outbox.rescue(dispatch.house.store, now=clock())
    assert len(died) >= len(DIALOGUE)
    away = dispatch.sender(0, clock, port=free_port())
    with pytest.raises(RelayAway):
        away.send_next()
    for stage, faults in misfortunes(11).items():
        dispatch.relay.fail(stage, *faults)
    dispatch.until_nothing_is_queued(clock)
    ended = dispatch.prove_that_nobody_got_two_and_who_got_none_is_told(clock)
    assert ended.total() == MANY
    assert ended.keys() == {"sent", "unknown", "given_up"}
    assert ended["sent"] > MANY / 2
