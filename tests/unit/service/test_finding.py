"""What lies in files is found whole, wherever it lies; what cannot be read is named and stops nothing."""

from __future__ import annotations

import io
import mailbox
import os
from pathlib import Path

import pytest

from service.finding import LARGEST, Missed, Source, files_in, letters, sources_in

MAIL = b"From: a@example.org\nDate: Tue, 13 Mar 2018 09:00:00 +0100\nSubject: x\n\ntext\n"
POSTMARK = b"From a@example.org Tue Mar 13 09:00:00 2018\n"


def found(*paths: Path) -> tuple[list[bytes], list[str]]:
    """The mails, and the names of what was missed."""
    all_ = list(sources_in(paths))
    mails = [one.raw for one in all_ if isinstance(one, Source)]
    return mails, [f"{Path(one.place).name}: {one.reason}" for one in all_ if isinstance(one, Missed)]


def parted(mbox: bytes, *, largest: int = LARGEST) -> list[bytes | None]:
    return [raw for raw, _ in letters(io.BytesIO(mbox), largest=largest)]


def test_an_mbox_is_parted_where_mails_begin_and_nowhere_else() -> None:
    first = MAIL + b"\nFrom now on I live in Vienna.\n\nFrom Monday I am away.\n"
    second = MAIL + b"\nFrom here 10:00 it is quoted\n".replace(b"\nFrom", b"\n>From")
    assert parted(POSTMARK + first + b"\n" + POSTMARK + second + b"\n") == [first, second.replace(b">From", b"From")]


def test_one_mark_of_quoting_is_taken_off() -> None:
    assert parted(POSTMARK + b"a: b\n\n>From x\n>>From y\n> From z\n\n") == [b"a: b\n\nFrom x\n>From y\n> From z\n"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("count", [1, 3])
def test_what_pythons_own_mailbox_writes_comes_back(tmp_path: Path, count: int, end: bytes) -> None:
    box = mailbox.mbox(tmp_path / "x.mbox")
    for number in range(count):
        box.add(MAIL.replace(b"Subject: x", b"Subject: %d" % number))
    box.close()
    written = (tmp_path / "x.mbox").read_bytes().replace(b"\n", end)
    expected = [MAIL.replace(b"Subject: x", b"Subject: %d" % number).replace(b"\n", end) for number in range(count)]
    assert parted(written) == expected


def test_an_mbox_that_was_cut_off_gives_what_is_there() -> None:
    assert parted(POSTMARK + MAIL + b"\n" + POSTMARK + MAIL[:30]) == [MAIL, MAIL[:30]]


def test_a_mail_beyond_the_limit_is_named_and_the_next_is_read() -> None:
    large = b"a: b\n\n" + b"x" * 70 + b"\n" + b"y" * 70 + b"\n\n"
    assert parted(POSTMARK + large + POSTMARK + b"a: b\n\n", largest=100) == [None, b"a: b\n"]


def test_an_mbox_is_told_by_its_first_line_or_its_ending(tmp_path: Path) -> None:
    (tmp_path / "Inbox").write_bytes(POSTMARK + MAIL)  # as Thunderbird names it
    (tmp_path / "Inbox.msf").write_bytes(b"index")
    (tmp_path / "old.mbox").write_bytes(b"From somebody\n" + MAIL)
    (tmp_path / "broken.mbox").write_bytes(b"no mail at all\n")
    assert found(tmp_path) == ([MAIL, MAIL], ["broken.mbox: no mail begins in it"])


def test_a_maildir_is_read_with_all_its_folders_and_without_what_is_not_whole(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir", create=True)
    box.add(MAIL)
    box.add_folder("Archive.2018").add(MAIL.replace(b"x", b"y"))
    mailbox.Maildir(tmp_path / "Maildir/Projects", create=True).add(MAIL.replace(b"x", b"z"))
    (tmp_path / "Maildir/tmp/half").write_bytes(MAIL)
    (tmp_path / "Maildir/dovecot-uidlist").write_bytes(b"3 V1")
    mails, missed = found(tmp_path / "Maildir")
    assert sorted(mails) == sorted([MAIL, MAIL.replace(b"x", b"y"), MAIL.replace(b"x", b"z")])
    assert missed == []


def test_links_empty_files_pipes_and_what_may_not_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "link.eml").symlink_to(tmp_path / "a.eml")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    mails, missed = found(tmp_path)
    assert mails == [MAIL]
    link = "it is a symbolic link: name what it leads to"
    assert missed == [
        f"circle: {link}",
        "empty.eml: it is empty",
        f"link.eml: {link}",
        f"nowhere: {link}",
        "pipe: it is no file",
    ]
    assert found(tmp_path / "link.eml") == ([MAIL], [])  # named by a person


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_it_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "a.eml").chmod(0)
    (tmp_path / "b.eml").write_bytes(MAIL)
    assert found(tmp_path) == ([MAIL], ["a.eml: Permission denied"])


def test_a_file_that_goes_between_listing_and_reading_is_named(tmp_path: Path) -> None:
    for name in ("a.eml", "b.eml"):
        (tmp_path / name).write_bytes(MAIL)
    walk = sources_in([tmp_path])
    assert isinstance(next(walk), Source)
    (tmp_path / "b.eml").unlink()
    assert [one.reason for one in walk if isinstance(one, Missed)] == ["it is no file"]


def test_what_programs_leave_behind_is_no_document(tmp_path: Path) -> None:
    for name in (".hidden", "~$cv.docx", "desktop.ini", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "cv.txt").write_text("Jane Doe, expert")
    assert [one.path.name for one in files_in([tmp_path]) if not isinstance(one, Missed)] == ["cv.txt"]


def test_a_date_that_is_none_does_not_hurt(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL.replace(b"2018", b"99999999"))
    assert len(found(tmp_path)[0]) == 1
