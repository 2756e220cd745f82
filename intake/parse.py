"""A raw message to pure data: headers, body, what was written anew, every part with its fate."""

from __future__ import annotations

import logging
import secrets
from email.message import Message
from pathlib import Path

import mailparser

from domain.mail import Address, ParsedMessage, Part
from intake import headers, written
from intake.mime import ParseLimits, Walk, Walked
from intake.repair import Spool, in_pieces, read_message
from intake.reports import delivery_report

HEADERS = 400  # headers of one message that are kept
VALUE = 8_192  # characters of one value that are kept
SILENT = logging.CRITICAL + 1

__all__ = ["ParseLimits", "parse"]


def parse(raw: Path, parts: Path, limits: ParseLimits) -> ParsedMessage:
    """Take a raw message apart; the bytes of its DOCUMENT parts are written into the folder `parts`, by digest.

    Everything gives a message, with its defects named.
    """
    size = raw.stat().st_size
    spool = Spool(folder=parts, mark=f"spooled-{secrets.token_hex(16)}")
    try:
        message, defects = read_message(lambda: in_pieces(raw), spool, heavy=size > limits.spool)
        walk = Walk(folder=parts, limits=limits, spool=spool)
        walked = walk.message(message, "0", defects=defects)
        # The payloads are gone by now: what mail-parser is given is light.
        walked.defects += _library_defects(message)
    finally:
        spool.close()
    return _parsed(walked, tuple(walk.parts))


def _library_defects(message: Message) -> list[str]:
    """What mail-parser finds wrong, each kind once."""
    log = logging.getLogger("mailparser")
    if log.level != SILENT:  # each setting costs all loggers what they know
        log.setLevel(SILENT)  # it logs subjects and names of people
    try:
        found = mailparser.MailParser(message)  # parses at once
        return sorted(str(kind) for kind in found.defects_categories)
    except Exception as error:  # noqa: BLE001 - it crashes on some real mail; its findings are no more than notes
        return [f"mail-parser failed: {type(error).__name__}"]


def _parsed(walked: Walked, parts: tuple[Part, ...]) -> ParsedMessage:
    message = walked.message
    subject = headers.decoded(message.get("subject", ""))
    body = walked.body
    text, forward = written.split(body, subject)
    senders = headers.addresses(message.get_all("from", []))
    nested = [
        _parsed(inner, tuple(part for part in parts if _lies_in(part.path, inner.path))) for inner in walked.nested
    ]
    if forward is not None:
        nested.insert(0, _forwarded(forward))
    ids = headers.message_ids(message.get("message-id"))
    return ParsedMessage(
        message_id=ids[0] if ids else None,
        sent_at=headers.date(message.get("date")),
        sender=senders[0] if senders else None,
        reply_to=headers.addresses(message.get_all("reply-to", [])),
        recipients=headers.addresses([*message.get_all("to", []), *message.get_all("cc", [])]),
        return_path=_return_path(message),
        subject=subject,
        in_reply_to=headers.message_ids(message.get("in-reply-to")),
        references=headers.message_ids(message.get("references")),
        headers=tuple((name.lower(), headers.decoded(value)[:VALUE]) for name, value in message.items()[:HEADERS]),
        body=body,
        written=text,
        parts=parts,
        nested=tuple(nested),
        defects=tuple(dict.fromkeys(walked.defects)),
        report=delivery_report(walked.reports, body, returned=[inner.message_id for inner in nested]),
    )


def _lies_in(path: str, container: str) -> bool:
    return path == container or path.startswith((f"{container}.", f"{container}/"))


def _return_path(message: Message) -> str | None:
    value = message.get("return-path")
    if value is None:
        return None
    return headers.raw_text(value).strip().strip("<>").strip()


def _forwarded(forward: written.InlineForward) -> ParsedMessage:
    """A message of which only what the mail program wrote down is known."""
    fields = dict(reversed(forward.headers))
    found = headers.addresses([fields.get("from", "").replace("[mailto:", "<").replace("]", ">")])
    name_only = Address(name=fields["from"], email="") if fields.get("from") else None
    inner, deeper = written.split(forward.body, fields.get("subject", ""))
    return ParsedMessage(
        message_id=None,
        sent_at=None,
        sender=found[0] if found else name_only,
        reply_to=(),
        recipients=(),
        return_path=None,
        subject=fields.get("subject", ""),
        in_reply_to=(),
        references=(),
        headers=(),
        body=forward.body,
        written=inner,
        parts=(),
        nested=(_forwarded(deeper),) if deeper else (),
        defects=(),
    )
