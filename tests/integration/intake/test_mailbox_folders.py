"""Folders on servers that spell them otherwise than staff do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.mailbox import ImapMailbox, MailboxAccess, Security
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot

pytestmark = pytest.mark.server
MAIL = b"Subject: hello\r\n\r\nworld\r\n"
COURIER = "namespace inbox {\n  separator = .\n  prefix = INBOX.\n}"


@pytest.fixture(scope="module", params=["slash", "dots below INBOX", "dots, no NAMESPACE"])
def server(request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    extra = {
        "slash": "",
        "dots below INBOX": COURIER,
        "dots, no NAMESPACE": "namespace inbox {\n  separator = .\n}\nimap_capability = IMAP4rev1 MOVE UIDPLUS",
    }
    with dovecot(extra=extra[request.param]) as running:
        yield running


def mailbox_of(server: Dovecot, user: str, folder: str = "INBOX") -> ImapMailbox:
    return ImapMailbox(
        MailboxAccess(
            host="127.0.0.1",
            port=server.imap,
            security=Security.PLAIN,
            user=user,
            password=PASSWORD,
            timeout=5,
            folder=folder,
        )
    )


@pytest.mark.parametrize(
    "name",
    [
        "Processed",
        "Set aside",
        "Calls/MICIC/Done",
        "Обработано",
        "تمت المعالجة",
        "Q&A & more",
        "&",
        "100%",
        "star*",
        'say "yes"',
        "2018",
        "й",  # as two characters
    ],
)
def test_a_message_is_filed_into_a_folder_of_any_name_and_found_there(server: Dovecot, name: str) -> None:
    user = server.new_user()
    server.deliver(user, MAIL, MAIL)
    inbox, filed = mailbox_of(server, user), mailbox_of(server, user, name)
    keys = [one.key for one in inbox.waiting()]
    for key in keys:  # into a new folder, then into one that is there
        assert inbox.file_away([key], into=name) == {key}
    assert [one.key.mailbox for one in filed.waiting()] == [name, name]
    for mailbox in (inbox, filed):
        mailbox.close()


def test_a_folder_that_only_holds_others_can_be_filed_into(server: Dovecot) -> None:
    user = server.new_user()
    server.deliver(user, MAIL, MAIL)
    inbox = mailbox_of(server, user)
    first, second = (one.key for one in inbox.waiting())
    assert inbox.file_away([first], into="Calls/2018") == {first}
    assert inbox.file_away([second], into="Calls") == {second}
    inbox.close()


def test_a_name_spelled_the_servers_way_is_taken_as_it_is() -> None:
    with dovecot(extra=COURIER) as server:
        user = server.new_user()
        server.deliver(user, MAIL)
        inbox = mailbox_of(server, user)
        inbox.file_away([one.key for one in inbox.waiting()], into="INBOX.Done")
        assert "INBOX.Done" in server.doveadm("mailbox", "list", "-u", user).split()
        inbox.close()
