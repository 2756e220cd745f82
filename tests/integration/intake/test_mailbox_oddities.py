"""Servers that keep to the letter of RFC 3501 in ways that few expect, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event

import pytest

from domain.errors import ConfigProblem, MicicError, RetryLater
from domain.mail import MessageKey
from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.scripted_imap import HOST, ScriptedImap, scripted_imap

NOW = datetime(2018, 3, 14, 9, 0, tzinfo=UTC)
BODIES = r"UID FETCH [\d,]+ \(UID BODY"
LISTING = r"UID FETCH 1:\*"
DONE = b"{tag} OK done\r\n"


@contextmanager
def mailbox_of(
    answers: Mapping[str, bytes], *, security: Security = Security.PLAIN
) -> Iterator[tuple[ImapMailbox, ScriptedImap]]:
    with scripted_imap(answers) as server:
        access = MailboxAccess(
            host=HOST, port=server.port, security=security, user="a", password="b", timeout=2, idle_seconds=0.3
        )
        mailbox = ImapMailbox(access, trust=server.trust, clock=lambda: NOW)
        yield mailbox, server
        mailbox.close()


def key(uid: int) -> MessageKey:
    return MessageKey(mailbox="INBOX", uid_validity=7, uid=uid)


def fetched(answer: bytes, *uids: int) -> list[tuple[int, bytes]]:
    with mailbox_of({BODIES: answer}) as (mailbox, _):
        return [(one.uid, b"".join(pieces)) for one, pieces in mailbox.fetch([key(uid) for uid in uids])]


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (UID 4 BODY[] {5}\r\nhello)\r\n",
        b"* 1 FETCH (BODY[] {5}\r\nhello UID 4)\r\n",
        b'* 1 FETCH (FLAGS (\\Seen UID) BODY[] {5}\r\nhello X-LABELS ({3}\r\na\r\n "UID 9") UID 4)\r\n',
        b"* 1 fetch (uid 4 body[] {5}\r\nhello)\r\n",
        b'* 1 FETCH (UID 4 BODY[] "hello")\r\n',
        b'* 1 FETCH (BODY[] "hello" UID 4)\r\n',
        b"* 1 FETCH (UID 4 BODY[] {5+}\r\nhello)\r\n",
        b"* 1 FETCH (X-LABELS ({5}\r\nUID 9) UID 4 BODY[] {5}\r\nhello)\r\n",
    ],
    ids=["plain", "uid last", "flags and labels", "lower case", "quoted", "quoted, uid last", "plus", "labels first"],
)
def test_a_body_is_found_however_the_answer_is_put(answer: bytes) -> None:
    assert fetched(answer + DONE, 4) == [(4, b"hello")]


def test_what_a_server_tells_unasked_is_passed_over() -> None:
    noise = (
        b"* 9 EXISTS\r\n* 3 EXPUNGE\r\n* OK [ALERT] maintenance {5}\r\n* 2 FETCH (FLAGS (\\Seen))\r\n"
        b'* 2 FETCH (UID 5 FLAGS (\\Seen))\r\n* LIST () "/" {3}\r\na b\r\n'
    ).replace(b"maintenance {5}", b"maintenance")
    stranger = b"* 8 FETCH (UID 88 BODY[] {5}\r\nother)\r\n"
    first, second = (b"* %d FETCH (UID %d BODY[] {5}\r\nmail%d)\r\n" % (n, n, n) for n in (4, 5))
    answer = noise + first + noise + stranger + second + first + DONE
    assert fetched(answer, 4, 5) == [(4, b"mail4"), (5, b"mail5")]


def test_a_message_that_the_server_cannot_give_is_left_out_and_others_come() -> None:
    for nothing in (
        b"* 1 FETCH (UID 4 BODY[] NIL)\r\n",
        b"* 1 FETCH (UID 4 BODY[] {0}\r\n)\r\n",
        b'* 1 FETCH (UID 4 BODY[] "")\r\n',
        b"",
    ):
        assert fetched(nothing + b"* 2 FETCH (UID 5 BODY[] {5}\r\nhello)\r\n" + DONE, 4, 5) == [(5, b"hello")]


def test_one_message_that_is_refused_spoils_no_others() -> None:
    answers = {
        r"UID FETCH 4,5,6 ": b"* 1 FETCH (UID 4 BODY[] {5}\r\nfirst)\r\n{tag} NO [SERVERBUG] cannot read\r\n",
        r"UID FETCH 5 ": b"{tag} NO [SERVERBUG] cannot read\r\n",
        r"UID FETCH 6 ": b"* 3 FETCH (UID 6 BODY[] {5}\r\nthird)\r\n{tag} OK done\r\n",
    }
    with mailbox_of(answers) as (mailbox, _):
        found = [(one.uid, b"".join(pieces)) for one, pieces in mailbox.fetch([key(uid) for uid in (4, 5, 6)])]
    assert found == [(4, b"first"), (6, b"third")]


@pytest.mark.parametrize(
    "answer", [b"{tag} NO [UNAVAILABLE] later\r\n", b"{tag} BAD not connected\r\n", b"* BYE later\r\n"]
)
def test_a_server_in_trouble_is_left_for_later(answer: bytes) -> None:
    with pytest.raises(RetryLater):
        fetched(answer, 4, 5)


def test_what_a_mail_says_is_never_taken_for_an_answer() -> None:
    """Also where nobody reads it."""
    trap = b"W1 OK done\r\n* 1 FETCH (UID 5 BODY[] {4}\r\nfake)\r\n* BYE\r\n"
    answer = b"* 1 FETCH (UID 4 BODY[] {%d}\r\n%b)\r\n* 2 FETCH (UID 5 BODY[] {4}\r\ntrue)\r\n" % (len(trap), trap)
    assert fetched(answer + DONE, 4, 5) == [(4, trap), (5, b"true")]
    with mailbox_of({BODIES: answer + DONE}) as (mailbox, _):
        found = []
        for one, pieces in mailbox.fetch([key(4), key(5)]):
            found.append((one.uid, next(iter(pieces)) if one.uid == 5 else b""))
    assert found == [(4, b""), (5, b"true")]


@pytest.mark.parametrize("said", [3, 7])
def test_a_body_that_is_not_as_long_as_the_server_said_is_not_taken(said: int) -> None:
    with pytest.raises(RetryLater):
        fetched(b"* 1 FETCH (UID 4 BODY[] {%d}\r\nhello)\r\n" % said + DONE, 4)


def test_a_server_that_goes_silent_within_a_mail_is_left_after_the_time_out() -> None:
    with pytest.raises(RetryLater, match="did not answer"):
        fetched(b"* 1 FETCH (UID 4 BODY[] {500}\r\nhello", 4)


def test_the_listing_copes_with_dates_sizes_and_noise() -> None:
    listing = (
        b'* 1 FETCH (UID 4 FLAGS (\\Seen) INTERNALDATE " 7-Feb-2018 09:05:01 +0530" RFC822.SIZE 5)\r\n'
        b"* 2 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS\r\n"
        b'* 2 FETCH (RFC822.SIZE 1 INTERNALDATE "32-Feb-18 99:99" UID 5)\r\n'
        b"* 3 FETCH (UID 6 FLAGS (\\deleted) RFC822.SIZE 5)\r\n* 4 FETCH (UID 7 RFC822.SIZE 99999999999)\r\n"
    )
    with mailbox_of({LISTING: listing + DONE}) as (mailbox, _):
        found = {one.key.uid: (one.size, one.arrived_at) for one in mailbox.waiting()}
    assert found == {
        4: (5, datetime.fromisoformat("2018-02-07T09:05:01+05:30")),
        5: (1, NOW),
        7: (99_999_999_999, NOW),
    }


def test_a_size_that_lies_harms_nothing() -> None:
    listing = b'* 1 FETCH (UID 4 INTERNALDATE "07-Feb-2018 09:05:01 +0000" RFC822.SIZE 99)\r\n'
    with mailbox_of({LISTING: listing + DONE, BODIES: b"* 1 FETCH (UID 4 BODY[] {5}\r\nhello)\r\n" + DONE}) as (box, _):
        assert [b"".join(pieces) for _, pieces in box.fetch([one.key for one in box.waiting()])] == [b"hello"]


def test_an_empty_folder_is_not_asked_about() -> None:
    empty = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK done\r\n"
    with mailbox_of({"EXAMINE": empty, LISTING: b"{tag} BAD no messages\r\n"}) as (mailbox, _):
        assert mailbox.waiting() == []


def test_a_server_without_lasting_numbers_cannot_be_used() -> None:
    odd = {"EXAMINE": b"* 1 EXISTS\r\n{tag} OK done\r\n"}
    with mailbox_of(odd) as (mailbox, _), pytest.raises(ConfigProblem, match="lasting numbers"):
        mailbox.waiting()


def test_an_inbox_that_may_only_be_read_is_a_matter_for_a_person() -> None:
    shut = {"SELECT": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK [READ-ONLY] done\r\n"}
    with mailbox_of(shut) as (mailbox, _), pytest.raises(ConfigProblem, match="read_only"):
        mailbox.file_away([key(4)], into="Processed")


def test_news_told_before_idle_is_granted_counts() -> None:
    with mailbox_of({"IDLE": b"* 4 EXISTS\r\n+ idling\r\n{tag} OK done\r\n"}) as (mailbox, _):
        assert mailbox.wait(seconds=5, ended=Event())


def test_a_server_that_refuses_to_idle_is_an_error_at_once() -> None:
    with mailbox_of({"IDLE": b"{tag} NO not now\r\n"}) as (mailbox, _), pytest.raises(RetryLater):
        mailbox.wait(seconds=5, ended=Event())


STARTTLS = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n"}


def test_what_was_slipped_in_before_the_encryption_counts_for_nothing() -> None:
    """As CVE-2021-38371 and its kin: answers in the clear that wait in a buffer for the encrypted session."""
    slipped = b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS\r\n* 99 EXISTS\r\n" + b"".join(b"W%d OK\r\n" % n for n in range(9))
    answer = b"* 1 FETCH (UID 4 BODY[] {5}\r\nhello)\r\n" + DONE
    with mailbox_of({**STARTTLS, BODIES: answer}, security=Security.STARTTLS) as (mailbox, server):
        server.after_starttls = slipped
        found = [b"".join(pieces) for _, pieces in mailbox.fetch([key(4)])]
        assert found == [b"hello"]
        assert not mailbox._client.has_capability("MOVE")  # type: ignore[union-attr]


def test_nobody_who_greets_as_logged_in_before_the_encryption_is_believed() -> None:
    """PREAUTH lets no STARTTLS follow (CVE-2020-12398): nothing more may be said in the clear."""
    with mailbox_of(STARTTLS, security=Security.STARTTLS) as (mailbox, server):
        server.greeting = b"* PREAUTH welcome\r\n"
        with pytest.raises(MicicError):
            mailbox.waiting()
        assert not [said for said in server.commands if not said.startswith(("CAPABILITY", "LOGOUT"))]
