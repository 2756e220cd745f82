import smtplib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from service.demo.post_office import PASSWORD, PostOffice, addresses, letters

MAIL = "From: a@example.org\r\nTo: b@example.org\r\nSubject: пробное\r\n\r\n.first\r\nключ\r\n".encode()
RELAYED = b"From: a@example.org\r\nSubject: x\r\n\r\n.first\r\n..\r\nlast\r\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(keep=tmp_path / "post") as running:
        yield running


def reader(office: PostOffice, address: str) -> IMAPClient:
    client = IMAPClient("127.0.0.1", office.imap_port, ssl=False, timeout=10)
    client.login(address, PASSWORD)
    return client


def contents(client: IMAPClient, folder: str = "INBOX") -> list[bytes]:
    client.select_folder(folder)
    uids = client.search()
    return [client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] for uid in uids]


def test_a_mail_given_to_the_relay_lies_in_every_recipients_mailbox_byte_for_byte(office: PostOffice) -> None:
    with smtplib.SMTP("127.0.0.1", office.smtp_port, timeout=10) as relay:
        relay.login("micic", PASSWORD)
        relay.sendmail("", ["B@Example.org", "c@example.org"], RELAYED)
    for address in ("b@example.org", "c@example.org"):
        with reader(office, address) as client:
            assert contents(client) == [RELAYED]


def test_a_delivered_mail_keeps_its_bytes_and_can_be_filed(office: PostOffice) -> None:
    office.deliver("b@example.org", MAIL)
    with reader(office, "b@example.org") as client:
        assert contents(client) == [MAIL]
        client.create_folder("Needs review")
        client.move(client.search(), "Needs review")
        assert contents(client) == []
        assert contents(client, "Needs review") == [MAIL]


def test_an_idle_reader_hears_of_new_mail(office: PostOffice) -> None:
    with reader(office, "b@example.org") as client:
        client.select_folder("INBOX")
        client.idle()
        threading.Timer(0.2, office.deliver, ["b@example.org", MAIL]).start()
        told = client.idle_check(timeout=5)
        client.idle_done()
    assert (1, b"EXISTS") in told


def test_a_wrong_password_is_refused(office: PostOffice) -> None:
    client = IMAPClient("127.0.0.1", office.imap_port, ssl=False, timeout=10)
    with pytest.raises(LoginError):
        client.login("b@example.org", "guess")
    client.shutdown()
    with (
        smtplib.SMTP("127.0.0.1", office.smtp_port, timeout=10) as relay,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        relay.login("micic", "guess")


def test_another_process_reads_the_letters_from_the_folder(office: PostOffice, tmp_path: Path) -> None:
    office.deliver("b@example.org", b"Subject: 1\r\n\r\n")
    office.deliver("B@example.org", b"Subject: 2\r\n\r\n")
    office.deliver("../x@example.org", b"Subject: 3\r\n\r\n")
    assert addresses(tmp_path / "post") == ["../x@example.org", "b@example.org"]
    read = [path.read_bytes() for path in letters(tmp_path / "post", "b@example.org")]
    assert read == [b"Subject: 1\r\n\r\n", b"Subject: 2\r\n\r\n"]
    assert letters(tmp_path / "post", "nobody@example.org") == []
    assert all(path.is_relative_to(tmp_path / "post") for path in (tmp_path / "post").rglob("*"))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_taken_port_is_told_and_not_waited_for(office: PostOffice) -> None:
    with pytest.raises(OSError, match="in use"), PostOffice(imap_port=office.imap_port):
        pytest.fail("two servers cannot listen on one port")
