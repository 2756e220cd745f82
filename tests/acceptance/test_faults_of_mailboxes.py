"""The mailbox belongs to people and to a server: what either changes under our hands loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from roster.tables import sighting
from service.running import Done
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import ANSWERED, MAILS, Office, evenly, replies
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.oauth import CLIENT, SECRET, Answer, Provider, let_in, provider
from tests.servers.proxy import proxy

pytestmark = [pytest.mark.server, pytest.mark.slow]

ALL = Done(fetched=3, worked_on=3, filed=3, sent=2)
MOMENTS = 10  # of a pass at which the server renumbers
LISTED, FETCHED = (b"W1 OK Fetch", 1), (b"W1 OK Fetch", 2)  # the end of the listing, and that of the mails' bytes
LOOKED_FOR_FOLDER = (b"OK List completed", 1)  # and found it, or not; what is filed is moved next

Act = Callable[[Office], object]


@pytest.fixture(scope="module")
def bank() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def token_post(bank: Provider) -> Iterator[Dovecot]:
    with let_in(bank) as extra, dovecot(extra=extra) as server:
        yield server


@pytest.fixture
def heard(open_office: NewOffice) -> bytes:
    """What the server says in a pass in which nothing goes wrong."""
    office = open_office()
    office.deliver(*MAILS)
    office.run()
    office.relay.accepted.clear()
    return bytes(office.line.heard)


def lines_before(heard: bytes, reply: tuple[bytes, int]) -> int:
    """How many lines the server has sent before it says that for the nth time."""
    at = 0
    for _ in range(reply[1]):
        at = heard.index(reply[0], at) + 1
    return heard.count(b"\n", 0, at)


def doveadm(*arguments: str) -> Act:
    return lambda office: office.mailboxes.doveadm(*(office.user if one == "USER" else one for one in arguments))


def everything(*acts: Act) -> Act:
    return lambda office: [act(office) for act in acts]


def renumber(office: Office) -> None:
    validity = int(
        office.mailboxes.doveadm("mailbox", "status", "-u", office.user, "uidvalidity", "INBOX").split("=")[1]
    )
    office.mailboxes.doveadm("mailbox", "update", "--uid-validity", str(validity + 7), "-u", office.user, "INBOX")


def test_the_server_renumbers_at_any_moment(open_office: NewOffice, heard: bytes) -> None:
    for number in evenly(replies(heard), MOMENTS):
        office = open_office()
        office.deliver(*MAILS)
        office.line.meanwhile(number, lambda office=office: renumber(office))
        said = office.run()
        assert isinstance(said, Done) or "\n" not in said
        assert office.line.hits == 1
        office.recover()
        endings = office.count(sighting.c.ending)
        # Where it happens while a message is moved, nobody can tell whether its place was left before or after.
        assert endings.keys() <= {"filed", "renumbered"}
        office.prove_that_nothing_was_lost_or_done_twice(endings=endings)


def test_what_is_renumbered_between_fetch_and_filing_is_told_as_renumbered(
    open_office: NewOffice, heard: bytes
) -> None:
    office = open_office()
    office.deliver(*MAILS)
    office.line.meanwhile(lines_before(heard, FETCHED), lambda: renumber(office))
    assert office.run() == replace(ALL, filed=0)
    assert office.count(sighting.c.ending) == {"renumbered": 3}
    assert office.run() == Done(fetched=3, worked_on=0, filed=3, sent=0)
    office.prove_that_nothing_was_lost_or_done_twice(endings={"filed": 3, "renumbered": 3})


JANE = ("mailbox", "INBOX", "HEADER", "Message-ID", "<jane.doe.example.com@mail.example>")
DELETED = doveadm("expunge", "-u", "USER", *JANE)
MOVED = everything(doveadm("mailbox", "create", "-u", "USER", "Mine"), doveadm("move", "-u", "USER", "Mine", *JANE))


# Between looking for a mail and moving it nobody can tell who took it: then it counts as filed.
@pytest.mark.parametrize(
    ("moment", "by_hand"), [(FETCHED, 1), (LOOKED_FOR_FOLDER, 0)], ids=["before filing", "while filing"]
)
@pytest.mark.parametrize(("act", "folder"), [(DELETED, ""), (MOVED, "Mine")], ids=["deleted", "moved"])
def test_what_staff_take_under_our_hands_is_kept_and_answered(
    open_office: NewOffice, heard: bytes, moment: tuple[bytes, int], by_hand: int, act: Act, folder: str
) -> None:
    office = open_office()
    office.deliver(*MAILS)
    office.line.meanwhile(lines_before(heard, moment), lambda: act(office))
    assert office.run() == replace(ALL, filed=3 - by_hand)
    office.recover()
    endings = {"filed": 3 - by_hand} | ({"by_hand": by_hand} if by_hand else {})
    office.prove_that_nothing_was_lost_or_done_twice(elsewhere={MAILS[0]: folder}, endings=endings)


def test_what_staff_delete_before_it_was_fetched_costs_no_other(open_office: NewOffice, heard: bytes) -> None:
    office = open_office()
    office.deliver(*MAILS)
    office.line.meanwhile(lines_before(heard, LISTED), lambda: DELETED(office))
    assert office.run() == Done(fetched=2, worked_on=2, filed=2, sent=1)
    del office.delivered[0]
    office.prove_that_nothing_was_lost_or_done_twice(answered=ANSWERED[1:])


RENAMED = doveadm("mailbox", "rename", "-u", "USER", "Processed", "Done in March")
REMOVED = doveadm("mailbox", "delete", "-u", "USER", "Processed")


@pytest.mark.parametrize("moment", [FETCHED, LOOKED_FOR_FOLDER], ids=["before filing", "while filing"])
@pytest.mark.parametrize("act", [RENAMED, REMOVED], ids=["renamed", "deleted"])
def test_a_folder_for_what_is_settled_is_made_anew(
    open_office: NewOffice, heard: bytes, moment: tuple[bytes, int], act: Act
) -> None:
    office = open_office()
    doveadm("mailbox", "create", "-u", "USER", "Processed")(office)
    office.deliver(*MAILS)
    office.line.meanwhile(lines_before(heard, moment), lambda: act(office))
    assert isinstance(office.run(), Done)
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


@pytest.mark.parametrize("told", [False, True], ids=["and back", "and in the settings"])
def test_staff_rename_the_folder_where_mails_arrive(open_office: NewOffice, heard: bytes, told: bool) -> None:
    office = open_office(MAILBOX__FOLDER="Call")
    office.deliver(*MAILS)
    doveadm("mailbox", "create", "-u", "USER", "Call")(office)
    doveadm("move", "-u", "USER", "Call", "mailbox", "INBOX", "ALL")(office)
    rename = doveadm("mailbox", "rename", "-u", "USER", "Call", "Call of March")
    office.line.meanwhile(lines_before(heard, FETCHED), lambda: rename(office))
    said = office.run()
    assert isinstance(said, str)
    assert "the folder Call" in said
    assert "check mailbox.folder" in said
    if told:
        office.environment["MICIC_MAILBOX__FOLDER"] = "Call of March"
    else:
        doveadm("mailbox", "rename", "-u", "USER", "Call of March", "Call")(office)
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice(endings={"filed": 3, "renumbered": 3} if told else None)


@pytest.fixture
def token_office(open_office: NewOffice, token_post: Dovecot, bank: Provider) -> Iterator[Office]:
    with proxy(token_post.imap) as line:
        office = open_office(
            post=token_post,
            line=line,
            MAILBOX__LOGIN="oauth",
            OAUTH__TOKEN_URL=bank.url,
            OAUTH__CLIENT_ID=CLIENT,
            OAUTH__CLIENT_SECRET=SECRET,
        )
        del office.environment["MICIC_MAILBOX__PASSWORD"]
        bank.user = office.user
        office.deliver(*MAILS)
        yield office


def test_a_token_that_ends_in_mid_pass_is_fetched_anew(token_office: Office, bank: Provider, heard: bytes) -> None:
    def end() -> None:
        bank.revoke_access()
        token_office.mailboxes.doveadm("kick", token_office.user)

    asked = len(bank.asked)
    token_office.line.meanwhile(lines_before(heard, FETCHED), end)
    assert token_office.run() == ALL
    assert len(bank.asked) == asked + 2
    token_office.prove_that_nothing_was_lost_or_done_twice()


def test_a_client_that_is_refused_in_mid_pass_is_told_in_one_line(
    token_office: Office, bank: Provider, heard: bytes
) -> None:
    def refuse() -> None:
        bank.revoke_access()
        bank.script.append(Answer(status=401, body=b'{"error": "invalid_client"}'))
        token_office.mailboxes.doveadm("kick", token_office.user)

    token_office.line.meanwhile(lines_before(heard, FETCHED), refuse)
    said = token_office.run()
    assert isinstance(said, str)
    assert "MICIC_OAUTH__CLIENT_SECRET" in said
    assert "\n" not in said
    token_office.recover()
    token_office.prove_that_nothing_was_lost_or_done_twice()
