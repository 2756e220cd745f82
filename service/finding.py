"""What mails and CVs lie in files: Maildirs, mbox files of any size, folders. One mail is held at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import IO

from service.bare import as_message, is_mail
from service.fetching import HEAD

LARGEST = 150 * 1024 * 1024  # bytes of one mail or document; mail servers take a third of it
MBOX = frozenset({".mbox", ".mbx"})
LONGEST_LINE = 1_048_576  # bytes that are read at once
NO_DOCUMENTS = frozenset({".ds_store", ".ini", ".db", ".lnk", ".tmp", ".msf", ".plist"})  # what programs leave behind
MAIL_FOLDERS = ("cur", "new")  # of a Maildir; what lies in tmp is not whole

# With the time of day, since "From " also begins sentences.
_POSTMARK = re.compile(rb"From .{0,320}?\d\d?:\d\d")
_QUOTED = re.compile(rb">+From ")


class Form(StrEnum):
    MAIL = "mail"
    MBOX = "mbox"
    DOCUMENT = "document"  # of one person; it is put into a mail


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    path: Path
    form: Form
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One mail to be taken in."""

    place: str  # for the person who imports
    raw: bytes
    arrived_at: datetime
    weight: int  # bytes in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What could not be taken in."""

    place: str
    reason: str  # in words for the person who imports
    weight: int = 0


def files_in(paths: Iterable[Path]) -> Iterator[File | Missed]:
    """Every file that may hold mails or CVs, in the order of their names. Nothing is opened but to tell mbox files."""
    for path in paths:
        yield from _below(path) if path.is_dir() else _file(path)


def sources_in(paths: Iterable[Path]) -> Iterator[Source | Missed]:
    """Every mail and CV, one at a time. What cannot be read is named and stops nothing."""
    for found in files_in(paths):
        if isinstance(found, Missed):
            yield found
            continue
        try:
            yield from _sources(found)
        except OSError as error:  # it went meanwhile, or the disk fails
            yield Missed(place=str(found.path), reason=error.strerror or "it cannot be read", weight=found.size)


def _below(folder: Path) -> Iterator[File | Missed]:
    children = _listing(folder)
    if isinstance(children, Missed):
        yield children
    elif (folder / "cur").is_dir():
        for child in children:
            if child.name in MAIL_FOLDERS:
                yield from _mails(child)
            elif child.name != "tmp" and child.is_dir():  # folders of Maildir++ begin with a dot
                yield from _child(child)
    else:
        for child in children:
            if not child.name.startswith((".", "~$")) and child.suffix.lower() not in NO_DOCUMENTS:
                yield from _child(child)


def _listing(folder: Path) -> list[Path] | Missed:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        return Missed(place=str(folder), reason=error.strerror or "it cannot be read")


def _child(path: Path) -> Iterator[File | Missed]:
    if path.is_symlink():  # it may lead anywhere, and in circles
        yield Missed(place=str(path), reason="it is a symbolic link: name what it leads to")
    else:
        yield from _below(path) if path.is_dir() else _file(path)


def _mails(folder: Path) -> Iterator[File | Missed]:
    """The files of a Maildir are mails, whatever their names."""
    paths = _listing(folder)
    if isinstance(paths, Missed):
        yield paths
        return
    for path in paths:
        if path.is_symlink():
            yield from _child(path)
        elif path.is_file():
            yield File(path=path, form=Form.MAIL, size=path.stat().st_size)


def _file(path: Path) -> Iterator[File | Missed]:
    try:
        if not path.is_file():
            yield Missed(place=str(path), reason="it is no file")
            return
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        yield Missed(place=str(path), reason=error.strerror or "it cannot be read")
        return
    if not size:
        yield Missed(place=str(path), reason="it is empty")
        return
    is_mbox = path.suffix.lower() in MBOX or _POSTMARK.match(head)  # Thunderbird's have no ending
    form = Form.MAIL if is_mail(path) else Form.MBOX if is_mbox else Form.DOCUMENT
    yield File(path=path, form=form, size=size)


def _sources(file: File) -> Iterator[Source | Missed]:
    if file.form is Form.MBOX:
        yield from _in_mbox(file)
    elif file.size > LARGEST:
        yield Missed(place=str(file.path), reason="it is too large", weight=file.size)
    else:
        raw = file.path.read_bytes() if file.form is Form.MAIL else as_message(file.path)
        yield Source(place=str(file.path), raw=raw, arrived_at=_date(raw) or _changed(file.path), weight=file.size)


def _in_mbox(file: File) -> Iterator[Source | Missed]:
    changed, number = _changed(file.path), 0
    with file.path.open("rb") as stream:
        for number, (raw, weight) in enumerate(letters(stream), 1):
            place = f"{file.path}, mail {number}"
            if raw is None:
                yield Missed(place=place, reason="it is too large", weight=weight)
            else:
                yield Source(place=place, raw=raw, arrived_at=_date(raw) or changed, weight=weight)
    if not number:
        yield Missed(place=str(file.path), reason="no mail begins in it", weight=file.size)


def letters(mbox: IO[bytes], *, largest: int = LARGEST) -> Iterator[tuple[bytes | None, int]]:
    """The mails of an mbox (RFC 4155; mboxo and mboxrd), and how many bytes each takes in it; None: larger than that.

    A mail begins at a "From " line at the start or after an empty line. Of ">From " one mark of quoting is taken off.
    """
    letter, weight, begun, after_blank = bytearray(), 0, False, True
    while line := mbox.readline(LONGEST_LINE):
        if after_blank and (_POSTMARK.match(line) or (not begun and line.startswith(b"From "))):
            if begun:
                yield _letter(letter, weight, largest), weight
            letter, weight, begun = bytearray(), len(line), True
            after_blank = False
            continue
        weight += len(line)
        after_blank = line in (b"\n", b"\r\n")
        if begun and weight <= largest:
            letter += line[1:] if _QUOTED.match(line) else line
        elif weight > largest:
            letter.clear()
    if begun:
        yield _letter(letter, weight, largest), weight


def _letter(letter: bytearray, weight: int, largest: int) -> bytes | None:
    """Without the empty line that parts it from the next."""
    if weight > largest:
        return None
    for end in (b"\r\n\r\n", b"\n\n"):
        if letter.endswith(end):
            return bytes(letter[: -len(end) // 2])
    return bytes(letter)


def _date(raw: bytes) -> datetime | None:
    try:
        given = parsedate_to_datetime(str(BytesHeaderParser().parse(BytesIO(raw[:HEAD]))["Date"]))
        moment = given if given.tzinfo else given.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None  # absent or no date: the file's own will do


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
