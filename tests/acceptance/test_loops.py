"""Responders that answer every mail of ours, in every disguise: each exchange ends, and mostly at once.

Whole messages go through the whole pipeline. Only the relay and the clock are simulated: a reply comes some minutes, or
some days, after each mail of ours, for as long as there is one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from roster import ledger, outbox
from roster.answers import Policy
from roster.ledger import Arrival
from roster.tables import outbox as mails
from service.digesting import as_mail, digest_of
from service.processing import Worker
from service.wiring import House, open_house

CONFIG = Path(__file__).parents[2] / "config"
START = datetime(2018, 3, 1, 9, tzinfo=UTC)
ENOUGH = 60  # replies; no exchange may come so far
LIMITS = Policy(
    window=timedelta(days=1),
    per_address=3,
    span=timedelta(days=30),
    per_domain=5,
    overall=12,
    shared_domains=frozenset(),
)
MINUTES, HOURS, WEEKS = timedelta(minutes=7), timedelta(hours=31), timedelta(days=12)
CV = (
    "CURRICULUM VITAE\n\nName: Jane {name}\nE-mail: {email}\n\nWORK EXPERIENCE\n\n"
    "2010 - 2016 Programme manager, Example Organisation, Vienna. Managed assisted voluntary return.\n\n"
    "EDUCATION\n\n2008 MA in Migration Studies, University of Example\n\nLANGUAGES\n\nEnglish: native\nFrench: C1\n"
)

Reply = Callable[[EmailMessage, int], Sequence[EmailMessage]]  # our mail, how many replies there were before


@dataclass
class Exchange:
    """Our office on one side, a responder on the other."""

    house: House
    reply: Reply
    pause: timedelta
    now: datetime = START
    replies: int = 0
    sent: list[EmailMessage] = field(default_factory=list)

    @property
    def worker(self) -> Worker:
        return replace(self.house.worker(0), clock=lambda: self.now, answers=LIMITS)

    def receive(self, message: EmailMessage) -> None:
        self.now += self.pause
        if "Date" not in message:
            message["Date"] = format_datetime(self.now)
        raw = message.as_bytes(policy=policy.SMTP)
        with self.house.blobs.batch() as batch:
            ref = batch.put([raw])
        arrival = Arrival(key=None, ref=ref, arrived_at=self.now, sender_key=None)
        ledger.record(self.house.store, [arrival], now=self.now)
        while self.worker.work_on_next() is not None:
            pass

    def send(self) -> list[EmailMessage]:
        claimed = outbox.claim(self.house.store, owner="s", now=self.now, lease=timedelta(hours=1), limit=50)
        for sending in claimed:
            outbox.sent(self.house.store, sending.claim, now=self.now)
        return [message_from_bytes(one.mail.content, policy=policy.default) for one in claimed]

    def run(self, first: EmailMessage) -> int:
        """Until nobody writes any more. Returns how many mails of ours went out."""
        self.receive(first)
        while ours := self.send():
            self.sent += ours
            for mail in ours:
                for answer in self.reply(mail, self.replies):
                    self.replies += 1
                    assert self.replies < ENOUGH, "the exchange does not end"
                    self.receive(answer)
        return len(self.sent)

    def held(self) -> int:
        with self.house.store.read() as db:
            held = sa.select(sa.func.count()).where(mails.c.state == "held")
            return int(db.execute(held).scalar_one())


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The children that read mails are started once."""
    data = tmp_path_factory.mktemp("first")
    with open_house(CONFIG, {**os.environ, "MICIC_STORE__DATA": str(data)}) as house:
        yield house


@pytest.fixture
def house(shared_house: House, tmp_path: Path) -> Iterator[House]:
    with open_house(CONFIG, {**os.environ, "MICIC_STORE__DATA": str(tmp_path)}) as house:
        house.__dict__.update({"sandbox": shared_house.sandbox, "rules": shared_house.rules})
        yield house
        del house.__dict__["sandbox"], house.__dict__["rules"]


