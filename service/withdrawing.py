"""A withdrawal before it is carried out: whose it is, and whether it comes from that person."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from domain.mail import Kind
from intake.authentication import Vouched, vouched
from roster import erasure
from roster.erasure import Erased
from roster.withdrawals import Candidate, Withdrawal, withdrawal
from service.wiring import House, now

READ_AS = {
    Kind.APPLICATION: "an application",
    Kind.UPDATE: "an update",
    Kind.ENQUIRY: "an enquiry",
    Kind.AUTO_REPLY: "an automatic reply",
    Kind.BOUNCE: "a bounce",
    Kind.SPAM: "spam",
    Kind.OTHER: "something else",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What speaks for and against carrying out a withdrawal."""

    people: tuple[int, ...]  # whose it may be
    findings: tuple[str, ...]  # in words for staff
    proven: bool  # it is a withdrawal, and comes from the one person whose it is


def erase(house: House, person: int, *, actor: str, asked_by: int | None) -> Erased:
    """Remove a person with everything of theirs, also their files. KeyError where nobody has this number."""
    gone = erasure.erase(house.store, person, actor=actor, now=now(), asked_by=asked_by)
    for digest in gone.blobs:
        house.blobs.delete(digest)
    return gone


def check(house: House, message: int, *, person: int | None) -> Checked:
    """Look at the message again. `person` is whom staff take it to be of; None: whom the roster finds.

    KeyError where there is no such message.
    """
    asked = withdrawal(house.store, message)
    people = (person,) if person is not None else tuple(one.person for one in asked.candidates)
    if len(people) != 1:
        return Checked(people=people, findings=(), proven=False)
    stranger = Candidate(person=people[0], own=False, wrote_for=False, answered=None)
    candidate = next((one for one in asked.candidates if one.person == people[0]), stranger)
    server = house.settings.mailbox.authserv_id if house.settings.mailbox else None
    word = server_says(house, asked, server) if server else Vouched.UNKNOWN
    return Checked(
        people=people,
        findings=(of_kind(asked), of_sender(asked, candidate), of_server(asked, server, word), of_thread(candidate)),
        proven=asked.kind is Kind.WITHDRAWAL and is_proven(candidate, word),
    )


def is_proven(candidate: Candidate, word: Vouched) -> bool:
    """From the person's own address, and somebody who cannot be fooled says so: our server, or our own Message-ID."""
    if not candidate.own or word is Vouched.NO:
        return False
    return word is Vouched.YES or candidate.answered is not None


def server_says(house: House, asked: Withdrawal, server: str) -> Vouched:
    with tempfile.TemporaryDirectory(prefix="micic-") as parts:
        mail = house.workbench.parse(house.blobs.path(asked.digest), Path(parts))
    return vouched(mail.headers, asked.sender.rpartition("@")[2], server=server)


def of_kind(asked: Withdrawal) -> str:
    if asked.kind is Kind.WITHDRAWAL:
        return "it was read as a withdrawal"
    return f"it was read as {READ_AS[asked.kind]}, not as a withdrawal: is this the right number?"


def of_sender(asked: Withdrawal, candidate: Candidate) -> str:
    if candidate.own:
        return f"it comes from {asked.sender}, an address of this person"
    if candidate.wrote_for:
        return f"it comes from {asked.sender}, from which a CV of this person came, but which their CV does not name"
    return f"it comes from {asked.sender or 'nowhere'}, an address that is not this person's"


def of_server(asked: Withdrawal, server: str | None, word: Vouched) -> str:
    domain = asked.sender.rpartition("@")[2]
    if server is None:
        return "whether the address is forged is not known: mailbox.authserv_id is not set"
    if word is Vouched.YES:
        return f"{server} vouches that the mail comes from {domain}"
    if word is Vouched.NO:
        return f"{server} says that the mail does not come from {domain}: the address is forged"
    return f"{server} does not say whether the mail comes from {domain}"


def of_thread(candidate: Candidate) -> str:
    if candidate.answered is None:
        return "it answers no mail of ours"
    return f"it answers our mail {candidate.answered} to this person, which nobody else got"
