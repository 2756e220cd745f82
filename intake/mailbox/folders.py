"""Folder names as staff write them, and as the server has them."""

from __future__ import annotations

import imaplib
import unicodedata
from dataclasses import dataclass

from imapclient import IMAPClient

from intake.mailbox.complaints import misconfigured

INBOX = "INBOX"  # in any case of letters (RFC 3501 §5.1)
UNUSABLE = {b"\\noselect", b"\\nonexistent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderNames:
    """How one server spells the folders of the account (RFC 2342)."""

    prefix: str  # before every folder of one's own, such as "INBOX."
    separator: str  # between levels; "" where there are none
    others: tuple[str, ...] = ()  # prefixes of other people's folders and of shared ones

    def spelled(self, name: str) -> str:
        """A name with "/" between levels, as the server has it. What is spelled the server's way already stays."""
        name = unicodedata.normalize("NFC", name)  # as servers keep it, so that it is found again
        if name.upper() == INBOX:
            return INBOX
        if self.separator and self.separator != "/":
            name = name.replace("/", self.separator)
        if any(_starts(name, prefix) for prefix in (self.prefix, *self.others)):
            return name
        return self.prefix + name


def names_of(client: IMAPClient) -> FolderNames:
    if client.has_capability("NAMESPACE"):
        personal, others, shared = client.namespace()
        if personal:
            prefix, separator = personal[0][:2]
            elsewhere = tuple(place[0] for place in (*(others or ()), *(shared or ())) if place[0])
            return FolderNames(prefix=prefix or "", separator=separator or "", others=elsewhere)
    root = client.list_folders("", "")  # tells the separator alone (RFC 3501 §6.3.8)
    separator = root[0][1].decode("ascii", "replace") if root and root[0][1] else ""
    return FolderNames(prefix="", separator=separator)


def ensure(client: IMAPClient, name: str, *, where: str) -> None:
    """Make a folder where it is missing; `name` as the server spells it. ConfigProblem where it cannot be made."""
    if _exists(client, name):
        return
    try:
        client.create_folder(name)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if _exists(client, name):  # somebody was faster
            return
        raise misconfigured(f"the folder {name} cannot be made on {where}; make it by hand") from error


def _exists(client: IMAPClient, name: str) -> bool:
    # LIST takes % and * in a name for patterns, so that others may be found too.
    return any(
        unicodedata.normalize("NFC", found) == name and not UNUSABLE & {flag.lower() for flag in flags}
        for flags, _, found in client.list_folders("", name)
    )


def _starts(name: str, prefix: str) -> bool:
    return bool(prefix) and name.upper().startswith(prefix.upper())
