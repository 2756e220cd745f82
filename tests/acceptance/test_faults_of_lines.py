"""Lines that are cut, slow or silent at any moment of a pass: nothing is lost, nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from roster.tables import outbox
from service.running import Done
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import MAILS, Office, application, evenly, replies
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.proxy import proxy

pytestmark = [pytest.mark.server, pytest.mark.slow]

PLACES = 16  # within a fetch
HEAVY = application("Ann Heavy", padding=150_000)
REPLIES_TO_DATA = (9, 14)  # of the relay, for two mails in one dialogue
ALL = Done(fetched=3, worked_on=3, filed=3, sent=2)


@pytest.fixture(scope="module")
def bare_post() -> Iterator[Dovecot]:
    """It offers neither MOVE nor UIDPLUS."""
    with dovecot(extra="imap_capability = IMAP4rev1 LITERAL+ SASL-IR") as server:
        yield server


def with_mails(office: Office, *mails: bytes) -> Office:
    office.deliver(*(mails or MAILS))
    return office


def in_one_line(said: Done | str) -> bool:
    return isinstance(said, Done) or "\n" not in said


@pytest.mark.parametrize(("server", "cuts"), [("post", 30), ("bare_post", 16)])
def test_cut_at_any_reply_of_a_pass(
    open_office: NewOffice, request: pytest.FixtureRequest, server: str, cuts: int
) -> None:
    post: Dovecot = request.getfixturevalue(server)
    with proxy(post.imap) as line:
        office = with_mails(open_office(post=post, line=line))
        assert office.run() == ALL
        office.prove_that_nothing_was_lost_or_done_twice()
        all_replies = replies(bytes(line.heard))
        assert len(all_replies) > cuts
        for number in evenly(all_replies, cuts):
            office = with_mails(open_office(post=post, line=line))
            line.cut_at_line(number)
            assert in_one_line(office.run())
            assert line.hits == 1
            office.recover()
            office.prove_that_nothing_was_lost_or_done_twice()


def test_cut_at_any_byte_of_a_fetch(open_office: NewOffice) -> None:
    office = with_mails(open_office(), HEAVY)
    office.run()
    heard = bytes(office.line.heard)
    for at in evenly(range(heard.index(b"BODY[]"), heard.index(b"Fetch completed")), PLACES):
        office = with_mails(open_office(), HEAVY)
        office.line.cut_after(bytes_=at)
        assert in_one_line(office.run())
        assert office.line.hits == 1
        office.recover()
        office.prove_that_nothing_was_lost_or_done_twice(answered=["ann.heavy@example.com"])


def test_cut_again_and_again_within_one_pass(open_office: NewOffice) -> None:
    office = with_mails(open_office())
    office.line.cut_at_line(60, times=3)
    assert in_one_line(office.run())
    assert office.line.hits == 3
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


@pytest.mark.parametrize("number", range(16))
def test_cut_at_any_reply_of_the_relay(open_office: NewOffice, number: int) -> None:
    with proxy(open_office().relay.port) as line:
        office = with_mails(open_office(RELAY__PORT=str(line.port)))
        line.cut_at_line(number)
        assert in_one_line(office.run())
        assert line.hits == 1
        office.recover()
        office.prove_that_nothing_was_lost_or_done_twice()
        assert office.count(outbox.c.state)["unknown"] == (number in REPLIES_TO_DATA)


@pytest.mark.parametrize("after", [0, 700, 4_000, 13_000])
def test_a_line_that_goes_silent_ends_the_pass_in_time(open_office: NewOffice, after: int) -> None:
    office = with_mails(open_office())
    office.line.silence(after=after)
    began = time.monotonic()
    assert in_one_line(office.run())
    assert time.monotonic() - began < 8
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


def test_a_server_that_answers_nobody_any_more_ends_the_pass_in_time(open_office: NewOffice) -> None:
    office = with_mails(open_office())
    office.line.silence(after=900, times=100)
    began = time.monotonic()
    assert office.run() == f"127.0.0.1:{office.line.port} did not answer within 1 seconds."
    assert time.monotonic() - began < 5
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


def test_a_server_that_drips_ends_the_pass_in_time(open_office: NewOffice) -> None:
    office = with_mails(open_office())
    office.line.drip(0.01)  # a hundred bytes a second
    began = time.monotonic()
    assert office.run() == f"127.0.0.1:{office.line.port} did not answer within 1 seconds."
    assert time.monotonic() - began < 10
    office.recover()
    office.prove_that_nothing_was_lost_or_done_twice()


def test_a_relay_that_says_nothing_ends_the_pass_in_time(open_office: NewOffice) -> None:
    with proxy(open_office().relay.port) as line:
        office = with_mails(open_office(RELAY__PORT=str(line.port), RELAY__TIMEOUT_SECONDS="1"))
        line.silence(after=0, times=100)
        began = time.monotonic()
        assert in_one_line(office.run())
        assert time.monotonic() - began < 8
        line.clear()
        office.recover()
        office.prove_that_nothing_was_lost_or_done_twice()