def letter(sender: str, subject: str, text: str, *, to: str = "call@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{hashlib.sha256(f'{sender}{subject}{text}'.encode()).hexdigest()[:20]}@mail.example>"
    message.set_content(text)
    return message


def application(sender: str = "jane@example.com", name: str = "Doe", email: str = "jane@example.com") -> EmailMessage:
    message = letter(sender, "Application", "Dear colleagues,\n\nI apply to join the roster. My CV is attached.\n")
    message.add_attachment(CV.format(name=name, email=email), filename="cv.txt")
    return message


def in_answer(mail: EmailMessage, reply: EmailMessage) -> EmailMessage:
    reply["In-Reply-To"] = reply["References"] = str(mail["Message-ID"])
    return reply


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


QUESTION = "Dear colleagues,\n\nwhen does the call close, and which languages do I need? Number {n}.\n"


def absence(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    """Out of office, as RFC 3834 wants it."""
    away = letter("jane@example.com", f"Auto: {mail['Subject']}", f"I am away {n}.")
    away["Auto-Submitted"] = "auto-replied"
    return [in_answer(mail, away)]


def absence_without_a_sign(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [letter("jane@example.com", f"Out of office {n}", "I am out of the office until Monday, with no access.\n")]


def asks_each_time(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    """Nothing tells it from a person: no header, no Re:, nothing quoted, a new subject and text."""
    return [letter("jane@example.com", f"Question {n}", QUESTION.format(n=n))]


def quotes_everything(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    quoted = "".join(f"> {line}\n" for line in words(mail).splitlines())
    return [in_answer(mail, letter("jane@example.com", f"{mail['Subject']}", QUESTION.format(n=n) + quoted))]


def sends_the_cv_again(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    again = application()
    again.replace_header("Subject", f"Application {n}")
    again.replace_header("Message-ID", f"<again-{n}@mail.example>")
    return [again]


def sends_the_cv_from_everywhere(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    again = application(sender=f"box{n}@host{n}.example")
    again.replace_header("Message-ID", f"<everywhere-{n}@mail.example>")
    return [again]


def tags_its_address(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [letter(f"jane+{n}@example.com", f"Question {n}", QUESTION.format(n=n))]


def counts_its_address(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [letter(f"jane{n}@example.com", f"Question {n}", QUESTION.format(n=n))]


def changes_its_domain(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [letter(f"jane@example{n}.com", f"Question {n}", QUESTION.format(n=n))]


def changes_its_domain_and_keeps_the_thread(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [in_answer(mail, letter(f"jane@example{n}.com", f"Question {n}", QUESTION.format(n=n)))]


def is_somebody_new_each_time(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    name = f"{chr(65 + n % 26)}ovak{chr(97 + n // 26)}"
    new = application(sender="agency@example.com", name=name, email=f"{name.lower()}@example.net")
    new.replace_header("Message-ID", f"<new-{n}@mail.example>")
    return [new]


def answers_twice(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [letter(f"jane{n + k}@host{n + k}.example", f"Q {n + k}", QUESTION.format(n=n + k)) for k in range(2)]


def opens_a_ticket(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    text = (
        f"Your request has been received and a ticket has been created: #{1000 + n}.\nDo not reply to this message.\n"
    )
    return [letter(f"support+{n}@helpdesk.example", f"[Ticket #{1000 + n}] {mail['Subject']}", text)]


def sets_two_at_each_other(_mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    """Each writes in a way that the answer goes to the other."""
    me, other = ("a@one.example", "b@two.example") if n % 2 else ("b@two.example", "a@one.example")
    asking = letter(me, f"Question {n}", QUESTION.format(n=n))
    asking["Reply-To"] = other
    return [asking]


def is_a_mailing_list(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    """Sends our mail to all its members, of whom we are one."""
    mail["List-Id"] = "<experts.lists.example>"
    mail["List-Post"] = "<mailto:experts@lists.example>"
    mail["X-Number"] = str(n)
    return [mail]


def is_a_list_that_rewrites(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    return [letter("experts@lists.example", f"[experts] {n} {mail['Subject']}", words(mail))]


def forwards_it_back(mail: EmailMessage, n: int) -> Sequence[EmailMessage]:
    back = letter("jane@example.com", f"Fwd: {n}", "See below.\n")
    back.add_attachment(mail)
    return [back]


FIRST_ONLY = [
    absence,
    absence_without_a_sign,
    sends_the_cv_again,
    sends_the_cv_from_everywhere,
    opens_a_ticket,
    is_a_mailing_list,
]


@pytest.mark.parametrize("reply", FIRST_ONLY, ids=lambda reply: reply.__name__)
def test_one_mail_of_ours_is_all_that_goes_out(house: House, reply: Reply) -> None:
    assert Exchange(house, reply, MINUTES).run(application()) == 1


# How many mails of ours go out at most, where all replies come within minutes.
BOUNDS: list[tuple[Reply, int]] = [
    (asks_each_time, 2),  # one answer to the application, one to the question
    (quotes_everything, 2),
    (tags_its_address, 2),
    (forwards_it_back, 2),
    (is_a_list_that_rewrites, 2),  # our own words, as if they were a question
    (sets_two_at_each_other, 3),
    (is_somebody_new_each_time, 1 + LIMITS.per_address),  # to the first address, and to that of the agency
    (counts_its_address, LIMITS.per_domain),
    (changes_its_domain_and_keeps_the_thread, 2),
    (changes_its_domain, LIMITS.overall),
    (answers_twice, LIMITS.overall),
]


@pytest.mark.parametrize(("reply", "most"), BOUNDS, ids=lambda value: getattr(value, "__name__", None))
def test_who_looks_like_people_is_stopped_by_the_limits(house: House, reply: Reply, most: int) -> None:
    exchange = Exchange(house, reply, MINUTES)
    assert 1 <= exchange.run(application()) <= most


@pytest.mark.parametrize("pause", [HOURS, WEEKS], ids=["after hours", "after weeks"])
@pytest.mark.parametrize(
    "reply",
    [absence, quotes_everything, opens_a_ticket, changes_its_domain_and_keeps_the_thread, is_a_mailing_list],
    ids=lambda reply: reply.__name__,
)
def test_who_is_slow_is_stopped_too_where_it_answers_our_mail(house: House, reply: Reply, pause: timedelta) -> None:
    assert Exchange(house, reply, pause).run(application()) <= 2


@pytest.mark.parametrize("reply", [asks_each_time, sends_the_cv_again, tags_its_address], ids=lambda r: r.__name__)
def test_who_is_slow_and_quotes_nothing_ends_at_the_cap_of_its_address(house: House, reply: Reply) -> None:
    assert Exchange(house, reply, HOURS).run(application()) <= LIMITS.per_address


def test_who_sends_one_cv_from_everywhere_ends_at_the_cap_of_the_person(house: House) -> None:
    assert Exchange(house, sends_the_cv_from_everywhere, HOURS).run(application()) <= LIMITS.per_address


def test_what_a_limit_stopped_waits_for_a_person_once_an_address(house: House) -> None:
    exchange = Exchange(house, counts_its_address, MINUTES)
    exchange.run(application())
    assert exchange.held() == 1
    for number in range(5):
        exchange.receive(letter("jane@example.com", f"Still {number}", QUESTION.format(n=900 + number)))
    assert exchange.held() <= 2


def test_our_own_digest_that_comes_back_is_not_answered(house: House) -> None:
    exchange = Exchange(house, lambda _mail, _n: (), MINUTES)
    exchange.run(application())
    with_readers = house.settings.staff.model_copy(update={"digest_to": ("team@example.org",)})
    told = digest_of(house, START.date(), moment=exchange.now)
    settings = house.settings.model_copy(update={"staff": with_readers})
    mail = as_mail(replace(house, settings=settings), told, moment=exchange.now)
    for back in (mail.content, b"Received: from list.example\r\nSender: team@example.org\r\n" + mail.content):
        exchange.receive(message_from_bytes(back, policy=policy.default))
    forward = letter("team@example.org", "Fwd: Expert Roster", "FYI\n")
    forward.add_attachment(message_from_bytes(mail.content, policy=policy.default))
    exchange.receive(forward)
    assert exchange.send() == []
