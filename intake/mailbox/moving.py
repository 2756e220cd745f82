"""Moving messages out of the folder that is open, on servers with MOVE (RFC 6851) and without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from imapclient import IMAPClient

SIGNS = ("RFC822.SIZE", "INTERNALDATE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]")
DAY = timedelta(days=1)  # servers search by days of their own time zone

Print = tuple[int, datetime, bytes]  # size, arrival, Message-ID: what a copy has in common with its original


def move(client: IMAPClient, uids: Sequence[int], folder: str, *, reopen: Callable[[], None]) -> None:
    """`reopen` opens the folder anew in which the messages lie."""
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    copied = _copied(client, uids, folder)
    reopen()
    if rest := [uid for uid in uids if uid not in copied]:
        client.copy(rest, folder)
    client.delete_messages(uids)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)


def present(client: IMAPClient, uids: Sequence[int]) -> list[int]:
    """Those that still lie in the folder and are not marked as deleted."""
    if not uids:
        return []
    flags = client.get_flags(list(uids))
    return [uid for uid in uids if uid in flags and b"\\deleted" not in {flag.lower() for flag in flags[uid]}]


def _copied(client: IMAPClient, uids: Sequence[int], folder: str) -> set[int]:
    """Those of which the folder has a copy already: the line may have been cut before the original was deleted."""
    wanted = _prints(client, uids)
    days = [arrived.date() for _, arrived, _ in wanted.values()]
    client.select_folder(folder, readonly=True)
    found = client.search(["SINCE", min(days) - DAY, "BEFORE", max(days) + 2 * DAY]) if days else []
    there = set(_prints(client, found).values())
    return {uid for uid, one in wanted.items() if one in there}


def _prints(client: IMAPClient, uids: Sequence[int]) -> dict[int, Print]:
    answers: dict[int, dict[bytes, Any]] = client.fetch(list(uids), SIGNS) if uids else {}
    return {
        uid: (told[b"RFC822.SIZE"], told[b"INTERNALDATE"], told[b"BODY[HEADER.FIELDS (MESSAGE-ID)]"].strip())
        for uid, told in answers.items()
    }
