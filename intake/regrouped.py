"""Mail that the call's own group passed on under its own address: who really wrote it.

Where the domain of a writer lets nobody else send in its name (DMARC, RFC 7489), groups and lists put their own address
into From ("Jane via Call") and keep the writer's in a header of theirs. No standard names these headers.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from domain.mail import Address, ParsedMessage
from intake.headers import addresses
from intake.robots import answers_nobody, is_own_list

WRITERS = ("x-original-from", "x-original-sender")  # the first may give a name too


def as_written(message: ParsedMessage, own_addresses: Set[str]) -> ParsedMessage:
    """The message with its writer as sender, where our own group stands in From; else as it is.

    Anybody can write these headers, so they are believed only as far as From itself would be: where the headers of a
    list say that it came through our group, and the writer is somebody who may be answered.
    """
    sender = message.sender
    if sender is None or sender.email.lower() not in own_addresses or not is_own_list(message, own_addresses):
        return message
    writer = next((found for name in WRITERS if (found := _writer(message, name, own_addresses))), None)
    return replace(message, sender=writer) if writer else message


def _writer(message: ParsedMessage, name: str, own_addresses: Set[str]) -> Address | None:
    found = addresses([message.header(name) or ""])
    if len(found) != 1 or "@" not in found[0].email:
        return None
    return None if found[0].email.lower() in own_addresses or answers_nobody(found[0].email) else found[0]
