"""An office whose lines and servers can be made to fail, and the proof that nothing is lost and nothing done twice."""

from __future__ import annotations

import hashlib
import imaplib
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageDraw

from domain.errors import MicicError
from roster.status import Status
from roster.status import status as read_status
from roster.store import open_store
from roster.tables import lease, message, outbox, sighting, undelivered
from service.commands.work import inbox_in_words
from service.running import Done, exclusive_pass
from service.wiring import House, open_house
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.environment import environment_for
from tests.servers.proxy import Proxy
from tests.servers.relay import Relay

CONFIG = Path(__file__).parents[2] / "config"
LITERAL = re.compile(rb"\{(\d+)\}\r$")
AN_HOUR_AGO = timedelta(hours=1)
CV = """CURRICULUM VITAE

Name: {name}
E-mail: {email}

WORK EXPERIENCE

2010 - 2016 Programme manager, Example Organisation, Vienna. Managed assisted voluntary return.

EDUCATION

2008 MA in Migration Studies, University of Example

LANGUAGES

English: native
French: C1
"""


def application(name: str, *, padding: int = 0) -> bytes:
    """A mail with a CV, from an address that shows whose it is; `padding` makes it that many bytes heavier."""
    email = f"{name.lower().replace(' ', '.')}@example.com"
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = email, "call@example.org", "Application"
    mail["Message-ID"] = f"<{email.replace('@', '.')}@mail.example>"
    mail.set_content("Dear colleagues,\n\nI apply to join the roster. My CV is attached.\n")
    mail.add_attachment(CV.format(name=name, email=email) + " " * padding, filename="cv.txt")
    return mail.as_bytes()


def application_with_scan(*, pages: int) -> bytes:
    """Beside the CV, certificates that must be recognised page by page, which takes a while."""
    mail = message_from_bytes(application("Ann Slow"), policy=policy.SMTP)
    mail.add_attachment(scan(pages), maintype="image", subtype="tiff", filename="certificates.tiff")
    return mail.as_bytes()


def scan(pages: int) -> bytes:
    made = []
    for number in range(pages):
        page = Image.new("1", (1240, 1754), 1)
        for line in range(60):
            words = f"{number} Programme manager, Example Organisation {line}"
            ImageDraw.Draw(page).text((80, 60 + 27 * line), words, 0)
        made.append(page)
    out = io.BytesIO()
    made[0].save(out, "TIFF", compression="group4", save_all=True, append_images=made[1:])
    return out.getvalue()


