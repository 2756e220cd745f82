"""Which kind of file is opened by what; the dispatch of the walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from intake.containers.model import NotOpened, Opened, Opener, Room
from intake.content import Content

ARCHIVE = "An archive; its files have fates of their own."

# Detected type → module and function, loaded when one comes; and what staff read of a container of that type.
OPENERS: Mapping[str, tuple[str, str]] = {
    "application/zip": ("zips:members", ARCHIVE),
    "application/x-tar": ("tars:members", ARCHIVE),
    "application/gzip": ("tars:members", ARCHIVE),
    "application/x-bzip2": ("tars:members", ARCHIVE),
    "application/x-xz": ("tars:members", ARCHIVE),
    "application/x-7z-compressed": ("sevenzip:members", ARCHIVE),
    "application/vnd.rar": ("closed:rar", ARCHIVE),
    "application/x-split-archive": ("closed:split", ARCHIVE),
    "application/x-iwork": ("iwork:preview", "A document of Apple's; the PDF of its pages that it carries is read."),
    "application/ms-tnef": ("tnef:entity", "What Outlook packed the files of the message into (winmail.dat)."),
    "application/vnd.ms-outlook": ("outlook:letter", "A message that was attached, as Outlook saves it."),
    "application/pkcs7-mime": ("cms:parts", "An S/MIME envelope; the signature in it is not verified."),
    "application/pgp-encrypted": ("closed:encrypted", "Encrypted by PGP."),
}


def opened(content: Content, kind: str, name: str | None, room: Room) -> Iterator[Opened]:
    """What the container holds, in its order. `kind` is one of OPENERS; `name` of the file, for display.

    Raises NotOpened where it cannot be opened, or not to its end.
    """
    module, _, function = OPENERS[kind][0].partition(":")
    opener = cast(Opener, getattr(import_module(f"intake.containers.{module}"), function))
    try:
        yield from opener(content, name, room)
    except NotOpened:
        raise
    except Exception as error:  # foreign readers raise dozens of kinds on damaged files, and MemoryError
        raise NotOpened("It is damaged and could not be opened.") from error