def absence() -> bytes:
    """From a robot, which nobody answers."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "away@example.com", "call@example.org", "Out of office"
    mail["Message-ID"], mail["Auto-Submitted"] = "<away@mail.example>", "auto-replied"
    mail.set_content("I am away.\n")
    return mail.as_bytes()


MAILS = (application("Jane Doe"), absence(), application("Omar Doe"))
ANSWERED = ("jane.doe@example.com", "omar.doe@example.com")


@dataclass(slots=True, kw_only=True)
class Office:
    mailboxes: Dovecot
    line: Proxy  # to the mailbox
    relay: Relay
    user: str
    data: Path
    environment: dict[str, str]
    shared: House  # its children and templates are warm
    delivered: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.environment.get("MICIC_STORE__DATABASE", f"sqlite:///{self.data / 'micic.db'}")

    def deliver(self, *mails: bytes) -> None:
        self.mailboxes.deliver(self.user, *mails)
        self.delivered += mails

    @contextmanager
    def house(self) -> Iterator[House]:
        """The program as it has just been started, but for the children, which are warm."""
        with open_house(CONFIG, self.environment) as house:
            house.__dict__.update(
                {name: self.shared.__dict__[name] for name in ("sandbox", "rules", "templates_in_force")}
            )
            try:
                yield house
            finally:
                del house.__dict__["sandbox"], house.__dict__["rules"]  # they are not ours to end

    def run(self) -> Done | str:
        """One pass of a program that has just been started; what it complains of, where it does."""
        with self.house() as house:
            return run_in(house)

    def recover(self) -> None:
        """The fault is over, an hour has passed, and the program starts again."""
        self.line.clear()
        self.let_an_hour_pass()
        assert isinstance(self.run(), Done)

    def let_an_hour_pass(self) -> None:
        """For leases, and for tries that were put off."""
        store, over = open_store(self.url), datetime.now(UTC) - AN_HOUR_AGO
        with store.begin() as db:
            db.execute(sa.delete(lease))
            for table in (message, outbox):
                db.execute(sa.update(table).values(run_at=over))
                db.execute(sa.update(table).where(table.c.lease_until.is_not(None)).values(lease_until=over))
            db.execute(sa.update(undelivered).values(run_at=over))
            db.execute(sa.update(sighting).values(file_after=None))
        store.close()

    def rows(self, wanted: sa.Select[Any]) -> list[Any]:
        store = open_store(self.url)
        with store.read() as db:
            found = list(db.execute(wanted).all())
        store.close()
        return found

    def count(self, column: sa.Column[Any]) -> Counter[Any]:
        return Counter(value for (value,) in self.rows(sa.select(column)))

    def status(self) -> Status:
        store = open_store(self.url)
        found = read_status(store, now=datetime.now(UTC))
        store.close()
        return found

    def on_server(self) -> dict[str, list[bytes]]:
        """Every folder and the raw mails in it, as a plain client finds them."""
        with imaplib.IMAP4("127.0.0.1", self.mailboxes.imap) as client:
            client.login(self.user, PASSWORD)
            found = {}
            for line in _parts(client.list('""', '"*"')):
                name = re.sub(rb'.* "/" ', b"", bytes(line)).decode()  # with its quotation marks, where it has some
                client.select(name, readonly=True)
                left = _parts(client.uid("SEARCH", "NOT DELETED"))  # a server without MOVE keeps what was moved
                answers = _parts(client.uid("FETCH", b",".join(left[0].split()), "(BODY.PEEK[])")) if left else ()
                found[name.strip('"')] = [part[1] for part in answers if isinstance(part, tuple)]
        return found

    def prove_that_nothing_was_lost_or_done_twice(
        self,
        *,
        answered: Sequence[str] = ANSWERED,
        endings: Mapping[str, int] | None = None,
        elsewhere: Mapping[bytes, str] | None = None,
    ) -> None:
        """Every mail is in the ledger once, byte for byte, settled, and in its folder; each applicant has one answer.

        `endings`: how the places in the inbox came to be left, where not all were filed. `elsewhere`: the folder in
        which staff have put a mail, "" where they have deleted it.
        """
        kept = self.rows(sa.select(message.c.digest, message.c.stage, message.c.folder))
        assert Counter(row.stage for row in kept) == {"settled": len(self.delivered)}
        raws = {row.digest: self.blob(row.digest) for row in kept}
        assert all(hashlib.sha256(raw).hexdigest() == digest for digest, raw in raws.items())
        mails = {digest: without_transport(raw) for digest, raw in raws.items()}
        assert sorted(mails.values()) == sorted(self.delivered)
        places = [((elsewhere or {}).get(mails[row.digest], row.folder), raws[row.digest]) for row in kept]
        found = [(folder, raw) for folder, raws in self.on_server().items() for raw in raws]
        assert sorted(found) == sorted(place for place in places if place[0])
        assert self.count(sighting.c.ending) == Counter(endings or {"filed": len(self.delivered)})
        self.prove_that_each_has_one_answer(answered)
        said = inbox_in_words(self.status(), read_only=False)
        assert next(said) == "on server 0 = 0 settled + 0 waiting + 0 quarantined"

    def prove_that_each_has_one_answer(self, answered: Sequence[str]) -> None:
        """A mail that died on its way to the relay counts too, if it is told as unknown: nobody can know."""
        got = Counter(to for one in self.relay.accepted for to in one.recipients)
        states = {to: state for (to,), state in self.rows(sa.select(outbox.c.recipients, outbox.c.state))}
        assert sorted(states) == sorted(answered)
        assert all(
            got[to] == 1 if state == "sent" else state == "unknown" and got[to] <= 1 for to, state in states.items()
        )
        assert got.keys() <= states.keys()

    def blob(self, digest: str) -> bytes:
        return (self.data / "blobs" / digest[:2] / digest).read_bytes()


def without_transport(raw: bytes) -> bytes:
    """Without the headers that the server put before the mail."""
    return raw[raw.index(b"From: ") :]


def sender_of(mail: bytes) -> str:
    return str(message_from_bytes(mail)["From"])


def run_in(house: House) -> Done | str:
    try:
        done = exclusive_pass(house)
    except MicicError as error:
        return str(error)
    assert done is not None
    return done


def replies(heard: bytes) -> list[int]:
    """After how many lines of what an IMAP server sent each of its replies begins; lines of mails are no replies."""
    found, skip = [], 0
    for number, line in enumerate(heard.split(b"\n")[:-1]):
        if skip <= 0:
            found.append(number)
        literal = LITERAL.search(line)
        skip = int(literal[1]) if skip <= 0 and literal else skip - len(line) - 1
    return found


def _parts(answer: tuple[str, list[Any]]) -> list[Any]:
    assert answer[0] == "OK", answer
    return [part for part in answer[1] if part]


def new_office(
    *, mailboxes: Dovecot, line: Proxy, relay: Relay, data: Path, shared: House, template: Path, **more: str
) -> Office:
    """An office that nobody else has; its database is a copy of the template, which saves half a second."""
    data.mkdir(exist_ok=True)
    shutil.copy(template, data / "micic.db")
    user = mailboxes.new_user()
    environment = environment_for(
        imap=line.port, smtp=relay.port, user=user, data=data, **{"MAILBOX__TIMEOUT_SECONDS": "1", **more}
    )
    return Office(
        mailboxes=mailboxes, line=line, relay=relay, user=user, data=data, environment=environment, shared=shared
    )


def evenly(numbers: Sequence[int], count: int) -> list[int]:
    """So many of them, spread evenly, the first and the last among them."""
    if len(numbers) <= count:
        return list(numbers)
    return [numbers[round(at * (len(numbers) - 1) / (count - 1))] for at in range(count)]
